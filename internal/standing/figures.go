package standing

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"guildhall/internal/policy"
)

// Rate is one figure with everything that is behind it.
//
// What counts is what happened in the window of the policy that ends now:
// something of the instant t counts until t plus the window, and no longer at
// that instant. While fewer than standing.enforce_from things count in it, the
// window reaches further back, just as far as the newest enforce_from of them
// need and at most standing.reach_back. Excluded orders never widen or narrow
// it; they are listed beside.
type Rate struct {
	Figure       Figure
	For, Against int
	Since        time.Time      // what happened after this instant is looked at
	Reached      bool           // further back than the window
	Enforced     bool           // enough to be held against a threshold
	Left         int            // excluded: of the window, and without a say in the rate
	Lines        []Contribution // newest first: for, against, excluded; without those in heaps
}

// Counted is the denominator.
func (r Rate) Counted() int { return r.For + r.Against }

// Excluded is how many orders of the window do not count.
func (r Rate) Excluded() int { return r.Left }

// All is how many orders stand behind the rate, excluded ones among them.
func (r Rate) All() int { return r.Counted() + r.Left }

// count adds n orders of a mark.
func (r *Rate) count(m Mark, n int) {
	switch m {
	case For:
		r.For += n
	case Against:
		r.Against += n
	case Excluded:
		r.Left += n
	}
}

// Heap is many contributions of one mark that are only counted: somebody with
// ten thousand orders is not read one by one. At is an instant at which all of
// them still count whenever one asks.
type Heap struct {
	Figure Figure
	Mark   Mark
	N      int
	At     time.Time
}

// Meets compares the exact fraction with a threshold. With nothing counted
// there is no rate, and it meets only a threshold of nothing.
func (r Rate) Meets(least policy.Percent) bool {
	const whole = 10_000 // hundredths of a percent
	if r.Counted() == 0 {
		return least == 0
	}
	return int64(r.For)*whole >= int64(least)*int64(r.Counted())
}

// String prints the rate in percent with one decimal, cut and never rounded up:
// 89.96 % is "89.9 %", and only a rate that is whole prints "100 %". It is
// "none yet" while nothing counts.
func (r Rate) String() string {
	n := r.Counted()
	switch {
	case n == 0:
		return "none yet"
	case r.Against == 0:
		return "100 %"
	}
	tenths := r.For * 1000 / n
	return strconv.Itoa(tenths/10) + "." + strconv.Itoa(tenths%10) + " %"
}

// Same tells whether two rates say the same.
func (r Rate) Same(other Rate) bool {
	return r.For == other.For && r.Against == other.Against && r.Enforced == other.Enforced
}

// Sheet is a person's figures as of an instant.
type Sheet struct {
	At         time.Time
	Completion Rate
	OnTime     Rate
	Record     Record
}

// Rates are the figures of the seller's side, in the order in which they are shown.
func (s Sheet) Rates() []Rate { return []Rate{s.Completion, s.OnTime} }

// Since is the instant after which a figure looks at orders.
func (s Sheet) Since(f Figure) time.Time {
	switch f {
	case Completion:
		return s.Completion.Since
	case OnTime:
		return s.OnTime.Since
	default:
		return s.Record.Since
	}
}

// Record is what of a buyer's endings is on record.
type Record struct {
	Noted int
	Since time.Time
	Lines []Contribution // newest first: noted and not noted
}

// Figures folds contributions into the sheet of one person as of an instant,
// under the policy in force then. It needs all of theirs within
// standing.reach_back, in any order, and looks at none that are older or later.
// Of a figure with heaps it needs only those of the window, one by one or in a
// heap, and more than standing.enforce_from of them must count.
func Figures(cs []Contribution, now time.Time, p policy.Version, heaps ...Heap) Sheet {
	s := Sheet{At: now}
	s.Completion = rate(cs, heaps, Completion, now, p)
	s.OnTime = rate(cs, heaps, OnTime, now, p)
	s.Record = Record{Since: now.Add(-p.Standing.ReachBack.D())}
	s.Record.Lines = within(cs, BuyerRecord, s.Record.Since, now)
	for _, c := range s.Record.Lines {
		if c.Mark == Against {
			s.Record.Noted++
		}
	}
	return s
}

func rate(cs []Contribution, heaps []Heap, f Figure, now time.Time, p policy.Version) Rate {
	r := Rate{Figure: f, Since: now.Add(-p.Standing.Window.D())}
	for _, h := range heaps {
		if h.Figure == f && h.At.After(r.Since) {
			r.count(h.Mark, h.N)
		}
	}
	counted := r.Counted()
	lines := within(cs, f, now.Add(-p.Standing.ReachBack.D()), now)
	for _, c := range lines {
		if c.Mark == Excluded {
			continue
		}
		if counted++; !c.At.After(r.Since) && counted <= p.Standing.EnforceFrom {
			r.Since, r.Reached = c.At.Add(-time.Microsecond), true // this one is just within
		}
	}
	if counted < p.Standing.EnforceFrom {
		r.Since = now.Add(-p.Standing.ReachBack.D()) // nothing that may count is left out, nor what is excluded beside it
		r.Reached = len(lines) > 0 && !lines[len(lines)-1].At.After(now.Add(-p.Standing.Window.D()))
	}
	for _, c := range lines {
		if !c.At.After(r.Since) {
			break
		}
		r.Lines = append(r.Lines, c)
		r.count(c.Mark, 1)
	}
	r.Enforced = r.Counted() >= p.Standing.EnforceFrom
	return r
}

// within is a figure's contributions after since and not after now, newest
// first; what happened together stands in the order of the ids.
func within(cs []Contribution, f Figure, since, now time.Time) []Contribution {
	var list []Contribution
	for _, c := range cs {
		if c.Figure == f && c.At.After(since) && !c.At.After(now) {
			list = append(list, c)
		}
	}
	slices.SortFunc(list, func(a, b Contribution) int {
		if at := b.At.Compare(a.At); at != 0 {
			return at
		}
		return strings.Compare(string(b.Order), string(a.Order))
	})
	return list
}
