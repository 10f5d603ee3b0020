package store

import (
	"math"
	"time"

	"guildhall/internal/ident"
	"guildhall/internal/order"
	"guildhall/internal/policy"
	"guildhall/internal/standing"
	"guildhall/internal/store/db"
)

// SaveContributions writes what an order newly adds to figures and takes back
// what it adds no longer. It belongs into the transaction that changed the
// order; with nothing to write it costs nothing.
func (tx *Tx) SaveContributions(put, drop []standing.Contribution) error {
	for _, c := range drop {
		if err := tx.q.ContributionDrop(tx.ctx, string(c.Member), string(c.Figure), string(c.Order)); err != nil {
			return err
		}
	}
	var values []any
	for _, c := range put {
		values = append(values, string(c.Member), string(c.Figure), string(c.Order), c.Ref, micros(c.At),
			string(c.Mark), c.Rule, string(c.Class), c.Cause, c.Fault)
	}
	return tx.insert(contributionRows, values)
}

var contributionRows = insertOf("ContributionPut", "contributions (member_id, figure, order_id, ref, at, mark, rule, class, cause, fault)",
	`ON CONFLICT (member_id, figure, order_id) DO UPDATE SET at = excluded.at, mark = excluded.mark, rule = excluded.rule,
    class = excluded.class, cause = excluded.cause, fault = excluded.fault`)

func contributionOf(r db.Contribution) standing.Contribution {
	return standing.Contribution{
		Figure: standing.Figure(r.Figure), Member: ident.Member(r.MemberID), Order: ident.Order(r.OrderID), Ref: r.Ref,
		At: fromMicros(r.At), Mark: standing.Mark(r.Mark), Rule: r.Rule, Class: policy.Class(r.Class), Cause: r.Cause, Fault: r.Fault,
	}
}

// Contributions are what a member's orders added to one figure after an
// instant, newest first.
func (tx *Tx) Contributions(m ident.Member, f standing.Figure, after time.Time) ([]standing.Contribution, error) {
	rows, err := tx.q.ContributionsAfter(tx.ctx, string(m), string(f), micros(after))
	return rowsOf(rows, contributionOf), err
}

// ContributionsBetween are those after an instant and before another, newest first.
func (tx *Tx) ContributionsBetween(m ident.Member, f standing.Figure, after, before time.Time) ([]standing.Contribution, error) {
	rows, err := tx.q.ContributionsBetween(tx.ctx, db.ContributionsBetweenParams{
		MemberID: string(m), Figure: string(f), At: micros(after), At_2: micros(before),
	})
	return rowsOf(rows, contributionOf), err
}

// Marks counts a member's contributions to one figure after an instant by how
// they enter it.
func (tx *Tx) Marks(m ident.Member, f standing.Figure, after time.Time) (map[standing.Mark]int, error) {
	rows, err := tx.q.ContributionMarks(tx.ctx, string(m), string(f), micros(after))
	counts := map[standing.Mark]int{}
	for _, r := range rows {
		counts[standing.Mark(r.Mark)] = int(r.N)
	}
	return counts, err
}

// BehindQuery says which part of a figure's contributions a page shows.
type BehindQuery struct {
	Member ident.Member
	Figure standing.Figure
	Mark   standing.Mark // empty for all
	Since  time.Time
	After  Place // the last row of the page before
	Most   int
}

// Behind is one page of the contributions behind a figure, newest first.
func (tx *Tx) Behind(q BehindQuery) ([]standing.Contribution, error) {
	p := db.ContributionPageParams{
		MemberID: string(q.Member), Figure: string(q.Figure), At: micros(q.Since),
		Column4: math.MaxInt64, Column5: lastID("order"), Mark: string(q.Mark), Most: int64(q.Most),
	}
	if q.After.ID != "" {
		p.Column4, p.Column5 = micros(q.After.At), string(q.After.ID)
	}
	rows, err := tx.q.ContributionPage(tx.ctx, p)
	return rowsOf(rows, contributionOf), err
}

// OrdersAfter reads orders in the order of their ids, for whoever walks through
// all of them.
func (tx *Tx) OrdersAfter(after ident.Order, n int) ([]order.Order, error) {
	rows, err := tx.q.AuditOrders(tx.ctx, string(after), int64(n))
	return rowsOf(rows, func(r db.AuditOrdersRow) order.Order { return caseOf(r).Order }), err
}

// EndingReview is when the house was last asked to look at a seller's endings;
// zero for never.
func (tx *Tx) EndingReview(m ident.Member) (time.Time, error) {
	at, err := tx.q.EndingReviewLast(tx.ctx, string(m))
	if isNotFound(err) {
		return time.Time{}, nil
	}
	return fromMicros(at), err
}

// AddEndingReview writes down that the house is asked to look.
func (tx *Tx) AddEndingReview(m ident.Member, at time.Time, n standing.Pattern) error {
	return tx.q.EndingReviewInsert(tx.ctx, db.EndingReviewInsertParams{
		MemberID: string(m), OpenedAt: micros(at), Ended: int64(n.Ended), NoFault: int64(n.NoFault),
	})
}

// AuditStanding reads what is kept of the orders between two ids, both
// included, by order.
func (tx *Tx) AuditStanding(first, last ident.Order) (map[ident.Order][]standing.Contribution, error) {
	rows, err := tx.q.AuditStanding(tx.ctx, string(first), string(last))
	kept := map[ident.Order][]standing.Contribution{}
	for _, r := range rows {
		c := contributionOf(r)
		kept[c.Order] = append(kept[c.Order], c)
	}
	return kept, err
}

// AuditAsks reads who is kept as asked by the orders between two ids, both included.
func (tx *Tx) AuditAsks(first, last ident.Order) (map[ident.Order]Ask, error) {
	rows, err := tx.q.AuditAsks(tx.ctx, string(first), string(last))
	kept := map[ident.Order]Ask{}
	for _, r := range rows {
		kept[ident.Order(r.OrderID)] = Ask{ident.Order(r.OrderID), ident.Member(r.MemberID), fromMicros(r.EndsAt)}
	}
	return kept, err
}

// auditAlone looks for what figures keep of orders that do not exist, or of
// people who are no party to them.
func (tx *Tx) auditAlone(odd *[]Odd) error {
	return oddities(tx, odd, tx.q.AuditContributionsAlone, func(r db.AuditContributionsAloneRow) Odd {
		return Odd{"standing", r.MemberID, "their figure " + r.Figure + " keeps an order that is not theirs: " + r.OrderID}
	})
}
