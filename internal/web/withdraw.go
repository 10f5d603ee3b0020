package web

import (
	"net/http"

	"guildhall/internal/fault"
	"guildhall/internal/market"
	"guildhall/internal/web/page"
)

func (w *Web) withdrawPage(c *call) error {
	return w.showWithdraw(c, http.StatusOK, c.fill())
}

func (w *Web) withdraw(c *call) error {
	bad := fault.Fields{}
	amount := c.money(bad, "amount", w.Market.Policy().Currency)
	err := bad.Err()
	if err == nil {
		_, err = w.Market.Withdraw(c.ctx(), c.actor, c.key(), amount, c.text("account"))
	}
	if refused(err) {
		return w.showWithdraw(c, http.StatusUnprocessableEntity, c.form(err))
	}
	if err != nil {
		return err
	}
	return c.redirect("/withdraw", amount.String()+" is on its way to your account.")
}

func (w *Web) showWithdraw(c *call, status int, f page.Form) error {
	purse, err := w.Market.Statement(c.ctx(), c.actor, market.PotAvailable, "", 1)
	if err != nil {
		return err
	}
	list, next, err := w.Market.Withdrawals(c.ctx(), c.actor, market.Cursor(c.query("after")), 0)
	if err != nil {
		return err
	}
	p := w.Market.Policy()
	return c.render(status, page.Withdraw(c.page("Withdraw"), purse, p.Money.MinWithdrawal.In(p.Currency), list, string(next), f))
}
