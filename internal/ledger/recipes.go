package ledger

import (
	"guildhall/internal/ident"
	"guildhall/internal/money"
)

// Deal is who and what a recipe concerns: one order's parties and shares.
type Deal struct {
	Order    ident.Order
	Seller   ident.Member
	Provider string       // name of the payment provider that took the money
	Price    money.Amount // of the work
	Fee      money.Amount // the buyer's fee
}

// Split is what a completed order pays to whom.
type Split struct {
	Seller     money.Amount
	Commission money.Amount
	Fee        money.Amount
}

// Shares divides a completed order: the commission is rounded half to even and
// the seller gets the exact rest (rulebook section 13).
func (d Deal) Shares(commission money.BasisPoints) (Split, error) {
	cut, err := d.Price.Share(commission)
	if err != nil {
		return Split{}, err
	}
	net, err := d.Price.Minus(cut)
	return Split{Seller: net, Commission: cut, Fee: d.Fee}, err
}

// Hold takes the buyer's payment into escrow.
func (d Deal) Hold() []Posting {
	total := d.Price.Minor + d.Fee.Minor
	return []Posting{{Clearing(d.Provider), -total}, {Escrow(d.Order), total}}
}

// Release pays a completed order: the seller's share is pending until it clears.
func (d Deal) Release(s Split) []Posting {
	return []Posting{
		{Escrow(d.Order), -(d.Price.Minor + d.Fee.Minor)},
		{Pending(d.Seller), s.Seller.Minor},
		{Commission, s.Commission.Minor},
		{Fees, s.Fee.Minor},
	}
}

// Clear makes the seller's share withdrawable.
func (d Deal) Clear(s Split) []Posting {
	return []Posting{{Pending(d.Seller), -s.Seller.Minor}, {Available(d.Seller), s.Seller.Minor}}
}

// Refund sends the whole escrow back towards the buyer, fee included.
func (d Deal) Refund() []Posting {
	total := d.Price.Minor + d.Fee.Minor
	return []Posting{{Escrow(d.Order), -total}, {Refunding(d.Order), total}}
}

// RefundSent books that the provider has sent it.
func (d Deal) RefundSent() []Posting {
	total := d.Price.Minor + d.Fee.Minor
	return []Posting{{Refunding(d.Order), -total}, {Clearing(d.Provider), total}}
}

// TakeBack undoes a part of what a completed order paid: each gives back its
// share. What the seller has not any more is owed to the house; the rest of
// the way back to the buyer is RefundSent's.
func (d Deal) TakeBack(s Split, cleared bool, available int64) []Posting {
	postings := []Posting{{Commission, -s.Commission.Minor}, {Fees, -s.Fee.Minor}}
	if cleared {
		there := max(0, min(s.Seller.Minor, available))
		postings = append(postings, Posting{Available(d.Seller), -there}, Posting{Receivable(d.Seller), there - s.Seller.Minor})
	} else {
		postings = append(postings, Posting{Pending(d.Seller), -s.Seller.Minor})
	}
	return append(postings, Posting{Refunding(d.Order), s.Seller.Minor + s.Commission.Minor + s.Fee.Minor})
}

// ChargedBack books that the bank has taken money back from the provider: what
// was on its way to the buyer, and for the rest a loss of the house.
func (d Deal) ChargedBack(refunding, loss int64) []Posting {
	return []Posting{{Refunding(d.Order), -refunding}, {Losses, -loss}, {Clearing(d.Provider), refunding + loss}}
}

// Payout takes a withdrawal out of what is available.
func Payout(m ident.Member, minor int64) []Posting {
	return []Posting{{Available(m), -minor}, {PayingOut(m), minor}}
}

// PayoutSent books that the provider has sent a withdrawal.
func PayoutSent(m ident.Member, provider string, minor int64) []Posting {
	return []Posting{{PayingOut(m), -minor}, {Clearing(provider), minor}}
}

// PayoutBack returns a withdrawal that could not be sent.
func PayoutBack(m ident.Member, minor int64) []Posting {
	return []Posting{{PayingOut(m), -minor}, {Available(m), minor}}
}

// Settles is how much of a debt is paid off out of what its owner has to
// withdraw: all that is there, so that nobody has and owes at once.
func Settles(available, owed int64) int64 { return max(0, min(available, owed)) }

// Settle pays off what a member owes out of what is available.
func Settle(m ident.Member, minor int64) []Posting {
	return []Posting{{Available(m), -minor}, {Receivable(m), minor}}
}
