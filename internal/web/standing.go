package web

import (
	"net/http"

	"guildhall/internal/market"
	"guildhall/internal/standing"
	"guildhall/internal/web/page"
)

// figures is what stands behind a person's numbers, and what waits for them.
var figures = []Route{
	{get, "/needs", SignedIn, (*Web).needsPage},
	{get, "/standing", SignedIn, (*Web).standingPage},
	{get, "/standing/{figure}", SignedIn, (*Web).behindPage},
}

func (w *Web) standingPage(c *call) error {
	v, err := w.Market.MySheet(c.ctx(), c.actor)
	if err != nil {
		return err
	}
	seller := c.me.Seller != nil
	title := "Your record"
	if seller {
		title = "Your figures"
	}
	return c.render(http.StatusOK, page.Standing(c.page(title), seller, v))
}

func (w *Web) behindPage(c *call) error {
	after := c.query("after")
	v, err := w.Market.Behind(c.ctx(), c.actor, standing.Figure(c.path("figure")), standing.Mark(c.query("mark")), market.Cursor(after), 0)
	if err != nil {
		return err
	}
	return c.render(http.StatusOK, page.Behind(c.page(v.Figure.Name()), v, after))
}

func (w *Web) needsPage(c *call) error {
	n, err := w.Market.NeedsYou(c.ctx(), c.actor, 0)
	if err != nil {
		return err
	}
	p := c.page("Needs you")
	p.Topics = append(p.Topics, string(c.actor.Member))
	return c.render(http.StatusOK, page.Needs(p, n))
}

// needsAbove is how much of each kind is looked at for a page that is about
// something else.
const needsAbove = 8

// needs is what waits for the reader; nothing for a guest.
func (c *call) needs() (market.Needs, error) {
	if !c.actor.SignedIn() {
		return market.Needs{}, nil
	}
	return c.web.Market.NeedsYou(c.ctx(), c.actor, needsAbove)
}
