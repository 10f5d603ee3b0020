package store

import (
	"guildhall/internal/ident"
	"guildhall/internal/ledger"
	"guildhall/internal/money"
	"guildhall/internal/store/db"
	"guildhall/internal/withdrawal"
)

// AddWithdrawal writes a new withdrawal.
func (tx *Tx) AddWithdrawal(w withdrawal.Withdrawal) error {
	return tx.q.WithdrawalInsert(tx.ctx, db.WithdrawalInsertParams{
		ID: string(w.ID), MemberID: string(w.Member), Amount: w.Amount.Minor, Currency: string(w.Amount.Currency),
		Account: w.To, State: string(w.State), Why: w.Why, AskedAt: micros(w.Asked),
	})
}

// SaveWithdrawal writes how it ended; ErrStale when somebody was first.
func (tx *Tx) SaveWithdrawal(w withdrawal.Withdrawal) error {
	_, err := tx.fenced.WithdrawalUpdate(tx.ctx, db.WithdrawalUpdateParams{
		ID: string(w.ID), Version: int64(w.Version), State: string(w.State), Why: w.Why, EndedAt: microsOrNull(w.Ended),
	})
	return stale(err)
}

// Withdrawal reads one withdrawal. Errors: ErrNotFound.
func (tx *Tx) Withdrawal(id ident.Withdrawal) (withdrawal.Withdrawal, error) {
	r, err := tx.q.WithdrawalByID(tx.ctx, string(id))
	return withdrawalOf(r), err
}

// Withdrawals are a member's withdrawals, newest first.
func (tx *Tx) Withdrawals(m ident.Member, before ident.Withdrawal, most int) ([]withdrawal.Withdrawal, error) {
	if before == "" {
		before = ident.Withdrawal(lastID("withdrawal"))
	}
	rows, err := tx.q.WithdrawalsOf(tx.ctx, string(m), string(before), int64(most))
	return rowsOf(rows, withdrawalOf), err
}

// Purse is what a decision about a member's money needs to know.
func (tx *Tx) Purse(id ident.Member, c money.Currency) (p withdrawal.Purse, err error) {
	if p.Owner, err = tx.Member(id); err != nil {
		return p, err
	}
	if p.Head, err = tx.BooksHead(string(id)); err != nil {
		return p, err
	}
	if p.Available, err = tx.Balance(ledger.Available(id), c); err != nil {
		return p, err
	}
	p.Owed, err = tx.Balance(ledger.Receivable(id), c)
	p.Owed = p.Owed.Neg()
	return p, err
}

// Debtors are members who owe the house while there is money of theirs that could
// pay it off, at most n.
func (tx *Tx) Debtors(n int) ([]ident.Member, error) {
	owed := string(ledger.Receivable(""))
	rows, err := tx.q.BalanceDebtors(tx.ctx, db.BalanceDebtorsParams{
		Tail: int32(len(owed) + 1), Available: string(ledger.Available("")), After: owed, UpTo: owed + lastID("member"), Most: int64(n),
	})
	return rowsOf(rows, func(id string) ident.Member { return ident.Member(id) }), err
}

func withdrawalOf(r db.Withdrawal) withdrawal.Withdrawal {
	return withdrawal.Withdrawal{
		ID: ident.Withdrawal(r.ID), Member: ident.Member(r.MemberID), Amount: money.Of(r.Amount, money.Currency(r.Currency)),
		To: r.Account, State: withdrawal.State(r.State), Why: r.Why, Asked: fromMicros(r.AskedAt), Ended: fromMicrosOrNull(r.EndedAt), Version: int(r.Version),
	}
}
