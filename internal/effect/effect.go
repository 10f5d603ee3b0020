// Package effect is what a decision asks of the world.
//
// A rule returns its subject's new state and a Set: the events that happened
// and the money that moved. Only the store's Carry turns a set into rows, so
// nobody can forget the letter or the ledger: letters, notices and provider
// calls are all drawn later from the events (room notice), never sent by hand.
//
// Events of one stream (an order, a member) are numbered 1..n without a gap; a
// stream and a number name an event for ever, so a decision needs no chance and
// can be replayed, retried and previewed.
package effect

import (
	"encoding/json"
	"time"

	"guildhall/internal/ident"
	"guildhall/internal/ledger"
	"guildhall/internal/member"
)

// Kind names what happened. The closed list of each subject stands in its room.
type Kind string

// Event is one thing that happened.
type Event struct {
	Stream string // the order or member it happened to
	Seq    int    // 1, 2, 3 … within the stream
	Kind   Kind
	At     time.Time
	Actor  ident.Member // empty for the clock and the provider
	Role   member.Role
	From   string // state before, for events that move a state
	To     string // state after
	Detail Detail
}

// Detail is what an event remembers beyond its kind. One flat type keeps the
// history readable by people and by every later version of the program.
type Detail struct {
	Text     string            `json:"text,omitempty"`     // words of the actor
	Files    []ident.File      `json:"files,omitempty"`    // attached, in order
	Lines    []int             `json:"lines,omitempty"`    // requirement lines a revision points at, from 1
	Until    time.Time         `json:"until,omitzero"`     // the deadline that now runs
	Amount   int64             `json:"amount,omitempty"`   // minor units of the order's currency
	Of       int               `json:"of,omitempty"`       // number of the event this one answers
	Class    string            `json:"class,omitempty"`    // of an ending
	Facts    map[string]string `json:"facts,omitempty"`    // small named facts
	Provider string            `json:"provider,omitempty"` // reference at the payment provider
	Refunds  []Refund          `json:"refunds,omitempty"`  // money that the provider is to send back
	Proposal json.RawMessage   `json:"proposal,omitempty"` // what a request asks for, as room resolution spells it
}

// Refund is a part of one payment that goes back to where it came from. The
// event and the payment name it for ever.
type Refund struct {
	Payment ident.Payment `json:"payment"`
	Minor   int64         `json:"minor"`
}

// Set is everything that a decision asks of the world.
type Set struct {
	Events  []Event
	Entries []ledger.Entry
}

// Add joins another decision's effects behind these.
func (s *Set) Add(more Set) {
	s.Events = append(s.Events, more.Events...)
	s.Entries = append(s.Entries, more.Entries...)
}
