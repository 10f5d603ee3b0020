// Package rehearsal says what another policy would do to a house, before it is
// applied (rulebook section 10.5).
//
// It owns two looks at a change and keeps them apart. The first is what would
// happen: figures and levels go by the policy in force when they are looked at,
// so Foretell lets each seller's level run on under both policies, from the
// moment of the change to the next day on which levels fall, by the very
// function that will move it. The second is what would have been: orders keep
// the policy that they were placed under, and no change works backwards, so Look
// decides the end of an order once more as if it had pinned the other one.
//
// The flow: the market reads sellers and orders in pages and hands each in; a
// Summary adds up what comes back. Nothing here is written, and nothing here
// writes.
//
// It is a rules room: above standing and order, below market.
package rehearsal

import (
	"slices"
	"time"

	"guildhall/internal/effect"
	"guildhall/internal/ident"
	"guildhall/internal/policy"
	"guildhall/internal/standing"
)

// Seller is one seller as the house has them now.
type Seller struct {
	Member ident.Member
	Past   standing.Past  // everything; no heaps, so that one can look as far ahead as needed
	State  standing.State // as of now
}

// Horizon is until when levels are let run on: the first day on which somebody
// who is warned by the change would fall.
func Horizon(at time.Time, old, next policy.Version) time.Time {
	a, b := standing.DemotionDay(at, old), standing.DemotionDay(at, next)
	if a.After(b) {
		return a
	}
	return b
}

// Kind is what would happen to a seller's level.
type Kind string

// The closed list of kinds.
const (
	Promoted Kind = "promoted"
	Warned   Kind = "warned"  // and falls on a day that is told, unless they recover
	Demoted  Kind = "demoted" // until the horizon
	Asked    Kind = "asked"   // all is met but a person's yes
	Spared   Kind = "spared"  // what today's policy would do to them, and the other one not
	Missed   Kind = "missed"  // a rise that today's policy would give them, and the other one not
)

// Kinds lists them in the order in which they are told.
func Kinds() []Kind { return []Kind{Promoted, Warned, Demoted, Asked, Spared, Missed} }

// Words name a kind.
func (k Kind) Words() string {
	switch k {
	case Promoted:
		return "would rise"
	case Warned:
		return "would be warned"
	case Demoted:
		return "would fall"
	case Asked:
		return "would wait for a person’s yes"
	case Spared:
		return "would be spared"
	default:
		return "would not rise any more"
	}
}

// Turn is one thing that would happen to a level.
type Turn struct {
	Kind    Kind      `json:"kind"`
	At      time.Time `json:"at"`
	From    string    `json:"from,omitempty"`    // names of levels; empty for none
	To      string    `json:"to,omitempty"`      // for a warning the level that is below
	Falls   time.Time `json:"falls,omitzero"`    // of a warning: the day on which the level falls
	Missing string    `json:"missing,omitempty"` // of a warning: what is not met
}

// Path is how a level runs on.
type Path struct {
	Turns []Turn
	Level string // held at the horizon
}

// Fate is what the change would do to one seller.
type Fate struct {
	Member   ident.Member
	Level    string // held now
	Old, New Path
	Turns    []Turn // what is different, in the order of Kinds
}

// Moves tells whether the change would do anything to them.
func (f Fate) Moves() bool { return len(f.Turns) > 0 }

// Foretell lets a level run on from the moment of a change, under both policies,
// if nothing else happens.
func Foretell(s Seller, at, until time.Time, old, next policy.Version) Fate {
	f := Fate{Member: s.Member, Level: s.State.Level, Old: run(s, at, until, old), New: run(s, at, until, next)}
	for _, t := range f.New.Turns {
		if !f.Old.has(t) {
			f.Turns = append(f.Turns, t)
		}
	}
	for _, t := range f.Old.Turns {
		if f.New.has(t) {
			continue
		}
		switch t.Kind {
		case Warned:
			if f.Old.falls(t) { // said once, by the fall itself
				continue
			}
			t.Kind = Spared
		case Demoted:
			t.Kind = Spared
		case Promoted, Asked:
			t.Kind = Missed
		}
		f.Turns = append(f.Turns, t)
	}
	slices.SortStableFunc(f.Turns, func(a, b Turn) int {
		return slices.Index(Kinds(), a.Kind) - slices.Index(Kinds(), b.Kind)
	})
	return f
}

// has tells whether the same thing happens on this path too.
func (p Path) has(t Turn) bool {
	return slices.ContainsFunc(p.Turns, func(o Turn) bool {
		return o.Kind == t.Kind && o.From == t.From && o.To == t.To && o.Falls.Equal(t.Falls)
	})
}

// falls tells whether a warning is followed by its fall.
func (p Path) falls(w Turn) bool {
	return slices.ContainsFunc(p.Turns, func(o Turn) bool { return o.Kind == Demoted && o.At.Equal(w.Falls) })
}

// run evaluates a level at the change and at every instant after it at which
// time alone moves it.
func run(s Seller, at, until time.Time, p policy.Version) Path {
	var path Path
	st := s.State
	if !st.DemotesAt.IsZero() { // warned already: the day stands as it was told
		path.Turns = append(path.Turns, Turn{Kind: Warned, At: st.WarnedAt, From: st.Level, To: st.Level, Falls: st.DemotesAt})
	}
	for {
		next, set := standing.Settle(s.Past, st, at, p)
		for _, e := range set.Events {
			if t, is := turnOf(e); is {
				path.Turns = append(path.Turns, t)
			}
		}
		if st = next; st.NextAt.IsZero() || st.NextAt.After(until) {
			break
		}
		at = st.NextAt
	}
	path.Level = st.Level
	return path
}

func turnOf(e effect.Event) (Turn, bool) {
	t := Turn{At: e.At, From: e.From, To: e.To}
	switch e.Kind {
	case standing.LevelPromoted:
		t.Kind = Promoted
	case standing.LevelWarned:
		t.Kind, t.Falls, t.Missing = Warned, e.Detail.Until, e.Detail.Facts["missing"]
	case standing.LevelDemoted:
		t.Kind = Demoted
	case standing.LevelReady:
		t.Kind = Asked
	default:
		return t, false
	}
	return t, true
}
