package market_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"guildhall/internal/gig"
	"guildhall/internal/ident"
	"guildhall/internal/market"
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

// TestWhoLeavesBeforeTheAnswerIsKnown: the buyer closes the page while the bank
// thinks. That it was asked is written down all the same, so it is asked again.
func TestWhoLeavesBeforeTheAnswerIsKnown(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		p.bank = pay.NewSandbox(s, p.clock.Now, []byte("a secret for tests, long enough"), time.Hour)
		p.Market = market.New(market.Parts{
			Store: s, Now: p.clock.Now, IDs: ident.NewSeeded(5), Pay: p.bank, Site: "https://hall.example/", Log: slog.New(slog.DiscardHandler),
		})
		p.must(p.Prepare(t.Context()))
		ctx, leave := context.WithTimeout(t.Context(), 200*time.Millisecond)
		defer leave()
		placed, err := p.PlaceOrder(ctx, p.buyer, "", market.NewOrder{
			Gig: p.gig.ID, Pick: gig.Pick{Tier: gig.Basic, Quantity: 1}, Shown: money.Of(8000, "USD"),
		}, card(stalls))
		if err != nil || placed.Paid != order.PaymentPending {
			t.Fatalf("%+v, %v", placed, err)
		}
		p.clock.move(time.Hour)
		p.unheard()
		p.drain()
		p.state(placed.Order, order.AwaitingRequirements)
		p.sound()
	})
}

// TestPaymentsBegunAndForgotten: the house died between the provider's answer and
// its own books, or heard nothing of a second step, and every message is lost.
func TestPaymentsBegunAndForgotten(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		begun := func(asked bool) (ident.Order, ident.Payment) { // and no answer written down
			placed, err := p.buy(p.buyer, "", declines)
			p.must(err)
			pm := order.Payment{
				ID:    ident.New[ident.Payment](ident.NewSeeded(uint64(len(placed.Order)+len(placed.Ref))+uint64(p.clock.Now().Unix())), p.clock.Now()),
				Order: placed.Order, Member: p.buyer.Member, Provider: "sandbox", Amount: money.Of(8000, "USD"), State: order.PaymentCreated, Created: p.clock.Now(),
			}
			p.must(p.store.Update(t.Context(), func(tx *store.Tx) error { return tx.AddPayment(pm) }))
			if asked {
				_, err = p.bank.Charge(t.Context(), pay.Charge{Payment: pm.ID, Amount: pm.Amount, Card: card(visa), About: "it", Back: "/orders"})
				p.must(err)
			}
			p.clock.move(time.Second)
			return placed.Order, pm.ID
		}
		taken, _ := begun(true)
		never, _ := begun(false)
		step, err := p.buy(p.buyer, "", asks)
		p.must(err)
		open, err := p.buy(p.buyer, "", asks)
		p.must(err)
		p.approve(step)
		p.clock.move(2 * time.Minute) // they may still be on their way
		for range 3 {
			p.unheard()
			p.drain()
			p.must(p.AskAboutPayments(t.Context()))
			p.clock.move(time.Hour)
		}
		for id, want := range map[ident.Order]order.PaymentState{
			taken: order.PaymentSucceeded, never: order.PaymentDeclined, step.Order: order.PaymentSucceeded, open.Order: order.PaymentNeedsStep,
		} {
			if pm := p.paidAs(id); pm.State != want {
				t.Errorf("%s is %s, want %s", id, pm.State, want)
			}
		}
		p.state(taken, order.AwaitingRequirements)
		p.state(never, order.Unpaid)
		p.state(step.Order, order.AwaitingRequirements)
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
