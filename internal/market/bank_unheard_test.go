package market_test

import (
	"testing"
	"time"

	"guildhall/internal/ident"
	"guildhall/internal/money"
	"guildhall/internal/order"
	"guildhall/internal/pay"
	"guildhall/internal/store"
	"guildhall/internal/store/storetest"
	"guildhall/internal/withdrawal"
)

// paidAs is where the newest payment of an order stands.
func (p *post) paidAs(id ident.Order) order.Payment {
	p.t.Helper()
	list := p.page(p.buyer, id).Payments
	return list[len(list)-1]
}

// TestMoneyTakenIsHeardOf: a payment whose answer got lost, and every message
// about it too, is asked about, as its buyer is told.
func TestMoneyTakenIsHeardOf(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		placed, err := p.buy(p.buyer, "", stalls)
		p.must(err)
		for range 30 {
			p.clock.move(time.Minute)
			p.unheard()
			p.drain()
		}
		if pm := p.paidAs(placed.Order); pm.State != order.PaymentSucceeded {
			t.Errorf("the payment is %s", pm.State)
		}
		p.state(placed.Order, order.AwaitingRequirements)
		p.sound()
	})
}

// TestMoneyTakenTooLateGoesBack: once the order has lapsed, what is heard of so
// late goes straight back.
func TestMoneyTakenTooLateGoesBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		placed, err := p.buy(p.buyer, "", stalls)
		p.must(err)
		p.clock.move(2 * day)
		p.must(p.SweepAll(t.Context()))
		p.deaf()
		p.state(placed.Order, order.Abandoned)
		p.sound()
		if pm := p.paidAs(placed.Order); pm.State != order.PaymentRefunded {
			t.Errorf("the payment is %s", pm.State)
		}
		p.wantMoved(8000, 8000, 0)
	})
}

// TestWithdrawalsAreHeardOf: what became of a withdrawal is known in the end,
// however many messages about it got lost, and what came back is there again.
func TestWithdrawalsAreHeardOf(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		p.earn()
		want := map[ident.Withdrawal]withdrawal.State{}
		for account, state := range map[string]withdrawal.State{"DE89370400440532013000": withdrawal.Sent, pay.PlayAccountThatFails: withdrawal.Returned} {
			w, err := p.Withdraw(t.Context(), p.seller, "", money.Of(2500, "USD"), account)
			p.must(err)
			want[w.ID] = state
		}
		p.drain()
		p.pots(2200, 0)
		p.deaf()
		list, _, err := p.Withdrawals(t.Context(), p.seller, "", 0)
		p.must(err)
		for _, w := range list {
			if w.State != want[w.ID] {
				t.Errorf("the withdrawal to %s is %s, want %s", w.Masked(), w.State, want[w.ID])
			}
		}
		p.pots(4700, 0)
		p.sound()
	})
}

// TestRefundsAreHeardOf: a refund of which every message got lost is asked about
// once it should have been heard of, and closed.
func TestRefundsAreHeardOf(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		id := p.undone(visa)
		p.unheard()
		p.drain()
		if r := p.page(p.buyer, id).Order.Life.Refunds[0]; r.Owed() || !r.Open() {
			t.Fatalf("the refund is not on its way: %+v", r)
		}
		p.deaf()
		p.overWith(id)
		p.wantMoved(8000, 8000, 0)
	})
}
