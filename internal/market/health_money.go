package market

import (
	"cmp"
	"context"
	"slices"

	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/money"
	"guildhall/internal/store"
)

// ListedHeld is what HealthList calls the orders for which money is held.
const ListedHeld = "escrow"

// ListedMoney are the accounts that HealthList lists by order: what is held, and
// what moved the house's own.
func ListedMoney() []string { return append([]string{ListedHeld}, HealthEarned()...) }

// BalancePots are the accounts that HealthBalances lists by seller.
func BalancePots() []string { return []string{"pending", "available"} }

// sealAll seals what is not sealed yet, so that sums of days, which know what is
// sealed, and lists, which know what is written, tell the same. A house that
// cannot write now is shown all the same, as of its last seal.
func (m *Market) sealAll(ctx context.Context) {
	for {
		n, err := m.Seal(ctx)
		if err != nil {
			m.log.WarnContext(ctx, "the books could not be sealed before they were shown", "error", err)
		}
		if n == 0 {
			return
		}
	}
}

// moneyOf is the number that a list of money adds up to; nil for other lists.
func moneyOf(tx *store.Tx, what string, first, last store.Day, c money.Currency) (*money.Amount, error) {
	if !slices.Contains(ListedMoney(), what) && !slices.Contains(BalancePots(), what) {
		return nil, nil
	}
	before, moved, err := tx.Money(first, last, c)
	if err != nil {
		return nil, err
	}
	sum := money.Zero(c)
	if !slices.Contains(HealthEarned(), what) {
		sum.Minor = before[what]
	}
	for _, d := range moved {
		if d.Pot == what {
			sum.Minor += d.Minor
		}
	}
	return &sum, nil
}

// held lists the orders for which money was held when a day began: those that
// run still, the newest first, and then those that have ended since.
func held(tx *store.Tx, at store.Day, c money.Currency, after store.ListPlace, most int) (rows []Listed, err error) {
	if after.Seq == stillRuns {
		if rows, err = tx.ListHeld(at, c, after, most); err != nil {
			return nil, err
		}
		after = store.ListPlace{}
	}
	var ended []Listed
	for _, way := range Ways() {
		some, err := tx.ListHeldEnded(at, c, way, after, most)
		if err != nil {
			return nil, err
		}
		ended = append(ended, some...)
	}
	slices.SortFunc(ended, func(a, b Listed) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
	for i := range ended {
		ended[i].Seq = hasEnded
	}
	rows = append(rows, ended...)
	return rows[:min(len(rows), most)], nil
}

// Which part of that list a cursor is in.
const (
	stillRuns = iota
	hasEnded
)

// Balance is what lay in a seller's account.
type Balance = store.Held

// HealthBalanceList is one page of what sellers have in one kind of account.
type HealthBalanceList struct {
	Range
	Pot   string
	Rows  []Balance
	Sum   money.Amount // of all of them
	Next  Cursor
	Looks []HouseLook
}

// HealthBalances lists whose money lay in a kind of account at the end of a
// range, one of BalancePots. That somebody looked is written down. Errors:
// fault.Invalid beside pot, from, to or cursor; fault.NotFound for anyone but an
// operator.
func (m *Market) HealthBalances(ctx context.Context, who member.Actor, pot string, r Range, after Cursor, most int) (HealthBalanceList, error) {
	if err := who.NeedOperator(); err != nil {
		return HealthBalanceList{}, err
	}
	if !slices.Contains(BalancePots(), pot) {
		return HealthBalanceList{}, fault.Invalid("pot", "Choose from the list.")
	}
	first, last, err := r.days(m.Now())
	if err != nil {
		return HealthBalanceList{}, err
	}
	past, err := after.member()
	if err != nil {
		return HealthBalanceList{}, err
	}
	m.sealAll(ctx)
	size, currency := pageSize(most), m.Policy().Currency
	var list HealthBalanceList
	err = m.store.Update(ctx, func(tx *store.Tx) error {
		list = HealthBalanceList{Range: Range{first.Start(), (last - 1).Start()}, Pot: pot}
		if list.Rows, err = tx.ListBalances(pot, last, past, size+1); err != nil {
			return err
		}
		if len(list.Rows) > size {
			list.Rows = list.Rows[:size]
			list.Next = cursorOf(string(list.Rows[size-1].ID))
		}
		sum, err := moneyOf(tx, pot, first, last, currency)
		if err != nil {
			return err
		}
		list.Sum = *sum
		list.Looks, err = m.lookAtList(tx, who, "sellers: "+pot, list.Range, len(list.Rows))
		return err
	})
	return list, err
}

// member opens a cursor that is somebody's id.
func (c Cursor) member() (ident.Member, error) {
	parts, err := c.parts(1)
	if parts == nil || err != nil {
		return "", err
	}
	return ident.Member(parts[0]), nil
}

// OnLevel is a seller who stands on a level, or on none, as everybody may see it.
type OnLevel = store.OnLevel

// SellersOn lists the sellers on a level now, or on NoLevel. What is in it
// stands on their public pages, so no look is written down. Errors:
// fault.Invalid beside level or cursor; fault.NotFound for anyone but an
// operator.
func (m *Market) SellersOn(ctx context.Context, who member.Actor, level string, after Cursor, most int) (list []OnLevel, next Cursor, err error) {
	if err := who.NeedOperator(); err != nil {
		return nil, "", err
	}
	past, err := after.member()
	if err != nil {
		return nil, "", err
	}
	size := pageSize(most)
	err = m.store.View(ctx, func(tx *store.Tx) error {
		counts, err := levelCounts(tx, m.Policy())
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(counts, func(c LevelCount) bool { return c.Level == level }) {
			return fault.Invalid("level", "Choose from the list.")
		}
		on := level
		if on == NoLevel {
			on = ""
		}
		list, err = tx.ListSellers(on, past, size+1)
		return err
	})
	if len(list) > size {
		list = list[:size]
		next = cursorOf(string(list[size-1].ID))
	}
	return list, next, err
}
