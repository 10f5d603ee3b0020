package store_test

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"testing"
	"time"

	"guildhall/internal/blob"
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/pay"
	"guildhall/internal/sim"
	"guildhall/internal/store"
	"guildhall/internal/store/storetest"
)

// TestMany: what is read at once is what each is alone, on a market that lived.
func TestMany(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		end := time.Date(2027, 3, 1, 0, 0, 0, 0, time.UTC)
		blobs, err := blob.Open(t.TempDir())
		must(t, err)
		t.Cleanup(func() { _ = blobs.Close() })
		w, err := sim.New(sim.Config{
			Seed: 7, From: end.AddDate(0, -2, 0), Until: end, Sellers: 6, Buyers: 20, Orders: 60, Turns: 2, Hash: "never matches",
		})
		must(t, err)
		must(t, w.Open(t.Context(), func(ids *ident.Source, now func() time.Time) (*market.Market, *pay.Sandbox) {
			return doorOf(s, blobs, ids, now)
		}))
		must(t, w.Populate(t.Context()))
		must(t, w.Live(t.Context(), end))
		must(t, s.View(t.Context(), func(tx *store.Tx) error {
			sameAlone(t, tx, "orders", tx.Order, tx.ManyOrders)
			sameAlone(t, tx, "gigs", tx.Gig, tx.ManyGigs)
			sameAlone(t, tx, "members", tx.Member, tx.ManyMembers)
			sameAlone(t, tx, "files", tx.File, tx.ManyFiles)
			sameAlone(t, tx, "review_pairs", tx.Reviews, tx.ManyReviews)
			if pairs, err := tx.ManyReviews("review_none"); err != nil || len(pairs) > 0 {
				t.Errorf("a pair that nobody began: %v, %v", pairs, err)
			}
			if _, err := tx.ManyOrders("order_none"); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("an order that is not there: %v", err)
			}
			return nil
		}))
	})
}

func sameAlone[N ~string, V any](t *testing.T, tx *store.Tx, table string, one func(N) (V, error), many func(...N) (map[N]V, error)) {
	t.Helper()
	rows, err := readAll(tx, "SELECT id FROM "+table+" ORDER BY id LIMIT 60", nil)
	must(t, err)
	if len(rows) < 5 {
		t.Fatalf("only %d %s", len(rows), table)
	}
	alone := map[N]V{}
	var ids []N
	for _, r := range rows {
		id := N(fmt.Sprint(r[0]))
		ids = append(ids, id, id) // asked twice, told once
		alone[id], err = one(id)
		must(t, err)
	}
	for _, n := range []int{0, 1, len(ids)} {
		found, err := many(ids[:n]...)
		must(t, err)
		want := maps.Clone(alone)
		maps.DeleteFunc(want, func(id N, _ V) bool { return !slices.Contains(ids[:n], id) })
		if !reflect.DeepEqual(found, want) {
			t.Errorf("%d of %s: what is read at once differs from what each is alone", n, table)
		}
	}
}
