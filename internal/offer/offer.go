// Package offer is a price made for one buyer (rulebook section 7).
//
// It owns the Offer, its terms, the closed set of moves and the table of who
// may make which move from which state. New makes an offer, Decide is the one
// function that changes it afterwards, Quote is what an order made from it
// agrees to. An offer is bound to its addressee and lives for a day; a payment
// begun before its end and finished within the policy's grace is honoured. It
// is paid by one order at most, named in it from the first attempt on.
//
// Before it decides, Decide lets the end fire if it is past, at its own
// instant; so a move that comes a second too late meets an ended offer, whether
// or not a sweep has been there.
//
// It is a rules room: above gig, effect, member and policy, below market. It
// knows nothing of orders but their names.
package offer

import (
	"time"

	"guildhall/internal/gig"
	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/money"
)

// State is where an offer stands.
type State string

// The closed list of states.
const (
	Open       State = "open"
	Accepted   State = "accepted"
	Declined   State = "declined"
	Withdrawn  State = "withdrawn"
	Superseded State = "superseded"
	Expired    State = "expired"
)

// States lists every state in the order of life.
func States() []State {
	return []State{Open, Accepted, Declined, Withdrawn, Superseded, Expired}
}

// Ended tells whether nothing can happen to the offer any more.
func (s State) Ended() bool { return s != Open }

// Words say where the offer stands, for a sentence.
func (s State) Words() string {
	switch s {
	case Open:
		return "the offer is open"
	case Accepted:
		return "the offer is paid"
	case Declined:
		return "the offer was declined"
	case Withdrawn:
		return "the offer was withdrawn"
	case Superseded:
		return "a newer offer took its place"
	}
	return "the time to pay the offer is over"
}

// Offer is what one seller would do for one buyer, and for how much. Zero
// instants have not happened.
type Offer struct {
	ID     ident.Offer
	Seller ident.Member
	Buyer  ident.Member // whom it is for; nobody else can pay it
	Gig    ident.Gig    // one of the seller's, from which it has its place in the catalogue
	Policy ident.Policy // the version it was made under, for ever
	Terms
	State State

	MadeAt        time.Time
	ExpiresAt     time.Time // from then on nobody can begin to pay
	HonouredUntil time.Time // before then a payment begun in time is taken
	EndedAt       time.Time

	Order        ident.Order // the one that pays it, from the first attempt on
	Paying       int         // attempts to pay that the bank has not refused
	Supersedes   ident.Offer // the one it took the place of
	SupersededBy ident.Offer
	Answer       string // the buyer's words when declining
	Removed      string // why the house took down what it is about; empty when it did not

	Version int // bumped by each save; the guard of every write
	Seq     int // number of the last event
}

// Terms are what is offered.
type Terms struct {
	Title     string         `json:"title"`
	Scope     string         `json:"scope"`
	Price     money.Amount   `json:"price"`
	Days      int            `json:"days"`
	Revisions int            `json:"revisions"`
	Questions []gig.Question `json:"questions,omitempty"` // what the seller needs to know first
}

// Party is who somebody is to an offer.
type Party string

// The closed list of parties.
const (
	Buyer    Party = "buyer"
	Seller   Party = "seller"
	Clock    Party = "clock"
	Provider Party = "provider"
	House    Party = "house"
	Nobody   Party = "nobody"
)

// PartyOf tells who the actor is to the offer. People of the house are nobody:
// they see private matters through a case only.
func (o Offer) PartyOf(who member.Actor) Party {
	switch {
	case who.Is(o.Buyer):
		return Buyer
	case who.Is(o.Seller):
		return Seller
	case who.Role == member.RoleClock && !who.SignedIn():
		return Clock
	case who.Role == member.RoleProvider && !who.SignedIn():
		return Provider
	case who.Role == member.RoleOperator && !who.SignedIn():
		return House
	}
	return Nobody
}

// Payable tells whether the buyer can begin to pay now.
func (o Offer) Payable(now time.Time) bool { return o.State == Open && now.Before(o.ExpiresAt) }

// Honours tells whether a payment of that order, begun at one instant and
// arriving at another, is taken: begun before the end, finished within the
// grace, and nothing else has happened to the offer meanwhile.
func (o Offer) Honours(order ident.Order, began, now time.Time) bool {
	return o.State == Open && order != "" && o.Order == order && began.Before(o.ExpiresAt) && now.Before(o.HonouredUntil)
}

// Next is when the offer ends by itself; the second result is false when it has
// ended. While the bank owes an answer to a payment begun in time, it is waited for.
func (o Offer) Next() (time.Time, bool) {
	switch {
	case o.State != Open:
		return time.Time{}, false
	case o.Paying > 0:
		return o.HonouredUntil, true
	}
	return o.ExpiresAt, true
}
