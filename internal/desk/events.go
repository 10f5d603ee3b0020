package desk

import (
	"maps"

	"guildhall/internal/effect"
)

// The events that a case is made of.
const (
	Opened        = "case.opened"
	Said          = "case.said"     // one of its people
	Replied       = "case.answered" // the desk
	Noted         = "case.noted"    // between agents only
	Taken         = "case.taken"
	Left          = "case.put_back"
	FirstOverdue  = "case.first_answer_overdue"
	DecisionLate  = "case.decision_overdue"
	Proposed      = "case.proposed" // a decision waits for a second person
	SecondRefused = "case.second_refused"
	DecidedCase   = "case.decided"
	Appealed      = "case.appealed"
	WithdrawnCase = "case.withdrawn"
	ClosedByTime  = "case.closed" // nobody appealed
)

// Events lists every kind of event of a case.
func Events() []effect.Kind {
	return []effect.Kind{
		Opened, Said, Replied, Noted, Taken, Left, FirstOverdue, DecisionLate, Proposed, SecondRefused, DecidedCase, Appealed, WithdrawnCase, ClosedByTime,
	}
}

// The small facts of an event.
const (
	FactTo   = "to"   // who reads it: both, opener, other, desk
	FactRule = "rule" // of a decision
	FactRole = "role" // of the decider
	FactDoes = "does" // what a decision does, in words

	FactPolicy = "policy" // the version it was decided under
	FactKind   = "kind"   // of the case
	FactRecord = "record" // what the house attached by itself
	FactKept   = "kept"   // and what of it only the desk reads

	FactAppealOf = "appeal_of" // the case that an appeal follows
)

// Who reads a line.
const (
	ToBoth   = "both"
	ToOpener = "opener"
	ToOther  = "other"
	ToDesk   = "desk"
)

// Reads tells whether a line of the story is shown to a side; self says that it is
// their own. What the desk does among itself is shown to nobody else, whoever
// wrote it; the desk reads every line.
func Reads(e effect.Event, s Side, self bool) bool {
	switch e.Kind {
	case Noted, Taken, Left, FirstOverdue, DecisionLate, Proposed, SecondRefused:
		return false
	}
	if self {
		return true
	}
	switch to := e.Detail.Facts[FactTo]; to {
	case "", ToBoth:
		return true
	case ToDesk:
		return false
	default:
		return to == string(s)
	}
}

// Told is a line of the story as the people of the case read it: without what
// the house attached for the desk alone.
func Told(e effect.Event) effect.Event {
	if e.Detail.Facts[FactKept] != "" {
		e.Detail.Facts = maps.Clone(e.Detail.Facts)
		delete(e.Detail.Facts, FactKept)
	}
	return e
}

// readers are the people who read what becomes of the case.
func (c Case) readers() string {
	if c.Told {
		return ToBoth
	}
	return ToOpener
}
