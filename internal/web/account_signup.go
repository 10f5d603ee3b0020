package web

import (
	"net/http"

	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/web/page"
)

func (w *Web) signUpPage(c *call) error {
	if c.me != nil {
		return c.redirect(inside(c.query("next"), "/"), "")
	}
	return c.render(http.StatusOK, page.SignUp(c.page("Join"), c.fill("zone", "")))
}

func (w *Web) signUp(c *call) error {
	if err := w.Front.Limits.Attempt("signup", c.visitor(), ""); err != nil {
		return err
	}
	who, err := w.Market.SignUp(c.ctx(), market.SignUp{Application: c.application()})
	if refused(err) {
		return c.render(http.StatusUnprocessableEntity, page.SignUp(c.page("Join"), c.form(err)))
	}
	if err != nil {
		return err
	}
	return c.enter(who, inside(c.text("next"), "/"), "Welcome, "+who.Name+". Your account is ready.")
}

func (c *call) application() member.Application {
	return member.Application{
		Name: c.text("name"), Email: c.text("email"), Password: c.raw("password"), Zone: c.text("zone"),
	}
}
