package order

import (
	"time"

	"guildhall/internal/ident"
	"guildhall/internal/money"
)

// PaymentState is where one attempt to pay stands.
type PaymentState string

// The closed list of payment states, in the order of life. A later one never
// turns back into an earlier one, so the provider's messages may come in any
// order and any number of times.
const (
	PaymentCreated   PaymentState = "created"
	PaymentPending   PaymentState = "pending"    // the provider has not said yet
	PaymentNeedsStep PaymentState = "needs_step" // the buyer must confirm at the bank
	PaymentDeclined  PaymentState = "declined"
	PaymentSucceeded PaymentState = "succeeded"
	PaymentRefunding PaymentState = "refunding"
	PaymentRefunded  PaymentState = "refunded"
)

var paymentAge = map[PaymentState]int{
	PaymentCreated: 0, PaymentPending: 1, PaymentNeedsStep: 2, PaymentDeclined: 3,
	PaymentSucceeded: 4, PaymentRefunding: 5, PaymentRefunded: 6,
}

// Payment is one attempt to pay one order.
type Payment struct {
	ID       ident.Payment
	Order    ident.Order
	Member   ident.Member
	Provider string
	Method   string // Visa ending 4242
	Ref      string // the provider's name of it
	Amount   money.Amount
	State    PaymentState
	Reason   string // why it was declined, in plain words
	Step     string // where the buyer confirms
	Created  time.Time
	Version  int
	Request  int // the agreed request that it pays for; 0 is the order itself

	Settled    time.Time // the money was taken
	RefundedAt time.Time // and sent back
}

// Advance takes the payment to a state unless it is there or further already.
func (p Payment) Advance(to PaymentState, now time.Time) (Payment, bool) {
	if paymentAge[to] <= paymentAge[p.State] {
		return p, false
	}
	p.State = to
	switch to {
	case PaymentSucceeded:
		p.Settled = now
	case PaymentRefunded:
		p.RefundedAt = now
	}
	return p, true
}

// Charge is the payment as an order remembers it.
func (p Payment) Charge() Charge {
	return Charge{Payment: p.ID, Provider: p.Provider, Ref: p.Ref, Method: p.Method, Amount: p.Amount}
}
