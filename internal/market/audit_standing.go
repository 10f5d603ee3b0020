package market

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"guildhall/internal/effect"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/order"
	"guildhall/internal/policy"
	"guildhall/internal/review"
	"guildhall/internal/standing"
	"guildhall/internal/store"
)

// figures compares what is kept of a page of orders, to be folded into figures,
// with what the orders themselves add, and who is asked for an answer with the
// requests that are open.
func (a *audit) figures(ctx context.Context, cases []store.Case) error {
	first, last := cases[0].Order.ID, cases[len(cases)-1].Order.ID
	kept, err := a.tx.AuditStanding(first, last)
	if err != nil {
		return err
	}
	ratings, err := a.tx.AuditRatings(first, last)
	if err != nil {
		return err
	}
	asks, err := a.tx.AuditAsks(first, last)
	if err != nil {
		return err
	}
	for _, c := range cases {
		if c.Broken != "" {
			continue
		}
		p, err := a.m.PolicyVersion(ctx, c.Order.Policy)
		if fault.KindOf(err) == fault.KindNotFound {
			continue // said elsewhere
		}
		if err != nil {
			return err
		}
		a.added(c.Order, kept[c.Order.ID], p)
		if err := a.clearedFor(c.Order); err != nil {
			return err
		}
		pair, err := a.tx.Reviews(review.Named(c.Order.ID))
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		a.same("what reviews add to the rating", c.Order.Ref, ratings[c.Order.ID], standing.OfReview(pair, c.Order.Ref))
		want, asked := awaited(c.Order)
		if got, there := asks[c.Order.ID]; there != asked || asked && (got.Member != want.Member || !got.Ends.Equal(want.Ends)) {
			a.finding("standing", c.Order.Ref, "who has to answer its open request is kept as %q until %s; it is %q until %s",
				got.Member, stamp(got.Ends), want.Member, stamp(want.Ends))
		}
	}
	return nil
}

func (a *audit) added(o order.Order, kept []standing.Contribution, p policy.Version) {
	a.same("figures", o.Ref, kept, standing.Of(o, p))
}

// clearedFor needs a level that shortened how long money took to clear to have
// been the seller's by then.
func (a *audit) clearedFor(o order.Order) error {
	level := o.Life.ClearsFor
	if level == "" {
		return nil
	}
	events, err := a.tx.Events(standing.Stream(o.Seller))
	if !slices.ContainsFunc(events, func(e effect.Event) bool { return e.To == level && !e.At.After(o.EndedAt) }) {
		a.finding("standing", o.Ref, "its money cleared as for %q, which its seller did not have by %s", level, stamp(o.EndedAt))
	}
	return err
}

// same compares what is kept of one thing with what the thing itself adds.
func (a *audit) same(what, subject string, kept, want []standing.Contribution) {
	if put, drop := standing.Diff(kept, want); len(put)+len(drop) > 0 {
		a.finding("standing", subject, "%s keep %s of it; it adds %s", what, spellContributions(kept), spellContributions(want))
	}
}

// responses compares what is kept of first messages with the conversations.
func (a *audit) responses(context.Context) error {
	var after ident.Thread
	for {
		asked, err := a.tx.AllFirstMessages(after, auditPage)
		if err != nil || len(asked) == 0 {
			return err
		}
		last := asked[len(asked)-1].Thread
		kept, err := a.tx.AuditResponses(asked[0].Thread, last)
		if err != nil {
			return err
		}
		for _, q := range asked {
			a.same("figures", string(q.Thread), kept[q.Thread], standing.OfTalk(q.Thread, q.First, a.m.PolicyAt(q.At)))
		}
		after = last
	}
}

// levels compares where sellers stand with their history and with their
// figures: a level that nobody will look at before its time must be what the
// figures carry now.
func (a *audit) levels(ctx context.Context) error {
	now := a.m.Now()
	var after ident.Member
	for {
		page, err := a.tx.AllSellers(after, auditPage)
		if err != nil || len(page) == 0 {
			return err
		}
		for _, s := range page {
			if err := a.level(s, now); err != nil {
				return err
			}
			after = s.Member
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
}

func (a *audit) level(s store.Seller, now time.Time) error {
	events, err := a.tx.Events(standing.Stream(s.Member))
	if err != nil {
		return err
	}
	if level, demotes := told(events); level != s.Level || !demotes.Equal(s.DemotesAt) {
		a.finding("standing", string(s.Member), "their level is kept as %q, falling on %s; their history ends with %q and %s", s.Level, stamp(s.DemotesAt), level, stamp(demotes))
	}
	if due(s, now) {
		return nil // it is about to be looked at
	}
	p := a.m.PolicyAt(now)
	if next, quiet := standing.Early(s.State, s.From, s.Completed, now, p); quiet {
		if !next.IsZero() && (s.NextAt.IsZero() || s.NextAt.After(next)) {
			a.finding("standing", string(s.Member), "nobody looks at their level on %s", stamp(next))
		}
		return nil
	}
	r := reader{tx: a.tx, seller: s, now: now, ahead: ahead(p), p: p}
	past, err := r.read()
	if err != nil {
		return err
	}
	is, set := standing.Settle(past, s.State, now, p)
	if len(set.Events) > 0 || is.Ready != s.Ready {
		a.finding("standing", string(s.Member), "their level is kept as %q, waiting for %q; their figures carry %q, waiting for %q", s.Level, s.Ready, is.Level, is.Ready)
	}
	if !is.NextAt.IsZero() && past.Firm.IsZero() && (s.NextAt.IsZero() || s.NextAt.After(is.NextAt)) {
		a.finding("standing", string(s.Member), "nobody looks at their level on %s", stamp(is.NextAt))
	}
	return nil
}

// told is the level, and the day on which it falls, that a history ends with.
func told(events []effect.Event) (level string, demotes time.Time) {
	for _, e := range events {
		switch e.Kind {
		case standing.LevelPromoted, standing.LevelDemoted:
			level, demotes = e.To, time.Time{}
		case standing.LevelWarned:
			demotes = e.Detail.Until
		case standing.LevelRecovered:
			demotes = time.Time{}
		}
	}
	return level, demotes
}

func spellContributions(cs []standing.Contribution) string {
	if len(cs) == 0 {
		return "nothing"
	}
	lines := make([]string, len(cs))
	for i, c := range cs {
		lines[i] = fmt.Sprintf("%s %s by %s at %s", c.Figure, c.Mark, c.Rule, stamp(c.At))
	}
	slices.Sort(lines)
	return strings.Join(lines, ", ")
}

// awaited is who has to answer the open request of an order until when.
func awaited(o order.Order) (store.Ask, bool) {
	r := o.Life.Request
	if r == nil {
		return store.Ask{}, false
	}
	who := o.Seller
	if r.Waits() == policy.PartyBuyer {
		who = o.Buyer
	}
	return store.Ask{Order: o.ID, Member: who, Ends: r.Ends}, true
}
