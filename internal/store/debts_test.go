package store_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"guildhall/internal/effect"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/ledger"
	"guildhall/internal/store"
	"guildhall/internal/store/storetest"
)

// TestADebtIsPaidOffOnce: of many that pay off the same debt at the same moment
// one does, and a debt that arises waits for whoever makes money available.
func TestADebtIsPaidOffOnce(t *testing.T) {
	const mara = ident.Member("member_mara")
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	post := func(stream string, postings ...ledger.Posting) effect.Set {
		e, _, err := ledger.Next(ledger.Head{}, ledger.Entry{Stream: stream, Kind: ledger.KindSettle, At: at, Currency: "USD", Postings: postings})
		must(t, err)
		return effect.Set{Entries: []ledger.Entry{e}}
	}
	has, owes := ledger.Available(mara), ledger.Receivable(mara)
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		carry := func(set effect.Set) error {
			return s.Update(t.Context(), func(tx *store.Tx) error { return tx.Carry(set) })
		}
		must(t, carry(post("taken", ledger.Posting{Account: owes, Minor: -3600}, ledger.Posting{Account: "refunding:order_1", Minor: 3600})))
		must(t, carry(post("cleared", ledger.Posting{Account: "escrow:order_2", Minor: -9000}, ledger.Posting{Account: has, Minor: 9000})))
		stands := func(wantHas, wantOwes int64) {
			t.Helper()
			must(t, s.View(t.Context(), func(tx *store.Tx) error {
				a, err := tx.Balance(has, "USD")
				must(t, err)
				r, err := tx.Balance(owes, "USD")
				must(t, err)
				debtors, err := tx.Debtors(10)
				if a.Minor != wantHas || r.Minor != -wantOwes || (len(debtors) == 1) != (wantHas > 0 && wantOwes > 0) {
					t.Errorf("has %s and owes %s, debtors %v; want %d and %d", a, r, debtors, wantHas, wantOwes)
				}
				return err
			}))
		}
		stands(9000, 3600)
		done := make(chan error)
		for i := range 10 {
			go func() {
				done <- carry(post(fmt.Sprint("settled ", i), ledger.Posting{Account: has, Minor: -3600}, ledger.Posting{Account: owes, Minor: 3600}))
			}()
		}
		paid := 0
		for range 10 {
			switch err := <-done; {
			case err == nil:
				paid++
			case !errors.Is(err, fault.Conflict("")):
				t.Error(err)
			}
		}
		if paid != 1 {
			t.Errorf("paid off %d times", paid)
		}
		stands(5400, 0)
	})
}
