package help

import (
	"fmt"
	"strconv"
	"strings"

	"guildhall/internal/policy"
)

// level is the nth rung of the ladder in words, from the lowest; of a ladder
// with fewer rungs it is the highest.
func (r *renderer) level(n int) string {
	ladder := r.policy.Standing.Levels
	if len(ladder) == 0 || n < 1 {
		return "a level"
	}
	return plain(ladder[min(n, len(ladder))-1].Words)
}

// levels is the table of the whole ladder: what each rung asks for.
func (r *renderer) levels() string {
	ladder := r.policy.Standing.Levels
	if len(ladder) == 0 {
		return "This house has no levels.\n"
	}
	var b strings.Builder
	b.WriteString("| What is asked for |")
	for _, l := range ladder {
		b.WriteString(" " + plain(l.Words) + " |")
	}
	b.WriteString("\n| --- |" + strings.Repeat(" --- |", len(ladder)) + "\n")
	for _, line := range asked {
		cells, any := "", false
		for _, l := range ladder {
			words := line.of(l, r.policy)
			any = any || words != ""
			cells += " " + plain(words) + " |"
		}
		if any {
			fmt.Fprintf(&b, "| **%s** |%s\n", line.name, cells)
		}
	}
	return b.String()
}

// asked are the lines of the ladder's table; an empty cell asks for nothing.
var asked = []struct {
	name string
	of   func(policy.Level, policy.Version) string
}{
	{"Days as a seller", func(l policy.Level, _ policy.Version) string { return some(l.Days) }},
	{"Completed orders", func(l policy.Level, _ policy.Version) string { return some(l.Completed) }},
	{"Different buyers", func(l policy.Level, _ policy.Version) string { return some(l.UniqueBuyers) }},
	{"Earned", func(l policy.Level, p policy.Version) string {
		if l.Earned == 0 {
			return ""
		}
		return l.Earned.In(p.Currency).String()
	}},
	{"Rating", func(l policy.Level, _ policy.Version) string {
		if l.Rating == 0 {
			return ""
		}
		return l.Rating.String()
	}},
	{"Completed, of those that count", func(l policy.Level, _ policy.Version) string { return share(l.Completion) }},
	{"On time", func(l policy.Level, _ policy.Version) string { return share(l.OnTime) }},
	{"First messages answered in time", func(l policy.Level, _ policy.Version) string { return share(l.Response) }},
	{"No warning", func(l policy.Level, p policy.Version) string {
		return yes(l.NoWarnings, "for "+p.Standing.WarningLife.Words())
	}},
	{"A person’s yes", func(l policy.Level, _ policy.Version) string { return yes(l.Approval, "needed") }},
	{"Money clears after", func(l policy.Level, p policy.Version) string {
		if l.Clearance == 0 {
			return p.Money.Clearance.Words()
		}
		return l.Clearance.Words()
	}},
}

func some(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func share(p policy.Percent) string {
	if p == 0 {
		return ""
	}
	return p.String()
}

func yes(b bool, words string) string {
	if b {
		return words
	}
	return ""
}
