// Package notice is which event tells whom, in which words.
//
// It owns one rule per kind of event: silent, or lines of words for the buyer,
// the seller or the member it happened to, and whether they go by letter too.
// For is the one function that makes notices of an event; nothing else in the
// program writes to people. The words are templates with slots ({until},
// {amount}); what stands in a slot stays typed, so that each reader sees
// instants in their own zone. Numbers come from the event or from the policy
// that the order pins, never from here.
//
// The flow: the courier of market takes an event from the outbox, asks For, and
// writes the notices and the jobs for their letters in one transaction. Faces
// read the parts of a notice (Content.TitleParts, Content.BodyParts); letters
// are written by Compose.
//
// It is a rules room: above effect, resolution, order, gig, member and policy,
// below market.
package notice

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"guildhall/internal/effect"
	"guildhall/internal/ident"
	"guildhall/internal/money"
	"guildhall/internal/policy"
	"guildhall/internal/review"
)

// Notice is one message to one person about one event.
type Notice struct {
	ID     ident.Notice // follows from event and recipient: made twice it is one
	To     ident.Member
	Stream string
	Seq    int
	Kind   effect.Kind
	At     time.Time // of the event
	Content
	Mail bool      // goes by letter too
	Read time.Time // zero while unread
}

// Content is what a notice says. It is kept as it was said.
type Content struct {
	Title string          `json:"title"`
	Body  string          `json:"body"`
	Slots map[string]Slot `json:"slots,omitempty"`
	Link  string          `json:"link"` // path of the page it is about
	// Void is when the letter of a reminder has lost its sense; zero for never.
	Void time.Time `json:"void,omitzero"`
}

// Slot is what stands in for {name}: an instant, an amount or words.
type Slot struct {
	Text  string       `json:"text,omitempty"`
	At    time.Time    `json:"at,omitzero"`
	Money money.Amount `json:"money,omitzero"`
}

func (s Slot) empty() bool { return s == Slot{} }

// Person is somebody with the name that others call them.
type Person struct {
	ID   ident.Member
	Name string
}

// Facts is what a rule needs to know beyond the event: the headline of its
// order and the policy that the order pins, or the member it happened to.
type Facts struct {
	Ref      string
	Title    string
	Buyer    Person
	Seller   Person
	Currency money.Currency
	Policy   policy.Version
	Self     Person // the member of a member's stream

	Opener, Across, Agent Person // of a case

	ReadTo map[ident.Member]int // of a conversation: the last message that each has read
}

// side is who a line is for.
type side string

const (
	buyer  side = "buyer"
	seller side = "seller"
	self   side = "self"
	other  side = "other" // the party who did not act
)

// line is what one side is told. Of several lines for one side the first that
// fits is said. A part in brackets is dropped when one of its slots is empty.
type line struct {
	to    side
	fits  func(effect.Event) bool // nil: always
	title string
	body  string
	link  string // empty: the order's page
	quiet bool   // in the house only, no letter
	void  bool   // the letter is not sent once the event's deadline is past
}

// Known tells whether there is a rule for the kind, even if it is to be silent.
func Known(k effect.Kind) bool { _, ok := rules[k]; return ok }

// For makes the notices of one event. An event of an unknown kind tells nobody;
// a test keeps every kind known.
func For(e effect.Event, f Facts) []Notice {
	var list []Notice
	told := map[ident.Member]bool{}
	for _, l := range rules[e.Kind] {
		to, across := f.party(l.to, e)
		if to.ID == "" || told[to.ID] || l.fits != nil && !l.fits(e) || f.knows(to, e) {
			continue
		}
		told[to.ID] = true
		n := Notice{
			ID: ident.Derived[ident.Notice](e.At, e.Seq, e.Stream+":"+strconv.Itoa(e.Seq)+":"+string(to.ID)),
			To: to.ID, Stream: e.Stream, Seq: e.Seq, Kind: e.Kind, At: e.At, Mail: !l.quiet,
		}
		n.Link = l.link
		if n.Link == "" {
			n.Link = pageOf(e.Stream)
			if l.to == agent {
				n.Link = "/desk/" + e.Stream
			}
		}
		if l.void {
			n.Void = e.Detail.Until
		}
		n.fill(l, slots{e: e, f: f, to: to, across: across})
		list = append(list, n)
	}
	return list
}

// party is who stands at a side, and who across the table.
func (f Facts) party(s side, e effect.Event) (to, across Person) {
	switch {
	case s == self:
		return f.Self, Person{}
	case s == opener, s == facing, s == replier, s == agent:
		return f.inCase(s, e)
	case s == seller, s == other && e.Actor == f.Buyer.ID:
		return f.Seller, f.Buyer
	}
	return f.Buyer, f.Seller
}

// fill settles the words of a line: brackets are resolved, used slots filled.
func (c *Content) fill(l line, s slots) {
	c.Slots = map[string]Slot{}
	c.Title, c.Body = c.settle(l.title, s), c.settle(l.body, s)
}

func (c *Content) settle(words string, s slots) string {
	var b strings.Builder
	for words != "" {
		before, rest, found := strings.Cut(words, "[")
		b.WriteString(before)
		c.take(before, s)
		if !found {
			break
		}
		maybe, after, _ := strings.Cut(rest, "]")
		if s.full(maybe) {
			b.WriteString(maybe)
			c.take(maybe, s)
		}
		words = after
	}
	return strings.TrimSpace(b.String())
}

// take keeps the slots that the words use.
func (c *Content) take(words string, s slots) {
	for _, name := range names(words) {
		c.Slots[name] = s.slot(name)
	}
}

func (s slots) full(words string) bool {
	return !slices.ContainsFunc(names(words), func(name string) bool { return s.slot(name).empty() })
}

// names lists the slots in a template.
func names(words string) []string {
	var list []string
	for _, p := range split(words) {
		if p.slot {
			list = append(list, p.words)
		}
	}
	return list
}

func when(fact, is string) func(effect.Event) bool {
	return func(e effect.Event) bool { return e.Detail.Facts[fact] == is }
}

func running(e effect.Event) bool { return !e.Detail.Until.IsZero() }

// pageOf is the page of what an event happened to.
func pageOf(stream string) string {
	if ident.Valid(ident.Case(stream)) {
		return "/cases/" + stream
	}
	if ident.Valid(ident.Offer(stream)) {
		return "/offers/" + stream
	}
	if ident.Valid(ident.Thread(stream)) {
		return "/messages/" + stream
	}
	if id := ident.Review(stream); ident.Valid(id) {
		return "/orders/" + string(review.OrderOf(id)) + "/review"
	}
	return "/orders/" + stream
}

// OfReview tells which pair of reviews an event happened to.
func OfReview(e effect.Event) (ident.Review, bool) {
	id := ident.Review(e.Stream)
	return id, ident.Valid(id)
}

// OfOffer tells which offer an event happened to.
func OfOffer(e effect.Event) (ident.Offer, bool) {
	id := ident.Offer(e.Stream)
	return id, ident.Valid(id)
}

// OfMember tells which member an event happened to.
func OfMember(e effect.Event) (ident.Member, bool) {
	id := ident.Member(e.Stream)
	return id, ident.Valid(id)
}

// OfOrder tells which order an event happened to.
func OfOrder(e effect.Event) (ident.Order, bool) {
	id := ident.Order(e.Stream)
	return id, ident.Valid(id)
}

// silent is the rule of what tells nobody: the one who acts sees the page.
var silent []line

var rules = func() map[effect.Kind][]line {
	all := orderRules()
	for _, more := range []map[effect.Kind][]line{endingRules(), reminderRules(), memberRules(), offerRules(), caseRules(), standingRules(), levelRules(), talkRules(), requestRules(), decisionRules(), reviewRules()} {
		for k, lines := range more {
			all[k] = lines
		}
	}
	return all
}()
