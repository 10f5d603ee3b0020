package notice

import (
	"guildhall/internal/effect"
	"guildhall/internal/ident"
	"guildhall/internal/standing"
)

// levelRules are the words about a seller's level.
func levelRules() map[effect.Kind][]line {
	const page = "/standing"
	return map[effect.Kind][]line{
		standing.LevelPromoted: {
			{to: self, link: page, title: "You are {level} now",
				body: "Your figures are all that it asks for, so it is yours from this moment on. Your buyers see it beside your name. Well done, {self}."},
		},
		standing.LevelWarned: {
			{to: self, link: page, title: "Your level {level} is at risk until {until}",
				body: "[What it asks for and your figures do not show now: {missing}. ]Nothing changes today. If your figures are there again before {until}, everything stays as it is; your page shows the shortest way."},
		},
		standing.LevelRecovered: {
			{to: self, link: page, title: "Your level {level} is safe again",
				body: "Your figures are all that it asks for. The warning has ended, and nothing has changed for you."},
		},
		standing.LevelDemoted: {
			{to: self, fits: allOf(has("now"), has(standing.FactApproval)), link: page, title: "Your level is {now} now", body: lost + "once it is there, the house is asked for its yes anew."},
			{to: self, fits: has("now"), link: page, title: "Your level is {now} now", body: lost + "the level returns the moment it is there."},
			{to: self, fits: has(standing.FactApproval), link: page, title: "You are without a level now", body: lost + "once it is there, the house is asked for its yes anew."},
			{to: self, link: page, title: "You are without a level now", body: lost + "the level returns the moment it is there."},
		},
		standing.LevelReady: {
			{to: self, link: page, title: "You have met all figures for {level}",
				body: "This level also needs a person’s yes. The house has been asked by itself and looks at your work; you will read its answer here."},
		},
		standing.LevelApproved: silent, // the promotion that follows tells it
		standing.LevelDeclined: {
			{to: self, link: page, title: "The house did not say yes to {level} for now",
				body: "“{words}” Your figures and your present level stay as they are, and the house can say yes later."},
		},
	}
}

// lost is what a level that fell has to do with figures.
const lost = "Your figures were below {level} until the end of the notice. Your page shows what is missing and the shortest way back; "

func has(fact string) func(effect.Event) bool {
	return func(e effect.Event) bool { return e.Detail.Facts[fact] != "" }
}

// OfLevel tells whose level an event happened to.
func OfLevel(e effect.Event) (ident.Member, bool) {
	if !ident.Valid(ident.Standing(e.Stream)) {
		return "", false
	}
	return standing.Seller(e.Stream)
}
