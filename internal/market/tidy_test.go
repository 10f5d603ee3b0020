package market_test

import (
	"fmt"
	"testing"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/store"
	"guildhall/internal/store/storetest"
)

// TestAnswersAreForgottenInTime: a key stands for one request for a month and is
// free from then on; of what was answered nothing is left, however much it was.
func TestAnswersAreForgottenInTime(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		p.must(s.Update(t.Context(), func(tx *store.Tx) error {
			for i := range 1200 {
				if err := tx.Remember(p.buyer.Member, fmt.Sprint("old", i), "hash", store.Answer{Body: []byte("{}")}, p.clock.Now()); err != nil {
					return err
				}
			}
			return nil
		}))
		pause := func(key market.Key) error {
			t.Helper()
			p.must(p.Tidy(t.Context()))
			_, err := p.PauseGig(t.Context(), p.seller, key, p.gig.ID)
			return err
		}
		p.must(pause("k"))
		p.clock.move(29 * 24 * time.Hour)
		p.must(pause("k")) // the same again: the gig stands paused already
		if _, err := p.SetProfile(t.Context(), p.buyer, "young", member.Profile{Name: "Ines", Zone: "UTC"}); err != nil {
			t.Fatal(err)
		}
		p.clock.move(2 * 24 * time.Hour)
		if err := pause("k"); fault.KindOf(err) != fault.KindConflict {
			t.Errorf("the key of a month ago: %v, want a new request", err)
		}
		left := 0
		p.must(s.Export(t.Context(), func(r store.Record) error {
			if r.Table == "idempotency" {
				left++
			}
			return nil
		}))
		if left != 1 {
			t.Errorf("%d answers are kept, want the one of the day before yesterday", left)
		}
	})
}
