package market

import (
	"context"
	"slices"
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

// Standing is everything of a seller's standing page: where they stand, what
// counts next, what is at risk.
type Standing struct {
	Figures
	Seller    member.Member // whose it is
	Selling   bool          // they have a shop; without one only the figures say anything
	Suspended bool          // the level stays, and nobody is shown it
	State     standing.State
	Ladder    []Rung // every level of the policy, from the lowest
	Next      time.Time
	Forecast  []standing.Step
	Recovery  []standing.Recovery
	Trail     []standing.Sheet // the figures of the last days, oldest first
	History   []effect.Event   // of the level, newest first
	Active    []Warning        // warnings that stand now
	Shares    []Share          // links that still show it to somebody
	Expires   time.Time        // of a view through such a link
}

// Rung is one level with what it asks for and what of that is there.
type Rung struct {
	policy.Level
	Held         bool // the present level, or below it
	Met          bool // all of it, a person's yes among it
	Requirements []standing.Requirement
}

// Rung is the rung of a level by its name.
func (s Standing) Rung(level string) (Rung, bool) {
	i := slices.IndexFunc(s.Ladder, func(r Rung) bool { return r.Name == level })
	if i < 0 {
		return Rung{}, false
	}
	return s.Ladder[i], true
}

// NextRung is the first rung above the present level.
func (s Standing) NextRung() (Rung, bool) {
	i := slices.IndexFunc(s.Ladder, func(r Rung) bool { return !r.Held })
	if i < 0 {
		return Rung{}, false
	}
	return s.Ladder[i], true
}

// foreseen is how far the past of a busy seller is read for their own page.
const foreseen = 30 * 24 * time.Hour

// historyShown bounds the events of a level on a page.
const historyShown = 50

// MyStanding is the actor's own standing, as of now. Errors: fault.SignIn,
// fault.Forbidden.
func (m *Market) MyStanding(ctx context.Context, who member.Actor) (Standing, error) {
	if err := who.Need(member.ScopeRead); err != nil {
		return Standing{}, err
	}
	return m.standingOf(ctx, who.Member)
}

// standingOf reads everything about a seller's level as of now. Where the sweep
// has not been there yet, it says what the sweep will write, and writes nothing:
// figures can be read while nothing can be kept.
func (m *Market) standingOf(ctx context.Context, who ident.Member) (Standing, error) {
	now := m.Now()
	v := Standing{Figures: Figures{Member: who, Policy: m.PolicyAt(now)}}
	err := m.store.View(ctx, func(tx *store.Tx) error {
		me, err := tx.Member(who)
		if err != nil {
			return missing(err, "There is no such member.")
		}
		v.Seller, v.Selling, v.Suspended = me, me.Seller != nil, me.Suspended()
		v.Seller.Email = ""
		past, seller, err := m.pastOf(tx, who, now, foreseen, "")
		if err != nil {
			return err
		}
		just, err := m.settleLevel(tx, &seller, now)
		if err != nil {
			return err
		}
		record, err := recordOf(tx, who, now, v.Policy)
		if err != nil {
			return err
		}
		v.State, v.Next = seller.State, seller.NextAt
		v.Forecast = standing.Forecast(past, v.State, now, v.Policy, m.policiesAfter(now)...)
		v.Recovery = standing.Recoveries(past, v.State, now, v.Policy)
		v.Trail = standing.Trail(past, now, int(v.Policy.Standing.Window.D()/(24*time.Hour)), v.Policy)
		past.Lines = append(past.Lines, record...)
		v.Sheet = past.Sheet(now, v.Policy)
		v.Ladder = ladder(v.Sheet, v.State, v.Policy)
		return m.aroundStanding(tx, &v, just.Events, now)
	})
	return v, err
}

// ladder is every level of the policy as it looks to one seller.
func ladder(s standing.Sheet, st standing.State, p policy.Version) []Rung {
	rungs := make([]Rung, len(p.Standing.Levels))
	held := slices.IndexFunc(p.Standing.Levels, func(l policy.Level) bool { return l.Name == st.Level })
	for i, l := range p.Standing.Levels {
		rungs[i] = Rung{Level: l, Held: i <= held, Requirements: standing.Requirements(l, s, p, st)}
		rungs[i].Met = !slices.ContainsFunc(rungs[i].Requirements, func(r standing.Requirement) bool { return !r.Met })
	}
	return rungs
}

// aroundStanding reads what stands beside the figures. just is what happened to
// the level and is not written yet.
func (m *Market) aroundStanding(tx *store.Tx, v *Standing, just []effect.Event, now time.Time) error {
	events, err := tx.Events(standing.Stream(v.Member))
	if err != nil {
		return err
	}
	events = append(events, just...)
	slices.Reverse(events)
	v.History = events[:min(len(events), historyShown)]
	warnings, err := tx.Warnings(v.Member, now)
	if err != nil {
		return err
	}
	v.Active = slices.DeleteFunc(warnings, func(w Warning) bool { return !w.Active(now) })
	v.Shares, err = sharesOf(tx, v.Member, now)
	return err
}

// PublicStanding is the short and honest form that everybody sees of a seller:
// nothing is rounded up, and every share has its denominator.
type PublicStanding struct {
	Member     member.Member
	Level      string // name in the policy; empty for none
	Words      string // as people call it
	LevelSince time.Time
	At         time.Time
	Completed  int
	Days       int
	Completion standing.Rate
	OnTime     standing.Rate
	Response   standing.Rate
	Rating     standing.Mean
	Policy     policy.Version
}

// PublicStanding reads it by the address of a seller's page.
// Errors: fault.NotFound when nobody sells there.
func (m *Market) PublicStanding(ctx context.Context, handle string) (PublicStanding, error) {
	them, err := m.MemberByHandle(ctx, handle)
	if err == nil && them.Seller == nil {
		err = fault.NotFound("Nobody sells here.")
	}
	if err != nil {
		return PublicStanding{}, err
	}
	now := m.Now()
	v := PublicStanding{Member: them, At: now, Policy: m.PolicyAt(now)}
	err = m.store.View(ctx, func(tx *store.Tx) error {
		seller, err := sellerOf(tx, them.ID)
		if err != nil {
			return err
		}
		r := reader{tx: tx, seller: seller, now: now, ahead: ahead(v.Policy), public: true, p: v.Policy}
		past, err := r.read()
		if err != nil {
			return err
		}
		if _, err := m.settleLevel(tx, &seller, now); err != nil {
			return err
		}
		s := past.Sheet(now, v.Policy)
		v.Completed, v.Days, v.Completion, v.OnTime, v.Response, v.Rating = s.Completed, s.Days, s.Completion, s.OnTime, s.Response, s.Rating
		for _, r := range []*[]standing.Contribution{&v.Completion.Lines, &v.OnTime.Lines, &v.Response.Lines, &v.Rating.Lines} {
			*r = nil // what stands behind them is the seller's own
		}
		if !them.Suspended() {
			v.Level, v.Words, v.LevelSince = seller.Level, standing.LevelWords(v.Policy, seller.Level), seller.Since
		}
		return nil
	})
	return v, err
}

// Badge is a level as it stands beside a name.
type Badge struct {
	Level string
	Words string
}

// Levels are the levels of those of the sellers who have one and may show it.
func (m *Market) Levels(ctx context.Context, sellers ...ident.Member) (map[ident.Member]Badge, error) {
	badges := map[ident.Member]Badge{}
	if len(sellers) == 0 {
		return badges, nil
	}
	p := m.Policy()
	err := m.store.View(ctx, func(tx *store.Tx) error {
		levels, err := tx.Levels(sellers...)
		clear(badges) // the closure may run twice
		for id, level := range levels {
			badges[id] = Badge{level, standing.LevelWords(p, level)}
		}
		return err
	})
	return badges, err
}

// BuyerHistory is what a seller may know of a buyer before they work for them.
type BuyerHistory struct {
	Buyer     member.Member
	Orders    int // paid, ever
	Completed int // of those, ever
	Noted     int // endings on record since Since
	Since     time.Time
	Rows      []BuyerRow // how the others ended since then
}

// BuyerRow is how often orders of a buyer ended in one way.
type BuyerRow struct {
	Class policy.Class
	Cause string // as it was declared; empty where nobody did
	N     int
	Noted bool
}

const noBuyer = "There is no such buyer."

// BuyerRecord is a buyer's history for a seller who shares a conversation, an
// offer or an order with them. Errors: fault.NotFound for everybody else.
func (m *Market) BuyerRecord(ctx context.Context, who member.Actor, buyer ident.Member) (BuyerHistory, error) {
	if err := who.Need(member.ScopeRead); err != nil {
		return BuyerHistory{}, err
	}
	now := m.Now()
	p := m.PolicyAt(now)
	v := BuyerHistory{Since: now.Add(-p.Standing.ReachBack.D())}
	err := m.store.View(ctx, func(tx *store.Tx) (err error) {
		if err := mayKnow(tx, who, buyer); err != nil {
			return err
		}
		if v.Buyer, err = tx.Member(buyer); err != nil {
			return missing(err, noBuyer)
		}
		v.Buyer.Email = ""
		counts, err := tx.Counts(store.Wanted{Member: buyer, Side: order.Buyer})
		if err != nil {
			return err
		}
		v.Orders, v.Completed = 0, counts[order.BucketCompleted]
		for bucket, n := range counts {
			if bucket != order.BucketUnpaid && bucket != order.BucketAbandoned {
				v.Orders += n
			}
		}
		causes, err := tx.Causes(buyer, standing.BuyerRecord, v.Since, now)
		v.Rows, v.Noted = nil, 0
		for _, c := range causes {
			v.Rows = append(v.Rows, BuyerRow{c.Class, c.Cause, c.N, c.Mark == standing.Against})
			if c.Mark == standing.Against {
				v.Noted += c.N
			}
		}
		return err
	})
	return v, err
}

// mayKnow tells whether a seller has to do with somebody who buys.
func mayKnow(tx *store.Tx, who member.Actor, buyer ident.Member) error {
	if who.Is(buyer) || !who.Seller {
		return fault.NotFound(noBuyer)
	}
	sold, err := tx.OrdersBetween(buyer, who.Member, pageSize(0))
	if err != nil || slices.ContainsFunc(sold, func(o order.Order) bool { return mayRead(o, order.Seller) }) {
		return err
	}
	if _, err := tx.ThreadOf(who.Member, buyer); err == nil {
		return nil
	} else if ignoreMissing(err) != nil {
		return err
	}
	offered, err := tx.OffersBetween(who.Member, buyer, time.Time{}, time.Time{}, 1)
	if err == nil && len(offered) == 0 {
		err = fault.NotFound(noBuyer)
	}
	return err
}
