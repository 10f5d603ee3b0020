package order

import (
	"slices"
	"strings"
	"time"

	"guildhall/internal/effect"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/ledger"
	"guildhall/internal/money"
	"guildhall/internal/policy"
)

// Rest is the buyer's money that rests with the house until the end, in minor
// units: more when work is added, less when a part went back.
type Rest struct {
	Price int64 `json:"price"`
	Fee   int64 `json:"fee,omitempty"`
}

// Settled is what the end paid to whom, in minor units, less what was taken
// back since.
type Settled struct {
	Seller     int64 `json:"seller"`
	Commission int64 `json:"commission,omitempty"`
	Fee        int64 `json:"fee,omitempty"`
}

// Refund is one part of one payment on its way back.
type Refund struct {
	Event     int           `json:"event"` // that booked it
	Payment   ident.Payment `json:"payment"`
	Minor     int64         `json:"minor"`
	Provider  string        `json:"provider"`
	Ref       string        `json:"ref"`    // of the payment, at the provider
	Method    string        `json:"method"` // Visa ending 4242
	At        time.Time     `json:"at"`
	Sent      time.Time     `json:"sent,omitzero"`      // the provider has taken it on
	Confirmed time.Time     `json:"confirmed,omitzero"` // the provider has sent it
	Waits     time.Time     `json:"waits,omitzero"`     // since then, for the bank to decide about the payment
	ByBank    time.Time     `json:"by_bank,omitzero"`   // the bank gave the money back, and it will not be sent
}

// Open tells whether the refund is still on its way.
func (r Refund) Open() bool { return r.Confirmed.IsZero() && r.ByBank.IsZero() }

// Owed tells whether the provider has yet to be asked for the refund.
func (r Refund) Owed() bool { return r.Open() && r.Sent.IsZero() }

// Added is work that was agreed on after the purchase.
type Added struct {
	Label string       `json:"label"`
	Price money.Amount `json:"price"`
	Days  int          `json:"days,omitempty"`
	At    time.Time    `json:"at"`
}

// rest is what rests for an order; what was agreed on before it is paid. Nothing
// may be left of it while the order goes on: that is not the same as unpaid.
func (o Order) rest() Rest {
	if o.PaidAt.IsZero() {
		return Rest{o.Agreement.Price.Minor, o.Agreement.Fee.Minor}
	}
	return o.Life.Rest
}

// Resting is the buyer's money that rests with the house now.
func (o Order) Resting() money.Amount {
	if o.PaidAt.IsZero() || o.State.Ended() {
		return money.Zero(o.Total.Currency)
	}
	r := o.rest()
	return o.amount(r.Price + r.Fee)
}

func (o Order) amount(minor int64) money.Amount { return money.Of(minor, o.Total.Currency) }

func (o Order) deal() ledger.Deal { return o.dealOver(o.rest()) }

func (o Order) dealOver(r Rest) ledger.Deal {
	return ledger.Deal{Order: o.ID, Seller: o.Seller, Provider: o.Life.Charge.Provider, Price: o.amount(r.Price), Fee: o.amount(r.Fee)}
}

// Shares is what the order pays to whom: once it is completed under the policy
// version it pins, or what its end has paid.
func (o Order) Shares(p policy.Version) (ledger.Split, error) {
	if s := o.Life.Settled; s != (Settled{}) || o.State.Ended() {
		return ledger.Split{Seller: o.amount(s.Seller), Commission: o.amount(s.Commission), Fee: o.amount(s.Fee)}, nil
	}
	return o.deal().Shares(p.Money.Commission.BP())
}

// share divides money in two, rounded half to even.
func (r Rest) share(bp money.BasisPoints, c money.Currency) (part, other Rest, err error) {
	price, err := money.Of(r.Price, c).Share(bp)
	if err != nil {
		return part, other, err
	}
	fee, err := money.Of(r.Fee, c).Share(bp)
	part = Rest{price.Minor, fee.Minor}
	return part, Rest{r.Price - part.Price, r.Fee - part.Fee}, err
}

// movesNothing tells whether a share of what rests is less than half a cent.
func (o Order) movesNothing(share money.BasisPoints) bool {
	part, _, err := o.rest().share(share, o.Total.Currency)
	return err == nil && part == (Rest{})
}

// giveUp books a part of what rests on its way back to the buyer.
func (t *turn) giveUp(r Rest) ([]effect.Refund, error) {
	if r == (Rest{}) {
		return nil, nil
	}
	if err := t.book(ledger.KindRefund, t.o.Life.Charge.Ref, t.o.dealOver(r).Refund()); err != nil {
		return nil, err
	}
	return t.sendBack(r.Price + r.Fee)
}

// payOut books what rests to the seller and the house; it clears later.
func (t *turn) payOut(r Rest) (ledger.Split, error) {
	d := t.o.dealOver(r)
	shares, err := d.Shares(t.p.Money.Commission.BP())
	if err != nil || r == (Rest{}) {
		return shares, err
	}
	if err := t.book(ledger.KindRelease, "", d.Release(shares)); err != nil {
		return shares, err
	}
	t.o.Life.Settled = Settled{shares.Seller.Minor, shares.Commission.Minor, shares.Fee.Minor}
	clearance := Clearance(t.o.SellerLevel, t.p)
	if t.o.Life.ClearsFor = ""; clearance != t.p.Money.Clearance.D() {
		t.o.Life.ClearsFor = t.o.SellerLevel
	}
	t.o.Life.ClearsAt = t.now.Add(clearance)
	return shares, nil
}

// Clearance is how long the money of a seller of some level takes to clear.
func Clearance(level string, p policy.Version) time.Duration {
	for _, l := range p.Standing.Levels {
		if l.Name == level && l.Clearance > 0 {
			return l.Clearance.D()
		}
	}
	return p.Money.Clearance.D()
}

// sendBack shares an amount out over the payments it came from, the newest
// first. The event that is recorded next names the refunds.
func (t *turn) sendBack(minor int64) ([]effect.Refund, error) {
	var list []effect.Refund
	for i := range slices.Backward(t.o.Life.More) {
		minor -= t.backTo(&t.o.Life.More[i], minor, &list)
	}
	minor -= t.backTo(&t.o.Life.Charge, minor, &list)
	if minor != 0 {
		return nil, fault.Conflict("More would go back than was paid for this order.")
	}
	return list, nil
}

func (t *turn) backTo(c *Charge, wanted int64, list *[]effect.Refund) int64 {
	part := min(wanted, c.Amount.Minor-c.Back)
	if part <= 0 {
		return 0
	}
	c.Back += part
	*list = append(*list, t.refund(*c, part))
	return part
}

// refund remembers one refund until it is confirmed.
func (t *turn) refund(c Charge, minor int64) effect.Refund {
	t.o.Life.Refunds = append(t.o.Life.Refunds, Refund{
		Event: t.o.Seq + 1, Payment: c.Payment, Minor: minor, Provider: c.Provider, Ref: c.Ref, Method: c.Method, At: t.now,
	})
	t.o.Life.RefundedAt = time.Time{}
	return effect.Refund{Payment: c.Payment, Minor: minor}
}

// Charges are all payments that the order kept, the first one first.
func (o Order) Charges() []Charge {
	if o.Life.Charge.Payment == "" {
		return nil
	}
	return append([]Charge{o.Life.Charge}, o.Life.More...)
}

// Methods are what was paid with, in words.
func (o Order) Methods() string {
	var names []string
	for _, c := range o.Charges() {
		if !slices.Contains(names, c.Method) {
			names = append(names, c.Method)
		}
	}
	return strings.Join(names, " and ")
}

// Returned is what was refunded so far of what the order kept.
func (o Order) Returned() money.Amount {
	var sum int64
	for _, c := range o.Charges() {
		sum += c.Back
	}
	return o.amount(sum)
}

// TakenByBank is what of that the bank gave back, and not the house.
func (o Order) TakenByBank() money.Amount {
	taken := o.Returned()
	for _, c := range o.Charges() {
		for _, r := range o.Life.Refunds {
			if r.Payment == c.Payment && r.ByBank.IsZero() {
				taken.Minor -= r.Minor
			}
		}
	}
	return taken
}

// Refunding finds a refund by the event that booked it and its payment.
func (o Order) Refunding(event int, p ident.Payment) (Refund, bool) {
	i := slices.IndexFunc(o.Life.Refunds, func(r Refund) bool { return r.Event == event && r.Payment == p })
	if i < 0 {
		return Refund{}, false
	}
	return o.Life.Refunds[i], true
}

// WentBack tells whether all of a payment has gone back, to the provider's word.
func (o Order) WentBack(p ident.Payment, paid int64) bool {
	for _, r := range o.Life.Refunds {
		if r.Payment == p && !r.Confirmed.IsZero() {
			paid -= r.Minor
		}
	}
	return paid <= 0
}
