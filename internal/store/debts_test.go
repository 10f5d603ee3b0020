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

// TestADebtWaitsForWhatClears: a debt that arises while money is made available,
// and the other way round, sees what the earlier one did, so that whoever looks
// what can be paid off once both are written finds both.
func TestADebtWaitsForWhatClears(t *testing.T) {
	const mara = ident.Member("member_mara")
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	debt := []ledger.Posting{{Account: ledger.Receivable(mara), Minor: -3600}, {Account: "refunding:order_1", Minor: 3600}}
	cleared := []ledger.Posting{{Account: "escrow:order_2", Minor: -9000}, {Account: ledger.Available(mara), Minor: 9000}}
	for name, turns := range map[string][2][]ledger.Posting{"the debt comes second": {cleared, debt}, "the money comes second": {debt, cleared}} {
		t.Run(name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, s *store.Store) {
				// carry writes one of the two and tells what both are by then.
				carry := func(i int, then func()) (seen [2]int64) {
					e, _, err := ledger.Next(ledger.Head{}, ledger.Entry{Stream: fmt.Sprint("turn ", i), Kind: ledger.KindClear, At: at, Currency: "USD", Postings: turns[i]})
					if err != nil {
						t.Error(err)
						return seen
					}
					if err := s.Update(t.Context(), func(tx *store.Tx) error {
						if err := tx.Carry(effect.Set{Entries: []ledger.Entry{e}}); err != nil {
							return err
						}
						has, err := tx.Balance(ledger.Available(mara), "USD")
						if err != nil {
							return err
						}
						owes, err := tx.Balance(ledger.Receivable(mara), "USD")
						seen = [2]int64{has.Minor, -owes.Minor}
						then()
						return err
					}); err != nil {
						t.Error(err)
					}
					return seen
				}
				late := make(chan [2]int64, 1)
				carry(0, func() { // the other one begins before this one has ended
					go func() { late <- carry(1, func() {}) }()
					select {
					case seen := <-late:
						late <- seen
					case <-time.After(300 * time.Millisecond): // it waits
					}
				})
				if seen := <-late; seen != [2]int64{9000, 3600} {
					t.Errorf("the second one sees %d there and %d owed", seen[0], seen[1])
				}
			})
		})
	}
}

// TestADebtIsPaidOffOnce: of many that pay off the same debt at the same moment
// one does.
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
