package market

import (
	"context"
	"time"

	"guildhall/internal/effect"
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
// fault pile up. Most moves add nothing and cost nothing here. at is the instant
// of the move.
func (m *Market) contribute(tx *store.Tx, was, next order.Order, pinned policy.Version, at time.Time) error {
	before := standing.Of(was, pinned)
	put, drop := standing.Diff(before, standing.Of(next, pinned))
	if err := m.credit(tx, at, before, put, drop); err != nil {
		return err
	}
	if err := keepAsk(tx, was, next); err != nil {
		return err
	}
	for _, c := range put {
		if c.Figure == standing.Completion && c.Mark == standing.Excluded {
			return tx.AddEndingLook(c.Member, c.At)
		}
	}
	return nil
}

// since is the earliest instant at which something of a decision happened: a
// deadline that fires late did so at its own.
func since(set effect.Set, now time.Time) time.Time {
	if len(set.Events) == 0 {
		return now
	}
	return set.Events[0].At
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

// sheetOf is a member's figures as of an instant, under the policy in force then.
func (m *Market) sheetOf(tx *store.Tx, who ident.Member, now time.Time) (standing.Sheet, error) {
	p := m.PolicyAt(now)
	past, _, err := m.pastOf(tx, who, now, ahead(p), "")
	if err != nil {
		return standing.Sheet{}, err
	}
	record, err := recordOf(tx, who, now, p)
	past.Lines = append(past.Lines, record...)
	return past.Sheet(now, p), err
}

// pastOf is what a seller's figures are folded from, and where they stand.
func (m *Market) pastOf(tx *store.Tx, who ident.Member, now time.Time, ahead time.Duration, buyer ident.Member) (standing.Past, store.Seller, error) {
	s, err := sellerOf(tx, who)
	if err != nil {
		return standing.Past{}, s, err
	}
	r := reader{tx: tx, seller: s, now: now, ahead: ahead, buyer: buyer, p: m.PolicyAt(now)}
	past, err := r.read()
	return past, s, err
}

// outlook is what somebody brings along before something happens, from which
// each possible outcome is foretold.
type outlook struct {
	past  standing.Past
	state standing.State // of a seller's level
	sells bool
}

// outlookOf reads once what any number of outcomes needs. buyer is whose order it
// is about, if any.
func (m *Market) outlookOf(tx *store.Tx, who, buyer ident.Member, now time.Time) (o outlook, err error) {
	p := m.PolicyAt(now)
	past, seller, err := m.pastOf(tx, who, now, ahead(p), buyer)
	if err != nil {
		return o, err
	}
	if _, err := m.settleLevel(tx, &seller, now); err != nil {
		return o, err
	}
	record, err := recordOf(tx, who, now, p)
	past.Lines = append(past.Lines, record...)
	o = outlook{past, seller.State, !seller.From.IsZero()}
	o.state.Member = who
	return o, err
}

// after is what a turn does to each figure that it touches, as of an instant.
func (o outlook) after(t standing.Turn, at time.Time, p policy.Version) []standing.Change {
	return standing.Preview(o.past, o.state.Member, t, at, p)
}

// level is what becomes of a seller's level then.
func (o outlook) level(t standing.Turn, at time.Time, p policy.Version) standing.LevelChange {
	return standing.PreviewLevel(o.past, o.state, t, at, p)
}

// figures is what the parties of an order bring along before a move.
type figures struct {
	m             *Market
	was           order.Order
	pinned        policy.Version
	seller, buyer outlook
}

// figuresBefore reads once what figures.after needs for any number of outcomes.
func (m *Market) figuresBefore(ctx context.Context, tx *store.Tx, was order.Order) (figures, error) {
	f := figures{m: m, was: was}
	var err error
	if f.pinned, err = m.PolicyVersion(ctx, was.Policy); err != nil {
		return f, err
	}
	now := m.Now()
	if f.seller, err = m.outlookOf(tx, was.Seller, was.Buyer, now); err == nil {
		f.buyer, err = m.outlookOf(tx, was.Buyer, was.Buyer, now)
	}
	return f, err
}

// after is what the figures of both parties would be once the order is next, as
// of the instant at which it would be: one row for each figure that the order
// touches, the seller's first.
func (f figures) after(next order.Order, at time.Time) []standing.Change {
	p, turn := f.m.PolicyAt(at), standing.TurnOf(f.was, next, f.pinned)
	return append(f.seller.after(turn, at, p), f.buyer.after(turn, at, p)...)
}

// level is what becomes of the seller's level then.
func (f figures) level(next order.Order, at time.Time) standing.LevelChange {
	return f.seller.level(standing.TurnOf(f.was, next, f.pinned), at, f.m.PolicyAt(at))
}

// MySheet is the actor's own figures now. Everybody has one; a seller's rates
// in it are empty for somebody who never sold.
func (m *Market) MySheet(ctx context.Context, who member.Actor) (Figures, error) {
	if err := who.Need(member.ScopeRead); err != nil {
		return Figures{}, err
	}
	now := m.Now()
	f := Figures{Member: who.Member, Policy: m.PolicyAt(now)}
	err := m.store.View(ctx, func(tx *store.Tx) (err error) {
		f.Sheet, err = m.sheetOf(tx, who.Member, now)
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

// Behind is one page of what stands behind a figure.
type Behind struct {
	Figures
	Figure standing.Figure
	Mark   standing.Mark // empty for all
	Lines  []standing.Contribution
	Names  map[ident.Member]string // of the other parties in the lines
	Warned map[string]Warning      // of lines about warnings, by their subject
	Next   Cursor
}

// Behind lists what stands behind one of the actor's own figures, newest first:
// just what the figure was folded from. Errors: fault.NotFound for a figure that
// there is not, fault.Invalid for a broken cursor.
func (m *Market) Behind(ctx context.Context, who member.Actor, f standing.Figure, mark standing.Mark, after Cursor, most int) (Behind, error) {
	if err := who.Need(member.ScopeRead); err != nil {
		return Behind{}, err
	}
	return m.behind(ctx, who.Member, f, mark, after, most)
}

func (m *Market) behind(ctx context.Context, who ident.Member, f standing.Figure, mark standing.Mark, after Cursor, most int) (Behind, error) {
	if !f.Known() || f == standing.Days || mark != "" && !mark.Known() {
		return Behind{}, fault.NotFound("There is no such figure.")
	}
	place, err := after.behind()
	if err != nil {
		return Behind{}, err
	}
	now := m.Now()
	b := Behind{Figures: Figures{Member: who, Policy: m.PolicyAt(now)}, Figure: f, Mark: mark}
	err = m.store.View(ctx, func(tx *store.Tx) error {
		if b.Sheet, err = m.sheetOf(tx, who, now); err != nil {
			return err
		}
		most := pageSize(most)
		b.Next, b.Names = "", map[ident.Member]string{}
		q := store.BehindQuery{Member: who, Figure: f, Mark: mark, Since: b.Since(f), Until: now, After: place, Most: most + 1}
		if f == standing.Warnings {
			b.Warned = map[string]Warning{}
			b.Lines, err = warningLines(tx, q, b.Warned)
		} else {
			b.Lines, err = lines(tx, q)
		}
		if err != nil {
			return err
		}
		if len(b.Lines) > most {
			b.Lines = b.Lines[:most]
			last := b.Lines[most-1]
			b.Next = behindCursor(store.BehindPlace{At: last.At, Subject: last.Subject})
		}
		peers := make([]ident.Member, len(b.Lines))
		for i, c := range b.Lines {
			peers[i] = c.Peer
		}
		return nameAll(tx, b.Names, peers...)
	})
	return b, err
}

// lines reads what stands behind a figure.
func lines(tx *store.Tx, q store.BehindQuery) ([]standing.Contribution, error) {
	as := func(list []standing.Contribution, err error) ([]standing.Contribution, error) {
		for i := range list {
			list[i].Figure = q.Figure
		}
		return list, err
	}
	switch q.Figure {
	case standing.Completed, standing.UniqueBuyers:
		if q.Mark != "" && q.Mark != standing.For {
			return nil, nil
		}
		if q.Figure == standing.UniqueBuyers {
			return as(tx.BehindBuyers(q))
		}
		kept := q
		kept.Figure, kept.Mark = standing.Completion, standing.For
		return as(tx.Behind(kept))
	}
	return tx.Behind(q)
}

// warningLines are somebody's warnings, those that ended too. What a warning is
// now is no column, so pages are read until there are enough of a mark. Those that
// are listed are put into kept.
func warningLines(tx *store.Tx, q store.BehindQuery, kept map[string]Warning) (list []standing.Contribution, err error) {
	for {
		page, err := tx.WarningsPage(q)
		if err != nil {
			return nil, err
		}
		for _, w := range page {
			c := standing.OfWarning(q.Member, standing.Warning{ID: w.ID, Given: w.Given, Until: w.Until, Lifted: w.Lifted}, q.Until)
			if q.Mark == "" || c.Mark == q.Mark {
				list, kept[c.Subject] = append(list, c), w
			}
			q.After = store.BehindPlace{At: w.Given, Subject: string(w.ID)}
		}
		if len(page) < q.Most || len(list) >= q.Most {
			return list[:min(len(list), q.Most)], nil
		}
	}
}
