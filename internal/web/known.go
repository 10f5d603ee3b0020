package web

import (
	"guildhall/internal/gig"
	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/web/page"
)

// known reads what a list of gigs does not say of itself, at once for all of
// them: the level of each seller, and the rating of each gig.
func (c *call) known(cards []gig.Card) (page.Known, error) {
	sellers, gigs := make([]ident.Member, len(cards)), make([]ident.Gig, len(cards))
	for i, g := range cards {
		sellers[i], gigs[i] = g.Seller, g.ID
	}
	var k page.Known
	var err error
	if k.Levels, err = c.web.Market.Levels(c.ctx(), sellers...); err == nil {
		k.Ratings, err = c.web.Market.GigSums(c.ctx(), gigs...)
	}
	return k, err
}

// about is what everybody may know of a seller beside their own words, and of
// the gigs that are listed with them.
func (c *call) about(them member.Member, cards []gig.Card) (page.About, error) {
	known, err := c.known(cards)
	a := page.About{Known: known}
	if err != nil || them.Seller == nil {
		return a, err
	}
	stands, err := c.web.Market.PublicStanding(c.ctx(), them.Handle)
	a.Stands = &stands
	return a, err
}
