package store

import (
	"math"
	"time"

	"guildhall/internal/ident"
	"guildhall/internal/order"
	"guildhall/internal/policy"
	"guildhall/internal/store/db"
)

// Ask is who has to answer an order's open request until when. It stands beside
// the order, so that they find it.
type Ask struct {
	Order  ident.Order
	Member ident.Member
	Ends   time.Time
}

// SaveAsk keeps an ask, in place of the one before of the same order.
func (tx *Tx) SaveAsk(a Ask) error {
	return tx.q.AskPut(tx.ctx, string(a.Order), string(a.Member), micros(a.Ends))
}

// DropAsk forgets a request that ended.
func (tx *Tx) DropAsk(id ident.Order) error { return tx.q.AskDrop(tx.ctx, string(id)) }

// Asks are the orders with a request that a member has to answer, the one that
// ends first at the top.
func (tx *Tx) Asks(m ident.Member, most int) ([]order.Order, error) {
	rows, err := tx.q.AsksOf(tx.ctx, string(m), int64(most))
	if err != nil {
		return nil, err
	}
	return ordersOf(rowsOf(rows, func(r db.AsksOfRow) db.SalesSoonestRow { return db.SalesSoonestRow(r) }))
}

// InState are a member's orders in one state, the one that loses something
// first at the top.
func (tx *Tx) InState(m ident.Member, side order.Party, s order.State, most int) ([]order.Order, error) {
	bucket := string(order.Order{State: s}.Bucket())
	if side == order.Seller {
		rows, err := tx.q.NeedsSeller(tx.ctx, db.NeedsSellerParams{SellerID: string(m), Bucket: bucket, State: string(s), Most: int64(most)})
		if err != nil {
			return nil, err
		}
		return ordersOf(rowsOf(rows, func(r db.NeedsSellerRow) db.SalesSoonestRow { return db.SalesSoonestRow(r) }))
	}
	rows, err := tx.q.NeedsBuyer(tx.ctx, db.NeedsBuyerParams{BuyerID: string(m), Bucket: bucket, State: string(s), Most: int64(most)})
	if err != nil {
		return nil, err
	}
	return ordersOf(rowsOf(rows, func(r db.NeedsBuyerRow) db.SalesSoonestRow { return db.SalesSoonestRow(r) }))
}

func ordersOf(rows []db.SalesSoonestRow) ([]order.Order, error) {
	list := make([]order.Order, len(rows))
	for i, r := range rows {
		var err error
		if list[i], err = orderOf(r); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// ClassCounts is how many of a member's cancelled and refunded orders ended in
// which way, under the words and dates of a list.
func (tx *Tx) ClassCounts(w Wanted) (map[policy.Class]int, error) {
	from, to := window(w.From, w.To)
	var rows []db.SalesByClassRow
	var err error
	if w.Side == order.Seller {
		rows, err = tx.q.SalesByClass(tx.ctx, db.SalesByClassParams{SellerID: string(w.Member), CreatedAt: from, CreatedAt_2: to, Words: like(w.Words)})
	} else {
		var bought []db.PurchasesByClassRow
		bought, err = tx.q.PurchasesByClass(tx.ctx, db.PurchasesByClassParams{BuyerID: string(w.Member), CreatedAt: from, CreatedAt_2: to, Words: like(w.Words)})
		rows = rowsOf(bought, func(r db.PurchasesByClassRow) db.SalesByClassRow { return db.SalesByClassRow(r) })
	}
	counts := map[policy.Class]int{}
	for _, r := range rows {
		class := policy.Class(r.Class)
		if r.State == string(order.Refunded) {
			class = policy.ClassRefunded
		}
		counts[class] += int(r.N)
	}
	return counts, err
}

// ofClass is one page of the orders that ended in one way, newest first.
func (tx *Tx) ofClass(w Wanted) ([]db.SalesSoonestRow, error) {
	from, to := window(w.From, w.To)
	state, class := order.Cancelled, w.Class
	if w.Class == policy.ClassRefunded {
		state, class = order.Refunded, ""
	}
	p := db.SalesOfClassParams{
		SellerID: string(w.Member), State: string(state), Class: string(class), Column4: math.MaxInt64, Column5: lastID("order"),
		CreatedAt: from, CreatedAt_2: to, Words: like(w.Words), Most: int64(w.Most),
	}
	if w.After.ID != "" {
		p.Column4, p.Column5 = micros(w.After.At), string(w.After.ID)
	}
	if w.Side == order.Seller {
		rows, err := tx.q.SalesOfClass(tx.ctx, p)
		return rowsOf(rows, func(r db.SalesOfClassRow) db.SalesSoonestRow { return db.SalesSoonestRow(r) }), err
	}
	rows, err := tx.q.PurchasesOfClass(tx.ctx, db.PurchasesOfClassParams{
		BuyerID: p.SellerID, State: p.State, Class: p.Class, Column4: p.Column4, Column5: p.Column5,
		CreatedAt: p.CreatedAt, CreatedAt_2: p.CreatedAt_2, Words: p.Words, Most: p.Most,
	})
	return rowsOf(rows, func(r db.PurchasesOfClassRow) db.SalesSoonestRow { return db.SalesSoonestRow(r) }), err
}
