package market_test

import (
	"testing"
	"time"

	"guildhall/internal/desk"
	"guildhall/internal/market"
	"guildhall/internal/money"
	"guildhall/internal/order"
	"guildhall/internal/resolution"
	"guildhall/internal/store"
	"guildhall/internal/store/storetest"
)

// TestForetoldWhileTheClockRuns: a real clock never shows the same instant twice,
// and what is foretold of a level is right all the same.
func TestForetoldWhileTheClockRuns(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCounter(t, s)
		c.ladder()
		c.move(c.buyer, c.order, order.Accept{})
		for range 2 {
			id := c.started()
			c.move(c.seller, id, order.Deliver{Text: "here it is"})
			c.move(c.buyer, id, order.Accept{})
		}
		c.level("level_2") // which asks for earnings
		running := c.started()
		matter := c.ask(c.buyer, desk.Payment, market.CaseSubjectOrder(c.order))
		c.clock.tick = time.Microsecond

		seen, err := c.Foresee(t.Context(), c.seller, running, order.Ask{Proposal: resolution.Proposal{
			Kind: resolution.Cancel, Cause: "out_of_scope", Reason: "so it is", Share: money.Whole,
		}})
		c.must(err)
		for i, level := range seen.Levels {
			if level.Before != "level_2" || level.Moves() || !level.Demotes[1].IsZero() {
				t.Errorf("%s: %+v", seen.Rows[i].Reply, level)
			}
		}
		decided, err := c.PreviewDecision(t.Context(), c.ada, matter, letter(desk.Decision{Warn: []desk.Side{desk.Across}}))
		c.must(err)
		if len(decided.Levels) != 1 || decided.Levels[0].Before != "level_2" || decided.Levels[0].Demotes[1].IsZero() {
			t.Errorf("a warning does to the level: %+v", decided.Levels)
		}
	})
}
