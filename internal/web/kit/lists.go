package kit

import (
	"strconv"
	"time"

	"github.com/a-h/templ"
)

// Tab is one view of a list; its Count equals the length of that list.
type Tab struct {
	Label   string
	Href    string
	Count   int
	NoCount bool
	Current bool
}

// RowProps is one order in a list.
type RowProps struct {
	Href, Title string
	Ref         string // "#G7K2"
	Party       string // the other party
	Picture     string // theirs; may be empty
	State       State
	Move        string // whose move, in words: "Your move"
	Mine        bool   // the move is the reader's
	Clock       *ClockProps
	Note        string // in the clock's place when there is none
	Amount      string
}

// Event is one thing that happened to an order.
type Event struct {
	Icon  string
	Tone  Tone
	Title string
	When  time.Time
	Text  string          // the author's own words, line breaks kept
	Files []File          // what came with it
	Body  templ.Component // anything else; may be nil
}

// File is a file one may fetch.
type File struct {
	Name, Href string
	Size       string // "1.2 MB"
	Hash       string // SHA-256 in hex; its beginning is shown
}

func (f File) fine() string {
	if len(f.Hash) < 12 {
		return f.Size
	}
	return f.Size + " · SHA-256 " + f.Hash[:12]
}

// Fact is a name and its value.
type Fact struct {
	Name  string
	Value string
	Body  templ.Component // replaces Value when given
}

// Stat is one tile: a figure and its name.
type Stat struct {
	Label   string
	Figure  string
	Note    string
	Because *BecauseProps // replaces Figure when given
}

// Node is one category of a tree; children are shown where Open.
type Node struct {
	Label, Href string
	Count       int // gigs in it; below 0 shows none
	Current     bool
	Open        bool
	Children    []Node
}

// ErrorProps is what an error page says.
type ErrorProps struct {
	Title    string // "This page is not here"
	Happened string
	Saved    string // what was kept, if anything was sent
	Do       string
	Action   Link
}

// GigCardProps is a gig in a list.
type GigCardProps struct {
	Href, Title string
	Image       string // address; empty draws a cover from the title
	Seller      string
	Picture     string // the seller's; may be empty
	Level       string // empty for none
	Record      string // honest short record: "41 completed, 96 % on time"
	Rating      string // "4.9"; empty when there is none
	Ratings     int    // of how many
	Price       string // of the cheapest package
	Delivery    string // "in 3 days"
}

// Package is one of the up to three ways to buy a gig.
type Package struct {
	Tier      string // "Basic"
	Name      string // the seller's own name for it
	Price     string
	Delivery  string // "5 days"
	Revisions string // "2 revisions"
	Summary   string
	Includes  []string
	Lacks     []string // what the dearer ones include
	Action    *Action
	Chosen    bool
}

func number(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
