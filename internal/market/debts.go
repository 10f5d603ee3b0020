package market

import (
	"context"
	"time"

	"guildhall/internal/effect"
	"guildhall/internal/ident"
	"guildhall/internal/ledger"
	"guildhall/internal/money"
	"guildhall/internal/store"
	"guildhall/internal/withdrawal"
)

// settled pays off what a member owes where a set has made money available to
// them, or let them owe more. It reads what they have and owe once the set is
// written: from then on nobody else moves either before the commit, and what was
// committed meanwhile is seen, so that neither is decided on as it once was.
func (m *Market) settled(tx *store.Tx, id ident.Member, set effect.Set) error {
	e, moves := settles(id, set)
	if !moves {
		return nil
	}
	at := m.Now()
	if !at.After(e.At) {
		at = e.At.Add(time.Microsecond) // statements list it after the money that pays
	}
	return m.settleDebt(tx, at, id, e.Currency)
}

// settles tells whether a set can let a debt of a member be paid off, and by
// which entry.
func settles(id ident.Member, set effect.Set) (ledger.Entry, bool) {
	for _, e := range set.Entries {
		for _, p := range e.Postings {
			if p.Account == ledger.Available(id) && p.Minor > 0 || p.Account == ledger.Receivable(id) && p.Minor < 0 {
				return e, true
			}
		}
	}
	return ledger.Entry{}, false
}

// settling adds to the sums of a set that is not written yet what it would let
// be paid off of a member's debt.
func settling(tx *store.Tx, id ident.Member, set effect.Set, sums map[ledger.Account]int64) error {
	e, moves := settles(id, set)
	if !moves {
		return nil
	}
	available, err := tx.Balance(ledger.Available(id), e.Currency)
	if err != nil {
		return err
	}
	owed, err := tx.Balance(ledger.Receivable(id), e.Currency)
	if err != nil {
		return err
	}
	has, owes := ledger.Available(id), ledger.Receivable(id)
	for _, p := range ledger.Settle(id, ledger.Settles(available.Minor+sums[has], -owed.Minor-sums[owes])) {
		sums[p.Account] += p.Minor
	}
	return nil
}

// settleDebt pays off what a member owes as far as what is available goes.
func (m *Market) settleDebt(tx *store.Tx, at time.Time, id ident.Member, c money.Currency) error {
	owed, err := tx.Balance(ledger.Receivable(id), c)
	if err != nil || owed.IsZero() {
		return err // hardly anybody owes
	}
	purse, err := tx.Purse(id, c)
	if err != nil {
		return err
	}
	owner, set, err := withdrawal.Settle(at, purse)
	if err != nil {
		return err
	}
	tx.Notify(string(id)) // their statement shows it
	return savePurse(tx, owner, set)
}

// sweepDebts pays off the debts of members who have and owe at once: those of a
// house that was open before money that comes in paid them off by itself.
func (m *Market) sweepDebts(ctx context.Context) (int, error) {
	var list []ident.Member
	err := m.store.View(ctx, func(tx *store.Tx) error {
		var err error
		list, err = tx.Debtors(sweepBatch)
		return err
	})
	if err != nil {
		return 0, err
	}
	return len(list), eachAtOnce(list, func(id ident.Member) error {
		return m.store.Update(ctx, func(tx *store.Tx) error { return m.settleDebt(tx, m.Now(), id, m.Policy().Currency) })
	})
}
