package web

import (
	"net/http"

	"guildhall/internal/member"
	"guildhall/internal/web/page"
)

func (w *Web) forgotPage(c *call) error {
	return c.render(http.StatusOK, page.Forgot(c.page("Forgotten password"), c.fill()))
}

// forgot always answers the same: who has an account here is nobody's business.
func (w *Web) forgot(c *call) error {
	email := member.Email(c.text("email"))
	if err := w.Front.Limits.Attempt("reset", c.visitor(), email); err != nil {
		return err
	}
	if err := w.Market.RequestReset(c.ctx(), email); err != nil {
		return err
	}
	return c.render(http.StatusOK, page.ForgotSent(c.shell("Look into your mail"), w.Market.Policy().Limits.ResetLife.Words()))
}

func (w *Web) resetPage(c *call) error {
	token := c.query("token")
	if _, err := w.Market.CheckReset(c.ctx(), token); err != nil {
		return err
	}
	c.private()
	return c.render(http.StatusOK, page.Reset(c.page("New password"), c.fill("token", token)))
}

func (w *Web) reset(c *call) error {
	if err := w.Front.Limits.Attempt("reset", c.visitor(), ""); err != nil {
		return err
	}
	who, err := w.Market.Reset(c.ctx(), c.text("token"), c.raw("password"))
	if refused(err) {
		return c.render(http.StatusUnprocessableEntity, page.Reset(c.page("New password"), c.form(err)))
	}
	if err != nil {
		return err
	}
	return c.enter(who, "/", "Your password is changed. Every other browser was signed out, and every API token has ended.")
}

// private keeps a link of one use out of caches and of what other pages hear.
func (c *call) private() {
	c.w.Header().Set("Cache-Control", "no-store")
	c.w.Header().Set("Referrer-Policy", "no-referrer")
}

func (w *Web) setUpPage(c *call) error {
	token := c.query("token")
	if err := w.Market.CheckSetUp(c.ctx(), token); err != nil {
		return err
	}
	c.private()
	return c.render(http.StatusOK, page.SetUp(c.shell("Open your house"), c.fill("token", token)))
}
