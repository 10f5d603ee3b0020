package page

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"guildhall/internal/market"
	"guildhall/internal/standing"
	"guildhall/internal/web/kit"
)

// Turn is one day on which something leaves or enters the figures by itself.
type Turn struct {
	At     time.Time
	What   []string // what leaves, what comes
	Shifts []kit.Shift
	Level  string // what becomes of the level; empty where nothing does
	Tone   kit.Tone
	Heat   int
	Href   string // of the one thing, where there is but one
}

// turns are the days ahead, each with what the figures will be at its end if
// nothing else happens.
func turns(v StandingView, l kit.Local) []Turn {
	before, state := v.Sheet, v.State
	var list []Turn
	for i := 0; i < len(v.Forecast); {
		last := i
		for last+1 < len(v.Forecast) && l.Day(v.Forecast[last+1].At) == l.Day(v.Forecast[i].At) {
			last++
		}
		t := turnOf(v, v.Forecast[i:last+1], before, state, l)
		before, state = v.Forecast[last].Sheet, v.Forecast[last].State
		list = append(list, t)
		i = last + 1
	}
	return list
}

func turnOf(v StandingView, steps []standing.Step, before standing.Sheet, state standing.State, l kit.Local) Turn {
	after := steps[len(steps)-1]
	t := Turn{At: steps[0].At, Shifts: shiftsBetween(v, before, after.Sheet), Level: levelTurn(v, state, after.State, l)}
	var leaves []standing.Contribution
	comes := map[string]int{}
	for _, s := range steps {
		for _, c := range s.Leaves {
			if c.Subject == "" || !slices.ContainsFunc(leaves, func(k standing.Contribution) bool { return k.Figure == c.Figure && k.Subject == c.Subject }) {
				leaves = append(leaves, c)
			}
			t.Href = lineHref(c)
		}
		for _, c := range s.Comes {
			comes[nameComing(c)]++
		}
		for range s.Lapsed {
			t.What = append(t.What, "A warning ends")
		}
		if s.Rules != "" {
			t.What = append(t.What, "New rules take effect")
		}
		t.Heat += len(s.Leaves) + len(s.Comes) + len(s.Lapsed)
	}
	if len(leaves) > 0 {
		t.What = append([]string{leaveWords(leaves)}, t.What...)
	}
	t.What = append(t.What, timesEach(comes)...)
	if len(t.What) == 0 && t.Level == "" {
		t.What = []string{"Another day as a seller"}
	}
	if v.Shared || slices.ContainsFunc(leaves, func(c standing.Contribution) bool { return c.Subject != leaves[0].Subject }) {
		t.Href = ""
	}
	t.Tone = toneOf(t, state, after.State, v)
	return t
}

func nameComing(c standing.Contribution) string {
	if c.Rule == standing.RuleUnanswered {
		return "A first message without an answer begins to count"
	}
	return "An older one comes back into view, because few count"
}

// namedUpTo is how many of a kind are called by their names.
const namedUpTo = 3

// leaveWords say what leaves: orders and deliveries by name where there are few.
// An order that leaves together with its own delivery is said once, where the
// reader may know that it is the same one.
func leaveWords(leaves []standing.Contribution) string {
	gone := map[string][]string{} // by kind, the orders' names; empty ones for who may not know them
	whole := map[string]bool{}
	for _, c := range leaves {
		if kind := kindOf(c); kind != "delivery" {
			gone[kind] = append(gone[kind], c.Ref)
			whole[c.Subject] = whole[c.Subject] || kind == "order" && c.Subject != ""
		}
	}
	for _, c := range leaves {
		if kindOf(c) == "delivery" && !whole[c.Subject] {
			gone["delivery"] = append(gone["delivery"], c.Ref)
		}
	}
	var parts []string
	n := 0
	for _, kind := range []string{"order", "delivery", "conversation", "review"} {
		if refs := gone[kind]; len(refs) > 0 {
			parts = append(parts, goneWords(kind, refs))
			n += len(refs)
		}
	}
	text := sentence(inWords(parts))
	if n == 1 {
		return text + " leaves"
	}
	return text + " leave"
}

func goneWords(kind string, refs []string) string {
	n := len(refs)
	if kind != "order" && kind != "delivery" || n > namedUpTo || slices.Contains(refs, "") {
		if n > 1 {
			return strconv.Itoa(n) + " " + plural(kind)
		}
		return article(kind) + " " + kind
	}
	names := make([]string, n)
	for i, ref := range refs {
		names[i] = "#" + ref
	}
	if kind == "order" {
		return inWords(names)
	}
	if n > 1 {
		kind = plural(kind)
	}
	return "the " + kind + " of " + inWords(names)
}

func plural(kind string) string {
	if stem, found := strings.CutSuffix(kind, "y"); found {
		return stem + "ies"
	}
	return kind + "s"
}

func article(kind string) string {
	if kind == "order" {
		return "an"
	}
	return "a"
}

func inWords(parts []string) string {
	if len(parts) < 2 {
		return strings.Join(parts, "")
	}
	last := len(parts) - 1
	return strings.Join(parts[:last], ", ") + " and " + parts[last]
}

func kindOf(c standing.Contribution) string {
	switch c.Figure {
	case standing.OnTime:
		return "delivery"
	case standing.Response:
		return "conversation"
	case standing.Rating:
		return "review"
	}
	return "order"
}

// shiftsBetween are the figures that differ, before and after.
func shiftsBetween(v StandingView, before, after standing.Sheet) []kit.Shift {
	var list []kit.Shift
	for _, f := range []standing.Figure{standing.Completion, standing.OnTime, standing.Response, standing.Rating, standing.Warnings} {
		was, is := before.Text(f, v.Policy), after.Text(f, v.Policy)
		if was == is || written(before, f) == written(after, f) {
			continue
		}
		list = append(list, kit.Shift{Figure: f.Name(), Before: was, After: is, Tone: direction(f, before, after)})
	}
	return list
}

// written is a figure without what it is a share of, which alone is no news.
func written(s standing.Sheet, f standing.Figure) string {
	if r, ok := s.Rate(f); ok {
		return r.String()
	}
	if f == standing.Rating {
		return s.Rating.String()
	}
	return strconv.Itoa(len(s.Warnings))
}

// direction tells whether a figure rises or falls.
func direction(f standing.Figure, before, after standing.Sheet) kit.Tone {
	var rises, falls bool
	switch f {
	case standing.Rating:
		a, b := before.Rating, after.Rating
		rises, falls = b.Sum*int64(a.N) > a.Sum*int64(b.N), b.Sum*int64(a.N) < a.Sum*int64(b.N)
	case standing.Warnings:
		rises = len(after.Warnings) < len(before.Warnings)
	default:
		a, _ := before.Rate(f)
		b, _ := after.Rate(f)
		rises, falls = b.For*a.Counted() > a.For*b.Counted(), b.For*a.Counted() < a.For*b.Counted()
	}
	switch {
	case rises:
		return kit.Good
	case falls:
		return kit.Warn
	}
	return kit.Neutral
}

// levelTurn is what becomes of the level.
func levelTurn(v StandingView, was, is standing.State, l kit.Local) string {
	switch {
	case was.Level != is.Level && v.place(is.Level) > v.place(was.Level):
		return "You reach " + levelCalled(v.Policy, is.Level)
	case was.Level != is.Level:
		return levelCalled(v.Policy, was.Level) + " ends; from then on " + levelCalled(v.Policy, is.Level)
	case was.DemotesAt.IsZero() && !is.DemotesAt.IsZero():
		return "Your figures fall below " + levelCalled(v.Policy, is.Level) + "; it would end on " + l.Day(is.DemotesAt)
	case !was.DemotesAt.IsZero() && is.DemotesAt.IsZero():
		return "Your figures meet " + levelCalled(v.Policy, is.Level) + " again, and the warning is over"
	case is.Ready != "" && was.Ready != is.Ready:
		return "The house is asked about " + levelCalled(v.Policy, is.Ready)
	}
	return ""
}

func toneOf(t Turn, was, is standing.State, v StandingView) kit.Tone {
	switch {
	case was.Level != is.Level && v.place(is.Level) < v.place(was.Level):
		return kit.Bad
	case t.Level != "" && (was.Level != is.Level || is.DemotesAt.IsZero()):
		return kit.Brass
	case t.Level != "":
		return kit.Warn
	}
	tone := kit.Neutral
	for _, s := range t.Shifts {
		switch s.Tone {
		case kit.Warn:
			return kit.Warn
		case kit.Good:
			tone = kit.Good
		}
	}
	return tone
}

// says is a turn in one line.
func (t Turn) says() string {
	parts := append([]string{}, t.What...)
	for _, s := range t.Shifts {
		parts = append(parts, s.Figure+" "+s.Before+" → "+s.After)
	}
	if t.Level != "" {
		parts = append(parts, t.Level)
	}
	return strings.Join(parts, " · ")
}

// aheadShown is how many days ahead are written out above the calendar.
const aheadShown = 4

// calendar is the days ahead as a picture with its table.
func calendar(v StandingView, list []Turn, l kit.Local) kit.CalendarProps {
	c := kit.CalendarProps{
		From: l.Now, To: l.Now.Add(v.Policy.Standing.Window.D()), Today: l.Now, Local: l, Column: "What happens, and what the figures are then",
		Legend: []kit.MarkKey{{Mark: kit.Good, Says: "a figure rises"}, {Mark: kit.Warn, Says: "a figure falls"}, {Mark: kit.Brass, Says: "your level moves"}, {Mark: kit.Bad, Says: "a level ends"}},
	}
	c.ID, c.Title, c.Quiet = "ahead-days", "The days ahead", true
	c.Says = "Nothing changes by itself."
	if len(list) > 0 {
		c.Says = "Between now and " + l.Day(list[len(list)-1].At) + " something changes by itself on " + countOf(len(list), "day") + "."
	}
	for _, t := range list {
		m := kit.Marked{Day: t.At, Heat: t.Heat, Says: t.says(), Href: t.Href}
		if t.Tone != kit.Neutral {
			m.Mark = t.Tone
		}
		c.Days = append(c.Days, m)
		if t.At.After(c.To) {
			c.To = t.At
		}
	}
	return c
}

func recoveryTitle(v StandingView) string {
	if v.State.DemotesAt.IsZero() {
		return "How to get there"
	}
	return "What would mend it"
}

// recoverySays is the way back of one figure, in sentences.
func recoverySays(v StandingView, r standing.Recovery, l kit.Local) string {
	now := r.Now()
	goal := recoveryGoal(r)
	level := levelCalled(v.Policy, r.Level)
	var text string
	switch {
	case now < 0:
		text = "No number of " + recoveryThings(r.Figure, 2) + " is enough now to reach " + goal + "."
	case now == 0:
		return goal + " is reached."
	default:
		text = count(now, r.Figure) + " " + recoveryDone(r.Figure)
		if until := r.Until(); !until.IsZero() {
			text += " before " + l.At(until) + " your time"
		}
		text += " brings you to the " + goal + " that " + level + " asks for."
		if now > 1 {
			text = strings.Replace(text, " brings ", " bring ", 1)
		}
	}
	best, ok := r.Fewest()
	switch {
	case !ok || now >= 0 && best.Orders >= now:
	case best.Orders == 0:
		text += " Without any, it is reached on " + l.At(best.From) + ", when what is against has left."
	default:
		text += " From " + l.At(best.From) + " on, " + strconv.Itoa(best.Orders) + " would do."
	}
	return text
}

func count(n int, f standing.Figure) string { return strconv.Itoa(n) + " " + recoveryThings(f, n) }

func recoveryGoal(r standing.Recovery) string {
	switch r.Figure {
	case standing.Completed:
		return r.Required + " orders"
	case standing.Rating:
		return "rating of " + r.Required
	}
	return r.Required
}

func recoveryThings(f standing.Figure, n int) string {
	one, many := "order", "orders"
	switch f {
	case standing.Response:
		one, many = "first message", "first messages"
	case standing.Rating:
		one, many = "review", "reviews"
	}
	if n == 1 {
		return one
	}
	return many
}

func recoveryDone(f standing.Figure) string {
	switch f {
	case standing.OnTime:
		return "delivered on time"
	case standing.Response:
		return "answered in time"
	case standing.Rating:
		return "with five stars"
	}
	return "completed"
}

// needSays is one row of the table of a recovery.
func needSays(r standing.Recovery, n standing.Need) string {
	switch {
	case n.Orders < 0:
		return "no number is enough"
	case n.Orders == 0:
		return "none: it is reached"
	}
	return count(n.Orders, r.Figure)
}

// timesEach are the names with how often each came, in order.
func timesEach(m map[string]int) []string {
	list := slices.Sorted(maps.Keys(m))
	for i, name := range list {
		if n := m[name]; n > 1 {
			list[i] = strconv.Itoa(n) + " × " + name
		}
	}
	return list
}

// shareSays is until when a link stands open.
func shareSays(s market.Share, l kit.Local) string {
	return "made " + l.Day(s.Made) + ", closes " + l.At(s.Until)
}
