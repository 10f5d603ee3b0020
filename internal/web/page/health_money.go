package page

import (
	"guildhall/internal/market"
	"guildhall/internal/web/kit"
)

// potWords name the money of a pot.
func potWords(pot string) string {
	switch pot {
	case market.ListedHeld:
		return "For running orders"
	case "pending":
		return "Earned, clears later"
	case "available":
		return "Free to withdraw"
	}
	return listedWords(pot)
}

// toMoney leads to the list behind the money of a pot.
func toMoney(pot string) func(market.Range) string {
	for _, one := range market.BalancePots() {
		if one == pot {
			return func(r market.Range) string { return healthURL("/house/balances", r, "pot", pot) }
		}
	}
	return toOrders(pot)
}

// heldAt is what lay in a pot at the end of the range, earnedIn what one gained
// in it.
func heldAt(h *market.Health, pot int) int64 { return h.Held[pot].Minor[len(h.Spans)-1] }

func earnedIn(h *market.Health, pot int) (sum int64) {
	for _, minor := range h.Earned[pot].Minor {
		sum += minor
	}
	return sum
}

// sumLink leads to a list, unless nothing is in it.
func sumLink(label string, minor int64, href string) kit.Link {
	if minor == 0 {
		return kit.Link{}
	}
	return kit.Link{Label: label, Href: href}
}

func sumFact(h *market.Health, pot string, minor int64) kit.Fact {
	return kit.Fact{Name: potWords(pot), Body: sumLinked(amounts(h.Currency)(minor), sumLink("", minor, toMoney(pot)(h.Range)).Href)}
}

func heldSums(h *market.Health) (list []kit.Fact) {
	for i, pot := range h.Held {
		list = append(list, sumFact(h, pot.Pot, heldAt(h, i)))
	}
	return list
}

// earnedSums leaves out what most houses never have.
func earnedSums(h *market.Health) (list []kit.Fact) {
	for i, pot := range h.Earned {
		if minor := earnedIn(h, i); i == 0 || minor != 0 {
			list = append(list, sumFact(h, pot.Pot, minor))
		}
	}
	return list
}

// potBars draws what pots held, or gained, over the spans of a range.
func potBars(l kit.Local, h *market.Health, c kit.ChartProps, list []market.Held, tones ...kit.Tone) kit.BarProps {
	b := kit.BarProps{ChartProps: c, Column: stepWord(h.Step), Scale: amounts(h.Currency), Total: len(tones) > 1}
	for i, tone := range tones {
		b.Series = append(b.Series, kit.Series{Name: potWords(list[i].Pot), Tone: tone})
	}
	for i, s := range h.Spans {
		col := column(l, h.Step, s)
		for _, p := range list[:len(tones)] {
			col.Cells = append(col.Cells, kit.Cell{Value: p.Minor[i], Href: sumLink("", p.Minor[i], toMoney(p.Pot)(s)).Href})
		}
		b.Columns = append(b.Columns, col)
	}
	return b
}

func heldChart(l kit.Local, h *market.Health) kit.BarProps {
	return potBars(l, h, kit.ChartProps{ID: "chart-held", Title: "Money held", Quiet: true, Says: heldSays(h)}, h.Held, kit.Lapis, kit.Brass, kit.Good)
}

func heldSays(h *market.Health) string {
	say := amounts(h.Currency)
	return "At the end of these days " + say(heldAt(h, 0)) + " is held for running orders, " + say(heldAt(h, 1)) + " is earned and clears later, and " + say(heldAt(h, 2)) + " is free to withdraw."
}

func earnedChart(l kit.Local, h *market.Health) kit.BarProps {
	return potBars(l, h, kit.ChartProps{ID: "chart-earned", Title: "Commission", Quiet: true, Says: earnedSays(h)}, h.Earned, kit.Lapis)
}

func earnedSays(h *market.Health) string {
	say := amounts(h.Currency)
	out := say(earnedIn(h, 0)) + " of commission in these days, what was given back taken off."
	if fees := earnedIn(h, 1); fees != 0 {
		out += " Fees of buyers: " + say(fees) + "."
	}
	if losses := earnedIn(h, 2); losses != 0 {
		out += " Paid by the house: " + say(-losses) + "."
	}
	return out
}

func balancesTitle(pot string) string { return "Sellers’ money: " + potLower(pot) }

func potLower(pot string) string {
	if pot == "available" {
		return "free to withdraw"
	}
	return "earned, clears later"
}

func balancesLead(l kit.Local, v *market.HealthBalanceList) string {
	if v == nil {
		return ""
	}
	return "At the end of " + houseDay(l, v.To) + ": " + v.Sum.String() + " in all."
}

func balancesRange(v *market.HealthBalanceList) *market.Range {
	if v == nil {
		return nil
	}
	return &v.Range
}

func balanceOptions() (list []kit.Option) {
	for _, pot := range market.BalancePots() {
		list = append(list, kit.Option{Value: pot, Label: potWords(pot)})
	}
	return list
}

func balancesURL(v *market.HealthBalanceList, after string) string {
	return healthURL("/house/balances", v.Range, "pot", v.Pot, "after", after)
}
