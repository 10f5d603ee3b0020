package web_test

import (
	"html"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"guildhall/internal/market"
	"guildhall/internal/order"
)

// working is an order on which the work has begun, and its address.
func (o *offerHouse) working() (market.Placed, string) {
	o.t.Helper()
	p := o.order()
	if p.State == order.AwaitingRequirements {
		o.move("mara@example.com", p, order.Waive{})
	}
	return p, "/orders/" + string(p.Order)
}

// carried are the hidden fields of the last form of a page, as a browser would
// send them.
func carried(a answer) []string {
	main := mainOf(a.body)
	if i := strings.LastIndex(main, "name=\"idempotency_key\""); i >= 0 {
		main = main[strings.LastIndex(main[:i], "<form"):]
	}
	var pairs []string
	for _, f := range hidden.FindAllStringSubmatch(main, -1) {
		pairs = append(pairs, f[1], html.UnescapeString(f[2]))
	}
	return pairs
}

func valueOf(pairs []string, name string) string {
	i := slices.Index(pairs, name)
	if i < 0 {
		return ""
	}
	return pairs[i+1]
}

// TestARequestIsSeenBeforeItIsSent: nothing is asked without its card, and
// nothing typed is lost on the way.
func TestARequestIsSeenBeforeItIsSent(t *testing.T) {
	o := newOfferHouse(t)
	_, at := o.working()
	for _, words := range []string{"Ask to cancel", "Ask for more time", "Offer more work", "Offer a partial refund", "Offer a swap", "3 of 3 left"} {
		o.seller.wants(o.seller.get(at+"/resolve"), http.StatusOK, words)
	}
	form := at + "/resolve/cancel"
	o.seller.wants(o.seller.get(form), http.StatusOK, `name="share" required`)
	a := o.seller.post(form+"/preview", "share", "200", "cause", "", "reason", "It <b>grew</b>.")
	o.seller.wants(a, http.StatusUnprocessableEntity, "Type a share like 50 or 33.3.")
	o.seller.wants(a, http.StatusUnprocessableEntity, "It &lt;b&gt;grew&lt;/b&gt;.")

	typed := []string{"share", "50", "cause", "out_of_scope", "reason", "It <b>grew</b>."}
	card := o.seller.post(form+"/preview", typed...)
	for _, words := range []string{
		"What each answer means", "Ines Vidal accepts", "Ines Vidal declines", "Ines Vidal does not answer", "cancelled by agreement (mutual)",
		"exactly as before", "recorded as unanswered", "back if accepted", `name="digest"`, "It &lt;b&gt;grew&lt;/b&gt;.",
	} {
		o.seller.wants(card, http.StatusOK, words)
	}
	again := o.seller.post(form+"/preview", append(carried(card), "step", "change")...)
	o.seller.wants(again, http.StatusOK, `value="50"`)

	// Without a digest the card is shown first, whoever sends the form.
	o.seller.wants(o.seller.post(form, typed...), http.StatusOK, "What each answer means")
	sent := carried(card)
	for range 2 { // the same form sent twice is one request
		o.seller.wants(o.seller.post(form, sent...), http.StatusSeeOther, at)
	}
	o.seller.wants(o.seller.get(at), http.StatusOK, "Paused: a request to cancel is open")
	o.buyer.wants(o.buyer.get(at), http.StatusOK, "Mara Holm wrote")
	o.buyer.wants(o.buyer.get(at+"/resolve"), http.StatusOK, "There is an open request.")
	for _, path := range []string{at + "/resolve", form, at + "/agree", at + "/counter"} {
		o.stranger.wants(o.stranger.get(path), http.StatusNotFound, "")
	}
	o.stranger.wants(o.stranger.post(form+"/preview", typed...), http.StatusNotFound, "")
	o.seller.wants(o.seller.get(at+"/resolve/nonsense"), http.StatusNotFound, "")
}

// TestAnswersShowTheirEffect: agreeing shows what it does and what silence
// would do, and the page of the order tells how it ended.
func TestAnswersShowTheirEffect(t *testing.T) {
	o := newOfferHouse(t)
	_, at := o.working()
	card := o.buyer.post(at+"/resolve/cancel/preview", "share", "100", "cause", "changed_mind", "reason", "I found one.")
	o.buyer.wants(o.buyer.post(at+"/resolve/cancel", carried(card)...), http.StatusSeeOther, at)
	o.buyer.wants(o.buyer.post(at+"/agree", "no", "1"), http.StatusConflict, "This request is not open any more.")
	page := o.seller.get(at + "/agree")
	for _, words := range []string{"Ines Vidal asks to cancel the order", "You agree", "You do not answer", "It counts against you", "Agree to cancel · "} {
		o.seller.wants(page, http.StatusOK, words)
	}
	sent := append(carried(page), "cause", "budget")
	o.seller.wants(o.seller.post(at+"/agree", sent...), http.StatusSeeOther, at)
	o.seller.wants(o.seller.get(at), http.StatusOK, "Canceled: mutual")
	refund := o.buyer.get(at)
	o.buyer.wants(refund, http.StatusOK, "back to Visa ending 4242")
	o.buyer.wants(refund, http.StatusOK, "Booked")
	o.buyer.wants(o.buyer.get(at), http.StatusOK, "When the clocks stood still")
}

// TestAnEffectThatChangedIsShownAgain: the due date passed between the look and
// the click.
func TestAnEffectThatChangedIsShownAgain(t *testing.T) {
	o := newOfferHouse(t)
	_, at := o.working()
	page := o.seller.get(at + "/deliver")
	o.seller.wants(page, http.StatusOK, "You deliver")
	o.ahead.Add(int64(20 * 24 * time.Hour))
	sent := append(carried(page), "text", "Here is the logo.")
	again := o.seller.post(at+"/deliver", sent...)
	for _, words := range []string{"has changed since you looked", "Here is the logo.", "after the due date"} {
		o.seller.wants(again, http.StatusConflict, words)
	}
	if old, now := valueOf(sent, "digest"), valueOf(carried(again), "digest"); old == "" || now == "" || old == now {
		t.Errorf("digests %q and %q", old, now)
	}
	o.seller.wants(o.seller.post(at+"/deliver", append(carried(again), "text", "Here is the logo.")...), http.StatusSeeOther, at)
	o.seller.wants(o.seller.get(at), http.StatusOK, "Delivered")
}

// TestWhatWasOvertakenIsSaidOnTheOrder: the other side was quicker.
func TestWhatWasOvertakenIsSaidOnTheOrder(t *testing.T) {
	o := newOfferHouse(t)
	_, at := o.working()
	card := o.seller.post(at+"/resolve/extend/preview", "days", "3", "reason", "The paper is late.")
	o.seller.wants(card, http.StatusOK, "if accepted")
	o.seller.wants(o.seller.post(at+"/resolve/extend", carried(card)...), http.StatusSeeOther, at)
	agree := o.buyer.get(at + "/agree")
	withdraw := o.seller.get(at + "/withdraw")
	o.seller.wants(o.seller.post(at+"/withdraw", carried(withdraw)...), http.StatusSeeOther, at)
	a := o.buyer.post(at+"/agree", carried(agree)...)
	o.buyer.wants(a, http.StatusConflict, "This request is not open any more.")
	o.buyer.wants(a, http.StatusConflict, "What happened")
}

// TestAddedWorkIsPaid: agreed to, then paid on its own page.
func TestAddedWorkIsPaid(t *testing.T) {
	o := newOfferHouse(t)
	_, at := o.working()
	o.buyer.wants(o.buyer.get(at+"/pay_more"), http.StatusConflict, "Nothing waits for a payment")
	card := o.seller.post(at+"/resolve/add_extra/preview", "extra", "A second sketch", "price", "20", "reason", "They go together.")
	o.seller.wants(card, http.StatusOK, "and pays $20.00")
	o.seller.wants(o.seller.post(at+"/resolve/add_extra", carried(card)...), http.StatusSeeOther, at)
	agree := o.buyer.get(at + "/agree")
	o.buyer.wants(agree, http.StatusOK, "Agree · pay $20.00 next")
	o.buyer.wants(o.buyer.post(at+"/agree", carried(agree)...), http.StatusSeeOther, at+"/pay_more")
	pay := o.buyer.get(at + "/pay_more")
	o.buyer.wants(pay, http.StatusOK, "It takes effect with the payment")
	o.seller.wants(o.seller.get(at+"/pay_more"), http.StatusConflict, "")
	o.stranger.wants(o.stranger.get(at+"/pay_more"), http.StatusNotFound, "")
	sent := append(carried(pay), "card.number", "4242 4242 4242 4242", "card.expiry", "12/40", "card.cvc", "123")
	for range 2 {
		o.buyer.wants(o.buyer.post(at+"/pay_more", sent...), http.StatusSeeOther, at)
	}
	o.buyer.wants(o.buyer.get(at), http.StatusOK, "$20.00 more was paid")
	for _, who := range []*browser{o.buyer, o.seller} {
		who.wants(who.get(at), http.StatusOK, "added later")
	}
}

// TestLongWaitsAdviseMoreDays: after three agreed extensions the seller reads
// the advice in the editor, and nobody else does.
func TestLongWaitsAdviseMoreDays(t *testing.T) {
	o := newOfferHouse(t)
	p, at := o.working()
	edit := "/gigs/" + string(o.gig.ID) + "/edit"
	if body := o.seller.get(edit).body; strings.Contains(body, "Promise a little more time") {
		t.Error("advice without a reason")
	}
	for range 3 {
		card := o.seller.post(at+"/resolve/extend/preview", "days", "5", "reason", "The paper is late.")
		o.seller.wants(o.seller.post(at+"/resolve/extend", carried(card)...), http.StatusSeeOther, at)
		agree := o.buyer.get(at + "/agree")
		o.buyer.wants(o.buyer.post(at+"/agree", carried(agree)...), http.StatusSeeOther, at)
	}
	v, err := o.market.OrderPage(t.Context(), o.actor("mara@example.com"), p.Order)
	if err != nil || v.Order.Life.Extended != 3 {
		t.Fatalf("%d extensions %v", v.Order.Life.Extended, err)
	}
	o.seller.wants(o.seller.get(edit), http.StatusOK, "you and your buyers agreed on 3 extensions")
}
