package market_test

import (
	"testing"
	"time"

	"guildhall/internal/ident"
	"guildhall/internal/order"
	"guildhall/internal/policy"
	"guildhall/internal/resolution"
	"guildhall/internal/store"
	"guildhall/internal/store/storetest"
)

// boughtMore is an order paid with one card and added work paid with another, an
// hour later.
func (p *post) boughtMore(first, more string) ident.Order {
	p.t.Helper()
	placed, err := p.buy(p.buyer, "", first)
	p.must(err)
	p.move(p.seller, placed.Order, order.Waive{})
	no := p.asks(p.seller, placed.Order, resolution.Proposal{Kind: resolution.AddExtra, Extra: "A second size", Price: 1500})
	p.move(p.buyer, placed.Order, order.Agree{No: no})
	p.clock.move(time.Hour)
	_, err = p.PayRequest(p.t.Context(), p.buyer, "", placed.Order, no, card(more))
	p.must(err)
	return placed.Order
}

// TestTwoDisputesOfOneOrder: of two payments that the bank looks into at once
// each is decided on its own, and the order stands still until both are.
func TestTwoDisputesOfOneOrder(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		lost, won := p.boughtMore(grumbles, objects), p.boughtMore(grumbles, grumbles)
		for _, id := range []ident.Order{lost, won} {
			p.move(p.seller, id, order.Deliver{Text: "here it is"})
			p.move(p.buyer, id, order.Accept{})
		}
		p.clock.move(3 * day)
		p.hear() // both objections of each order
		p.clock.move(7*day - 90*time.Minute)
		p.hear() // the first decision of the first order: it stays with the house
		if o := p.page(p.seller, lost).Order; !o.Held() {
			t.Error("the clocks run on while the bank looks into the other payment")
		}
		p.clock.move(2 * time.Hour)
		p.hear()
		if o := p.page(p.seller, lost).Order; o.State != order.Cancelled || o.Class != policy.ClassChargeback || o.Returned() != o.Total {
			t.Errorf("%s %s, %s of %s back", o.State, o.Class, o.Returned(), o.Total)
		}
		p.clock.move(day)
		p.hear()
		if o := p.page(p.seller, won).Order; o.Held() || o.State != order.Completed {
			t.Errorf("both were decided for the house: held %t, %s", o.Held(), o.State)
		}
		p.clock.move(20 * day)
		p.sound()
		p.pots(8550, 0)
	})
}
