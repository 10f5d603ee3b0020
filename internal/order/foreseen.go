package order

import (
	"strconv"
	"strings"
	"time"

	"guildhall/internal/ledger"
	"guildhall/internal/money"
	"guildhall/internal/policy"
)

// Flow is the money of one row of an effect card: what moves until then, and
// what rests with the house afterwards.
type Flow struct {
	Charged    money.Amount // taken from the buyer
	Back       money.Amount // sent back to the buyer
	Seller     money.Amount // to the seller; negative when it is taken back
	Commission money.Amount // kept by the house, fee included
	Held       money.Amount // what rests until the end
	Ahead      money.Amount // what the seller would get of that once it is completed
	Settles    money.Amount // the most of what the seller gets that pays off what they owe
}

// Flow adds up the entries of the row, so it is the sum that would be booked.
func (f Foreseen) Flow(p policy.Version) (Flow, error) {
	of := f.After.amount
	w := Flow{Charged: of(0), Back: of(0), Seller: of(0), Commission: of(0), Held: f.After.Resting(), Ahead: of(0), Settles: of(0)}
	for account, minor := range f.Moved() {
		switch account.Kind() {
		case "clearing":
			w.Charged.Minor -= minor
		case "refunding":
			w.Back.Minor += minor
		case "pending", "available", "receivable":
			w.Seller.Minor += minor
		case "house":
			w.Commission.Minor += minor
		}
	}
	if !f.After.State.Ended() {
		shares, err := f.After.Shares(p)
		if err != nil {
			return w, err
		}
		w.Ahead = shares.Seller
	}
	w.Settles.Minor = ledger.Settles(max(0, w.Seller.Minor)+w.Ahead.Minor, f.After.SellerOwes)
	return w, nil
}

// Says is the money as a sentence for one party. {other} stands for the other
// one's name, {method} for what the buyer paid with.
func (w Flow) Says(reader Party) string {
	var parts []string
	add := func(a money.Amount, text string) {
		if !a.IsZero() {
			parts = append(parts, strings.Replace(text, "{amount}", a.String(), 1))
		}
	}
	if reader == Buyer {
		add(w.Charged, "you pay {amount} more")
		add(w.Back, "{amount} goes back to {method}")
		paid := w.Seller
		paid.Minor += w.Commission.Minor
		add(paid, "{amount} is passed on to {other}")
		add(w.Held, "{amount} stays held")
	} else {
		add(w.Charged, "{other} pays {amount} more")
		add(w.Back, "{amount} goes back to {other}")
		if w.Commission.IsZero() {
			add(w.Seller, "{amount} for you")
		} else {
			add(w.Seller, "{amount} for you, after "+w.Commission.String()+" commission")
		}
		add(w.Ahead, "{amount} for you once it is completed")
		add(w.Settles, "up to {amount} of it pays off what you owe the house")
	}
	if len(parts) == 0 {
		return "No money moves."
	}
	text := strings.Join(parts, ", ") + "."
	return strings.ToUpper(text[:1]) + text[1:]
}

// Says is what becomes of the order in the row, for either party. {seller} and
// {buyer} stand for their names and {until} for the instant that is returned.
func (f Foreseen) Says(was Order) (string, time.Time) {
	o := f.After
	if o.Held() && !was.Held() {
		return "Support looks at it. Every clock stands still meanwhile, and nothing is cancelled by itself.", time.Time{}
	}
	if o.State != was.State {
		return f.moved(was)
	}
	until := o.until(policy.Version{})
	if o.State == AwaitingRequirements {
		until = time.Time{} // its end is a matter of the policy
	}
	switch {
	case o.Life.Swaps > was.Life.Swaps:
		return "“" + o.Title + "” takes its place, due {until}. No cancellation is recorded.", o.DueAt
	case len(o.Life.Added) > len(was.Life.Added):
		added := o.Life.Added[len(o.Life.Added)-1]
		text := "“" + added.Label + "” is part of the order"
		if added.Days > 0 && o.State == InProgress {
			return text + ", and the due date moves to {until}.", o.DueAt
		}
		return text + ". Everything else stays as it was.", time.Time{}
	case o.Life.Extended > was.Life.Extended:
		return "The due date moves to {until}.", o.DueAt
	case o.Life.Extensions > was.Life.Extensions:
		return "There is time to look until {until}; silence completes the order then.", until
	case len(o.Life.Refunds) > len(was.Life.Refunds):
		return "The order goes on. No figure of either side moves.", time.Time{}
	}
	return "The order goes on exactly as before" + goesOn[o.State], until
}

// goesOn finishes the sentence about an order that stays where it is.
var goesOn = map[State]string{
	InProgress: ", due {until}.",
	Delivered:  ". Silence completes it on {until}.",
	InRevision: ", aiming for {until}.",
}

// moved says where a row takes the order.
func (f Foreseen) moved(was Order) (string, time.Time) {
	o := f.After
	switch o.State {
	case InProgress:
		return "The work starts and the order counts from then on. It is due {until}.", o.DueAt
	case Delivered:
		text := "The work is delivered; silence completes the order on {until}."
		if was.Life.FirstDeliveredAt.IsZero() && !o.Life.OnTime {
			text = "The work is delivered, after the due date; silence completes the order on {until}."
		}
		if was.Life.Request != nil {
			text += " The open request ends with it."
		}
		return text, o.Life.CompletesAt
	case InRevision:
		if o.Life.Swaps > was.Life.Swaps {
			return "“" + o.Title + "” takes its place, aiming for {until}. No cancellation is recorded.", o.Life.RevisionBy
		}
		if n := len(o.Life.Added); n > len(was.Life.Added) {
			return "“" + o.Life.Added[n-1].Label + "” is part of the order, and the work goes back to {seller} for it, aiming for {until}.", o.Life.RevisionBy
		}
		text := "The work goes back to {seller}, aiming for {until}. "
		if o.Life.RevisionsUsed > was.Life.RevisionsUsed {
			left := o.RevisionsLeft()
			return text + "It uses one revision; " + strconv.Itoa(left) + " of " + strconv.Itoa(o.Agreement.Revisions) + " are left then.", o.Life.RevisionBy
		}
		return text + "It is not counted as a revision.", o.Life.RevisionBy
	case Completed:
		return "The order is completed; the work cannot be sent back any more.", time.Time{}
	case Cancelled, Refunded:
		return endedWords[o.EndingClass()], time.Time{}
	}
	return "Then " + o.State.Words() + ".", time.Time{}
}

// endedWords say how an order would end. Only a mutual ending is called one.
var endedWords = map[policy.Class]string{
	policy.ClassBeforeStart:      "The order is cancelled before the start.",
	policy.ClassBeforeStartStale: "The order ends: it never started.",
	policy.ClassMutual:           "The order is cancelled by agreement (mutual).",
	policy.ClassUnanswered:       "The order is cancelled, recorded as unanswered.",
	policy.ClassLate:             "The order is cancelled, recorded as late.",
	policy.ClassForced:           "The order is cancelled by decision of the house.",
	policy.ClassChargeback:       "The order is cancelled: the bank took the payment back.",
	policy.ClassModerated:        "The order is cancelled: the house removed it.",
	policy.ClassRefunded:         "The order is refunded in full.",
}

// Counts says in whose record an ending of the row would enter. {seller} and
// {buyer} stand for their names; empty for a row that ends nothing.
func (f Foreseen) Counts() string {
	e := f.After.Life.Ending
	switch {
	case e == nil:
		return ""
	case e.Seller && e.Buyer:
		return "It counts against {seller} and is noted for {buyer}."
	case e.Seller:
		return "It counts against {seller} and not against {buyer}."
	case e.Buyer:
		return "It does not count against {seller}; it is noted for {buyer}."
	}
	return "It counts against nobody."
}
