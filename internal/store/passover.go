package store

import "time"

// PassOverEvents takes every event from before an instant out of the outbox.
func (tx *Tx) PassOverEvents(before, at time.Time) error {
	return tx.q.EventsPassOver(tx.ctx, micros(before), microsOrNull(at))
}
