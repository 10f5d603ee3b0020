package web

import (
	"net/http"

	"guildhall/internal/web/page"
)

func (w *Web) homePage(c *call) error {
	v, err := w.Market.Browse(c.ctx(), "", "")
	if err != nil {
		return err
	}
	all, err := w.Market.Categories(c.ctx())
	if err != nil {
		return err
	}
	needs, err := c.needs()
	if err != nil {
		return err
	}
	known, err := c.known(v.Cards.List)
	if err != nil {
		return err
	}
	p := c.page("")
	p.Description = "A marketplace for freelance work with rules you can see."
	return c.render(http.StatusOK, page.Home(p, v, known, all, needs))
}
