package page

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"guildhall/internal/market"
	"guildhall/internal/money"
	"guildhall/internal/policy"
	"guildhall/internal/rehearsal"
	"guildhall/internal/standing"
	"guildhall/internal/web/kit"
)

func rehearsalHref(j market.RehearsalJob, below, query string) templ.SafeURL {
	address := "/house/policy/rehearse/" + j.ID + below
	if query != "" {
		address += "?" + query
	}
	return templ.SafeURL(address)
}

func rehearsalState(j market.RehearsalJob) kit.State {
	switch {
	case j.Running():
		return kit.State{Text: "Under way", Tone: kit.Lapis}
	case j.Failed != nil:
		return kit.State{Text: "Came to nothing", Tone: kit.Warn}
	}
	return kit.State{Text: "Done", Tone: kit.Good}
}

func changesWords(n int) string {
	if n == 1 {
		return "1 setting differs"
	}
	return strconv.Itoa(n) + " settings differ"
}

func soFarWords(s market.RehearsalStep) string {
	return countOf(s.Sellers, "seller") + " and " + countOf(s.Orders, "order") + " looked at, about " + strconv.Itoa(s.Share) + " % of the way."
}

func rehearsalSpan(j market.RehearsalJob, l kit.Local) string {
	text := "If it took effect on " + l.At(j.Report.At) + ". Made on " + l.At(j.Started) + "; nothing was written."
	switch {
	case !j.Report.From.IsZero() && !j.Report.To.IsZero():
		text += " Orders placed from " + l.Day(j.Report.From) + " to before " + l.Day(j.Report.To) + "."
	case !j.Report.From.IsZero():
		text += " Orders placed from " + l.Day(j.Report.From) + "."
	case !j.Report.To.IsZero():
		text += " Orders placed before " + l.Day(j.Report.To) + "."
	}
	return text
}

func turnTiles(j market.RehearsalJob) []kit.Stat {
	var list []kit.Stat
	for _, k := range rehearsal.Kinds() {
		list = append(list, kit.Stat{Label: upperFirst(k.Words()), Figure: strconv.Itoa(j.Report.Turns[k])})
	}
	return list
}

func upperFirst(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

func rehearsalTabs(v RehearsalProps) []kit.Tab {
	tab := func(label string, only rehearsal.Only, n int) kit.Tab {
		t := kit.Tab{Label: label, Href: string(rehearsalHref(v.Job, "", "only="+string(only))), Current: v.Only == only, Count: n}
		if n < 0 {
			t.NoCount = true
		}
		return t
	}
	tabs := []kit.Tab{tab("All", "", -1)}
	for _, k := range rehearsal.Kinds() {
		if n := v.Job.Report.Turns[k]; n > 0 {
			tabs = append(tabs, tab(upperFirst(k.Words()), rehearsal.Only(k), n))
		}
	}
	return append(tabs, tab("With orders", rehearsal.OfOrders, -1))
}

func rehearsalFirst(v RehearsalProps) string {
	if v.After == "" {
		return ""
	}
	return string(rehearsalHref(v.Job, "", "only="+string(v.Only)))
}

func rehearsalNext(v RehearsalProps) string {
	if v.Next == "" {
		return ""
	}
	return string(rehearsalHref(v.Job, "", "only="+string(v.Only)+"&after="+url.QueryEscape(string(v.Next))))
}

func lookFirst(j market.RehearsalJob, v market.RehearsedSeller, later bool) string {
	if !later {
		return ""
	}
	return string(rehearsalHref(j, "/"+string(v.Member.ID), ""))
}

func lookNext(j market.RehearsalJob, v market.RehearsedSeller) string {
	if v.Next == "" {
		return ""
	}
	return string(rehearsalHref(j, "/"+string(v.Member.ID), "after="+url.QueryEscape(string(v.Next))))
}

func turnState(t rehearsal.Turn) kit.State {
	tones := map[rehearsal.Kind]kit.Tone{
		rehearsal.Promoted: kit.Good, rehearsal.Warned: kit.Warn, rehearsal.Demoted: kit.Bad,
		rehearsal.Asked: kit.Brass, rehearsal.Spared: kit.Good, rehearsal.Missed: kit.Neutral,
	}
	return kit.State{Text: upperFirst(t.Kind.Words()), Tone: tones[t.Kind]}
}

// turnSays is one thing that would happen to a level, with its day.
func turnSays(t rehearsal.Turn, r market.PolicyRehearsal, l kit.Local) string {
	from, to := levelSays(r.Old, t.From), levelSays(r.New, t.To)
	if t.Kind == rehearsal.Spared || t.Kind == rehearsal.Missed {
		to = levelSays(r.Old, t.To)
	}
	day := l.Day(t.At)
	switch {
	case t.Kind == rehearsal.Warned || t.Kind == rehearsal.Spared && !t.Falls.IsZero():
		text := from + ", on " + day + "; would fall on " + l.Day(t.Falls)
		if t.Missing != "" {
			text += " (" + t.Missing + ")"
		}
		return text
	case t.From == t.To:
		return from + ", on " + day
	}
	return from + " → " + to + ", on " + day
}

func levelSays(v policy.Version, name string) string {
	if name == "" {
		return "No level"
	}
	return standing.LevelWords(v, name)
}

func heldWords(v market.RehearsedSeller) string {
	return levelSays(v.Old, v.Held) + " now. What the policy would do to this seller, and what it would have done to their orders."
}

func rungHead(r market.RehearsedRung) string {
	if r.Met {
		return r.Words + " of the new ladder: met"
	}
	return r.Words + " of the new ladder: not met"
}

func lackWords(q standing.Requirement) string {
	if q.Met {
		return "nothing"
	}
	return q.Missing
}

func className(c policy.Class) string {
	if c == "" {
		return "Completed"
	}
	return upperFirst(standing.Label(c))
}

// classColumn is one thing that could have been otherwise about orders.
type classColumn struct {
	head string
	says func(rehearsal.Totals) string
}

// classColumns are those in which any class of orders differs.
func classColumns(r market.PolicyRehearsal) []classColumn {
	columns := []classColumn{
		{"To sellers", func(t rehearsal.Totals) string { return differenceOf(t.Paid, r) }},
		{"Commission", func(t rehearsal.Totals) string { return differenceOf(t.Commission, r) }},
		{"Buyers’ fees", func(t rehearsal.Totals) string { return differenceOf(t.Fee, r) }},
		{"Would count against the seller, did not", func(t rehearsal.Totals) string { return dashed(t.Harder) }},
		{"Counted, would not", func(t rehearsal.Totals) string { return dashed(t.Milder) }},
		{"Ends or clears sooner", func(t rehearsal.Totals) string { return dashed(t.Sooner) }},
		{"Later", func(t rehearsal.Totals) string { return dashed(t.Later) }},
		{"Would not have ended so", func(t rehearsal.Totals) string { return dashed(t.Unless) }},
		{"Had gone back with those", func(t rehearsal.Totals) string { return amountOf(t.NotBack, r) }},
	}
	return slices.DeleteFunc(columns, func(col classColumn) bool {
		return !slices.ContainsFunc(r.Classes, func(c rehearsal.Class) bool { return col.says(c.Totals) != nothing })
	})
}

// underWay is the address of the rehearsal that runs, empty if none does.
func underWay(jobs []market.RehearsalJob) templ.SafeURL {
	for _, j := range jobs {
		if j.Running() {
			return rehearsalHref(j, "", "")
		}
	}
	return ""
}

// nothing stands in a table where nothing differs.
const nothing = "–"

// differenceOf is what a sum would change by.
func differenceOf(pair [2]int64, r market.PolicyRehearsal) string {
	switch d := pair[1] - pair[0]; {
	case d == 0:
		return nothing
	case d > 0:
		return "+" + amountOf(d, r)
	default:
		return amountOf(d, r)
	}
}

func amountOf(minor int64, r market.PolicyRehearsal) string {
	if minor == 0 {
		return nothing
	}
	return money.Of(minor, r.New.Currency).String()
}

func dashed(n int) string {
	if n == 0 {
		return nothing
	}
	return strconv.Itoa(n)
}

func differWords(t rehearsal.Totals, r market.PolicyRehearsal) string {
	if t.Differ == 0 {
		return "none"
	}
	text := countOf(t.Differ, "order")
	if d := t.Paid[1] - t.Paid[0]; d != 0 {
		text += ", to the seller " + differenceOf(t.Paid, r)
	}
	return text
}

// lookSays is what would have been otherwise about one order.
func lookSays(l rehearsal.Look, r market.PolicyRehearsal, at kit.Local) string {
	var parts []string
	add := func(differs bool, text string) {
		if differs {
			parts = append(parts, text)
		}
	}
	was := func(pair [2]int64) string {
		return money.Of(pair[1], r.New.Currency).String() + " instead of " + money.Of(pair[0], r.New.Currency).String()
	}
	add(l.Paid[0] != l.Paid[1], "The seller gets "+was(l.Paid)+".")
	add(l.Commission[0] != l.Commission[1], "The commission is "+was(l.Commission)+".")
	add(l.Fee[0] != l.Fee[1], "The buyer’s fee is "+was(l.Fee)+".")
	add(l.Counts[1] && !l.Counts[0], "It counts against the seller, which it did not.")
	add(l.Counts[0] && !l.Counts[1], "It does not count against the seller, which it did.")
	add(l.Noted[1] && !l.Noted[0], "It is noted for the buyer, which it was not.")
	add(l.Noted[0] && !l.Noted[1], "It is not noted for the buyer, which it was.")
	add(!l.Ends[0].Equal(l.Ends[1]), "It ends "+at.At(l.Ends[1])+".")
	add(!l.Clears[0].Equal(l.Clears[1]), "The money clears "+at.At(l.Clears[1])+" instead of "+at.At(l.Clears[0])+".")
	add(l.Unless != "", l.Unless)
	return strings.Join(parts, " ")
}
