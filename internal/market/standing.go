package market

import (
	"context"
	"maps"
	"slices"
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

// aheap is from how many contributions of a window on they are counted and not
// read one by one; newestRead is how many of each mark are read nevertheless.
const (
	aheap      = 500
	newestRead = 5
)

// pastOf reads what a figure of a member is folded from as of an instant: the
// window, and all of the reach where the window alone might not do. One order
// more or less, as a preview tries it, is allowed for.
func pastOf(tx *store.Tx, who ident.Member, f standing.Figure, now time.Time, p policy.Version) (standing.Past, error) {
	since := now.Add(-p.Standing.Window.D())
	marks, err := tx.Marks(who, f, since)
	if err != nil {
		return standing.Past{}, err
	}
	counted := marks[standing.For] + marks[standing.Against]
	switch {
	case f == standing.BuyerRecord || counted <= p.Standing.EnforceFrom+1:
		since = now.Add(-p.Standing.ReachBack.D())
	case counted+marks[standing.Excluded] > aheap:
		return heapsOf(tx, who, f, now, p)
	}
	lines, err := tx.Contributions(who, f, since)
	return standing.Past{Lines: lines}, err
}

// heapsOf reads a window that holds very many: one by one the newest of each
// mark, to be shown, and those that a preview may see leave the window; the
// rest is counted.
func heapsOf(tx *store.Tx, who ident.Member, f standing.Figure, now time.Time, p policy.Version) (standing.Past, error) {
	since := now.Add(-p.Standing.Window.D())
	firm := since.Add(2*p.Requests.Answer.D() + time.Microsecond) // no preview looks further ahead than an answer takes
	var past standing.Past
	counts, err := tx.Marks(who, f, firm.Add(-time.Microsecond))
	if err != nil {
		return past, err
	}
	for _, m := range slices.Sorted(maps.Keys(counts)) {
		lines, err := tx.Behind(store.BehindQuery{Member: who, Figure: f, Mark: m, Since: firm.Add(-time.Microsecond), Most: newestRead})
		if err != nil {
			return past, err
		}
		past.Lines = append(past.Lines, lines...)
		if rest := counts[m] - len(lines); rest > 0 {
			past.Heaps = append(past.Heaps, standing.Heap{Figure: f, Mark: m, N: rest, From: firm, To: now})
		}
	}
	leaving, err := tx.ContributionsBetween(who, f, since, firm)
	past.Lines = append(past.Lines, leaving...)
	return past, err
}

// sheetOf is a member's figures as of an instant, under the policy in force then.
func (m *Market) sheetOf(tx *store.Tx, who ident.Member, now time.Time) (standing.Sheet, error) {
	p := m.PolicyAt(now)
	var all standing.Past
	for _, f := range standing.All() {
		past, err := pastOf(tx, who, f, now, p)
		if err != nil {
			return standing.Sheet{}, err
		}
		all.Add(past)
	}
	return standing.Figures(all.Lines, now, p, all.Heaps...), nil
}

// figures is what the parties of an order bring along before a move, from which
// each possible outcome is foretold.
type figures struct {
	m      *Market
	was    order.Order
	pinned policy.Version
	seller standing.Past
	buyer  standing.Past
}

// figuresBefore reads once what figures.after needs for any number of outcomes.
func (m *Market) figuresBefore(ctx context.Context, tx *store.Tx, was order.Order) (figures, error) {
	f := figures{m: m, was: was}
	var err error
	if f.pinned, err = m.PolicyVersion(ctx, was.Policy); err != nil {
		return f, err
	}
	now := m.Now()
	p := m.PolicyAt(now)
	for _, figure := range []standing.Figure{standing.Completion, standing.OnTime} {
		past, err := pastOf(tx, was.Seller, figure, now, p)
		if err != nil {
			return f, err
		}
		f.seller.Add(past)
	}
	f.buyer, err = pastOf(tx, was.Buyer, standing.BuyerRecord, now, p)
	return f, err
}

// after is what the figures of both parties would be once the order is next, as
// of the instant at which it would be: one row for each figure that the order
// touches, the seller's first.
func (f figures) after(next order.Order, at time.Time) []standing.Change {
	p := f.m.PolicyAt(at)
	changes := standing.Preview(f.seller, f.was.Seller, f.was, next, f.pinned, at, p)
	return append(changes, standing.Preview(f.buyer, f.was.Buyer, f.was, next, f.pinned, at, p)...)
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
