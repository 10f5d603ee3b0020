package market

import (
	"context"
	"slices"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/order"
	"guildhall/internal/policy"
	"guildhall/internal/store"
)

// ListQuery is what a Sales page, or its mirror for the buyer, is asked for.
type ListQuery struct {
	Side  order.Party // Buyer or Seller
	Tab   string
	Class policy.Class // within the cancelled ones: only those that ended so; empty for all
	Words string
	From  time.Time // ordered at or after; zero for any
	To    time.Time // ordered before; zero for any
	After Cursor
	Most  int // rows of a page, 1 to 100; 0 is 25
}

// OrderList is one page of orders with the counts of every tab.
type OrderList struct {
	Tab    order.Tab
	Tabs   []TabCount
	Ways   []WayCount // how the cancelled ones ended, on their tab
	Class  policy.Class
	Rows   []OrderRow
	Next   Cursor // empty on the last page
	Filter bool   // words, dates or a way to end were given
}

// TabCount is a tab with the length of its list.
type TabCount struct {
	order.Tab
	Count int
}

// WayCount is one way for an order to end, with the length of its list.
type WayCount struct {
	Class policy.Class
	Count int
}

// OrderRow is one order in a list with the other party's public face.
type OrderRow struct {
	Order order.Order
	Other member.Member
}

// OrderList is a member's sales or purchases. Every count equals the length of
// its list (rulebook section 3). Errors: fault.Invalid for a broken cursor.
func (m *Market) OrderList(ctx context.Context, who member.Actor, q ListQuery) (OrderList, error) {
	if err := who.Need(member.ScopeRead); err != nil {
		return OrderList{}, err
	}
	w := store.Wanted{
		Member: who.Member, Side: q.Side, Tab: order.TabNamed(q.Side, q.Tab),
		Words: q.Words, From: q.From, To: q.To, Most: pageSize(q.Most) + 1,
	}
	var err error
	if w.After, err = q.After.order(); err != nil {
		return OrderList{}, err
	}
	if slices.Contains(w.Tab.Buckets, order.BucketCancelled) && slices.Contains(policy.Classes(), q.Class) {
		w.Class = q.Class
	}
	list := OrderList{Tab: w.Tab, Class: w.Class, Filter: w.Class != "" || q.Words != "" || !q.From.IsZero() || !q.To.IsZero()}
	err = m.store.View(ctx, func(tx *store.Tx) error {
		counts, err := tx.Counts(w)
		if err != nil {
			return err
		}
		list.Tabs = tabCounts(q.Side, counts)
		if list.Ways, err = ways(tx, w); err != nil {
			return err
		}
		orders, err := tx.Orders(w)
		if err != nil {
			return err
		}
		list.Next = Cursor("")
		if len(orders) == w.Most {
			orders = orders[:w.Most-1]
			last := orders[len(orders)-1]
			list.Next = orderCursor(store.Place{At: last.RankAt(), ID: last.ID})
		}
		list.Rows, err = rowsWith(tx, orders, q.Side)
		return err
	})
	return list, err
}

func tabCounts(side order.Party, counts map[order.Bucket]int) []TabCount {
	var tabs []TabCount
	for _, t := range order.Tabs(side) {
		n := 0
		for _, b := range t.Buckets {
			n += counts[b]
		}
		tabs = append(tabs, TabCount{t, n})
	}
	return tabs
}

// ways counts how cancelled orders ended, where a list shows them.
func ways(tx *store.Tx, w store.Wanted) ([]WayCount, error) {
	if !slices.Contains(w.Tab.Buckets, order.BucketCancelled) {
		return nil, nil
	}
	counts, err := tx.ClassCounts(w)
	var list []WayCount
	for _, c := range policy.Classes() {
		if counts[c] > 0 || c == w.Class {
			list = append(list, WayCount{c, counts[c]})
		}
	}
	return list, err
}

func rowsWith(tx *store.Tx, orders []order.Order, side order.Party) ([]OrderRow, error) {
	known := map[ident.Member]member.Member{}
	rows := make([]OrderRow, len(orders))
	for i, o := range orders {
		id := o.Other(side)
		if _, ok := known[id]; !ok {
			other, err := tx.Member(id)
			if err != nil {
				return nil, err
			}
			known[id] = other
		}
		rows[i] = OrderRow{o, known[id]}
	}
	return rows, nil
}

// pageSize keeps a page between 1 and 100 rows.
func pageSize(n int) int {
	if n <= 0 {
		return 25
	}
	return min(n, 100)
}

var errCursor = fault.Invalid("cursor", "This page address is broken. Start from the first page.")
