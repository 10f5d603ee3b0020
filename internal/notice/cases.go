package notice

import (
	"slices"

	"guildhall/internal/desk"
	"guildhall/internal/effect"
	"guildhall/internal/ident"
	"guildhall/internal/member"
)

// Sides of a case.
const (
	opener  side = "opener"
	facing  side = "facing"
	replier side = "replier" // of the two, the one who did not act
	agent   side = "agent"   // who works on it
)

// caseRules are the words about a case. The title of a case is its kind, never
// what somebody wrote: the other party may not be meant to read that.
func caseRules() map[effect.Kind][]line {
	return map[effect.Kind][]line{
		desk.Opened: {
			{to: opener, fits: byClock, title: "Your request to cancel is with the support desk",
				body: "Nobody answered it in time, and something had been delivered before: then silence does not cancel by itself. A person at the desk looks at it and answers by {until}. It is case #{ref}; you can add what they should know."},
			{to: facing, fits: allOf(byClock, toBoth), title: "A request to cancel is with the support desk",
				body: "{other} asked to cancel an order, and the time to answer is over. Because something had been delivered, a person at the desk decides: they answer by {until}. It is case #{ref}; please tell them your side."},
			{to: facing, fits: allOf(toBoth, first), title: "{other} asked the support desk about something with you",
				body: "It is case #{ref}: {title}. You read everything that is said in it and can tell your side. The desk answers by {until}."},
		},
		desk.Said: {
			{to: replier, fits: toBoth, title: "{other} wrote in case #{ref}", body: "“{words}” You can answer on the page of the case."},
			{to: agent, quiet: true, title: "New words in case #{ref}", body: "Somebody has added something to the case you work on."},
		},
		desk.Replied: {
			{to: opener, fits: to(desk.ToBoth, desk.ToOpener), title: "The support desk answered in case #{ref}", body: "“{words}” You can answer on the page of the case."},
			{to: facing, fits: to(desk.ToBoth, desk.ToOther), title: "The support desk wrote to you in case #{ref}", body: "“{words}” You can answer on the page of the case."},
		},
		desk.Noted: silent,
		desk.Taken: silent,
		desk.Left:  silent,
		desk.FirstOverdue: {
			{to: agent, quiet: true, title: "Case #{ref} waits for its first answer", body: "The time for the first answer is over. It stands at the head of the queue now."},
		},
		desk.DecisionLate: {
			{to: agent, quiet: true, title: "Case #{ref} waits for its decision", body: "The time for the decision is over. Both sides still wait for it."},
		},
		desk.Proposed: silent, // the queue shows it
		desk.SecondRefused: {
			{to: agent, quiet: true, title: "The second person did not agree in case #{ref}", body: "“{words}” Nothing has happened. You can decide anew."},
		},
		desk.DecidedCase: {
			{to: opener, title: "Case #{ref} is decided", body: letter},
			{to: facing, fits: toBoth, title: "Case #{ref} is decided", body: letter},
		},
		desk.Appealed: {
			{to: replier, fits: toBoth, title: "The decision in case #{ref} is appealed",
				body: "The other side does not agree with it. Somebody else at the desk, who had no part in the decision, looks at it again. Until then the decision stands. You will read what comes of it."},
		},
		desk.WithdrawnCase: {
			{to: facing, fits: toBoth, title: "Case #{ref} is closed", body: "Whoever opened it needs it no longer. Nothing was decided and nothing changes."},
		},
		desk.ClosedByTime: {
			{to: opener, quiet: true, title: "The decision in case #{ref} stands", body: "The time to appeal is over, and nobody did."},
			{to: facing, fits: toBoth, quiet: true, title: "The decision in case #{ref} stands", body: "The time to appeal is over, and nobody did."},
		},
	}
}

// letter is a decision in full: what, the rule, the facts, who, under which
// version, and until when one may appeal.
const letter = "Decided: {does}. The rule: {rule}. What was found: “{facts}” It was decided by {role}, under version {version} of the house’s rules.[ You can appeal until {until}; somebody else then looks at it again.]"

// standingRules are the words about what a decision laid on somebody.
func standingRules() map[effect.Kind][]line {
	return map[effect.Kind][]line{
		member.Warned: {
			{to: self, link: "/cases", title: "You have a warning until {until}",
				body: "The rule: {rule}. What was found: “{facts}” A warning ends by itself. The letter of the decision, and how to appeal, are in the case."},
		},
		member.WarningLifted: {
			{to: self, link: "/cases", title: "A warning was taken back", body: "It no longer counts, as if it had not been given."},
		},
	}
}

func to(readers ...string) func(effect.Event) bool {
	return func(e effect.Event) bool { return slices.Contains(readers, e.Detail.Facts[desk.FactTo]) }
}

func toBoth(e effect.Event) bool { return e.Detail.Facts[desk.FactTo] == desk.ToBoth }

func byClock(e effect.Event) bool { return e.Role == member.RoleClock }

// first is a case that is no appeal: of one the other side hears from the first.
func first(e effect.Event) bool { return e.Detail.Facts[desk.FactAppealOf] == "" }

func allOf(all ...func(effect.Event) bool) func(effect.Event) bool {
	return func(e effect.Event) bool {
		return !slices.ContainsFunc(all, func(fits func(effect.Event) bool) bool { return !fits(e) })
	}
}

// OfCase tells which case an event happened to.
func OfCase(e effect.Event) (ident.Case, bool) {
	id := ident.Case(e.Stream)
	return id, ident.Valid(id)
}

// inCase is who stands at a side of a case, and who across the table.
func (f Facts) inCase(s side, e effect.Event) (to, beside Person) {
	switch {
	case s == agent && e.Actor != f.Agent.ID:
		return f.Agent, Person{}
	case s == opener, s == replier && e.Actor == f.Across.ID:
		return f.Opener, f.Across
	case s == facing, s == replier:
		return f.Across, f.Opener
	}
	return Person{}, Person{}
}
