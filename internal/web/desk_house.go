package web

import (
	"net/http"

	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/web/page"
)

// keeping is what operators keep of accounts: who is tied to whom, who is kept out.
var keeping = []Route{
	{get, "/house/accounts", Operator, (*Web).accountsPage},
	{post, "/house/accounts/link", Operator, (*Web).linkAccounts},
	{post, "/house/accounts/unlink", Operator, (*Web).unlinkAccounts},
	{post, "/house/accounts/restore", Operator, (*Web).restoreAccount},
}

func (w *Web) accountsPage(c *call) error { return w.showAccounts(c, http.StatusOK, c.fill()) }

func (w *Web) showAccounts(c *call, status int, f page.Form) error {
	linked, moreLinks, err := w.Market.Linked(c.ctx(), c.actor, market.Cursor(c.query("linked")), 0)
	if err != nil {
		return err
	}
	out, moreOut, err := w.Market.SuspendedMembers(c.ctx(), c.actor, market.Cursor(c.query("out")), 0)
	if err != nil {
		return err
	}
	return c.render(status, page.Accounts(c.page("Accounts"), page.AccountsProps{
		Linked: linked, MoreLinked: string(moreLinks), Out: out, MoreOut: string(moreOut),
	}, f))
}

func (w *Web) linkAccounts(c *call) error {
	err := w.Market.LinkAccounts(c.ctx(), c.actor, c.key(), c.text("member"), c.text("linked"), c.text("why"))
	if refused(err) {
		return w.showAccounts(c, http.StatusUnprocessableEntity, c.form(err))
	}
	if err != nil {
		return err
	}
	return c.redirect("/house/accounts", "The accounts are tied: neither works on cases of the other.")
}

func (w *Web) unlinkAccounts(c *call) error {
	err := w.Market.UnlinkAccounts(c.ctx(), c.actor, c.key(), c.text("member"), c.text("linked"))
	if err != nil {
		return err
	}
	return c.redirect("/house/accounts", "The accounts are no longer tied.")
}

func (w *Web) restoreAccount(c *call) error {
	m, err := w.Market.LiftSuspension(c.ctx(), c.actor, c.key(), ident.Member(c.text("member")))
	if err != nil {
		return err
	}
	return c.redirect("/house/accounts", m.Name+" can sign in again.")
}
