package page

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"guildhall/internal/ledger"
	"guildhall/internal/market"
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
	case market.ListedHeld:
		return "Money is held for it"
	case "commission":
		return "Commission"
	case "fees":
		return "Fees of buyers"
	case "losses":
		return "Paid by the house"
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
	group("By its money", market.ListedMoney()...)
	return list
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
		{Label: "First answer", Note: "half were no slower", Because: &kit.BecauseProps{
			ID: "why-answer", Figure: answer, Says: answersSays(h), All: kit.Link{Label: "See the cases opened", Href: toCases()(h.Range)},
		}},
		{Label: "Money held", Note: "for running orders", Because: &kit.BecauseProps{
			ID: "why-held", Figure: say(heldAt(h, 0)), Says: heldSays(h), All: sumLink("See the orders it is held for", heldAt(h, 0), toOrders(market.ListedHeld)(h.Range)),
		}},
		{Label: "Commission", Note: "in these days", Because: &kit.BecauseProps{
			ID: "why-commission", Figure: say(earnedIn(h, 0)), Says: earnedSays(h),
			All: kit.Link{Label: "See the orders it comes from", Href: toOrders(h.Earned[0].Pot)(h.Range)},
		}},
	}
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
func listedWhen(what string, r market.Listed) string {
	switch {
	case what == market.ListedHeld && r.Ended.IsZero(), what == market.ListedPaid, what == market.ListedAbandoned:
		return "Placed "
	case r.Entry == ledger.KindTakeBack:
		return "Given back "
	case r.Entry == ledger.KindChargeback:
		return "The bank took it back "
	case r.Entry != "":
		return "Completed "
	case strings.HasPrefix(what, "order."):
		return ""
	}
	return "Ended "
}

// listedAmount is the price of an order, or what it adds to a number of money.
func listedAmount(r market.Listed) string {
	if r.Part.IsZero() {
		return r.Total.String()
	}
	return r.Part.String()
}

func listedSub(r market.Listed) string {
	if r.Part.IsZero() || r.Part == r.Total {
		return "#" + r.Ref
	}
	return "#" + r.Ref + " · price " + r.Total.String()
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
