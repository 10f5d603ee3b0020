package order

import (
	"time"

	"guildhall/internal/effect"
	"guildhall/internal/fault"
	"guildhall/internal/policy"
)

// hold freezes every clock of the order and shows why.
func hold(t *turn, m Move) error {
	if t.o.Held() {
		return fault.Conflict("This order is on hold already.")
	}
	reason, err := t.words("reason", m.(HoldOrder).Reason)
	if err != nil {
		return err
	}
	t.o.Life.Hold = &Hold{Reason: reason, Since: t.now}
	t.happen(PutOnHold, effect.Detail{Text: reason})
	return nil
}

// release moves every running deadline by the time the clocks stood still and
// writes the pause into the log.
func release(t *turn, _ Move) error {
	h := t.o.Life.Hold
	if h == nil {
		return fault.Conflict("This order is not on hold.")
	}
	stood := t.now.Sub(h.Since)
	for _, at := range t.o.clocks(h.Since) {
		*at = at.Add(stood)
	}
	t.o.Life.Hold = nil
	t.o.Life.Pauses = append(t.o.Life.Pauses, Pause{From: h.Since, Until: t.now, Why: h.Reason})
	t.happen(TakenOffHold, effect.Detail{Until: t.o.until(t.p), Facts: map[string]string{"stood": policy.Duration(stood).String()}})
	return nil
}

// clocks are the instants that were still running at the moment given.
func (o *Order) clocks(at time.Time) []*time.Time {
	var running []*time.Time
	if o.State == AwaitingRequirements {
		running = append(running, &o.Life.WaitsSince)
	}
	for _, deadline := range []*time.Time{&o.DueAt, &o.Life.LateFrom, &o.Life.CompletesAt, &o.Life.RevisionBy, &o.Life.ClearsAt} {
		if deadline.After(at) {
			running = append(running, deadline)
		}
	}
	return running
}
