package page

import (
	"slices"

	"guildhall/internal/market"
	"guildhall/internal/money"
	"guildhall/internal/order"
	"guildhall/internal/web/kit"
)

// ledgerOf is the money of an order as a sentence that adds up.
func ledgerOf(v market.OrderPage, l kit.Local) (tail string, terms []kit.Term) {
	o := v.Order
	switch {
	case o.PaidAt.IsZero():
		return "", []kit.Term{{Amount: o.Total.String(), Words: "to pay"}}
	case v.Party != order.Buyer && (o.State == order.Completed || !o.State.Ended()):
		return earned(v, l)
	}
	back := o.Returned()
	terms = []kit.Term{{Amount: o.Total.String(), Words: "paid"}}
	if !back.IsZero() {
		taken := o.TakenByBank()
		way := "on its way back to "
		if !slices.ContainsFunc(o.Life.Refunds, order.Refund.Open) {
			way, tail = "sent back to ", ", on "+l.Day(o.Life.RefundedAt)
		}
		if sent := money.Of(back.Minor-taken.Minor, o.Total.Currency); !sent.IsZero() {
			terms = append(terms, kit.Term{Op: "−", Amount: sent.String(), Words: way + wayBack(v, o.Methods())})
		}
		if !taken.IsZero() {
			terms, tail = append(terms, kit.Term{Op: "−", Amount: taken.String(), Words: "taken back by the bank"}), ""
		}
	}
	left := money.Of(o.Total.Minor-back.Minor, o.Total.Currency)
	switch {
	case len(terms) == 1 && o.State == order.Completed:
		return "", []kit.Term{{Amount: o.Total.String(), Words: "paid and passed on to " + v.Seller.Name}}
	case len(terms) == 1 && !o.State.Ended():
		return "", []kit.Term{{Amount: o.Total.String(), Words: "paid and held until you accept the work"}}
	case !o.State.Ended():
		return "", append(terms, kit.Term{Op: "=", Amount: left.String(), Words: "held until you accept the work"})
	case left.IsZero():
		return tail, append(terms, kit.Term{Op: "=", Amount: left.String(), Words: "held"})
	}
	return tail, append(terms, kit.Term{Op: "=", Amount: left.String(), Words: "passed on to " + named(v, order.Seller, "you")})
}

// earned is what the seller gets, or got, of an order.
func earned(v market.OrderPage, l kit.Local) (tail string, terms []kit.Term) {
	o := v.Order
	shares, err := v.Shares()
	if err != nil {
		return "", nil // amounts are checked when the order is made
	}
	price := money.Of(shares.Seller.Minor+shares.Commission.Minor, o.Total.Currency)
	terms = []kit.Term{{Amount: price.String(), Words: "paid"}, {Op: "−", Amount: shares.Commission.String(), Words: "commission"}, {Op: "=", Amount: shares.Seller.String(), Words: "to you"}}
	switch {
	case o.State != order.Completed:
		return ", once the work is accepted", terms
	case o.Life.ClearedAt.IsZero() && o.SellerOwes > 0:
		return ", clears on " + l.Day(o.Life.ClearsAt) + " and pays off what you owe first", terms
	case o.Life.ClearedAt.IsZero():
		return ", yours to withdraw from " + l.Day(o.Life.ClearsAt), terms
	}
	return ", cleared on " + l.Day(o.Life.ClearedAt), terms
}
