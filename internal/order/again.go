package order

import (
	"time"

	"guildhall/internal/policy"
)

// Again is the end of an order as another policy would have made it, had the
// order pinned that one: every act and every instant as they were, decided by
// the same guards and shares. It is never what happens, because a change of the
// rules never works backwards; it is how a house looks at a change beforehand.
type Again struct {
	Ending  *Ending // of one that was not completed, judged anew
	Settled Settled // what its end would have paid, of what is still paid today
	Ends    time.Time
	Clears  time.Time // zero where nothing clears
	Unless  string    // why it would not have ended so, or not then; empty: it would
}

// Again decides the end of an order once more. pinned is the policy that the
// order keeps and p the other one; an order that is not over has no end.
func (o Order) Again(pinned, p policy.Version) (Again, error) {
	a := Again{Settled: o.Life.Settled, Ends: o.EndedAt, Clears: o.Life.ClearsAt}
	if !o.State.Ended() || o.State == Abandoned {
		return a, nil
	}
	a.timed(o, pinned, p)
	if e := o.Life.Ending; e != nil {
		again := *e
		again.judgeAgain(o, pinned, p)
		a.Ending = &again
		a.Unless = unless(o, again, pinned, p)
	}
	s := o.Life.Settled
	if paid := s.Seller + s.Commission; paid != 0 {
		shares, err := o.dealOver(Rest{Price: paid, Fee: s.Fee}).Shares(p.Money.Commission.BP())
		if err != nil {
			return a, err
		}
		a.Settled = Settled{shares.Seller.Minor, shares.Commission.Minor, shares.Fee.Minor}
	}
	if !a.Clears.IsZero() {
		a.Clears = a.Clears.Add(a.Ends.Sub(o.EndedAt) + Clearance(o.Life.ClearsFor, p) - Clearance(o.Life.ClearsFor, pinned))
	}
	return a, nil
}

// timed moves an end that a clock made to where the other clock would have made
// it.
func (a *Again) timed(o Order, pinned, p policy.Version) {
	l := o.Life
	switch {
	case o.State == Completed && !l.CompletesAt.IsZero() && !o.EndedAt.Before(l.CompletesAt): // silence did
		more := time.Duration(l.Extensions) * (p.Order.ReviewExtension.D() - pinned.Order.ReviewExtension.D())
		a.Ends = o.EndedAt.Add(p.Order.ReviewPeriod.D() - pinned.Order.ReviewPeriod.D() + more)
	case o.Class == policy.ClassBeforeStartStale && l.Ending != nil && l.Ending.By == "":
		a.Ends = o.EndedAt.Add(p.Order.StaleRefund.D() - pinned.Order.StaleRefund.D())
	case o.Class == policy.ClassUnanswered:
		a.Ends = o.EndedAt.Add(p.Requests.Answer.D() - pinned.Requests.Answer.D())
	}
}

// judgeAgain settles whom the ending would be held against. The buyer's silence
// is weighed anew only where its measure is another one, and can be weighed: who
// spoke after the end, to name its cause, has left no trace of what was before.
func (e *Ending) judgeAgain(o Order, pinned, p policy.Version) {
	was, now := pinned.Cancellation, p.Cancellation
	same := was.UnresponsiveCause == now.UnresponsiveCause && was.UnresponsiveReminders == now.UnresponsiveReminders &&
		was.UnresponsiveSilence == now.UnresponsiveSilence
	if o.Class == policy.ClassUnanswered && !same && !o.Life.HeardAt.After(o.EndedAt) {
		e.Excused, e.Why = false, ""
		t := turn{now: o.EndedAt, o: &o, p: p}
		t.excuse(e)
	}
	e.judge(o.EndingClass(), p)
}

// unless says why an order would not have ended as it did.
func unless(o Order, e Ending, pinned, p policy.Version) string {
	cancel := p.Requests.Kinds["cancel"]
	switch o.Class {
	case policy.ClassLate:
		from := o.Life.LateFrom.Add(p.Order.LateCancel.D() - pinned.Order.LateCancel.D())
		if o.EndedAt.Before(from) {
			return "The buyer could not have cancelled it for lateness yet."
		}
	case policy.ClassBeforeStartStale:
		if e.By == policy.PartySeller && o.EndedAt.Before(o.Life.WaitsSince.Add(p.Order.StaleCancel.D())) {
			return "The seller could not have ended it so soon."
		}
	case policy.ClassMutual:
		if cancel.OnAccept != policy.AnswerCancelMutual {
			return "Agreeing would not have cancelled it."
		}
	case policy.ClassUnanswered:
		switch {
		case cancel.AfterDeliveryToDesk && e.By == policy.PartyBuyer && !o.Life.FirstDeliveredAt.IsZero():
			return "The silence would have brought it to support instead of ending it."
		case cancel.OnSilence != policy.AnswerCancelUnanswered:
			return "The silence would not have ended it."
		}
	}
	return ""
}
