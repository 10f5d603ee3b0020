package withdrawal_test

import (
	"testing"

	"pgregory.net/rapid"

	"guildhall/internal/ident"
	"guildhall/internal/ledger"
	"guildhall/internal/member"
	"guildhall/internal/money"
	"guildhall/internal/withdrawal"
)

// books are the accounts of one seller, as the house keeps them.
type books struct {
	*rapid.T
	owner member.Member
	head  ledger.Head
	minor map[ledger.Account]int64
}

func (b *books) purse() withdrawal.Purse {
	return withdrawal.Purse{
		Owner: b.owner, Head: b.head, Available: money.Of(b.minor[ledger.Available(b.owner.ID)], "USD"),
		Owed: money.Of(-b.minor[ledger.Receivable(b.owner.ID)], "USD"),
	}
}

func (b *books) post(postings []ledger.Posting) {
	for _, p := range postings {
		b.minor[p.Account] += p.Minor
	}
}

// settle pays off what can be, and checks that nothing more can be afterwards.
func (b *books) settle() {
	before := b.purse()
	owner, set, err := withdrawal.Settle(now, before)
	if err != nil {
		b.Fatal(err)
	}
	for _, e := range set.Entries {
		b.post(e.Postings)
		b.head = ledger.Head{No: e.No, Hash: e.Hash}
	}
	if owner.Seq != before.Owner.Seq+len(set.Events) || len(set.Events) != len(set.Entries) {
		b.Fatalf("%d events and %d entries, the owner counts %d", len(set.Events), len(set.Entries), owner.Seq)
	}
	b.owner = owner
	after := b.purse()
	if after.Available.Minor < 0 || after.Owed.Minor < 0 || after.Available.Minor > 0 && after.Owed.Minor > 0 {
		b.Fatalf("%s to withdraw and %s owed", after.Available, after.Owed)
	}
	if after.Free() != after.Available || after.Available.Minor-after.Owed.Minor != before.Available.Minor-before.Owed.Minor {
		b.Fatalf("from %+v to %+v", before, after)
	}
	if _, again, err := withdrawal.Settle(now, after); err != nil || len(again.Events)+len(again.Entries) > 0 {
		b.Fatalf("settled again: %+v, %v", again, err)
	}
}

// TestSettle: whatever clears, is taken back, goes out and comes back in whatever
// order, nobody has and owes at once, nothing is paid off that was not owed, and
// every cent that came in is there, went out or was taken back.
func TestSettle(t *testing.T) {
	const order = ident.Order("order_1")
	rapid.Check(t, func(t *rapid.T) {
		b := &books{T: t, owner: member.Member{ID: "member_mara"}, minor: map[ledger.Account]int64{}}
		deal := ledger.Deal{Order: order, Seller: b.owner.ID, Price: money.Zero("USD"), Fee: money.Zero("USD")}
		var net int64
		t.Repeat(map[string]func(*rapid.T){
			"": func(*rapid.T) {
				if has := b.purse(); has.Available.Minor-has.Owed.Minor+b.minor[ledger.PayingOut(b.owner.ID)] != net {
					t.Fatalf("%+v; %d came in", has, net)
				}
			},
			"clear": func(r *rapid.T) {
				part := ledger.Split{Seller: money.Of(rapid.Int64Range(1, 9000).Draw(r, "minor"), "USD")}
				b.post(deal.Clear(part))
				net += part.Seller.Minor
				b.settle()
			},
			"take back": func(r *rapid.T) {
				part := ledger.Split{Seller: money.Of(rapid.Int64Range(1, 9000).Draw(r, "minor"), "USD")}
				b.post(deal.TakeBack(part, true, b.purse().Available.Minor))
				net -= part.Seller.Minor
				b.settle()
			},
			"withdraw": func(r *rapid.T) {
				minor := rapid.Int64Range(0, b.purse().Free().Minor).Draw(r, "minor")
				b.post(ledger.Payout(b.owner.ID, minor))
			},
			"come back": func(*rapid.T) {
				b.post(ledger.PayoutBack(b.owner.ID, b.minor[ledger.PayingOut(b.owner.ID)]))
				b.settle()
			},
		})
	})
}

// TestSettleSays: what is left is told, and the movement is one from what can be
// withdrawn to what is owed.
func TestSettleSays(t *testing.T) {
	for name, test := range map[string]struct {
		available, owed, paid int64
		left                  string
	}{
		"all of it":          {7200, 3600, 3600, ""},
		"to the cent":        {3600, 3600, 3600, ""},
		"a part":             {1200, 3600, 1200, "$24.00"},
		"nothing to pay off": {7200, 0, 0, ""},
		"nothing to pay":     {0, 3600, 0, ""},
	} {
		t.Run(name, func(t *testing.T) {
			p := purse(test.available, true)
			p.Owed = money.Of(test.owed, "USD")
			owner, set, err := withdrawal.Settle(now, p)
			if err != nil {
				t.Fatal(err)
			}
			if test.paid == 0 {
				if len(set.Events)+len(set.Entries) > 0 || owner.Seq != 4 {
					t.Errorf("%+v", set)
				}
				return
			}
			e, x := set.Events[0], set.Entries[0]
			if e.Kind != withdrawal.EventSettled || e.Seq != 5 || owner.Seq != 5 || e.Detail.Amount != test.paid || e.Detail.Facts["left"] != test.left {
				t.Errorf("%+v", e)
			}
			if x.Kind != ledger.KindSettle || x.Currency != "USD" || x.Postings[0] != (ledger.Posting{Account: "available:member_mara", Minor: -test.paid}) || x.Postings[1] != (ledger.Posting{Account: "receivable:member_mara", Minor: test.paid}) {
				t.Errorf("%+v", x)
			}
		})
	}
}
