package web

import (
	"net/http"

	"guildhall/internal/market"
	"guildhall/internal/review"
	"guildhall/internal/web/page"
)

func (w *Web) memberPage(c *call) error {
	v, err := w.Market.SellerPage(c.ctx(), c.path("handle"), c.query("after"))
	if err != nil {
		return err
	}
	// What stands first is what somebody is here for: selling, or buying.
	reviews := page.MemberReviewsProps{Side: review.Seller}
	if v.Member.Seller == nil || c.query("as") == "buyer" {
		reviews.Side = review.Buyer
	}
	reviews.ReviewListProps = page.MemberReviews(v, reviews.Side)
	var after market.Cursor
	reviews.Filter, after = c.reviewFilter()
	reviews.Later = after != ""
	list, other := w.Market.SellerReviews, w.Market.BuyerReviews
	if reviews.Side == review.Buyer {
		list, other = other, list
	}
	if reviews.ReviewList, err = list(c.ctx(), v.Member.ID, reviews.Filter, after, reviewsShown); err != nil {
		return err
	}
	beside, err := other(c.ctx(), v.Member.ID, market.ReviewFilter{}, "", 1)
	if err != nil {
		return err
	}
	reviews.Beside = beside.Sums
	about, err := c.about(v.Member, v.Cards.List)
	if err != nil {
		return err
	}
	return c.render(http.StatusOK, page.Seller(c.page(v.Member.Name), v, about, reviews, c.actor.Is(v.Member.ID)))
}
