package web

import (
	"net/http"
	"strconv"

	"guildhall/internal/market"
	"guildhall/internal/web/page"
)

// removals are how operators take a gig down or close an account, after they
// have seen what that ends.
var removals = []Route{
	{get, "/house/remove", Operator, (*Web).removePage},
	{post, "/house/remove", Operator, (*Web).remove},
}

func (w *Web) removePage(c *call) error {
	f := c.fill("kind", c.query("kind"), "address", c.query("address"), "why", c.query("why"))
	if c.query("address") == "" {
		return c.render(http.StatusOK, page.Remove(c.page("Remove"), nil, f))
	}
	r, err := w.Market.Removal(c.ctx(), c.actor, c.query("kind"), c.query("address"))
	if refused(err) {
		f.Faults = c.form(err).Faults // what was typed stands in the address, not in a body
		return c.render(http.StatusUnprocessableEntity, page.Remove(c.page("Remove"), nil, f))
	}
	if err != nil {
		return err
	}
	return c.render(http.StatusOK, page.Remove(c.page("Remove"), &r, f))
}

func (w *Web) remove(c *call) error {
	r, err := w.Market.Removal(c.ctx(), c.actor, c.text("kind"), c.text("address"))
	if err != nil {
		return err
	}
	var done market.Removed
	if r.Gig != nil {
		done, err = w.Market.RemoveGig(c.ctx(), c.actor, c.key(), r.Gig.ID, c.text("why"))
	} else {
		done, err = w.Market.RemoveMember(c.ctx(), c.actor, c.key(), r.Member.ID, c.text("why"))
	}
	if refused(err) {
		return c.render(http.StatusUnprocessableEntity, page.Remove(c.page("Remove"), &r, c.form(err)))
	}
	if err != nil {
		return err
	}
	return c.redirect("/house", "Removed. Running orders that ended with it: "+strconv.Itoa(len(done.Orders))+".")
}
