package api_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"guildhall/client"
	"guildhall/internal/member"
	"guildhall/internal/store/storetest"
)

// TestSwapsOverTheAPI: a party's program sees what may come in an order's place,
// and asks for it; nobody else's does.
func TestSwapsOverTheAPI(t *testing.T) {
	t.Parallel()
	r := newReviewHouse(t, storetest.SQLitePath(t))
	id := r.place(r.buyer, r.gig, goodCard).Order
	other := r.offer(r.seller)
	buyer, err := r.buyer.Me(r.ctx)
	r.must(err)
	_, err = r.buyer.WriteTo(r.ctx, r.me.ID, client.Words{Text: "Could you do a wider one?"})
	r.must(err)
	made, err := r.seller.MakeOffer(r.ctx, client.NewOffer{
		To: buyer.ID, Gig: r.gig.ID, Title: "A wider map", Scope: "As wide as the wall.", Price: usd(12000), Days: 5, Revisions: 1,
	})
	r.must(err)
	for name, who := range map[string]*client.Client{"buyer": r.buyer, "seller": r.seller} {
		list, err := who.SwapChoices(r.ctx, id)
		r.must(err)
		if len(list) != 2 || list[0].Offer != made.Offer || list[0].Quotes[0].Price.Minor != 12000 || list[1].Gig != other.ID || list[1].Offer != "" || list[1].Quotes[0].Tier != "basic" {
			t.Errorf("the %s may choose of %+v", name, list)
		}
	}
	_, err = r.stranger.SwapChoices(r.ctx, id)
	refusedWith(t, err, http.StatusNotFound, "")
	_, err = r.token(r.member("Olga Operator", true), member.ScopeRead).SwapChoices(r.ctx, id)
	refusedWith(t, err, http.StatusNotFound, "")
	moved, err := r.buyer.Ask(r.ctx, id, client.Proposal{Kind: "swap", Reason: "The wider one, please.", Offer: made.Offer})
	r.must(err)
	if o, err := r.seller.Order(r.ctx, moved.Order); err != nil || o.Request == nil || o.Request.Into == nil || o.Request.Into.Quote.Price.Minor != 12000 {
		t.Errorf("asked for: %+v, %v", o.Request, err)
	}
}

// TestDeskFilesOverTheAPI: an agent's program reads what was handed to the desk,
// and what belongs to the order with a look that both parties see.
func TestDeskFilesOverTheAPI(t *testing.T) {
	t.Parallel()
	r := newReviewHouse(t, storetest.SQLitePath(t))
	order, file := r.completed()
	proof, err := r.buyer.Upload(r.ctx, client.ForOrder, "proof.txt", strings.NewReader("a proof"))
	r.must(err)
	made, err := r.buyer.OpenCase(r.ctx, client.NewCase{Kind: "breach", About: "order", Subject: order, Text: "It is a copy of another map.", Files: []string{proof.ID}})
	r.must(err)
	ada := client.New(r.url, r.agent("Ada Byrd"))
	for id, want := range map[string]string{proof.ID: "a proof", file: "a map"} {
		src, err := ada.DeskFile(r.ctx, made.ID, id)
		r.must(err)
		got, err := io.ReadAll(src)
		r.must(err)
		r.must(src.Close())
		if string(got) != want {
			t.Errorf("read %q, want %q", got, want)
		}
		for name, who := range map[string]*client.Client{"buyer": r.buyer, "seller": r.seller, "stranger": r.stranger} {
			if _, err := who.DeskFile(r.ctx, made.ID, id); err == nil {
				t.Errorf("the %s reads %s through the desk", name, id)
			} else {
				refusedWith(t, err, http.StatusNotFound, "")
			}
		}
	}
	stray, err := r.stranger.Upload(r.ctx, client.ForOrder, "stray.txt", strings.NewReader("nobody's"))
	r.must(err)
	_, err = ada.DeskFile(r.ctx, made.ID, stray.ID)
	refusedWith(t, err, http.StatusNotFound, "")
	seen, err := r.buyer.Case(r.ctx, made.ID)
	r.must(err)
	if len(seen.Looks) != 1 || seen.Looks[0].What != `the file "map.txt"` {
		t.Errorf("looks: %+v", seen.Looks)
	}
}

// TestRemovalOverTheAPI: an operator's program sees what a removal would end
// before it does it, and to others there is no such thing.
func TestRemovalOverTheAPI(t *testing.T) {
	t.Parallel()
	r := newReviewHouse(t, storetest.SQLitePath(t))
	id := r.place(r.buyer, r.gig, goodCard).Order
	olga := r.token(r.member("Olga Operator", true), member.ScopeRead, member.ScopeManage)
	for kind, address := range map[string]string{"gig": r.gig.Slug, "account": r.me.Handle} {
		v, err := olga.Removal(r.ctx, kind, address)
		r.must(err)
		if len(v.Orders) != 1 || v.Orders[0].ID != id || v.Back.Minor < 8000 || v.Title == "" || (v.Gig == r.gig.ID) != (kind == "gig") || (v.Member == r.me.ID) != (kind == "account") {
			t.Errorf("removing the %s would end %+v", kind, v)
		}
		for _, who := range []*client.Client{r.seller, r.buyer, client.New(r.url, r.agent(kind+" Agent"))} {
			_, err := who.Removal(r.ctx, kind, address)
			refusedWith(t, err, http.StatusNotFound, "")
		}
		_, err = olga.Removal(r.ctx, kind, "nothing-of-the-kind")
		refusedWith(t, err, http.StatusUnprocessableEntity, "")
	}
	if o, err := r.buyer.Order(r.ctx, id); err != nil || o.State != "in_progress" {
		t.Errorf("looking has changed the order: %s, %v", o.State, err)
	}
}
