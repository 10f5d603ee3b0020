// Package needs is what waits for one person, sorted by what is lost first.
//
// It owns the Need: what should be done, what is lost otherwise and when. The
// flow: the market hands in an order (Of), the room tells whether something of
// it waits for that party and why, and Sort puts everything a person has to
// look after into one list. What waits outside of orders, an offer (OfOffer) or
// a case (OfCase), takes the same shape. Nothing is stored: a need is a reading
// of where things stand now.
//
// It is a rules room: above order, offer, desk and policy, below market.
package needs

import (
	"cmp"
	"slices"
	"time"

	"guildhall/internal/desk"
	"guildhall/internal/offer"
	"guildhall/internal/order"
	"guildhall/internal/policy"
)

// Kind is what somebody is needed for.
type Kind string

// The closed list, in the order in which they come where nothing else decides.
const (
	Answer  Kind = "answer"  // a request of the other side
	Pay     Kind = "pay"     // what was agreed on and is not paid yet
	Case    Kind = "case"    // support waits for somebody's words
	Offer   Kind = "offer"   // a custom offer to answer
	Late    Kind = "late"    // work past its due date
	Look    Kind = "look"    // a delivery
	Deliver Kind = "deliver" // work
	Revise  Kind = "revise"
	Brief   Kind = "brief" // the seller's questions
	Stale   Kind = "stale" // an order that never started and may be ended
)

var kinds = []Kind{Answer, Pay, Case, Offer, Late, Look, Deliver, Revise, Brief, Stale}

// Need is one thing that waits for somebody. Do and Lost are sentences with
// {other} and {until} for the other party's name and At in the reader's zone.
type Need struct {
	Kind Kind
	Do   string
	Lost string    // what becomes of it otherwise
	At   time.Time // when it is lost; past where it can be lost any moment
	Calm bool      // nothing is lost by waiting
}

// Over tells whether the instant has passed: what was to be lost can be lost
// at any moment.
func (n Need) Over(now time.Time) bool { return !n.At.IsZero() && !now.Before(n.At) }

// Of tells what of an order waits for a party, under the policy that the order
// pins; false for nothing. An order on hold waits for nobody.
func Of(now time.Time, o order.Order, side order.Party, p policy.Version) (Need, bool) {
	switch {
	case o.Held() || side != order.Buyer && side != order.Seller:
		return Need{}, false
	case o.Life.Request != nil:
		return request(o, side, p)
	case side == order.Seller:
		return seller(o.Clock(now), o, p)
	}
	return buyer(o.Clock(now), o, p)
}

// request is an open request: it comes before everything else of its order.
func request(o order.Order, side order.Party, p policy.Version) (Need, bool) {
	r := o.Life.Request
	asks := r.Proposal.Asks(o.Total.Currency, p)
	switch {
	case order.Party(r.Waits()) != side:
		return Need{}, false
	case r.Agreed():
		return Need{Pay, "Pay what you agreed on: " + asks + ".", "Without the payment until {until} nothing changes.", r.Ends, false}, true
	}
	silence := o.IfSilent(p)
	n := Need{Answer, "{other} asks " + asks + ".", silence.Says(side), r.Ends, silence == order.SilenceNothing}
	if silence == order.SilenceCancels {
		n.Lost += counts(r.By, side, p)
	}
	return n, true
}

// counts says what the unanswered end of an order would do to the side that
// does not answer.
func counts(asked policy.Party, side order.Party, p policy.Version) string {
	row := p.Cancellation.EffectOf(policy.ClassUnanswered, asked)
	switch {
	case side == order.Seller && row.Seller == policy.EffectYes:
		return " It would count in your completion rate as an order that was not completed."
	case side == order.Buyer && row.Buyer == policy.EffectYes:
		return " It would be noted in your record as a buyer."
	}
	return ""
}

func seller(now time.Time, o order.Order, p policy.Version) (Need, bool) {
	switch o.State {
	case order.AwaitingRequirements:
		from := o.Life.WaitsSince.Add(p.Order.StaleCancel.D())
		if now.Before(from) {
			return Need{}, false
		}
		return Need{Stale, "{other} has not answered your questions for " + p.Order.StaleCancel.Words() + ". Start without them, or end the order with no effect on you.",
			"Otherwise it is refunded by itself.", o.Life.WaitsSince.Add(p.Order.StaleRefund.D()), false}, true
	case order.InProgress:
		switch {
		case !now.Before(o.Life.LateFrom):
			return Need{Late, "Deliver as soon as you can: the work is late.",
				"{other} may cancel at any moment. " + order.EffectOn(order.Seller, policy.ClassLate, p), o.Life.LateFrom, false}, true
		case now.After(o.DueAt):
			return Need{Late, "Deliver as soon as you can: the due date has passed.",
				"{other} may cancel from {until} on. " + order.EffectOn(order.Seller, policy.ClassLate, p), o.Life.LateFrom, false}, true
		}
		return Need{Deliver, "Deliver the work.", "Delivered late, it counts against your on-time figure.", o.DueAt, false}, true
	case order.InRevision:
		return Need{Revise, "Deliver the revision.", "{other} is waiting for it. No figure depends on it.", o.Life.RevisionBy, true}, true
	}
	return Need{}, false
}

func buyer(now time.Time, o order.Order, p policy.Version) (Need, bool) {
	switch o.State {
	case order.Unpaid:
		return Need{Pay, "Pay the order, or leave it.", "Unpaid, it is put away by itself; nothing is charged.", o.LapsesAt(p), false}, true
	case order.AwaitingRequirements:
		stale := o.Life.WaitsSince.Add(p.Order.StaleCancel.D())
		n := Need{Brief, "Answer {other}’s questions: the work starts with them.", "Without answers by then {other} may end the order. " + order.EffectOn(order.Buyer, policy.ClassBeforeStartStale, p), stale, false}
		if !now.Before(stale) {
			n.Lost, n.At = "{other} may end the order at any moment; {until} it is refunded by itself.", o.Life.WaitsSince.Add(p.Order.StaleRefund.D())
		}
		return n, true
	case order.Delivered:
		return Need{Look, "Look at the delivery: accept it, or ask for a revision.", "Silence completes the order and pays {other}.", o.Life.CompletesAt, false}, true
	case order.InProgress:
		if now.Before(o.Life.LateFrom) {
			return Need{}, false
		}
		return Need{Late, "{other} is late. Wait, or cancel and get everything back.", "Nothing is lost by waiting.", o.Life.LateFrom, true}, true
	}
	return Need{}, false
}

// OfOffer tells whether a custom offer waits for its buyer. One that they began to
// pay waits as its order does.
func OfOffer(now time.Time, o offer.Offer) (Need, bool) {
	if !o.Payable(now) || o.Order != "" {
		return Need{}, false
	}
	return Need{Offer, "{other} made you an offer: pay it, or decline.", "Silence lets it end; nothing is charged.", o.ExpiresAt, false}, true
}

// OfCase tells whether a case waits for the words of the person who opened it.
func OfCase(c desk.Case) (Need, bool) {
	if c.State != desk.Answered {
		return Need{}, false
	}
	return Need{Kind: Case, Do: "Support answered you and waits for your words.", Lost: "Nothing is decided meanwhile."}, true
}

// Sort puts what is lost first at the top: requests before everything, because
// an answer is all they need, then by the instant, then by kind. Where nothing
// is lost comes last.
func Sort[T any](list []T, need func(T) Need) {
	slices.SortStableFunc(list, func(a, b T) int {
		x, y := need(a), need(b)
		first := func(n Need) int {
			switch {
			case n.Kind == Answer:
				return 0
			case n.Calm || n.At.IsZero():
				return 2
			}
			return 1
		}
		return cmp.Or(cmp.Compare(first(x), first(y)), x.At.Compare(y.At), cmp.Compare(slices.Index(kinds, x.Kind), slices.Index(kinds, y.Kind)))
	})
}
