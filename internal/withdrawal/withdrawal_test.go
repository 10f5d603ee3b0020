package withdrawal_test

import (
	"testing"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/ledger"
	"guildhall/internal/member"
	"guildhall/internal/money"
	"guildhall/internal/policy"
	"guildhall/internal/withdrawal"
)

var now = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

func purse(available int64, seller bool) withdrawal.Purse {
	m := member.Member{ID: "member_mara", Seq: 4}
	if seller {
		m.Seller = &member.Seller{Since: now}
	}
	return withdrawal.Purse{Owner: m, Available: money.Of(available, "USD")}
}

func TestAsk(t *testing.T) {
	p := policy.Default("policy_test", now)
	for name, test := range map[string]struct {
		available, amount int64
		account           string
		seller            bool
		want              fault.Kind
	}{
		"all of it":          {7200, 7200, "DE00 1234 5678", true, ""},
		"the least":          {7200, 2500, "DE00-1234-5678", true, ""},
		"under the least":    {7200, 2499, "DE00 1234 5678", true, fault.KindInvalid},
		"more than there is": {7200, 7201, "DE00 1234 5678", true, fault.KindInvalid},
		"nothing":            {7200, 0, "DE00 1234 5678", true, fault.KindInvalid},
		"the wrong way":      {7200, -7200, "DE00 1234 5678", true, fault.KindInvalid},
		"no account":         {7200, 7200, "", true, fault.KindInvalid},
		"a script":           {7200, 7200, "<script>alert(1)</script>", true, fault.KindInvalid},
		"a buyer":            {7200, 7200, "DE00 1234 5678", false, fault.KindForbidden},
	} {
		t.Run(name, func(t *testing.T) {
			w, owner, set, err := withdrawal.Ask(now, "withdrawal_1", purse(test.available, test.seller), money.Of(test.amount, "USD"), test.account, p)
			if fault.KindOf(err) != test.want {
				t.Fatalf("%v, want %q", err, test.want)
			}
			if err != nil {
				if len(set.Events)+len(set.Entries) > 0 {
					t.Error("a refusal has effects")
				}
				return
			}
			if w.State != withdrawal.Asked || w.To != "DE0012345678" || w.Masked() != "ending 5678" || owner.Seq != 5 || set.Events[0].Seq != 5 {
				t.Errorf("%+v, owner %d, %+v", w, owner.Seq, set.Events)
			}
			if got := set.Entries[0].Postings; got[0] != (ledger.Posting{Account: "available:member_mara", Minor: -test.amount}) || got[1].Account != "paying_out:member_mara" {
				t.Errorf("booked %v", got)
			}
		})
	}
}

func TestHear(t *testing.T) {
	p := policy.Default("policy_test", now)
	for name, test := range map[string]struct {
		word withdrawal.Word
		want withdrawal.State
		to   ledger.Account
	}{
		"sent":      {withdrawal.Word{Provider: "sandbox", Ref: "po_1", Sent: true}, withdrawal.Sent, "clearing:sandbox"},
		"came back": {withdrawal.Word{Provider: "sandbox", Ref: "po_1", Why: "no such account"}, withdrawal.Returned, "available:member_mara"},
	} {
		w, owner, set, err := withdrawal.Ask(now, "withdrawal_1", purse(7200, true), money.Of(7200, "USD"), "DE0012345678", p)
		if err != nil {
			t.Fatal(err)
		}
		head := ledger.Head{No: set.Entries[0].No, Hash: set.Entries[0].Hash}
		after, owner, set, err := withdrawal.Hear(now, w, withdrawal.Purse{Owner: owner, Head: head}, test.word)
		if err != nil || after.State != test.want || owner.Seq != 6 || set.Entries[0].Postings[1].Account != test.to || after.Why != test.word.Why {
			t.Errorf("%s: %+v, %v, %v", name, after, set.Entries, err)
		}
		again, _, set, err := withdrawal.Hear(now, after, withdrawal.Purse{Owner: owner, Head: head}, withdrawal.Word{Provider: "sandbox", Sent: test.want != withdrawal.Sent})
		if err != nil || again.State != test.want || len(set.Events) > 0 {
			t.Errorf("%s: told otherwise later: %s", name, again.State)
		}
	}
}
