package notice

import (
	"guildhall/internal/effect"
	"guildhall/internal/gig"
	"guildhall/internal/member"
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
				body: "Every session that was open with the old password has ended. If you did not change it, ask for a new password on the sign-in page now."},
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
				body: "[The reason: “{words}” ]While it lasts nobody can sign in to the account. The dates of your running orders stay as they are."},
		},
		member.Restored: {
			{to: self, link: "/profile", title: "Your account is open again",
				body: "The suspension has ended, and you can sign in as before."},
		},
	}
	for _, k := range gig.Kinds() {
		rules[k] = silent
	}
	return rules
}
