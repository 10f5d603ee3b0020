// Package withdrawal is a seller taking out what they earned (rulebook section 13).
//
// It owns the Withdrawal, what may be asked for and what follows from the
// provider's word. The money leaves "available" at once and rests in "paying
// out" until the provider has sent it, or comes back with the reason. And it
// owns what becomes of a debt: whatever is available pays it off first (Settle).
//
// It is a rules room above ledger, member and effect, below market.
package withdrawal

import (
	"strings"
	"time"
	"unicode"

	"guildhall/internal/effect"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/ledger"
	"guildhall/internal/member"
	"guildhall/internal/money"
	"guildhall/internal/policy"
)

// State is where a withdrawal stands.
type State string

// The closed list of states.
const (
	Asked    State = "asked"    // on its way to the provider
	Sent     State = "sent"     // the provider has sent it
	Returned State = "returned" // it could not be sent; the money is available again
)

// The events in the stream of the member.
const (
	EventAsked    = "withdrawal.asked"
	EventSent     = "withdrawal.sent"
	EventReturned = "withdrawal.returned"
	EventSettled  = "debt.settled"
)

// Kinds lists every kind of event here.
func Kinds() []effect.Kind { return []effect.Kind{EventAsked, EventSent, EventReturned, EventSettled} }

// Withdrawal is one amount on its way out.
type Withdrawal struct {
	ID      ident.Withdrawal
	Member  ident.Member
	Amount  money.Amount
	To      string // the account, as its owner wrote it
	State   State
	Why     string // it came back
	Asked   time.Time
	Ended   time.Time
	Version int
}

// Masked is the account with all but its last four signs hidden.
func (w Withdrawal) Masked() string { return masked(w.To) }

func masked(account string) string {
	runes := []rune(account)
	if len(runes) <= 4 {
		return account
	}
	return "ending " + string(runes[len(runes)-4:])
}

// Purse is what a decision about somebody's money needs to know.
type Purse struct {
	Owner     member.Member
	Head      ledger.Head // of the member's own chain of entries
	Available money.Amount
	Owed      money.Amount // to the house: so much of what is available stays
}

// Free is what may be taken out.
func (p Purse) Free() money.Amount { return Free(p.Available, p.Owed) }

// Free is what of an available amount may be taken out by somebody who owes the
// house another one.
func Free(available, owed money.Amount) money.Amount {
	return money.Of(max(0, available.Minor-owed.Minor), available.Currency)
}

// there says how much that is, and what keeps the rest.
func (p Purse) there() string {
	if p.Owed.Minor <= 0 {
		return "You have " + p.Available.String() + " to withdraw."
	}
	return "You have " + p.Free().String() + " to withdraw: of your " + p.Available.String() + ", " + p.Owed.String() + " is owed to the house."
}

// Ask decides whether an amount may be taken out, and to where. The owner comes
// back with the event counted.
// Errors: fault.Invalid beside amount or account, fault.Forbidden without a
// seller profile.
func Ask(now time.Time, id ident.Withdrawal, purse Purse, amount money.Amount, account string, p policy.Version) (Withdrawal, member.Member, effect.Set, error) {
	if purse.Owner.Seller == nil {
		return Withdrawal{}, purse.Owner, effect.Set{}, fault.Forbidden("Only sellers earn money here. Open a seller profile first.")
	}
	account, ok := cleaned(account)
	least := p.Money.MinWithdrawal.In(p.Currency)
	bad := fault.Fields{}
	bad.Need(amount.Currency == p.Currency, "amount", "Money is counted in "+string(p.Currency)+" here.")
	bad.Need(!amount.Less(least), "amount", "The least that can be withdrawn is "+least.String()+".")
	bad.Need(!purse.Free().Less(amount), "amount", purse.there())
	bad.Need(ok, "account", "Write the account with 8 to 34 letters and digits, as your bank does.")
	if err := bad.Err(); err != nil {
		return Withdrawal{}, purse.Owner, effect.Set{}, err
	}
	w := Withdrawal{ID: id, Member: purse.Owner.ID, Amount: amount, To: account, State: Asked, Asked: now}
	owner, set, err := w.book(now, purse, EventAsked, ledger.KindPayout, "", ledger.Payout(w.Member, amount.Minor))
	return w, owner, set, err
}

// Word is what the provider said about a withdrawal.
type Word struct {
	Provider string // its name, as in the clearing account
	Ref      string // its name of the withdrawal
	Sent     bool
	Why      string // it could not be sent
}

// Hear writes down what the provider said. What has ended stays as it is.
func Hear(now time.Time, w Withdrawal, purse Purse, word Word) (Withdrawal, member.Member, effect.Set, error) {
	if w.State != Asked {
		return w, purse.Owner, effect.Set{}, nil
	}
	w.Ended, w.State, w.Why = now, Sent, word.Why
	kind, recipe, postings := effect.Kind(EventSent), ledger.KindPayoutSent, ledger.PayoutSent(w.Member, word.Provider, w.Amount.Minor)
	if !word.Sent {
		w.State = Returned
		kind, recipe, postings = EventReturned, ledger.KindPayoutBack, ledger.PayoutBack(w.Member, w.Amount.Minor)
	}
	owner, set, err := w.book(now, purse, kind, recipe, word.Ref, postings)
	return w, owner, set, err
}

func (w Withdrawal) book(now time.Time, purse Purse, kind effect.Kind, recipe ledger.Kind, ref string, postings []ledger.Posting) (member.Member, effect.Set, error) {
	entry, _, err := ledger.Next(purse.Head, ledger.Entry{
		Stream: string(w.Member), Kind: recipe, At: now, Currency: w.Amount.Currency, Provider: ref, Postings: postings,
	})
	if err != nil {
		return purse.Owner, effect.Set{}, err
	}
	owner := purse.Owner
	owner.Seq++
	role, actor := member.RoleProvider, ident.Member("")
	if kind == EventAsked {
		role, actor = member.RoleMember, w.Member
	}
	return owner, effect.Set{
		Events: []effect.Event{{
			Stream: string(w.Member), Seq: owner.Seq, Kind: kind, At: now, Actor: actor, Role: role,
			Detail: effect.Detail{Text: w.Why, Amount: w.Amount.Minor, Provider: ref, Facts: map[string]string{"withdrawal": string(w.ID), "method": w.Masked()}},
		}},
		Entries: []ledger.Entry{entry},
	}, nil
}

// cleaned is an account without its spaces.
func cleaned(account string) (string, bool) {
	var b strings.Builder
	for _, r := range account {
		switch {
		case unicode.IsSpace(r) || r == '-':
		case r < 128 && (unicode.IsDigit(r) || unicode.IsLetter(r)):
			b.WriteRune(unicode.ToUpper(r))
		default:
			return "", false
		}
	}
	return b.String(), b.Len() >= 8 && b.Len() <= 34
}
