package api

import (
	"context"
	"net/http"
	"time"

	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/review"
)

// ReviewList is one page of public reviews with what all of them add up to.
type ReviewList struct {
	Sums  ReviewSums     `json:"sums"`
	Items []PublicReview `json:"items"`
	Next  string         `json:"next,omitempty" doc:"The cursor of the next page; absent on the last one."`
}

// MyReviews is what the caller can still write and what they wrote.
type MyReviews struct {
	Open  []OpenReview    `json:"open" doc:"Orders that wait for your review; on the first page."`
	Items []WrittenReview `json:"items" doc:"What you wrote, newest first."`
	Next  string          `json:"next,omitempty" doc:"The cursor of the next page; absent on the last one."`
}

// OpenReview is an order that waits for the caller's review.
type OpenReview struct {
	Order    ident.Order `json:"order"`
	Ref      string      `json:"ref"`
	Title    string      `json:"title"`
	You      review.Side `json:"you" enum:"buyer,seller"`
	Other    ReviewFace  `json:"other"`
	Closes   time.Time   `json:"closes_at"`
	TheirsIn bool        `json:"theirs_in"`
}

// WrittenReview is one that the caller wrote.
type WrittenReview struct {
	Order    ident.Order `json:"order"`
	Ref      string      `json:"ref"`
	Title    string      `json:"title"`
	Other    ReviewFace  `json:"other"`
	Closes   *time.Time  `json:"closes_at,omitempty"`
	Revealed *time.Time  `json:"revealed_at,omitempty"`
	Review   Review      `json:"review"`
}

// ReviewMoved is where the reviews of an order are after something was done.
type ReviewMoved struct {
	Review   ident.Review `json:"review"`
	Order    ident.Order  `json:"order"`
	Revealed bool         `json:"revealed" doc:"Everybody can read them."`
	Closes   *time.Time   `json:"closes_at,omitempty"`
	Case     ident.Case   `json:"case,omitempty" doc:"That it opened at the support desk."`
	Version  int          `json:"version"`
}

func reviewMovedOf(m market.ReviewMoved) ReviewMoved {
	return ReviewMoved{m.Review, m.Order, m.Revealed, instant(m.ClosesAt), m.Case, m.Version}
}

type reviewDraftIn struct {
	Keyed
	OrderAt
	Body struct {
		Stars map[string]int `json:"stars" doc:"One to five for each criterion that asked names."`
		Text  string         `json:"text,omitempty" maxLength:"100000"`
	}
}

func (in *reviewDraftIn) draft() review.Draft {
	return review.Draft{Stars: in.Body.Stars, Text: in.Body.Text}
}

type reviewReplyIn struct {
	Keyed
	OrderAt
	Body struct {
		Text string `json:"text" maxLength:"100000"`
	}
}

type reviewSampleIn struct {
	Keyed
	OrderAt
	Body struct {
		File ident.File `json:"file" maxLength:"60" doc:"One of samples; empty takes the offer back."`
	}
}

type sampleAnswerIn struct {
	Keyed
	OrderAt
	Body struct {
		Yes bool `json:"yes" doc:"Everybody may see the file beside your review; no takes an earlier yes back."`
	}
}

// EvidenceIn is what a report or a challenge rests on.
type EvidenceIn struct {
	Text     string       `json:"text" maxLength:"100000"`
	Files    []ident.File `json:"files,omitempty" maxItems:"100" doc:"Uploads of yours with the purpose order."`
	Messages []int        `json:"messages,omitempty" maxItems:"100" doc:"Numbers in the conversation of the two parties."`
}

type demandIn struct {
	Keyed
	OrderAt
	Body EvidenceIn
}

type challengeIn struct {
	Keyed
	OrderAt
	Body struct {
		EvidenceIn
		Reason  string `json:"reason" maxLength:"60" doc:"One of the policy's reviews.challenge_reasons, by name."`
		Passage string `json:"passage,omitempty" maxLength:"100000" doc:"Words of the review itself that are wrong."`
	}
}

// ReviewsIn is which part of a list of reviews is wanted.
type ReviewsIn struct {
	Page
	Stars    int  `query:"stars" minimum:"0" maximum:"5" doc:"Only those with so many full stars; tombstones are left out then. 0 for all."`
	WithText bool `query:"with_text" doc:"Only those with words."`
}

func (in ReviewsIn) filter() market.ReviewFilter {
	return market.ReviewFilter{Stars: in.Stars, WithText: in.WithText}
}

type gigReviewsIn struct {
	ReviewsIn
	ID ident.Gig `path:"id" pattern:"^gig_[0-9a-z]{26}$"`
}

type memberReviewsIn struct {
	ReviewsIn
	ID ident.Member `path:"id" pattern:"^member_[0-9a-z]{26}$"`
	As review.Side  `query:"as" enum:"seller,buyer" default:"seller" doc:"What buyers say of them as a seller, or sellers of them as a buyer."`
}

const (
	reviewBlind = "Nobody but its author gets it before both are in or the window has ended. Only its author ever changes it, once."
	noWarning   = "Filing it can never earn you a warning."
)

func (a *API) reviews() {
	acts := func(path, id, does, about string) route {
		return route{
			method: http.MethodPost, path: "/orders/{id}/review" + path, id: id, tag: "Reviews", who: signedIn, scopes: either,
			errors: []int{http.StatusGone}, does: does, about: about, places: places{"evidence": "files"},
		}
	}
	serve(a, route{
		method: http.MethodGet, path: "/orders/{id}/review", id: "get-reviews", tag: "Reviews", who: signedIn, scopes: reading,
		does: "The reviews of an order of yours, and what you may do", about: reviewBlind,
	}, func(ctx context.Context, in *OrderAt) (*answer[OrderReviews], error) {
		v, err := a.Market.ReviewOf(ctx, actor(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		return ok(orderReviewsOf(v, a.Market.Now()), nil)
	})
	serve(a, acts("", "write-review", "Rate the other party of an order", reviewBlind), func(ctx context.Context, in *reviewDraftIn) (*answer[ReviewMoved], error) {
		m, err := a.Market.WriteReview(ctx, actor(ctx), in.Key, in.ID, in.draft())
		return ok(reviewMovedOf(m), err)
	})
	serve(a, acts("/amend", "amend-review", "Change your review, once; what you wrote first stays in its history", ""), func(ctx context.Context, in *reviewDraftIn) (*answer[ReviewMoved], error) {
		m, err := a.Market.AmendReview(ctx, actor(ctx), in.Key, in.ID, in.draft())
		return ok(reviewMovedOf(m), err)
	})
	serve(a, acts("/reply", "reply-to-review", "Reply in public to the review about you, or correct the reply in time", ""), func(ctx context.Context, in *reviewReplyIn) (*answer[ReviewMoved], error) {
		m, err := a.Market.ReplyReview(ctx, actor(ctx), in.Key, in.ID, in.Body.Text)
		return ok(reviewMovedOf(m), err)
	})
	serve(a, acts("/sample", "offer-sample", "Ask the buyer whether a delivered file may stand beside their review", ""), func(ctx context.Context, in *reviewSampleIn) (*answer[ReviewMoved], error) {
		m, err := a.Market.OfferSample(ctx, actor(ctx), in.Key, in.ID, in.Body.File)
		return ok(reviewMovedOf(m), err)
	})
	serve(a, acts("/sample/answer", "answer-sample", "The buyer's yes or no to a work sample", ""), func(ctx context.Context, in *sampleAnswerIn) (*answer[ReviewMoved], error) {
		m, err := a.Market.AnswerSample(ctx, actor(ctx), in.Key, in.ID, in.Body.Yes)
		return ok(reviewMovedOf(m), err)
	})
	serve(a, acts("/demand", "report-demand", "Report that something is demanded for a good review, or against a bad one", "It opens a case. "+noWarning), func(ctx context.Context, in *demandIn) (*answer[ReviewMoved], error) {
		m, err := a.Market.ReportDemand(ctx, actor(ctx), in.Key, in.ID, in.Body.evidence())
		return ok(reviewMovedOf(m), err)
	})
	serve(a, acts("/challenge", "challenge-review", "Ask the desk to remove the review about you", "It opens a case; at least one piece of evidence besides the text. "+noWarning), a.challengeReview)
	a.reviewLists()
}

func (e EvidenceIn) evidence() review.Evidence {
	return review.Evidence{Text: e.Text, Files: e.Files, Messages: e.Messages}
}

func (a *API) challengeReview(ctx context.Context, in *challengeIn) (*answer[ReviewMoved], error) {
	e := in.Body.evidence()
	e.Passage = in.Body.Passage
	m, err := a.Market.ChallengeReview(ctx, actor(ctx), in.Key, in.ID, in.Body.Reason, e)
	return ok(reviewMovedOf(m), err)
}

// reviewLists are the lists of many orders' reviews.
func (a *API) reviewLists() {
	serve(a, route{
		method: http.MethodGet, path: "/gigs/{id}/reviews", id: "list-gig-reviews", tag: "Reviews", who: anyone,
		does: "What buyers say of a gig, newest first, with tombstones where reviews were removed",
	}, func(ctx context.Context, in *gigReviewsIn) (*answer[ReviewList], error) {
		list, err := a.Market.GigReviews(ctx, in.ID, in.filter(), market.Cursor(in.Cursor), in.Limit)
		return ok(reviewListOf(list), err)
	})
	serve(a, route{
		method: http.MethodGet, path: "/members/{id}/reviews", id: "list-member-reviews", tag: "Reviews", who: anyone,
		does: "What was said of a member as a seller or as a buyer, newest first",
	}, func(ctx context.Context, in *memberReviewsIn) (*answer[ReviewList], error) {
		read := a.Market.SellerReviews
		if in.As == review.Buyer {
			read = a.Market.BuyerReviews
		}
		list, err := read(ctx, in.ID, in.filter(), market.Cursor(in.Cursor), in.Limit)
		return ok(reviewListOf(list), err)
	})
	serve(a, route{
		method: http.MethodGet, path: "/me/reviews", id: "list-my-reviews", tag: "Reviews", who: signedIn, scopes: reading,
		does: "What you can still write and what you wrote",
	}, a.myReviews)
}

func reviewListOf(v market.ReviewList) ReviewList {
	w := ReviewList{Sums: sumsOf(v.Sums), Items: make([]PublicReview, len(v.Items)), Next: string(v.Next)}
	for i, item := range v.Items {
		w.Items[i] = publicReviewOf(item)
	}
	return w
}

func (a *API) myReviews(ctx context.Context, in *Page) (*answer[MyReviews], error) {
	v, err := a.Market.MyReviews(ctx, actor(ctx), market.Cursor(in.Cursor), in.Limit)
	if err != nil {
		return nil, err
	}
	w := MyReviews{Open: make([]OpenReview, len(v.Open)), Items: make([]WrittenReview, len(v.Written)), Next: string(v.Next)}
	for i, o := range v.Open {
		w.Open[i] = OpenReview{o.Order, o.Ref, o.Title, o.Side, reviewFaceOf(o.Other), o.ClosesAt.UTC(), o.TheirsIn}
	}
	for i, x := range v.Written {
		w.Items[i] = WrittenReview{
			Order: x.Pair.Order, Ref: x.Ref, Title: x.Title, Other: reviewFaceOf(x.Other),
			Closes: instant(x.Pair.ClosesAt), Revealed: instant(x.Pair.RevealedAt),
		}
		if r := x.Pair.Get(x.Side); r != nil {
			reason := ""
			if r.Removal != nil {
				reason = r.Removal.Reason
			}
			w.Items[i].Review = reviewOf(*r, reason)
		}
	}
	return ok(w, nil)
}
