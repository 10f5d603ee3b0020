package api

import (
	"strconv"
	"strings"
	"time"

	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/policy"
	"guildhall/internal/review"
)

// Stars are what one criterion got.
type Stars struct {
	Name  string `json:"name" doc:"Of the criterion."`
	Asked string `json:"asked" doc:"The criterion as it was asked then."`
	Stars int    `json:"stars" minimum:"1" maximum:"5"`
}

// ReviewWords are one wording of a review.
type ReviewWords struct {
	Overall string    `json:"overall" doc:"The mean of the stars, cut to one decimal and never rounded up."`
	Parts   int64     `json:"overall_parts" doc:"The same, exact, in parts of a star: 2520 are one star."`
	Stars   []Stars   `json:"stars"`
	Text    string    `json:"text,omitempty"`
	At      time.Time `json:"written_at"`
}

func reviewWordsOf(w review.Words) ReviewWords {
	list := make([]Stars, len(w.Stars))
	for i, s := range w.Stars {
		list[i] = Stars(s)
	}
	return ReviewWords{w.Overall().String(), int64(w.Overall()), list, w.Text, w.At.UTC()}
}

// ReviewReply is the public answer of the one who was rated.
type ReviewReply struct {
	Text   string     `json:"text"`
	At     time.Time  `json:"written_at"`
	Edited *time.Time `json:"changed_at,omitempty"`
}

// ReviewSample is a delivered file that stands beside a review, or shall.
type ReviewSample struct {
	File    ident.File `json:"file"`
	Offered time.Time  `json:"offered_at"`
	Shown   bool       `json:"shown" doc:"The buyer agreed: everybody may read it at its address."`
	Agreed  *time.Time `json:"agreed_at,omitempty"`
	Refused *time.Time `json:"refused_at,omitempty"`
}

// ReviewChallenge is the objection of the one who was rated. Others than the two
// parties see an open one only, without its reason.
type ReviewChallenge struct {
	Open     bool           `json:"open"`
	Since    time.Time      `json:"since"`
	DecideBy *time.Time     `json:"decide_by,omitempty"`
	Reason   string         `json:"reason,omitempty" doc:"One of the policy's list, by name."`
	Case     ident.Case     `json:"case,omitempty"`
	Verdict  review.Verdict `json:"verdict,omitempty" enum:"kept,removed,withdrawn"`
	Ended    *time.Time     `json:"ended_at,omitempty"`
}

// Tombstone stands in the place of a removed review.
type Tombstone struct {
	At     time.Time  `json:"removed_at"`
	Reason string     `json:"reason" doc:"One of the policy's list, by name."`
	Words  string     `json:"reason_words"`
	Role   string     `json:"role" doc:"In which capacity it was decided."`
	Case   ident.Case `json:"case,omitempty" doc:"To the two parties."`
}

// Review is what one party says of the other.
type Review struct {
	By        review.Side      `json:"by" enum:"buyer,seller"`
	Words     *ReviewWords     `json:"words,omitempty" doc:"Absent where a tombstone stands, but for its author."`
	Earlier   []ReviewWords    `json:"earlier" doc:"What was written before it was changed."`
	Reply     *ReviewReply     `json:"reply,omitempty"`
	Sample    *ReviewSample    `json:"sample,omitempty"`
	Challenge *ReviewChallenge `json:"challenge,omitempty"`
	Removed   *Tombstone       `json:"removed,omitempty"`
}

// reviewOf shows a review as its reader may see it; reason is that of a removal
// in words.
func reviewOf(r review.Review, reason string) Review {
	w := Review{By: r.By, Earlier: make([]ReviewWords, len(r.Earlier))}
	if len(r.Stars) > 0 {
		words := reviewWordsOf(r.Words)
		w.Words = &words
	}
	for i, e := range r.Earlier {
		w.Earlier[i] = reviewWordsOf(e)
	}
	if x := r.Reply; x != nil {
		w.Reply = &ReviewReply{x.Text, x.At.UTC(), instant(x.EditedAt)}
	}
	if x := r.Sample; x != nil {
		w.Sample = &ReviewSample{x.File, x.OfferedAt.UTC(), x.Shown(), instant(x.AgreedAt), instant(x.RefusedAt)}
	}
	if x := r.Challenge; x != nil {
		w.Challenge = &ReviewChallenge{x.Open, x.At.UTC(), instant(x.DecideBy), x.Reason, x.Case, x.Verdict, instant(x.EndedAt)}
	}
	if x := r.Removal; x != nil {
		w.Removed = &Tombstone{x.At.UTC(), x.Reason, reason, x.Role, x.Case}
	}
	return w
}

// Criterion is one thing that is asked.
type Criterion struct {
	Name  string `json:"name"`
	Words string `json:"words"`
}

// Measured is what the clocks say about the start of an order.
type Measured struct {
	Paid     *time.Time `json:"paid_at,omitempty"`
	Answered *time.Time `json:"requirements_at,omitempty" doc:"Absent where none were asked."`
	Started  *time.Time `json:"started_at,omitempty"`
}

func measuredOf(m review.Measured) Measured {
	return Measured{instant(m.PaidAt), instant(m.AnsweredAt), instant(m.StartedAt)}
}

// Demand is what the reader reported before the reviews were out.
type Demand struct {
	Text     string       `json:"text"`
	Messages []int        `json:"messages"`
	Files    []ident.File `json:"files"`
	At       time.Time    `json:"reported_at"`
	Unrated  bool         `json:"unrated" doc:"The other party had not rated yet."`
	Case     ident.Case   `json:"case"`
}

func demandOf(d review.Demand) Demand {
	return Demand{d.Text, filled(d.Messages), filled(d.Files), d.At.UTC(), d.Unrated, d.Case}
}

// ReviewOption is one thing a party may do.
type ReviewOption struct {
	Move    review.Name `json:"move" enum:"write,amend,reply,offer_sample,withdraw_sample,answer_sample,report_demand,challenge"`
	Verb    string      `json:"verb"`
	Says    string      `json:"says" doc:"What it will do."`
	Until   *time.Time  `json:"until,omitempty"`
	Primary bool        `json:"primary"`
}

// OrderReviews is everything that a party of an order sees of its reviews. What
// the other party wrote is in it from the reveal on and not a moment earlier.
type OrderReviews struct {
	ID       ident.Review   `json:"id" pattern:"^review_[0-9a-z]{26}$"`
	Order    ident.Order    `json:"order"`
	You      review.Side    `json:"you" enum:"buyer,seller"`
	Buyer    Person         `json:"buyer"`
	Seller   Person         `json:"seller"`
	Outcome  policy.Ending  `json:"outcome,omitempty" doc:"How the order ended, as its reviews print it; absent while it runs."`
	Eligible bool           `json:"eligible" doc:"The order may be reviewed."`
	Why      string         `json:"why,omitempty" doc:"It may not."`
	Closes   *time.Time     `json:"closes_at,omitempty" doc:"The window ends."`
	Revealed *time.Time     `json:"revealed_at,omitempty"`
	TheirsIn bool           `json:"theirs_in" doc:"The other party has written."`
	Mine     *Review        `json:"mine,omitempty"`
	Theirs   *Review        `json:"theirs,omitempty" doc:"Absent while it is closed to you."`
	Asked    []Criterion    `json:"asked" doc:"What you are asked."`
	Measured Measured       `json:"measured" doc:"To stand beside the stars for the start."`
	Samples  []File         `json:"samples" doc:"Delivered files that you may offer as a work sample."`
	Demand   *Demand        `json:"demand,omitempty" doc:"That you reported."`
	Step     ReviewStep     `json:"step"`
	Options  []ReviewOption `json:"options" doc:"What you may do now, the primary one first."`
}

// ReviewStep says where the reviews are.
type ReviewStep struct {
	Says  string     `json:"says"`
	Until *time.Time `json:"until,omitempty"`
}

func orderReviewsOf(v market.ReviewPage, now time.Time) OrderReviews {
	w := OrderReviews{
		ID: v.Pair.ID, Order: v.Order.ID, You: v.Side, Buyer: personOf(v.Buyer, now), Seller: personOf(v.Seller, now),
		Outcome: v.Outcome, Eligible: v.Eligible, Why: v.Why, Closes: instant(v.ClosesAt), Revealed: instant(v.Pair.RevealedAt),
		TheirsIn: v.TheirsIn, Mine: partyReviewOf(v.Mine, v.Policy), Theirs: partyReviewOf(v.Theirs, v.Policy), Measured: measuredOf(v.Measured),
		Asked: make([]Criterion, len(v.Asked)), Samples: make([]File, len(v.Samples)), Options: make([]ReviewOption, len(v.Options)),
	}
	other := v.Seller
	if v.Side == review.Seller {
		other = v.Buyer
	}
	says := func(text string, until time.Time) string {
		return strings.NewReplacer("{other}", other.Name, "{until}", moment(until)).Replace(text)
	}
	w.Step = ReviewStep{says(v.Step.Says, v.Step.Until), instant(v.Step.Until)}
	for i, c := range v.Asked {
		w.Asked[i] = Criterion(c)
	}
	for i, f := range v.Samples {
		w.Samples[i] = fileOf(f)
	}
	for i, o := range v.Options {
		w.Options[i] = ReviewOption{o.Move, o.Verb, says(o.Says, o.Until), instant(o.Until), o.Primary}
	}
	if d := v.Demand; d != nil {
		demand := demandOf(*d)
		w.Demand = &demand
	}
	return w
}

func partyReviewOf(r *review.Review, p policy.Version) *Review {
	if r == nil {
		return nil
	}
	reason := ""
	if r.Removal != nil {
		reason = review.ReasonWords(r.Removal.Reason, p)
	}
	w := reviewOf(*r, reason)
	return &w
}

// ReviewSums is what reviews add up to: the same numbers on every page.
type ReviewSums struct {
	Count   int            `json:"count" doc:"Every review ever made public: shown and removed."`
	Shown   int            `json:"shown"`
	Removed int            `json:"removed" doc:"Those in whose place a tombstone stands."`
	Mean    string         `json:"mean,omitempty" doc:"Of the shown ones, cut to one decimal and never rounded up; absent without any."`
	Parts   int64          `json:"total_parts" doc:"The sum of the shown ones' overalls, exact, in parts of a star: 2520 are one star."`
	Rows    map[string]int `json:"by_stars" doc:"The shown ones by their full stars, 1 to 5."`
}

func sumsOf(s review.Sums) ReviewSums {
	w := ReviewSums{Count: s.Count(), Shown: s.Shown, Removed: s.Tombs, Parts: s.Total, Rows: map[string]int{}}
	if s.Shown > 0 {
		w.Mean = s.Mean().String()
	}
	for i, n := range s.Rows {
		w.Rows[strconv.Itoa(i+1)] = n
	}
	return w
}

// ReviewFace is somebody beside a public review.
type ReviewFace struct {
	ID      ident.Member `json:"id"`
	Name    string       `json:"name"`
	Handle  string       `json:"handle"`
	Picture ident.File   `json:"picture,omitempty"`
}

// PublicReview is a review, or its tombstone, as everybody sees it.
type PublicReview struct {
	ID string `json:"id" doc:"The pair's id and the side with a slash between."`
	Review
	Outcome  policy.Ending `json:"outcome" doc:"How the order ended."`
	Ended    string        `json:"outcome_words"`
	Revealed time.Time     `json:"revealed_at"`
	Gig      ident.Gig     `json:"gig"`
	GigTitle string        `json:"gig_title"`
	Author   *ReviewFace   `json:"author,omitempty" doc:"Absent on a tombstone."`
	Of       ReviewFace    `json:"of" doc:"Who was rated."`
	Measured Measured      `json:"measured"`
	File     *File         `json:"sample_file,omitempty" doc:"The work sample, where the buyer agreed."`
	Policy   ident.Policy  `json:"policy"`
}

func publicReviewOf(i market.ReviewItem) PublicReview {
	w := PublicReview{
		ID: review.Ref{Pair: i.Pair, By: i.Review.By}.String(), Review: reviewOf(i.Review, i.Reason), Outcome: i.Outcome,
		Ended: review.OutcomeWords(i.Outcome), Revealed: i.Revealed.UTC(), Gig: i.Gig, GigTitle: i.GigTitle,
		Of: reviewFaceOf(i.Of), Measured: measuredOf(i.Measured), Policy: i.Policy,
	}
	if i.Review.Removal == nil {
		face := reviewFaceOf(i.Author)
		w.Author = &face
	}
	if i.Sample != nil {
		f := fileOf(*i.Sample)
		w.File = &f
	}
	return w
}

func reviewFaceOf(f market.Face) ReviewFace { return ReviewFace{f.ID, f.Name, f.Handle, f.Picture} }
