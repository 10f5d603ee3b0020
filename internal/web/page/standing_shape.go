package page

import (
	"cmp"
	"net/url"
	"strconv"

	"guildhall/internal/market"
	"guildhall/internal/policy"
	"guildhall/internal/review"
	"guildhall/internal/standing"
	"guildhall/internal/web/kit"
)

func figuresTitle(v StandingView) string {
	if v.Selling {
		return "Your standing"
	}
	return "Your record"
}

// linesShown is how many lines stand in an opened figure before "see all".
const linesShown = 3

// becauseRate opens a share to what is behind it; id is of the place on the page.
func becauseRate(v StandingView, r standing.Rate, id string, l kit.Local) kit.BecauseProps {
	b := kit.BecauseProps{
		ID: id + "-" + string(r.Figure), Figure: r.String(), Says: rateSays(r, v.Policy, l),
		Parts: kit.Tally(r.For, r.Against, r.Excluded()),
		Rule:  kit.Link{Label: "how figures are made", Href: "/help/figures"},
	}
	b.Lines = linesBehind(v, r.Lines, l)
	if r.All() > 0 {
		b.All = kit.Link{Label: "See all " + strconv.Itoa(r.All()), Href: v.figure(r.Figure, "")}
	}
	return b
}

// linesBehind are the newest lines behind a figure.
func linesBehind(v StandingView, lines []standing.Contribution, l kit.Local) []kit.Line {
	var list []kit.Line
	for _, c := range lines[:min(len(lines), linesShown)] {
		line := kit.Line{Text: lineTitle(c), Note: markOf(c).Text + ", " + l.Day(c.At)}
		if !v.Shared {
			line.Href = lineHref(c)
		}
		list = append(list, line)
	}
	return list
}

// because opens any figure of the sheet; id is of the place on the page.
func because(v StandingView, f standing.Figure, id string, l kit.Local) kit.BecauseProps {
	if r, ok := v.Rate(f); ok {
		return becauseRate(v, r, id, l)
	}
	b := kit.BecauseProps{
		ID: id + "-" + string(f), Figure: figureText(v, f), Says: figureSays(v, f, l),
		Rule: kit.Link{Label: "how figures are made", Href: "/help/figures"},
	}
	if f == standing.Rating {
		b.Parts = []kit.Part{{Label: "reviews", Figure: strconv.Itoa(v.Rating.N)}, {Label: "removed", Figure: strconv.Itoa(v.Rating.Removed)}}
		b.Lines = linesBehind(v, v.Rating.Lines, l)
	}
	if f != standing.Days {
		b.All = kit.Link{Label: "See the list", Href: v.figure(f, "")}
	}
	return b
}

// figureText is a figure without its fraction, as it stands large.
func figureText(v StandingView, f standing.Figure) string {
	switch f {
	case standing.Rating:
		return v.Rating.String()
	case standing.Warnings:
		if len(v.Warnings) == 0 {
			return "none"
		}
	}
	return v.Text(f, v.Policy)
}

// figureSays is what a figure is, in a sentence.
func figureSays(v StandingView, f standing.Figure, l kit.Local) string {
	s := v.Policy.Standing
	switch f {
	case standing.Completed:
		return "Every order that was completed, ever, with or without a review. One that is refunded in full leaves."
	case standing.UniqueBuyers:
		return "Each buyer counts once, however many of their orders you completed."
	case standing.Earned:
		return "What your orders paid you, ever, after commission and refunds."
	case standing.Days:
		if v.From.IsZero() {
			return "You have not opened a shop yet."
		}
		return "Whole days since you opened your shop on " + l.Day(v.From) + "."
	case standing.Rating:
		return ratingSays(v.Rating, l)
	case standing.Warnings:
		return "Warnings that stand now. Each one ends by itself after " + s.WarningLife.Words() + "."
	case standing.BuyerRecord:
		return recordSays(v.Sheet, l)
	}
	r, _ := v.Rate(f)
	return rateSays(r, v.Policy, l)
}

func ratingSays(m standing.Mean, l kit.Local) string {
	if m.N == 0 && m.LifeN == 0 {
		return "No review is shown yet. It counts from the day on which both sides can read it."
	}
	text := "The mean of " + countOf(m.N, "review") + " shown since " + l.Day(m.Since) + ", and " + m.Lifetime() + " of all " + strconv.Itoa(m.LifeN) + " ever."
	if m.LifeGone > 0 {
		text += " " + countOf(m.LifeGone, "review") + " removed; the removal is shown in its place and adds no stars."
	}
	return text
}

// rateSays is a share as a sentence with its fraction.
func rateSays(r standing.Rate, p policy.Version, l kit.Local) string {
	of, since := strconv.Itoa(r.For)+" of ", l.Day(r.Since)
	switch r.Figure {
	case standing.OnTime:
		if r.Counted() == 0 {
			return "Nothing was delivered yet that counts."
		}
		return of + countOf(r.Counted(), "order") + " came by the due date, among those first delivered since " + since + "."
	case standing.Response:
		if r.Counted() == 0 {
			return "Nobody has written to you for the first time yet, or nothing that counts."
		}
		return of + countOf(r.Counted(), "first message") + " " + wereOf(r.Counted()) + " answered within " + p.Standing.Response.Words() + ", among those since " + since + "."
	}
	if r.Counted() == 0 {
		return "No order has ended yet that counts."
	}
	return of + countOf(r.Counted(), "order") + " " + wereOf(r.Counted()) + " completed, among those that ended since " + since + " and count."
}

func wereOf(n int) string {
	if n == 1 {
		return "was"
	}
	return "were"
}

// rateNote says how far back a share looks, and whether it is held against
// anybody.
func rateNote(p policy.Version, r standing.Rate) string {
	s, what := p.Standing, "order"
	if r.Figure == standing.Response {
		what = "first message"
	}
	switch {
	case r.Enforced && !r.Reached:
		return ""
	case r.Enforced:
		return "Fewer than " + strconv.Itoa(s.EnforceFrom) + " count in the last " + s.Window.Words() + ", so it looks further back for the newest " + strconv.Itoa(s.EnforceFrom) + "."
	}
	return "Not held against you: that begins with " + countOf(s.EnforceFrom, what) + ". Until then it looks back up to " + s.ReachBack.Words() + "."
}

func countOf(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

func recordSays(s standing.Sheet, l kit.Local) string {
	r := s.Record
	since := " since " + l.Day(r.Since)
	switch {
	case len(r.Lines) == 0:
		return "Nothing is noted: every order of yours that ended" + since + " was completed, or there was none."
	case r.Noted == 0:
		return "Nothing is noted. " + countOf(len(r.Lines), "order") + " of yours ended without being completed" + since + ", in ways that are not noted."
	}
	return countOf(r.Noted, "ending") + " noted" + since + ". Sellers whom you order from, or ask, see how many and why, without who it was."
}

// markOf is how something enters a figure, in words.
func markOf(c standing.Contribution) kit.State {
	switch {
	case c.Figure == standing.BuyerRecord && c.Mark == standing.Against:
		return kit.State{Tone: kit.Warn, Icon: "pen-line", Text: "Noted"}
	case c.Figure == standing.BuyerRecord:
		return kit.State{Tone: kit.Neutral, Icon: "circle-dashed", Text: "Not noted"}
	case c.Figure == standing.Warnings && c.Mark == standing.Against:
		return kit.State{Tone: kit.Warn, Icon: "triangle-alert", Text: "Stands"}
	case c.Figure == standing.Warnings:
		return kit.State{Tone: kit.Neutral, Icon: "circle-dashed", Text: "Over"}
	case c.Figure == standing.Rating && c.Mark == standing.Excluded:
		return kit.State{Tone: kit.Neutral, Icon: "circle-dashed", Text: "Removed"}
	case c.Mark == standing.For:
		return kit.State{Tone: kit.Good, Icon: "circle-check", Text: "Counted"}
	case c.Mark == standing.Against:
		return kit.State{Tone: kit.Warn, Icon: "circle-x", Text: "Against"}
	}
	return kit.State{Tone: kit.Neutral, Icon: "circle-dashed", Text: "Excluded"}
}

// lineTitle names what stands behind a figure, without a name where it has none.
func lineTitle(c standing.Contribution) string {
	kind := "Order"
	switch c.Figure {
	case standing.Response:
		kind = "Conversation"
	case standing.Warnings:
		kind = "Warning"
	case standing.Rating:
		kind = "Review"
	}
	switch {
	case c.Ref == "":
		return kind
	case c.Order != "" && c.Figure != standing.Rating:
		return "#" + c.Ref
	case c.Order != "":
		return "Review of #" + c.Ref
	}
	return kind
}

// lineHref is where it stands; empty for what has no page.
func lineHref(c standing.Contribution) string {
	switch {
	case c.Order != "":
		return "/orders/" + string(c.Order)
	case c.Figure == standing.Response && c.Subject != "":
		return "/messages/" + c.Subject
	}
	return ""
}

// lineValue is what it adds, where that is more than one.
func lineValue(c standing.Contribution, p policy.Version) string {
	switch c.Figure {
	case standing.Earned:
		return policy.Price(c.Value).In(p.Currency).String()
	case standing.Rating:
		return standing.Mean{Sum: c.Value, N: 1}.String() + " of " + strconv.Itoa(review.MostStars) + " stars"
	}
	return ""
}

// BehindView is one page of the list behind a figure.
type BehindView struct {
	market.Behind
	Base   string
	Shared bool
	After  string // place of this page; empty on the first
}

// root is the page that the figure stands on, by its title.
func (v BehindView) root() string {
	switch {
	case v.Shared:
		return "All figures"
	case v.Figure == standing.BuyerRecord:
		return "Your record"
	}
	return "Your standing"
}

func (v BehindView) href(m standing.Mark) string {
	return StandingView{Base: v.Base}.figure(v.Figure, m)
}

// peer is the other party of a line, where the reader may know them.
func (v BehindView) peer(c standing.Contribution) string {
	if v.Shared || c.Peer == "" {
		return ""
	}
	return v.Names[c.Peer]
}

func behindTitle(v BehindView) string {
	if v.Figure == standing.BuyerRecord {
		return "Your record as a buyer"
	}
	return v.Figure.Name() + ": " + v.Text(v.Figure, v.Policy)
}

func behindSays(v BehindView, l kit.Local) string {
	as := StandingView{Standing: market.Standing{Figures: v.Figures}}
	text := figureSays(as, v.Figure, l)
	if r, ok := v.Rate(v.Figure); ok {
		if note := rateNote(v.Policy, r); note != "" {
			text += " " + note
		}
	}
	return text
}

// behindTabs are the heaps of a figure, each with its count; none for a figure
// that has but one.
func behindTabs(v BehindView) []kit.Tab {
	tab := func(label string, m standing.Mark, n int) kit.Tab {
		return kit.Tab{Label: label, Href: v.href(m), Count: n, NoCount: n < 0, Current: v.Mark == m}
	}
	if r, ok := v.Rate(v.Figure); ok {
		return []kit.Tab{
			tab("All", "", r.All()), tab("Counted", standing.For, r.For), tab("Against", standing.Against, r.Against), tab("Excluded", standing.Excluded, r.Excluded()),
		}
	}
	switch v.Figure {
	case standing.BuyerRecord:
		all := len(v.Record.Lines)
		return []kit.Tab{tab("All", "", all), tab("Noted", standing.Against, v.Record.Noted), tab("Not noted", standing.Excluded, all-v.Record.Noted)}
	case standing.Rating:
		return []kit.Tab{tab("All", "", v.Rating.N+v.Rating.Removed), tab("Counted", standing.For, v.Rating.N), tab("Removed", standing.Excluded, v.Rating.Removed)}
	case standing.Earned:
		return []kit.Tab{tab("All", "", -1), tab("Paid", standing.For, -1), tab("Taken back", standing.Excluded, -1)}
	}
	return nil
}

func behindFirst(v BehindView) string {
	if v.After == "" {
		return ""
	}
	return v.href(v.Mark)
}

func behindNext(v BehindView) string {
	if v.Next == "" {
		return ""
	}
	q := url.Values{"after": {string(v.Next)}}
	if v.Mark != "" {
		q.Set("mark", string(v.Mark))
	}
	return v.Base + "/" + string(v.Figure) + "?" + q.Encode()
}

// starRows is how often each number of stars was given.
func starRows(sums review.Sums) []kit.DistRow {
	var rows []kit.DistRow
	for n := review.MostStars; n >= 1; n-- {
		rows = append(rows, kit.DistRow{Label: countOf(n, "star"), Count: sums.Rows[n-1]})
	}
	return rows
}

// spark is how a share went over the days.
func spark(v StandingView, r standing.Rate, l kit.Local) kit.SparkProps {
	s := kit.SparkProps{Column: "Share"}
	s.ID, s.Title, s.Quiet = "spark-"+string(r.Figure), r.Figure.Name()+", day by day", true
	var first, last string
	for _, day := range v.Trail {
		then, _ := day.Rate(r.Figure)
		point := kit.Point{Label: l.Day(day.At), Shown: rateWords(then), Gap: then.Counted() == 0}
		if !point.Gap {
			point.Value = 100 * float64(then.For) / float64(then.Counted())
			first, last = cmp.Or(first, then.String()+" on "+point.Label), then.String()
		}
		s.Points = append(s.Points, point)
	}
	if last != "" {
		s.Says = "From " + first + " to " + last + " today."
	}
	rung := v.next()
	if rung == nil {
		rung = v.held()
	}
	if need := threshold(rung, r.Figure); need > 0 {
		s.Need = &kit.Need{Value: float64(need.BP()) / 100, Says: rung.Words + " asks for " + spaced(need)}
	}
	return s
}

// drawn tells whether there is a line to draw: two days with a value.
func drawn(s kit.SparkProps) bool {
	n := 0
	for _, p := range s.Points {
		if !p.Gap {
			n++
		}
	}
	return n > 1
}
