// Package pay is the edge to the companies that move money.
//
// It owns the words in which the market and a provider talk: a Charge goes
// out, an Outcome comes back, and everything that happens later, or that the
// answer did not survive, is told by a signed Message. The truth about a
// payment is whatever the provider says last; a Message may repeat what an
// Outcome said already, come twice or out of order, and must then be harmless.
//
// The one provider for now is the [Sandbox]: play money with cards that
// succeed, fail, ask for a second step and time out on purpose. It remembers
// everything in tables of its own, as a company next door would.
//
// Neighbours: market calls it, faces hand it what arrives at its doors, the
// sandbox keeps its memory in store.
package pay

import (
	"errors"
	"log/slog"
	"time"

	"guildhall/internal/ident"
	"guildhall/internal/money"
)

// Provider is whom the market pays through.
type Provider = *Sandbox

// ErrUnknown says that the provider did not answer in time. Whether money
// moved is not known: Lookup and the messages tell it later. Charging again
// under the same payment is safe and moves nothing twice.
var ErrUnknown = errors.New("pay: the provider did not answer in time")

// Card is what a buyer typed. It is never stored, and logs show nothing of it.
type Card struct {
	Number, Expiry, CVC, Name string
}

// Ending is the last four digits: enough to tell one request from another, and
// no secret.
func (c Card) Ending() string {
	digits := digitsOf(c.Number)
	return digits[max(0, len(digits)-4):]
}

// String hides the card from whoever prints what holds it.
func (Card) String() string { return "(a card)" }

// GoString hides the card from %#v too.
func (Card) GoString() string { return "(a card)" }

// LogValue hides the card from logs.
func (c Card) LogValue() slog.Value { return slog.StringValue(c.String()) }

// Charge asks for money.
type Charge struct {
	Payment ident.Payment // the same payment is charged once, however often it is asked
	Amount  money.Amount
	Card    Card
	About   string // what the buyer sees beside it
	Back    string // path to return to after a second step
}

// State is how far a charge has come.
type State string

// The states of a charge. Succeeded and Declined are final.
const (
	Succeeded State = "succeeded"
	Declined  State = "declined"
	NeedsStep State = "needs_step" // the buyer has to answer at Outcome.Step
	Pending   State = "pending"    // the bank thinks; a message follows
)

// Outcome is what a provider says about a charge.
type Outcome struct {
	Payment ident.Payment `json:"payment,omitempty"`
	State   State         `json:"state,omitempty"`
	Ref     string        `json:"ref,omitempty"`    // the provider's name of it
	Method  string        `json:"method,omitempty"` // Visa ending 4242
	Reason  string        `json:"reason,omitempty"` // of a decline, in plain words
	Step    string        `json:"step,omitempty"`   // path of the second step
	Amount  money.Amount  `json:"amount"`
}

// Refund asks to give back all or part of a charge.
type Refund struct {
	Payment ident.Payment // the same refund is sent once; another part of the charge needs another one
	Ref     string        // of the charge
	Amount  money.Amount
}

// Payout asks to send a member's money out.
type Payout struct {
	ID     string // the same payout is sent once
	Member ident.Member
	Amount money.Amount
	To     string // the account, as its owner wrote it
}

// Kind is what a message is about.
type Kind string

// The kinds of messages.
const (
	ChargeSucceeded Kind = "charge_succeeded"
	ChargeDeclined  Kind = "charge_declined"
	RefundSent      Kind = "refund_sent"
	PayoutSent      Kind = "payout_sent"
	PayoutFailed    Kind = "payout_failed"
	DisputeOpened   Kind = "dispute_opened" // the owner of the card went to the bank
	DisputeWon      Kind = "dispute_won"
	DisputeLost     Kind = "dispute_lost" // the bank took the outcome's amount back
)

// Message is something that the provider tells unasked. In refund_sent the
// outcome's payment is the refund's and its ref the refund's own; in messages
// about payouts Payout stands in place of the payment.
type Message struct {
	ID      string    `json:"id"` // the same message told twice has the same id
	Kind    Kind      `json:"kind"`
	Payout  string    `json:"payout,omitempty"`
	Outcome Outcome   `json:"outcome"`
	At      time.Time `json:"at"`
	Decides time.Time `json:"decides,omitzero"` // when the bank decides about a dispute
}

// Line is one line of the provider's own statement. What it took for the house
// is positive, what it gave away is negative.
type Line struct {
	Ref    string
	Kind   LineKind
	About  string // the payment, charge or member that it concerns
	Amount money.Amount
	Total  money.Amount // what it holds for the house after this line
	At     time.Time
}

// LineKind sorts the lines of a statement.
type LineKind string

// The kinds of lines.
const (
	LineCharge       LineKind = "charge"
	LineRefund       LineKind = "refund"
	LinePayout       LineKind = "payout"
	LinePayoutReturn LineKind = "payout_return" // a failed payout came back
	LineChargeback   LineKind = "chargeback"    // the bank took a charge back
)

// StepView is what the page of a second step shows.
type StepView struct {
	Outcome Outcome
	About   string
	Back    string // where the buyer goes afterwards
}
