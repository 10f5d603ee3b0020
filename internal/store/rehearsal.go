package store

import (
	"guildhall/internal/ident"
	"guildhall/internal/order"
	"guildhall/internal/standing"
	"guildhall/internal/store/db"
)

// What a rehearsal of a policy reads: everything, in pages by key.

// SellersAfter reads sellers in the order of their ids.
func (tx *Tx) SellersAfter(after ident.Member, n int) ([]Seller, error) {
	return sellersOf(tx.q.RehearsalSellers(tx.ctx, string(after), int64(n)))
}

// PastsBetween reads all that ever went into the figures of the sellers between
// two ids, both included, and their warnings, by seller: what numbers are made
// of, not what stands behind them. It is read as of now or later, when no new
// buyer comes into it any more.
func (tx *Tx) PastsBetween(first, last ident.Member) (map[ident.Member]*standing.Past, error) {
	pasts := map[ident.Member]*standing.Past{}
	of := func(m ident.Member) *standing.Past {
		if pasts[m] == nil {
			pasts[m] = &standing.Past{}
		}
		return pasts[m]
	}
	lines, err := tx.q.RehearsalLines(tx.ctx, string(first), string(last))
	if err != nil {
		return nil, err
	}
	for _, r := range lines {
		past := of(ident.Member(r.MemberID))
		past.Lines = append(past.Lines, standing.Contribution{
			Figure: standing.Figure(r.Figure), Member: ident.Member(r.MemberID), Value: r.Value, At: fromMicros(r.At), Mark: standing.Mark(r.Mark),
		})
	}
	buyers, err := tx.q.RehearsalBuyers(tx.ctx, string(first), string(last))
	if err != nil {
		return nil, err
	}
	for _, r := range buyers {
		of(ident.Member(r.MemberID)).Buyers = &standing.Buyers{Others: int(r.N)}
	}
	warnings, err := tx.q.RehearsalWarnings(tx.ctx, string(first), string(last))
	for _, r := range warnings {
		w := warningOf(r)
		past := of(w.Member)
		past.Warnings = append(past.Warnings, standing.Warning{ID: w.ID, Given: w.Given, Until: w.Until, Lifted: w.Lifted})
	}
	return pasts, err
}

// OrdersByID reads orders in the order of their ids, after one and before
// another, without what was agreed in them.
func (tx *Tx) OrdersByID(after, before ident.Order, n int) ([]order.Order, error) {
	rows, err := tx.q.RehearsalOrders(tx.ctx, string(after), string(before), int64(n))
	if err != nil {
		return nil, err
	}
	list := make([]order.Order, len(rows))
	for i, r := range rows {
		if list[i], err = orderOf(db.SalesSoonestRow(r)); err != nil {
			return nil, err
		}
	}
	return list, nil
}
