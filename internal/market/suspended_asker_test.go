package market_test

import (
	"testing"
	"time"

	"guildhall/internal/desk"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/standing"
	"guildhall/internal/store"
	"guildhall/internal/store/storetest"
)

// TestAskedByWhoIsSuspended: nobody can answer a closed account, so nobody is
// measured by its questions, whoever closed it. One that is opened again is
// answered in time or held against nobody, and one that was closed too late, or
// was answered before, changes nothing.
func TestAskedByWhoIsSuspended(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		j := &junk{counter: newCounter(t, s)}
		var people []member.Actor
		var threads []ident.Thread
		for _, name := range []string{"Gone Soon", "Gone By Case", "Back Again", "Gone Late", "Was Answered"} {
			who := j.join(name, false)
			people, threads = append(people, who), append(threads, j.write(who, j.seller, "Do you have time?").Thread)
		}
		j.clock.move(time.Hour)
		j.write(j.seller, people[4], "Yes, I do.")
		for _, i := range []int{0, 2, 4} {
			_, err := j.Suspend(t.Context(), j.operator, "", people[i].Member, "It is a crook.")
			j.must(err)
		}
		_, err := j.Write(t.Context(), j.seller, "", market.Words{Thread: threads[0], Text: "Yes, I do."})
		j.kind(err, fault.KindConflict, "an answer to a closed account")
		_, err = j.decide(j.ada, j.counter.ask(people[1], desk.Other, desk.Subject{}), desk.Decision{Suspend: []desk.Side{desk.Opener}})
		j.must(err)
		_, err = j.LiftSuspension(t.Context(), j.operator, "", people[2].Member)
		j.must(err)
		j.clock.move(24 * time.Hour)
		_, err = j.Suspend(t.Context(), j.operator, "", people[3].Member, "It is a crook.")
		j.must(err)
		j.rate("1/2 (3)")
		b, err := j.Behind(t.Context(), j.seller, standing.Response, standing.Excluded, "", 0)
		j.must(err)
		for _, l := range b.Lines {
			if l.Rule != standing.RuleShut {
				t.Errorf("left out by %s", l.Rule)
			}
		}
		j.verified()
	})
}
