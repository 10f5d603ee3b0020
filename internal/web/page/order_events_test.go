package page

import (
	"slices"
	"strings"
	"testing"
	"time"

	events "guildhall/internal/effect"
	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/money"
	"guildhall/internal/order"
	"guildhall/internal/policy"
	"guildhall/internal/web/kit"
)

// TestEveryEventHasItsSentence writes every kind of event for either side.
func TestEveryEventHasItsSentence(t *testing.T) {
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	l := kit.Local{Now: now, Zone: time.UTC}
	v := market.OrderPage{
		Order: order.Order{Total: money.Of(8000, "USD")}, Policy: policy.Default("policy_1", now),
		Buyer: member.Member{ID: "member_b", Name: "Ines"}, Seller: member.Member{ID: "member_s", Name: "Mara"},
	}
	facts := map[string]string{
		"kind": "extend", "asks": "to add “{until}”", "by": "buyer", "to": "seller", "silence": "nothing", "waits": "payment", "method": "Visa",
		"before": "A", "after": "B", "cause": "quality", "fault": "seller", "share": "25%", "stood": "1d",
	}
	for _, v.Party = range []order.Party{order.Buyer, order.Seller} {
		for _, k := range order.Kinds() {
			w := wordOf(k)
			if w.title == "" || w.icon == "" {
				t.Errorf("%s has no sentence", k)
				continue
			}
			e := events.Event{Kind: k, At: now, Actor: v.Seller.ID, Detail: events.Detail{Until: now.Add(time.Hour), Amount: 1500, Facts: facts}}
			title := happened(v, e, l).Title
			if strings.ContainsAny(strings.ReplaceAll(title, "“{until}”", ""), "{}") || strings.Contains(title, "0001") || strings.HasPrefix(title, "you") {
				t.Errorf("%s: %s", k, title)
			}
		}
	}
}

// TestLedgerAddsUp checks the sentence about an order's money: what is left is
// what was paid less what went elsewhere.
func TestLedgerAddsUp(t *testing.T) {
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	l := kit.Local{Now: now, Zone: time.UTC}
	paid := order.Order{
		State: order.InProgress, PaidAt: now, Total: money.Of(9500, "USD"),
		Life: order.Life{
			Charge:  order.Charge{Payment: "payment_1", Method: "Visa", Amount: money.Of(8000, "USD")},
			More:    []order.Charge{{Payment: "payment_2", Method: "Amex", Amount: money.Of(1500, "USD"), Back: 1500}},
			Refunds: []order.Refund{{Payment: "payment_2", Minor: 1500, Confirmed: now}},
			Rest:    order.Rest{Price: 8000},
		},
	}
	ended := paid
	ended.State, ended.Life.Charge.Back = order.Cancelled, 4000
	ended.Life.Refunds = append(slices.Clone(paid.Life.Refunds), order.Refund{Payment: "payment_1", Minor: 4000, Confirmed: now})
	taken := ended
	taken.Life.Charge.Back, taken.Life.Settled = 8000, order.Settled{}
	taken.Life.Refunds = append(slices.Clone(paid.Life.Refunds), order.Refund{Payment: "payment_1", Minor: 4000, ByBank: now})
	ended.Life.Settled = order.Settled{Seller: 3600, Commission: 400}
	for name, c := range map[string]struct {
		o     order.Order
		side  order.Party
		terms string
	}{
		"running, the buyer":   {paid, order.Buyer, "$95.00 paid − $15.00 sent back to Visa and Amex = $80.00 held until you accept the work"},
		"running, the seller":  {paid, order.Seller, "$80.00 paid − $8.00 commission = $72.00 to you"},
		"the bank, the buyer":  {taken, order.Buyer, "$95.00 paid − $15.00 sent back to Visa and Amex − $80.00 taken back by the bank = $0.00 held"},
		"cancelled, the buyer": {ended, order.Buyer, "$95.00 paid − $55.00 sent back to Visa and Amex = $40.00 passed on to Mara"},
	} {
		v := market.OrderPage{Order: c.o, Party: c.side, Policy: policy.Default("policy_1", now), Seller: member.Member{Name: "Mara"}}
		_, terms := ledgerOf(v, l)
		var words []string
		for _, term := range terms {
			words = append(words, strings.TrimSpace(term.Op+" "+term.Amount+" "+term.Words))
		}
		if got := strings.Join(words, " "); got != c.terms {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// TestADateThatMaySlipIsNoPromise: what an answer ends sooner, and what stands
// still with the clocks, is not said to be on a day.
func TestADateThatMaySlipIsNoPromise(t *testing.T) {
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	l := kit.Local{Now: now, Zone: time.UTC}
	late := order.Option{Move: order.MoveCancelLate, Not: "Not yet.", From: now.Add(24 * time.Hour)}
	asks := order.Option{Move: order.MoveAsk, Not: "Not yet.", From: now.Add(48 * time.Hour)}
	for want, got := range map[string]string{
		"Not yet. That is on Mon 23 Nov, 09:00.":                                                          notWords(order.Order{}, late, l),
		"Not yet. That would be on Mon 23 Nov, 09:00, and moves on by as long as the clocks stand still.": notWords(order.Order{Life: order.Life{PausedAt: now}}, late, l),
		"Not yet. It ends at the latest on Tue 24 Nov, 09:00.":                                            notWords(order.Order{Life: order.Life{PausedAt: now}}, asks, l),
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
