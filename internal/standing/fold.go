package standing

import (
	"cmp"
	"slices"
	"sort"
	"time"

	"guildhall/internal/ident"
	"guildhall/internal/policy"
)

// fold is a past put in order once, so that the figures of any instant are a
// matter of a few searches: looking ahead asks for hundreds of instants.
type fold struct {
	past   Past
	p      policy.Version
	tracks tracks
	firsts []time.Time // when each different buyer's first order was completed, ascending
}

// track is the contributions of one figure from the oldest to the newest, with
// the sums of all before each.
type track struct {
	lines  []Contribution
	before []tally // of lines[:i]
	heaps  []Heap
}

// tracks are those of every figure that has contributions, in the order of Kept.
type tracks [6]track

// of is the track of a figure; nil for one without contributions.
func (t *tracks) of(f Figure) *track {
	switch f {
	case Earned:
		return &t[0]
	case Completion:
		return &t[1]
	case OnTime:
		return &t[2]
	case Response:
		return &t[3]
	case Rating:
		return &t[4]
	case BuyerRecord:
		return &t[5]
	}
	return nil
}

// tally is what a stretch of contributions adds up to.
type tally struct {
	counts [3]int // by mark: for, against, excluded
	sum    int64  // of the values of those for
}

func (t tally) counted() int { return t.counts[0] + t.counts[1] }

func (t tally) minus(other tally) tally {
	for i := range t.counts {
		t.counts[i] -= other.counts[i]
	}
	t.sum -= other.sum
	return t
}

func (t tally) plus(other tally) tally { return t.minus(tally{}.minus(other)) }

func (t *tally) add(m Mark, n int, value int64) {
	t.counts[max(0, slices.Index(marks, m))] += n
	if m == For {
		t.sum += value
	}
}

var marks = []Mark{For, Against, Excluded}

func foldOf(h Past, p policy.Version) *fold {
	f := &fold{past: h, p: p}
	for _, c := range h.Lines {
		if t := f.tracks.of(c.Figure); t != nil {
			t.lines = append(t.lines, c)
		}
	}
	for _, heap := range h.Heaps {
		if t := f.tracks.of(heap.Figure); t != nil {
			t.heaps = append(t.heaps, heap)
		}
	}
	for i := range f.tracks {
		f.tracks[i].order()
	}
	f.meet()
	return f
}

// order sorts by instant; what happened together stands in the order of the ids.
func (t *track) order() {
	slices.SortFunc(t.lines, func(a, b Contribution) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Subject, b.Subject), cmp.Compare(a.Order, b.Order))
	})
	t.before = make([]tally, len(t.lines)+1)
	for i, c := range t.lines {
		t.before[i+1] = t.before[i]
		t.before[i+1].add(c.Mark, 1, c.Value)
	}
}

// meet notes when each different buyer came first.
func (f *fold) meet() {
	met := map[ident.Member]bool{}
	for _, c := range f.tracks.of(Completion).lines {
		if c.Mark == For && !met[c.Peer] {
			met[c.Peer] = true
			if b := f.past.Buyers; b == nil {
				f.firsts = append(f.firsts, c.At)
			} else if c.Peer == b.Known {
				b := *b
				b.Heaped++
				f.past.Buyers = &b
			}
		}
	}
}

func (f *fold) buyers(now time.Time) int {
	if b := f.past.Buyers; b != nil {
		return b.Others + min(b.Heaped, 1)
	}
	return until(f.firsts, now)
}

// until is how many of ascending instants are not after one.
func until(list []time.Time, now time.Time) int {
	return sort.Search(len(list), func(i int) bool { return list[i].After(now) })
}

// after is the place of the first line after an instant.
func (t *track) after(at time.Time) int {
	return sort.Search(len(t.lines), func(i int) bool { return t.lines[i].At.After(at) })
}

// heaped adds up the heaps after an instant and not after another.
func (t *track) heaped(since, now time.Time) tally {
	var sum tally
	for _, h := range t.heaps {
		if h.From.After(since) && !h.To.After(now) {
			sum.add(h.Mark, h.N, h.Sum)
		}
	}
	return sum
}

// all is everything of a figure up to an instant.
func (f *fold) all(figure Figure, now time.Time) tally {
	t := f.tracks.of(figure)
	return t.before[t.after(now)].plus(t.heaped(time.Time{}, now))
}

// view is which part of a track a figure looks at.
type view struct {
	since   time.Time
	lo, hi  int // of the lines
	reached bool
	heaped  tally
}

// look finds the window of a rate: that of the policy, and further back while
// too few things count in it. more is how many count besides, right now.
func (f *fold) look(figure Figure, now time.Time, more int) view {
	t, least := f.tracks.of(figure), f.p.Standing.EnforceFrom-more
	v := view{since: now.Add(-f.p.Standing.Window.D()), hi: t.after(now)}
	v.lo, v.heaped = t.after(v.since), t.heaped(v.since, now)
	missing := least - v.heaped.counted()
	if t.before[v.hi].minus(t.before[v.lo]).counted() >= missing {
		return v
	}
	reach := now.Add(-f.p.Standing.ReachBack.D())
	oldest := t.after(reach)
	if t.before[v.hi].minus(t.before[oldest]).counted() < missing { // nothing that may count is left out, nor what is excluded beside it
		v.reached = oldest < v.lo
		v.since, v.lo = reach, oldest
		return v
	}
	// The newest that are needed: the last line behind which so many count.
	need := t.before[v.hi].counted() - missing
	i := sort.Search(v.hi, func(i int) bool { return t.before[i+1].counted() > need })
	v.since, v.reached = t.lines[i].At.Add(-time.Microsecond), true // this one is just within
	v.lo = t.after(v.since)
	return v
}

func (f *fold) rate(figure Figure, now time.Time, lines bool) Rate {
	v, t := f.look(figure, now, 0), f.tracks.of(figure)
	sum := t.before[v.hi].minus(t.before[v.lo])
	r := Rate{
		Figure: figure, Since: v.since, Reached: v.reached,
		For: sum.counts[0] + v.heaped.counts[0], Against: sum.counts[1] + v.heaped.counts[1], Left: sum.counts[2] + v.heaped.counts[2],
	}
	r.Enforced = r.Counted() >= f.p.Standing.EnforceFrom
	if lines {
		r.Lines = newestFirst(t.lines[v.lo:v.hi])
	}
	return r
}

func (f *fold) rating(now time.Time, lines bool) Mean {
	t, life := f.tracks.of(Rating), f.all(Rating, now)
	m := Mean{Since: now.Add(-f.p.Standing.RatingWindow.D()), LifeSum: life.sum, LifeN: life.counts[0], LifeGone: life.counts[2]}
	lo, hi, heaped := t.after(m.Since), t.after(now), t.heaped(m.Since, now)
	sum := t.before[hi].minus(t.before[lo])
	m.Sum, m.N, m.Removed = sum.sum+heaped.sum, sum.counts[0]+heaped.counts[0], sum.counts[2]+heaped.counts[2]
	if lines {
		m.Lines = newestFirst(t.lines[lo:hi])
	}
	return m
}

func (f *fold) record(now time.Time) Record {
	t := f.tracks.of(BuyerRecord)
	r := Record{Since: now.Add(-f.p.Standing.ReachBack.D())}
	r.Lines = newestFirst(t.lines[t.after(r.Since):t.after(now)])
	for _, c := range r.Lines {
		if c.Mark == Against {
			r.Noted++
		}
	}
	return r
}

// sheet is the figures as of an instant; without lines where only numbers are
// asked for.
func (f *fold) sheet(now time.Time, lines bool) Sheet {
	s := Sheet{
		fold: f, At: now, From: f.past.From, Days: daysSince(f.past.From, now),
		Completed: f.all(Completion, now).counts[0], UniqueBuyers: f.buyers(now), Earned: f.all(Earned, now).sum,
		Completion: f.rate(Completion, now, lines), OnTime: f.rate(OnTime, now, lines), Response: f.rate(Response, now, lines),
		Rating: f.rating(now, lines),
	}
	for _, w := range f.past.Warnings {
		if w.Active(now) {
			s.Warnings = append(s.Warnings, w)
		}
	}
	if lines {
		s.Record = f.record(now)
	}
	return s
}

const day = 24 * time.Hour

func daysSince(from, now time.Time) int {
	if from.IsZero() || now.Before(from) {
		return 0
	}
	return int(now.Sub(from) / day)
}

func newestFirst(lines []Contribution) []Contribution {
	list := slices.Clone(lines)
	slices.Reverse(list)
	return list
}
