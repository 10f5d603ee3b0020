package web

import (
	"net/http"
	"strings"

	"guildhall/internal/desk"
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/web/page"
)

// support is asking the desk, and reading what comes of it.
var support = []Route{
	{get, "/cases", SignedIn, (*Web).casesPage},
	{post, "/cases", SignedIn, (*Web).openCase},
	{get, "/cases/new", SignedIn, (*Web).newCasePage},
	{get, "/cases/{id}", SignedIn, (*Web).casePage},
	{post, "/cases/{id}/say", SignedIn, (*Web).sayInCase},
	{post, "/cases/{id}/withdraw", SignedIn, (*Web).withdrawCase},
	{get, "/cases/{id}/appeal", SignedIn, (*Web).appealPage},
	{post, "/cases/{id}/appeal", SignedIn, (*Web).appealCase},
}

func (w *Web) casesPage(c *call) error {
	list, next, err := w.Market.Cases(c.ctx(), c.actor, market.Cursor(c.query("after")), 0)
	if err != nil {
		return err
	}
	warnings, more, err := w.Market.Warnings(c.ctx(), c.actor, "", 0)
	if err != nil {
		return err
	}
	return c.render(http.StatusOK, page.Cases(c.page("Support"), list, warnings, more != "", string(next)))
}

// subjectOf reads what a case shall be about: an id of the house, thread and
// number of a message, or the path of any page.
func subjectOf(about string) desk.Subject {
	about, _, _ = strings.Cut(about, "?")
	last := about[strings.LastIndex(about, "/")+1:]
	switch {
	case ident.Valid(ident.Order(last)):
		return desk.Subject{About: desk.AboutOrder, ID: last}
	case ident.Valid(ident.Offer(last)):
		return desk.Subject{About: desk.AboutOffer, ID: last}
	case ident.Valid(ident.Gig(last)):
		return desk.Subject{About: desk.AboutGig, ID: last}
	}
	if thread, number, found := strings.Cut(about, "/"); found && ident.Valid(ident.Thread(thread)) {
		return desk.Subject{About: desk.AboutMessage, ID: thread + "/" + number}
	}
	if rest, ok := strings.CutPrefix(about, "/orders/"); ok { // a page of an order
		if id, _, _ := strings.Cut(rest, "/"); ident.Valid(ident.Order(id)) {
			return desk.Subject{About: desk.AboutOrder, ID: id}
		}
	}
	if strings.HasPrefix(about, "/") && about != "/" && !strings.HasPrefix(about, "/cases") {
		return desk.Subject{About: desk.AboutPage, ID: about}
	}
	return desk.Subject{}
}

func (w *Web) newCasePage(c *call) error {
	return w.showNewCase(c, http.StatusOK, c.query("about"), c.fill("kind", c.query("kind")))
}

func (w *Web) showNewCase(c *call, status int, about string, f page.Form) error {
	subject := subjectOf(about)
	label, err := w.Market.CanAsk(c.ctx(), c.actor, subject)
	if err != nil {
		if status == http.StatusOK && subject.About == desk.AboutPage {
			subject, label, about = desk.Subject{}, "", ""
		} else {
			return err
		}
	}
	return c.render(status, page.NewCase(c.page("Ask support"), page.NewCaseProps{
		About: about, Subject: subject, Label: label, Policy: w.Market.Policy(),
	}, f))
}

func (w *Web) openCase(c *call) error {
	files, err := w.upload(c)
	var made desk.Case
	if err == nil {
		made, err = w.Market.OpenCase(c.ctx(), c.actor, c.key(), market.NewCase{
			Kind: desk.Kind(c.text("kind")), About: subjectOf(c.text("about")), Text: c.text("text"), Files: files,
		})
	}
	if refused(err) {
		return w.showNewCase(c, http.StatusUnprocessableEntity, c.text("about"), c.form(err))
	}
	if err != nil {
		return err
	}
	return c.redirect("/cases/"+string(made.ID), "Your question is with support.")
}

func (w *Web) casePage(c *call) error {
	return w.showCase(c, http.StatusOK, c.fill())
}

func (w *Web) showCase(c *call, status int, f page.Form) error {
	v, err := w.Market.CasePage(c.ctx(), c.actor, ident.Case(c.path("id")))
	if err != nil {
		return err
	}
	p := c.page("Case #" + v.Case.Ref)
	p.Path = "/cases/" + string(v.Case.ID)
	p.Topics = append(p.Topics, string(v.Case.ID))
	return c.render(status, page.Case(p, v, f))
}

func (w *Web) sayInCase(c *call) error {
	files, err := w.upload(c)
	id := ident.Case(c.path("id"))
	if err == nil {
		_, err = w.Market.SayInCase(c.ctx(), c.actor, c.key(), id, market.CaseWords{Text: c.text("text"), Files: files})
	}
	if refused(err) {
		return w.showCase(c, http.StatusUnprocessableEntity, c.form(err))
	}
	if err != nil {
		return err
	}
	return c.redirect("/cases/"+string(id), "Support has your words.")
}

func (w *Web) withdrawCase(c *call) error {
	id := ident.Case(c.path("id"))
	if _, err := w.Market.WithdrawCase(c.ctx(), c.actor, c.key(), id); err != nil {
		return err
	}
	return c.redirect("/cases/"+string(id), "The case is closed.")
}

func (w *Web) appealPage(c *call) error { return w.showAppeal(c, http.StatusOK, c.fill()) }

func (w *Web) showAppeal(c *call, status int, f page.Form) error {
	v, err := w.Market.CasePage(c.ctx(), c.actor, ident.Case(c.path("id")))
	if err != nil {
		return err
	}
	return c.render(status, page.Appeal(c.page("Appeal"), v, f))
}

func (w *Web) appealCase(c *call) error {
	files, err := w.upload(c)
	var made desk.Case
	if err == nil {
		made, err = w.Market.AppealCase(c.ctx(), c.actor, c.key(), ident.Case(c.path("id")), market.CaseWords{Text: c.text("text"), Files: files})
	}
	if refused(err) {
		return w.showAppeal(c, http.StatusUnprocessableEntity, c.form(err))
	}
	if err != nil {
		return err
	}
	return c.redirect("/cases/"+string(made.ID), "Somebody else at the desk looks at it again.")
}
