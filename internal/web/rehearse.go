package web

import (
	"errors"
	"net/http"
	"slices"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/policy"
	"guildhall/internal/rehearsal"
	"guildhall/internal/web/page"
)

// rehearsing is how operators try a policy on the house's own history before
// they apply it.
var rehearsing = []Route{
	{get, "/house/policy/rehearse", Operator, (*Web).rehearsePage},
	{post, "/house/policy/rehearse", Operator, (*Web).rehearse},
	{get, "/house/policy/rehearse/{job}", Operator, (*Web).rehearsedPage},
	{post, "/house/policy/rehearse/{job}/stop", Operator, (*Web).stopRehearsal},
	{get, "/house/policy/rehearse/{job}/{seller}", Operator, (*Web).rehearsedSellerPage},
}

// rehearsePage asks for a policy; the one in force stands in the form, to be
// changed.
func (w *Web) rehearsePage(c *call) error {
	editions, err := w.Market.Editions(c.ctx())
	if err != nil {
		return err
	}
	source := ""
	for _, e := range editions {
		if e.ID == w.Market.Policy().ID {
			source = e.Source
		}
	}
	return w.showRehearse(c, http.StatusOK, c.fill("source", source), "")
}

func (w *Web) showRehearse(c *call, status int, f page.Form, faults string) error {
	jobs, err := w.Market.Rehearsals(c.ctx(), c.actor)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(jobs, market.RehearsalJob.Running) {
		f.Faults = nil // the page says what to wait for; nothing in the form is wrong
	}
	return c.render(status, page.Rehearse(c.page("Rehearse a policy"), jobs, f, faults))
}

func (w *Web) rehearse(c *call) error {
	in, err := c.rehearsing()
	var j market.RehearsalJob
	if err == nil {
		j, err = w.Market.StartRehearsal(c.ctx(), c.actor, in)
	}
	var faults policy.Faults
	switch {
	case errors.As(err, &faults): // with line, column and caret, as the command shows them
		return w.showRehearse(c, http.StatusUnprocessableEntity, c.form(nil), faults.Error())
	case refused(err), fault.KindOf(err) == fault.KindConflict:
		f := c.form(err)
		if f.Faults["file"] == "" && f.Faults["effective"] == "" && f.Faults["from"] == "" && f.Faults["to"] == "" {
			f.Faults = map[string]string{"source": err.Error()} // whatever else is wrong stands in the text
		}
		return w.showRehearse(c, http.StatusUnprocessableEntity, f, "")
	case err != nil:
		return err
	}
	return c.redirect("/house/policy/rehearse/"+j.ID, "")
}

// rehearsing reads what is to be rehearsed from the form.
func (c *call) rehearsing() (in market.Rehearsing, err error) {
	in.Name, in.Source = "the policy", c.raw("source")
	if file, err := uploaded(c, "file"); file != "" || err != nil {
		if err != nil {
			return in, err
		}
		in.Source = file
		c.r.PostForm.Set("source", file) // to be shown again with its faults
	}
	for name, at := range map[string]*time.Time{"from": &in.From, "to": &in.To, "effective": &in.At} {
		if day := c.text(name); day != "" {
			if *at, err = time.ParseInLocation(time.DateOnly, day, time.UTC); err != nil {
				return in, fault.Invalid(name, "Choose a day, or leave this empty.")
			}
		}
	}
	return in, nil
}

// rehearsedPage shows how far a rehearsal is, or what came of it.
func (w *Web) rehearsedPage(c *call) error {
	j, err := w.Market.RehearsalJob(c.ctx(), c.actor, c.path("job"))
	if err != nil {
		return err
	}
	p := c.page("Rehearsal of a policy")
	if j.Running() {
		c.w.Header().Set("Refresh", "2") // without scripts as well
		return c.render(http.StatusOK, page.RehearsalRuns(p, j))
	}
	if j.Failed != nil {
		return c.render(http.StatusOK, page.RehearsalFailed(p, j))
	}
	only := rehearsal.Only(c.query("only"))
	v := page.RehearsalProps{Job: j, Only: only, After: c.query("after")}
	if v.Rows, v.Next, err = w.Market.RehearsedSellers(c.ctx(), c.actor, j.ID, only, market.Cursor(v.After), 0); err != nil {
		return err
	}
	return c.render(http.StatusOK, page.Rehearsal(p, v))
}

func (w *Web) stopRehearsal(c *call) error {
	if err := w.Market.StopRehearsal(c.ctx(), c.actor, c.path("job")); err != nil {
		return err
	}
	return c.redirect("/house/policy/rehearse", "The rehearsal is stopped. Nothing was written.")
}

// rehearsedSellerPage opens a rehearsal to one seller and their orders.
func (w *Web) rehearsedSellerPage(c *call) error {
	j, err := w.Market.RehearsalJob(c.ctx(), c.actor, c.path("job"))
	if err != nil {
		return err
	}
	after := c.query("after")
	v, err := w.Market.RehearsedSeller(c.ctx(), c.actor, j.In, ident.Member(c.path("seller")), market.Cursor(after), 0)
	if err != nil {
		return err
	}
	return c.render(http.StatusOK, page.RehearsedSeller(c.page(v.Member.Name), j, v, after != ""))
}
