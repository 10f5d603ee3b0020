package notice

import (
	"maps"

	"guildhall/internal/effect"
	"guildhall/internal/gig"
	"guildhall/internal/member"
	"guildhall/internal/withdrawal"
)

// memberRules are the words about somebody's own account. What somebody does
// to their own gigs and profile tells nobody.
func memberRules() map[effect.Kind][]line {
	rules := map[effect.Kind][]line{
		member.SignedUp: {
			{to: self, link: "/browse", title: "Welcome, {self}",
				body: "Your account is ready. Look around and order whenever you like; to sell your own work, open a seller profile."},
		},
		member.ResetRequested: silent, // the letter with the link is an errand of its own
		member.PasswordChanged: {
			{to: self, link: "/profile", title: "Your password was changed",
				body: "Every session that was open with the old password has ended, and so has every API token. If you did not change it, ask for a new password on the sign-in page now."},
		},
		member.ProfileChanged: silent,
		member.SellerOpened: {
			{to: self, link: "/gigs", quiet: true, title: "Your seller profile is open",
				body: "Create your first gig next. Nobody sees it until you publish it."},
		},
		member.SellerAway: silent,
		member.SellerBack: silent,
		member.TokenMade: {
			{to: self, link: "/profile/tokens", title: "An API token was made for your account",
				body: "A program that holds “{words}” can now act for you. If you did not make it, revoke it on the page of your tokens."},
		},
		member.TokenRevoked: silent,
		member.RolesChanged: {
			{to: self, link: "/profile", title: "What you may do here has changed",
				body: "An operator of the house changed your rights. Your pages show what is open to you now."},
		},
		member.Suspended: {
			{to: self, link: "/help", title: "Your account is suspended",
				body: "[The reason: “{words}” ]While it lasts nobody can sign in to the account, and its API tokens have ended. The dates of your running orders stay as they are. Where you sign in you can say what is not right about it."},
		},
		member.Restored: {
			{to: self, link: "/profile", title: "Your account is open again",
				body: "The suspension has ended, and you can sign in as before. The API tokens of before have ended: make new ones for your programs."},
		},
	}
	maps.Copy(rules, recordRules())
	maps.Copy(rules, withdrawalRules())
	for _, k := range gig.Kinds() {
		rules[k] = silent
	}
	return rules
}

// recordRules are the words about signed records of a seller's figures.
func recordRules() map[effect.Kind][]line {
	return map[effect.Kind][]line{
		member.RecordMade: silent, // its seller holds it in their hands
		member.RecordRevoked: {
			{to: self, link: "/standing/record", title: "A signed record of yours was taken back",
				body: "[Why: {words} ]Whoever checks it is told so. You can make a new one, with today’s figures, at any time."},
		},
	}
}

// withdrawalRules are the words about a seller's money on its way out.
func withdrawalRules() map[effect.Kind][]line {
	return map[effect.Kind][]line{
		withdrawal.EventAsked: {
			{to: self, link: "/withdraw", title: "{amount} is on its way to you",
				body: "You asked to withdraw {amount} to the account {method}. If it was not you, change your password now and tell the house."},
		},
		withdrawal.EventSent: {
			{to: self, link: "/withdraw", quiet: true, title: "{amount} was sent to your account",
				body: "The payment provider has sent {amount} to the account {method}. Your bank needs a day or two to show it."},
		},
		withdrawal.EventReturned: {
			{to: self, link: "/withdraw", title: "A withdrawal came back",
				body: "{amount} could not be sent to the account {method}[: {words}] The money is back on your statement; please check the account."},
		},
		withdrawal.EventSettled: {
			{to: self, fits: when("left", ""), link: "/statement", title: "What you owed is settled",
				body: "Money came in for you, and {amount} of it pays off what you still owed the house for money taken back before. You owe nothing more, and your statement shows each line."},
			{to: self, link: "/statement", title: "{amount} of what you owed is settled",
				body: "Money came in for you, and {amount} of it goes towards what you owe the house for money taken back before. You still owe {left}; what comes in next pays it off. Your statement shows each line."},
		},
	}
}
