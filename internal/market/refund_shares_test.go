package market_test

import (
	"testing"

	"guildhall/internal/desk"
	"guildhall/internal/market"
	"guildhall/internal/money"
	"guildhall/internal/order"
	"guildhall/internal/store"
	"guildhall/internal/store/storetest"
)

func refunding(share money.BasisPoints) desk.Decision {
	return desk.Decision{Refund: &desk.Ending{Fault: order.FaultNobody, Share: share}}
}

// TestMoneyThatClearsNowIsThere: what was to clear by the moment of a decision is
// taken back from where it would be then, and is not owed instead while it can
// be withdrawn.
func TestMoneyThatClearsNowIsThere(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCounter(t, s)
		c.move(c.buyer, c.order, order.Accept{})
		id := c.ask(c.buyer, desk.Payment, market.CaseSubjectOrder(c.order))
		c.clock.move(15 * day) // no sweep since it was to clear
		_, err := c.decide(c.ada, id, refunding(money.Whole))
		c.must(err)
		c.pots(0, 0)
		c.sound()
	})
}

// TestNothingIsPaidOfWhatWentBack: two decisions send everything back of an
// order that goes on; its completion pays nobody.
func TestNothingIsPaidOfWhatWentBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCounter(t, s)
		for _, share := range []money.BasisPoints{9999, 6000} {
			_, err := c.decide(c.ada, c.ask(c.buyer, desk.Payment, market.CaseSubjectOrder(c.order)), refunding(share))
			c.must(err)
		}
		c.move(c.buyer, c.order, order.Accept{})
		v := c.page(c.seller, c.order)
		shares, err := v.Shares()
		c.must(err)
		if back := v.Order.Returned(); back != v.Order.Total || !shares.Seller.IsZero() || !v.Order.Life.ClearsAt.IsZero() {
			t.Errorf("%s went back of %s, and the seller gets %s from %s", back, v.Order.Total, shares.Seller, v.Order.Life.ClearsAt)
		}
		c.clock.move(20 * day)
		c.sound()
		c.pots(0, 0)
	})
}
