// Package standing is what the house says about a person's work (rulebook
// sections 6 and 9): a seller's figures, the level that they carry, what of
// both is about to change, and what of a buyer's endings is on record.
//
// It owns the Contribution, which is what one order, conversation or review
// adds to one figure, the folds over contributions, and the State of a seller's
// level. Every figure carries what it was folded from, so the number and its
// explanation are one computation. The flow: an order that delivers or ends, a
// first message, a review give their contributions (Of, OfTalk), the market
// keeps them, Past.Sheet folds them, Evaluate reads the sheet and moves the
// level. Looking ahead is the same fold at a later instant (Settle,
// Forecast), with orders that have not happened (Recover), or with an order as
// it would become (Preview). Nothing here is rounded before it is compared, and
// nothing is printed higher than it is.
//
// It is a rules room: above order, talk and policy, below market.
package standing

import (
	"slices"
	"time"

	"guildhall/internal/ident"
	"guildhall/internal/order"
	"guildhall/internal/policy"
)

// Figure is one number of a person.
type Figure string

// The closed list of figures.
const (
	Completed    Figure = "completed"     // of a seller: orders completed, ever
	UniqueBuyers Figure = "unique_buyers" // of a seller: different buyers of those
	Earned       Figure = "earned"        // of a seller: what ended orders paid them, ever
	Days         Figure = "days"          // of a seller: since they opened their shop
	Completion   Figure = "completion"    // of a seller: completed, of those and the cancellations that count
	OnTime       Figure = "on_time"       // of a seller: first deliveries by the due date
	Response     Figure = "response"      // of a seller: first messages answered in time
	Rating       Figure = "rating"        // of a seller: mean of the reviews that are shown
	Warnings     Figure = "warnings"      // of anybody: those that stand now
	BuyerRecord  Figure = "buyer_record"  // of a buyer: endings that are noted
)

// All lists every figure in the order in which they are shown.
func All() []Figure {
	return []Figure{Completed, UniqueBuyers, Earned, Days, Completion, OnTime, Response, Rating, Warnings, BuyerRecord}
}

// Kept lists the figures that have contributions of their own; the others are
// read from those, or from warnings and dates.
func Kept() []Figure { return []Figure{Earned, Completion, OnTime, Response, Rating, BuyerRecord} }

// Known tells whether there is such a figure.
func (f Figure) Known() bool { return slices.Contains(All(), f) }

// Mark is how an order enters a figure.
type Mark string

// The closed list of marks.
const (
	For      Mark = "for"
	Against  Mark = "against" // for a buyer's record: noted
	Excluded Mark = "excluded"
)

// Known tells whether there is such a mark.
func (m Mark) Known() bool { return slices.Contains([]Mark{For, Against, Excluded}, m) }

// Contribution is what one thing adds to one figure of one person.
type Contribution struct {
	Figure  Figure
	Member  ident.Member
	Subject string       // what it is about: the id of an order, a thread or a warning
	Order   ident.Order  // the same where it is an order
	Peer    ident.Member // the other party
	Value   int64        // earned: minor units; rating: parts of a star, see Star
	Ref     string       // the subject's short name
	At      time.Time    // from when it counts
	Mark    Mark
	Rule    string       // the row of the matrix, or one of the rules below
	Class   policy.Class // how the order ended; empty for a completed one and for deliveries
	Cause   string       // as it was declared, where somebody did
	Fault   string       // as it was found, where somebody did
}

// Of is what an order adds to the figures of its parties, under the policy that
// it pins: the seller's on-time figure from the first delivery on, the seller's
// completion and earnings and the buyer's record once it has ended. An order
// that was never paid adds nothing.
func Of(o order.Order, pinned policy.Version) []Contribution {
	var list []Contribution
	if c, ok := delivery(o); ok {
		list = append(list, c)
	}
	switch o.State {
	case order.Completed:
		c := entry(o, Completion, o.Seller)
		c.At, c.Mark, c.Rule = o.EndedAt, For, RuleCompleted
		list = append(list, c)
	case order.Cancelled, order.Refunded:
		list = append(list, ended(o, pinned)...)
	}
	if c, ok := earning(o); ok {
		list = append(list, c)
	}
	return list
}

func entry(o order.Order, f Figure, m ident.Member) Contribution {
	c := Contribution{Figure: f, Member: m, Subject: string(o.ID), Order: o.ID, Peer: o.Buyer, Ref: o.Ref}
	if m == o.Buyer {
		c.Peer = o.Seller
	}
	return c
}

// delivery is what the first delivery says about the seller, whatever comes of
// the order afterwards.
func delivery(o order.Order) (Contribution, bool) {
	c := entry(o, OnTime, o.Seller)
	c.At, c.Mark, c.Rule = o.Life.FirstDeliveredAt, For, RuleOnTime
	if !o.Life.OnTime {
		c.Mark, c.Rule = Against, RuleLate
	}
	return c, !c.At.IsZero()
}

// earning is what an order that ended has paid its seller so far: less once a
// part of it was taken back, nothing once all of it was.
func earning(o order.Order) (Contribution, bool) {
	c := entry(o, Earned, o.Seller)
	c.At, c.Value, c.Mark, c.Rule = o.EndedAt, o.Life.Settled.Seller, For, RulePaid
	switch {
	case o.State == order.Completed, o.State.Ended() && c.Value > 0:
		return c, true
	case o.State == order.Refunded:
		c.Mark, c.Rule = Excluded, RuleTakenBack
		return c, true
	}
	return c, false
}

// Diff is what has to be written when an order moves on: what is new or
// different, and what is there no longer.
func Diff(was, next []Contribution) (put, drop []Contribution) {
	same := func(a, b Contribution) bool { return a.Figure == b.Figure && a.Member == b.Member }
	for _, c := range next {
		i := slices.IndexFunc(was, func(w Contribution) bool { return same(w, c) })
		if i < 0 || !equal(was[i], c) {
			put = append(put, c)
		}
	}
	for _, w := range was {
		if !slices.ContainsFunc(next, func(c Contribution) bool { return same(w, c) }) {
			drop = append(drop, w)
		}
	}
	return put, drop
}

func equal(a, b Contribution) bool {
	at := a.At.Equal(b.At)
	a.At, b.At = time.Time{}, time.Time{}
	return at && a == b
}

// ended is what an ending without completion says about both parties: the order
// itself settled at its end whether it counts, by the policy that it pins.
func ended(o order.Order, pinned policy.Version) []Contribution {
	e := endingOf(o, pinned)
	sides := []struct {
		figure Figure
		member ident.Member
		counts bool
	}{{Completion, o.Seller, e.Seller}, {BuyerRecord, o.Buyer, e.Buyer}}
	list := make([]Contribution, len(sides))
	for i, s := range sides {
		c := entry(o, s.figure, s.member)
		c.At, c.Mark, c.Class, c.Cause, c.Fault = o.EndedAt, Excluded, o.EndingClass(), e.Cause, string(e.Fault)
		c.Rule = string(c.Class)
		if by := pinned.Cancellation.EffectOf(c.Class, e.By).AskedBy; by != "" {
			c.Rule += "/" + string(by)
		}
		if s.counts {
			c.Mark = Against
		}
		list[i] = c
	}
	return list
}

// endingOf reads what the order's end decided. Orders that ended before endings
// were written down have classes whose row says it all.
func endingOf(o order.Order, pinned policy.Version) order.Ending {
	if o.Life.Ending != nil {
		return *o.Life.Ending
	}
	row := pinned.Cancellation.EffectOf(o.EndingClass(), "")
	return order.Ending{Seller: row.Seller == policy.EffectYes, Buyer: row.Buyer == policy.EffectYes}
}
