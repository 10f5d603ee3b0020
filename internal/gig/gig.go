// Package gig is what is sold: a service with packages, extras, the questions
// its seller asks and the price a buyer would pay.
//
// It owns the Gig and its draft, the rules a gig must meet before it may be
// published, the moves of its short life (draft, active, paused, deleted) and
// the Quote, which is the only place where a price is put together. The order
// pins a quote and never asks again.
//
// It is a rules room: plain functions, no clock, no store.
package gig

import (
	"time"

	"guildhall/internal/ident"
	"guildhall/internal/money"
)

// State is where a gig stands.
type State string

// The closed list of states.
const (
	StateDraft   State = "draft"   // seen by its seller only
	StateActive  State = "active"  // listed and for sale
	StatePaused  State = "paused"  // not for sale; running orders go on
	StateDeleted State = "deleted" // gone from every list; old orders still show its name
)

// Gig is a service for sale.
type Gig struct {
	ID       ident.Gig
	Seller   ident.Member
	Category ident.Category
	State    State
	Slug     string
	Created  time.Time
	Updated  time.Time
	Version  int
	Source   string // where an imported gig came from, "" for one made here
	Body
}

// Body is what the seller writes; it is kept as one document.
type Body struct {
	Title       string         `json:"title"` // continues the sentence "I will …"
	Description string         `json:"description"`
	Currency    money.Currency `json:"currency"`
	Packages    []Package      `json:"packages"` // one to three, ascending tiers
	Extras      []Extra        `json:"extras,omitempty"`
	Questions   []Question     `json:"questions,omitempty"`
	FAQ         []FAQ          `json:"faq,omitempty"`
	Tags        []string       `json:"tags,omitempty"`
	Pictures    []ident.File   `json:"pictures,omitempty"`
	Capacity    int            `json:"capacity,omitempty"` // orders in progress at most; 0 is no limit
}

// Tier names one of the three packages.
type Tier string

// The closed list of tiers, ascending.
const (
	Basic    Tier = "basic"
	Standard Tier = "standard"
	Premium  Tier = "premium"
)

// Package is one ready-made scope at one price.
type Package struct {
	Tier        Tier   `json:"tier"`
	Name        string `json:"name"`
	Description string `json:"description"`
	Price       int64  `json:"price"` // minor units of the gig's currency
	Days        int    `json:"days"`
	Revisions   int    `json:"revisions"`
}

// Extra is something that can be added to a package. Its key never changes, so
// that a checkout opened yesterday still means the same extra.
type Extra struct {
	Key   string `json:"key"`
	Name  string `json:"name"`
	Price int64  `json:"price"` // minor units
	Days  int    `json:"days"`  // added to the delivery time
}

// QuestionKind is how an answer is typed.
type QuestionKind string

// The closed list of question kinds.
const (
	QuestionText   QuestionKind = "text"
	QuestionLong   QuestionKind = "long_text"
	QuestionChoice QuestionKind = "choice"
	QuestionNumber QuestionKind = "number"
)

// Question is one requirement: something the buyer must tell before work can start.
type Question struct {
	Key      string       `json:"key"`
	Kind     QuestionKind `json:"kind"`
	Text     string       `json:"text"`
	Choices  []string     `json:"choices,omitempty"`
	Required bool         `json:"required"`
}

// FAQ is one question that buyers often ask, with its answer.
type FAQ struct {
	Question string `json:"question"`
	Answer   string `json:"answer"`
}

// Package returns the package of a tier.
func (b Body) Package(t Tier) (Package, bool) {
	for _, p := range b.Packages {
		if p.Tier == t {
			return p, true
		}
	}
	return Package{}, false
}

// From is the lowest price, the one a card shows. Zero packages cost nothing.
func (b Body) From() money.Amount {
	lowest := money.Zero(b.Currency)
	for i, p := range b.Packages {
		if i == 0 || p.Price < lowest.Minor {
			lowest.Minor = p.Price
		}
	}
	return lowest
}
