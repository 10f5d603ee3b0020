package web_test

import (
	"net/http"
	"strings"
	"testing"

	"guildhall/internal/gig"
	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/order"
	"guildhall/internal/pay"
)

// actor is somebody of the house, to act without a page.
func (o *offerHouse) actor(email string) member.Actor {
	o.t.Helper()
	m, err := o.market.SignIn(o.t.Context(), email, password)
	if err != nil {
		o.t.Fatal(err)
	}
	return m.Actor()
}

// order lets the buyer order and pay the gig.
func (o *offerHouse) order() market.Placed {
	o.t.Helper()
	ctx, buyer := o.t.Context(), o.actor("ines@example.com")
	pick := gig.Pick{Tier: gig.Basic, Quantity: 1}
	c, err := o.market.Checkout(ctx, buyer, o.gig.ID, pick)
	if err != nil {
		o.t.Fatal(err)
	}
	placed, err := o.market.PlaceOrder(ctx, buyer, "", market.NewOrder{Gig: o.gig.ID, Pick: pick, Shown: c.Quote.Total, Again: true},
		pay.Card{Number: "4242 4242 4242 4242", Expiry: "12/40", CVC: "123", Name: "Ines Vidal"})
	if err != nil {
		o.t.Fatal(err)
	}
	return placed
}

func (o *offerHouse) move(email string, p market.Placed, mv order.Move) {
	o.t.Helper()
	if _, err := o.market.Move(o.t.Context(), o.actor(email), "", p.Order, mv); err != nil {
		o.t.Fatal(err)
	}
}

// TestFiguresPages: empty figures, a figure that opens to its orders, and a
// record, each only for whom they are about.
func TestFiguresPages(t *testing.T) {
	o := newOfferHouse(t)
	o.seller.wants(o.seller.get("/standing"), http.StatusOK, "none yet")
	o.seller.wants(o.seller.get("/standing"), http.StatusOK, "Not held against you: that begins with 10 orders.")
	o.buyer.wants(o.buyer.get("/standing"), http.StatusOK, "Nothing is noted")

	done := o.order()
	if done.State == order.AwaitingRequirements {
		o.move("mara@example.com", done, order.Waive{})
	}
	o.move("mara@example.com", done, order.Deliver{Text: "Here it is."})
	o.move("ines@example.com", done, order.Accept{})
	page := o.seller.get("/standing")
	for _, want := range []string{"100 %", "1 of 1 order was completed", "#" + done.Ref, "9 orders completed bring you to", "/standing/completion"} {
		o.seller.wants(page, http.StatusOK, want)
	}
	o.seller.wants(o.seller.get("/standing/completion?mark=for"), http.StatusOK, "#"+done.Ref)
	o.seller.wants(o.seller.get("/standing/completed"), http.StatusOK, "The order was completed.")
	o.seller.wants(o.seller.get("/standing/completion?mark=against"), http.StatusOK, "Nothing stands here.")
	o.seller.wants(o.seller.get("/standing/charm"), http.StatusNotFound, "")
	o.seller.wants(o.seller.get("/standing/completion?mark=sideways"), http.StatusNotFound, "")
	if body := o.stranger.get("/standing/completion").body; strings.Contains(body, done.Ref) {
		t.Error("somebody else's figures show the order")
	}
	guest := o.browser()
	guest.wants(guest.get("/standing"), http.StatusSeeOther, "/login?next=")
	guest.wants(guest.get("/needs"), http.StatusSeeOther, "/login?next=")
}

// TestHowItEnded: the order, both lists and the record say how it ended, in the
// words of the matrix.
func TestHowItEnded(t *testing.T) {
	o := newOfferHouse(t)
	late := o.order()
	if late.State == order.AwaitingRequirements {
		o.move("mara@example.com", late, order.Waive{})
	}
	o.ahead.Add(int64(20 * 24 * 3600e9))
	o.move("ines@example.com", late, order.CancelLate{})
	at := "/orders/" + string(late.Order)
	for _, want := range []string{"How it ended", "it was late and nothing had been delivered", "Counts in your completion rate", "Not noted in Ines Vidal’s record", "/help/cancellations"} {
		o.seller.wants(o.seller.get(at), http.StatusOK, want)
	}
	o.buyer.wants(o.buyer.get(at), http.StatusOK, "Counts in Mara Holm’s completion rate")
	for _, list := range []struct {
		who  *browser
		path string
	}{{o.seller, "/sales"}, {o.buyer, "/purchases"}} {
		list.who.wants(list.who.get(list.path+"?tab=cancelled"), http.StatusOK, "Canceled: late")
		list.who.wants(list.who.get(list.path+"?tab=cancelled&class=late"), http.StatusOK, "#"+late.Ref)
		list.who.wants(list.who.get(list.path+"?tab=cancelled&class=mutual"), http.StatusOK, "Show all orders")
	}
	o.seller.wants(o.seller.get("/standing/completion?mark=against"), http.StatusOK, "#"+late.Ref)
}

// TestNeedsYouOnPages: what waits for somebody stands on their pages and on
// nobody else's.
func TestNeedsYouOnPages(t *testing.T) {
	o := newOfferHouse(t)
	o.seller.wants(o.seller.get("/needs"), http.StatusOK, "Nothing waits for you.")
	placed := o.order()
	who, does, with := o.buyer, "the work starts with them.", "Mara Holm"
	if placed.State != order.AwaitingRequirements {
		who, does, with = o.seller, "Deliver the work.", "Ines Vidal"
	}
	for _, path := range []string{"/", "/needs"} {
		who.wants(who.get(path), http.StatusOK, does)
		who.wants(who.get(path), http.StatusOK, with)
		if strings.Contains(o.stranger.get(path).body, placed.Ref) {
			t.Errorf("%s shows a stranger the order", path)
		}
	}
	guest := o.browser()
	if strings.Contains(guest.get("/").body, "Needs you") {
		t.Error("a guest is needed")
	}
}

// TestMatrixPage: the help page of endings is the policy's matrix.
func TestMatrixPage(t *testing.T) {
	h := newHouse(t, "http://guild.example")
	b := h.browser()
	page := b.get("/help/cancellations")
	for _, want := range []string{"<strong>Mutual</strong>", "<strong>Unanswered</strong>", "Counts against the completion rate.", "Ordered by mistake", "Words last changed on"} {
		b.wants(page, http.StatusOK, want)
	}
	b.wants(b.get("/help/cancelling"), http.StatusMovedPermanently, "/help/cancellations")
}
