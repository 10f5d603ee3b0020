package notice

import (
	"guildhall/internal/effect"
	"guildhall/internal/order"
)

// requestRules are the words about what the parties of an order ask of each
// other. What an agreement does is told by the event of its effect.
func requestRules() map[effect.Kind][]line {
	rules := answerRules()
	for k, lines := range appliedRules() {
		rules[k] = lines
	}
	rules[order.RequestAsked] = []line{
		{to: other, fits: counters, title: "{other} proposes something else for order #{ref}",
			body: "{other} does not take your proposal and asks {asks}. “{words}” The time to answer begins anew: please agree, decline or propose something else by {until}. {silence}[ {silence_effect}]"},
		{to: other, fits: when("kind", "cancel"), title: "{other} asks to cancel order #{ref}",
			body: "{other} asks {asks}. “{words}” Please answer by {until}: the page shows beforehand what agreeing, declining and silence mean. {silence}[ {silence_effect}]"},
		{to: other, title: "{other} asks for a change to order #{ref}",
			body: "{other} asks {asks}. “{words}” You can agree, decline or propose something else until {until}. {silence}"},
	}
	rules[order.RemindRequest] = []line{
		{to: buyer, fits: and(when("to", "buyer"), when("waits", "payment")), void: true, title: "Pay {amount} for order #{ref} by {until}",
			body: "It is agreed {asks}. It takes effect with your payment; without it nothing changes and nothing is charged."},
		{to: buyer, fits: when("to", "buyer"), void: true, title: "{other} waits for your answer on order #{ref}",
			body: "{other} asks {asks}. Please answer by {until}. {silence}[ {silence_effect}]"},
		{to: seller, fits: when("to", "seller"), void: true, title: "{other} waits for your answer on order #{ref}",
			body: "{other} asks {asks}. Please answer by {until}. {silence}[ {silence_effect}]"},
	}
	rules[order.ClocksRunOn] = []line{
		{to: seller, title: "The clocks of order #{ref} run again",
			body: "Your requests may pause the clocks of “{title}” for {seller_pause} in all, and that time is used up. Your request stays open, but the clocks run on.[ The next date is {next}.]"},
		{to: buyer, quiet: true, title: "The clocks of order #{ref} run again",
			body: "{other}’s requests have paused the clocks of “{title}” as long as they may. The request stays open, but the clocks run on.[ The next date is {next}.]"},
	}
	rules[order.Nudged] = []line{
		{to: buyer, title: "{other} waits to hear from you about order #{ref}",
			body: "[“{words}” ]Please look at the page of “{title}” and answer: a comment is enough. If you cannot go on with the order, you can ask to cancel it there."},
	}
	rules[order.CauseSaid] = []line{
		{to: other, quiet: true, title: "{other} named the cause for order #{ref}",
			body: "Why “{title}” ended, in {other}’s words from the list: {cause}. Both sides’ causes are kept beside each other; nothing else changes."},
	}
	return rules
}

// answerRules are the words about how a request ends.
func answerRules() map[effect.Kind][]line {
	const (
		asBefore = " “{title}” goes on exactly as before.[ The next date is {next}.]"
		again    = " {again}"
	)
	return map[effect.Kind][]line{
		order.RequestAgreed: {
			{to: buyer, fits: and(when("waits", "payment"), when("by", "buyer")), void: true, title: "{other} agrees: pay {amount} for order #{ref}",
				body: "You asked {asks}, and {other} agrees. It takes effect once you have paid {amount}, until {until}; without the payment nothing changes and nothing is charged."},
			{to: seller, fits: and(when("waits", "payment"), when("by", "seller")), quiet: true, title: "{other} agrees to your request on order #{ref}",
				body: "You asked {asks}. It takes effect once {other} has paid {amount}, until {until}; you hear from us when it is paid."},
		},
		order.RequestDeclined: {
			{to: other, title: "{other} declined your request on order #{ref}",
				body: "You asked {asks}.[ The answer: “{words}”]" + asBefore + again},
		},
		order.RequestWithdrawn: {
			{to: other, title: "{other} took a request back on order #{ref}",
				body: "It was {asks}, and there is nothing left to answer." + asBefore},
		},
		order.RequestExpired: {
			{to: buyer, fits: when("why", "not_paid"), title: "Nothing was paid, and nothing changed on order #{ref}",
				body: "It was agreed {asks}, but the time to pay is over and nothing was charged." + asBefore},
			{to: seller, fits: when("why", "not_paid"), title: "Nothing was paid, and nothing changed on order #{ref}",
				body: "It was agreed {asks}, but {other} did not pay in time." + asBefore},
			{to: buyer, fits: and(when("silence", "nothing"), when("by", "buyer")), title: "{other} did not answer your request on order #{ref}",
				body: "You asked {asks}. The time to answer is over and nothing changed." + asBefore + again},
			{to: seller, fits: and(when("silence", "nothing"), when("by", "seller")), title: "{other} did not answer your request on order #{ref}",
				body: "You asked {asks}. The time to answer is over and nothing changed." + asBefore + again},
			{to: buyer, fits: when("silence", "nothing"), quiet: true, title: "{other}’s request on order #{ref} has ended",
				body: "It was {asks}. You did not answer, so nothing changed." + asBefore},
			{to: seller, fits: when("silence", "nothing"), quiet: true, title: "{other}’s request on order #{ref} has ended",
				body: "It was {asks}. You did not answer, so nothing changed." + asBefore},
		},
		order.RequestOvertaken: silent, // what overtook it tells
		order.RefundHanded:     silent, // a letter tells when the refund has been sent
		order.RequestToDesk: {
			{to: buyer, title: "Support looks at your request on order #{ref}",
				body: "You asked {asks}, and {other} did not answer. Because work was delivered, nothing is cancelled by itself: support decides, and until then every clock of “{title}” stands still."},
			{to: seller, title: "Support looks at {other}’s request on order #{ref}",
				body: "{other} asked {asks}, and there was no answer from you. Because work was delivered, nothing is cancelled by itself: support decides, and until then every clock of “{title}” stands still."},
		},
		order.RequestPaid: {
			{to: buyer, quiet: true, title: "You paid {amount} for order #{ref}",
				body: "{amount} was charged to {method} and is held until the work is done, like the rest of the order."},
		},
	}
}

// appliedRules are the words about what an agreement changed while the order
// goes on, and about parts that went back.
func appliedRules() map[effect.Kind][]line {
	return map[effect.Kind][]line{
		order.DueMoved: {
			{to: buyer, title: "Order #{ref} is now due {until}",
				body: "You and {other} moved the due date of “{title}”. Both dates are kept, and nobody’s figures suffer from the change."},
			{to: seller, title: "Order #{ref} is now due {until}",
				body: "You and {other} moved the due date of “{title}”. A delivery by then is on time."},
		},
		order.ExtraAdded: {
			{to: buyer, fits: charged, title: "Work was added to order #{ref}",
				body: "“{words}” is now part of “{title}”, for {amount}.[ The delivery is due {next}.]"},
			{to: buyer, title: "{other} adds work to order #{ref} as a gift",
				body: "“{words}” is now part of “{title}”, and it costs you nothing.[ The delivery is due {next}.]"},
			{to: seller, fits: charged, title: "{other} paid for added work on order #{ref}",
				body: "“{words}” is now part of “{title}”: {amount} is paid and held until the work is done.[ The delivery is due {next}.]"},
			{to: seller, title: "Work was added to order #{ref} as a gift",
				body: "“{words}” is now part of “{title}”, free of charge.[ The delivery is due {next}.]"},
		},
		order.PartRefunded: {
			{to: buyer, fits: takenBack, title: "{amount} of order #{ref} goes back to you",
				body: "Support decided to send a part back for “{title}”.[ {fault}]" + comesBack},
			{to: seller, fits: takenBack, title: "{amount} of order #{ref} goes back to {other}",
				body: "Support decided to send a part back for “{title}”.[ {fault}] {taken} of it comes out of what you were paid; what is not on your balance any more is shown there as owed."},
			{to: buyer, fits: decided, title: "{amount} of order #{ref} goes back to you",
				body: "Support decided to send a part back while “{title}” goes on.[ {fault}]" + comesBack},
			{to: seller, fits: decided, title: "{amount} of order #{ref} goes back to {other}",
				body: "Support decided to send a part back while “{title}” goes on.[ {fault}] The rest is held until the work is done. It has no effect on your figures."},
			{to: buyer, title: "{amount} of order #{ref} goes back to you",
				body: "You and {other} agreed on it, and “{title}” goes on." + comesBack},
			{to: seller, title: "{amount} of order #{ref} goes back to {other}",
				body: "You agreed on it, and “{title}” goes on. The rest is held until the work is done. It has no effect on your figures."},
		},
		order.Swapped: {
			{to: buyer, title: "Order #{ref} was swapped",
				body: "It is now “{title}”: you and {other} put it in the place of “{before}”.[ {back} goes back to {method}; another notice tells you when it has been sent.] It is due {until}. No cancellation is recorded."},
			{to: seller, title: "Order #{ref} was swapped",
				body: "It is now “{title}”: you and {other} put it in the place of “{before}”.[ {back} goes back to {other}.] It is due {until}. No cancellation is recorded, and your figures do not change."},
		},
	}
}

func counters(e effect.Event) bool  { return e.Detail.Of > 0 }
func charged(e effect.Event) bool   { return e.Detail.Amount > 0 }
func decided(e effect.Event) bool   { return e.Detail.Of == 0 }
func takenBack(e effect.Event) bool { return e.Detail.Facts["taken"] != "" }

func and(a, b func(effect.Event) bool) func(effect.Event) bool {
	return func(e effect.Event) bool { return a(e) && b(e) }
}
