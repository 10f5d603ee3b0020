package web

import (
	"net/http"

	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/web/page"
)

func (w *Web) tokensPage(c *call) error { return w.showTokens(c, http.StatusOK, c.fill(), "") }

func (w *Web) showTokens(c *call, status int, form page.Form, secret string) error {
	list, err := w.Market.Tokens(c.ctx(), c.actor)
	if err != nil {
		return err
	}
	return c.render(status, page.Tokens(c.page("API tokens"), list, form, secret))
}

// makeToken shows the new secret in its own answer, the only place where it
// ever stands.
func (w *Web) makeToken(c *call) error {
	in := market.NewToken{Name: c.text("name"), Session: c.visitor().Session}
	for _, s := range c.texts("scopes") {
		in.Scopes = append(in.Scopes, member.Scope(s))
	}
	var err error
	if day := c.text("expires"); day != "" {
		if in.Expires, err = dayOf(day, c.zone); err != nil {
			err = fault.Invalid("expires", "Choose a day, or leave this empty.")
		}
	}
	var secret string
	if err == nil {
		_, secret, err = w.Market.MakeToken(c.ctx(), c.actor, in)
	}
	if refused(err) {
		return w.showTokens(c, http.StatusUnprocessableEntity, c.form(err), "")
	}
	if err != nil {
		return err
	}
	c.private()
	return w.showTokens(c, http.StatusCreated, page.Form{Key: ident.Secret()[:32]}, secret)
}

func (w *Web) revokeToken(c *call) error {
	if err := w.Market.RevokeToken(c.ctx(), c.actor, ident.Token(c.path("id"))); err != nil {
		return err
	}
	return c.redirect("/profile/tokens", "The token is revoked. It opens nothing any more.")
}
