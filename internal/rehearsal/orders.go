package rehearsal

import (
	"time"

	"guildhall/internal/ident"
	"guildhall/internal/money"
	"guildhall/internal/order"
	"guildhall/internal/policy"
)

// Look is the end of one order as it was and as it would have been. Pairs are
// before and after, in minor units.
type Look struct {
	Order      ident.Order
	Ref        string
	Title      string
	Seller     ident.Member
	State      order.State
	Class      policy.Class // of one that was not completed
	Ended      time.Time
	Paid       [2]int64     // to the seller
	Commission [2]int64     // kept by the house
	Fee        [2]int64     // the buyer's, on top of the price
	Counts     [2]bool      // against the seller
	Noted      [2]bool      // for the buyer
	Ends       [2]time.Time // when a clock ended it
	Clears     [2]time.Time // when the seller's money clears
	Unless     string       // why it would not have ended so, or not then
	Back       int64        // what had gone back by then
}

// LookAt decides the end of an order once more. Nothing is said about one that
// is not over, or was never paid.
func LookAt(o order.Order, pinned, next policy.Version) (l Look, over bool, err error) {
	if !o.State.Ended() || o.State == order.Abandoned || o.PaidAt.IsZero() {
		return l, false, nil
	}
	a, err := o.Again(pinned, next)
	if err != nil {
		return l, false, err
	}
	s := o.Life.Settled
	l = Look{
		Order: o.ID, Ref: o.Ref, Title: o.Title, Seller: o.Seller, State: o.State, Ended: o.EndedAt, Unless: a.Unless,
		Paid: [2]int64{s.Seller, a.Settled.Seller}, Commission: [2]int64{s.Commission, a.Settled.Commission}, Fee: [2]int64{s.Fee, s.Fee},
		Ends: [2]time.Time{o.EndedAt, a.Ends}, Clears: [2]time.Time{o.Life.ClearsAt, a.Clears},
	}
	if o.State != order.Completed {
		l.Class = o.EndingClass()
	}
	if was := o.Life.Ending; was != nil && a.Ending != nil {
		l.Counts, l.Noted = [2]bool{was.Seller, a.Ending.Seller}, [2]bool{was.Buyer, a.Ending.Buyer}
	}
	for _, r := range o.Life.Refunds {
		l.Back += r.Minor
	}
	if price := s.Seller + s.Commission; price != 0 && pinned.Money.BuyerFee != next.Money.BuyerFee {
		fee, err := money.Of(price, o.Total.Currency).Share(next.Money.BuyerFee.BP())
		if err != nil {
			return l, false, err
		}
		l.Fee[1] = fee.Minor
	}
	return l, true, nil
}

// Differs tells whether anything would have been otherwise.
func (l Look) Differs() bool { return l.Money() || l.Record() || l.Dates() || l.Unless != "" }

// Money tells whether somebody would have been paid otherwise.
func (l Look) Money() bool {
	return l.Paid[0] != l.Paid[1] || l.Commission[0] != l.Commission[1] || l.Fee[0] != l.Fee[1]
}

// Record tells whether it would have entered somebody's record otherwise.
func (l Look) Record() bool { return l.Counts[0] != l.Counts[1] || l.Noted[0] != l.Noted[1] }

// Dates tells whether a clock would have ended it, or cleared the money, at
// another moment.
func (l Look) Dates() bool { return !l.Ends[0].Equal(l.Ends[1]) || !l.Clears[0].Equal(l.Clears[1]) }
