package sim

import (
	"fmt"
	"maps"
	"slices"

	"guildhall/internal/fault"
)

// Tally is what a world counted while it lived.
type Tally struct {
	Orders     int
	Turns      map[string]int  // taken, by name
	TurnedAway int             // checkouts refused for a reason: away, paused, fully booked
	Cheats     map[string]int  // attempts by name, all of them refused but the gains
	Gains      []string        // attempts that were not refused: always a bug
	Hauls      map[string]Haul // what crooks got within the rules, by name
	Surprises  map[string]int  // refusals that honest people met
}

func newTally() Tally {
	return Tally{Turns: map[string]int{}, Cheats: map[string]int{}, Surprises: map[string]int{}, Hauls: map[string]Haul{}}
}

// Tally sums what all lanes counted.
func (w *World) Tally() Tally {
	sum := newTally()
	for _, l := range append(slices.Clone(w.lanes), w.house) {
		sum.Orders += l.tally.Orders
		sum.TurnedAway += l.tally.TurnedAway
		sum.Gains = append(sum.Gains, l.tally.Gains...)
		for name := range maps.Keys(l.tally.Cheats) {
			sum.Cheats[name] += l.tally.Cheats[name]
		}
		for name, h := range l.tally.Hauls {
			all := sum.Hauls[name]
			all.add(h)
			sum.Hauls[name] = all
		}
		for name := range maps.Keys(l.tally.Turns) {
			sum.Turns[name] += l.tally.Turns[name]
		}
		for name := range maps.Keys(l.tally.Surprises) {
			sum.Surprises[name] += l.tally.Surprises[name]
		}
	}
	slices.Sort(sum.Gains)
	return sum
}

func (t *Tally) surprise(what string, err error) {
	t.Surprises[what+": "+string(fault.KindOf(err))]++
}

// honest writes down a refusal; anything but a refusal ends the world.
func (l *lane) honest(what string, err error) error {
	if err == nil || fault.KindOf(err) == "" {
		return err
	}
	l.tally.surprise(what, err)
	return nil
}

// turnedAway counts an order that could not be placed.
func (l *lane) turnedAway(err error) error {
	if err == nil {
		return nil
	}
	if fault.KindOf(err) == "" {
		return err
	}
	l.tally.TurnedAway++
	return nil
}

// cheat writes down an attempt. It must have been refused with one of the kinds.
func (l *lane) cheat(what string, err error, kinds ...fault.Kind) error {
	l.tally.Cheats[what]++
	switch kind := fault.KindOf(err); {
	case err == nil:
		l.gain(what, "it was not refused")
	case kind == "":
		return err
	case !slices.Contains(kinds, kind):
		l.gain(what, fmt.Sprintf("refused as %s: %v", kind, err))
	}
	return nil
}

func (l *lane) gain(what, how string) {
	l.tally.Gains = append(l.tally.Gains, fmt.Sprintf("lane %d at %s: %s: %s", l.no, l.now().Format("2006-01-02 15:04"), what, how))
}

// Haul is what one kind of crooks came home with where the rules leave them
// something, and what it cost them.
type Haul struct {
	Done   int   // schemes that were played to the end
	Orders int   // completed orders in a seller's figures
	Buyers int   // different buyers in them
	Levels int   // steps on the ladder
	Shown  int   // reviews that stand
	Tombs  int   // reviews in whose place a tombstone stands
	Got    int64 // minor units that somebody else lost
	Cost   int64 // minor units that stayed with the house
}

func (h *Haul) add(more Haul) {
	h.Done += more.Done
	h.Orders += more.Orders
	h.Buyers += more.Buyers
	h.Levels += more.Levels
	h.Shown += more.Shown
	h.Tombs += more.Tombs
	h.Got += more.Got
	h.Cost += more.Cost
}

// haul writes down what a scheme ended with.
func (l *lane) haul(what string, h Haul) {
	sum := l.tally.Hauls[what]
	h.Done = 1
	sum.add(h)
	l.tally.Hauls[what] = sum
}
