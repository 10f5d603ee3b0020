// Package desk is the support desk (rulebook section 11): cases, what agents say
// and decide in them, letters, appeals.
//
// It owns the Case with its states and deadlines, one function per transition
// (Open, OpenReport, OpenForHouse, Take, PutBack, Say, Answer, Note, Decide, Second,
// Appeal, Withdraw, Tick), the Decision as data with what may stand in it together, who
// may work on a case and who may read which line of it. A case is a stream: its
// story is its events, so that what an agent wrote and what the parties read is
// one record. What a decision does to an order it says as the order's own moves;
// it never touches one.
//
// The flow: the market loads a case with what ties the agent to its people, asks
// one of the functions here, and saves the case beside the orders and members
// that the decision moved, in one transaction. Deadlines are state: the first
// answer's target and the end of the appeal stand in the case, and Tick fires
// them.
//
// It is a rules room above order, below notice and market.
package desk

import (
	"slices"
	"time"

	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/money"
)

// Kind is what a case is about.
type Kind string

// The closed list of kinds. The last two are opened by the house.
const (
	Cancel    Kind = "cancel"    // end an order without blame
	Challenge Kind = "challenge" // a review
	Breach    Kind = "breach"    // of the terms
	Level     Kind = "level"     // a question about figures or level
	Payment   Kind = "payment"   // money that is not where it should be
	Other     Kind = "other"     // anything else
	Unheard   Kind = "unheard"   // nobody answered a buyer's request to cancel after a delivery
	Blameless Kind = "blameless" // many cancellations without blame: looked at, never a penalty by itself
)

// Kinds lists the kinds that people may open, in the order forms show them.
func Kinds() []Kind { return []Kind{Cancel, Challenge, Breach, Level, Payment, Other} }

// HouseKinds lists the kinds that the house opens by itself.
func HouseKinds() []Kind { return []Kind{Unheard, Blameless} }

// Words name a kind in lists and titles.
func (k Kind) Words() string {
	switch k {
	case Cancel:
		return "End an order without blame"
	case Challenge:
		return "A review that is not fair"
	case Breach:
		return "Somebody breaks the terms"
	case Level:
		return "My level or my figures"
	case Payment:
		return "A payment or a refund"
	case Unheard:
		return "A request to cancel that nobody answered"
	case Blameless:
		return "Many orders ended without blame"
	}
	return "Something else"
}

// Shared tells whether both parties read what is said in such a case and may
// answer. In any other the other party is brought in by an agent, or by the
// decision.
func (k Kind) Shared() bool {
	return k == Cancel || k == Challenge || k == Payment || k == Unheard
}

// State is where a case stands.
type State string

// The closed list of states.
const (
	Waiting   State = "waiting"   // for the desk
	Answered  State = "answered"  // by the desk; waits for people
	Seconding State = "seconding" // a decision waits for a second person
	Decided   State = "decided"   // may be appealed
	Closed    State = "closed"
)

// States lists every state in the order of life.
func States() []State { return []State{Waiting, Answered, Seconding, Decided, Closed} }

// Settled tells whether the desk is done with it.
func (s State) Settled() bool { return s == Decided || s == Closed }

// Words say where a case stands.
func (s State) Words() string {
	switch s {
	case Waiting:
		return "Waits for the desk"
	case Answered:
		return "Answered"
	case Seconding:
		return "A second person looks at it"
	case Decided:
		return "Decided"
	}
	return "Closed"
}

// About is what a case is linked to.
type About string

// The closed list of subjects.
const (
	AboutNothing About = ""
	AboutOrder   About = "order"
	AboutMessage About = "message"
	AboutOffer   About = "offer"
	AboutGig     About = "gig"
	AboutPage    About = "page"   // a page of the house, by its path
	AboutReview  About = "review" // one of the two reviews of an order; only its challenge makes such a case
)

// Subject is the thing a case is linked to.
type Subject struct {
	About About  `json:"about,omitempty"`
	ID    string `json:"id,omitempty"`
}

// Side is one of the people of a case, as decisions name them.
type Side string

// The two sides. The house opens cases too: then there is no opener.
const (
	Opener Side = "opener"
	Across Side = "other"
)

// Other is the side across.
func (s Side) Other() Side {
	if s == Opener {
		return Across
	}
	return Opener
}

// Case is one matter before the desk. Zero instants have not happened.
type Case struct {
	ID      ident.Case
	Ref     string // the short name people read out
	Kind    Kind
	State   State
	Subject Subject
	Order   ident.Order  // that it concerns; empty for none
	Opener  ident.Member // empty where the house opened it
	Other   ident.Member // the other party; empty for none
	Told    bool         // the other party has been brought in
	Agent   ident.Member // who works on it; empty for nobody
	Policy  ident.Policy // the version in force when it was opened

	OpenedAt    time.Time
	AnswerBy    time.Time // the target of the first answer
	AnsweredAt  time.Time // the first answer
	Overdue     bool      // the target passed without an answer
	DecidedAt   time.Time
	AppealUntil time.Time
	ClosedAt    time.Time

	Matter  Matter
	Seq     int // number of the last event
	Version int // bumped by each save; the guard of every write
}

// Matter is what a case remembers beyond its headline.
type Matter struct {
	Title    string         `json:"title"` // one line
	AppealOf ident.Case     `json:"appeal_of,omitempty"`
	Appeal   ident.Case     `json:"appeal,omitempty"`   // the one made of this
	Barred   []ident.Member `json:"barred,omitempty"`   // who decided before, and may not again
	Ruling   *Ruling        `json:"ruling,omitempty"`   // decided, or proposed while seconding
	Warnings []Warned       `json:"warnings,omitempty"` // given by its decision

	Question bool `json:"question,omitempty"` // it is about a seller's first message from somebody, reported as spam: whether it was is decided

	Filed    ident.Member `json:"filed,omitempty"`    // who challenged a review: asking never costs them anything
	DecideBy time.Time    `json:"decide_by,omitzero"` // the target of the decision, where there is one
	Late     bool         `json:"late,omitempty"`     // it passed without a decision
}

// Warned names a warning that a decision gave.
type Warned struct {
	Warning ident.Warning `json:"warning"`
	Side    Side          `json:"side"`
}

// Ruling is a decision with those who stand for it.
type Ruling struct {
	Decision Decision     `json:"decision"`
	By       ident.Member `json:"by"`
	At       time.Time    `json:"at"`
	Digest   string       `json:"digest,omitempty"` // of the effect that was shown
	Amount   money.Amount `json:"amount,omitzero"`  // that it moves
	Second   ident.Member `json:"second,omitempty"` // the second person who agreed
}

// People are the members a case concerns.
func (c Case) People() []ident.Member {
	var list []ident.Member
	for _, m := range []ident.Member{c.Opener, c.Other} {
		if m != "" {
			list = append(list, m)
		}
	}
	return list
}

// At is the member on a side; empty for nobody.
func (c Case) At(s Side) ident.Member {
	if s == Opener {
		return c.Opener
	}
	return c.Other
}

// SideOf tells on which side a member stands.
func (c Case) SideOf(m ident.Member) (Side, bool) {
	switch m {
	case "":
		return "", false
	case c.Opener:
		return Opener, true
	case c.Other:
		return Across, true
	}
	return "", false
}

// Reads tells whether somebody reads the case as one of its people.
func (c Case) Reads(who member.Actor) bool {
	side, ok := c.SideOf(who.Member)
	return ok && (side == Opener || c.Told)
}

// Shields tells whether a side must not learn from the case who stands across:
// whoever is complained about is told what was decided, not by whom it was told.
func (c Case) Shields(s Side) bool {
	return !c.Kind.Shared() && (s == Across || c.Matter.AppealOf != "")
}

// Appealable tells whether a side may still appeal at that moment.
func (c Case) Appealable(now time.Time) bool {
	return c.State == Decided && c.Matter.AppealOf == "" && now.Before(c.AppealUntil)
}

// OwesDecision tells whether the case ends with a decision and in no other way:
// the one appeal that there is belongs to everybody who was told of the decision.
func (c Case) OwesDecision() bool { return c.Kind == Unheard || c.Matter.AppealOf != "" && c.Told }

// OwesFinding tells whether the decision must say if a message is spam. On appeal
// the first finding can stand.
func (c Case) OwesFinding() bool { return c.Matter.Question && c.Matter.AppealOf == "" }

// Next is the earliest deadline; zero when none runs.
func (c Case) Next() time.Time {
	switch {
	case c.State == Decided:
		return c.AppealUntil
	case c.State.Settled():
		return time.Time{}
	}
	var next time.Time
	if c.AnsweredAt.IsZero() && !c.Overdue {
		next = c.AnswerBy
	}
	if by := c.Matter.DecideBy; !by.IsZero() && !c.Matter.Late && (next.IsZero() || by.Before(next)) {
		next = by
	}
	return next
}

// Worker is an agent with what ties them to people of the house.
type Worker struct {
	Actor member.Actor
	Tied  []ident.Member // accounts that an operator linked to theirs
}

// MayWork tells whether the agent may read and decide the case: never one of
// their own, nor of an account linked to theirs, nor an appeal against
// themselves.
func (c Case) MayWork(w Worker) bool {
	for _, m := range c.People() {
		if w.Actor.Is(m) || slices.Contains(w.Tied, m) {
			return false
		}
	}
	return !slices.Contains(c.Matter.Barred, w.Actor.Member)
}
