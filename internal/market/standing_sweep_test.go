package market_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/order"
	"guildhall/internal/policy"
	"guildhall/internal/store"
	"guildhall/internal/store/storetest"
)

// TestOneMoreBuyer: a level that asks for different buyers is looked at with
// those of its own instant, also where one sweep looks at several instants.
func TestOneMoreBuyer(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		source, _, err := policy.Profile("classic")
		p.must(err)
		text := string(source)
		from, to := strings.Index(text, "  levels:"), strings.Index(text, "# The support desk.")
		text = text[:from] + "  levels:\n    - name: level_1\n      words: Level 1\n      completed: 1\n      unique_buyers: 3\n\n" + text[to:]
		_, err = p.ApplyPolicy(t.Context(), p.operator, "", "buyers.yaml", text, time.Time{})
		p.must(err)
		p.clock.move(market.PolicyLead)
		p.deliverAndAccept(p.started())
		p.clock.move(400 * 24 * time.Hour) // of the first there is only the sum of a life
		p.must(p.SweepAll(t.Context()))
		for _, name := range []string{"Ben Okafor", "Lena Vogt"} {
			p.buyer = p.join(name, false)
			p.move(p.seller, p.started(), order.Deliver{Text: "here it is"})
			p.clock.move(time.Hour)
		}
		p.clock.move(30 * 24 * time.Hour) // silence completes both, an hour apart
		p.must(p.SweepAll(t.Context()))
		v := p.level("level_1")
		if v.UniqueBuyers != 3 || len(v.History) != 1 || p.Now().Sub(v.State.Since) < 20*24*time.Hour {
			t.Errorf("%d different buyers, level since %s, %d events", v.UniqueBuyers, v.State.Since, len(v.History))
		}
	})
}

// TestLevelsTogether: many levels that are due at once are looked at together,
// each as if it were alone, and what happened is told of everybody.
func TestLevelsTogether(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		p.ladder()
		var all []member.Actor
		for i := range 150 {
			who := p.join(fmt.Sprintf("Seller %d", i), false)
			all = append(all, who)
			p.must(s.Update(t.Context(), func(tx *store.Tx) error {
				if err := tx.OpenStanding(who.Member, p.Now(), time.Time{}); err != nil {
					return err
				}
				return tx.CreditSeller(who.Member, store.Totals{Completed: i % 2}, p.Now(), 0)
			}))
		}
		p.must(p.SweepAll(t.Context()))
		for i, who := range all {
			v, err := p.MyStanding(t.Context(), who)
			p.must(err)
			if risen := i%2 == 1; (v.State.Level == "level_1") != risen || (len(v.History) == 1) != risen || v.State.NextAt.Equal(p.Now()) {
				t.Errorf("seller %d: %+v with %d events", i, v.State, len(v.History))
			}
		}
	})
}
