// Package resolution is what the two parties of a running order may ask of each
// other (rulebook section 5): to end it, to give it more days, to add work, to
// give part of the money back, to put another gig in its place.
//
// It owns the kinds of request, what each must say, the check of a proposal and
// the words in which it is shown. A request belongs to its order and lives in
// it: asking, answering and silence are moves of order.Decide, so that a
// request and the clocks and the money that it moves change together or not at
// all. The flow: a face reads a Proposal, the order's move asks Check, and the
// open Request stands in the order until it ends.
//
// It is a rules room above gig, money and policy, below order.
package resolution

import (
	"time"

	"guildhall/internal/gig"
	"guildhall/internal/ident"
	"guildhall/internal/money"
	"guildhall/internal/policy"
)

// Kind is what a request asks for.
type Kind string

// The closed list of kinds.
const (
	Cancel   Kind = "cancel"
	Extend   Kind = "extend"
	AddExtra Kind = "add_extra"
	Discount Kind = "discount"
	Swap     Kind = "swap"
)

// Kinds lists every kind in the order of the rulebook.
func Kinds() []Kind { return []Kind{Cancel, Extend, AddExtra, Discount, Swap} }

// Proposal is what somebody asks for. Each kind uses the fields it names.
type Proposal struct {
	Kind   Kind              `json:"kind"`
	Reason string            `json:"reason,omitempty"` // words to the other party
	Cause  string            `json:"cause,omitempty"`  // cancel: one of the policy's list
	Share  money.BasisPoints `json:"share,omitempty"`  // cancel, discount: what goes back to the buyer
	Days   int               `json:"days,omitempty"`   // extend: more days; add_extra: the days that it takes
	Extra  string            `json:"extra,omitempty"`  // add_extra: the work
	Price  int64             `json:"price,omitempty"`  // add_extra: minor units; 0 makes up for something
	Into   *Into             `json:"into,omitempty"`   // swap
}

// TakesOffer tells whether it would put a custom offer in the order's place.
func (a Proposal) TakesOffer() bool { return a.Into != nil && a.Into.Quote.Offer != "" }

// Into is what a swap puts in the place of what was bought, priced when it was
// asked for.
type Into struct {
	Gig   ident.Gig `json:"gig"`
	Quote gig.Quote `json:"quote"`
}

// Request is a proposal that waits for an answer, or for its payment.
type Request struct {
	No       int          `json:"no"` // the number of the event that asked
	By       policy.Party `json:"by"`
	Proposal Proposal     `json:"proposal"`
	Asked    time.Time    `json:"asked"`
	Ends     time.Time    `json:"ends"`               // silence until then decides
	Counters int          `json:"counters,omitempty"` // the request in whose place it came
	Owed     int64        `json:"owed,omitempty"`     // agreed on; waits for the buyer to pay so much
}

// Agreed tells whether the answer was yes and only the payment is missing.
func (r Request) Agreed() bool { return r.Owed > 0 }

// Waits tells whose answer is awaited: the other party's, or once it is agreed
// on the buyer's, who pays.
func (r Request) Waits() policy.Party {
	if r.Agreed() || r.By == policy.PartySeller {
		return policy.PartyBuyer
	}
	return policy.PartySeller
}

// Other is the other side.
func Other(p policy.Party) policy.Party {
	if p == policy.PartyBuyer {
		return policy.PartySeller
	}
	return policy.PartyBuyer
}
