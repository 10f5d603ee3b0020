package page

import (
	"guildhall/internal/ledger"
	"guildhall/internal/money"
)

// keeps says what the seller of a package keeps of its price, as far as it can
// be read yet, by the rule that divides it (rulebook section 13).
func (e Editor) keeps(i int) string {
	rate := e.Rules.Money.Commission
	if price, err := money.Parse(e.Form.Get(at("packages", i, "price")), e.Rules.Currency); err == nil && price.Minor > 0 {
		deal := ledger.Deal{Price: price, Fee: money.Zero(price.Currency)}
		if s, err := deal.Shares(rate.BP()); err == nil {
			return "You get " + s.Seller.String() + " of " + price.String() + ": the house keeps " + s.Commission.String() + " (" + rate.String() + ")."
		}
	}
	return "The house keeps " + rate.String() + " of the price; the rest is yours."
}
