package order

import (
	"slices"
	"strings"
	"time"

	"guildhall/internal/ledger"
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
	list := requestOptions(o, party)
	for _, c := range choices {
		row := table[c.move]
		if !slices.Contains(row.By, party) || !slices.Contains(row.From, o.State) || c.by != party {
			continue
		}
		opt := Option{Move: c.move, Verb: c.verb, Says: c.says(o, p), Primary: c.primary && len(list) == 0}
		if o.Held() && !row.held {
			opt.Not = "On hold: " + o.Life.Hold.Reason
		} else if c.not != nil {
			opt.Not, opt.From = c.not(now, o, p)
		}
		if opt.Not != "" && c.move == MoveSayCause {
			continue // it never becomes possible again
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
		return "This cancels the order before it starts: " + o.Resting().String() + " goes back to " + o.Methods() + ". " +
			EffectOnSeller(policy.ClassBeforeStart, p) + " " + EffectOn(Buyer, policy.ClassBeforeStart, p)
	}, nil},
	{MoveCancelLate, Buyer, "Cancel, it is late", false, func(o Order, p policy.Version) string {
		return "This ends the order: " + o.Resting().String() + " goes back to " + o.Methods() + ". " +
			EffectOnSeller(policy.ClassLate, p) + " " + EffectOn(Buyer, policy.ClassLate, p)
	}, func(now time.Time, o Order, p policy.Version) (string, time.Time) {
		if o.Clock(now).Before(o.Life.LateFrom) {
			return "You can cancel for lateness once it is " + p.Order.LateCancel.Words() + " past due with nothing delivered.", o.Life.LateFrom
		}
		return "", time.Time{}
	}},

	{MoveDeliver, Seller, "Deliver the work", true, func(_ Order, p policy.Version) string {
		return "The buyer then has " + p.Order.ReviewPeriod.Words() + " to look. Silence completes the order and pays you."
	}, func(_ time.Time, o Order, _ policy.Version) (string, time.Time) {
		if r := o.Life.Request; r != nil && r.By == policy.PartyBuyer && !r.Agreed() {
			return "Answer the buyer's request first: the due date waits meanwhile.", time.Time{}
		}
		return "", time.Time{}
	}},
	{MoveProgress, Seller, "Show progress", false, say("The buyer sees it and can comment. It is not a delivery and stops no clock."), nil},
	{MoveDelay, Seller, "Announce a delay", false, say("The buyer is told why. The due date stays; the notice is kept for any dispute."), func(now time.Time, o Order, _ policy.Version) (string, time.Time) {
		if o.Clock(now).After(o.DueAt) {
			return "The due date is past: a delay can be announced only before it.", time.Time{}
		}
		return "", time.Time{}
	}},
	{MoveWaive, Seller, "Start without the answers", false, say("This starts the order; from now on it counts."), nil},
	{MoveCancelStale, Seller, "Cancel, it never started", false, func(o Order, p policy.Version) string {
		return "This ends the order: the buyer gets " + o.Resting().String() + " back. " + EffectOn(Seller, policy.ClassBeforeStartStale, p)
	}, func(now time.Time, o Order, p policy.Version) (string, time.Time) {
		if from := o.Life.WaitsSince.Add(p.Order.StaleCancel.D()); now.Before(from) {
			return "You can cancel it once it has waited " + p.Order.StaleCancel.Words() + " for the answers.", from
		}
		return "", time.Time{}
	}},
	{MoveNudge, Seller, "Remind the buyer", false, say("The buyer gets a notice and a letter. It is kept: a long silence after reminders excuses you if you have to cancel for it."), func(now time.Time, o Order, p policy.Version) (string, time.Time) {
		if from := o.nudgeFrom(p); now.Before(from) {
			return "You have just reminded the buyer.", from
		}
		return "", time.Time{}
	}},
	{MoveAsk, Seller, "Ask for a change", false, say(askSays), mayAsk},
	{MoveAsk, Buyer, "Ask for a change", false, say(askSays), mayAsk},
	{MoveSayCause, Seller, "Say what the cause was", false, say(causeSays), maySayCause(policy.PartySeller)},
	{MoveSayCause, Buyer, "Say what the cause was", false, say(causeSays), maySayCause(policy.PartyBuyer)},
}

const (
	askSays   = "To cancel, to move the due date, to add work, to refund a part or to swap: the other side answers, and you see beforehand what each answer means."
	causeSays = "Both sides' words about the cause are kept beside each other. It changes nothing else."
)

func mayAsk(_ time.Time, o Order, _ policy.Version) (string, time.Time) {
	if o.Life.Request != nil {
		return "Another change can be asked for once the open request has ended.", o.Life.Request.Ends
	}
	return "", time.Time{}
}

func maySayCause(side policy.Party) func(time.Time, Order, policy.Version) (string, time.Time) {
	return func(_ time.Time, o Order, _ policy.Version) (string, time.Time) {
		e := o.Life.Ending
		if e != nil && e.By == "" {
			return "Neither of you ended this order: no cause is asked for.", time.Time{}
		}
		if e == nil || e.By == side && e.Cause != "" || e.By != side && e.OtherCause != "" {
			return "You have named the cause.", time.Time{}
		}
		return "", time.Time{}
	}
}

// requestOptions are the answers to an open request.
func requestOptions(o Order, party Party) []Option {
	r := o.Life.Request
	if r == nil || o.Held() || party != Buyer && party != Seller {
		return nil
	}
	mine := Party(r.By) == party
	switch {
	case r.Agreed() && party == Buyer:
		return []Option{
			{Move: MovePayMore, Verb: "Pay " + o.amount(r.Owed).String(), Says: "It takes effect with the payment.", Primary: true},
			{Move: MoveWithdraw, Verb: "Give it up", Says: "Nothing changes and nothing is charged. The clocks run on."},
		}
	case mine:
		return []Option{{Move: MoveWithdraw, Verb: "Withdraw the request", Says: "Nothing changes. The clocks run on from where they stood."}}
	case r.Agreed():
		return []Option{{Move: MoveWithdraw, Verb: "Take your agreement back", Says: "Nothing changes and nothing is charged. The clocks run on from where they stood."}}
	}
	return []Option{
		{Move: MoveAgree, Verb: "Agree", Says: "You see what it means before you confirm.", Primary: true},
		{Move: MoveDecline, Verb: "Decline", Says: "The order goes on exactly as before."},
		{Move: MoveCounter, Verb: "Propose something else", Says: "Your proposal takes the place of this request, and the time to answer begins anew."},
	}
}

// NextStep says where the order is, for one party.
func NextStep(now time.Time, o Order, party Party, p policy.Version) Step {
	if o.Held() {
		s := Step{Whose: Nobody, Says: "This order is on hold: " + o.Life.Hold.Reason + ". Every clock stands still until it is released.", Until: o.Life.Hold.Until}
		if o.Life.Hold.Bank && !s.Until.IsZero() {
			s.Says += " The bank decides by {until}."
		}
		return s
	}
	if o.Life.Request != nil {
		return o.requestStep(party, p)
	}
	s := steps[o.State](o.Clock(now), o, p)
	says := s.seller
	if party == Buyer {
		says = s.buyer
	}
	return Step{Whose: o.Turn(), Says: says, Until: s.until}
}

// requestStep says what an open request waits for and what silence will mean.
func (o Order) requestStep(party Party, p policy.Version) Step {
	r := o.Life.Request
	s := Step{Whose: Party(r.Waits()), Until: r.Ends}
	asks := r.Proposal.Asks(o.Total.Currency, p)
	owed := o.amount(r.Owed).String()
	switch {
	case r.Agreed() && party == Buyer:
		s.Says = "It is agreed " + asks + ". It takes effect once you have paid " + owed + ", until {until}; without the payment nothing changes."
	case r.Agreed():
		s.Says = "It is agreed " + asks + ". {other} pays " + owed + " until {until}; without the payment nothing changes."
	case Party(r.By) == party:
		s.Says = "You asked " + asks + ". {other} can answer until {until}. " + o.IfSilent(p).Says(party)
	default:
		s.Says = "{other} asks " + asks + ". Please answer by {until}. " + o.IfSilent(p).Says(party)
	}
	if o.Paused() {
		s.Says += " The other clocks stand still meanwhile."
	}
	return s
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
		return step{"{other} is at work. The delivery is due {until}.", "Deliver the work by {until}.", o.DueAt}
	},
	Delivered: func(_ time.Time, o Order, _ policy.Version) step {
		return step{"{other} delivered. Accept it, or ask for a revision. Silence completes the order on {until}.",
			"You delivered. {other} looks at it now; silence completes the order on {until}.", o.Life.CompletesAt}
	},
	InRevision: func(_ time.Time, o Order, _ policy.Version) step {
		return step{"{other} is revising the work, aiming for {until}.", "{other} asked for a revision. Aim to deliver it by {until}.", o.Life.RevisionBy}
	},
	Completed: func(_ time.Time, o Order, _ policy.Version) step {
		switch {
		case o.Life.Settled == Settled{}:
			return step{"This order is completed. Thank you for trusting {other}.", "This order is completed. Everything that was paid for it has gone back.", time.Time{}}
		case o.Life.ClearedAt.IsZero():
			return step{"This order is completed. Thank you for trusting {other}.", "This order is completed. Your money can be withdrawn from {until}." + o.settlesFirst(), o.Life.ClearsAt}
		}
		return step{"This order is completed. Thank you for trusting {other}.", "This order is completed and your money has cleared.", time.Time{}}
	},
	Cancelled: func(_ time.Time, o Order, _ policy.Version) step { return o.cancelledStep() },
	Refunded:  func(_ time.Time, o Order, _ policy.Version) step { return o.cancelledStep() },
	Abandoned: func(time.Time, Order, policy.Version) step {
		return step{"This order was never started and is closed. If you paid, the money went straight back.", "", time.Time{}}
	},
}

// settlesFirst tells a seller who owes the house what comes before.
func (o Order) settlesFirst() string {
	first := ledger.Settles(o.Life.Settled.Seller, o.SellerOwes)
	if first == 0 {
		return ""
	}
	return " Up to " + o.amount(first).String() + " of it pays off what you owe the house first."
}

// cancelledStep says what went back, and on which way it is.
func (o Order) cancelledStep() step {
	over := "This order is cancelled."
	if o.State == Refunded {
		over = "This order was refunded in full."
	}
	back := o.Returned()
	if back.IsZero() {
		return step{over, over, time.Time{}}
	}
	pending := slices.ContainsFunc(o.Life.Refunds, Refund.Open)
	seller := over + " " + back.String() + " goes back to {other}."
	if back == o.Total {
		seller = over + " {other} gets everything back."
	}
	taken := o.TakenByBank()
	if !pending && taken == back {
		return step{over + " Your bank took " + back.String() + " back and pays it out to you.", over + " The bank took " + back.String() + " back for {other}.", time.Time{}}
	}
	bank := "."
	if !taken.IsZero() {
		bank = ", and your bank pays out " + taken.String() + " that it took back."
	}
	buyer := over + " " + o.amount(back.Minor-taken.Minor).String()
	if pending || o.Life.RefundedAt.IsZero() {
		return step{buyer + " is on its way back to " + o.Methods() + bank, seller, time.Time{}}
	}
	return step{buyer + " was sent back to " + o.Methods() + " on {until}" + bank, strings.Replace(seller, "gets", "got", 1), o.Life.RefundedAt}
}
