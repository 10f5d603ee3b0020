package web

import (
	"net/http"
	"strings"

	"guildhall/internal/gig"
	"guildhall/internal/web/page"
)

// catalogue is looking around, and the seller's own gigs.
var catalogue = []Route{
	{get, "/{$}", Anyone, (*Web).homePage},
	{get, "/browse", Anyone, (*Web).browsePage},
	{get, "/browse/{path...}", Anyone, (*Web).browsePage},
	{get, "/search", Anyone, (*Web).searchPage},
	{get, "/members/{handle}", Anyone, (*Web).memberPage},
	{get, "/gigs/{slug}", Anyone, (*Web).gigPage},

	{get, "/gigs", Seller, (*Web).myGigsPage},
	{get, "/gigs/new", Seller, (*Web).newGigPage},
	{post, "/gigs", Seller, (*Web).saveGig},
	{get, "/gigs/{id}/edit", Seller, (*Web).editGigPage},
	{post, "/gigs/{id}", Seller, (*Web).saveGig},
	{get, "/gigs/{id}/delete", Seller, (*Web).deleteGigPage},
	{post, "/gigs/{id}/move", Seller, (*Web).moveGig},
}

func (w *Web) browsePage(c *call) error {
	v, err := w.Market.Browse(c.ctx(), c.path("path"), c.query("after"))
	if err != nil {
		return err
	}
	title := "All gigs"
	if n := len(v.Way); n > 0 {
		title = v.Way[n-1].Name
	}
	known, err := c.known(v.Cards.List)
	if err != nil {
		return err
	}
	return c.render(http.StatusOK, page.Browse(c.page(title), v, known))
}

// roots are the categories at the top of the tree.
func roots(all []gig.Category) []gig.Category {
	var list []gig.Category
	for _, c := range all {
		if c.Parent == "" {
			list = append(list, c)
		}
	}
	return list
}

// clipped keeps what stands in a search box within bounds.
func clipped(query string) string {
	query = strings.Join(strings.Fields(strings.ToValidUTF8(query, "")), " ")
	if runes := []rune(query); len(runes) > 200 {
		return string(runes[:200])
	}
	return query
}
