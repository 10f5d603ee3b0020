package page

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"guildhall/internal/desk"
	"guildhall/internal/market"
	"guildhall/internal/money"
	"guildhall/internal/order"
	"guildhall/internal/policy"
	"guildhall/internal/web/kit"
)

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
	return heapBars(l, h, kit.ChartProps{ID: "chart-cases", Title: "Cases opened", Quiet: true, Says: casesSays(h)}, heap{"Opened", kit.Lapis, h.Opened, toCases()})
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
