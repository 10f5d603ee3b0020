// Package sim is a marketplace that lives by itself: seeded buyers, sellers and
// cheats who drive the market through its one door, by a clock that runs as
// fast as the machine.
//
// It owns the people, what they sell and say, and how they behave. It writes no
// table: every account, gig, order and cent comes out of the use cases that
// real people use, under the real rules. The flow of a life: [New] draws the
// people from the seed, [World.Populate] signs them up and opens their shops,
// [World.Live] lets them act up to an instant, [World.Wind] lets the clock run
// on with nobody acting but those who wait for something.
//
// The market is cut into lanes by seller (lane.go). Lanes run side by side, so
// that their commits are shared, and meet at a fence every few days, where the
// house does what it does beside the requests: deadlines, provider messages,
// notices, seals. The same seed and span give the same market, secrets apart.
//
// Cheats try what must gain nothing; each attempt is counted in the [Tally],
// and one that is not refused is written down there as a gain.
//
// The demo, the long-run tests and the benchmarks stand above it; it knows
// market and the rules' types, no store.
package sim

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/pay"
)

// Door opens the market for somebody with ids and a clock of their own. All
// doors of a world lead into the same database.
type Door func(ids *ident.Source, now func() time.Time) (*market.Market, *pay.Sandbox)

// Config says which market to play.
type Config struct {
	Seed    uint64
	From    time.Time
	Until   time.Time // the end of Live, and the present of the demo
	Sellers int
	Buyers  int
	Orders  int           // about so many
	Hash    string        // of everybody's password, made by market.HashPassword
	Fence   time.Duration // between two fences; 0 is a week
	Turns   int           // one in so many orders takes a turn (turns.go); 0 is oneIn
	Told    time.Time     // the same as the store's: what happened before is not told in notices; zero tells everything
	Say     func(Progress)
}

// Progress is how far a market has come.
type Progress struct {
	Stage string
	At    time.Time // of its own clock
	Done  int       // hundredths of the stage
}

const week = 7 * 24 * time.Hour

// lanes is how many parts a market is cut into: enough to share a commit.
const lanes = 60

// World is one market in the making.
type World struct {
	c       Config
	words   *words
	house   *lane // the house itself; it has no sellers
	lanes   []*lane
	sellers []*person
	buyers  []*person
	staff   []*person
	turns   []turn
	fence   time.Time // the last one
}

// New draws a world from its seed.
func New(c Config) (*World, error) {
	if !c.From.Before(c.Until) || c.Sellers < 1 || c.Buyers < 2 {
		return nil, errors.New("sim: a market needs a span of time, a seller and two buyers")
	}
	if c.Fence <= 0 {
		c.Fence = week
	}
	if c.Say == nil {
		c.Say = func(Progress) {}
	}
	c.From, c.Until = c.From.UTC().Truncate(time.Second), c.Until.UTC().Truncate(time.Second)
	vocabulary, err := readWords()
	if err != nil {
		return nil, fmt.Errorf("sim: %w", err)
	}
	w := &World{c: c, words: vocabulary, turns: turns(), fence: c.From}
	w.house = newLane(w, ident.Lanes-1)
	w.house.set(c.From)
	for i := range lanes {
		w.lanes = append(w.lanes, newLane(w, i))
	}
	w.drawPeople()
	return w, nil
}

// Open goes in: before Populate, and again after the database was closed.
func (w *World) Open(ctx context.Context, open Door) error {
	if err := w.house.open(ctx, open); err != nil {
		return err
	}
	return w.each(func(l *lane) error { return l.open(ctx, open) })
}

// each runs something in all lanes, side by side.
func (w *World) each(do func(*lane) error) error {
	var hands errgroup.Group
	for _, l := range w.lanes {
		hands.Go(func() error { return do(l) })
	}
	return hands.Wait()
}

// Live lets people act up to an instant, at most the end of the world's span.
func (w *World) Live(ctx context.Context, until time.Time) error {
	until = until.UTC().Truncate(time.Second)
	for w.fence.Before(until) {
		next := w.fence.Add(w.c.Fence)
		if next.After(until) {
			next = until
		}
		if err := w.each(func(l *lane) error { return l.run(ctx, next) }); err != nil {
			return err
		}
		if err := w.meet(ctx, next); err != nil {
			return err
		}
		done := int(100 * next.Sub(w.c.From) / max(1, w.c.Until.Sub(w.c.From)))
		w.c.Say(Progress{"orders", next, min(done, 100)})
	}
	return nil
}

// Wind runs the clock on in big steps. Nobody orders any more, but whoever has
// something on the agenda still does it.
func (w *World) Wind(ctx context.Context, by time.Duration) error {
	end := w.fence.Add(by)
	w.c.Orders = 0
	for w.fence.Before(end) {
		next := w.fence.Add(min(5*week, end.Sub(w.fence)))
		if err := w.each(func(l *lane) error { return l.run(ctx, next) }); err != nil {
			return err
		}
		if err := w.meet(ctx, next); err != nil {
			return err
		}
	}
	return nil
}

// meet is a fence: the house does what it does beside the requests.
func (w *World) meet(ctx context.Context, at time.Time) error {
	w.house.set(at)
	w.fence = at
	if err := w.house.m.SweepAll(ctx); err != nil {
		return fmt.Errorf("sim: deadlines at %s: %w", at.Format(time.DateOnly), err)
	}
	for range 2 { // what the provider says may ask for more to be told
		if err := w.house.m.DrainQuietly(ctx); err != nil {
			return err
		}
		if err := w.listen(ctx); err != nil {
			return err
		}
	}
	if err := w.hear(ctx, at); err != nil {
		return fmt.Errorf("sim: the desk at %s: %w", at.Format(time.DateOnly), err)
	}
	if err := w.house.m.DrainQuietly(ctx); err != nil {
		return err
	}
	return w.seal(ctx)
}

// seal binds what was booked since the last fence.
func (w *World) seal(ctx context.Context) error {
	for {
		n, err := w.house.m.Seal(ctx)
		if n == 0 || err != nil {
			return err
		}
	}
}

// quiet tells whether the errands of what happens now are done here, because
// no courier will be told of it.
func (l *lane) quiet() bool { return l.now().Before(l.w.c.Told) }
