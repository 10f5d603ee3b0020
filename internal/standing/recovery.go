package standing

import (
	"strconv"
	"time"

	"guildhall/internal/policy"
)

// Recovery is how a figure reaches what a level asks for.
type Recovery struct {
	Figure   Figure
	Level    string // name of the level that asks for it
	Required string
	Need     []Need // from now on, in time
}

// Need is how many more things would do from an instant on, until the next row:
// orders completed or delivered on time, first messages answered, reviews with
// five stars, each of them for. What is completed at any moment of that stretch
// reaches the threshold at that moment. 0: it is reached without any; -1: no
// number is enough.
type Need struct {
	From   time.Time
	Orders int
}

// Now is how many would do now.
func (r Recovery) Now() int { return r.Need[0].Orders }

// Until is when that number changes; zero where it does not as far as one looks.
func (r Recovery) Until() time.Time {
	if len(r.Need) < 2 {
		return time.Time{}
	}
	return r.Need[1].From
}

// Fewest is the smallest number that is enough at any time, and from when it is.
func (r Recovery) Fewest() (Need, bool) {
	var best Need
	found := false
	for _, n := range r.Need {
		if n.Orders >= 0 && (!found || n.Orders < best.Orders) {
			best, found = n, true
		}
	}
	return best, found
}

// At is how many would do at an instant that is not before the first row.
func (r Recovery) At(at time.Time) int {
	n := r.Need[0].Orders
	for _, row := range r.Need {
		if row.From.After(at) {
			break
		}
		n = row.Orders
	}
	return n
}

// Recover tells how few more it takes for a figure to reach what a level asks
// for, now and at every later moment at which that number is another one,
// because something has left the window. It knows the shares, the rating and
// the number of completed orders.
func Recover(h Past, now time.Time, figure Figure, level policy.Level, p policy.Version) Recovery {
	f := foldOf(h, p)
	return f.recovery(now, f.instants(now, State{}), figure, level)
}

func (f *fold) recovery(now time.Time, instants []time.Time, figure Figure, level policy.Level) Recovery {
	r := Recovery{Figure: figure, Level: level.Name, Need: []Need{{now, f.need(figure, level, now)}}}
	switch figure {
	case Completed:
		r.Required = strconv.Itoa(level.Completed)
	case Rating:
		r.Required = level.Rating.String()
	default:
		r.Required = percent(asks(&level, figure))
	}
	last := now.Add(f.p.Standing.ReachBack.D())
	for _, at := range instants {
		if at.After(last) || !f.past.Firm.IsZero() && !at.Before(f.past.Firm) {
			break
		}
		if n := f.need(figure, level, at); n != r.Need[len(r.Need)-1].Orders {
			r.Need = append(r.Need, Need{at, n})
		}
	}
	return r
}

func (f *fold) need(figure Figure, level policy.Level, at time.Time) int {
	switch figure {
	case Completed:
		return max(0, level.Completed-f.all(Completion, at).counts[0])
	case Rating:
		if level.Rating == 0 {
			return 0
		}
		return inStars(f.rating(at, false), level.Rating)
	case Completion, OnTime, Response:
		return f.needRate(figure, asks(&level, figure), at)
	}
	return 0
}

// Worse is a share as it would be with so many more against it at this instant:
// while its window reaches back, each lets an old one out of it.
func (s Sheet) Worse(figure Figure, n int) Rate {
	r, _ := s.Rate(figure)
	if s.fold != nil {
		v, t := s.fold.look(figure, s.At, n), s.fold.tracks.of(figure)
		sum := t.before[v.hi].minus(t.before[v.lo]).plus(v.heaped)
		r.For, r.Against = sum.counts[0], sum.counts[1]
	}
	r.Against += n
	return r
}

// needRate tries one more after the other as long as the window still reaches
// back, since each then moves its end; from there on the count follows from the
// fraction.
func (f *fold) needRate(figure Figure, least policy.Percent, at time.Time) int {
	t, from := f.tracks.of(figure), f.p.Standing.EnforceFrom
	if least == 0 {
		return 0
	}
	for more := 0; ; more++ {
		v := f.look(figure, at, more)
		sum := t.before[v.hi].minus(t.before[v.lo]).plus(v.heaped)
		r := Rate{For: sum.counts[0], Against: sum.counts[1]}
		plain := t.before[v.hi].minus(t.before[t.after(at.Add(-f.p.Standing.Window.D()))]).plus(v.heaped).counted()+more >= from
		if plain {
			n := inARow(r, least)
			if n < 0 {
				return n
			}
			return max(n, more)
		}
		r.For += more
		if r.Counted() < from || r.Meets(least) {
			return more
		}
	}
}

// Recoveries are the ways back of everything that a seller lacks and can mend by
// work: for their own level while they are below it, else for the next one.
func Recoveries(h Past, st State, now time.Time, p policy.Version) []Recovery {
	i := place(p, st.Level)
	if st.WarnedAt.IsZero() {
		i++
	}
	if i < 0 || i >= len(p.Standing.Levels) {
		return nil
	}
	level := p.Standing.Levels[i]
	f := foldOf(h, p)
	s, instants := f.sheet(now, false), f.instants(now, State{})
	var list []Recovery
	for _, d := range demands {
		switch d.figure {
		case Completed, Completion, OnTime, Response, Rating:
			if d.asked(&level) && !d.met(&level, &s) {
				list = append(list, f.recovery(now, instants, d.figure, level))
			}
		}
	}
	return list
}
