package market_test

import (
	"slices"
	"testing"

	"guildhall/internal/order"
	"guildhall/internal/store"
	"guildhall/internal/store/storetest"
)

// deaf lets time pass until the provider has given up whatever it had to tell.
func (p *post) deaf() {
	p.t.Helper()
	for range 14 {
		p.clock.move(day)
		p.unheard()
	}
	p.hear()
	p.drain()
}

// TestMoneyWaitsForNoLostMessage: what the provider gave up telling is asked for,
// so that a refund is sent, or closed, and the order's clocks run on.
func TestMoneyWaitsForNoLostMessage(t *testing.T) {
	for name, c := range map[string]struct {
		card            string
		objection       bool // is heard
		refunded, taken int64
		told            string
	}{
		"the bank lets it stand": {grumbles, true, 8000, 0, order.RefundOnItsWay},
		"the bank takes it":      {objects, true, 0, 8000, order.RefundByBank},
		"it stands, all unheard": {grumbles, false, 8000, 0, order.RefundOnItsWay},
		"it is taken, unheard":   {objects, false, 0, 8000, order.RefundByBank},
	} {
		t.Run(name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, s *store.Store) {
				p := newPost(t, s, nil)
				id := p.undone(c.card)
				p.clock.move(3 * day)
				if c.objection {
					p.hear()
				} else {
					p.unheard()
				}
				p.drain()
				p.must(p.AskAboutDisputes(t.Context()))
				p.deaf()
				if r := p.page(p.buyer, id).Order.Life.Refunds[0]; r.Waits.IsZero() || !r.Owed() {
					t.Fatalf("the refund does not wait: %+v", r)
				}
				p.must(p.AskAboutDisputes(t.Context()))
				p.must(p.AskAboutDisputes(t.Context()))
				p.overWith(id)
				p.wantMoved(8000, c.refunded, c.taken)
				if got := p.told(p.buyer); !slices.Contains(got, c.told) {
					t.Errorf("the buyer was told %v", got)
				}
			})
		})
	}
}
