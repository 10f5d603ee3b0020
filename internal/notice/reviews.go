package notice

import (
	"guildhall/internal/effect"
	"guildhall/internal/review"
)

// reviewRules are the words about reviews. Nothing here quotes a star or a word
// before the reveal, and what the desk decides is told by the letter of its
// case, once.
func reviewRules() map[effect.Kind][]line {
	return map[effect.Kind][]line{
		review.Written: {
			{to: other, fits: stillBlind, void: true, title: "{other} has written a review of order #{ref}",
				body: "It stays closed until yours is in, too, or until {until}. You can write yours until then; neither of you sees the other’s before."},
		},
		review.Amended: {
			{to: other, fits: inPublic, title: "{other} changed their review of order #{ref}",
				body: "Everybody reads the new words; the earlier ones stay in its history. It cannot be changed again."},
		},
		review.Revealed: {
			{to: buyer, fits: when(review.FactBoth, "yes"), title: "Both reviews of order #{ref} are in", body: "You can read what {other} wrote about working with you."},
			{to: seller, fits: when(review.FactBoth, "yes"), title: "Both reviews of order #{ref} are in", body: "You can read what {other} wrote about your work, and reply in public."},
			{to: seller, fits: when(review.FactBy, string(review.Buyer)), title: "{other}’s review of order #{ref} is public", body: "The time for reviews is over. You can read it and reply in public."},
			{to: buyer, fits: when(review.FactBy, string(review.Buyer)), quiet: true, title: "Your review of order #{ref} is public", body: "The time for reviews is over, and {other} wrote none."},
			{to: buyer, fits: when(review.FactBy, string(review.Seller)), title: "{other}’s review of order #{ref} is public", body: "The time for reviews is over. You can read it and reply in public."},
			{to: seller, fits: when(review.FactBy, string(review.Seller)), quiet: true, title: "Your review of order #{ref} is public", body: "The time for reviews is over, and {other} wrote none."},
		},
		review.Replied: {
			{to: other, title: "{other} replied to your review", body: "“{words}” Everybody reads it below your review of order #{ref}."},
		},
		review.ReplyEdited: {
			{to: other, quiet: true, title: "{other} changed their reply to your review", body: "“{words}” Everybody reads the new words below your review of order #{ref}."},
		},
		review.SampleOffered: {
			{to: buyer, title: "May {other} show this work beside your review?",
				body: "{other} would like everybody to see a file of order #{ref} beside your review. Nobody does before you agree, and you can take your yes back at any time."},
		},
		review.SampleDropped: silent,
		review.SampleAgreed: {
			{to: seller, title: "{other} lets everybody see your work sample", body: "It stands beside the review of order #{ref} now."},
		},
		review.SampleRefused: {
			{to: seller, title: "{other} does not want the work sample shown", body: "It does not stand beside the review of order #{ref}. The review itself stays as it is."},
		},
		review.DemandReported: silent, // its case tells whom it concerns
		review.Challenged:     silent, // likewise
		review.Reopened:       silent,
		review.KeptReview:     silent, // the letter of the decision says it
		review.Removed:        silent,
		review.Restored:       silent,
	}
}

// stillBlind is a review that the other side could still answer with their own.
func stillBlind(e effect.Event) bool {
	return e.Detail.Facts[review.FactBlind] == "yes" && e.Detail.Facts[review.FactBoth] == ""
}

func inPublic(e effect.Event) bool { return e.Detail.Facts[review.FactBlind] == "" }
