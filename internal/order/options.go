package order

import (
	"slices"
	"time"

	"guildhall/internal/policy"
)

// Option is one thing a party may do now, or the words that say when or why
// not. A page shows the first as buttons and the second as lines of text; no
// button is ever disabled.
type Option struct {
	Move    Name
	Verb    string    // on the button
	Says    string    // what pressing it will do
	Not     string    // why it is not possible now; "" when it is
	From    time.Time // when it becomes possible, if only time is missing
	Primary bool
}

// Step is the sentence at the top of the order page: where we are, whose move
// it is, what silence will mean. {other} and {until} stand for the other
// party's name and an instant in the reader's zone.
type Step struct {
	Whose Party // Nobody once it is over
	Says  string
	Until time.Time
}

// Options lists what the party may do, the primary one first. It reads the
// same table that Decide obeys.
func Options(now time.Time, o Order, party Party, p policy.Version) []Option {
	var list []Option
	for _, c := range choices {
		row := table[c.move]
		if !slices.Contains(row.By, party) || !slices.Contains(row.From, o.State) || c.by != party {
			continue
		}
		opt := Option{Move: c.move, Verb: c.verb, Says: c.says(o, p), Primary: c.primary}
		if o.Held() && !row.held {
			opt.Not = "On hold: " + o.Life.Hold.Reason
		} else if c.not != nil {
			opt.Not, opt.From = c.not(now, o, p)
		}
		list = append(list, opt)
	}
	return list
}

// choice is one button of the order page.
type choice struct {
	move    Name
	by      Party
	verb    string
	primary bool
	says    func(Order, policy.Version) string
	not     func(time.Time, Order, policy.Version) (string, time.Time)
}

func say(text string) func(Order, policy.Version) string {
	return func(Order, policy.Version) string { return text }
}

var choices = []choice{
	{MoveSubmit, Buyer, "Send your answers", true, func(o Order, _ policy.Version) string {
		return "This starts the order: the work is due " + policy.Duration(time.Duration(o.Agreement.Days)*24*time.Hour).Words() + " from then."
	}, nil},
	{MoveAccept, Buyer, "Accept the delivery", true, say("This completes the order and pays the seller. You cannot take it back."), nil},
	{MoveRevise, Buyer, "Ask for a revision", false, func(o Order, _ policy.Version) string {
		if o.RevisionsLeft() == 0 {
			return "No revisions are left in this package. Naming requirement lines that are not met is always possible and is not counted."
		}
		return "The work goes back to the seller. Naming requirement lines that are not met is not counted as a revision."
	}, nil},
	{MoveExtendReview, Buyer, "Take more time", false, func(_ Order, p policy.Version) string {
		return "You get " + p.Order.ReviewExtension.Words() + " more to look, once."
	}, func(_ time.Time, o Order, p policy.Version) (string, time.Time) {
		if o.Life.Extensions >= p.Order.ReviewExtensions {
			return "You already took more time for this order.", time.Time{}
		}
		return "", time.Time{}
	}},
	{MoveUndo, Buyer, "Undo the order", false, func(o Order, p policy.Version) string {
		return "This cancels the order before it starts: " + o.Total.String() + " goes back to " + o.Life.Charge.Method + ". " +
			EffectOnSeller(policy.ClassBeforeStart, p) + " " + EffectOn(Buyer, policy.ClassBeforeStart, p)
	}, nil},
	{MoveCancelLate, Buyer, "Cancel, it is late", false, func(o Order, p policy.Version) string {
		return "This ends the order: " + o.Total.String() + " goes back to " + o.Life.Charge.Method + ". " +
			EffectOnSeller(policy.ClassLate, p) + " " + EffectOn(Buyer, policy.ClassLate, p)
	}, func(now time.Time, o Order, p policy.Version) (string, time.Time) {
		if now.Before(o.Life.LateFrom) {
			return "You can cancel for lateness once it is " + p.Order.LateCancel.Words() + " past due with nothing delivered.", o.Life.LateFrom
		}
		return "", time.Time{}
	}},

	{MoveDeliver, Seller, "Deliver the work", true, func(_ Order, p policy.Version) string {
		return "The buyer then has " + p.Order.ReviewPeriod.Words() + " to look. Silence completes the order and pays you."
	}, nil},
	{MoveProgress, Seller, "Show progress", false, say("The buyer sees it and can comment. It is not a delivery and stops no clock."), nil},
	{MoveDelay, Seller, "Announce a delay", false, say("The buyer is told why. The due date stays; the notice is kept for any dispute."), func(now time.Time, o Order, _ policy.Version) (string, time.Time) {
		if now.After(o.DueAt) {
			return "The due date is past: a delay can be announced only before it.", time.Time{}
		}
		return "", time.Time{}
	}},
	{MoveWaive, Seller, "Start without the answers", false, say("This starts the order; from now on it counts."), nil},
	{MoveCancelStale, Seller, "Cancel, it never started", false, func(o Order, p policy.Version) string {
		return "This ends the order: the buyer gets " + o.Total.String() + " back. " + EffectOn(Seller, policy.ClassBeforeStartStale, p)
	}, func(now time.Time, o Order, p policy.Version) (string, time.Time) {
		if from := o.Life.WaitsSince.Add(p.Order.StaleCancel.D()); now.Before(from) {
			return "You can cancel it once it has waited " + p.Order.StaleCancel.Words() + " for the answers.", from
		}
		return "", time.Time{}
	}},
}

// NextStep says where the order is, for one party.
func NextStep(now time.Time, o Order, party Party, p policy.Version) Step {
	if o.Held() {
		return Step{Whose: Nobody, Says: "This order is on hold: " + o.Life.Hold.Reason + ". Every clock stands still until it is released.", Until: time.Time{}}
	}
	s := steps[o.State](now, o, p)
	says := s.seller
	if party == Buyer {
		says = s.buyer
	}
	return Step{Whose: o.Turn(), Says: says, Until: s.until}
}

type step struct {
	buyer, seller string
	until         time.Time
}

var steps = map[State]func(time.Time, Order, policy.Version) step{
	Unpaid: func(_ time.Time, o Order, p policy.Version) step {
		return step{"This order is not paid yet. Pay it, or leave it: it is put away by itself on {until}.", "", o.LapsesAt(p)}
	},
	AwaitingRequirements: func(_ time.Time, o Order, p policy.Version) step {
		return step{
			"{other} needs your answers to start. Until then you can undo the order; without answers it is refunded by itself on {until}.",
			"You wait for {other}'s answers. They are reminded; without answers the order is refunded on {until}, with no effect on you.",
			o.Life.WaitsSince.Add(p.Order.StaleRefund.D()),
		}
	},
	InProgress: func(now time.Time, o Order, p policy.Version) step {
		switch {
		case !now.Before(o.Life.LateFrom):
			return step{"{other} is late: the work was due {until}. You can wait, or cancel and get everything back.",
				"This order is late: it was due {until}. {other} may cancel it now, and that would count. Deliver as soon as you can.", o.DueAt}
		case now.After(o.DueAt):
			grace := p.Order.LateCancel.Words()
			return step{"The due date has passed ({until}). {other} was told; you can cancel " + grace + " after it if nothing is delivered.",
				"The due date has passed ({until}). {other} may cancel " + grace + " after it if nothing is delivered.", o.DueAt}
		}
		return step{"{other} is at work. The delivery is due {until}.", "It is your move: deliver by {until}.", o.DueAt}
	},
	Delivered: func(_ time.Time, o Order, _ policy.Version) step {
		return step{"{other} delivered. Accept it, or ask for a revision. Silence completes the order on {until}.",
			"You delivered. {other} looks at it now; silence completes the order on {until}.", o.Life.CompletesAt}
	},
	InRevision: func(_ time.Time, o Order, _ policy.Version) step {
		return step{"{other} is revising the work, aiming for {until}.", "{other} asked for a revision. Aim to deliver it by {until}.", o.Life.RevisionBy}
	},
	Completed: func(_ time.Time, o Order, _ policy.Version) step {
		if o.Life.ClearedAt.IsZero() {
			return step{"This order is completed. Thank you for trusting {other}.", "This order is completed. Your money can be withdrawn from {until}.", o.Life.ClearsAt}
		}
		return step{"This order is completed. Thank you for trusting {other}.", "This order is completed and your money is yours to withdraw.", time.Time{}}
	},
	Cancelled: func(_ time.Time, o Order, _ policy.Version) step {
		if o.Life.RefundedAt.IsZero() {
			return step{"This order is cancelled. " + o.Total.String() + " is on its way back to " + o.Life.Charge.Method + ".", "This order is cancelled. {other} gets everything back.", time.Time{}}
		}
		return step{"This order is cancelled. " + o.Total.String() + " was sent back to " + o.Life.Charge.Method + " on {until}.", "This order is cancelled. {other} got everything back.", o.Life.RefundedAt}
	},
	Refunded: func(time.Time, Order, policy.Version) step {
		return step{"This order is refunded in full.", "This order is refunded in full.", time.Time{}}
	},
	Abandoned: func(time.Time, Order, policy.Version) step {
		return step{"This order was never started and is closed. If you paid, the money went straight back.", "", time.Time{}}
	},
}
