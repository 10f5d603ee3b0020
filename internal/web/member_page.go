package web

import (
	"net/http"

	"guildhall/internal/web/page"
)

func (w *Web) memberPage(c *call) error {
	v, err := w.Market.SellerPage(c.ctx(), c.path("handle"), c.query("after"))
	if err != nil {
		return err
	}
	return c.render(http.StatusOK, page.Seller(c.page(v.Member.Name), v, c.actor.Is(v.Member.ID)))
}
