package web

import (
	"net/http"
	"strings"
	"time"

	"guildhall/internal/member"
	"guildhall/internal/web/page"
)

func (w *Web) profilePage(c *call) error {
	form := c.fill("name", c.me.Name, "about", c.me.About, "zone", c.me.Zone, "theme", string(c.me.Theme))
	return c.render(http.StatusOK, page.Profile(c.page("Profile"), *c.me, form))
}

func (w *Web) profile(c *call) error {
	_, err := w.Market.SetProfile(c.ctx(), c.actor, c.key(), member.Profile{
		Name: c.text("name"), About: c.text("about"), Zone: c.text("zone"), Theme: member.Theme(c.text("theme")),
	})
	if refused(err) {
		return c.render(http.StatusUnprocessableEntity, page.Profile(c.page("Profile"), *c.me, c.form(err)))
	}
	if err != nil {
		return err
	}
	return c.redirect("/profile", "Your profile is saved.")
}

func (w *Web) passwordPage(c *call) error {
	return c.render(http.StatusOK, page.Password(c.page("Change password"), c.fill()))
}

func (w *Web) password(c *call) error {
	if err := w.Front.Limits.Attempt("signin", c.visitor(), c.me.Email); err != nil {
		return err
	}
	who, err := w.Market.ChangePassword(c.ctx(), c.actor, c.raw("old"), c.raw("password"))
	if refused(err) {
		return c.render(http.StatusUnprocessableEntity, page.Password(c.page("Change password"), c.form(err)))
	}
	if err != nil {
		return err
	}
	return c.enter(who, "/profile", "Your password is changed. Every other browser was signed out, and every API token has ended.")
}

func (w *Web) shopPage(c *call) error {
	return c.render(http.StatusOK, page.Shop(c.page("Sell"), *c.me, c.shopForm()))
}

// shopForm is the seller profile as it stands.
func (c *call) shopForm() page.Form {
	if s := c.me.Seller; s != nil {
		return c.fill("tagline", s.Tagline, "skills", strings.Join(s.Skills, ", "))
	}
	return c.fill()
}

func (w *Web) shop(c *call) error {
	opening := c.me.Seller == nil
	_, err := w.Market.OpenShop(c.ctx(), c.actor, c.key(), member.Shop{
		Tagline: c.text("tagline"), Skills: strings.FieldsFunc(c.text("skills"), func(r rune) bool { return r == ',' || r == '\n' }),
	})
	if refused(err) {
		return c.render(http.StatusUnprocessableEntity, page.Shop(c.page("Sell"), *c.me, c.form(err)))
	}
	if err != nil {
		return err
	}
	if opening {
		return c.redirect("/gigs", "Your seller profile is open. Make your first gig here.")
	}
	return c.redirect("/profile/seller", "Your seller profile is saved.")
}

func (w *Web) away(c *call) error {
	until, err := dayOf(c.text("until"), c.zone)
	if err != nil {
		until = time.Time{} // refused by the rule, in its words
	}
	_, err = w.Market.GoAway(c.ctx(), c.actor, c.key(), until)
	if refused(err) {
		form := c.form(err)
		form.Values = c.shopForm().Values
		form.Values.Set("until", c.text("until"))
		return c.render(http.StatusUnprocessableEntity, page.Shop(c.page("Sell"), *c.me, form))
	}
	if err != nil {
		return err
	}
	return c.redirect("/profile/seller", "You are away until "+c.local().Day(until)+". Running orders go on.")
}

func (w *Web) back(c *call) error {
	if _, err := w.Market.ComeBack(c.ctx(), c.actor, c.key()); err != nil {
		return err
	}
	return c.redirect("/profile/seller", "You take orders again.")
}

func (w *Web) setTheme(c *call) error {
	theme := c.text("theme")
	if theme != "light" && theme != "dark" {
		theme = ""
	}
	http.SetCookie(c.w, &http.Cookie{
		Name: themeCookie, Value: theme, Path: "/", MaxAge: 365 * 24 * 3600,
		HttpOnly: true, Secure: w.Front.Secure(), SameSite: http.SameSiteLaxMode,
	})
	if c.me != nil {
		if _, err := w.Market.SetTheme(c.ctx(), c.actor, member.Theme(theme)); err != nil {
			return err
		}
	}
	return c.redirect(inside(c.text("back"), "/"), "")
}
