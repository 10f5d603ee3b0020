package store

import (
	"time"

	"guildhall/internal/ident"
	"guildhall/internal/money"
	"guildhall/internal/order"
	"guildhall/internal/store/db"
)

// AddPayment writes a new attempt to pay.
func (tx *Tx) AddPayment(p order.Payment) error {
	r := paymentRow(p)
	r.Version = 1
	tx.leaves(r.ID, r)
	return tx.q.PaymentInsert(tx.ctx, db.PaymentInsertParams{
		ID: r.ID, OrderID: r.OrderID, MemberID: r.MemberID, Provider: r.Provider, Method: r.Method, Ref: r.Ref, Amount: r.Amount,
		Currency: r.Currency, State: r.State, Reason: r.Reason, Step: r.Step, CreatedAt: r.CreatedAt, Request: r.Request,
	})
}

// SavePayment writes what the provider said; ErrStale when somebody was first.
func (tx *Tx) SavePayment(p order.Payment) error {
	r := paymentRow(p)
	_, err := tx.fenced.PaymentUpdate(tx.ctx, db.PaymentUpdateParams{
		ID: r.ID, Version: r.Version, Method: r.Method, Ref: r.Ref, State: r.State, Reason: r.Reason, Step: r.Step,
		SettledAt: r.SettledAt, RefundedAt: r.RefundedAt,
	})
	r.Version++
	tx.leaves(r.ID, r)
	return stale(err)
}

// Payment reads one attempt. Errors: ErrNotFound.
func (tx *Tx) Payment(id ident.Payment) (order.Payment, error) {
	r, err := known(tx, id, func() (db.Payment, error) { return tx.q.PaymentByID(tx.ctx, string(id)) })
	return paymentOf(r), err
}

// PaymentsOf are the attempts to pay an order, oldest first.
func (tx *Tx) PaymentsOf(o ident.Order) ([]order.Payment, error) {
	rows, err := tx.q.PaymentsOfOrder(tx.ctx, string(o))
	return rowsOf(rows, paymentOf), err
}

// PaymentsOpen are the payments of which no end was heard, begun before an instant
// and after a place in their list, the oldest first; but for those that an errand
// asks about already.
func (tx *Tx) PaymentsOpen(after order.Payment, until time.Time, most int) ([]order.Payment, error) {
	rows, err := tx.q.PaymentsOpen(tx.ctx, db.PaymentsOpenParams{
		CreatedAt: micros(after.Created), ID: string(after.ID), CreatedAt_2: micros(until), Column4: int64(most),
	})
	return rowsOf(rows, paymentOf), err
}

// PaymentsSettled are a member's payments that took money, newest first.
func (tx *Tx) PaymentsSettled(m ident.Member, before ident.Payment, most int) ([]order.Payment, error) {
	if before == "" {
		before = ident.Payment(lastID("payment"))
	}
	rows, err := tx.q.PaymentsSettled(tx.ctx, string(m), string(before), int64(most))
	return rowsOf(rows, paymentOf), err
}

func paymentRow(p order.Payment) db.Payment {
	return db.Payment{
		ID: string(p.ID), OrderID: string(p.Order), MemberID: string(p.Member), Provider: p.Provider, Method: p.Method, Ref: p.Ref,
		Amount: p.Amount.Minor, Currency: string(p.Amount.Currency), State: string(p.State), Reason: p.Reason, Step: p.Step,
		CreatedAt: micros(p.Created), SettledAt: microsOrNull(p.Settled), RefundedAt: microsOrNull(p.RefundedAt),
		Version: int64(p.Version), Request: int64(p.Request),
	}
}

func paymentOf(r db.Payment) order.Payment {
	return order.Payment{
		ID: ident.Payment(r.ID), Order: ident.Order(r.OrderID), Member: ident.Member(r.MemberID),
		Provider: r.Provider, Method: r.Method, Ref: r.Ref, Amount: money.Of(r.Amount, money.Currency(r.Currency)),
		State: order.PaymentState(r.State), Reason: r.Reason, Step: r.Step,
		Created: fromMicros(r.CreatedAt), Settled: fromMicrosOrNull(r.SettledAt), RefundedAt: fromMicrosOrNull(r.RefundedAt), Version: int(r.Version),
		Request: int(r.Request),
	}
}
