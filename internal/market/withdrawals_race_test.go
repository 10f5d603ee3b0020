package market_test

import (
	"sync"
	"testing"

	"guildhall/internal/desk"
	"guildhall/internal/fault"
	"guildhall/internal/market"
	"guildhall/internal/money"
	"guildhall/internal/order"
	"guildhall/internal/store"
	"guildhall/internal/store/storetest"
)

// TestAWithdrawalMeetsADecision: a seller takes out, in several windows, what a
// decision takes back at the same moment. Whoever comes second is told so in
// words, and nothing is there twice.
func TestAWithdrawalMeetsADecision(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCounter(t, s)
		for range 8 {
			id := c.delivered()
			c.move(c.buyer, id, order.Accept{})
			c.clock.move(14 * day)
			c.must(c.SweepAll(t.Context()))
			k := c.ask(c.buyer, desk.Payment, market.CaseSubjectOrder(id))
			d := letter(refunding(9000))
			shown, err := c.PreviewDecision(t.Context(), c.ada, k, d)
			c.must(err)
			st, err := c.Statement(t.Context(), c.seller, market.PotAvailable, "", 0)
			c.must(err)
			var at sync.WaitGroup
			for range 4 {
				at.Go(func() {
					_, err := c.Withdraw(t.Context(), c.seller, "", money.Of(st.Available.Minor, "USD"), "DE0012345678")
					if err != nil && fault.KindOf(err) == "" {
						t.Errorf("withdrawn: %v", err)
					}
				})
				at.Go(func() {
					_, err := c.DecideCase(t.Context(), c.ada, "", k, d, shown.Digest)
					if err != nil && fault.KindOf(err) == "" {
						t.Errorf("decided: %v", err)
					}
				})
			}
			at.Wait()
		}
		c.sound()
	})
}
