package page

import (
	"net/url"
	"strconv"

	"guildhall/internal/market"
	"guildhall/internal/standing"
	"guildhall/internal/web/kit"
)

func figuresTitle(seller bool) string {
	if seller {
		return "Your figures"
	}
	return "Your record"
}

// linesShown is how many orders stand under a figure before "see all".
const linesShown = 4

// topLines are the lines worth seeing first: what is against, then what is left
// out, then what counts, the newest of each.
func topLines(lines []standing.Contribution) []standing.Contribution {
	var list []standing.Contribution
	for _, m := range []standing.Mark{standing.Against, standing.Excluded, standing.For} {
		for _, c := range lines {
			if c.Mark == m && len(list) < linesShown {
				list = append(list, c)
			}
		}
	}
	return list
}

func seeAll(n int) string {
	if n == 1 {
		return "See the one order behind it"
	}
	return "See all " + strconv.Itoa(n) + " orders behind it"
}

func figureHref(f standing.Figure, m standing.Mark) string {
	href := "/standing/" + string(f)
	if m != "" {
		href += "?mark=" + string(m)
	}
	return href
}

// becauseRate opens a rate to what is behind it.
func becauseRate(r standing.Rate, l kit.Local) kit.BecauseProps {
	b := kit.BecauseProps{
		ID: "why-" + string(r.Figure), Figure: r.String(), Says: rateSays(r, l),
		Parts: kit.Tally(r.For, r.Against, r.Excluded()),
		Rule:  kit.Link{Label: "how figures are made", Href: "/help/figures"},
	}
	for _, c := range r.Lines[:min(len(r.Lines), 3)] {
		b.Lines = append(b.Lines, kit.Line{Text: "#" + c.Ref, Href: "/orders/" + string(c.Order), Note: markOf(c).Text + ", " + l.Day(c.At)})
	}
	if len(r.Lines) > 0 {
		b.All = kit.Link{Label: "See all " + strconv.Itoa(r.All()), Href: figureHref(r.Figure, "")}
	}
	return b
}

// rateSays is a rate as a sentence with its fraction.
func rateSays(r standing.Rate, l kit.Local) string {
	if r.Counted() == 0 {
		if r.Figure == standing.OnTime {
			return "Nothing was delivered yet that counts."
		}
		return "No order has ended yet that counts."
	}
	of := strconv.Itoa(r.For) + " of " + countOf(r.Counted(), "order")
	since := l.Day(r.Since) + "."
	if r.Figure == standing.OnTime {
		return of + " came by the due date, among those first delivered since " + since
	}
	return of + " were completed, among those that ended since " + since
}

// rateNote says how far back it looks, and whether it is held against anything.
func rateNote(v market.Figures, r standing.Rate) string {
	s := v.Policy.Standing
	switch {
	case r.Enforced && !r.Reached:
		return ""
	case r.Enforced:
		return "Fewer than " + strconv.Itoa(s.EnforceFrom) + " count in the last " + s.Window.Words() + ", so it looks further back for the newest " + strconv.Itoa(s.EnforceFrom) + "."
	}
	return "Not enforced yet: that begins with " + countOf(s.EnforceFrom, "order") + ". Until then it looks back up to " + s.ReachBack.Words() + "."
}

func countOf(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

func recordSays(v market.Figures, l kit.Local) string {
	r := v.Record
	since := " since " + l.Day(r.Since)
	switch {
	case len(r.Lines) == 0:
		return "Nothing is noted: every order of yours that ended" + since + " was completed, or there was none."
	case r.Noted == 0:
		return "Nothing is noted. " + countOf(len(r.Lines), "order") + " of yours ended without being completed" + since + ", in ways that are not noted."
	}
	return countOf(r.Noted, "ending") + " noted" + since + ". Sellers do not see it; support does, when a case is opened."
}

// markOf is how an order enters a figure, in words.
func markOf(c standing.Contribution) kit.State {
	switch {
	case c.Figure == standing.BuyerRecord && c.Mark == standing.Against:
		return kit.State{Tone: kit.Warn, Icon: "pen-line", Text: "Noted"}
	case c.Figure == standing.BuyerRecord:
		return kit.State{Tone: kit.Neutral, Icon: "circle-dashed", Text: "Not noted"}
	case c.Mark == standing.For:
		return kit.State{Tone: kit.Good, Icon: "circle-check", Text: "Counted"}
	case c.Mark == standing.Against:
		return kit.State{Tone: kit.Warn, Icon: "circle-x", Text: "Against"}
	}
	return kit.State{Tone: kit.Neutral, Icon: "circle-dashed", Text: "Excluded"}
}

// untilWords say when something leaves the window.
func untilWords(c standing.Contribution, v market.Figures, l kit.Local) string {
	if c.Mark == standing.Excluded {
		return ""
	}
	span := v.Policy.Standing.Window
	if c.Figure == standing.BuyerRecord {
		span = v.Policy.Standing.ReachBack
	}
	until := c.At.Add(span.D())
	if until.Before(l.Now) {
		return " · still counts, while there are few orders"
	}
	return " · counts until " + l.Day(until)
}

func behindTitle(v market.Behind) string {
	if v.Figure == standing.BuyerRecord {
		return "Your record as a buyer"
	}
	return v.Figure.Name() + ": " + rateOf(v).String()
}

func behindSays(v market.Behind, l kit.Local) string {
	if v.Figure == standing.BuyerRecord {
		return recordSays(v.Figures, l)
	}
	r := rateOf(v)
	if note := rateNote(v.Figures, r); note != "" {
		return rateSays(r, l) + " " + note
	}
	return rateSays(r, l)
}

func rateOf(v market.Behind) standing.Rate {
	if v.Figure == standing.OnTime {
		return v.OnTime
	}
	return v.Completion
}

func behindTabs(v market.Behind) []kit.Tab {
	tab := func(label string, m standing.Mark, n int) kit.Tab {
		return kit.Tab{Label: label, Href: figureHref(v.Figure, m), Count: n, Current: v.Mark == m}
	}
	if v.Figure == standing.BuyerRecord {
		all := len(v.Record.Lines)
		return []kit.Tab{tab("All", "", all), tab("Noted", standing.Against, v.Record.Noted), tab("Not noted", standing.Excluded, all-v.Record.Noted)}
	}
	r := rateOf(v)
	return []kit.Tab{
		tab("All", "", r.All()), tab("Counted", standing.For, r.For), tab("Against", standing.Against, r.Against), tab("Excluded", standing.Excluded, r.Excluded()),
	}
}

func behindFirst(v market.Behind, after string) string {
	if after == "" {
		return ""
	}
	return figureHref(v.Figure, v.Mark)
}

func behindNext(v market.Behind) string {
	if v.Next == "" {
		return ""
	}
	q := url.Values{"after": {string(v.Next)}}
	if v.Mark != "" {
		q.Set("mark", string(v.Mark))
	}
	return "/standing/" + string(v.Figure) + "?" + q.Encode()
}
