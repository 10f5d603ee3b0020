package market_test

import (
	"testing"
	"time"

	"guildhall/internal/desk"
	"guildhall/internal/market"
	"guildhall/internal/order"
	"guildhall/internal/store"
	"guildhall/internal/store/storetest"
)

// TestADecisionForetellsTheLevel: a warning puts a level at risk, lifting it on
// appeal takes the risk away, and both stand in the effect before they happen.
func TestADecisionForetellsTheLevel(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCounter(t, s)
		c.ladder()
		c.move(c.buyer, c.order, order.Accept{})
		c.level("level_1")
		id := c.ask(c.buyer, desk.Payment, market.CaseSubjectOrder(c.order))
		warn := desk.Decision{Warn: []desk.Side{desk.Across}}
		shown, err := c.PreviewDecision(t.Context(), c.ada, id, letter(warn))
		c.must(err)
		if len(shown.Levels) != 1 || shown.Levels[0].Member != c.seller.Member || !shown.Levels[0].Moves() || shown.Levels[0].Demotes[1].IsZero() || len(shown.Levels[0].Short) != 1 {
			t.Fatalf("a warning does to the level: %+v", shown.Levels)
		}
		_, err = c.decide(c.ada, id, warn)
		c.must(err)
		if c.level("level_1").State.DemotesAt.IsZero() {
			t.Error("the level is not at risk")
		}
		appeal, err := c.AppealCase(t.Context(), c.seller, "", id, market.CaseWords{Text: "It was another seller who wrote that."})
		c.must(err)
		_, err = c.decide(c.ben, appeal.ID, desk.Decision{Lift: []desk.Side{desk.Opener}})
		c.must(err)
		if st := c.level("level_1").State; !st.DemotesAt.IsZero() {
			t.Errorf("the warning is lifted, and the level falls %s", st.DemotesAt)
		}
		c.sound()
	})
}

// TestADecisionHearsTheBuyer: a silence that is over by the time of a decision
// ends first, as the clock would have ended it: a buyer who wrote was not silent.
func TestADecisionHearsTheBuyer(t *testing.T) {
	for name, wrote := range map[string]bool{"who wrote": true, "who was silent": false} {
		t.Run(name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, s *store.Store) {
				c := newCounter(t, s)
				id := c.started()
				for range c.Policy().Cancellation.UnresponsiveReminders {
					c.clock.move(25 * time.Hour)
					c.move(c.seller, id, order.Nudge{})
				}
				c.post.ask(c.seller, id, c.Policy().Cancellation.UnresponsiveCause)
				held := c.ask(c.seller, desk.Payment, market.CaseSubjectOrder(id))
				if wrote {
					c.write(c.buyer, c.seller, "I was ill. Here is what you need.")
				}
				c.clock.move(c.Policy().Requests.Answer.D())
				_, err := c.decide(c.ada, held, desk.Decision{Hold: "while we ask the bank"})
				c.must(err)
				o := c.page(c.seller, id).Order
				if o.State != order.Cancelled || o.Life.Ending == nil || o.Life.Ending.Excused == wrote || o.Life.Ending.Seller != wrote {
					t.Errorf("the order is %s: %+v", o.State, o.Life.Ending)
				}
			})
		})
	}
}
