package ledger

import (
	"errors"
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"guildhall/internal/ident"
	"guildhall/internal/money"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

const (
	work   ident.Order  = "order_1"
	seller ident.Member = "member_1"
)

func deal(price, fee int64) Deal {
	return Deal{Order: work, Seller: seller, Provider: "play", Price: money.Of(price, "USD"), Fee: money.Of(fee, "USD")}
}

// entry is one that balances.
func entry() Entry {
	return Entry{Stream: "order_1", Kind: KindHold, At: noon, Currency: "USD", Provider: "ch_1", Postings: deal(8000, 550).Hold()}
}

// book adds postings up, as the house's books do.
type book map[Account]int64

func (b book) enter(t interface{ Fatalf(string, ...any) }, postings []Posting) {
	var sum int64
	for _, p := range postings {
		b[p.Account] += p.Minor
		sum += p.Minor
		if b[p.Account] == 0 {
			delete(b, p.Account)
		}
	}
	if sum != 0 {
		t.Fatalf("%v sums to %d", postings, sum)
	}
}

func (b book) holds(t interface{ Fatalf(string, ...any) }, when string, want book) {
	for a, n := range want {
		if n != 0 && b[a] != n {
			t.Fatalf("%s: %s holds %d, want %d: %v", when, a, b[a], n, b)
		}
		if n == 0 && b[a] != 0 {
			t.Fatalf("%s: %s holds %d, want nothing: %v", when, a, b[a], b)
		}
	}
	for a, n := range b {
		if _, known := want[a]; !known {
			t.Fatalf("%s: %s holds %d, and should not be there", when, a, n)
		}
	}
}

func TestAccountsSayWhatAndWhose(t *testing.T) {
	for a, want := range map[Account][2]string{
		Escrow(work): {"escrow", "order_1"}, Refunding(work): {"refunding", "order_1"},
		Pending(seller): {"pending", "member_1"}, Available(seller): {"available", "member_1"},
		PayingOut(seller): {"paying_out", "member_1"}, Receivable(seller): {"receivable", "member_1"},
		Clearing("play"): {"clearing", "play"}, Commission: {"house", "commission"}, "odd": {"odd", ""},
	} {
		if got := [2]string{a.Kind(), a.Owner()}; got != want {
			t.Errorf("%s is %q, want %q", a, got, want)
		}
	}
}

func TestEntriesFormAChain(t *testing.T) {
	first, head, err := Next(Head{}, entry())
	if err != nil || first.No != 1 || first.Prev != "" || head != (Head{1, first.Hash}) || !first.Verify() {
		t.Fatalf("first: %+v, %+v, %v", first, head, err)
	}
	second, head, err := Next(head, entry())
	if err != nil || second.No != 2 || second.Prev != first.Hash || head != (Head{2, second.Hash}) || !second.Verify() {
		t.Fatalf("second: %+v, %+v, %v", second, head, err)
	}
	if first.Hash == second.Hash {
		t.Error("two entries of the same content at other places have one hash")
	}
}

func TestNoPartOfAnEntryCanBeChangedUnseen(t *testing.T) {
	for what, change := range map[string]func(*Entry){
		"stream":   func(e *Entry) { e.Stream = "order_2" },
		"number":   func(e *Entry) { e.No++ },
		"kind":     func(e *Entry) { e.Kind = KindRefund },
		"instant":  func(e *Entry) { e.At = e.At.Add(time.Microsecond) },
		"currency": func(e *Entry) { e.Currency = "EUR" },
		"provider": func(e *Entry) { e.Provider = "ch_2" },
		"before":   func(e *Entry) { e.Prev = "0" },
		"account":  func(e *Entry) { e.Postings[1].Account = Escrow("order_2") },
		"amount":   func(e *Entry) { e.Postings[1].Minor++ },
		"order":    func(e *Entry) { e.Postings[0], e.Postings[1] = e.Postings[1], e.Postings[0] },
		"shorter":  func(e *Entry) { e.Postings = e.Postings[:1] },
	} {
		e, _, err := Next(Head{}, entry())
		if err != nil {
			t.Fatal(err)
		}
		if change(&e); e.Verify() {
			t.Errorf("another %s still passes for the same entry", what)
		}
	}
}

func TestOnlyWhatBalancesIsEntered(t *testing.T) {
	before := Head{No: 3, Hash: "abc"}
	for what, postings := range map[string][]Posting{
		"nothing":         nil,
		"only nothings":   {{Escrow(work), 0}, {Pending(seller), 0}},
		"one side":        {{Escrow(work), 5}},
		"one and nothing": {{Escrow(work), 5}, {Pending(seller), 0}},
		"a cent too many": {{Escrow(work), -5}, {Pending(seller), 6}},
	} {
		e := entry()
		e.Postings = postings
		if _, head, err := Next(before, e); !errors.Is(err, ErrUnbalanced) || head != before {
			t.Errorf("%s: %v, the head stands at %+v", what, err, head)
		}
	}
	for _, n := range []int64{money.Limit + 1, math.MaxInt64} {
		e := entry()
		e.Postings = []Posting{{Escrow(work), n}, {Pending(seller), -n}}
		if _, head, err := Next(before, e); !errors.Is(err, money.ErrRange) || head != before {
			t.Errorf("%d: %v, the head stands at %+v", n, err, head)
		}
	}
}

func TestPostingsOfNothingAreLeftOut(t *testing.T) {
	e := entry()
	e.Postings = []Posting{{Escrow(work), -5}, {Commission, 0}, {Pending(seller), 5}}
	got, _, err := Next(Head{}, e)
	if err != nil || len(got.Postings) != 2 || got.Postings[0].Account != Escrow(work) || got.Postings[1].Account != Pending(seller) {
		t.Errorf("kept %v, %v", got.Postings, err)
	}
}

// deals are orders of any price, with any fee and commission.
func deals(t *rapid.T) (Deal, Split, money.BasisPoints) {
	d := deal(rapid.Int64Range(1, 1_000_000).Draw(t, "price"), rapid.Int64Range(0, 100_000).Draw(t, "fee"))
	commission := money.BasisPoints(rapid.Int64Range(0, int64(money.Whole)).Draw(t, "commission"))
	s, err := d.Shares(commission)
	if err != nil {
		t.Fatal(err)
	}
	return d, s, commission
}

func TestSharesAddUpToThePrice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, s, commission := deals(t)
		cut, err := d.Price.Share(commission)
		if err != nil || s.Commission != cut || s.Fee != d.Fee || s.Seller.Minor != d.Price.Minor-cut.Minor || s.Seller.Currency != "USD" {
			t.Fatalf("%v of %v: %+v, %v", commission, d.Price, s, err)
		}
	})
	if _, err := deal(8000, 0).Shares(money.Whole + 1); !errors.Is(err, money.ErrRange) {
		t.Errorf("more than all of it: %v", err)
	}
}

// TestMoneyThroughAWholeLife follows the money of an order through each of its
// ends: every entry balances, and after each the house holds just what is due.
func TestMoneyThroughAWholeLife(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, s, _ := deals(t)
		total := d.Price.Minor + d.Fee.Minor

		refunded := book{}
		refunded.enter(t, d.Hold())
		refunded.holds(t, "paid", book{Clearing("play"): -total, Escrow(work): total})
		refunded.enter(t, d.Refund())
		refunded.holds(t, "cancelled", book{Clearing("play"): -total, Refunding(work): total})
		refunded.enter(t, d.RefundSent())
		refunded.holds(t, "sent back", book{})

		earned := book{}
		earned.enter(t, d.Hold())
		earned.enter(t, d.Release(s))
		earned.holds(t, "completed", book{Clearing("play"): -total, Pending(seller): s.Seller.Minor, Commission: s.Commission.Minor, Fees: s.Fee.Minor})
		earned.enter(t, d.Clear(s))
		earned.holds(t, "cleared", book{Clearing("play"): -total, Available(seller): s.Seller.Minor, Commission: s.Commission.Minor, Fees: s.Fee.Minor})
		earned.enter(t, Payout(seller, s.Seller.Minor))
		earned.holds(t, "asked for", book{Clearing("play"): -total, PayingOut(seller): s.Seller.Minor, Commission: s.Commission.Minor, Fees: s.Fee.Minor})
		earned.enter(t, PayoutBack(seller, s.Seller.Minor))
		earned.holds(t, "returned", book{Clearing("play"): -total, Available(seller): s.Seller.Minor, Commission: s.Commission.Minor, Fees: s.Fee.Minor})
		earned.enter(t, Payout(seller, s.Seller.Minor))
		earned.enter(t, PayoutSent(seller, "play", s.Seller.Minor))
		earned.holds(t, "paid out", book{Clearing("play"): s.Seller.Minor - total, Commission: s.Commission.Minor, Fees: s.Fee.Minor})
	})
}

// TestMoneyTakenBack: everybody gives back their share, and what the seller has
// not any more is owed.
func TestMoneyTakenBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, s, _ := deals(t)
		total := d.Price.Minor + d.Fee.Minor
		b := book{}
		b.enter(t, d.Hold())
		b.enter(t, d.Release(s))
		cleared := rapid.Bool().Draw(t, "cleared")
		var left int64
		if cleared {
			b.enter(t, d.Clear(s))
			gone := rapid.Int64Range(0, s.Seller.Minor).Draw(t, "withdrawn")
			left = s.Seller.Minor - gone
			b.enter(t, Payout(seller, gone))
			b.enter(t, PayoutSent(seller, "play", gone))
		}
		b.enter(t, d.TakeBack(s, cleared, left))
		owed := s.Seller.Minor - left
		if !cleared {
			owed = 0
		}
		b.holds(t, "taken back", book{Clearing("play"): -total + owed, Refunding(work): total, Receivable(seller): -owed})
		lost := rapid.Int64Range(0, total).Draw(t, "lost")
		b.enter(t, d.ChargedBack(total-lost, lost))
		b.holds(t, "charged back", book{Clearing("play"): owed, Refunding(work): lost, Losses: -lost, Receivable(seller): -owed})
	})
}

// TestTakingBackLeavesOtherMoney: of what is available only this order's share
// is taken, and of less than nothing nothing.
func TestTakingBackLeavesOtherMoney(t *testing.T) {
	d := deal(10000, 550)
	s, err := d.Shares(2000)
	if err != nil {
		t.Fatal(err)
	}
	for available, want := range map[int64]book{
		50000: {Available(seller): -8000},
		8000:  {Available(seller): -8000},
		3000:  {Available(seller): -3000, Receivable(seller): -5000},
		0:     {Receivable(seller): -8000},
		-1:    {Receivable(seller): -8000},
	} {
		b := book{}
		b.enter(t, d.TakeBack(s, true, available))
		want[Commission], want[Fees], want[Refunding(work)] = -2000, -550, 10550
		b.holds(t, "taken back", want)
	}
}

func TestWhatIsAvailablePaysOffWhatIsOwed(t *testing.T) {
	for _, c := range []struct{ available, owed, want int64 }{
		{0, 500, 0}, {200, 500, 200}, {500, 500, 500}, {900, 500, 500}, {900, 0, 0}, {-5, 500, 0}, {900, -5, 0},
	} {
		if got := Settles(c.available, c.owed); got != c.want {
			t.Errorf("%d there, %d owed: %d, want %d", c.available, c.owed, got, c.want)
		}
	}
	b := book{Available(seller): 900, Receivable(seller): -500, "clearing:play": -400}
	b.enter(t, Settle(seller, 500))
	b.holds(t, "settled", book{Available(seller): 400, "clearing:play": -400})
}

func TestSealsBindWhatTheyAreGiven(t *testing.T) {
	first := NewSeal(Seal{}, noon, []string{"a", "b"})
	if first.No != 1 || first.Entries != 2 || first.Prev != "" || first.At != noon {
		t.Fatalf("first: %+v", first)
	}
	second := NewSeal(first, noon, []string{"c"})
	if second.No != 2 || second.Entries != 1 || second.Prev != first.Hash {
		t.Fatalf("second: %+v", second)
	}
	if again := NewSeal(Seal{}, noon, []string{"a", "b"}); again.Hash != first.Hash {
		t.Error("the same entries are sealed otherwise the second time")
	}
	for what, other := range map[string]Seal{
		"order":   NewSeal(Seal{}, noon, []string{"b", "a"}),
		"fewer":   NewSeal(Seal{}, noon, []string{"a"}),
		"joined":  NewSeal(Seal{}, noon, []string{"ab"}),
		"instant": NewSeal(Seal{}, noon.Add(time.Microsecond), []string{"a", "b"}),
		"number":  NewSeal(Seal{No: 1}, noon, []string{"a", "b"}),
		"before":  NewSeal(Seal{Hash: "x"}, noon, []string{"a", "b"}),
	} {
		if other.Hash == first.Hash {
			t.Errorf("another %s has the same seal", what)
		}
	}
}
