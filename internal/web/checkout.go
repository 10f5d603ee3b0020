package web

import (
	"net/http"
	"strconv"

	"guildhall/internal/fault"
	"guildhall/internal/gig"
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/money"
	"guildhall/internal/order"
	"guildhall/internal/pay"
	"guildhall/internal/web/page"
)

// checkoutPage shows what will be ordered, when, for how much, and asks for the
// card. The pick stands in the address, so it survives a login.
func (w *Web) checkoutPage(c *call) error {
	q := c.r.URL.Query()
	v, err := w.Market.Checkout(c.ctx(), c.actor, ident.Gig(q.Get("gig")), pickOf(q.Get("tier"), q["extra"], q.Get("quantity")))
	if err != nil {
		return err
	}
	return c.render(http.StatusOK, page.Checkout(c.page("Checkout"), v, c.fill("name", c.me.Name)))
}

func (w *Web) checkout(c *call) error {
	id := ident.Gig(c.text("gig"))
	pick := pickOf(c.text("tier"), c.texts("extra"), c.text("quantity"))
	shown, err := strconv.ParseInt(c.text("shown"), 10, 64)
	if err != nil {
		return fault.Invalid("shown", "This form is broken. Go back to the gig and order again.")
	}
	placed, err := w.Market.PlaceOrder(c.ctx(), c.actor, c.key(), market.NewOrder{
		Gig: id, Pick: pick, Shown: money.Of(shown, w.Market.Policy().Currency), Again: c.ticked("again"),
	}, c.card())
	if refused(err) || fault.KindOf(err) == fault.KindConflict {
		return w.checkoutAgain(c, id, pick, err)
	}
	if err != nil {
		return err
	}
	return c.paid(placed)
}

// checkoutAgain shows the checkout again with the price of now.
func (w *Web) checkoutAgain(c *call, id ident.Gig, pick gig.Pick, why error) error {
	v, err := w.Market.Checkout(c.ctx(), c.actor, id, pick)
	if err != nil {
		return err
	}
	p := c.page("Checkout")
	status := http.StatusUnprocessableEntity
	if !refused(why) {
		p.Flash = warn(why)
		status = http.StatusConflict
		c.renewKey() // another price is another order
	}
	return c.render(status, page.Checkout(p, v, c.form(why)))
}

func (w *Web) payPage(c *call) error {
	v, err := w.unpaid(c)
	if err != nil {
		return err
	}
	if id := v.Order.Agreement.Offer; id != "" {
		return c.redirect("/offers/"+string(id)+"/pay", "")
	}
	return c.render(http.StatusOK, page.Pay(c.page("Pay"), v, c.fill("name", c.me.Name)))
}

func (w *Web) payOrder(c *call) error {
	placed, err := w.Market.PayOrder(c.ctx(), c.actor, c.key(), ident.Order(c.path("id")), c.card())
	if refused(err) {
		v, missing := w.unpaid(c)
		if missing != nil {
			return missing
		}
		return c.render(http.StatusUnprocessableEntity, page.Pay(c.page("Pay"), v, c.form(err)))
	}
	if err != nil {
		return err
	}
	return c.paid(placed)
}

func (w *Web) unpaid(c *call) (market.OrderPage, error) {
	v, err := w.Market.OrderPage(c.ctx(), c.actor, ident.Order(c.path("id")))
	if err == nil && (v.Order.State != order.Unpaid || v.Party != order.Buyer) {
		err = fault.Conflict("This order cannot be paid: " + v.Order.State.Words() + ".")
	}
	return v, err
}

// paid leads on after a payment, whatever the bank said.
func (c *call) paid(p market.Placed) error {
	at := "/orders/" + string(p.Order)
	switch p.Paid {
	case order.PaymentNeedsStep:
		return c.redirect(p.Step, "")
	case order.PaymentDeclined:
		return c.declined(at+"/pay", p.Reason)
	case order.PaymentSucceeded:
		if p.State == order.Abandoned {
			return c.redirect(at, caution+"The order could not start, and your money goes straight back.")
		}
		return c.redirect(at, "Paid. The money is held until you accept the work.")
	}
	return c.redirect(at, caution+"Your bank has not answered yet. This page tells you as soon as it does.")
}

func (c *call) card() pay.Card {
	return pay.Card{Number: c.text("card.number"), Expiry: c.text("card.expiry"), CVC: c.text("card.cvc"), Name: c.text("name")}
}

func pickOf(tier string, extras []string, quantity string) gig.Pick {
	n := 1
	if quantity != "" {
		n, _ = strconv.Atoi(quantity) // 0 is refused by the quote, in its words
	}
	return gig.Pick{Tier: gig.Tier(tier), Extras: extras, Quantity: n}
}
