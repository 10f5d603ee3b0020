// Package standing is what the house says about a person's orders (rulebook
// sections 6 and 9): how many of a seller's were completed, how many came on
// time, and what of a buyer's endings is on record.
//
// It owns the Contribution, which is what one order adds to one figure, and the
// folds over contributions. Every figure carries what it was folded from, so
// the number and its explanation are one computation. The flow: an order that
// delivers or ends gives its contributions (Of), the market keeps them, Figures
// folds those of a window into a Sheet, and Preview folds them once more with
// an order that has not happened yet. Nothing here is rounded before it is
// compared, and nothing is printed higher than it is.
//
// It is a rules room: above order and policy, below market.
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
	Completion  Figure = "completion"   // of a seller: completed, of those and the cancellations that count
	OnTime      Figure = "on_time"      // of a seller: first deliveries by the due date
	BuyerRecord Figure = "buyer_record" // of a buyer: endings that are noted
)

// All lists every figure in the order in which they are shown.
func All() []Figure { return []Figure{Completion, OnTime, BuyerRecord} }

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

// Contribution is what one order adds to one figure of one person.
type Contribution struct {
	Figure Figure
	Member ident.Member
	Order  ident.Order
	Ref    string    // the order's short name
	At     time.Time // from when it counts
	Mark   Mark
	Rule   string       // the row of the matrix, or completed, on_time, delivered_late
	Class  policy.Class // how the order ended; empty for a completed one and for deliveries
	Cause  string       // as it was declared, where somebody did
	Fault  string       // as it was found, where somebody did
}

// Rules that are no row of the matrix.
const (
	RuleCompleted = "completed"
	RuleOnTime    = "on_time"
	RuleLate      = "delivered_late"
)

// Of is what an order adds to the figures of its parties, under the policy that
// it pins: the seller's on-time figure from the first delivery on, the seller's
// completion and the buyer's record once it has ended. An order that was never
// paid adds nothing.
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
	return list
}

func entry(o order.Order, f Figure, m ident.Member) Contribution {
	return Contribution{Figure: f, Member: m, Order: o.ID, Ref: o.Ref}
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
		if row, ok := rowOf(c.Class, e.By, pinned); ok && row.AskedBy != "" {
			c.Rule += "/" + string(row.AskedBy)
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
	row, _ := rowOf(o.EndingClass(), "", pinned)
	return order.Ending{Seller: row.Seller == policy.EffectYes, Buyer: row.Buyer == policy.EffectYes}
}

// rowOf is the row of the matrix for a class, by whoever asked where it matters.
func rowOf(c policy.Class, by policy.Party, p policy.Version) (policy.ClassEffect, bool) {
	i := slices.IndexFunc(p.Cancellation.Effects, func(e policy.ClassEffect) bool {
		return e.Class == c && (e.AskedBy == "" || e.AskedBy == by)
	})
	if i < 0 {
		return policy.ClassEffect{}, false
	}
	return p.Cancellation.Effects[i], true
}
