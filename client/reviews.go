package client

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// Stars are what one criterion of a review got.
type Stars struct {
	Name  string `json:"name"`
	Asked string `json:"asked"` // as it was asked then
	Stars int    `json:"stars"`
}

// ReviewWords are one wording of a review.
type ReviewWords struct {
	Overall string    `json:"overall"`       // cut to one decimal
	Parts   int64     `json:"overall_parts"` // exact, in 1/2520 of a star
	Stars   []Stars   `json:"stars"`
	Text    string    `json:"text"`
	At      time.Time `json:"written_at"`
}

// Review is what one party says of the other. Words is nil on a tombstone.
type Review struct {
	By        string           `json:"by"` // buyer or seller
	Words     *ReviewWords     `json:"words"`
	Earlier   []ReviewWords    `json:"earlier"` // before it was changed
	Reply     *ReviewReply     `json:"reply"`
	Sample    *ReviewSample    `json:"sample"`
	Challenge *ReviewChallenge `json:"challenge"`
	Removed   *Tombstone       `json:"removed"`
}

// ReviewReply is the public answer of the one who was rated.
type ReviewReply struct {
	Text   string     `json:"text"`
	At     time.Time  `json:"written_at"`
	Edited *time.Time `json:"changed_at"`
}

// ReviewSample is a delivered file that stands beside a review, or shall.
type ReviewSample struct {
	File    string     `json:"file"`
	Offered time.Time  `json:"offered_at"`
	Shown   bool       `json:"shown"`
	Agreed  *time.Time `json:"agreed_at"`
	Refused *time.Time `json:"refused_at"`
}

// ReviewChallenge is the objection of the one who was rated.
type ReviewChallenge struct {
	Open     bool       `json:"open"`
	Since    time.Time  `json:"since"`
	DecideBy *time.Time `json:"decide_by"`
	Reason   string     `json:"reason"`
	Case     string     `json:"case"`
	Verdict  string     `json:"verdict"` // kept, removed or withdrawn
	Ended    *time.Time `json:"ended_at"`
}

// Tombstone stands in the place of a removed review.
type Tombstone struct {
	At     time.Time `json:"removed_at"`
	Reason string    `json:"reason"`
	Words  string    `json:"reason_words"`
	Role   string    `json:"role"`
	Case   string    `json:"case"`
}

// OrderReviews is everything that a party of an order sees of its reviews.
type OrderReviews struct {
	ID       string         `json:"id"`
	Order    string         `json:"order"`
	You      string         `json:"you"`
	Buyer    Person         `json:"buyer"`
	Seller   Person         `json:"seller"`
	Outcome  string         `json:"outcome"` // how the order ended
	Eligible bool           `json:"eligible"`
	Why      string         `json:"why"` // it may not be reviewed
	Closes   *time.Time     `json:"closes_at"`
	Revealed *time.Time     `json:"revealed_at"`
	TheirsIn bool           `json:"theirs_in"`
	Mine     *Review        `json:"mine"`
	Theirs   *Review        `json:"theirs"` // nil while it is closed to you
	Asked    []Criterion    `json:"asked"`
	Measured Measured       `json:"measured"`
	Samples  []File         `json:"samples"`
	Demand   *Demand        `json:"demand"`
	Options  []ReviewOption `json:"options"`
}

// Criterion is one thing that is asked.
type Criterion struct {
	Name  string `json:"name"`
	Words string `json:"words"`
}

// Measured is what the clocks say about the start of an order.
type Measured struct {
	Paid     *time.Time `json:"paid_at"`
	Answered *time.Time `json:"requirements_at"`
	Started  *time.Time `json:"started_at"`
}

// Demand is what you reported before the reviews were out.
type Demand struct {
	Text     string    `json:"text"`
	Messages []int     `json:"messages"`
	Files    []string  `json:"files"`
	At       time.Time `json:"reported_at"`
	Unrated  bool      `json:"unrated"`
	Case     string    `json:"case"`
}

// ReviewOption is one thing you may do.
type ReviewOption struct {
	Move  string     `json:"move"`
	Verb  string     `json:"verb"`
	Says  string     `json:"says"`
	Until *time.Time `json:"until"`
}

// NewReview is what you type: one to five stars for each criterion that is asked.
type NewReview struct {
	Stars map[string]int `json:"stars"`
	Text  string         `json:"text,omitempty"`
}

// Evidence is what a report or a challenge rests on.
type Evidence struct {
	Reason   string   `json:"reason,omitempty"` // of a challenge
	Text     string   `json:"text"`
	Files    []string `json:"files,omitempty"`    // uploaded for orders
	Messages []int    `json:"messages,omitempty"` // numbers in your conversation
	Passage  string   `json:"passage,omitempty"`  // of a challenge: words of the review
}

// ReviewMoved is where the reviews of an order are after something was done.
type ReviewMoved struct {
	Review   string     `json:"review"`
	Order    string     `json:"order"`
	Revealed bool       `json:"revealed"`
	Closes   *time.Time `json:"closes_at"`
	Case     string     `json:"case"`
	Version  int        `json:"version"`
}

// ReviewSums is what reviews add up to.
type ReviewSums struct {
	Count   int            `json:"count"` // shown and removed
	Shown   int            `json:"shown"`
	Removed int            `json:"removed"`
	Mean    string         `json:"mean"`        // empty without any
	Parts   int64          `json:"total_parts"` // exact, in 1/2520 of a star
	Rows    map[string]int `json:"by_stars"`
}

// ReviewFace is somebody beside a public review.
type ReviewFace struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Handle string `json:"handle"`
}

// PublicReview is a review, or its tombstone, as everybody sees it.
type PublicReview struct {
	ID string `json:"id"`
	Review
	Outcome  string      `json:"outcome"`
	Ended    string      `json:"outcome_words"`
	Revealed time.Time   `json:"revealed_at"`
	Gig      string      `json:"gig"`
	GigTitle string      `json:"gig_title"`
	Author   *ReviewFace `json:"author"`
	Of       ReviewFace  `json:"of"`
	Measured Measured    `json:"measured"`
	File     *File       `json:"sample_file"`
}

// ReviewFilter narrows a list of reviews.
type ReviewFilter struct {
	Stars    int // so many full stars; 0 for all, tombstones included
	WithText bool
}

func (f ReviewFilter) query() url.Values {
	q := url.Values{}
	if f.Stars > 0 {
		q.Set("stars", strconv.Itoa(f.Stars))
	}
	if f.WithText {
		q.Set("with_text", "true")
	}
	return q
}

// WrittenReview is one that you wrote.
type WrittenReview struct {
	Order    string     `json:"order"`
	Ref      string     `json:"ref"`
	Title    string     `json:"title"`
	Other    ReviewFace `json:"other"`
	Revealed *time.Time `json:"revealed_at"`
	Review   Review     `json:"review"`
}

// OpenReview is an order that waits for your review.
type OpenReview struct {
	Order    string     `json:"order"`
	Ref      string     `json:"ref"`
	Title    string     `json:"title"`
	You      string     `json:"you"`
	Other    ReviewFace `json:"other"`
	Closes   time.Time  `json:"closes_at"`
	TheirsIn bool       `json:"theirs_in"`
}

func reviewPath(order, rest string) string {
	return "/orders/" + url.PathEscape(order) + "/review" + rest
}

// Reviews are those of an order of yours.
func (c *Client) Reviews(ctx context.Context, order string) (OrderReviews, error) {
	return read[OrderReviews](ctx, c, reviewPath(order, ""), nil)
}

// WriteReview rates the other party of an order.
func (c *Client) WriteReview(ctx context.Context, order string, in NewReview) (ReviewMoved, error) {
	return change[ReviewMoved](ctx, c, http.MethodPost, reviewPath(order, ""), in)
}

// AmendReview changes your review, once.
func (c *Client) AmendReview(ctx context.Context, order string, in NewReview) (ReviewMoved, error) {
	return change[ReviewMoved](ctx, c, http.MethodPost, reviewPath(order, "/amend"), in)
}

// ReplyToReview replies in public to the review about you, or corrects the reply.
func (c *Client) ReplyToReview(ctx context.Context, order, text string) (ReviewMoved, error) {
	return change[ReviewMoved](ctx, c, http.MethodPost, reviewPath(order, "/reply"), map[string]any{"text": text})
}

// OfferSample asks the buyer whether a delivered file may stand beside their
// review; no file takes the offer back.
func (c *Client) OfferSample(ctx context.Context, order, file string) (ReviewMoved, error) {
	return change[ReviewMoved](ctx, c, http.MethodPost, reviewPath(order, "/sample"), map[string]any{"file": file})
}

// AnswerSample is the buyer's yes or no to it.
func (c *Client) AnswerSample(ctx context.Context, order string, yes bool) (ReviewMoved, error) {
	return change[ReviewMoved](ctx, c, http.MethodPost, reviewPath(order, "/sample/answer"), map[string]any{"yes": yes})
}

// ReportDemand tells the desk what is demanded for a review.
func (c *Client) ReportDemand(ctx context.Context, order string, in Evidence) (ReviewMoved, error) {
	return change[ReviewMoved](ctx, c, http.MethodPost, reviewPath(order, "/demand"), in)
}

// ChallengeReview asks the desk to remove the review about you.
func (c *Client) ChallengeReview(ctx context.Context, order string, in Evidence) (ReviewMoved, error) {
	return change[ReviewMoved](ctx, c, http.MethodPost, reviewPath(order, "/challenge"), in)
}

// GigReviews goes through what buyers say of a gig, newest first.
func (c *Client) GigReviews(ctx context.Context, gig string, f ReviewFilter) iter.Seq2[PublicReview, error] {
	return pages[PublicReview](ctx, c, "/gigs/"+url.PathEscape(gig)+"/reviews", f.query())
}

// MemberReviews goes through what was said of a member as "seller" or as "buyer".
func (c *Client) MemberReviews(ctx context.Context, member, as string, f ReviewFilter) iter.Seq2[PublicReview, error] {
	q := f.query()
	q.Set("as", as)
	return pages[PublicReview](ctx, c, "/members/"+url.PathEscape(member)+"/reviews", q)
}

// GigReviewSums is what the reviews of a gig add up to.
func (c *Client) GigReviewSums(ctx context.Context, gig string) (ReviewSums, error) {
	return c.reviewSums(ctx, "/gigs/"+url.PathEscape(gig)+"/reviews", url.Values{"limit": {"1"}})
}

// MemberReviewSums is what the reviews of a member as "seller" or as "buyer" add up to.
func (c *Client) MemberReviewSums(ctx context.Context, member, as string) (ReviewSums, error) {
	return c.reviewSums(ctx, "/members/"+url.PathEscape(member)+"/reviews", url.Values{"as": {as}, "limit": {"1"}})
}

func (c *Client) reviewSums(ctx context.Context, path string, q url.Values) (ReviewSums, error) {
	list, err := read[struct {
		Sums ReviewSums `json:"sums"`
	}](ctx, c, path, q)
	return list.Sums, err
}

// OpenReviews are the orders that wait for your review.
func (c *Client) OpenReviews(ctx context.Context) ([]OpenReview, error) {
	mine, err := read[struct {
		Open []OpenReview `json:"open"`
	}](ctx, c, "/me/reviews", nil)
	return mine.Open, err
}

// WrittenReviews goes through what you wrote, newest first.
func (c *Client) WrittenReviews(ctx context.Context) iter.Seq2[WrittenReview, error] {
	return pages[WrittenReview](ctx, c, "/me/reviews", nil)
}
