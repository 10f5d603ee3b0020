package page

import (
	"slices"
	"testing"
	"time"

	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/money"
	"guildhall/internal/order"
	"guildhall/internal/web/kit"
)

// TestWhereThePaymentsOfAnOrderAre: work that was added is paid by a payment of
// its own, a part may go back while the rest stays, and a bank may take it.
func TestWhereThePaymentsOfAnOrderAre(t *testing.T) {
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	charge := func(id ident.Payment, back int64) order.Charge {
		return order.Charge{Payment: id, Method: "Visa", Amount: money.Of(8000, "USD"), Back: back}
	}
	refund := func(minor int64, confirmed time.Time) order.Refund {
		return order.Refund{Payment: "payment_2", Minor: minor, Confirmed: confirmed}
	}
	overtaken := func(minor int64) order.Refund {
		return order.Refund{Payment: "payment_2", Minor: minor, ByBank: at}
	}
	for name, test := range map[string]struct {
		state   order.State
		back    int64
		refunds []order.Refund
		paid    order.PaymentState
		want    string
	}{
		"held":                         {state: order.InProgress, want: "Held until you accept the work"},
		"passed on":                    {state: order.Completed, want: "Passed on to the seller on Mon 2 Mar"},
		"on its way":                   {state: order.Cancelled, back: 8000, refunds: []order.Refund{refund(8000, time.Time{})}, want: "On its way back to Visa"},
		"sent":                         {state: order.Cancelled, back: 8000, refunds: []order.Refund{refund(8000, at)}, paid: order.PaymentRefunded, want: "Sent back to Visa on Mon 2 Mar"},
		"a part back":                  {state: order.InProgress, back: 2000, refunds: []order.Refund{refund(2000, at)}, paid: order.PaymentRefunding, want: "$20.00 sent back to Visa; $60.00 held until you accept the work"},
		"a part kept":                  {state: order.Cancelled, back: 2000, refunds: []order.Refund{refund(2000, time.Time{})}, want: "$20.00 on its way back to Visa; $60.00 passed on to the seller on Mon 2 Mar"},
		"the bank took it":             {state: order.Cancelled, back: 8000, want: "Taken back by your bank"},
		"the bank took what was to go": {state: order.Cancelled, back: 8000, refunds: []order.Refund{overtaken(2000)}, want: "Taken back by your bank"},
		"the bank took some":           {state: order.Cancelled, back: 8000, refunds: []order.Refund{refund(2000, at)}, want: "$20.00 sent back to Visa; $60.00 taken back by your bank"},
	} {
		paid := order.Payment{ID: "payment_2", Method: "Visa", Amount: money.Of(8000, "USD"), State: order.PaymentSucceeded, RefundedAt: at}
		if test.paid != "" {
			paid.State = test.paid
		}
		o := order.Order{State: test.state, EndedAt: at, Life: order.Life{
			Charge: charge("payment_1", 0), More: []order.Charge{charge("payment_2", test.back)}, Refunds: test.refunds,
		}}
		if got := whereWords(market.Spending{Payment: paid, Order: o}, kit.Local{Now: at, Zone: time.UTC}); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
		o.Life.More = nil
		if got := whereWords(market.Spending{Payment: paid, Order: o}, kit.Local{Now: at, Zone: time.UTC}); test.paid != order.PaymentRefunded && got != notKept(test.refunds) {
			t.Errorf("%s, not kept: %q", name, got)
		}
	}
}

// notKept says where a payment is that the order had no use for.
func notKept(refunds []order.Refund) string {
	if slices.ContainsFunc(refunds, func(r order.Refund) bool { return !r.ByBank.IsZero() }) {
		return "Taken back by your bank"
	}
	return "On its way back to Visa"
}
