package notice

import (
	"maps"

	"guildhall/internal/effect"
	"guildhall/internal/order"
	"guildhall/internal/policy"
)

// What goes where at an ending, for one side each.
const (
	goesBack = "[ {back} goes back to {method}; another notice tells you when it has been sent.]"
	toOther  = "[ {back} goes back to {other}.]"
	pays     = "[ {rest} is paid to {other}.]"
	isYours  = "[ {paid} is yours, to withdraw once it has cleared.]"
)

// decisionRules are the words about endings that an answer, a silence, support
// or a bank brought about. What each means for somebody's figures is the
// ending's own word, never a guess from its name.
func decisionRules() map[effect.Kind][]line {
	rules := bankRules()
	maps.Copy(rules, map[effect.Kind][]line{
		order.CancelledMutual: {
			{to: buyer, title: "Order #{ref} is cancelled: you both agreed",
				body: "You and {other} agreed to end “{title}”." + goesBack + pays + "[ {buyer_effect}]"},
			{to: seller, title: "Order #{ref} is cancelled: you both agreed",
				body: "You and {other} agreed to end “{title}”." + toOther + isYours + "[ {seller_effect}]"},
		},
		order.CancelledUnanswered: {
			{to: buyer, fits: when("by", "seller"), title: "Order #{ref} is cancelled: there was no answer",
				body: "{other} asked to cancel “{title}” and had no answer from you in time, so the order ended by itself." + goesBack + "[ {buyer_effect}]"},
			{to: buyer, title: "Order #{ref} is cancelled: {other} did not answer",
				body: "You asked to cancel “{title}” and had no answer in time, so the order ended by itself." + goesBack + "[ {buyer_effect}]"},
			{to: seller, fits: when("by", "seller"), title: "Order #{ref} is cancelled: {other} did not answer",
				body: "You asked to cancel “{title}” and had no answer in time, so the order ended by itself." + toOther + "[ {seller_effect}][ The reason: {excused}.]"},
			{to: seller, title: "Order #{ref} is cancelled: there was no answer",
				body: "{other} asked to cancel “{title}” and had no answer from you in time, so the order ended by itself." + toOther + "[ {seller_effect}]"},
		},
		order.ForcedCancel: {
			{to: buyer, title: "Support cancelled order #{ref}",
				body: "A person at support looked at “{title}” and decided to end it.[ The cause: {cause}.][ {fault}]" + goesBack + pays + "[ {buyer_effect}]"},
			{to: seller, title: "Support cancelled order #{ref}",
				body: "A person at support looked at “{title}” and decided to end it.[ The cause: {cause}.][ {fault}]" + toOther + isYours + "[ {seller_effect}]"},
		},
		order.ForcedComplete: {
			{to: buyer, title: "Support completed order #{ref}",
				body: "A person at support looked at “{title}” and decided that the work is done. {other} is paid."},
			{to: seller, title: "Support completed order #{ref}",
				body: "A person at support looked at “{title}” and decided that the work is done. After commission {amount} is yours; it clears on {until}."},
		},
		order.RefundedInFull: {
			{to: buyer, title: "Order #{ref} is refunded in full",
				body: "A person at support looked at “{title}” and decided to send everything back.[ {fault}]" + goesBack + "[ {buyer_effect}]"},
			{to: seller, title: "Order #{ref} is refunded in full",
				body: "A person at support looked at “{title}” and decided to send everything back to {other}.[ {fault}] {taken} comes out of what you were paid; what is not on your balance any more is shown there as owed.[ {seller_effect}]"},
		},
		order.ModeratedAway: {
			{to: buyer, title: "Order #{ref} is cancelled by the house",
				body: "“{title}” cannot go on, because its gig or an account was removed by the house." + goesBack + "[ {buyer_effect}]"},
			{to: seller, title: "Order #{ref} is cancelled by the house",
				body: "“{title}” cannot go on, because its gig or an account was removed by the house." + toOther + "[ {seller_effect}]"},
		},
	})
	return rules
}

// bankRules are the words about a buyer who objects to a payment at the bank.
func bankRules() map[effect.Kind][]line {
	return map[effect.Kind][]line{
		order.DisputeOpened: {
			{to: buyer, fits: straightBack, title: "Your bank disputes a payment for order #{ref}",
				body: "[The reason given: “{words}” ]It is a payment that “{title}” had no use for and that goes back to you. If the bank takes it back first, you have the money from there; if not, we send it. You get it once either way, and the order itself stays as it is."},
			{to: seller, fits: ofTheOrder, title: "{other}’s bank disputes the payment for order #{ref}",
				body: "[The reason given: “{words}” ]While the bank looks into it, every clock of “{title}” stands still and its money stays where it is.[ The bank decides by {next}.] If the payment goes back, the order is cancelled.[ {chargeback_seller}]"},
			{to: buyer, title: "Your bank disputes the payment for order #{ref}",
				body: "[The reason given: “{words}” ]While the bank looks into it, every clock of “{title}” stands still.[ The bank decides by {next}.] If the payment goes back, the order is cancelled.[ {chargeback_buyer}] If you did not mean to object, tell your bank."},
		},
		order.DisputeWasWon: {
			{to: buyer, fits: straightBack, title: "The bank’s dispute about order #{ref} is over",
				body: "Your bank takes nothing back. What is still on its way to you is sent by us now. The order itself stays as it is."},
			{to: seller, fits: ofTheOrder, title: "The bank’s dispute about order #{ref} is over",
				body: "The payment for “{title}” stands." + runsOn},
			{to: buyer, title: "The bank’s dispute about order #{ref} is over",
				body: "The payment for “{title}” stands." + runsOn},
		},
		order.DisputeWasLost: {
			{to: buyer, fits: straightBack, title: "Your bank took a payment for order #{ref} back",
				body: "Your bank took {amount} back and pays it out to you. It is a payment that “{title}” had no use for, so the order itself stays as it is."},
			{to: seller, fits: and(over, ofTheOrder), title: "The bank took a payment for order #{ref} back",
				body: "“{title}” had ended before and stays as it ended. If you were paid a part of it, the bank takes that back too; your statement shows each line."},
			{to: buyer, fits: over, title: "Your bank took a payment for order #{ref} back",
				body: "“{title}” had ended before, so nothing else about it changes."},
			{to: seller, fits: and(afterCompletion, ofTheOrder), title: "Order #{ref} is cancelled: the bank took the payment back",
				body: "{other}’s bank took {amount} for “{title}” back, and with it what you were paid; what is not on your balance any more is shown there as owed.[ {seller_effect}]"},
			{to: seller, fits: ofTheOrder, title: "Order #{ref} is cancelled: the bank took the payment back",
				body: "{other}’s bank took {amount} for “{title}” back.[ {seller_effect}] There is nothing left for you to do."},
			{to: buyer, title: "Order #{ref} is cancelled: your bank took the payment back",
				body: "Your bank took {amount} for “{title}” back and pays it out to you.[ {buyer_effect}]"},
		},
		order.RefundWaits: {
			{to: buyer, title: "Your refund of {amount} waits for your bank",
				body: "Your bank is looking into the payment for order #{ref}, and while it does, nothing of it can be sent back. If your bank takes the payment back, you have this money from there; if it lets the payment stand, we send you the refund. You get it once either way. If you did not mean to object, tell your bank."},
		},
		order.RefundByBank: {
			{to: buyer, title: "Your refund of {amount} comes from your bank",
				body: "Your bank took the payment for order #{ref} back before we could send the refund. It is the same money: your bank pays it out to you, and we do not send it a second time."},
		},
	}
}

const runsOn = "[ The clocks stood still for {stood} and go on from where they were.][ The next date is {next}.]"

// straightBack: the payment was one that the order had no use for.
var straightBack = when("straight_back", "yes")

func ofTheOrder(e effect.Event) bool { return !straightBack(e) }

// over: the order had ended otherwise before.
func over(e effect.Event) bool { return e.Detail.Class == "" }

func afterCompletion(e effect.Event) bool { return e.From == string(order.Completed) }

// faultWords say whose fault a decision holds an ending to be, to one side.
func faultWords(f order.Fault, reader order.Party, other string) string {
	switch {
	case f == order.FaultNobody:
		return "The decision holds nobody at fault."
	case f == order.FaultPlatform:
		return "The decision holds the house at fault."
	case f == "":
		return ""
	case string(f) == string(reader):
		return "The decision holds you at fault."
	}
	return "The decision holds " + other + " at fault."
}

// effectWords are the ending's own word on what it does to a side; an event of
// before that was written down has only its class.
func (s slots) effectWords(side order.Party) string {
	if kept := s.e.Detail.Facts[string(side)]; kept != "" {
		return order.EffectSays(side, kept == "counts")
	}
	return order.EffectOn(side, policy.Class(s.e.Detail.Class), s.f.Policy)
}
