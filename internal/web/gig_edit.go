package web

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"guildhall/internal/fault"
	"guildhall/internal/gig"
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/web/kit"
	"guildhall/internal/web/page"
)

type gigMove func(context.Context, member.Actor, market.Key, ident.Gig) (gig.Gig, error)

func (w *Web) newGigPage(c *call) error {
	f := formOf(gig.Gig{})
	f.change("add-packages")
	return w.showEditor(c, http.StatusOK, gig.Gig{}, f, nil)
}

func (w *Web) editGigPage(c *call) error {
	g, err := w.Market.EditGig(c.ctx(), c.actor, ident.Gig(c.path("id")))
	if err != nil {
		return err
	}
	return w.showEditor(c, http.StatusOK, g, formOf(g), nil)
}

// showEditor shows the form with what is wrong with it beside its fields.
func (w *Web) showEditor(c *call, status int, g gig.Gig, f gigForm, wrong error) error {
	categories, err := w.Market.Categories(c.ctx())
	if err != nil {
		return err
	}
	form := page.Form{Values: f.values, Key: ident.Secret()[:32]}
	var e *fault.Error
	if errors.As(wrong, &e) && e.Kind == fault.KindInvalid {
		form.Faults = f.besideFields(e.Fields)
	}
	var advice *gig.Advice
	if c.actor.Is(g.Seller) {
		if advice, err = w.Market.GigAdvice(c.ctx(), c.actor, g.ID); err != nil {
			return err
		}
	}
	p := c.page("Edit a gig")
	if status == http.StatusConflict {
		p.Flash = overtaken(g)
	}
	return c.render(status, page.GigEdit(p, page.Editor{
		Gig: g, Categories: categories, Rows: f.counts(), Pictures: f.pictures(), Rules: w.Market.Policy(), Advice: advice, Form: form,
	}))
}

// saveGig answers every button of the editor. Whatever happens, what was typed
// comes back: in the form, or saved.
func (w *Web) saveGig(c *call) error {
	var g gig.Gig
	if id := ident.Gig(c.path("id")); id != "" {
		var err error
		if g, err = w.Market.EditGig(c.ctx(), c.actor, id); err != nil {
			return err
		}
	}
	f := gigForm{c.r.PostForm}
	if err := w.uploadPictures(c, f); err != nil {
		if refused(err) {
			return w.showEditor(c, http.StatusUnprocessableEntity, g, f, err)
		}
		return err
	}
	do := c.text("do")
	if f.change(do) {
		return w.showEditor(c, http.StatusOK, g, f, nil)
	}
	in, err := f.read(w.Market.Policy().Currency)
	if err == nil && do == "preview" {
		return w.previewGig(c, g, in, f)
	}
	if err == nil {
		g, err = w.keepGig(c, g, in, f)
	}
	if err == nil && do == "publish" {
		err = w.publish(c, &g)
	}
	switch {
	case refused(err):
		return w.showEditor(c, http.StatusUnprocessableEntity, g, f, err)
	case fault.KindOf(err) == fault.KindConflict:
		return w.showMeanwhile(c, g, f, err)
	case err != nil:
		return err
	case do == "publish":
		return c.redirect("/gigs/"+g.Slug, "Your gig is for sale.")
	case g.State == gig.StateDraft:
		return c.redirect("/gigs/"+string(g.ID)+"/edit", "The draft is saved. Only you can see it.")
	}
	return c.redirect("/gigs/"+string(g.ID)+"/edit", "Saved. Buyers see it now.")
}

// publish offers the gig to buyers. A refused one stays the draft that it is, so
// that the form shown again is the form of that draft.
func (w *Web) publish(c *call, g *gig.Gig) error {
	public, err := w.Market.PublishGig(c.ctx(), c.actor, c.key()+"-publish", g.ID)
	if err == nil {
		*g = public
	}
	return err
}

// showMeanwhile shows what was typed to somebody who was overtaken in another
// window. Sent once more, it takes the place of what is there.
func (w *Web) showMeanwhile(c *call, g gig.Gig, f gigForm, wrong error) error {
	if g.ID != "" {
		var err error
		if g, err = w.Market.EditGig(c.ctx(), c.actor, g.ID); err != nil {
			return err
		}
		f.values.Set("version", strconv.Itoa(g.Version))
	}
	return w.showEditor(c, http.StatusConflict, g, f, wrong)
}

// overtaken is above what was typed and not saved.
func overtaken(g gig.Gig) *kit.Flash {
	text := "This form was sent before, and its gig stands under My gigs. What you typed since is here and not saved yet: saved, it makes another gig."
	if g.ID != "" {
		text = "This gig was changed in another window. What you typed is here and not saved yet: open the gig in a new window to see the change, or save this in its place."
	}
	return &kit.Flash{Tone: kit.Warn, Text: text}
}

// keepGig makes or saves the gig, and brings the form up to the new version.
func (w *Web) keepGig(c *call, g gig.Gig, in market.GigInput, f gigForm) (gig.Gig, error) {
	var kept gig.Gig
	var err error
	if g.ID == "" {
		kept, err = w.Market.CreateGig(c.ctx(), c.actor, c.key(), in)
	} else {
		version, _ := strconv.Atoi(c.text("version")) // 0 saves over whatever is there
		kept, err = w.Market.SaveGig(c.ctx(), c.actor, c.key(), g.ID, version, in)
	}
	if err != nil {
		return g, err
	}
	for name, values := range formOf(kept).values {
		f.values[name] = values
	}
	return kept, nil
}

// uploadPictures stores the pictures that came with the form and puts their
// names into it.
func (w *Web) uploadPictures(c *call, f gigForm) error {
	room := w.Market.Policy().Limits.GigPictures - len(f.values["pictures"])
	for i, header := range c.files("file") {
		if i >= room {
			return fault.Invalid("file", "Only the first pictures fit; the others were left out.")
		}
		upload, err := header.Open()
		if err != nil {
			return err
		}
		saved, err := w.Market.SaveUpload(c.ctx(), c.actor, market.ForGig, header.Filename, upload)
		if err := errors.Join(err, upload.Close()); err != nil {
			return err
		}
		f.values.Add("pictures", string(saved.ID))
	}
	return nil
}

// previewGig shows the page as it would be, with the whole form waiting in it.
func (w *Web) previewGig(c *call, g gig.Gig, in market.GigInput, f gigForm) error {
	v, err := w.Market.PreviewGig(c.ctx(), c.actor, g.ID, in)
	if refused(err) {
		return w.showEditor(c, http.StatusUnprocessableEntity, g, f, err)
	}
	if err != nil {
		return err
	}
	var kept []kit.Hidden
	for name, values := range f.values {
		if name == "do" || name == "idempotency_key" {
			continue
		}
		for _, value := range values {
			kept = append(kept, kit.Hidden{Name: name, Value: value})
		}
	}
	sortHidden(kept)
	action := "/gigs"
	if g.ID != "" {
		action += "/" + string(g.ID)
	}
	return c.render(http.StatusOK, page.GigPreview(c.page("Preview"), v, w.Market.Policy(), action, string(c.key()), kept))
}
