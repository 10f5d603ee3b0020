package web

import (
	"errors"
	"net/http"
	"strings"

	"guildhall/internal/fault"
	"guildhall/internal/front"
	"guildhall/internal/market"
	"guildhall/internal/web/kit"
	"guildhall/internal/web/page"
)

// Fail answers a request with an error page.
func (w *Web) Fail(rw http.ResponseWriter, r *http.Request, err error) {
	w.fail(w.newCall(rw, r), err)
}

// shopFirst is why somebody who wants to sell is led to their seller profile.
const shopFirst = "Selling asks for a seller profile. It opens here, with one line about what you do."

// fail answers a call with what went wrong. A guest is led to the sign-in page
// and back; what they had typed comes along.
func (w *Web) fail(c *call, err error) {
	if errors.Is(err, errNoShop) {
		_ = c.redirect("/profile/seller", caution+shopFirst) // it has no way to fail
		return
	}
	front.Note(c.ctx(), err)
	switch {
	case fault.KindOf(err) == fault.KindSignIn && c.r.Method == http.MethodGet:
		http.Redirect(c.w, c.r, "/login?next="+escape(c.r.URL.RequestURI()), http.StatusSeeOther)
		return
	case fault.KindOf(err) == fault.KindSignIn && c.r.Method == http.MethodPost && c.r.PostForm != nil:
		if w.signInFirst(c) == nil {
			return
		}
	}
	if market.KeyUsed(err) && w.sentBefore(c) == nil {
		return
	}
	status := front.Status(err)
	e := errorProps(status, err)
	wayOn(c.r, status, &e)
	if c.render(status, page.Error(c.shell(e.Title), e)) != nil {
		http.Error(c.w, front.Words(err), status)
	}
}

// sentBefore shows a form that was sent, changed and sent again: by whoever went back
// in their browser. What they typed is sent once more if they say so. What cannot
// stand in a page, a file or a card, is not.
func (w *Web) sentBefore(c *call) error {
	c.renewKey()
	kept := []kit.Hidden{{Name: "idempotency_key", Value: string(c.key())}}
	for name, values := range c.r.PostForm {
		if strings.HasPrefix(name, "card.") || strings.Contains(name, "password") || name == "old" {
			return errNotKept
		}
		for _, v := range values {
			if name != "idempotency_key" {
				kept = append(kept, kit.Hidden{Name: name, Value: v})
			}
		}
	}
	if form := c.r.MultipartForm; form != nil {
		for _, files := range form.File {
			for _, f := range files {
				if f.Filename != "" {
					return errNotKept
				}
			}
		}
	}
	sortHidden(kept)
	return c.render(http.StatusConflict, page.SentBefore(c.shell("Sent before"), c.r.URL.RequestURI(), kept))
}

var errNotKept = errors.New("web: what was typed cannot stand in a page")

func errorTitle(status int) string {
	switch status {
	case http.StatusNotFound:
		return "This page is not here"
	case http.StatusGone:
		return "This is over"
	case http.StatusForbidden, http.StatusUnauthorized:
		return "This is not open to you"
	case http.StatusConflict:
		return "Things have changed meanwhile"
	case http.StatusPaymentRequired:
		return "The payment was declined"
	case http.StatusUnprocessableEntity:
		return "Something in this form needs mending"
	case http.StatusTooManyRequests:
		return "A little too fast"
	case http.StatusServiceUnavailable:
		return "The house is very busy"
	case http.StatusRequestEntityTooLarge:
		return "This is too large"
	case http.StatusMethodNotAllowed:
		return "This does not work that way"
	}
	return "Something went wrong on our side"
}

func errorProps(status int, err error) kit.ErrorProps {
	e := kit.ErrorProps{
		Title: errorTitle(status), Happened: front.Words(err),
		Saved: "Nothing was changed by this request.",
		Do:    "Go back, reload the page and try again.",
	}
	var f *fault.Error
	if errors.As(err, &f) && len(f.Fields) > 0 {
		e.Happened = ""
		for _, bad := range kit.Faults(f.Fields) {
			e.Happened += bad.Why + " "
		}
	}
	if market.KeyUsed(err) {
		e.Happened = "You sent this form before, and what you sent then was done. What you have changed in it since was not."
	}
	e.Action = kit.Link{Label: "To the front page", Href: "/"}
	switch status {
	case http.StatusNotFound:
		e.Saved = ""
		e.Do = "Check the address, or look for what you need from the front page."
	case http.StatusInternalServerError:
		e.Saved = "What was confirmed before is safe."
		e.Do = "Try again in a minute. If it happens again, tell the people who run this house when it was."
	case http.StatusForbidden, http.StatusGone:
		e.Do = "Go back to where you came from, or start from the front page."
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		e.Do = "Wait a little, then try again."
	}
	return e
}

// wayOn says more where the address tells what somebody was about to do.
func wayOn(r *http.Request, status int, e *kit.ErrorProps) {
	forgot := kit.Link{Label: "Ask for a new link", Href: "/forgot"}
	switch {
	case r.URL.Path == "/reset" && status == http.StatusGone:
		e.Do, e.Action = "Ask for a new link. It comes by mail.", forgot
	case r.URL.Path == "/login" && status == http.StatusTooManyRequests:
		e.Do, e.Action = "Wait a little, then try again. If you forgot the password, a link sets a new one.", forgot
	case status == http.StatusUnprocessableEntity && r.Method == http.MethodGet:
		e.Title = "This address does not work"
		e.Do = "Go back and choose again, or start from the front page."
	}
}
