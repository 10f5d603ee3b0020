package api

import (
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/review"
)

// RatedShift is what a decision does to a review.
type RatedShift struct {
	By       review.Side  `json:"by" enum:"buyer,seller" doc:"Whose review it is."`
	Of       ident.Member `json:"of" doc:"Who was rated."`
	Removed  bool         `json:"removed"`
	Restored bool         `json:"restored"`
	Before   ReviewSums   `json:"before"`
	After    ReviewSums   `json:"after"`
}

// CaseRated are the reviews of a case's order as the desk sees them: what is
// closed to the parties is closed to the desk.
type CaseRated struct {
	About   review.Side   `json:"about,omitempty" enum:"buyer,seller" doc:"Whose review the case is about."`
	Buyer   *Review       `json:"by_buyer,omitempty"`
	Seller  *Review       `json:"by_seller,omitempty"`
	Demands []DemandOf    `json:"demands"`
	Start   Measured      `json:"measured"`
	Written []review.Side `json:"written" doc:"Who has written, also while it is closed."`
}

// DemandOf is a reported demand with who reported it.
type DemandOf struct {
	By review.Side `json:"by" enum:"buyer,seller"`
	Demand
}

func caseRatedOf(v market.DeskPage) *CaseRated {
	if v.Review == nil || v.Order == nil {
		return nil
	}
	w := &CaseRated{About: v.ReviewBy, Demands: []DemandOf{}, Start: measuredOf(review.MeasuredStart(*v.Order)), Written: []review.Side{}}
	for _, by := range review.Sides() {
		if v.Review.Get(by) != nil {
			w.Written = append(w.Written, by)
		}
	}
	if v.Review.Revealed() {
		w.Buyer, w.Seller = partyReviewOf(v.Review.ByBuyer, v.OrderPolicy), partyReviewOf(v.Review.BySeller, v.OrderPolicy)
	}
	for _, d := range v.Review.Demands {
		w.Demands = append(w.Demands, DemandOf{d.By, demandOf(d)})
	}
	return w
}
