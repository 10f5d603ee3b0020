package review

import (
	"slices"
	"time"

	"guildhall/internal/order"
	"guildhall/internal/policy"
)

// OutcomeOf is how an order ended, as reviews print it; empty while it runs and
// for one that was never paid.
func OutcomeOf(o order.Order) policy.Ending {
	switch o.State {
	case order.Completed:
		return policy.EndingCompleted
	case order.Cancelled, order.Refunded:
		return policy.Ending(o.EndingClass())
	}
	return ""
}

// OutcomeWords print an outcome on a review.
func OutcomeWords(e policy.Ending) string {
	switch policy.Class(e) {
	case policy.Class(policy.EndingCompleted):
		return "Order completed"
	case policy.ClassMutual:
		return "Cancelled by agreement"
	case policy.ClassUnanswered:
		return "Cancelled: a request went unanswered"
	case policy.ClassLate:
		return "Cancelled: late"
	case policy.ClassForced:
		return "Cancelled by the house"
	case policy.ClassChargeback:
		return "Payment taken back by the bank"
	case policy.ClassModerated:
		return "Gig or account removed"
	case policy.ClassRefunded:
		return "Refunded after completion"
	case policy.ClassBeforeStart, policy.ClassBeforeStartStale:
		return "Cancelled before the start"
	}
	return ""
}

// Eligible tells whether an order may be reviewed under the policy that it pins,
// how it ended, and, where it may not, why.
func Eligible(o order.Order, p policy.Version) (end policy.Ending, why string, ok bool) {
	end = OutcomeOf(o)
	switch {
	case o.State == order.Unpaid, o.State == order.Abandoned:
		return end, "This order was never paid, so there is nothing to review.", false
	case !o.State.Ended():
		return end, "Reviews can be written once the order has ended.", false
	case !o.Started():
		return end, "The work never started, so there is nothing to review.", false
	case slices.Contains(p.Reviews.After, end):
		return end, "", true
	case !slices.Contains(p.Reviews.AfterDelivery, end):
		return end, "Orders that end like this one are not reviewed.", false
	case o.Life.FirstDeliveredAt.IsZero():
		return end, "Both of you agreed to end it before anything was delivered, so there is nothing to review.", false
	}
	return end, "", true
}

// Closes is when the window of an order's reviews ends; zero while it runs. A
// window that somebody has written in stays as it was, whatever becomes of the
// order.
func (p Pair) Closes(o order.Order, rules policy.Version) time.Time {
	if !p.ClosesAt.IsZero() || o.EndedAt.IsZero() {
		return p.ClosesAt
	}
	return o.EndedAt.Add(rules.Reviews.Window.D())
}

// Measured is what the clocks say about the start of an order, to stand beside
// the stars that it got. Zero instants have not happened.
type Measured struct {
	PaidAt     time.Time
	AnsweredAt time.Time // the requirements were in; zero where none were asked or the seller went without
	StartedAt  time.Time
}

// MeasuredStart reads the clocks of an order.
func MeasuredStart(o order.Order) Measured {
	m := Measured{PaidAt: o.PaidAt, StartedAt: o.Life.StartedAt}
	if len(o.Life.Answers) > 0 {
		m.AnsweredAt = o.Life.StartedAt
	}
	return m
}

// StartTime is the criterion beside which the measured start stands.
const StartTime = "start_time"

// ReasonWords are a challenge's reason in the words of the policy.
func ReasonWords(name string, p policy.Version) string {
	for _, c := range p.Reviews.ChallengeReasons {
		if c.Name == name {
			return c.Words
		}
	}
	return name
}

// KnownReason tells whether the policy lists the reason.
func KnownReason(name string, p policy.Version) bool {
	return slices.ContainsFunc(p.Reviews.ChallengeReasons, func(c policy.Cause) bool { return c.Name == name })
}

// DecideBy is when so many working days are over: Monday to Friday, UTC.
func DecideBy(now time.Time, workingDays int) time.Time {
	at := now.UTC()
	for workingDays > 0 {
		at = at.AddDate(0, 0, 1)
		if day := at.Weekday(); day != time.Saturday && day != time.Sunday {
			workingDays--
		}
	}
	return at
}
