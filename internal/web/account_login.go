package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"guildhall/internal/fault"
	"guildhall/internal/front"
	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/web/kit"
	"guildhall/internal/web/page"
)

func (w *Web) loginPage(c *call) error {
	next := inside(c.query("next"), "/")
	if c.me != nil {
		return c.redirect(next, "")
	}
	return c.render(http.StatusOK, page.Login(c.page("Sign in"), c.fill(), nil))
}

func (w *Web) login(c *call) error {
	email := member.Email(c.text("email"))
	if err := w.Front.Limits.Attempt("signin", c.visitor(), email); err != nil {
		return err
	}
	who, err := w.Market.SignIn(c.ctx(), email, c.raw("password"))
	kept := keptOf(c.r.PostForm)
	if fault.KindOf(err) == fault.KindForbidden {
		return w.showShutOut(c, http.StatusForbidden, c.form(nil))
	}
	if refused(err) {
		return c.render(http.StatusUnprocessableEntity, page.Login(c.page("Sign in"), c.form(err), kept))
	}
	if err != nil {
		return err
	}
	if err := c.become(who); err != nil {
		return err
	}
	if to := inside(c.text("resume"), ""); to != "" {
		return c.render(http.StatusOK, page.Resume(c.shell("Welcome back"), to, resumed(kept)))
	}
	return c.redirect(inside(c.text("next"), "/"), "")
}

// showShutOut tells somebody who may not come in why, and how they are heard.
func (w *Web) showShutOut(c *call, status int, f page.Form) error {
	shut, err := w.Market.ShutOut(c.ctx(), c.text("email"), c.raw("password"))
	if err != nil {
		return err
	}
	c.private()
	return c.render(status, page.ShutOut(c.page("Suspended"), shut, f))
}

func (w *Web) hearShutOut(c *call) error {
	if err := w.Front.Limits.Attempt("signin", c.visitor(), member.Email(c.text("email"))); err != nil {
		return err
	}
	_, err := w.Market.HearShutOut(c.ctx(), c.key(), c.text("email"), c.raw("password"), c.text("text"))
	var f *fault.Error
	if errors.As(err, &f) && f.Fields["text"] != "" {
		return w.showShutOut(c, http.StatusUnprocessableEntity, c.form(err))
	}
	if refused(err) {
		return c.render(http.StatusUnprocessableEntity, page.Login(c.page("Sign in"), c.form(err), nil))
	}
	if err != nil {
		return err
	}
	return c.redirect("/login", "What you wrote is with support. What comes of it is sent to you by letter.")
}

func (w *Web) logout(c *call) error {
	if err := w.Front.SignOut(c.ctx()); err != nil {
		return err
	}
	http.Redirect(c.w, c.r, "/", http.StatusSeeOther)
	return nil
}

// enter signs somebody in and leads them on.
func (c *call) enter(who market.Entrant, path, flash string) error {
	if err := c.become(who); err != nil {
		return err
	}
	return c.redirect(path, flash)
}

func (c *call) become(who market.Entrant) error {
	if err := c.web.Front.SignIn(c.ctx(), who); err != nil {
		return err
	}
	front.Become(c.ctx(), who.Member)
	c.me, c.actor, c.zone = &who.Member, who.Actor(), who.Location()
	return nil
}

func (c *call) visitor() front.Visitor { return front.Of(c.r) }

// keep is the prefix under which a form waits while its writer signs in.
const keep = "keep."

// signInFirst shows the sign-in page to somebody whose session ended while they
// wrote. What they wrote travels with the page, but for passwords and files;
// nothing of it is kept here.
func (w *Web) signInFirst(c *call) error {
	kept := []kit.Hidden{{Name: "resume", Value: c.r.URL.RequestURI()}}
	for name, values := range c.r.PostForm {
		if strings.Contains(name, "password") || name == "old" {
			continue
		}
		for _, v := range values {
			kept = append(kept, kit.Hidden{Name: keep + name, Value: v})
		}
	}
	sortHidden(kept)
	return c.render(http.StatusUnauthorized, page.Login(c.shell("Sign in"), page.Form{Values: url.Values{}}, kept))
}

// keptOf finds the waiting form among what the sign-in page sent.
func keptOf(form url.Values) []kit.Hidden {
	var kept []kit.Hidden
	for name, values := range form {
		if name == "resume" || strings.HasPrefix(name, keep) {
			for _, v := range values {
				kept = append(kept, kit.Hidden{Name: name, Value: v})
			}
		}
	}
	sortHidden(kept)
	return kept
}

// resumed gives the fields of a waiting form their own names again.
func resumed(kept []kit.Hidden) []kit.Hidden {
	var fields []kit.Hidden
	for _, h := range kept {
		if name, ok := strings.CutPrefix(h.Name, keep); ok {
			fields = append(fields, kit.Hidden{Name: name, Value: h.Value})
		}
	}
	return fields
}

// sortHidden orders by name and leaves the values of one name as they came.
func sortHidden(list []kit.Hidden) {
	slices.SortStableFunc(list, func(a, b kit.Hidden) int { return strings.Compare(a.Name, b.Name) })
}

func escape(s string) string { return url.QueryEscape(s) }
