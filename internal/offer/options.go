package offer

import (
	"slices"
	"time"
)

// Option is one thing a party may do with the offer now. What is not possible
// has no option: NextStep says where the offer is and why.
type Option struct {
	Move    Name
	Verb    string // on the button
	Says    string // what pressing it will do
	Primary bool
}

// Step is the sentence at the top of the offer: where we are, whose move it is,
// what silence will mean. {other} and {until} stand for the other party's name
// and an instant in the reader's zone.
type Step struct {
	Whose Party // Nobody once it is over
	Says  string
	Until time.Time
}

// choices are the buttons of the offer's page, by the table that Decide obeys.
var choices = []struct {
	by  Party
	opt Option
}{
	{Buyer, Option{MovePay, "Pay this offer", "You look at everything once more before anything is charged.", true}},
	{Buyer, Option{MoveDecline, "Decline the offer", "The seller is told, with your words if you write some. It has no effect on anybody’s figures.", false}},
	{Seller, Option{MoveSupersede, "Make a newer one", "The new offer takes the place of this one.", false}},
	{Seller, Option{MoveWithdraw, "Withdraw the offer", "It can no longer be paid. A payment that is under way goes back. It has no effect on your figures.", false}},
}

// Options lists what the party may do now, the primary one first.
func Options(now time.Time, o Offer, party Party) []Option {
	if !o.Payable(now) {
		return nil
	}
	var list []Option
	for _, c := range choices {
		if c.by == party && slices.Contains(table[c.opt.Move].By, party) {
			opt := c.opt
			if opt.Move == MovePay && o.Order != "" {
				opt.Verb = "Go on paying"
			}
			list = append(list, opt)
		}
	}
	return list
}

// NextStep says where the offer is, for one party.
func NextStep(now time.Time, o Offer, party Party) Step {
	buyer := party == Buyer
	one := func(b, s string) string {
		if buyer {
			return b
		}
		return s
	}
	switch {
	case o.Payable(now):
		return Step{Buyer, one("{other} made you this offer. You can pay it until {until}; nobody else can. Silence lets it end.",
			"{other} can pay this offer until {until}. Silence lets it end, with no effect on anybody’s figures."), o.ExpiresAt}
	case o.State == Open:
		return Step{Nobody, one("The time to begin a payment is over. Yours began in time and is taken if it arrives before {until}.",
			"The time to begin a payment is over. One that began in time is waited for until {until}."), o.HonouredUntil}
	case o.State == Accepted:
		return Step{Nobody, one("You paid this offer. All that follows is on the page of the order.",
			"{other} paid this offer. All that follows is on the page of the order."), time.Time{}}
	case o.State == Declined:
		return Step{Nobody, one("You declined this offer.", "{other} declined this offer."), time.Time{}}
	case o.State == Withdrawn && o.Removed != "":
		return Step{Nobody, "The house took down what this offer is about, so it can no longer be paid. Its reason: " + o.Removed, time.Time{}}
	case o.State == Withdrawn:
		return Step{Nobody, one("{other} took this offer back before it was paid.", "You took this offer back."), time.Time{}}
	case o.State == Superseded:
		return Step{Nobody, one("{other} made you a newer offer in the place of this one.", "You made a newer offer in the place of this one."), time.Time{}}
	}
	return Step{Nobody, one("The time to pay this offer was over on {until}. Ask {other} for a new one if you still want it.",
		"The time to pay this offer was over on {until}. You can make a new one at any time."), o.ExpiresAt}
}
