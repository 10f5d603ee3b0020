package withdrawal

import (
	"time"

	"guildhall/internal/effect"
	"guildhall/internal/ledger"
	"guildhall/internal/member"
	"guildhall/internal/money"
)

// Settle pays off what the owner of a purse owes to the house, as far as what
// they have to withdraw goes; the set is empty where there is nothing to pay or
// nothing to pay with. It stands in their own books and not in those of the order
// whose money it was: what a seller owes is no business of that order's buyer.
func Settle(now time.Time, purse Purse) (member.Member, effect.Set, error) {
	paid := ledger.Settles(purse.Available.Minor, purse.Owed.Minor)
	if paid == 0 {
		return purse.Owner, effect.Set{}, nil
	}
	entry, _, err := ledger.Next(purse.Head, ledger.Entry{
		Stream: string(purse.Owner.ID), Kind: ledger.KindSettle, At: now, Currency: purse.Owed.Currency, Postings: ledger.Settle(purse.Owner.ID, paid),
	})
	if err != nil {
		return purse.Owner, effect.Set{}, err
	}
	owner := purse.Owner
	owner.Seq++
	detail := effect.Detail{Amount: paid}
	if left := purse.Owed.Minor - paid; left > 0 {
		detail.Facts = map[string]string{"left": money.Of(left, purse.Owed.Currency).String()}
	}
	return owner, effect.Set{
		Events:  []effect.Event{{Stream: string(owner.ID), Seq: owner.Seq, Kind: EventSettled, At: now, Role: member.RoleClock, Detail: detail}},
		Entries: []ledger.Entry{entry},
	}, nil
}
