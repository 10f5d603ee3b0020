package standing

import (
	"slices"
	"time"

	"guildhall/internal/effect"
	"guildhall/internal/ident"
	"guildhall/internal/policy"
)

// Early spares reading the past of somebody who cannot have a level yet:
// completed is how many orders they have completed. quiet tells that nothing can
// happen before next, or at all by time alone where next is zero.
func Early(st State, from time.Time, completed int, now time.Time, p policy.Version) (next time.Time, quiet bool) {
	if st.Level != "" || st.Ready != "" {
		return time.Time{}, false
	}
	for _, l := range p.Standing.Levels {
		if completed < l.Completed {
			continue
		}
		at := from.Add(time.Duration(l.Days) * day)
		if l.Days == 0 || !from.IsZero() && !now.Before(at) {
			return time.Time{}, false
		}
		if !from.IsZero() && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	return next, true
}

// Settle evaluates a level and says when time alone moves it next, on the same
// fold.
func Settle(h Past, st State, now time.Time, p policy.Version) (State, effect.Set) {
	f := foldOf(h, p)
	s := f.sheet(now, false)
	next, set := evaluate(now, st, &s, &f.p)
	next.NextAt = f.next(next, now)
	return next, set
}

// next is the next instant at which time alone, with no further order, message or
// review, moves the level or its warning; zero for never. Where most of the past
// lies in heaps it may name an instant at which nothing moves yet, and never
// misses one.
func (f *fold) next(st State, now time.Time) time.Time {
	firm := f.past.Firm
	for _, at := range f.instants(now, st) {
		if !firm.IsZero() && !at.Before(firm) {
			return firm
		}
		s := f.sheet(at, false)
		next, set := evaluate(at, st, &s, &f.p)
		if len(set.Events) > 0 || next.Ready != st.Ready {
			return at
		}
	}
	return firm
}

// instants are all moments after now at which any figure can change by time
// alone, or the level falls, ascending.
func (f *fold) instants(now time.Time, st State) []time.Time {
	var list []time.Time
	add := func(at time.Time) {
		if at.After(now) {
			list = append(list, at)
		}
	}
	s := f.p.Standing
	for _, figure := range Kept() {
		t := f.tracks.of(figure)
		spans := []time.Duration{0, s.Window.D(), s.ReachBack.D()}
		switch figure {
		case Rating:
			spans = []time.Duration{0, s.RatingWindow.D()}
		case Earned:
			spans = []time.Duration{0}
		case BuyerRecord:
			continue
		}
		for _, span := range spans {
			for _, c := range t.lines[t.after(now.Add(-span)):] {
				add(c.At.Add(span))
			}
		}
	}
	if !f.past.From.IsZero() {
		for _, l := range s.Levels {
			add(f.past.From.Add(time.Duration(l.Days) * day))
		}
	}
	for _, w := range f.past.Warnings {
		add(w.Given)
		add(w.Until)
		add(w.Lifted)
	}
	add(st.DemotesAt)
	slices.SortFunc(list, time.Time.Compare)
	return slices.CompactFunc(list, time.Time.Equal)
}

// Step is one line of the calendar: what leaves the figures at an instant, what
// comes into them, and what they are then, if nothing else happens.
type Step struct {
	At     time.Time
	Leaves []Contribution
	Comes  []Contribution // a question without an answer, or what the window reaches back for
	Lapsed []Warning
	Rules  ident.Policy // other rules take effect
	Moved  bool         // the level or its warning changes
	Sheet  Sheet        // without lines
	State  State        // of the level, as it would be
	Level  string       // the same in one word: its name
}

// Forecast is what leaves the figures when, and what they and the level will be
// then if nothing else happens: as far ahead as the policy looks back. coming are
// the rules that are known to follow, in the order of effect; each step is told
// by the rules of its own instant. Where such rules ask for more of the past than
// was read, nothing is said of what comes after them.
func Forecast(h Past, st State, now time.Time, p policy.Version, coming ...policy.Version) []Step {
	f := foldOf(h, p)
	last := now.Add(p.Standing.ReachBack.D())
	if !h.Firm.IsZero() && h.Firm.Before(last) {
		last = h.Firm.Add(-time.Microsecond)
	}
	var steps []Step
	before := now
	for _, next := range coming {
		if next.Effective.After(last) {
			break
		}
		steps = append(steps, f.steps(before, next.Effective.Add(-time.Microsecond), &st)...)
		if !f.reads(next) {
			return steps
		}
		was := f
		f, before = foldOf(h, next), next.Effective
		step := f.step(was, before.Add(-time.Microsecond), before, &st)
		step.Rules = next.ID
		steps = append(steps, step)
	}
	return append(steps, f.steps(before, last, &st)...)
}

// reads tells whether what was read of the past is enough for other rules too.
func (f *fold) reads(next policy.Version) bool {
	is, then := f.p.Standing, next.Standing
	if !f.past.Firm.IsZero() { // heaps are made for the windows of these rules
		return then.Window == is.Window && then.ReachBack == is.ReachBack && then.RatingWindow == is.RatingWindow && then.EnforceFrom <= is.EnforceFrom
	}
	return then.ReachBack <= is.ReachBack && then.RatingWindow <= is.RatingWindow
}

// steps are those after an instant and not after another, under one set of rules.
func (f *fold) steps(before, last time.Time, st *State) []Step {
	var steps []Step
	instants := f.instants(before, *st)
	for i := 0; i < len(instants) && !instants[i].After(last); i++ {
		at := instants[i]
		step := f.step(f, before, at, st)
		if step.any() {
			steps = append(steps, step)
		}
		if j, known := slices.BinarySearchFunc(instants, st.DemotesAt, time.Time.Compare); !known && st.DemotesAt.After(at) {
			instants = slices.Insert(instants, j, st.DemotesAt) // the step has begun a notice
		}
		before = at
	}
	return steps
}

func (s Step) any() bool { return s.Moved || len(s.Leaves)+len(s.Comes)+len(s.Lapsed) > 0 }

// step compares two instants between which nothing changes, the earlier one by
// the rules of its own. The level goes on from step to step.
func (f *fold) step(then *fold, before, at time.Time, st *State) Step {
	next := Step{At: at, Sheet: f.sheet(at, false)}
	for _, figure := range []Figure{Completion, OnTime, Response, Rating} {
		was, is := then.span(figure, before), f.span(figure, at)
		lines := f.tracks.of(figure).lines
		next.Leaves = append(next.Leaves, lines[was.lo:min(max(is.lo, was.lo), was.hi)]...)
		next.Comes = append(next.Comes, lines[is.lo:max(is.lo, min(was.lo, is.hi))]...)
		next.Comes = append(next.Comes, lines[max(was.hi, is.lo):is.hi]...)
	}
	for _, w := range f.past.Warnings {
		if w.Active(before) && !w.Active(at) {
			next.Lapsed = append(next.Lapsed, w)
		}
	}
	moved, set := Evaluate(at, *st, next.Sheet, f.p)
	*st = moved
	next.Moved, next.State, next.Level = len(set.Events) > 0, moved, moved.Level
	return next
}

// span is the part of a track that a figure looks at.
func (f *fold) span(figure Figure, now time.Time) view {
	if figure != Rating {
		return f.look(figure, now, 0)
	}
	t := f.tracks.of(figure)
	return view{lo: t.after(now.Add(-f.p.Standing.RatingWindow.D())), hi: t.after(now)}
}

// Leaving is when a contribution leaves its figure at the earliest; zero for
// one that stays for ever.
func Leaving(c Contribution, p policy.Version) time.Time {
	switch c.Figure {
	case Completion, OnTime, Response:
		return c.At.Add(p.Standing.Window.D())
	case Rating:
		return c.At.Add(p.Standing.RatingWindow.D())
	case BuyerRecord:
		return c.At.Add(p.Standing.ReachBack.D())
	}
	return time.Time{}
}
