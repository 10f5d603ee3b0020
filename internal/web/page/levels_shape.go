package page

import (
	"net/url"

	"guildhall/internal/market"
	"guildhall/internal/web/kit"
)

func candidatePath(c market.Candidate, what string) string {
	return "/house/levels/" + string(c.Member.ID) + "/" + what
}

func candidateSays(v LevelsProps, c market.Candidate, l kit.Local) string {
	text := levelCalled(v.Policy, c.State.Level)
	if c.State.Level == "" {
		text = "No level"
	}
	text += " now; waits for " + c.Rung.Words + " since " + l.At(c.State.ReadyAt) + "."
	if c.State.Declined.Level == c.Rung.Name {
		text += " It was not yet on " + l.Day(c.State.Declined.At) + ": " + c.State.Declined.Why
	}
	return text
}

// candidateEffects say what each button does, before it is pressed.
func candidateEffects(v LevelsProps, c market.Candidate) []string {
	yes := "Yes: " + c.Member.Name + " is " + c.Rung.Words + " at once, for as long as their figures meet it."
	if c.Rung.Clearance > 0 {
		yes += " Orders that complete from then on pay out after " + c.Rung.Clearance.Words() + " instead of " + v.Policy.Money.Clearance.Words() + "."
	}
	return []string{
		yes,
		"Not yet: nothing changes, and they read your reason. They are asked for again when their figures were lost and are met anew; you can say yes before that.",
	}
}

func candidateWhy(v LevelsProps, c market.Candidate, f Form) kit.FieldProps {
	field := kit.FieldProps{
		Kind: kit.LongField, Name: "why", ID: "why-" + string(c.Member.ID), Label: "Why",
		Hint: c.Member.Name + " reads it, whichever it is.", Rows: 2, MaxLength: v.Policy.Limits.TextRunes,
	}
	if c.Member.ID == v.About {
		return f.Field(field)
	}
	return field
}

func levelsFirst(v LevelsProps) string {
	if v.First {
		return ""
	}
	return "/house/levels"
}

func levelsNext(v LevelsProps) string {
	if v.Next == "" {
		return ""
	}
	return "/house/levels?" + url.Values{"after": {v.Next}}.Encode()
}
