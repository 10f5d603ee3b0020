package web

import (
	"context"
	"net/http"

	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/standing"
	"guildhall/internal/web/page"
)

func (w *Web) levelsPage(c *call) error { return w.showLevels(c, http.StatusOK, c.fill(), "") }

// showLevels lists who waits for a person's yes; about is whom the form that is
// shown again is about.
func (w *Web) showLevels(c *call, status int, f page.Form, about ident.Member) error {
	after := c.query("after")
	list, next, err := w.Market.LevelQueue(c.ctx(), c.actor, market.Cursor(after), 0)
	if err != nil {
		return err
	}
	v := page.LevelsProps{List: list, Policy: w.Market.Policy(), About: about, First: after == "", Next: string(next)}
	return c.render(status, page.Levels(c.page("Levels"), v, f))
}

type levelAnswer func(*market.Market, context.Context, member.Actor, market.Key, ident.Member, string) (standing.State, error)

// answerLevel says a person's yes or no to a level, with a reason that the
// seller reads.
func answerLevel(answer levelAnswer, flash string) func(*Web, *call) error {
	return func(w *Web, c *call) error {
		seller := ident.Member(c.path("id"))
		_, err := answer(w.Market, c.ctx(), c.actor, c.key(), seller, c.text("why"))
		if refused(err) {
			return w.showLevels(c, http.StatusUnprocessableEntity, c.form(err), seller)
		}
		if err != nil {
			return err
		}
		return c.redirect("/house/levels", flash)
	}
}
