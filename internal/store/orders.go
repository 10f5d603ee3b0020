package store

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"guildhall/internal/gig"
	"guildhall/internal/ident"
	"guildhall/internal/ledger"
	"guildhall/internal/money"
	"guildhall/internal/order"
	"guildhall/internal/policy"
	"guildhall/internal/store/db"
)

// AddOrder writes a new order with what was bought. people are the parties'
// names, which the lists search in beside ref and title.
func (tx *Tx) AddOrder(o order.Order, p policy.Version, people ...string) error {
	life, err := json.Marshal(o.Life)
	if err != nil {
		return err
	}
	agreement, err := json.Marshal(o.Agreement)
	if err != nil {
		return err
	}
	words := strings.ToLower(strings.Join(append([]string{o.Ref, o.Title}, people...), " "))
	row := db.OrderInsertParams{
		ID: string(o.ID), Ref: o.Ref, BuyerID: string(o.Buyer), SellerID: string(o.Seller), GigID: string(o.Gig),
		PolicyID: string(o.Policy), Title: o.Title, Currency: string(o.Total.Currency), Total: o.Total.Minor,
		State: string(o.State), Class: string(o.Class), Bucket: string(o.Bucket()), Words: words,
		Version: 1, Seq: int64(o.Seq), BooksNo: int64(o.Books.No), BooksHash: o.Books.Hash,
		CreatedAt: micros(o.CreatedAt), PaidAt: microsOrNull(o.PaidAt), DueAt: microsOrNull(o.DueAt),
		EndedAt: microsOrNull(o.EndedAt), RankAt: micros(o.RankAt()), NextAt: nextAt(o, p), Life: string(life),
	}
	if err := tx.q.OrderInsert(tx.ctx, row); err != nil {
		return err
	}
	if err := tx.q.OrderAgreementInsert(tx.ctx, string(o.ID), string(agreement)); err != nil {
		return err
	}
	tx.leaves(row.ID, db.OrderByIDRow{
		ID: row.ID, Ref: row.Ref, BuyerID: row.BuyerID, SellerID: row.SellerID, GigID: row.GigID, PolicyID: row.PolicyID,
		Title: row.Title, Currency: row.Currency, Total: row.Total, State: row.State, Class: row.Class, Version: row.Version,
		Seq: row.Seq, BooksNo: row.BooksNo, BooksHash: row.BooksHash, CreatedAt: row.CreatedAt, PaidAt: row.PaidAt,
		DueAt: row.DueAt, EndedAt: row.EndedAt, Life: row.Life, Body: string(agreement),
	})
	if err := tx.recount(order.Order{}, o); err != nil {
		return err
	}
	return tx.tally(order.Order{}, o)
}

// SaveOrder writes what a decision changed. was is the order as it was loaded;
// ErrStale when somebody else wrote first.
func (tx *Tx) SaveOrder(was, o order.Order, p policy.Version) error {
	life, err := json.Marshal(o.Life)
	if err != nil {
		return err
	}
	if err := tx.updateOrder(was, o, nextAt(o, p), string(life)); err != nil {
		return stale(err)
	}
	lives.write(string(life), o.Life)
	tx.leavesOrder(was, o, string(life))
	if err := tx.rewrite(was, o); err != nil {
		return err
	}
	if err := tx.recount(was, o); err != nil {
		return err
	}
	if err := tx.tally(was, o); err != nil {
		return err
	}
	return tx.reload(was, o)
}

// updateOrder writes the row, its place in the lists only when that changed:
// two of the indexes need not be touched otherwise.
func (tx *Tx) updateOrder(was, o order.Order, next *int64, life string) (err error) {
	if o.Bucket() == was.Bucket() && o.RankAt().Equal(was.RankAt()) {
		_, err = tx.fenced.OrderUpdateInPlace(tx.ctx, db.OrderUpdateInPlaceParams{
			ID: string(o.ID), Version: int64(was.Version), State: string(o.State), Class: string(o.Class),
			Seq: int64(o.Seq), BooksNo: int64(o.Books.No), BooksHash: o.Books.Hash, PaidAt: microsOrNull(o.PaidAt),
			DueAt: microsOrNull(o.DueAt), EndedAt: microsOrNull(o.EndedAt), NextAt: next, Life: life,
		})
		return err
	}
	_, err = tx.fenced.OrderUpdate(tx.ctx, db.OrderUpdateParams{
		ID: string(o.ID), Version: int64(was.Version), State: string(o.State), Class: string(o.Class), Bucket: string(o.Bucket()),
		Seq: int64(o.Seq), BooksNo: int64(o.Books.No), BooksHash: o.Books.Hash, PaidAt: microsOrNull(o.PaidAt),
		DueAt: microsOrNull(o.DueAt), EndedAt: microsOrNull(o.EndedAt), RankAt: micros(o.RankAt()),
		NextAt: next, Life: life,
	})
	return err
}

// leavesOrder notes how a save leaves the row, as long as no more than its course
// has changed.
func (tx *Tx) leavesOrder(was, o order.Order, life string) {
	row, _ := tx.leftBehind(string(o.ID))
	r, known := row.(db.OrderByIDRow)
	if !known || int(r.Version) != was.Version || rewritten(was, o) {
		tx.leaves(string(o.ID), nil)
		return
	}
	r.State, r.Class, r.Version, r.Seq, r.Life = string(o.State), string(o.Class), r.Version+1, int64(o.Seq), life
	r.BooksNo, r.BooksHash = int64(o.Books.No), o.Books.Hash
	r.PaidAt, r.DueAt, r.EndedAt = microsOrNull(o.PaidAt), microsOrNull(o.DueAt), microsOrNull(o.EndedAt)
	tx.leaves(r.ID, r)
}

// rewritten tells whether an order is about something else than before.
func rewritten(was, o order.Order) bool {
	return was.Total != o.Total || was.Life.Swaps != o.Life.Swaps
}

// rewrite changes what an order is about: added work costs more, a swap puts
// another gig in its place.
func (tx *Tx) rewrite(was, o order.Order) error {
	if !rewritten(was, o) {
		return nil
	}
	words := ""
	if was.Title != o.Title {
		words = " " + strings.ToLower(o.Title)
	}
	if _, err := tx.q.OrderRewrite(tx.ctx, db.OrderRewriteParams{
		ID: string(o.ID), GigID: string(o.Gig), Title: o.Title, Total: o.Total.Minor, Words: words,
	}); err != nil || was.Life.Swaps == o.Life.Swaps {
		return err
	}
	agreement, err := json.Marshal(o.Agreement)
	if err != nil {
		return err
	}
	_, err = tx.q.OrderAgreementReplace(tx.ctx, string(o.ID), string(agreement))
	return err
}

// nextAt is the earliest deadline as it is stored, for the sweep.
func nextAt(o order.Order, p policy.Version) *int64 {
	d, ok := order.Next(o, p)
	if !ok {
		return nil
	}
	return microsOrNull(d.At)
}

// recount keeps the number of orders in each bucket of both parties. Rows are
// touched in one order, so that two orders never wait for each other in a circle.
func (tx *Tx) recount(was, o order.Order) error {
	type step struct {
		bucket order.Bucket
		n      int64
	}
	steps := []step{{o.Bucket(), 1}}
	if was.ID != "" {
		if was.Bucket() == o.Bucket() {
			return nil
		}
		steps = append(steps, step{was.Bucket(), -1})
		slices.SortFunc(steps, func(a, b step) int { return cmp.Compare(a.bucket, b.bucket) })
	}
	var counts []any
	for _, side := range []struct{ member, side string }{{string(o.Buyer), "buyer"}, {string(o.Seller), "seller"}} {
		for _, s := range steps {
			if !unpaid(s.bucket) {
				counts = append(counts, side.member, side.side, string(s.bucket), s.n)
			}
		}
	}
	return tx.insert(countRows, counts)
}

var countRows = insertOf("OrderCountAdd", "order_counts (member_id, side, bucket, n)",
	"ON CONFLICT (member_id, side, bucket) DO UPDATE SET n = order_counts.n + excluded.n")

// unpaid tells whether a bucket is the buyer's own affair. Every order passes
// through it, so it is counted when somebody looks, not in every order's way.
func unpaid(b order.Bucket) bool { return b == order.BucketUnpaid || b == order.BucketAbandoned }

// reload keeps the number of places of a gig that are taken.
func (tx *Tx) reload(was, o order.Order) error {
	before, after := was.Occupies(), o.Occupies()
	switch {
	case was.Gig != o.Gig && before:
		if err := tx.q.GigLoadAdd(tx.ctx, string(was.Gig), -1); err != nil || !after {
			return err
		}
		return tx.q.GigLoadAdd(tx.ctx, string(o.Gig), 1)
	case !before && after:
		return tx.q.GigLoadAdd(tx.ctx, string(o.Gig), 1)
	case before && !after:
		return tx.q.GigLoadAdd(tx.ctx, string(o.Gig), -1)
	}
	return nil
}

// OrdersInProgress is how many places of a gig are taken.
func (tx *Tx) OrdersInProgress(g ident.Gig) (int, error) {
	n, err := tx.q.GigLoad(tx.ctx, string(g))
	if isNotFound(err) {
		return 0, nil
	}
	return int(n), err
}

// Stall is what of a gig and its seller decides whether an order may start now.
type Stall struct {
	Edition int // the gig's version; another one may have another price
	Open    bool
	Taken   int // places
}

// Stall looks at a gig for sale without reading all that stands in it.
// Errors: ErrNotFound.
func (tx *Tx) Stall(id ident.Gig, now time.Time) (Stall, error) {
	r, err := tx.q.SaleOf(tx.ctx, string(id))
	if err != nil {
		return Stall{}, err
	}
	away := now.Before(fromMicrosOrNull(r.AwayUntil))
	return Stall{
		Edition: int(r.Version), Open: r.State == string(gig.StateActive) && !away && r.SuspendedAt == nil, Taken: int(r.Taken),
	}, nil
}

// Moves of the same order come again and again: what was agreed on was read
// before, and its life is as the last move left it.
var (
	agreements memo[gig.Quote]
	lives      memo[order.Life]
)

// Order reads one order with its agreement. Errors: ErrNotFound.
func (tx *Tx) Order(id ident.Order) (order.Order, error) {
	r, err := known(tx, id, func() (db.OrderByIDRow, error) { return tx.q.OrderByID(tx.ctx, string(id)) })
	if err != nil {
		return order.Order{}, err
	}
	return agreedOf(r)
}

var ordersSQL = manyOf("OrdersByID", `SELECT o.id, o.ref, o.buyer_id, o.seller_id, o.gig_id, o.policy_id, o.title, o.currency, o.total, o.state, o.class,
    o.version, o.seq, o.books_no, o.books_hash, o.created_at, o.paid_at, o.due_at, o.ended_at, o.life, a.body
FROM orders o JOIN order_agreements a ON a.order_id = o.id WHERE o.id IN ($ids)`)

// ManyOrders reads orders by their ids, with their agreements. Errors: ErrNotFound
// when one is not there.
func (tx *Tx) ManyOrders(ids ...ident.Order) (map[ident.Order]order.Order, error) {
	found := map[ident.Order]order.Order{}
	if err := askMany(tx, ordersSQL, ids, func(scan func(...any) error) error {
		var r db.OrderByIDRow
		err := scan(&r.ID, &r.Ref, &r.BuyerID, &r.SellerID, &r.GigID, &r.PolicyID, &r.Title, &r.Currency, &r.Total, &r.State, &r.Class,
			&r.Version, &r.Seq, &r.BooksNo, &r.BooksHash, &r.CreatedAt, &r.PaidAt, &r.DueAt, &r.EndedAt, &r.Life, &r.Body)
		if err != nil {
			return err
		}
		found[ident.Order(r.ID)], err = agreedOf(r)
		return err
	}); err != nil {
		return nil, err
	}
	return found, whole(ids, found)
}

// agreedOf is an order with its agreement.
func agreedOf(r db.OrderByIDRow) (order.Order, error) {
	o, err := orderOf(db.SalesSoonestRow{
		ID: r.ID, Ref: r.Ref, BuyerID: r.BuyerID, SellerID: r.SellerID, GigID: r.GigID, PolicyID: r.PolicyID,
		Title: r.Title, Currency: r.Currency, Total: r.Total, State: r.State, Class: r.Class, Version: r.Version,
		Seq: r.Seq, BooksNo: r.BooksNo, BooksHash: r.BooksHash, CreatedAt: r.CreatedAt, PaidAt: r.PaidAt,
		DueAt: r.DueAt, EndedAt: r.EndedAt, Life: r.Life,
	})
	if err != nil {
		return o, err
	}
	o.Agreement, err = agreements.read(r.Body)
	return o, err
}

func orderOf(r db.SalesSoonestRow) (order.Order, error) {
	o := order.Order{
		ID: ident.Order(r.ID), Ref: r.Ref, Buyer: ident.Member(r.BuyerID), Seller: ident.Member(r.SellerID),
		Gig: ident.Gig(r.GigID), Policy: ident.Policy(r.PolicyID), Title: r.Title,
		Total: money.Of(r.Total, money.Currency(r.Currency)), State: order.State(r.State), Class: policy.Class(r.Class),
		Version: int(r.Version), Seq: int(r.Seq), Books: ledger.Head{No: int(r.BooksNo), Hash: r.BooksHash},
		CreatedAt: fromMicros(r.CreatedAt), PaidAt: fromMicrosOrNull(r.PaidAt),
		DueAt: fromMicrosOrNull(r.DueAt), EndedAt: fromMicrosOrNull(r.EndedAt),
		Agreement: gig.Quote{},
	}
	var err error
	if o.Life, err = lives.read(r.Life); err != nil {
		return o, fmt.Errorf("store: life of %s: %w", r.ID, err)
	}
	return o, nil
}

// OrdersDue are the ids of orders whose earliest deadline is at or before now,
// earliest first, at most n.
func (tx *Tx) OrdersDue(now time.Time, n int) ([]ident.Order, error) {
	rows, err := tx.q.OrdersDue(tx.ctx, microsOrNull(now), int64(n))
	ids := make([]ident.Order, len(rows))
	for i, id := range rows {
		ids[i] = ident.Order(id)
	}
	return ids, err
}

// OrdersRunning are the paid orders of a gig that are not over, oldest first.
func (tx *Tx) OrdersRunning(g ident.Gig) ([]ident.Order, error) {
	rows, err := tx.q.OrdersRunning(tx.ctx, string(g))
	return rowsOf(rows, func(id string) ident.Order { return ident.Order(id) }), err
}

// EarliestDue is the instant of the earliest deadline of all; zero when there is none.
func (tx *Tx) EarliestDue() (time.Time, error) {
	at, err := tx.q.OrderEarliestDue(tx.ctx)
	if isNotFound(err) {
		return time.Time{}, nil
	}
	return fromMicrosOrNull(at), err
}

// Again is the newest order of the same gig by the same buyer since an instant.
func (tx *Tx) Again(buyer ident.Member, g ident.Gig, since time.Time) (ref string, at time.Time, found bool, err error) {
	r, err := tx.q.OrderAgain(tx.ctx, string(buyer), string(g), micros(since))
	if isNotFound(err) {
		return "", time.Time{}, false, nil
	}
	return r.Ref, fromMicros(r.CreatedAt), err == nil, err
}

// Wanted says which orders a list shows.
type Wanted struct {
	Member ident.Member
	Side   order.Party // Buyer or Seller
	Tab    order.Tab
	Class  policy.Class // only those that ended so; empty for all
	Words  string       // part of ref, title or a name; "" for all
	From   time.Time    // ordered at or after; zero for any
	To     time.Time    // ordered before; zero for any
	After  Place        // the last row of the page before
	Most   int
}

// Place is where a page of a sorted list ends.
type Place struct {
	At time.Time
	ID ident.Order
}

// Orders is one page of a list, sorted as its tab says.
func (tx *Tx) Orders(w Wanted) ([]order.Order, error) {
	var all []order.Order
	for _, b := range w.Tab.Buckets {
		rows, err := tx.ordersIn(w, b)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			o, err := orderOf(r)
			if err != nil {
				return nil, err
			}
			all = append(all, o)
		}
	}
	sortOrders(all, w.Tab.Newest)
	return all[:min(len(all), w.Most)], nil
}

func (tx *Tx) ordersIn(w Wanted, b order.Bucket) ([]db.SalesSoonestRow, error) {
	if w.Class != "" {
		if b != order.BucketCancelled {
			return nil, nil
		}
		return tx.ofClass(w)
	}
	from, to := window(w.From, w.To)
	p := db.SalesSoonestParams{
		SellerID: string(w.Member), Bucket: string(b), Column3: math.MinInt64, Column4: "",
		CreatedAt: from, CreatedAt_2: to, Words: like(w.Words), Most: int64(w.Most),
	}
	switch {
	case w.After.ID != "":
		p.Column3, p.Column4 = micros(w.After.At), string(w.After.ID)
	case w.Tab.Newest:
		p.Column3, p.Column4 = math.MaxInt64, lastID("order")
	}
	switch {
	case w.Side == order.Seller && w.Tab.Newest:
		rows, err := tx.q.SalesNewest(tx.ctx, db.SalesNewestParams(p))
		return rowsOf(rows, func(r db.SalesNewestRow) db.SalesSoonestRow { return db.SalesSoonestRow(r) }), err
	case w.Side == order.Seller:
		return tx.q.SalesSoonest(tx.ctx, p)
	}
	q := db.PurchasesSoonestParams{
		BuyerID: p.SellerID, Bucket: p.Bucket, Column3: p.Column3, Column4: p.Column4,
		CreatedAt: p.CreatedAt, CreatedAt_2: p.CreatedAt_2, Words: p.Words, Most: p.Most,
	}
	if w.Tab.Newest {
		rows, err := tx.q.PurchasesNewest(tx.ctx, db.PurchasesNewestParams(q))
		return rowsOf(rows, func(r db.PurchasesNewestRow) db.SalesSoonestRow { return db.SalesSoonestRow(r) }), err
	}
	rows, err := tx.q.PurchasesSoonest(tx.ctx, q)
	return rowsOf(rows, func(r db.PurchasesSoonestRow) db.SalesSoonestRow { return db.SalesSoonestRow(r) }), err
}

// Counts is how many orders lie in each bucket of a member's side. Without
// words and dates they are read from the kept counts, else counted.
func (tx *Tx) Counts(w Wanted) (map[order.Bucket]int, error) {
	counts := map[order.Bucket]int{}
	if w.Words == "" && w.From.IsZero() && w.To.IsZero() {
		rows, err := tx.q.OrderCounts(tx.ctx, string(w.Member), string(w.Side))
		for _, r := range rows {
			counts[order.Bucket(r.Bucket)] = int(r.N)
		}
		if err != nil || w.Side == order.Seller {
			return counts, err
		}
		for _, b := range []order.Bucket{order.BucketUnpaid, order.BucketAbandoned} {
			n, err := tx.q.PurchasesIn(tx.ctx, string(w.Member), string(b))
			if err != nil {
				return counts, err
			}
			counts[b] = int(n)
		}
		return counts, nil
	}
	from, to := window(w.From, w.To)
	if w.Side == order.Seller {
		rows, err := tx.q.SalesCounted(tx.ctx, db.SalesCountedParams{SellerID: string(w.Member), CreatedAt: from, CreatedAt_2: to, Words: like(w.Words)})
		for _, r := range rows {
			counts[order.Bucket(r.Bucket)] = int(r.N)
		}
		return counts, err
	}
	rows, err := tx.q.PurchasesCounted(tx.ctx, db.PurchasesCountedParams{BuyerID: string(w.Member), CreatedAt: from, CreatedAt_2: to, Words: like(w.Words)})
	for _, r := range rows {
		counts[order.Bucket(r.Bucket)] = int(r.N)
	}
	return counts, err
}

func window(from, to time.Time) (int64, int64) {
	start, end := int64(math.MinInt64), int64(math.MaxInt64)
	if !from.IsZero() {
		start = micros(from)
	}
	if !to.IsZero() {
		end = micros(to)
	}
	return start, end
}

// like is a pattern for a part of the text, word by word as it was typed: to a
// person % and _ are signs like any other.
func like(words string) string {
	return "%" + literally.Replace(strings.ToLower(strings.Join(strings.Fields(words), " "))) + "%"
}

var literally = strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`)

func rowsOf[A, B any](rows []A, as func(A) B) []B {
	out := make([]B, len(rows))
	for i, r := range rows {
		out[i] = as(r)
	}
	return out
}

func isNotFound(err error) bool { return errors.Is(err, ErrNotFound) }

// sortOrders merges the buckets of a tab into one order: by rank, then by id.
func sortOrders(list []order.Order, newest bool) {
	slices.SortFunc(list, func(a, b order.Order) int {
		c := cmp.Or(a.RankAt().Compare(b.RankAt()), cmp.Compare(a.ID, b.ID))
		if newest {
			return -c
		}
		return c
	})
}
