package market

import (
	"context"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/order"
	"guildhall/internal/policy"
	"guildhall/internal/standing"
	"guildhall/internal/store"
)

// contribute writes what an order newly adds to the figures of its parties, in
// the transaction that moved it, and lets the house look where endings without
// fault pile up. Most moves add nothing and cost nothing here.
func (m *Market) contribute(tx *store.Tx, was, next order.Order, pinned policy.Version) error {
	put, drop := standing.Diff(standing.Of(was, pinned), standing.Of(next, pinned))
	if err := tx.SaveContributions(put, drop); err != nil {
		return err
	}
	if err := keepAsk(tx, was, next); err != nil {
		return err
	}
	for _, c := range put {
		if c.Figure == standing.Completion && c.Mark == standing.Excluded {
			return m.guard(tx, c.Member)
		}
	}
	return nil
}

// keepAsk keeps who has to answer the open request where they find it.
func keepAsk(tx *store.Tx, was, next order.Order) error {
	before, had := awaited(was)
	now, asked := awaited(next)
	switch {
	case asked && (!had || before.Member != now.Member || !before.Ends.Equal(now.Ends)):
		return tx.SaveAsk(now)
	case had && !asked:
		return tx.DropAsk(next.ID)
	}
	return nil
}

// contributionsOf reads what a figure of a member needs as of an instant: the
// window, and all of the reach where the window alone might not do. One order
// more or less, as a preview tries it, is allowed for.
func contributionsOf(tx *store.Tx, who ident.Member, f standing.Figure, now time.Time, p policy.Version) ([]standing.Contribution, error) {
	reach := now.Add(-p.Standing.ReachBack.D())
	if f == standing.BuyerRecord {
		return tx.Contributions(who, f, reach)
	}
	since := now.Add(-p.Standing.Window.D())
	cs, err := tx.Contributions(who, f, since)
	if err != nil {
		return nil, err
	}
	counted := 0
	for _, c := range cs {
		if c.Mark != standing.Excluded && !c.At.After(now) {
			counted++
		}
	}
	if counted > p.Standing.EnforceFrom+1 {
		return cs, nil
	}
	return tx.Contributions(who, f, reach)
}

// sheetOf is a member's figures as of an instant, under the policy in force then.
func (m *Market) sheetOf(tx *store.Tx, who ident.Member, now time.Time) (standing.Sheet, error) {
	p := m.PolicyAt(now)
	var all []standing.Contribution
	for _, f := range standing.All() {
		cs, err := contributionsOf(tx, who, f, now, p)
		if err != nil {
			return standing.Sheet{}, err
		}
		all = append(all, cs...)
	}
	return standing.Figures(all, now, p), nil
}

// figures is what the parties of an order bring along before a move, from which
// each possible outcome is foretold.
type figures struct {
	m      *Market
	was    order.Order
	pinned policy.Version
	kept   map[ident.Member][]standing.Contribution
}

// figuresBefore reads once what figures.after needs for any number of outcomes.
func (m *Market) figuresBefore(ctx context.Context, tx *store.Tx, was order.Order) (figures, error) {
	f := figures{m: m, was: was, kept: map[ident.Member][]standing.Contribution{}}
	var err error
	if f.pinned, err = m.PolicyVersion(ctx, was.Policy); err != nil {
		return f, err
	}
	now := m.Now()
	reach := now.Add(-m.PolicyAt(now).Standing.ReachBack.D())
	for _, figure := range standing.All() {
		who := was.Seller
		if figure == standing.BuyerRecord {
			who = was.Buyer
		}
		cs, err := tx.Contributions(who, figure, reach)
		if err != nil {
			return f, err
		}
		f.kept[who] = append(f.kept[who], cs...)
	}
	return f, nil
}

// after is what the figures of both parties would be once the order is next, as
// of the instant at which it would be: one row for each figure that the order
// touches, the seller's first.
func (f figures) after(next order.Order, at time.Time) []standing.Change {
	p := f.m.PolicyAt(at)
	changes := standing.Preview(f.kept[f.was.Seller], f.was.Seller, f.was, next, f.pinned, at, p)
	return append(changes, standing.Preview(f.kept[f.was.Buyer], f.was.Buyer, f.was, next, f.pinned, at, p)...)
}

// figuresAfter foretells one outcome.
func (m *Market) figuresAfter(ctx context.Context, tx *store.Tx, was, next order.Order, at time.Time) ([]standing.Change, error) {
	f, err := m.figuresBefore(ctx, tx, was)
	if err != nil {
		return nil, err
	}
	return f.after(next, at), nil
}

// MySheet is the actor's own figures now. Everybody has one; a seller's rates
// in it are empty for somebody who never sold.
func (m *Market) MySheet(ctx context.Context, who member.Actor) (Figures, error) {
	if err := who.Need(member.ScopeRead); err != nil {
		return Figures{}, err
	}
	f := Figures{Member: who.Member, Policy: m.Policy()}
	err := m.store.View(ctx, func(tx *store.Tx) (err error) {
		f.Sheet, err = m.sheetOf(tx, who.Member, m.Now())
		return err
	})
	return f, err
}

// Figures is a person's sheet with the rules that it was folded by.
type Figures struct {
	standing.Sheet
	Member ident.Member
	Policy policy.Version // in force now
}

// Behind is one page of the orders behind a figure.
type Behind struct {
	Figures
	Figure standing.Figure
	Mark   standing.Mark // empty for all
	Lines  []standing.Contribution
	Next   Cursor
}

// Behind lists the orders behind one of the actor's own figures, newest first:
// just those that the figure was folded from. Errors: fault.NotFound for a
// figure that there is not, fault.Invalid for a broken cursor.
func (m *Market) Behind(ctx context.Context, who member.Actor, f standing.Figure, mark standing.Mark, after Cursor, most int) (Behind, error) {
	if err := who.Need(member.ScopeRead); err != nil {
		return Behind{}, err
	}
	if !f.Known() || mark != "" && !mark.Known() {
		return Behind{}, fault.NotFound("There is no such figure.")
	}
	place, err := after.order()
	if err != nil {
		return Behind{}, err
	}
	b := Behind{Figures: Figures{Member: who.Member, Policy: m.Policy()}, Figure: f, Mark: mark}
	err = m.store.View(ctx, func(tx *store.Tx) error {
		if b.Sheet, err = m.sheetOf(tx, who.Member, m.Now()); err != nil {
			return err
		}
		most := pageSize(most)
		b.Next = ""
		b.Lines, err = tx.Behind(store.BehindQuery{
			Member: who.Member, Figure: f, Mark: mark, Since: b.Since(f), After: place, Most: most + 1,
		})
		if len(b.Lines) > most {
			b.Lines = b.Lines[:most]
			last := b.Lines[most-1]
			b.Next = orderCursor(store.Place{At: last.At, ID: last.Order})
		}
		return err
	})
	return b, err
}

// guard counts how a seller's orders ended lately and asks the house to look
// where too many ended without anybody's fault (rulebook section 6). It is
// never a penalty, and it asks at most once in a review window.
func (m *Market) guard(tx *store.Tx, seller ident.Member) error {
	now := m.Now()
	p := m.PolicyAt(now)
	since := now.Add(-p.Cancellation.ReviewWindow.D())
	marks, err := tx.Marks(seller, standing.Completion, since)
	if err != nil {
		return err
	}
	pattern := standing.PatternFrom(marks)
	if !pattern.Unusual(p) {
		return nil
	}
	asked, err := tx.EndingReview(seller)
	if err != nil || asked.After(since) {
		return err
	}
	if err := tx.AddEndingReview(seller, now, pattern); err != nil {
		return err
	}
	_, err = m.reviewBlameless(tx, seller, pattern.Words(p))
	return err
}
