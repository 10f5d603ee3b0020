package offer

import (
	"time"

	"guildhall/internal/effect"
	"guildhall/internal/ident"
)

// Name names a move, as the table, the API and the history spell it.
type Name string

// The closed list of moves.
const (
	MovePay       Name = "pay"
	MoveFail      Name = "payment_failed"
	MoveAccept    Name = "accept"
	MoveTake      Name = "take"
	MoveDecline   Name = "decline"
	MoveWithdraw  Name = "withdraw"
	MoveRemove    Name = "remove"
	MoveSupersede Name = "supersede"
	MoveTick      Name = "tick"
)

// Move is what somebody wants to do with an offer. The set is closed: only the
// types below are moves.
type Move interface{ Name() Name }

// The moves, with what each brings along.
type (
	// Pay begins to pay, through an order: the same one at each attempt.
	Pay struct{ Order ident.Order }
	// Fail is a payment that the bank refused.
	Fail struct{ Payment ident.Payment }
	// Accept is a payment that arrived and placed the order. Began is when it began.
	Accept struct {
		Order   ident.Order
		Payment ident.Payment
		Began   time.Time
	}
	// Take makes it what a running order is about from now on: a swap that both agreed to.
	Take struct{ Order ident.Order }
	// Decline says no, with or without a word about it.
	Decline struct{ Text string }
	// Withdraw takes the offer back.
	Withdraw struct{}
	// Remove ends it because the house took down what it is about. Why is for both.
	Remove struct{ Why string }
	// Supersede ends it because a newer one takes its place.
	Supersede struct{ By ident.Offer }
	// Tick fires what is due and does nothing else.
	Tick struct{}
)

// Name names the move.
func (Pay) Name() Name       { return MovePay }
func (Fail) Name() Name      { return MoveFail }      // Name names the move.
func (Accept) Name() Name    { return MoveAccept }    // Name names the move.
func (Take) Name() Name      { return MoveTake }      // Name names the move.
func (Decline) Name() Name   { return MoveDecline }   // Name names the move.
func (Withdraw) Name() Name  { return MoveWithdraw }  // Name names the move.
func (Remove) Name() Name    { return MoveRemove }    // Name names the move.
func (Supersede) Name() Name { return MoveSupersede } // Name names the move.
func (Tick) Name() Name      { return MoveTick }      // Name names the move.

// The events that an offer's life is made of.
const (
	Made           = "offer.made"
	PaymentBegun   = "offer.payment_begun"
	PaymentFailed  = "offer.payment_failed"
	AcceptedOffer  = "offer.accepted"
	TakenOffer     = "offer.taken"
	DeclinedOffer  = "offer.declined"
	WithdrawnOffer = "offer.withdrawn"
	RemovedOffer   = "offer.removed"
	NewerMade      = "offer.superseded"
	RanOut         = "offer.expired"
)

// Kinds lists every kind of event of an offer, in the order of life.
func Kinds() []effect.Kind {
	return []effect.Kind{Made, PaymentBegun, PaymentFailed, AcceptedOffer, TakenOffer, DeclinedOffer, WithdrawnOffer, RemovedOffer, NewerMade, RanOut}
}
