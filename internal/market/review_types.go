package market

import (
	"time"

	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/order"
	"guildhall/internal/policy"
	"guildhall/internal/review"
)

// ReviewMoved is where the reviews of an order are after something was done.
type ReviewMoved struct {
	Review   ident.Review `json:"review"`
	Order    ident.Order  `json:"order"`
	Revealed bool         `json:"revealed"`
	ClosesAt time.Time    `json:"closes_at,omitzero"`
	Case     ident.Case   `json:"case,omitempty"` // that it opened
	Version  int          `json:"version"`
}

// ReviewPage is everything that one party of an order sees of its reviews.
type ReviewPage struct {
	Order    order.Order
	Side     review.Side // who the viewer is
	Buyer    member.Member
	Seller   member.Member
	Pair     review.Pair // as this viewer may see it
	Mine     *review.Review
	Theirs   *review.Review // nil while it is closed to the viewer
	TheirsIn bool           // the other party has written
	Outcome  policy.Ending  // empty while the order runs
	Eligible bool
	Why      string    // it may not be reviewed
	ClosesAt time.Time // of the window; zero while the order runs
	Asked    []policy.Criterion
	Measured review.Measured
	Step     review.Step
	Options  []review.Option
	Samples  []File // delivered files that the seller may offer
	Sample   *File  // the offered one
	Demand   *review.Demand
	Policy   policy.Version // that the order pins
}

// May is the option for a move; ok tells whether the viewer has it.
func (p ReviewPage) May(m review.Name) (opt review.Option, ok bool) {
	for _, o := range p.Options {
		if o.Move == m {
			return o, true
		}
	}
	return review.Option{}, false
}

// ReviewFilter is which part of a list is read.
type ReviewFilter struct {
	Stars    int  // with so many full stars overall; 0 for all, tombstones included
	WithText bool // only those with words
}

// ReviewItem is one review, or its tombstone, in a public list.
type ReviewItem struct {
	Pair     ident.Review
	Review   review.Review // a removed one has a Removal and no words
	Outcome  policy.Ending
	Revealed time.Time
	Gig      ident.Gig
	GigTitle string          // as the order called it
	Author   Face            // empty on a tombstone
	Of       Face            // who was rated
	Measured review.Measured // of a buyer's review
	Sample   *File           // shown beside it
	Policy   ident.Policy
	Reason   string // of a removal, in words
}

// Face is somebody as others see them in a list.
type Face struct {
	ID      ident.Member
	Handle  string
	Name    string
	Picture ident.File
	Seller  bool // has a seller page
}

// ReviewList is one page of the reviews that a gig, a seller or a buyer got,
// newest first, with what all of them add up to.
type ReviewList struct {
	Sums  review.Sums
	Items []ReviewItem
	Next  Cursor
}

// MyReviews is what the actor can still write and what they wrote.
type MyReviews struct {
	Open    []OpenReview // orders whose window is open and that they have not reviewed
	Written []WrittenReview
	Next    Cursor // of Written
}

// OpenReview is an order that waits for the actor's review.
type OpenReview struct {
	Order    ident.Order
	Ref      string
	Title    string
	Side     review.Side
	Other    Face
	ClosesAt time.Time
	TheirsIn bool
}

// WrittenReview is one that the actor wrote.
type WrittenReview struct {
	Pair  review.Pair // as they may see it
	Side  review.Side
	Ref   string
	Title string
	Other Face
}
