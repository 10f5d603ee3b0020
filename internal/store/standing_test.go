package store_test

import (
	"fmt"
	"testing"
	"time"

	"guildhall/internal/ident"
	"guildhall/internal/review"
	"guildhall/internal/standing"
	"guildhall/internal/store"
	"guildhall/internal/store/storetest"
)

// TestContributions: one row for each order and figure, replaced and taken
// back, counted and paged.
func TestContributions(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
		row := func(order string, m standing.Mark) standing.Contribution {
			return standing.Contribution{Figure: standing.Completion, Member: "member_mara", Subject: "order_a", Order: "order_a", Ref: "G7K2M4", At: at, Mark: m, Rule: order}
		}
		record := row("late", standing.Excluded)
		record.Figure, record.Member = standing.BuyerRecord, "member_ben"
		second := row("completed", standing.For)
		second.Subject, second.Order, second.At = "order_b", "order_b", at.Add(time.Hour)
		must(t, s.Update(t.Context(), func(tx *store.Tx) error {
			must(t, tx.SaveContributions([]standing.Contribution{row("late", standing.Against), record}, nil))
			must(t, tx.SaveContributions([]standing.Contribution{second}, nil))
			return tx.SaveContributions([]standing.Contribution{row("completed", standing.For)}, []standing.Contribution{record})
		}))
		must(t, s.View(t.Context(), func(tx *store.Tx) error {
			list, err := tx.Contributions("member_mara", standing.Completion, at.Add(-time.Second), at.Add(time.Hour))
			if err != nil || len(list) != 2 || list[0] != second || list[1] != row("completed", standing.For) {
				t.Errorf("%+v, %v", list, err)
			}
			if list, err = tx.Contributions("member_mara", standing.Completion, at, at.Add(time.Hour)); err != nil || len(list) != 1 {
				t.Errorf("after the first: %+v, %v", list, err)
			}
			if list, err = tx.Contributions("member_ben", standing.BuyerRecord, at.Add(-time.Second), at.Add(time.Hour)); err != nil || len(list) != 0 {
				t.Errorf("what was taken back is there: %+v, %v", list, err)
			}
			marks, err := tx.Marks("member_mara", standing.Completion, at.Add(-time.Second), at.Add(time.Hour))
			if err != nil || marks[standing.For].N != 2 || marks[standing.Against].N != 0 {
				t.Errorf("%v, %v", marks, err)
			}
			q := store.BehindQuery{Member: "member_mara", Figure: standing.Completion, Mark: standing.For, Since: at.Add(-time.Second), Until: at.Add(time.Hour), Most: 1}
			page, err := tx.Behind(q)
			if err != nil || len(page) != 1 || page[0].Order != "order_b" {
				t.Errorf("first page: %+v, %v", page, err)
			}
			q.After = store.BehindPlace{At: page[0].At, Subject: page[0].Subject}
			if page, err = tx.Behind(q); err != nil || len(page) != 1 || page[0].Order != "order_a" {
				t.Errorf("second page: %+v, %v", page, err)
			}
			return nil
		}))
	})
}

// TestSellersTogether: many standings are written in one go, but for those that
// something happened to meanwhile.
func TestSellersTogether(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
		var read []store.Seller
		name := func(i int) ident.Member { return ident.Member(fmt.Sprintf("member_%026d", i)) }
		must(t, s.Update(t.Context(), func(tx *store.Tx) error {
			read = nil
			for i := range 40 {
				must(t, tx.OpenStanding(name(i), at, at))
				one, err := tx.Seller(name(i))
				must(t, err)
				one.Level, one.Since, one.Seq, one.QuietAt = "level_1", at.Add(time.Hour), 1, at.Add(2*time.Hour)
				one.NextAt, one.Completed = time.Time{}, 99 // totals are nobody's to write here
				if i == 7 {
					one.Approved = standing.Word{Level: "top", By: "member_ada", At: at, Why: "good work"}
				}
				read = append(read, one)
			}
			return nil
		}))
		must(t, s.Update(t.Context(), func(tx *store.Tx) error {
			return tx.CreditSeller(name(3), store.Totals{Completed: 1}, at, 0)
		}))
		for _, want := range []int{39, 0} { // the second time everybody was written meanwhile
			must(t, s.Update(t.Context(), func(tx *store.Tx) error {
				saved, err := tx.SaveSellers(read)
				if err != nil || len(saved) != want || saved[name(3)] {
					t.Errorf("%d were saved, want %d: %v", len(saved), want, err)
				}
				return err
			}))
		}
		must(t, s.View(t.Context(), func(tx *store.Tx) error {
			for i, want := range read {
				got, err := tx.Seller(name(i))
				must(t, err)
				want.Version, want.Completed = want.Version+1, 0
				if i == 3 {
					want = store.Seller{State: standing.State{Member: name(3), NextAt: at, Version: want.Version}, From: at, Totals: store.Totals{Completed: 1}}
				}
				if got != want {
					t.Errorf("%d: %+v, want %+v", i, got, want)
				}
			}
			return nil
		}))
	})
}

// TestSumsOfMany: what is asked at once is what each is told alone.
func TestSumsOfMany(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		var gigs []ident.Gig
		must(t, s.Update(t.Context(), func(tx *store.Tx) error {
			gigs = nil
			for i := range 60 {
				g := ident.Gig(fmt.Sprintf("gig_%026d", i))
				gigs = append(gigs, g)
				if i%4 > 0 {
					must(t, tx.SumReviews(string(g), store.RatedGig, review.Sums{Shown: i, Tombs: i % 3, Total: int64(900 * i), Rows: [5]int{0, 1, 2, 3, i}}))
					must(t, tx.SumReviews(string(g), store.RatedSeller, review.Sums{Shown: 1000}))
				}
			}
			return nil
		}))
		must(t, s.View(t.Context(), func(tx *store.Tx) error {
			for _, n := range []int{0, 1, 24, 25, 60} {
				many, err := tx.SumsOfGigs(gigs[:n]...)
				must(t, err)
				found := 0
				for _, g := range gigs[:n] {
					alone, err := tx.ReviewSums(string(g), store.RatedGig)
					must(t, err)
					if many[g] != alone {
						t.Errorf("%s: %+v among others, %+v alone", g, many[g], alone)
					}
					if !alone.Zero() {
						found++
					}
				}
				if len(many) != found {
					t.Errorf("%d of %d have sums, want %d", len(many), n, found)
				}
			}
			return nil
		}))
	})
}
