package notice

import (
	"guildhall/internal/effect"
	"guildhall/internal/order"
)

const (
	comesBack = " {amount} goes back to {method}; another notice tells you when it has been sent."
	nothing   = " You owe nothing."
)

// orderRules are the words of the way from payment to delivery.
func orderRules() map[effect.Kind][]line {
	return map[effect.Kind][]line{
		order.Ordered: silent, // not paid yet: shown to nobody but the buyer, who has just been there
		order.Paid: {
			{to: seller, fits: running, title: "New order #{ref} from {other}",
				body: "“{title}” is paid, and the money is held until the work is done. Nothing has to be answered first, so the work has started: please deliver by {until}."},
			{to: seller, title: "New order #{ref} from {other}",
				body: "“{title}” is paid, and the money is held until the work is done. {other} still has to answer your questions; the delivery time starts with the answers, or earlier if you choose to start without them. If no answers come, you may cancel from {stale_cancel}, and on {stale_refund} the order is refunded by itself.[ {stale_effect}]"},
			{to: buyer, fits: running, title: "Your order #{ref} is paid",
				body: "{amount} for “{title}” is held until the work is done. {other} has everything needed to begin. Delivery is due by {until}; you hear from us when it is there."},
			{to: buyer, title: "Your order #{ref} is paid",
				body: "{amount} for “{title}” is held until the work is done. {other} needs your answers to begin. Until the work starts you can undo the order and get everything back; without answers it is refunded by itself on {stale_refund}."},
		},
		order.PaymentReturned: {
			{to: buyer, fits: when("why", "not_for_sale"), title: "Your payment for order #{ref} goes back",
				body: "“{title}” was taken off sale before your payment arrived." + comesBack + nothing},
			{to: buyer, fits: when("why", "offer_ended"), title: "Your payment for order #{ref} goes back",
				body: "The offer “{title}” had ended before your payment arrived." + comesBack + nothing},
			{to: buyer, fits: when("why", "fully_booked"), title: "Your payment for order #{ref} goes back",
				body: "{other} had no free place left when your payment arrived." + comesBack + nothing},
			{to: buyer, fits: when("why", "price_changed"), title: "Your payment for order #{ref} goes back",
				body: "The price of “{title}” changed before your payment arrived, and you pay no other price than the one you saw." + comesBack + nothing},
			{to: buyer, fits: when("why", "request_over"), title: "Your payment for order #{ref} goes back",
				body: "What it was meant for had ended before your payment arrived." + comesBack + " The order itself stays as it is."},
			{to: buyer, fits: when("why", "paid_already"), title: "Your second payment for order #{ref} goes back",
				body: "The order had a payment already." + comesBack + " The order itself stays as it is."},
			{to: buyer, title: "Your payment for order #{ref} goes back",
				body: "It arrived after the order was closed." + comesBack + nothing},
		},
		order.Lapsed: {
			{to: buyer, fits: when("offer", ""), quiet: true, title: "Order #{ref} was not paid and is closed",
				body: "Nothing was charged for “{title}”. You can order it again whenever you like."},
		},
		order.RequirementsIn: {
			{to: seller, title: "{other} answered: order #{ref} has started",
				body: "The answers for “{title}” are complete and the work has started. Please deliver by {until}."},
			{to: buyer, quiet: true, title: "Your answers for order #{ref} are in",
				body: "The work on “{title}” has started. {other} delivers by {until}; you hear from us when it is there."},
		},
		order.RequirementsWaived: {
			{to: buyer, title: "{other} has started order #{ref}",
				body: "The work on “{title}” begins without waiting for your answers. Delivery is due by {until}."},
		},
		order.ProgressShown: {
			{to: buyer, title: "{other} shows progress on order #{ref}",
				body: "[“{words}” ][{files} attached. ]This is not a delivery: the due date stays, and nothing is asked of you. You can answer with a comment."},
		},
		order.Commented: {
			{to: other, title: "{other} commented on order #{ref}",
				body: "“{words}” A comment stops no clock and moves no date."},
		},
		order.DelayNoticed: {
			{to: buyer, title: "{other} expects a delay on order #{ref}",
				body: "The reason given: “{words}” The due date stays {until}. If nothing is delivered by {late_from}, you may cancel and get everything back."},
		},
		order.DeliveredWork: {
			{to: buyer, title: "{other} delivered order #{ref}",
				body: "[“{words}” ][{files} attached. ]Please look at the work and accept it, or ask for a revision. If we do not hear from you by {until}, the order completes by itself and {other} is paid."},
		},
		order.ReviewExtended: {
			{to: seller, title: "{other} takes more time for order #{ref}",
				body: "The time to look at “{title}” now runs until {until}. Without an answer by then the order completes by itself and you are paid."},
		},
		order.RevisionAsked: {
			{to: seller, fits: when("counted", "false"), title: "{other} asks for a change to order #{ref}",
				body: "“{words}” [It concerns your requirement lines {lines}. ]Because the delivery is said to differ from the requirements, it is not counted as a revision. Please aim for {until}; missing that has no effect on your figures."},
			{to: seller, title: "{other} asks for a revision of order #{ref}",
				body: "“{words}” [It concerns your requirement lines {lines}. ]It is one of the revisions in the package. Please aim for {until}; missing that has no effect on your figures."},
		},
		order.PutOnHold: {
			{to: buyer, title: "Order #{ref} is on hold", body: held},
			{to: seller, title: "Order #{ref} is on hold", body: held},
		},
		order.TakenOffHold: {
			{to: buyer, title: "Order #{ref} runs again", body: released},
			{to: seller, title: "Order #{ref} runs again", body: released},
		},
	}
}

const (
	held     = "The reason: “{words}” Every clock of “{title}” stands still until the hold ends, so nobody loses time by it. You hear from us then."
	released = "The hold on “{title}” has ended.[ The clocks stood still for {stood} and go on from where they were.][ The next date is {next}.]"
)
