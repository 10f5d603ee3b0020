package market

import (
	"context"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/ledger"
	"guildhall/internal/member"
	"guildhall/internal/money"
	"guildhall/internal/order"
	"guildhall/internal/store"
	"guildhall/internal/withdrawal"
)

// Pot is one of a member's accounts, in plain words.
type Pot string

// The pots that a statement shows.
const (
	PotAvailable Pot = "available" // can be withdrawn
	PotPending   Pot = "pending"   // earned, not cleared yet
)

func (p Pot) account(m ident.Member) (ledger.Account, error) {
	switch p {
	case PotAvailable, "":
		return ledger.Available(m), nil
	case PotPending:
		return ledger.Pending(m), nil
	}
	return "", fault.NotFound("There is no such statement.")
}

// Statement is a member's money: what stands in each pot and where each cent
// came from.
type Statement struct {
	Pot       Pot
	Available money.Amount
	Pending   money.Amount
	Owed      money.Amount // to the house, for what was taken back and was not there any more
	Lines     []StatementLine
	Next      Cursor

	NewestAvailable []StatementLine // what stands behind Available, the newest three
	NewestPending   []StatementLine // and behind Pending
}

// Free is what of the available money may be withdrawn.
func (s Statement) Free() money.Amount { return withdrawal.Free(s.Available, s.Owed) }

// StatementLine is one movement and the balance after it.
type StatementLine struct {
	store.Line
	Balance money.Amount
	Order   order.Order // that it belongs to; zero for a withdrawal
	Clears  time.Time   // when pending money becomes available
}

// Statement is one page of a pot of the actor's own money, newest first.
// Errors: fault.NotFound for an unknown pot, fault.Invalid for a broken cursor.
func (m *Market) Statement(ctx context.Context, who member.Actor, pot Pot, after Cursor, most int) (Statement, error) {
	if err := who.Need(member.ScopeRead); err != nil {
		return Statement{}, err
	}
	account, err := pot.account(who.Member)
	if err != nil {
		return Statement{}, err
	}
	place, err := after.line()
	if err != nil {
		return Statement{}, err
	}
	currency := m.Policy().Currency
	s := Statement{Pot: pot}
	err = m.store.View(ctx, func(tx *store.Tx) error {
		if s.Available, err = tx.Balance(ledger.Available(who.Member), currency); err != nil {
			return err
		}
		if s.Pending, err = tx.Balance(ledger.Pending(who.Member), currency); err != nil {
			return err
		}
		if s.Owed, err = tx.Balance(ledger.Receivable(who.Member), currency); err != nil {
			return err
		}
		s.Owed = s.Owed.Neg()
		if s.NewestAvailable, err = newest(tx, ledger.Available(who.Member), s.Available); err != nil {
			return err
		}
		if s.NewestPending, err = newest(tx, ledger.Pending(who.Member), s.Pending); err != nil {
			return err
		}
		size := pageSize(most)
		lines, balance, err := tx.Statement(account, currency, place, size+1)
		if err != nil {
			return err
		}
		if s.Next = ""; len(lines) > size {
			lines = lines[:size]
			last := lines[size-1]
			s.Next = lineCursor(store.LinePlace{At: last.At, Stream: last.Stream, No: last.No})
		}
		s.Lines, err = explain(tx, lines, balance)
		return err
	})
	return s, err
}

// newest are the newest three lines behind a balance.
func newest(tx *store.Tx, a ledger.Account, balance money.Amount) ([]StatementLine, error) {
	lines, _, err := tx.Statement(a, balance.Currency, store.LinePlace{}, 3)
	if err != nil {
		return nil, err
	}
	return explain(tx, lines, balance)
}

// explain puts the running balance and the order behind each line.
func explain(tx *store.Tx, lines []store.Line, balance money.Amount) ([]StatementLine, error) {
	var ids []ident.Order
	for _, l := range lines {
		if id := ident.Order(l.Stream); ident.Valid(id) {
			ids = append(ids, id)
		}
	}
	orders, err := tx.ManyOrders(ids...)
	if err != nil {
		return nil, err
	}
	out := make([]StatementLine, len(lines))
	for i, l := range lines {
		o := orders[ident.Order(l.Stream)]
		out[i] = StatementLine{Line: l, Balance: balance, Order: o, Clears: o.Life.ClearsAt}
		balance.Minor -= l.Amount.Minor
	}
	return out, nil
}

// Spending is one payment of a buyer: what was paid for which order, and where
// the money is now.
type Spending struct {
	Payment order.Payment
	Order   order.Order
}

// Spendings are the actor's payments that took money, newest first.
// Errors: fault.Invalid for a broken cursor.
func (m *Market) Spendings(ctx context.Context, who member.Actor, after Cursor, most int) ([]Spending, Cursor, error) {
	if err := who.Need(member.ScopeRead); err != nil {
		return nil, "", err
	}
	parts, err := after.parts(1)
	if err != nil {
		return nil, "", err
	}
	var before ident.Payment
	if parts != nil {
		before = ident.Payment(parts[0])
	}
	var list []Spending
	var next Cursor
	size := pageSize(most)
	err = m.store.View(ctx, func(tx *store.Tx) error {
		payments, err := tx.PaymentsSettled(who.Member, before, size+1)
		if err != nil {
			return err
		}
		if next = ""; len(payments) > size {
			payments = payments[:size]
			next = cursorOf(string(payments[size-1].ID))
		}
		ids := make([]ident.Order, len(payments))
		for i, p := range payments {
			ids[i] = p.Order
		}
		orders, err := tx.ManyOrders(ids...)
		if err != nil {
			return err
		}
		list = make([]Spending, len(payments))
		for i, p := range payments {
			list[i] = Spending{p, orders[p.Order]}
		}
		return nil
	})
	return list, next, err
}
