package web

import (
	"net/http"
	"strings"

	"guildhall/internal/fault"
	"guildhall/internal/gig"
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/web/page"
)

func (w *Web) gigPage(c *call) error {
	v, err := w.Market.GigPage(c.ctx(), c.actor, c.path("slug"))
	if err != nil {
		return err
	}
	if c.path("slug") != v.Gig.Slug { // one address for a gig
		return c.redirect("/gigs/"+v.Gig.Slug, "")
	}
	p := c.page("I will " + v.Gig.Title)
	p.Description, _, _ = strings.Cut(v.Gig.Description, "\n")
	reviews := page.GigReviews(v)
	var after market.Cursor
	reviews.Filter, after = c.reviewFilter()
	reviews.Later = after != ""
	if reviews.ReviewList, err = w.Market.GigReviews(c.ctx(), v.Gig.ID, reviews.Filter, after, reviewsShown); err != nil {
		return err
	}
	about, err := c.about(v.Seller, nil)
	if err != nil {
		return err
	}
	return c.render(http.StatusOK, page.Gig(p, v, about, reviews, w.Market.Policy()))
}

func (w *Web) myGigsPage(c *call) error {
	state := gig.State(c.query("state"))
	if state != gig.StateDraft && state != gig.StatePaused {
		state = gig.StateActive
	}
	cards, err := w.Market.MyGigs(c.ctx(), c.actor, state, c.query("after"))
	if err != nil {
		return err
	}
	return c.render(http.StatusOK, page.MyGigs(c.page("My gigs"), state, cards))
}

func (w *Web) deleteGigPage(c *call) error {
	g, err := w.Market.EditGig(c.ctx(), c.actor, ident.Gig(c.path("id")))
	if err != nil {
		return err
	}
	return c.render(http.StatusOK, page.GigDelete(c.page("Delete a gig"), g, string(c.key())))
}

func (w *Web) moveGig(c *call) error {
	id, key := ident.Gig(c.path("id")), c.key()
	edit := "/gigs/" + string(id) + "/edit"
	switch gig.Move(c.text("move")) {
	case gig.MovePause:
		return c.moved(w.Market.PauseGig, id, key, edit, "The gig is paused. Running orders go on.")
	case gig.MoveResume:
		return c.moved(w.Market.ResumeGig, id, key, edit, "The gig is for sale again.")
	case gig.MoveDelete:
		return c.moved(w.Market.DeleteGig, id, key, "/gigs", "The gig is deleted.")
	}
	return fault.Invalid("move", "Choose what to do with the gig.")
}

// moved makes one move and leads on.
func (c *call) moved(move gigMove, id ident.Gig, key market.Key, to, flash string) error {
	if _, err := move(c.ctx(), c.actor, key, id); err != nil {
		return err
	}
	return c.redirect(to, flash)
}
