package sim

import (
	"container/heap"
	"context"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/pay"
)

// lane is a part of the market whose orders meet those of no other part: a
// share of the sellers with all that is bought from them. It has its own clock,
// its own chance and its own source of ids, and does one thing after the other;
// so a seed comes out the same however the lanes are interleaved, while their
// commits are shared.
type lane struct {
	no      int
	w       *World
	rnd     *rand.Rand
	ids     *ident.Source
	clock   atomic.Int64 // microseconds
	m       *market.Market
	till    *pay.Sandbox
	gigs    []*shelf
	todo    agenda
	seq     int
	shopped int                   // sum of the weights of the gigs
	looked  int                   // orders that were about to be made
	spoke   map[*person]time.Time // wrote in a conversation of this lane last
	tally   Tally
}

func newLane(w *World, no int) *lane {
	return &lane{
		no: no, w: w, ids: ident.NewLane(w.c.Seed, no),
		rnd:   rand.New(rand.NewPCG(w.c.Seed, uint64(no)+1)), // play
		spoke: map[*person]time.Time{}, tally: newTally(),
	}
}

// open goes in by a door of its own.
func (l *lane) open(ctx context.Context, open Door) error {
	l.m, l.till = open(l.ids, l.now)
	return l.m.RefreshPolicy(ctx)
}

func (l *lane) now() time.Time { return time.UnixMicro(l.clock.Load()).UTC() }

func (l *lane) set(at time.Time) { l.clock.Store(at.UnixMicro()) }

// at puts something on the agenda.
func (l *lane) at(when time.Time, what func(context.Context) error) {
	l.seq++
	heap.Push(&l.todo, item{when.Truncate(time.Microsecond), l.seq, what})
}

// in is at, so long after now.
func (l *lane) in(d time.Duration, what func(context.Context) error) { l.at(l.now().Add(d), what) }

// run does what is on the agenda before an instant.
func (l *lane) run(ctx context.Context, until time.Time) error {
	for len(l.todo) > 0 && l.todo[0].at.Before(until) {
		if err := ctx.Err(); err != nil {
			return err
		}
		next := heap.Pop(&l.todo).(item)
		l.set(next.at)
		if err := next.do(ctx); err != nil {
			return fmt.Errorf("sim: lane %d at %s: %w", l.no, next.at.Format(time.RFC3339), err)
		}
	}
	return nil
}

// chance is true in so many of a hundred cases.
func (l *lane) chance(percent int) bool { return l.rnd.IntN(100) < percent }

// between draws a span.
func (l *lane) between(from, to time.Duration) time.Duration {
	return from + time.Duration(l.rnd.Int64N(int64(to-from)/1000)*1000)
}

// awake moves an instant into the hours in which somebody is up.
func (l *lane) awake(at time.Time, zone *time.Location) time.Time {
	local := at.In(zone)
	up := time.Date(local.Year(), local.Month(), local.Day(), 7, 30, 0, 0, zone)
	switch h := local.Hour(); {
	case h >= 23:
		up = up.AddDate(0, 0, 1)
	case h >= 7 && local.After(up):
		return at
	}
	if moved := up.Add(l.between(0, 3*time.Hour)); moved.After(at) {
		return moved.UTC()
	}
	return at
}

type item struct {
	at  time.Time
	seq int
	do  func(context.Context) error
}

// agenda is a heap of items, the earliest first.
type agenda []item

func (a agenda) Len() int { return len(a) }
func (a agenda) Less(i, j int) bool {
	if !a[i].at.Equal(a[j].at) {
		return a[i].at.Before(a[j].at)
	}
	return a[i].seq < a[j].seq
}
func (a agenda) Swap(i, j int) { a[i], a[j] = a[j], a[i] }
func (a *agenda) Push(x any)   { *a = append(*a, x.(item)) }
func (a *agenda) Pop() any {
	old := *a
	last := old[len(old)-1]
	*a = old[:len(old)-1]
	return last
}
