package web

import (
	"net/http"

	"guildhall/internal/web/page"
)

func (w *Web) searchPage(c *call) error {
	query, path := clipped(c.query("q")), c.query("in")
	found, err := w.Market.Search(c.ctx(), query, path, c.query("after"))
	if err != nil {
		return err
	}
	all, err := w.Market.Categories(c.ctx())
	if err != nil {
		return err
	}
	known, err := c.known(found.List)
	if err != nil {
		return err
	}
	p := c.page("Search")
	p.Query, p.NoIndex = query, true
	return c.render(http.StatusOK, page.Search(p, query, path, roots(all), found, known))
}
