package order

import (
	"fmt"

	"guildhall/internal/effect"
)

// Replay folds a history and returns the state it leads to. It refuses a
// history that skips a number, goes back in time, jumps between states or goes
// on to another state after an end: an audit finds tampering and bugs with it.
func Replay(events []effect.Event) (State, error) {
	var state State
	for i, e := range events {
		switch {
		case e.Seq != i+1:
			return state, fmt.Errorf("event %d has number %d", i+1, e.Seq)
		case i > 0 && e.At.Before(events[i-1].At):
			return state, fmt.Errorf("event %d (%s) is older than the one before", e.Seq, e.Kind)
		case State(e.From) != state && i > 0:
			return state, fmt.Errorf("event %d (%s) starts from %s, but the order was %s", e.Seq, e.Kind, e.From, state)
		case e.To != e.From && i > 0 && state.Ended() && !undoes(e):
			return state, fmt.Errorf("event %d (%s) changes an order that had ended", e.Seq, e.Kind)
		}
		state = State(e.To)
	}
	return state, nil
}

// undoes tells whether an event takes a completed order back: a refund of all
// of it by decision, or by the bank.
func undoes(e effect.Event) bool {
	return e.From == string(Completed) && (e.Kind == RefundedInFull || e.Kind == DisputeWasLost)
}
