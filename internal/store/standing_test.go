package store_test

import (
	"testing"
	"time"

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
