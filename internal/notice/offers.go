package notice

import (
	"guildhall/internal/effect"
	"guildhall/internal/offer"
)

// offerRules are the words about custom offers. That one is paid both hear from
// its order; that a newer one took the place of another, from the newer one.
func offerRules() map[effect.Kind][]line {
	return map[effect.Kind][]line{
		offer.Made: {
			{to: buyer, fits: newer, void: true, title: "{other} made you a newer offer: {amount}",
				body: "“{title}” takes the place of the offer before it, which can no longer be paid. It is for you alone, and you can pay it until {until}."},
			{to: buyer, void: true, title: "{other} made you an offer: {amount}",
				body: "“{title}” is for you alone, and you can pay it until {until}. Silence lets it end; nothing is charged before you confirm."},
		},
		offer.PaymentBegun:  silent,
		offer.PaymentFailed: silent,
		offer.AcceptedOffer: silent,
		offer.TakenOffer:    silent,
		offer.NewerMade:     silent,
		offer.DeclinedOffer: {
			{to: seller, title: "{other} declined your offer",
				body: "“{title}” is not taken.[ The reason given: “{words}”] It has no effect on your figures, and you can make another offer at any time."},
		},
		offer.WithdrawnOffer: {
			{to: buyer, title: "{other} took an offer back",
				body: "“{title}” can no longer be paid. If a payment of yours is still on its way, it goes back to you."},
		},
		offer.RemovedOffer: {
			{to: buyer, title: "An offer from {other} was taken down",
				body: "The house took down what “{title}” is about, so it can no longer be paid. Its reason: “{words}” If a payment of yours is still on its way, it goes back to you."},
			{to: seller, title: "Your offer to {other} was taken down",
				body: "The house took down what “{title}” is about, so it can no longer be paid. Its reason: “{words}” It has no effect on your figures."},
		},
		offer.RanOut: {
			{to: buyer, quiet: true, title: "An offer from {other} has ended",
				body: "The time to pay “{title}” is over, and nothing was charged. Ask {other} for a new offer if you still want it."},
			{to: seller, quiet: true, title: "Your offer to {other} has ended",
				body: "“{title}” was not paid in time. It has no effect on your figures, and you can make a new offer at any time."},
		},
	}
}

func newer(e effect.Event) bool { return e.Detail.Facts["supersedes"] != "" }
