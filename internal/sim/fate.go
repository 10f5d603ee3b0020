package sim

import "time"

// fate is what will become of an order, as far as people decide it.
type fate struct {
	at      time.Time // of an order of the cast; zero: whenever
	pay     string    // ok, declined, gone, step, left, refused, slow, lost, unsure
	start   string    // prompt, late, undo, waive, stale, never, stop
	shows   int       // progress updates
	delay   bool
	deliver float64 // part of the time that the first delivery takes
	never   bool    // nothing is ever delivered; the buyer cancels
	judge   string  // accept, revise, fault, extend, silence
	stop    string  // nobody goes on after: work, delivery, revision
}

// fate draws one; the shares are those of a market that is mostly well.
func (l *lane) fate() fate {
	f := fate{
		pay:   l.draw("ok", "declined", 6, "gone", 2, "step", 6, "left", 2, "refused", 1, "slow", 2, "lost", 1, "unsure", 1),
		start: l.draw("prompt", "late", 12, "undo", 4, "waive", 3, "stale", 2, "never", 1),
		judge: l.draw("accept", "revise", 18, "fault", 4, "extend", 3, "silence", 22),
		never: l.chance(4),
	}
	f.deliver = 0.35 + 0.6*l.rnd.Float64()
	if l.chance(7) {
		f.deliver = 1.02 + 0.3*l.rnd.Float64()
		f.delay = l.chance(60)
	}
	if l.chance(25) {
		f.shows = 1 + l.rnd.IntN(2)
	}
	return f
}

// draw picks a word by its share of a hundred; the rest is the usual one.
func (l *lane) draw(usual string, shares ...any) string {
	n := l.rnd.IntN(100)
	for i := 0; i < len(shares); i += 2 {
		if n -= shares[i+1].(int); n < 0 { //nolint:gosec // they come in pairs
			return shares[i].(string)
		}
	}
	return usual
}
