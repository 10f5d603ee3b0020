// Package ledger is the book in which every cent has its place.
//
// It owns accounts, balanced entries, the recipes that orders use (hold,
// release, clear, refund, pay out, reserve) and the chain that makes the book
// tamper-evident. Entries are append-only and belong to a stream (an order, or
// a member for withdrawals); each entry of a stream carries the hash of the one
// before. Balances are sums of postings and never clamped: what would be
// negative is a receivable with a reason (rulebook section 13).
//
// Signs: a positive balance is money the house holds for the account's owner.
// The payment provider's clearing account is therefore negative: it holds what
// the house owes to others.
//
// It is a rules room above money and ident.
package ledger

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"guildhall/internal/ident"
	"guildhall/internal/money"
)

// Account names one pot of money as kind:owner, or a house account.
type Account string

// The house's own accounts. They are sums of postings, never rows to fight over.
const (
	Commission Account = "house:commission"
	Fees       Account = "house:fees"
	Losses     Account = "house:losses" // what the house pays by decision
)

// Escrow is the money held for one order until its end.
func Escrow(o ident.Order) Account { return Account("escrow:" + string(o)) }

// Refunding is money on its way back to the buyer's payment method.
func Refunding(o ident.Order) Account { return Account("refunding:" + string(o)) }

// Pending is a seller's earned money before its clearance date.
func Pending(m ident.Member) Account { return Account("pending:" + string(m)) }

// Available is a seller's money that can be withdrawn.
func Available(m ident.Member) Account { return Account("available:" + string(m)) }

// PayingOut is a withdrawal that the provider has not confirmed yet.
func PayingOut(m ident.Member) Account { return Account("paying_out:" + string(m)) }

// Receivable is what a member owes the house, as a negative balance with a reason.
func Receivable(m ident.Member) Account { return Account("receivable:" + string(m)) }

// Clearing is the payment provider's side of the book.
func Clearing(provider string) Account { return Account("clearing:" + provider) }

// Kind is the part before the colon: escrow, pending, house …
func (a Account) Kind() string {
	kind, _, _ := strings.Cut(string(a), ":")
	return kind
}

// Owner is the part after the colon.
func (a Account) Owner() string {
	_, owner, _ := strings.Cut(string(a), ":")
	return owner
}

// Kind names the recipe of an entry.
type Kind string

// The closed list of recipes.
const (
	KindHold       Kind = "hold"        // the buyer's payment rests in escrow
	KindRelease    Kind = "release"     // a completed order pays its seller
	KindClear      Kind = "clear"       // pending becomes available
	KindRefund     Kind = "refund"      // escrow goes back towards the buyer
	KindRefundSent Kind = "refund_sent" // the provider has sent it
	KindTakeBack   Kind = "take_back"   // a decision takes back what a completed order paid
	KindChargeback Kind = "chargeback"  // the bank has taken the money back
	KindPayout     Kind = "payout"      // a withdrawal leaves available
	KindPayoutSent Kind = "payout_sent" // the provider has sent it
	KindPayoutBack Kind = "payout_back" // the provider could not send it
	KindSettle     Kind = "settle"      // what is available pays off what is owed
)

// Posting is one side of an entry, in minor units of the entry's currency.
type Posting struct {
	Account Account `json:"account"`
	Minor   int64   `json:"minor"`
}

// Entry is one balanced movement of money.
type Entry struct {
	Stream   string
	No       int // 1, 2, 3 … within the stream
	Kind     Kind
	At       time.Time
	Currency money.Currency
	Postings []Posting
	Provider string // reference at the payment provider, for clearing lines
	Prev     string // hash of the entry before, "" for the first
	Hash     string
}

// Head is where a stream's chain stands.
type Head struct {
	No   int    `json:"no"`
	Hash string `json:"hash"`
}

// ErrUnbalanced is a bug in a recipe: the entry would not sum to nothing.
var ErrUnbalanced = errors.New("ledger: entry does not balance")

// Next appends an entry to the chain at head. Postings of nothing are dropped;
// at least two must remain, they must sum to nothing and stay in range.
func Next(head Head, e Entry) (Entry, Head, error) {
	kept := make([]Posting, 0, len(e.Postings))
	amounts := make([]money.Amount, 0, len(e.Postings))
	for _, p := range e.Postings {
		if p.Minor != 0 {
			kept = append(kept, p)
			amounts = append(amounts, money.Of(p.Minor, e.Currency))
		}
	}
	total, err := money.Sum(amounts...)
	if err != nil {
		return Entry{}, head, err
	}
	if len(kept) < 2 || !total.IsZero() {
		return Entry{}, head, fmt.Errorf("%w: %s %s %v", ErrUnbalanced, e.Stream, e.Kind, e.Postings)
	}
	e.Postings = kept
	e.No, e.Prev = head.No+1, head.Hash
	e.Hash = e.digest()
	return e, Head{e.No, e.Hash}, nil
}

// Verify tells whether the entry's hash is that of its content.
func (e Entry) Verify() bool { return e.Hash == e.digest() }

func (e Entry) digest() string {
	h := sha256.New()
	fmt.Fprintf(h, "%s\n%s\n%d\n%s\n%d\n%s\n%s\n", e.Prev, e.Stream, e.No, e.Kind, e.At.UnixMicro(), e.Currency, e.Provider)
	for _, p := range e.Postings {
		fmt.Fprintf(h, "%s %d\n", p.Account, p.Minor)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Seal binds all entries committed since the seal before into one chain whose
// head can leave the house (quality, section 2).
type Seal struct {
	No      int
	At      time.Time
	Entries int    // how many it binds
	Prev    string // hash of the seal before
	Hash    string
}

// NewSeal seals entry hashes, given in the order of their streams and numbers.
func NewSeal(prev Seal, at time.Time, hashes []string) Seal {
	s := Seal{No: prev.No + 1, At: at, Entries: len(hashes), Prev: prev.Hash}
	h := sha256.New()
	fmt.Fprintf(h, "%s\n%d\n%d\n", s.Prev, s.No, s.At.UnixMicro())
	for _, e := range hashes {
		fmt.Fprintln(h, e)
	}
	s.Hash = hex.EncodeToString(h.Sum(nil))
	return s
}
