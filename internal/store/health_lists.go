package store

import (
	"time"

	"guildhall/internal/ident"
	"guildhall/internal/ledger"
	"guildhall/internal/money"
	"guildhall/internal/order"
	"guildhall/internal/policy"
	"guildhall/internal/store/db"
)

// ListHeld lists the orders for which money was held when a day began and that
// run still, the newest first, each with how much.
func (tx *Tx) ListHeld(at Day, c money.Currency, after ListPlace, most int) ([]Listed, error) {
	before := string(ident.First[ident.Order](at.Start()))
	if after.ID != "" {
		before = min(before, after.ID)
	}
	rows, err := tx.q.HeldRunning(tx.ctx, db.HeldRunningParams{
		Before: micros(at.Start()), UpTo: before, Currency: string(c), Most: int64(most),
	})
	return rowsOf(rows, func(r db.HeldRunningRow) Listed { return heldOf(r, fromMicros(r.CreatedAt)) }), err
}

// ListHeldEnded lists those that have ended since, in one way, the earliest end
// first.
func (tx *Tx) ListHeldEnded(at Day, c money.Currency, way string, after ListPlace, most int) ([]Listed, error) {
	p := db.HeldEndedParams{
		Before: micros(at.Start()), State: way, UpTo: string(ident.First[ident.Order](at.Start())), Currency: string(c), Most: int64(most),
	}
	if way != string(order.Completed) && way != string(order.Refunded) {
		p.State, p.Class = string(order.Cancelled), way
	}
	if after.ID != "" {
		p.AfterAt, p.AfterID = micros(after.At), after.ID
	}
	rows, err := tx.q.HeldEnded(tx.ctx, p)
	return rowsOf(rows, func(r db.HeldEndedRow) Listed { return heldOf(db.HeldRunningRow(r), fromMicrosOrNull(r.EndedAt)) }), err
}

func heldOf(r db.HeldRunningRow, at time.Time) Listed {
	l := listed(db.OrdersPlacedRow{
		ID: r.ID, Ref: r.Ref, Title: r.Title, Currency: r.Currency, Total: r.Total, State: r.State, Class: r.Class,
		CreatedAt: r.CreatedAt, PaidAt: r.PaidAt, EndedAt: r.EndedAt,
	}, at)
	l.Part = money.Of(r.Part, l.Total.Currency)
	return l
}

// ListMoved lists what moved one of the house's own accounts on the days from
// first up to last, the newest first: the order, and how much.
func (tx *Tx) ListMoved(a ledger.Account, first, last Day, c money.Currency, after ListPlace, most int) ([]Listed, error) {
	p := db.HouseMovedParams{Account: string(a), At: micros(first.Start()), Column3: micros(last.Start()), Currency: string(c), Most: int64(most)}
	if after.ID != "" {
		p.Column3, p.Column4, p.Column5 = micros(after.At), after.ID, int64(after.Seq)
	}
	rows, err := tx.q.HouseMoved(tx.ctx, p)
	return rowsOf(rows, func(r db.HouseMovedRow) Listed {
		return Listed{
			ID: ident.Order(r.Stream), Ref: r.Ref, Title: r.Title, Total: money.Of(r.Total, money.Currency(r.Currency)),
			State: order.State(r.State), Class: policy.Class(r.Class), Seq: int(r.No), At: fromMicros(r.At),
			Part: money.Of(r.Minor, c), Entry: ledger.Kind(r.Kind),
		}
	}), err
}

// Held is what lay in somebody's account.
type Held struct {
	ID           ident.Member
	Name, Handle string
	Minor        int64
}

// ListBalances lists whose accounts of a kind held money when a day began, by id.
func (tx *Tx) ListBalances(kind string, at Day, after ident.Member, most int) ([]Held, error) {
	start := kind + ":"
	rows, err := tx.q.BalancesAt(tx.ctx, db.BalancesAtParams{
		Before: micros(at.Start()), Tail: int32(len(start) + 1), After: start + string(after), UpTo: start + lastID("member"), Most: int64(most),
	})
	return rowsOf(rows, func(r db.BalancesAtRow) Held { return Held{ident.Member(r.ID), r.Name, r.Handle, r.Minor} }), err
}

// SellersOn counts the sellers on each level that anybody stands on, and those
// on none.
func (tx *Tx) SellersOn() (on map[string]int, none int, err error) {
	rows, err := tx.q.SellersByLevel(tx.ctx)
	if err != nil {
		return nil, 0, err
	}
	on = map[string]int{}
	for _, r := range rows {
		on[r.Level] = int(r.N)
	}
	n, err := tx.q.SellersPlain(tx.ctx)
	return on, int(n), err
}

// OnLevel is a seller who stands on a level, or on none, as everybody may see it.
type OnLevel struct {
	ID           ident.Member
	Name, Handle string
	Since        time.Time // on the level; on none, since the shop was opened
	Completed    int
}

// ListSellers lists who stands on a level, by id; the empty level is none.
func (tx *Tx) ListSellers(level string, after ident.Member, most int) ([]OnLevel, error) {
	if level == "" {
		rows, err := tx.q.SellersPlainAfter(tx.ctx, string(after), int64(most))
		return rowsOf(rows, func(r db.SellersPlainAfterRow) OnLevel {
			return OnLevel{ident.Member(r.ID), r.Name, r.Handle, fromMicrosOrNull(r.FromAt), int(r.Completed)}
		}), err
	}
	rows, err := tx.q.SellersOnLevelAfter(tx.ctx, level, string(after), int64(most))
	return rowsOf(rows, func(r db.SellersOnLevelAfterRow) OnLevel {
		return OnLevel{ident.Member(r.ID), r.Name, r.Handle, fromMicrosOrNull(r.SinceAt), int(r.Completed)}
	}), err
}
