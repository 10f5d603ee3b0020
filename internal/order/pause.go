package order

import (
	"slices"
	"time"

	"guildhall/internal/effect"
	"guildhall/internal/fault"
	"guildhall/internal/policy"
)

// Clock is the time that the order's clocks show: now, or the moment since
// which they stand still.
func (o Order) Clock(now time.Time) time.Time {
	switch {
	case o.Life.Hold != nil:
		return o.Life.Hold.Since
	case !o.Life.PausedAt.IsZero():
		return o.Life.PausedAt
	}
	return now
}

// Paused tells whether an open request lets the clocks stand still.
func (o Order) Paused() bool { return !o.Life.PausedAt.IsZero() }

// hold freezes every clock of the order and shows why.
func hold(t *turn, m Move) error {
	if t.o.Held() {
		return fault.Conflict("This order is on hold already.")
	}
	reason, err := t.words("reason", m.(HoldOrder).Reason)
	if err != nil {
		return err
	}
	t.freeze(reason)
	t.happen(PutOnHold, effect.Detail{Text: reason})
	return nil
}

// freeze puts the hold in place of the pause of an open request, whose own
// clock stands still from then on as well.
func (t *turn) freeze(reason string) {
	t.resume()
	t.o.Life.Hold = &Hold{Reason: reason, Since: t.now}
}

// release moves every running deadline by the time the clocks stood still and
// writes the pause into the log.
func release(t *turn, _ Move) error {
	switch {
	case !t.o.Held():
		return fault.Conflict("This order is not on hold.")
	case t.o.Life.Hold.Bank:
		return fault.Conflict("The bank decides this one: the order runs on once it has.")
	}
	stood := t.thaw()
	t.pause()
	t.happen(TakenOffHold, effect.Detail{Until: t.o.until(t.p), Facts: map[string]string{"stood": policy.Duration(stood).String()}})
	return nil
}

func (t *turn) thaw() time.Duration {
	h := t.o.Life.Hold
	stood := t.now.Sub(h.Since)
	clocks := t.o.clocks(h.Since)
	if r := t.o.Life.Request; r != nil && r.Ends.After(h.Since) {
		clocks = append(clocks, &r.Ends)
	}
	t.stood(clocks, Pause{From: h.Since, Until: t.now, Why: h.Reason})
	t.o.Life.Hold = nil
	return stood
}

// pause lets the clocks stand still while a request is open. A seller's own
// requests pause only so much of one order's time in all.
func (t *turn) pause() {
	r := t.o.Life.Request
	if r == nil || r.By == policy.PartySeller && t.o.pauseLeft(t.p) <= 0 {
		return
	}
	t.o.Life.PausedAt = t.now
}

// resume lets the clocks run on from where they stood and writes it down.
func (t *turn) resume() {
	since := t.o.Life.PausedAt
	if since.IsZero() {
		return
	}
	t.stood(t.o.clocks(since), Pause{From: since, Until: t.now, Why: "a request to " + t.o.about() + " was open"})
	if t.o.Life.Request.By == policy.PartySeller {
		t.o.Life.SellerPaused += t.now.Sub(since).Microseconds()
	}
	t.o.Life.PausedAt = time.Time{}
}

// stood moves clocks by the length of a pause and keeps it in the log.
func (t *turn) stood(clocks []*time.Time, p Pause) {
	for _, at := range clocks {
		*at = at.Add(p.Until.Sub(p.From))
	}
	if p.Until.After(p.From) {
		t.o.Life.Pauses = append(t.o.Life.Pauses, p)
	}
	switch t.o.State {
	case InProgress:
		t.passed("remind_due", dueReminder(*t.o, t.p))
	case Delivered:
		t.passed("remind_completion", completionReminder(*t.o, t.p))
	}
}

// passed drops a reminder that would have come before its phase began, and that
// the length of a pause has moved to an instant of it that is over.
func (t *turn) passed(name string, at time.Time) {
	if !at.IsZero() && !at.After(t.now) && !slices.Contains(t.o.Life.Fired, name) {
		t.o.Life.Fired = append(t.o.Life.Fired, name)
	}
}

// pauseLeft is how long the seller's own requests may still pause the clocks.
func (o Order) pauseLeft(p policy.Version) time.Duration {
	return p.Requests.SellerPause.D() - time.Duration(o.Life.SellerPaused)*time.Microsecond
}

// pauseEnds is when the clocks run on although the seller's request is open.
func pauseEnds(o Order, p policy.Version) time.Time {
	if o.Life.PausedAt.IsZero() || o.Life.Request.By != policy.PartySeller {
		return time.Time{}
	}
	return o.Life.PausedAt.Add(o.pauseLeft(p))
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
