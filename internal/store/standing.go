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

// SaveContributions writes what something newly adds to figures and takes back
// what it adds no longer. It belongs into the transaction that changed the
// thing; with nothing to write it costs nothing.
func (tx *Tx) SaveContributions(put, drop []standing.Contribution) error {
	for _, c := range drop {
		if err := tx.q.ContributionDrop(tx.ctx, string(c.Member), string(c.Figure), c.Subject); err != nil {
			return err
		}
	}
	var values []any
	for _, c := range put {
		values = append(values, string(c.Member), string(c.Figure), c.Subject, string(c.Peer), c.Value, c.Ref, micros(c.At),
			string(c.Mark), c.Rule, string(c.Class), c.Cause, c.Fault)
	}
	return tx.insert(contributionRows, values)
}

var contributionRows = insertOf("ContributionPut", "contributions (member_id, figure, subject_id, peer_id, value, ref, at, mark, rule, class, cause, fault)",
	`ON CONFLICT (member_id, figure, subject_id) DO UPDATE SET peer_id = excluded.peer_id, value = excluded.value, at = excluded.at,
    mark = excluded.mark, rule = excluded.rule, class = excluded.class, cause = excluded.cause, fault = excluded.fault`)

func contributionOf(r db.Contribution) standing.Contribution {
	c := standing.Contribution{
		Figure: standing.Figure(r.Figure), Member: ident.Member(r.MemberID), Subject: r.SubjectID, Peer: ident.Member(r.PeerID),
		Value: r.Value, Ref: r.Ref, At: fromMicros(r.At), Mark: standing.Mark(r.Mark), Rule: r.Rule,
		Class: policy.Class(r.Class), Cause: r.Cause, Fault: r.Fault,
	}
	if c.Figure != standing.Response {
		c.Order = ident.Order(r.SubjectID)
	}
	return c
}

// Contribution is what one thing adds to a figure. Errors: ErrNotFound.
func (tx *Tx) Contribution(m ident.Member, f standing.Figure, subject string) (standing.Contribution, error) {
	r, err := tx.q.ContributionOf(tx.ctx, string(m), string(f), subject)
	return contributionOf(r), err
}

// ContributionsSince is what a seller's shares, rating and earnings look at, each
// after an instant, also what is still to come; in no order, at most so many.
func (tx *Tx) ContributionsSince(m ident.Member, shares, rating, earned time.Time, most int) ([]standing.Contribution, error) {
	rows, err := tx.q.ContributionsSince(tx.ctx, db.ContributionsSinceParams{
		MemberID: string(m), At: micros(shares), At_2: micros(rating), At_3: micros(earned), Most: int64(most),
	})
	return rowsOf(rows, contributionOf), err
}

// ContributionsLean is the same without saying what stands behind each: figure,
// instant, mark and value are all that a level asks for, and an index has them.
func (tx *Tx) ContributionsLean(m ident.Member, shares, rating, earned time.Time, most int) ([]standing.Contribution, error) {
	rows, err := tx.q.ContributionsLean(tx.ctx, db.ContributionsLeanParams{
		MemberID: string(m), At: micros(shares), At_2: micros(rating), At_3: micros(earned), Most: int64(most),
	})
	return rowsOf(rows, func(r db.ContributionsLeanRow) standing.Contribution {
		return standing.Contribution{Figure: standing.Figure(r.Figure), Member: m, Value: r.Value, At: fromMicros(r.At), Mark: standing.Mark(r.Mark)}
	}), err
}

// Contributions are what was added to one figure of a member after an instant
// and not after another, newest first.
func (tx *Tx) Contributions(m ident.Member, f standing.Figure, after, until time.Time) ([]standing.Contribution, error) {
	rows, err := tx.q.ContributionsBetween(tx.ctx, db.ContributionsBetweenParams{
		Member: string(m), Figure: string(f), Since: micros(after), Until: micros(until),
	})
	return rowsOf(rows, func(r db.ContributionsBetweenRow) standing.Contribution {
		return contributionOf(db.Contribution{
			MemberID: string(m), Figure: string(f), SubjectID: r.SubjectID, PeerID: r.PeerID, Value: r.Value, Ref: r.Ref, At: r.At,
			Mark: r.Mark, Rule: r.Rule, Class: r.Class, Cause: r.Cause, Fault: r.Fault,
		})
	}), err
}

// Sum is how many contributions there are, and what they add up to.
type Sum struct {
	N     int
	Value int64
}

// Marks counts a member's contributions to one figure after an instant and not
// after another by how they enter it.
func (tx *Tx) Marks(m ident.Member, f standing.Figure, after, until time.Time) (map[standing.Mark]Sum, error) {
	rows, err := tx.q.ContributionMarks(tx.ctx, db.ContributionMarksParams{
		Member: string(m), Figure: string(f), Since: micros(after), Until: micros(until),
	})
	counts := map[standing.Mark]Sum{}
	for _, r := range rows {
		counts[standing.Mark(r.Mark)] = Sum{int(r.N), r.Total}
	}
	return counts, err
}

// BehindPlace is where a page of contributions ends.
type BehindPlace struct {
	At      time.Time
	Subject string
}

// BehindQuery says which part of a figure's contributions a page shows.
type BehindQuery struct {
	Member ident.Member
	Figure standing.Figure
	Mark   standing.Mark // empty for all
	Since  time.Time     // what happened after this instant …
	Until  time.Time     // … and not after that
	After  BehindPlace   // the last row of the page before
	Most   int
}

func (q BehindQuery) place() (int64, string) {
	if q.After.Subject != "" {
		return micros(q.After.At), q.After.Subject
	}
	return micros(q.Until) + 1, ""
}

// Behind is one page of the contributions behind a figure, newest first.
func (tx *Tx) Behind(q BehindQuery) ([]standing.Contribution, error) {
	p := db.ContributionPageParams{Member: string(q.Member), Figure: string(q.Figure), Since: math.MinInt64, Mark: string(q.Mark), Most: int64(q.Most)}
	if !q.Since.IsZero() {
		p.Since = micros(q.Since)
	}
	p.BeforeAt, p.Before = q.place()
	rows, err := tx.q.ContributionPage(tx.ctx, p)
	return rowsOf(rows, contributionOf), err
}

// BehindBuyers is one page of the first completed orders of each different
// buyer, newest first.
func (tx *Tx) BehindBuyers(q BehindQuery) ([]standing.Contribution, error) {
	p := db.ContributionFirstsParams{MemberID: string(q.Member), Most: int64(q.Most)}
	p.Column2, p.Column3 = q.place()
	rows, err := tx.q.ContributionFirsts(tx.ctx, p)
	return rowsOf(rows, contributionOf), err
}

// DifferentBuyers counts those of completed orders until an instant.
func (tx *Tx) DifferentBuyers(m ident.Member, until time.Time) (int, error) {
	n, err := tx.q.ContributionBuyers(tx.ctx, string(m), micros(until))
	return int(n), err
}

// CompletedFor counts the completed orders of one buyer with a seller.
func (tx *Tx) CompletedFor(m, buyer ident.Member, until time.Time) (int, error) {
	n, err := tx.q.ContributionsWith(tx.ctx, string(m), string(buyer), micros(until))
	return int(n), err
}

// CauseCount is how often something ended in one way.
type CauseCount struct {
	Class policy.Class
	Cause string
	Mark  standing.Mark
	N     int
}

// Causes counts contributions to one figure by how the orders ended.
func (tx *Tx) Causes(m ident.Member, f standing.Figure, after, until time.Time) ([]CauseCount, error) {
	rows, err := tx.q.ContributionCauses(tx.ctx, db.ContributionCausesParams{
		Member: string(m), Figure: string(f), Since: micros(after), Until: micros(until),
	})
	return rowsOf(rows, func(r db.ContributionCausesRow) CauseCount {
		return CauseCount{policy.Class(r.Class), r.Cause, standing.Mark(r.Mark), int(r.N)}
	}), err
}

// OrdersAfter reads orders in the order of their ids, for whoever walks through
// all of them.
func (tx *Tx) OrdersAfter(after ident.Order, n int) ([]order.Order, error) {
	rows, err := tx.q.AuditOrders(tx.ctx, string(after), int64(n))
	return rowsOf(rows, func(r db.AuditOrdersRow) order.Order { return caseOf(r).Order }), err
}

// AddEndingLook remembers that an order of a seller ended without fault, and is
// yet to be counted with what ended before it.
func (tx *Tx) AddEndingLook(m ident.Member, at time.Time) error {
	return tx.q.EndingLookPut(tx.ctx, string(m), micros(at))
}

// EndingLooks are sellers whose endings are to be counted as of an instant or
// earlier, earliest first.
func (tx *Tx) EndingLooks(upTo time.Time, most int) ([]ident.Member, error) {
	ids, err := tx.q.EndingLooksDue(tx.ctx, micros(upTo), int64(most))
	return rowsOf(ids, func(id string) ident.Member { return ident.Member(id) }), err
}

// TakeEndingLook takes such a seller up and tells when their orders ended without
// fault since, earliest first: none where somebody else was first.
func (tx *Tx) TakeEndingLook(m ident.Member) ([]time.Time, error) {
	from, err := tx.q.EndingLookTake(tx.ctx, string(m))
	if err != nil {
		if isNotFound(err) {
			return nil, nil
		}
		return nil, err
	}
	instants, err := tx.q.EndingsWithoutFault(tx.ctx, string(m), from)
	return rowsOf(instants, fromMicros), err
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

// AddEndingReview writes down that the house is asked to look, as of an ending.
func (tx *Tx) AddEndingReview(m ident.Member, at time.Time, n standing.Pattern) error {
	return tx.q.EndingReviewInsert(tx.ctx, db.EndingReviewInsertParams{
		MemberID: string(m), OpenedAt: micros(at), Ended: int64(n.Ended), NoFault: int64(n.NoFault),
	})
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
