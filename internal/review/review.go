// Package review is what the two parties of an ended order say of each other
// (rulebook section 8).
//
// It owns the Pair, which holds both reviews of one order with what became of
// them: replies, a work sample, demands that were reported, challenges,
// tombstones. It owns the closed set of moves and the table of who may make
// which move; Decide is the one function that changes a pair. Eligible says
// which orders may be reviewed and for how long, Seen is a pair as somebody may
// see it, Sums is what profiles count.
//
// Nobody but its author sees a review before both are in or the window has
// ended, and nobody but its author ever changes a star or a word of it. What
// the house can do is put a tombstone in its place, and take it away again.
//
// Before it decides, Decide lets the end of the window fire if it is past, at
// its own instant, so that a review that comes a second too late meets a closed
// window, whether or not a sweep has been there.
//
// It is a rules room: above order, effect, member and policy, below the desk,
// standing, notice and market.
package review

import (
	"slices"
	"strings"
	"time"

	"guildhall/internal/ident"
	"guildhall/internal/order"
	"guildhall/internal/policy"
)

// Side is which party of the order a review is by.
type Side string

// The two sides.
const (
	Buyer  Side = "buyer"
	Seller Side = "seller"
)

// Sides lists both, the buyer's first.
func Sides() []Side { return []Side{Buyer, Seller} }

// Other is the side across the table.
func (s Side) Other() Side {
	if s == Buyer {
		return Seller
	}
	return Buyer
}

// Pair is both reviews of one order. It is made by the first act; before that
// New says what it would be. Zero instants have not happened.
type Pair struct {
	ID     ident.Review // follows from the order
	Order  ident.Order
	Gig    ident.Gig
	Buyer  ident.Member
	Seller ident.Member
	Policy ident.Policy // that the order pins

	Criteria   []policy.Criterion // what the buyer is asked, for ever
	ClosesAt   time.Time          // the window ends; zero while the order runs
	RevealedAt time.Time
	ByBuyer    *Review
	BySeller   *Review
	Demands    []Demand

	Version int // bumped by each save; the guard of every write. 0 is not written yet
	Seq     int // number of the last event
}

// Review is what one party says of the other. Its words are its author's alone.
type Review struct {
	By     Side         `json:"by"`
	Author ident.Member `json:"author"`
	Of     ident.Member `json:"of"`
	Words
	Earlier   []Words    `json:"earlier,omitempty"` // before the amendment
	Reply     *Reply     `json:"reply,omitempty"`
	Sample    *Sample    `json:"sample,omitempty"`
	Challenge *Challenge `json:"challenge,omitempty"`
	Removal   *Removal   `json:"removal,omitempty"` // a tombstone stands in its place
}

// Words are one wording of a review.
type Words struct {
	Stars []Star    `json:"stars"`
	Text  string    `json:"text,omitempty"`
	At    time.Time `json:"at"` // written
}

// Star is what one criterion got, with the criterion as it was asked then.
type Star struct {
	Name  string `json:"name"`
	Asked string `json:"asked"`
	Stars int    `json:"stars"` // 1..5
}

// Reply is the public answer of the one who was rated.
type Reply struct {
	Text     string    `json:"text"`
	At       time.Time `json:"at"`
	EditedAt time.Time `json:"edited_at,omitzero"`
}

// Sample is a delivered file that stands beside the review once the buyer agrees.
type Sample struct {
	File      ident.File `json:"file"`
	OfferedAt time.Time  `json:"offered_at"`
	AgreedAt  time.Time  `json:"agreed_at,omitzero"`  // shown to everybody from then on
	RefusedAt time.Time  `json:"refused_at,omitzero"` // or taken back later
}

// Shown tells whether everybody sees the sample.
func (s *Sample) Shown() bool { return s != nil && !s.AgreedAt.IsZero() && s.RefusedAt.IsZero() }

// Verdict is how a challenge ended.
type Verdict string

// The closed list of verdicts.
const (
	Undecided Verdict = ""
	Kept      Verdict = "kept"
	Taken     Verdict = "removed"
	Dropped   Verdict = "withdrawn" // by the challenger
)

// Challenge is the objection of the one who was rated.
type Challenge struct {
	Reason   string     `json:"reason"` // one of the policy's list
	Case     ident.Case `json:"case"`   // the newest: an appeal takes the place of the first
	At       time.Time  `json:"at"`
	DecideBy time.Time  `json:"decide_by,omitzero"`
	Open     bool       `json:"open,omitempty"` // "under challenge" is shown meanwhile
	Verdict  Verdict    `json:"verdict,omitempty"`
	EndedAt  time.Time  `json:"ended_at,omitzero"`
}

// Removal is the tombstone of a review.
type Removal struct {
	At     time.Time  `json:"at"`
	Reason string     `json:"reason"` // one of the policy's list
	Role   string     `json:"role"`   // in which capacity it was decided: "a support agent"
	Case   ident.Case `json:"case"`
}

// Demand is "this, or a bad review", reported by whoever it was made to.
type Demand struct {
	By       Side         `json:"by"` // who reported it
	Text     string       `json:"text"`
	Messages []int        `json:"messages,omitempty"` // numbers in the conversation of the two
	Files    []ident.File `json:"files,omitempty"`
	At       time.Time    `json:"at"`
	Unrated  bool         `json:"unrated"` // the other party had not rated yet
	Case     ident.Case   `json:"case"`
}

// Get is the review by a side; nil while there is none.
func (p Pair) Get(by Side) *Review {
	if by == Buyer {
		return p.ByBuyer
	}
	return p.BySeller
}

// Member is who stands on a side.
func (p Pair) Member(s Side) ident.Member {
	if s == Buyer {
		return p.Buyer
	}
	return p.Seller
}

// SideOf tells on which side a member stands.
func (p Pair) SideOf(m ident.Member) (Side, bool) {
	switch m {
	case "":
		return "", false
	case p.Buyer:
		return Buyer, true
	case p.Seller:
		return Seller, true
	}
	return "", false
}

// Revealed tells whether everybody may read what is in.
func (p Pair) Revealed() bool { return !p.RevealedAt.IsZero() }

// Next is when the window's end reveals what is in; the second result is false
// when nothing waits for it.
func (p Pair) Next() (time.Time, bool) {
	if p.Revealed() || p.ByBuyer == nil && p.BySeller == nil {
		return time.Time{}, false
	}
	return p.ClosesAt, true
}

// DemandBy is the demand that a side reported; nil for none.
func (p Pair) DemandBy(s Side) *Demand {
	for i := range p.Demands {
		if p.Demands[i].By == s {
			return &p.Demands[i]
		}
	}
	return nil
}

// FirstAt is when the review was written first.
func (r Review) FirstAt() time.Time {
	if len(r.Earlier) > 0 {
		return r.Earlier[0].At
	}
	return r.At
}

// Amended tells whether its author changed it.
func (r Review) Amended() bool { return len(r.Earlier) > 0 }

// Challenged tells whether a challenge is open.
func (r Review) Challenged() bool { return r.Challenge != nil && r.Challenge.Open }

// Ref names one of the two reviews, in addresses and as the subject of a case.
type Ref struct {
	Pair ident.Review
	By   Side
}

// String writes review_…/buyer.
func (r Ref) String() string { return string(r.Pair) + "/" + string(r.By) }

// ParseRef reads what String wrote.
func ParseRef(text string) (Ref, bool) {
	id, by, _ := strings.Cut(text, "/")
	r := Ref{ident.Review(id), Side(by)}
	return r, ident.Valid(r.Pair) && slices.Contains(Sides(), r.By)
}

// Named is the name that the pair of an order has for ever.
func Named(o ident.Order) ident.Review {
	return ident.Review("review_" + strings.TrimPrefix(string(o), "order_"))
}

// OrderOf is the order whose pair has that name.
func OrderOf(id ident.Review) ident.Order {
	return ident.Order("order_" + strings.TrimPrefix(string(id), "review_"))
}

// New is the pair of an order before anybody has done anything. slugs are the
// categories of its gig from the root down: the last that has criteria of its
// own decides what is asked.
func New(o order.Order, slugs []string, p policy.Version) Pair {
	criteria := p.Reviews.Criteria
	for _, slug := range slugs {
		if own := p.Reviews.CategoryCriteria[slug]; len(own) > 0 {
			criteria = own
		}
	}
	return Pair{
		ID: Named(o.ID), Order: o.ID, Gig: o.Gig, Buyer: o.Buyer, Seller: o.Seller, Policy: p.ID, Criteria: criteria,
	}
}

// OneScore is what a seller is asked about a buyer.
func OneScore() []policy.Criterion {
	return []policy.Criterion{{Name: "overall", Words: "Working together"}}
}

// Asked is what a side is asked.
func (p Pair) Asked(by Side) []policy.Criterion {
	if by == Buyer {
		return p.Criteria
	}
	return OneScore()
}
