package page

import (
	"slices"
	"strings"

	"guildhall/internal/market"
	"guildhall/internal/money"
	"guildhall/internal/order"
	"guildhall/internal/web/kit"
)

// whereWords say where the money of a payment is now: each part of it, where a
// part went another way.
func whereWords(s market.Spending, l kit.Local) string {
	paid, method := s.Payment, s.Payment.Method
	if paid.State == order.PaymentRefunded {
		return "Sent back to " + method + " on " + l.Day(paid.RefundedAt)
	}
	charges := s.Order.Charges()
	i := slices.IndexFunc(charges, func(c order.Charge) bool { return c.Payment == paid.ID })
	if i < 0 { // the order had no use for it
		if slices.ContainsFunc(s.Order.Life.Refunds, func(r order.Refund) bool { return r.Payment == paid.ID && !r.ByBank.IsZero() }) {
			return "Taken back by your bank"
		}
		return "On its way back to " + method
	}
	var sent, under int64
	for _, r := range s.Order.Life.Refunds {
		switch {
		case r.Payment != paid.ID:
		case r.Open():
			under += r.Minor
		case !r.Confirmed.IsZero():
			sent += r.Minor
		}
	}
	left := "Held until you accept the work"
	if s.Order.State.Ended() {
		left = "Passed on to the seller on " + l.Day(s.Order.EndedAt)
	}
	back := charges[i].Back
	return parted(paid.Amount,
		part{sent, "Sent back to " + method},
		part{under, "On its way back to " + method},
		part{back - sent - under, "Taken back by your bank"},
		part{paid.Amount.Minor - back, left})
}

// owedNote says what comes before anything can be withdrawn.
func owedNote(v market.Statement) string {
	if v.Owed.Minor <= 0 {
		return ""
	}
	return "you owe the house " + v.Owed.String() + ", and what clears next pays it off"
}

// part is some of an amount and what became of it.
type part struct {
	minor int64
	words string
}

// parted tells what became of an amount, with sums where it is not all the same.
func parted(whole money.Amount, parts ...part) string {
	parts = slices.DeleteFunc(parts, func(p part) bool { return p.minor == 0 })
	if len(parts) == 1 {
		return parts[0].words
	}
	says := make([]string, len(parts))
	for i, p := range parts {
		says[i] = money.Of(p.minor, whole.Currency).String() + " " + strings.ToLower(p.words[:1]) + p.words[1:]
	}
	return strings.Join(says, "; ")
}
