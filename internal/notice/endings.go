package notice

import (
	"guildhall/internal/effect"
	"guildhall/internal/order"
)

// endingRules are the words of every way in which an order ends, and of its
// money afterwards.
func endingRules() map[effect.Kind][]line {
	return map[effect.Kind][]line{
		order.Accepted: {
			{to: seller, title: "{other} accepted order #{ref}",
				body: "“{title}” is completed. After commission {amount} is yours; it clears on {until}."},
		},
		order.CompletedByTime: {
			{to: seller, title: "Order #{ref} is completed",
				body: "The time to look at “{title}” is over, so the order completed by itself. After commission {amount} is yours; it clears on {until}."},
			{to: buyer, title: "Order #{ref} is completed",
				body: "The time to look at “{title}” is over and we had no answer from you, so the order completed by itself and {other} is paid."},
		},
		order.Undone: {
			{to: seller, title: "Order #{ref} was undone before it started",
				body: "{other} took “{title}” back before the work started, and the payment goes back in full.[ {seller_effect}] There is nothing for you to do."},
			{to: buyer, title: "Your order #{ref} is undone",
				body: "“{title}” ended before the work started." + comesBack + "[ {buyer_effect}]"},
		},
		order.CancelledLate: {
			{to: seller, title: "Order #{ref} is cancelled: nothing was delivered in time",
				body: "{late_span} after the due date nothing was delivered for “{title}”, so {other} ended the order and the payment goes back in full.[ {seller_effect}]"},
			{to: buyer, title: "Order #{ref} is cancelled: nothing was delivered in time",
				body: "You ended “{title}”, because nothing was delivered in time." + comesBack + "[ {buyer_effect}]"},
		},
		order.CancelledStale: {
			{to: buyer, title: "Order #{ref} is cancelled: it never started",
				body: "“{title}” waited for your answers and never started, so {other} ended it." + comesBack + "[ {buyer_effect}] You can order again whenever you like."},
			{to: seller, quiet: true, title: "Order #{ref} is cancelled: it never started",
				body: "You ended “{title}”, which waited for answers, and the payment goes back to {other} in full.[ {seller_effect}]"},
		},
		order.RefundedStale: {
			{to: buyer, title: "Order #{ref} is refunded: it never started",
				body: "“{title}” waited for your answers and never started, so the order ended by itself." + comesBack + "[ {buyer_effect}] You can order again whenever you like."},
			{to: seller, title: "Order #{ref} is refunded: it never started",
				body: "The answers for “{title}” never came, so the order ended by itself and the payment goes back to {other} in full.[ {seller_effect}] There is nothing for you to do."},
		},
		order.Cleared: {
			{to: seller, link: "/statement", title: "{amount} has cleared",
				body: "The money for “{title}”, order #{ref}, has cleared. Your statement shows it, and what you can withdraw."},
		},
		order.RefundOnItsWay: {
			{to: buyer, title: "Your refund of {amount} has been sent",
				body: "The money for order #{ref} is on its way to {method}. How many days it takes from here is up to your bank."},
		},
	}
}

// reminderRules are the words of the clock.
func reminderRules() map[effect.Kind][]line {
	return map[effect.Kind][]line{
		order.RemindRequirements: {
			{to: buyer, void: true, title: "{other} needs your answers for order #{ref}",
				body: "“{title}” is paid and starts when your answers are in. Until then you can undo the order and get everything back; without answers it is refunded by itself on {until}."},
		},
		order.RemindDue: {
			{to: seller, void: true, title: "Order #{ref} is due {until}",
				body: "Please deliver “{title}” by then. If it will be later, tell {other} before the due date: the date stays, and your reason is on record."},
		},
		order.DuePassed: {
			{to: seller, title: "The due date of order #{ref} has passed",
				body: "“{title}” was due {until}. Please deliver as early as you can: from {late_from}, if nothing is delivered by then, {other} may cancel and get everything back."},
			{to: buyer, title: "The due date of order #{ref} has passed",
				body: "“{title}” was due {until}. {other} can still deliver, and nothing is asked of you. If nothing is there by {late_from}, you may cancel and get everything back."},
		},
		order.LateCancelOpen: {
			{to: buyer, title: "You may cancel order #{ref} now",
				body: "“{title}” was due {until} and nothing is delivered. You can cancel and get everything back, or wait: nothing happens by itself."},
			{to: seller, title: "{other} may cancel order #{ref} now",
				body: "“{title}” was due {until} and nothing is delivered. You can still deliver; once you have, {other} can no longer cancel alone."},
		},
		order.RemindRevision: {
			{to: seller, title: "{other} waits for the revision of order #{ref}",
				body: "The aim for “{title}” was {until}. Missing it has no effect on your figures; a short progress update tells {other} when to expect the work."},
		},
		order.RemindCompletion: {
			{to: buyer, void: true, title: "Order #{ref} completes by itself {until}",
				body: "Please look at “{title}” and accept it, or ask for a revision. If we do not hear from you by {until}, it completes and {other} is paid."},
		},
	}
}
