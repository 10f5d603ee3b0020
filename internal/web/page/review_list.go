package page

import (
	"net/url"
	"strconv"

	"guildhall/internal/market"
	"guildhall/internal/review"
	"guildhall/internal/web/kit"
)

// ReviewListProps is a part of the reviews that a gig, a seller or a buyer got.
type ReviewListProps struct {
	market.ReviewList
	ID     string // of the section
	Path   string // of the page that it stands on
	Keep   url.Values
	Filter market.ReviewFilter
	Later  bool   // not the first page
	Gigs   bool   // each names its gig
	Empty  string // in the place of the first review
}

// GigReviews is the section of a gig's page before anything is read into it.
func GigReviews(v market.GigView) ReviewListProps {
	return ReviewListProps{
		ID: "reviews", Path: "/gigs/" + v.Gig.Slug, Empty: "None yet. Reviews come from orders of this gig, and from nowhere else.",
	}
}

// MemberReviews is the section of a member's page: what buyers say of them as a
// seller, or what sellers say of them as a buyer.
func MemberReviews(v market.SellerView, side review.Side) ReviewListProps {
	props := ReviewListProps{
		ID: "reviews", Path: "/members/" + v.Member.Handle, Gigs: true,
		Empty: "No reviews yet. They come from orders here, and from nowhere else.",
	}
	if side == review.Buyer && v.Member.Seller != nil {
		props.Keep = url.Values{"as": {"buyer"}}
	}
	return props
}

// MemberReviewsProps is what was said of a member in one of their two parts.
type MemberReviewsProps struct {
	ReviewListProps
	Side   review.Side // as which they were rated
	Beside review.Sums // of the other part
}

func (v MemberReviewsProps) tabs(m market.SellerView) []kit.Tab {
	at, sold, bought := "/members/"+m.Member.Handle, v.Sums, v.Beside
	if v.Side == review.Buyer {
		sold, bought = bought, sold
	}
	return []kit.Tab{
		{Label: "As a seller", Href: at + "#reviews", Count: sold.Count(), Current: v.Side == review.Seller},
		{Label: "As a buyer", Href: at + "?as=buyer#reviews", Count: bought.Count(), Current: v.Side == review.Buyer},
	}
}

func (v MemberReviewsProps) heading(m market.SellerView) string {
	if v.Side == review.Buyer {
		return "What sellers say of " + m.Member.Name
	}
	return "What buyers say of " + m.Member.Name
}

// href is the address of the list with another filter or part.
func (v ReviewListProps) href(f market.ReviewFilter, after string) string {
	q := url.Values{}
	for name := range v.Keep {
		q.Set(name, v.Keep.Get(name))
	}
	if f.Stars > 0 {
		q.Set("stars", strconv.Itoa(f.Stars))
	}
	if f.WithText {
		q.Set("text", "1")
	}
	if after != "" {
		q.Set("reviews", after)
	}
	at := v.Path
	if len(q) > 0 {
		at += "?" + q.Encode()
	}
	return at + "#" + v.ID
}

// countWords is how many there are: removed ones are part of the number.
func countWords(s review.Sums) string {
	words := strconv.Itoa(s.Count()) + " reviews"
	if s.Count() == 1 {
		words = "1 review"
	}
	switch {
	case s.Tombs == 0:
		return words
	case s.Shown == 0 && s.Tombs == 1:
		return words + ", removed"
	case s.Shown == 0:
		return words + ", all removed"
	}
	return words + ", " + strconv.Itoa(s.Tombs) + " of them removed"
}

// besides says why the page of a seller counts more reviews than that of one of
// their gigs; empty where it does not.
func besides(here review.Sums, about About, seller string) string {
	if about.Stands == nil {
		return ""
	}
	all := about.Stands.Rating.LifeN + about.Stands.Rating.LifeGone
	others := all - here.Count()
	if others <= 0 {
		return ""
	}
	return seller + " has " + countOf(all, "review") + " in all: " + strconv.Itoa(here.Count()) + " of this gig and " + strconv.Itoa(others) + " of others."
}

func (v ReviewListProps) dist() kit.DistProps {
	return kit.DistProps{
		ChartProps: kit.ChartProps{ID: v.ID + "-dist", Title: "Reviews by full stars", Quiet: true},
		Rows: kit.StarRows(v.Sums.Rows[:], func(n int) string {
			return v.href(market.ReviewFilter{Stars: n, WithText: v.Filter.WithText}, "")
		}),
	}
}

// filters are the ways to look at the list.
func (v ReviewListProps) filters() []kit.Tab {
	with := v.Filter
	with.WithText = true
	list := []kit.Tab{
		{Label: "All", Href: v.href(market.ReviewFilter{}, ""), Current: v.Filter == market.ReviewFilter{}},
		{Label: "With words", Href: v.href(with, ""), Current: v.Filter.WithText},
	}
	if n := v.Filter.Stars; n > 0 {
		only := market.ReviewFilter{Stars: n, WithText: v.Filter.WithText}
		list = append(list, kit.Tab{Label: starsOnly(n), Href: v.href(only, ""), Current: true})
	}
	return list
}

func starsOnly(n int) string {
	if n == 1 {
		return "1 star"
	}
	return strconv.Itoa(n) + " stars"
}

func (v ReviewListProps) newer() string {
	if !v.Later {
		return ""
	}
	return v.href(v.Filter, "")
}

func (v ReviewListProps) older() string {
	if v.Next == "" {
		return ""
	}
	return v.href(v.Filter, string(v.Next))
}

// nothing says why no review stands here.
func (v ReviewListProps) nothing() string {
	switch {
	case v.Sums.Zero():
		return v.Empty
	case v.Filter != market.ReviewFilter{}:
		return "None of them is like that."
	}
	return "There are no more."
}

// facePath is where somebody's own page is.
func facePath(f market.Face) string { return "/members/" + f.Handle }

// wholeOf is the full stars of a mean.
func wholeOf(m review.Mean) int {
	if m.None() {
		return 0
	}
	return review.Overall(m.Sum / m.N).Whole()
}

// RatingOf is the mean and the number of reviews for a card; empty for none.
func RatingOf(s review.Sums) (mean string, of int) {
	if s.Shown == 0 {
		return "", 0
	}
	return s.Mean().String(), s.Count()
}

// tombOf are the words of a removed review in a list.
func tombOf(i market.ReviewItem, l kit.Local) string {
	return tombWords(*i.Review.Removal, i.Reason, l)
}

// itemID is the anchor of a review in a list.
func itemID(i market.ReviewItem) string { return string(i.Pair) + "-" + string(i.Review.By) }

// openReviewRow is an order that waits for the reader's review.
func openReviewRow(o market.OpenReview, l kit.Local) kit.RowProps {
	row := kit.RowProps{
		Href: "/orders/" + string(o.Order) + "/review", Title: sentence(o.Title), Ref: "#" + o.Ref, Party: o.Other.Name,
		Picture: PictureURL(o.Other.Picture, market.PictureAvatar),
		State:   kit.State{Tone: kit.Lapis, Icon: "star", Text: "Can be reviewed"},
		Clock:   &kit.ClockProps{Label: "Closes", Due: o.ClosesAt, Local: l, Compact: true},
	}
	if o.TheirsIn {
		row.Move = o.Other.Name + " has written"
	}
	return row
}

// writtenRow is a review that the reader wrote.
func writtenRow(w market.WrittenReview, l kit.Local) kit.RowProps {
	row := kit.RowProps{
		Href: "/orders/" + string(w.Pair.Order) + "/review", Title: sentence(w.Title), Ref: "#" + w.Ref, Party: w.Other.Name,
		Picture: PictureURL(w.Other.Picture, market.PictureAvatar), State: kit.State{Tone: kit.Neutral, Icon: "lock", Text: "Closed until both are in"},
		Note: "Opens by " + l.Day(w.Pair.ClosesAt),
	}
	r := w.Pair.Get(w.Side)
	if r != nil {
		row.Amount = r.Overall().String() + " of 5"
	}
	switch {
	case r != nil && r.Removal != nil:
		row.State, row.Note = kit.State{Tone: kit.Neutral, Icon: "archive", Text: "Removed"}, "On "+l.Day(r.Removal.At)
	case r != nil && r.Challenged():
		row.State, row.Note = kit.State{Tone: kit.Warn, Icon: "scale", Text: "Under challenge"}, "Since "+l.Day(r.Challenge.At)
	case w.Pair.Revealed():
		row.State, row.Note = kit.State{Tone: kit.Good, Icon: "eye", Text: "Public"}, "Since "+l.Day(w.Pair.RevealedAt)
	}
	return row
}

// openWords say how many reviews can still be written, and until when the first.
func openWords(open []market.OpenReview, l kit.Local) string {
	first := open[0].ClosesAt
	for _, o := range open {
		if o.ClosesAt.Before(first) {
			first = o.ClosesAt
		}
	}
	if len(open) == 1 {
		return "An order can be reviewed until " + l.At(first) + "."
	}
	return strconv.Itoa(len(open)) + " orders can be reviewed, the first until " + l.At(first) + "."
}
