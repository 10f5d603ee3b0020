package market_test

import (
	"testing"
	"time"

	"guildhall/internal/order"
	"guildhall/internal/store"
	"guildhall/internal/store/storetest"
)

// TestALatePaymentEndsNoSilence: a second payment of a running order arrives
// after a deadline of it and before the sweep. The deadline is decided as the
// sweep would have: the buyer has written, so their silence excuses nobody.
func TestALatePaymentEndsNoSilence(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		late, err := p.buy(p.buyer, "", asks) // the buyer leaves the bank's page open
		p.must(err)
		_, err = p.PayOrder(t.Context(), p.buyer, "", late.Order, card(visa))
		p.must(err)
		p.move(p.seller, late.Order, order.Waive{})
		for range 2 {
			p.clock.move(25 * time.Hour)
			p.move(p.seller, late.Order, order.Nudge{Text: "are you there?"})
		}
		no := p.ask(p.seller, late.Order, "buyer_unresponsive")
		ends := p.page(p.buyer, late.Order).Order.Life.Request.Ends
		p.clock.move(ends.Sub(p.Now()) - time.Hour)
		p.write(p.buyer, p.seller, "Still here.")
		p.clock.move(2 * time.Hour)

		p.approve(late)
		p.hear()
		o := p.page(p.buyer, late.Order).Order
		if e := o.Life.Ending; o.State != order.Cancelled || e == nil || e.Excused || !e.Seller {
			t.Errorf("%s, request %d ended as %+v", o.State, no, e)
		}
		p.sound()
		p.overWith(late.Order)
	})
}
