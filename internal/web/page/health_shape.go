package page

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"guildhall/internal/desk"
	"guildhall/internal/market"
	"guildhall/internal/money"
	"guildhall/internal/order"
	"guildhall/internal/policy"
	"guildhall/internal/standing"
	"guildhall/internal/web/kit"
)

// houseDay says a day of the house, which lives in UTC.
func houseDay(l kit.Local, t time.Time) string { return kit.Local{Now: l.Now}.Day(t) }

// rangeWords say which days are looked at.
func rangeWords(l kit.Local, r market.Range) string {
	if r.From.Equal(r.To) {
		return houseDay(l, r.From)
	}
	return houseDay(l, r.From) + " to " + houseDay(l, r.To)
}

// healthURL is the address of a page about a range; pairs are further
// parameters, of which the empty ones are left out.
func healthURL(path string, r market.Range, pairs ...string) string {
	q := url.Values{"from": {r.From.Format(time.DateOnly)}, "to": {r.To.Format(time.DateOnly)}}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	return path + "?" + q.Encode()
}

// presets are ranges that one asks for often.
func presets(now time.Time, shown *market.Health) []kit.Tab {
	var tabs []kit.Tab
	for _, p := range []struct {
		label string
		days  int
	}{{"7 days", 7}, {"30 days", 30}, {"90 days", 90}, {"12 months", 365}} {
		r := market.DaysBack(now, p.days)
		tabs = append(tabs, kit.Tab{Label: p.label, Href: healthURL("/house/health", r), NoCount: true, Current: shown != nil && shown.Range == r})
	}
	return tabs
}

// healthForm is the range as it stands in the form: what was typed, or what is
// shown.
func healthForm(f Form, r *market.Range) Form {
	if r == nil {
		return f
	}
	f.Values = url.Values{}
	f.Values.Set("from", r.From.Format(time.DateOnly))
	f.Values.Set("to", r.To.Format(time.DateOnly))
	return f
}

// listedWords name what a list of orders shows.
func listedWords(what string) string {
	switch what {
	case market.ListedPaid:
		return "Placed and paid"
	case market.ListedAbandoned:
		return "Placed and never paid"
	case market.ListedEnded:
		return "Ended"
	case string(order.Completed):
		return "Completed"
	case order.RequestAsked:
		return "A request was made"
	case order.RequestAgreed:
		return "A request was agreed to"
	case order.RequestDeclined:
		return "A request was declined"
	case order.RequestWithdrawn:
		return "A request was withdrawn"
	case order.RequestExpired:
		return "A request had no answer in time"
	case order.RequestOvertaken:
		return "A request was overtaken by something else"
	case order.RequestToDesk:
		return "A request came before the desk"
	case order.DisputeOpened:
		return "A bank opened a dispute"
	case order.DisputeWasWon:
		return "A dispute was won"
	case order.DisputeWasLost:
		return "A dispute was lost"
	}
	var words []string
	for _, way := range strings.Split(what, ",") {
		if way == string(order.Completed) {
			words = append(words, "completed")
			continue
		}
		words = append(words, standing.Label(policy.Class(way)))
	}
	return sentence(strings.Join(words, ", "))
}

func listedOptions(now string) []kit.Option {
	var list []kit.Option
	group := func(name string, whats ...string) {
		for _, w := range whats {
			list = append(list, kit.Option{Value: w, Label: listedWords(w), Group: name})
		}
	}
	group("By the day they were placed", market.ListedPaid, market.ListedAbandoned)
	group("By the day they ended", append([]string{market.ListedEnded}, market.Ways()...)...)
	if strings.Contains(now, ",") {
		group("By the day they ended", now)
	}
	var events []string
	for _, k := range slices.Concat(market.RequestKinds(), market.DisputeKinds()) {
		events = append(events, string(k))
	}
	group("By the day it happened", events...)
	return list
}

// column is a span as charts and tables call it.
func column(l kit.Local, step market.Step, s market.Span) kit.Column {
	c := kit.Column{Label: s.From.Format("2 Jan"), Full: rangeWords(l, s)}
	if step == market.Monthly {
		c.Label = s.From.Format("Jan 2006")
	}
	return c
}

func stepWord(s market.Step) string {
	return map[market.Step]string{market.Daily: "Day", market.Weekly: "Week", market.Monthly: "Month"}[s]
}

// heap is one series of a chart: a few tallies together, with where a number of
// it leads.
type heap struct {
	name    string
	tone    kit.Tone
	tallies []market.Tally
	href    func(market.Range) string // nil leads nowhere
}

// heapBars draws heaps over the spans of a range.
func heapBars(l kit.Local, h *market.Health, c kit.ChartProps, heaps ...heap) kit.BarProps {
	b := kit.BarProps{ChartProps: c, Column: stepWord(h.Step), Total: len(heaps) > 1}
	for _, p := range heaps {
		b.Series = append(b.Series, kit.Series{Name: p.name, Tone: p.tone})
	}
	for i, s := range h.Spans {
		col := column(l, h.Step, s)
		for _, p := range heaps {
			var cell kit.Cell
			for _, t := range p.tallies {
				cell.Value += int64(t.N[i])
			}
			if cell.Value > 0 && p.href != nil {
				cell.Href = p.href(s)
			}
			col.Cells = append(col.Cells, cell)
		}
		b.Columns = append(b.Columns, col)
	}
	return b
}

func toOrders(what string) func(market.Range) string {
	return func(r market.Range) string { return healthURL("/house/orders", r, "what", what) }
}

func toCases(pairs ...string) func(market.Range) string {
	return func(r market.Range) string { return healthURL("/house/cases", r, pairs...) }
}

func total(list []market.Tally) int {
	n := 0
	for _, t := range list {
		n += t.Sum
	}
	return n
}

// of picks tallies by name.
func of(list []market.Tally, names ...string) []market.Tally {
	var out []market.Tally
	for _, t := range list {
		if slices.Contains(names, t.What) {
			out = append(out, t)
		}
	}
	return out
}

func placedChart(l kit.Local, h *market.Health) kit.BarProps {
	return heapBars(l, h, kit.ChartProps{ID: "chart-placed", Title: "Orders placed", Quiet: true, Says: placedSays(h)},
		heap{"Paid", kit.Lapis, of(h.Placed, market.ListedPaid), toOrders(market.ListedPaid)},
		heap{"Never paid", kit.Neutral, of(h.Placed, market.ListedAbandoned), toOrders(market.ListedAbandoned)})
}

func placedSays(h *market.Health) string {
	return countOf(total(of(h.Placed, market.ListedPaid)), "order") + " placed in these days and paid, " +
		strconv.Itoa(total(of(h.Placed, market.ListedAbandoned))) + " never paid. Those that still wait for their payment are not counted yet."
}

func endedChart(l kit.Local, h *market.Health) kit.BarProps {
	ways := func(name string, tone kit.Tone, ways ...string) heap {
		return heap{name, tone, of(h.Endings, ways...), toOrders(strings.Join(ways, ","))}
	}
	word := func(c policy.Class) string { return string(c) }
	return heapBars(l, h, kit.ChartProps{ID: "chart-ended", Title: "How orders ended", Quiet: true, Says: endedSays(h)},
		ways("Completed", kit.Good, string(order.Completed)),
		ways("Before work started", kit.Neutral, word(policy.ClassBeforeStart), word(policy.ClassBeforeStartStale)),
		ways("Agreed, or not answered", kit.Brass, word(policy.ClassMutual), word(policy.ClassUnanswered)),
		ways("Late", kit.Warn, word(policy.ClassLate)),
		ways("By the house or a bank", kit.Bad, word(policy.ClassForced), word(policy.ClassModerated), word(policy.ClassRefunded), word(policy.ClassChargeback)))
}

func endedSays(h *market.Health) string {
	all, done := total(h.Endings), total(of(h.Endings, string(order.Completed)))
	if all == 0 {
		return "No order ended in these days."
	}
	return strconv.Itoa(done) + " of " + countOf(all, "order") + " that ended in these days were completed."
}

// tallyRows are tallies as a distribution, those of nothing left out.
func tallyRows(list []market.Tally, r market.Range, label func(string) string, href func(string) func(market.Range) string) []kit.DistRow {
	var rows []kit.DistRow
	for _, t := range list {
		if t.Sum > 0 {
			rows = append(rows, kit.DistRow{Label: label(t.What), Count: t.Sum, Href: href(t.What)(r)})
		}
	}
	return rows
}

func waysDist(h *market.Health) kit.DistProps {
	return kit.DistProps{
		ChartProps: kit.ChartProps{ID: "ways", Title: "Each way to end"}, Tone: kit.Lapis,
		Rows: tallyRows(h.Endings, h.Range, listedWords, toOrders),
	}
}

func requestWord(kind string) string {
	return map[string]string{
		order.RequestAgreed: "Agreed to", order.RequestDeclined: "Declined", order.RequestWithdrawn: "Withdrawn", order.RequestExpired: "No answer in time",
		order.RequestOvertaken: "Overtaken", order.RequestToDesk: "Before the desk",
		order.DisputeOpened: "Opened by a bank", order.DisputeWasWon: "Won", order.DisputeWasLost: "Lost",
	}[kind]
}

func requestsChart(l kit.Local, h *market.Health) kit.BarProps {
	return heapBars(l, h, kit.ChartProps{ID: "chart-requests", Title: "Requests made", Quiet: true, Says: requestsSays(h)},
		heap{"Made", kit.Lapis, of(h.Requests, order.RequestAsked), toOrders(order.RequestAsked)})
}

func requestsSays(h *market.Health) string {
	return countOf(total(of(h.Requests, order.RequestAsked)), "request") + " of one party to the other made in these days."
}

func answersDist(h *market.Health) kit.DistProps {
	return kit.DistProps{
		ChartProps: kit.ChartProps{ID: "answers", Title: "How requests were answered in these days"}, Tone: kit.Lapis,
		Rows: tallyRows(h.Requests[1:], h.Range, requestWord, toOrders),
	}
}

func disputesDist(h *market.Health) kit.DistProps {
	return kit.DistProps{
		ChartProps: kit.ChartProps{ID: "disputes", Title: "Payments that a bank disputed"}, Tone: kit.Lapis,
		Rows: tallyRows(h.Disputes, h.Range, requestWord, toOrders),
	}
}

func casesChart(l kit.Local, h *market.Health) kit.BarProps {
	people, house := []string{}, []string{}
	for _, k := range desk.Kinds() {
		people = append(people, string(k))
	}
	for _, k := range desk.HouseKinds() {
		house = append(house, string(k))
	}
	heaps := []heap{{"Opened by people", kit.Lapis, of(h.Opened, people...), nil}, {"Opened by the house", kit.Neutral, of(h.Opened, house...), nil}}
	return heapBars(l, h, kit.ChartProps{ID: "chart-cases", Title: "Cases opened", Quiet: true, Says: casesSays(h)}, heaps...)
}

func casesSays(h *market.Health) string {
	return countOf(total(h.Opened), "case") + " opened and " + strconv.Itoa(total(h.Decided)) + " decided in these days."
}

func kindWords(kind string) string { return desk.Kind(kind).Words() }

func openedDist(h *market.Health) kit.DistProps {
	return kit.DistProps{
		ChartProps: kit.ChartProps{ID: "opened", Title: "What they are about"}, Tone: kit.Lapis,
		Rows: tallyRows(h.Opened, h.Range, kindWords, func(kind string) func(market.Range) string {
			return toCases("kind", kind)
		}),
	}
}

func decidedDist(h *market.Health) kit.DistProps {
	return kit.DistProps{
		ChartProps: kit.ChartProps{ID: "decided", Title: "What was decided"}, Tone: kit.Lapis,
		Rows: tallyRows(h.Decided, h.Range, kindWords, func(kind string) func(market.Range) string {
			return toCases("kind", kind, "by", "decided")
		}),
	}
}

// firstAnswers cuts the cases opened by how their first answer came.
func firstAnswers(h *market.Health) kit.ShareProps {
	a := h.Answers
	late := a.Answered - a.Within + a.Late
	part := func(label string, n int, tone kit.Tone, answer string) kit.SharePart {
		p := kit.SharePart{Label: label, Count: n, Tone: tone}
		if n > 0 {
			p.Href = toCases("answer", answer)(h.Range)
		}
		return p
	}
	return kit.ShareProps{
		ChartProps: kit.ChartProps{ID: "first-answers", Title: "The first answer", Says: answersSays(h)},
		Parts: []kit.SharePart{
			part("within "+h.Target.Words(), a.Within, kit.Good, "within"), part("later, or still missing", late, kit.Warn, "late"),
			part("still in time", a.Opened-a.Within-late, kit.Neutral, "waiting"),
		},
	}
}

func answersSays(h *market.Health) string {
	a := h.Answers
	if a.Answered == 0 {
		return "No case of these days has been answered yet."
	}
	return "Half of the answers took no longer than " + lasting(a.Median) + ", nine of ten no longer than " + lasting(a.Ninetieth) + "."
}

// lasting says a span in two units at most.
func lasting(d time.Duration) string {
	if d < time.Minute {
		return "a minute"
	}
	return strings.TrimPrefix(kit.Countdown(d), "in ")
}

// amounts are written without cents where there are none.
func amounts(c money.Currency) func(int64) string {
	return func(n int64) string { return strings.TrimSuffix(money.Of(n, c).String(), ".00") }
}

func pots(l kit.Local, h *market.Health, c kit.ChartProps, list []market.Held, series ...kit.Series) kit.BarProps {
	b := kit.BarProps{ChartProps: c, Column: stepWord(h.Step), Series: series, Scale: amounts(h.Currency), Total: len(series) > 1}
	for i, s := range h.Spans {
		col := column(l, h.Step, s)
		for _, p := range list[:len(series)] {
			col.Cells = append(col.Cells, kit.Cell{Value: p.Minor[i]})
		}
		b.Columns = append(b.Columns, col)
	}
	return b
}

func heldChart(l kit.Local, h *market.Health) kit.BarProps {
	return pots(l, h, kit.ChartProps{ID: "chart-held", Title: "Money held", Quiet: true, Says: heldSays(h)}, h.Held,
		kit.Series{Name: "For running orders", Tone: kit.Lapis}, kit.Series{Name: "Earned, clears later", Tone: kit.Brass}, kit.Series{Name: "Free to withdraw", Tone: kit.Good})
}

func heldSays(h *market.Health) string {
	say := amounts(h.Currency)
	last := func(i int) string { return say(h.Held[i].Minor[len(h.Spans)-1]) }
	return "At the end of these days " + last(0) + " is held for running orders, " + last(1) + " is earned and clears later, and " + last(2) + " is free to withdraw."
}

func earnedChart(l kit.Local, h *market.Health) kit.BarProps {
	return pots(l, h, kit.ChartProps{ID: "chart-earned", Title: "Commission", Quiet: true, Says: earnedSays(h)}, h.Earned, kit.Series{Name: "Commission", Tone: kit.Lapis})
}

func earnedSum(h *market.Health, i int) int64 {
	var n int64
	for _, m := range h.Earned[i].Minor {
		n += m
	}
	return n
}

func earnedSays(h *market.Health) string {
	say := amounts(h.Currency)
	out := say(earnedSum(h, 0)) + " of commission in these days, what was given back taken off."
	if fees := earnedSum(h, 1); fees != 0 {
		out += " Fees of buyers: " + say(fees) + "."
	}
	if losses := earnedSum(h, 2); losses != 0 {
		out += " Paid by the house: " + say(-losses) + "."
	}
	return out
}

// healthTiles are the six numbers that one looks at first.
func healthTiles(h *market.Health) []kit.Stat {
	paid, ended, done := total(of(h.Placed, market.ListedPaid)), total(h.Endings), total(of(h.Endings, string(order.Completed)))
	stat := func(id, label string, n int, note, says, href string) kit.Stat {
		b := kit.BecauseProps{ID: "why-" + id, Figure: strconv.Itoa(n), Says: says}
		if n > 0 && href != "" {
			b.All = kit.Link{Label: "See all " + strconv.Itoa(n), Href: href}
		}
		return kit.Stat{Label: label, Because: &b, Note: note}
	}
	say := amounts(h.Currency)
	answer := "none yet"
	if h.Answers.Answered > 0 {
		answer = lasting(h.Answers.Median)
	}
	return []kit.Stat{
		stat("paid", "Orders paid", paid, "placed in these days", placedSays(h), toOrders(market.ListedPaid)(h.Range)),
		stat("done", "Completed", done, "of "+strconv.Itoa(ended)+" that ended", endedSays(h), toOrders(string(order.Completed))(h.Range)),
		stat("cases", "Cases opened", total(h.Opened), strconv.Itoa(total(h.Decided))+" decided", casesSays(h), toCases()(h.Range)),
		{Label: "First answer", Note: "half were no slower", Because: &kit.BecauseProps{ID: "why-answer", Figure: answer, Says: answersSays(h)}},
		{Label: "Money held", Note: "for running orders", Because: &kit.BecauseProps{ID: "why-held", Figure: say(h.Held[0].Minor[len(h.Spans)-1]), Says: heldSays(h)}},
		{Label: "Commission", Note: "in these days", Because: &kit.BecauseProps{
			ID: "why-commission", Figure: say(earnedSum(h, 0)), Says: earnedSays(h),
			All: kit.Link{Label: "See the orders that ended", Href: toOrders(market.ListedEnded)(h.Range)},
		}},
	}
}

// levelsDist is how many sellers stand on each level today.
func levelsDist(h *market.Health) kit.DistProps {
	d := kit.DistProps{ChartProps: kit.ChartProps{ID: "levels", Title: "Sellers by level", Quiet: true}}
	for _, l := range h.Levels {
		row := kit.DistRow{Label: l.Words, Count: l.Sellers}
		if l.Sellers > 0 {
			row.Href = sellersURL(l.Level, "")
		}
		d.Rows = append(d.Rows, row)
	}
	return d
}

func sellersURL(level, after string) string {
	q := url.Values{"level": {level}}
	if after != "" {
		q.Set("after", after)
	}
	return "/house/sellers?" + q.Encode()
}

// listedState is how an order in a list ended, or that it runs.
func listedState(r market.Listed) kit.State {
	switch {
	case r.State == order.Completed:
		return kit.State{Tone: kit.Good, Icon: "circle-check", Text: "Completed"}
	case r.State == order.Abandoned:
		return kit.State{Tone: kit.Neutral, Icon: "circle-dashed", Text: "Never paid"}
	case r.State == order.Refunded:
		return kit.State{Tone: kit.Warn, Icon: "undo-2", Text: "Refunded"}
	case r.Class != "":
		return kit.State{Tone: kit.Warn, Icon: "circle-x", Text: sentence(standing.Label(r.Class))}
	}
	return kit.State{Tone: kit.Lapis, Icon: "hammer", Text: "Running"}
}

// listedWhen says which of an order's moments the list is about.
func listedWhen(what string) string {
	switch {
	case what == market.ListedPaid || what == market.ListedAbandoned:
		return "Placed "
	case strings.HasPrefix(what, "order."):
		return ""
	}
	return "Ended "
}

func casesTitle(f Form) string {
	title := "Cases opened"
	if f.Get("by") == "decided" {
		title = "Cases decided"
	}
	if kind := f.Get("kind"); kind != "" {
		title += ": " + kindWords(kind)
	}
	return title
}

func answerOptions() []kit.Option {
	return []kit.Option{{Value: "", Label: "Any"}, {Value: "within", Label: "In time"}, {Value: "late", Label: "Late or missing"}, {Value: "waiting", Label: "Still in time"}}
}
