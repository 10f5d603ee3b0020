package web

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/policy"
	"guildhall/internal/web/page"
)

func (w *Web) housePage(c *call) error {
	return c.render(http.StatusOK, page.House(c.page("House"), w.Market.Policy()))
}

// policyPage shows the versions, one of them whole, and what it changed.
func (w *Web) policyPage(c *call) error {
	editions, err := w.Market.Editions(c.ctx())
	if err != nil {
		return err
	}
	now := w.Market.Policy().ID
	show := ident.Policy(c.query("version"))
	if show == "" {
		show = now
	}
	props := page.PolicyProps{Editions: editions, Now: now}
	for i, e := range editions {
		if e.ID != show {
			continue
		}
		props.Shown = &editions[i]
		if i > 0 {
			props.Changes = policy.Diff(editions[i-1].Document, e.Document)
		}
	}
	if props.Shown == nil {
		return fault.NotFound("There is no such version.")
	}
	return c.render(http.StatusOK, page.Policy(c.page("Policy"), props))
}

const lettersPerPage = 50

func (w *Web) outboxPage(c *call) error {
	at, id := cursor(c.query("before"))
	letters, err := w.Market.Letters(c.ctx(), c.actor, at, id, lettersPerPage)
	if err != nil {
		return err
	}
	older := ""
	if n := len(letters); n == lettersPerPage {
		last := letters[n-1]
		older = c.r.URL.Path + "?before=" + escape(strconv.FormatInt(last.At.UnixMicro(), 10)+"."+last.ID)
	}
	props := make([]page.Letter, len(letters))
	for i, l := range letters {
		props[i] = page.Letter{Href: c.r.URL.Path + "/" + l.ID, To: l.To, Subject: l.Subject, At: l.At}
	}
	return c.render(http.StatusOK, page.Outbox(c.page("Outbox"), props, older))
}

// cursor reads a place in the outbox; anything else is its beginning.
func cursor(text string) (time.Time, string) {
	micros, id, ok := strings.Cut(text, ".")
	n, err := strconv.ParseInt(micros, 10, 64)
	if !ok || err != nil {
		return time.Time{}, ""
	}
	return time.UnixMicro(n), id
}

func (w *Web) letterPage(c *call) error {
	l, err := w.Market.Letter(c.ctx(), c.actor, c.path("id"))
	if err != nil {
		return err
	}
	c.private()
	list := strings.TrimSuffix(c.r.URL.Path, "/"+c.path("id"))
	return c.render(http.StatusOK, page.LetterPage(c.page(l.Subject), page.Letter{Href: list, To: l.To, Subject: l.Subject, At: l.At, Text: l.Text}))
}
