package page

import (
	"strconv"

	"guildhall/internal/market"
	"guildhall/internal/policy"
	"guildhall/internal/standing"
	"guildhall/internal/web/kit"
)

func labelOf(c standing.Contribution) string { return standing.Label(c.Class) }

// unheld tells of a share of which too little counts yet: nothing is missing,
// and nothing is reached either.
func unheld(q standing.Requirement) bool { return q.Met && !q.Enforced }

func metWord(q standing.Requirement) string {
	switch {
	case unheld(q):
		return ": not held against you"
	case q.Met:
		return ": met"
	}
	return ": missing"
}

func metTone(q standing.Requirement) kit.Tone {
	switch {
	case unheld(q):
		return kit.Neutral
	case q.Met:
		return kit.Good
	}
	return kit.Warn
}

func metIcon(q standing.Requirement) string {
	switch {
	case unheld(q):
		return "circle"
	case q.Met:
		return "circle-check"
	}
	return "circle-dashed"
}

// mineBecause opens what somebody has of a requirement.
func mineBecause(v StandingView, q standing.Requirement, id string, l kit.Local) kit.BecauseProps {
	b := because(v, q.Figure, id, l)
	b.Figure = q.Mine
	return b
}

func whyTitle(v StandingView, r market.Rung) string {
	switch {
	case r.Name == v.State.Level:
		return "What keeps me at " + r.Words
	case r.Held:
		return r.Words + " is behind me"
	}
	return "Why am I not " + r.Words + "?"
}

func whySays(v StandingView, r market.Rung) string {
	switch {
	case r.Name == v.State.Level && r.Met:
		return "All of it is met. As long as it is, the level stays."
	case r.Name == v.State.Level:
		return "Some of it is not met now. The level stays until the day that stands on your page, and for good if it is met again before."
	case r.Held && r.Met:
		return "You stand higher than this, and all of it is met."
	case r.Held:
		return "You stand higher than this; not all of it is met now."
	case v.State.Ready == r.Name && v.State.Declined.Level == r.Name:
		return "All of your figures meet it. Only a person’s yes is missing: the house has not given it for now, and can later."
	case v.State.Ready == r.Name:
		return "All of your figures meet it. Only a person’s yes is missing, and they have been asked."
	}
	return countMet(r) + " The level comes by itself at the moment the last one is."
}

func whyTabs(v StandingView, now market.Rung) []kit.Tab {
	var tabs []kit.Tab
	for _, r := range v.Ladder {
		tabs = append(tabs, kit.Tab{Label: r.Words, Href: v.why(r.Name), NoCount: true, Current: r.Name == now.Name})
	}
	return tabs
}

// whyRules are what one has to know to read the table.
func whyRules(v StandingView, r market.Rung, l kit.Local) []string {
	s := v.Policy.Standing
	list := []string{
		"Percentages are compared exactly and never rounded up: 89.96 % is below 90 %.",
		"A percentage is not held against you before " + strconv.Itoa(s.EnforceFrom) + " things count in it. Until then it looks back up to " + s.ReachBack.Words() + ", and one bad ending out of two takes nothing from you.",
	}
	if r.Rating > 0 {
		list = append(list, "The rating is the mean of the reviews of "+s.RatingWindow.Words()+". Orders without a review count as completed all the same.")
	}
	list = append(list, nextLook(v, l))
	if r.Clearance > 0 {
		list = append(list, "At "+r.Words+" the money of an order is yours to withdraw after "+r.Clearance.Words()+" instead of "+v.Policy.Money.Clearance.Words()+".")
	}
	if falls := fallsAtTheEarliest(v, l); falls != "" {
		list = append(list, falls)
	}
	return list
}

// lifeStats are the figures that only grow, and the warnings.
func lifeStats(p kit.Page, v StandingView) []kit.Stat {
	var list []kit.Stat
	for _, f := range []standing.Figure{standing.Completed, standing.UniqueBuyers, standing.Earned, standing.Days, standing.Warnings} {
		b := because(v, f, "life", p.Local)
		list = append(list, kit.Stat{Label: f.Name(), Because: &b})
	}
	return list
}

// shareOf is a share cut into what is for, against and left out.
func shareOf(v StandingView, r standing.Rate) kit.ShareProps {
	s := kit.ShareProps{Parts: []kit.SharePart{
		{Label: "counted", Count: r.For, Tone: kit.Good, Href: v.figure(r.Figure, standing.For)},
		{Label: "against", Count: r.Against, Tone: kit.Warn, Href: v.figure(r.Figure, standing.Against)},
		{Label: "excluded", Count: r.Excluded(), Tone: kit.Neutral, Href: v.figure(r.Figure, standing.Excluded)},
	}}
	s.ID, s.Title, s.Quiet = "parts-"+string(r.Figure), r.Figure.Name()+": what counts", true
	s.Says = strconv.Itoa(r.For) + " counted, " + strconv.Itoa(r.Against) + " against, " + strconv.Itoa(r.Excluded()) + " excluded."
	return s
}

// recordAll leads to the list behind a buyer's record, where there is one.
func recordAll(v StandingView) kit.Link {
	if len(v.Record.Lines) == 0 {
		return kit.Link{}
	}
	return kit.Link{Label: "See all " + strconv.Itoa(len(v.Record.Lines)), Href: v.figure(standing.BuyerRecord, "")}
}

func recordParts(v StandingView) []kit.Part {
	return []kit.Part{
		{Label: "noted", Figure: strconv.Itoa(v.Record.Noted)},
		{Label: "not noted", Figure: strconv.Itoa(len(v.Record.Lines) - v.Record.Noted)},
	}
}

// causeWords is a declared cause as people read it.
func causeOf(name string, p policy.Version) string {
	for _, c := range p.Cancellation.Causes {
		if c.Name == name {
			return c.Words
		}
	}
	return name
}
