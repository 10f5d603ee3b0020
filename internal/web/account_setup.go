package web

import (
	"net/http"

	"guildhall/internal/market"
	"guildhall/internal/web/page"
)

func (w *Web) setUp(c *call) error {
	if err := w.Front.Limits.Attempt("signup", c.visitor(), ""); err != nil {
		return err
	}
	who, err := w.Market.FirstOperator(c.ctx(), c.text("token"), market.SignUp{Application: c.application()})
	if refused(err) {
		return c.render(http.StatusUnprocessableEntity, page.SetUp(c.shell("Open your house"), c.form(err)))
	}
	if err != nil {
		return err
	}
	return c.enter(who, "/house", "The house is yours. This link is used up.")
}
