package api_test

import (
	"errors"
	"net/http"
	"slices"
	"testing"

	"guildhall/client"
	"guildhall/internal/member"
	"guildhall/internal/store/storetest"
)

// TestAnOfferFromProgramToProgram makes, answers and pays offers through both
// parties' clients, on both engines.
func TestAnOfferFromProgramToProgram(t *testing.T) {
	t.Parallel()
	for name, database := range map[string]func(testing.TB) string{"sqlite": storetest.SQLitePath, "postgres": storetest.PostgresURL} {
		t.Run(name, func(t *testing.T) { offerLife(t, openHouse(t, database(t))) })
	}
}

func refusedWith(t *testing.T, err error, status int, field string) {
	t.Helper()
	var p *client.Problem
	if !errors.As(err, &p) || p.Status != status {
		t.Errorf("got %v, want %d", err, status)
		return
	}
	if field != "" && !slices.ContainsFunc(p.Errors, func(e client.FieldError) bool { return e.Location == "body."+field }) {
		t.Errorf("%v does not name %s", err, field)
	}
}

func offerLife(t *testing.T, h *testHouse) {
	ctx := t.Context()
	seller, stranger := h.person("Sela Seller"), h.person("Eve Lind")
	who := h.member("Bo Buyer", false)
	buyer := h.token(who, member.ScopeRead, member.ScopeBuy)
	g := h.offer(seller)
	me, err := seller.Me(ctx)
	if err != nil {
		t.Fatal(err)
	}
	in := client.NewOffer{
		To: string(who.ID), Gig: g.ID, Title: "paint a wide sign", Scope: "Two metres of oak and gold.",
		Price: client.Money{Minor: 24000, Currency: "USD"}, Days: 9, Revisions: 1,
		Questions: []client.Question{{Kind: "number", Text: "How wide?", Required: true}},
	}
	_, err = seller.MakeOffer(ctx, in)
	refusedWith(t, err, http.StatusForbidden, "") // nobody has written yet
	if _, err := buyer.WriteTo(ctx, me.ID, client.Words{Text: "Could you do a wider one?"}); err != nil {
		t.Fatal(err)
	}
	made, err := seller.MakeOffer(ctx, in)
	if err != nil || made.State != "open" {
		t.Fatalf("%+v %v", made, err)
	}
	_, err = seller.MakeOffer(ctx, in)
	refusedWith(t, err, http.StatusUnprocessableEntity, "beside")
	in.Supersedes = made.Offer
	newer, err := seller.MakeOffer(ctx, in)
	if err != nil {
		t.Fatal(err)
	}
	o, err := buyer.Offer(ctx, newer.Offer)
	if err != nil || !o.Payable || o.You != "buyer" || o.Quote.Total.Minor != 24000 || o.Supersedes != made.Offer || len(o.Questions) != 1 {
		t.Fatalf("%+v %v", o, err)
	}
	near(t, o.Expires, o.Made.AddDate(0, 0, 1))
	_, err = stranger.Offer(ctx, newer.Offer)
	refusedWith(t, err, http.StatusNotFound, "")
	_, err = stranger.PayOffer(ctx, newer.Offer, o.Quote.Total, goodCard)
	refusedWith(t, err, http.StatusNotFound, "")
	_, err = seller.PayOffer(ctx, newer.Offer, o.Quote.Total, goodCard)
	refusedWith(t, err, http.StatusForbidden, "")
	placed, err := buyer.PayOffer(ctx, newer.Offer, o.Quote.Total, goodCard)
	if err != nil || placed.State != "awaiting_requirements" {
		t.Fatalf("%+v %v", placed, err)
	}
	if o, err = seller.Offer(ctx, newer.Offer); err != nil || o.State != "accepted" || o.Order != placed.Order {
		t.Errorf("%+v %v", o, err)
	}
	endedOffers(t, h, seller, buyer, in)
}

// endedOffers ends one offer in each of the other ways.
func endedOffers(t *testing.T, h *testHouse, seller, buyer *client.Client, in client.NewOffer) {
	ctx := t.Context()
	in.Supersedes, in.Beside = "", true
	var ids []string
	for range 3 {
		made, err := seller.MakeOffer(ctx, in)
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, made.Offer)
	}
	if m, err := buyer.DeclineOffer(ctx, ids[0], "too dear"); err != nil || m.State != "declined" {
		t.Errorf("%+v %v", m, err)
	}
	if m, err := seller.WithdrawOffer(ctx, ids[1]); err != nil || m.State != "withdrawn" {
		t.Errorf("%+v %v", m, err)
	}
	h.advance("24h")
	_, err := buyer.PayOffer(ctx, ids[2], in.Price, goodCard)
	refusedWith(t, err, http.StatusGone, "")
	if o, err := buyer.Offer(ctx, ids[2]); err != nil || o.State != "expired" || o.Payable {
		t.Errorf("%+v %v", o, err)
	}
	states := map[string]int{}
	for row, err := range seller.OffersMade(ctx, true) {
		if err != nil {
			t.Fatal(err)
		}
		states[row.State]++
	}
	if states["declined"] != 1 || states["withdrawn"] != 1 || states["expired"] != 1 || states["superseded"] != 1 || states["accepted"] != 1 {
		t.Errorf("the seller's ended offers: %v", states)
	}
}
