package resolution

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"guildhall/internal/fault"
	"guildhall/internal/gig"
	"guildhall/internal/ident"
	"guildhall/internal/money"
	"guildhall/internal/policy"
)

func rules(t *testing.T) policy.Version {
	t.Helper()
	_, doc, err := policy.Profile(policy.Profiles()[0])
	if err != nil {
		t.Fatal(err)
	}
	doc.Requests.MaxExtensionDays, doc.Requests.MaxDiscountPercent = 14, 6000
	doc.Money.MaxPrice, doc.Limits.TextRunes, doc.Currency = 200_000, 100, "USD"
	doc.Cancellation.Causes = []policy.Cause{{Name: "quality", Words: "The quality is not what was agreed"}, {Name: "it", Words: "IT does not work"}}
	return policy.Version{ID: "policy_test", Document: doc}
}

func into(title string, minor int64) *Into {
	return &Into{Gig: "gig_1", Quote: gig.Quote{Title: title, Total: money.Of(minor, "USD")}}
}

// TestWhatEachKindMustSay walks the bounds of each kind: what is accepted, and
// else which fields are blamed.
func TestWhatEachKindMustSay(t *testing.T) {
	p := rules(t)
	long := strings.Repeat("é", 100)
	for _, c := range []struct {
		name  string
		in    Proposal
		blame string
	}{
		{"cancel, nothing back", Proposal{Kind: Cancel, Reason: "r", Cause: "quality", Share: 0}, ""},
		{"cancel, everything back", Proposal{Kind: Cancel, Reason: "r", Cause: "quality", Share: money.Whole}, ""},
		{"cancel, less than nothing", Proposal{Kind: Cancel, Reason: "r", Cause: "quality", Share: -1}, "share"},
		{"cancel, more than all", Proposal{Kind: Cancel, Reason: "r", Cause: "quality", Share: money.Whole + 1}, "share"},
		{"cancel, another cause", Proposal{Kind: Cancel, Reason: "r", Cause: "weather", Share: 1}, "cause"},
		{"cancel, nothing said", Proposal{Kind: Cancel, Share: -1}, "cause reason share"},
		{"only blanks", Proposal{Kind: Extend, Reason: " \n", Days: 1}, "reason"},
		{"as long as may be", Proposal{Kind: Extend, Reason: " " + long + " ", Days: 1}, ""},
		{"a letter too long", Proposal{Kind: Extend, Reason: long + "é", Days: 1}, "reason"},
		{"extend, no day", Proposal{Kind: Extend, Reason: "r", Days: 0}, "days"},
		{"extend, the most", Proposal{Kind: Extend, Reason: "r", Days: 14}, ""},
		{"extend, a day too many", Proposal{Kind: Extend, Reason: "r", Days: 15}, "days"},
		{"work as a gift", Proposal{Kind: AddExtra, Reason: "r", Extra: "A logo"}, ""},
		{"work at the highest price and the most days", Proposal{Kind: AddExtra, Reason: "r", Extra: "A logo", Price: 200_000, Days: 14}, ""},
		{"work, a cent too dear", Proposal{Kind: AddExtra, Reason: "r", Extra: "A logo", Price: 200_001}, "price"},
		{"work that pays the buyer", Proposal{Kind: AddExtra, Reason: "r", Extra: "A logo", Price: -1}, "price"},
		{"work in less than no time", Proposal{Kind: AddExtra, Reason: "r", Extra: "A logo", Days: -1}, "days"},
		{"work, a day too many", Proposal{Kind: AddExtra, Reason: "r", Extra: "A logo", Days: 15}, "days"},
		{"work without a name", Proposal{Kind: AddExtra, Reason: "r", Extra: "  "}, "extra"},
		{"work with a long name", Proposal{Kind: AddExtra, Reason: "r", Extra: strings.Repeat("é", maxExtra)}, ""},
		{"work with too long a name", Proposal{Kind: AddExtra, Reason: "r", Extra: strings.Repeat("é", maxExtra+1)}, "extra"},
		{"refund of nothing", Proposal{Kind: Discount, Reason: "r", Share: 0}, "share"},
		{"refund of the least", Proposal{Kind: Discount, Reason: "r", Share: 1}, ""},
		{"refund of the most", Proposal{Kind: Discount, Reason: "r", Share: 6000}, ""},
		{"refund of too much", Proposal{Kind: Discount, Reason: "r", Share: 6001}, "share"},
		{"swap", Proposal{Kind: Swap, Reason: "r", Into: into("Another", 1)}, ""},
		{"swap into nothing", Proposal{Kind: Swap, Reason: "r"}, "into"},
		{"no kind", Proposal{Reason: "r"}, "kind"},
		{"another kind", Proposal{Kind: "steal", Reason: "r"}, "kind"},
	} {
		_, err := Check(c.in, p)
		var f *fault.Error
		if errors.As(err, &f) && f.Kind != fault.KindInvalid {
			t.Errorf("%s: %v", c.name, err)
		}
		blamed := ""
		if f != nil {
			blamed = strings.Join(slices.Sorted(maps.Keys(f.Fields)), " ")
		}
		if blamed != c.blame {
			t.Errorf("%s: blamed %q, want %q", c.name, blamed, c.blame)
		}
	}
}

// TestWhatAKindDoesNotUseIsLeftOut: a form sends every field; what the kind has
// no use for must not stay in the request.
func TestWhatAKindDoesNotUseIsLeftOut(t *testing.T) {
	full := Proposal{Reason: " r ", Cause: "quality", Share: 5000, Days: 3, Extra: " A logo ", Price: 500, Into: into("Another", 1)}
	for kind, want := range map[Kind]Proposal{
		Cancel:   {Kind: Cancel, Reason: "r", Cause: "quality", Share: 5000},
		Extend:   {Kind: Extend, Reason: "r", Days: 3},
		AddExtra: {Kind: AddExtra, Reason: "r", Extra: "A logo", Price: 500, Days: 3},
		Discount: {Kind: Discount, Reason: "r", Share: 5000},
		Swap:     {Kind: Swap, Reason: "r", Into: full.Into},
	} {
		in := full
		in.Kind = kind
		if got, err := Check(in, rules(t)); err != nil || got != want {
			t.Errorf("%s: %+v, %v", kind, got, err)
		}
	}
}

func TestCauses(t *testing.T) {
	p := rules(t)
	if !KnownCause("quality", p) || KnownCause("Quality", p) || KnownCause("", p) {
		t.Error("the list of causes is not the policy's")
	}
	if CauseWords("quality", p) != "The quality is not what was agreed" || CauseWords("gone", p) != "gone" {
		t.Error("a cause is not shown in the policy's words")
	}
}

func TestAProposalInWords(t *testing.T) {
	p := rules(t)
	for want, in := range map[string]Proposal{
		"to cancel the order (the quality is not what was agreed); everything goes back to the buyer": {Kind: Cancel, Cause: "quality", Share: money.Whole},
		"to cancel the order (IT does not work); 99.99% goes back to the buyer":                       {Kind: Cancel, Cause: "it", Share: money.Whole - 1},
		"to give the delivery 1 more day":                                                             {Kind: Extend, Days: 1},
		"to give the delivery 2 more days":                                                            {Kind: Extend, Days: 2},
		"to add “A logo” as a gift":                                                                   {Kind: AddExtra, Extra: "A logo"},
		"to add “A logo” as a gift and 1 day":                                                         {Kind: AddExtra, Extra: "A logo", Days: 1},
		"to add “A logo” for $0.01":                                                                   {Kind: AddExtra, Extra: "A logo", Price: 1},
		"to add “A logo” for $5.00 and 3 days":                                                        {Kind: AddExtra, Extra: "A logo", Price: 500, Days: 3},
		"for 12.5% to go back to the buyer while the order goes on":                                   {Kind: Discount, Share: 1250},
		"to put “Another” for $80.00 in its place":                                                    {Kind: Swap, Into: into("Another", 8000)},
		"": {Kind: "steal"},
	} {
		if got := in.Asks("USD", p); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestEveryKindHasItsWords, and no two kinds the same.
func TestEveryKindHasItsWords(t *testing.T) {
	if len(Kinds()) != 5 {
		t.Fatalf("%d kinds", len(Kinds()))
	}
	for what, words := range map[string]func(Kind) string{
		"verb": Kind.Verb, "about": Kind.About, "agreeing": Kind.Agreeing,
		"for the buyer":  func(k Kind) string { return k.For(policy.PartyBuyer) },
		"for the seller": func(k Kind) string { return k.For(policy.PartySeller) },
	} {
		seen := map[string]Kind{}
		for _, k := range Kinds() {
			text := words(k)
			if text == "" || !utf8.ValidString(text) {
				t.Errorf("%s of %s: %q", what, k, text)
			}
			if other, twice := seen[text]; twice {
				t.Errorf("%s and %s have one %s: %q", other, k, what, text)
			}
			seen[text] = k
		}
	}
	for kind, who := range map[Kind]policy.Party{Discount: policy.PartySeller, Extend: policy.PartyBuyer, AddExtra: policy.PartySeller, Swap: policy.PartySeller} {
		if offers, asks := kind.For(who), kind.For(Other(who)); !strings.HasPrefix(offers, "Offer ") || asks != kind.Verb() {
			t.Errorf("%s: the %s reads %q, the other side %q", kind, who, offers, asks)
		}
	}
}

// TestWhoIsWaitedFor: the other side until it is agreed, then the buyer, who pays.
func TestWhoIsWaitedFor(t *testing.T) {
	for _, c := range []struct {
		by   policy.Party
		owed int64
		want policy.Party
	}{
		{policy.PartyBuyer, 0, policy.PartySeller}, {policy.PartySeller, 0, policy.PartyBuyer},
		{policy.PartyBuyer, 1, policy.PartyBuyer}, {policy.PartySeller, 1, policy.PartyBuyer},
	} {
		r := Request{By: c.by, Owed: c.owed}
		if got := r.Waits(); got != c.want || r.Agreed() != (c.owed > 0) {
			t.Errorf("asked by the %s, %d owed: waits for the %s", c.by, c.owed, got)
		}
	}
}

func TestWhichSwapTakesAnOffer(t *testing.T) {
	gone := into("Another", 1)
	gone.Quote.Offer = ident.Offer("offer_1")
	for _, c := range []struct {
		in   *Into
		want bool
	}{{nil, false}, {into("Another", 1), false}, {gone, true}} {
		if got := (Proposal{Kind: Swap, Into: c.in}).TakesOffer(); got != c.want {
			t.Errorf("%+v: %v", c.in, got)
		}
	}
}
