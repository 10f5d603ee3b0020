package help

import (
	"fmt"
	"strconv"
	"time"

	"guildhall/internal/ident"
	"guildhall/internal/policy"
	"guildhall/internal/standing"
)

// RatesExample is the share of completed orders of three sellers, each folded
// by standing.Figures as on their own pages.
type RatesExample struct {
	Completed, Against, Excluded string // of the first one, within the window
	Rate, Next                   string // now, and after one more completed order
	Leaves                       string // when the oldest of those against leaves the window

	HairFor, HairAll, HairRate string // of one who is a hair below nine in ten

	FewFor, FewAll, FewRate string // of one who has only just begun
	FewHeld                 bool   // whether theirs is held against a threshold
}

func playRates(e *Example, _ Lived, p policy.Version) error {
	const completed, against, excluded = 50, 3, 4
	past := slips{from: monday.Add(-p.Standing.Window.D() * 3 / 4)}
	worst := past.add(against, standing.Against)
	past.add(completed, standing.For)
	past.add(excluded, standing.Excluded)
	r := &e.Rates
	now := standing.Figures(past.list, monday, p).Completion
	r.Completed, r.Against, r.Excluded = plural(now.For, "completed order"), plural(now.Against, "cancellation"), strconv.Itoa(now.Excluded())
	r.Rate, r.Leaves = now.String(), at(worst.Add(p.Standing.Window.D()))
	past.add(1, standing.For)
	r.Next = standing.Figures(past.list, monday, p).Completion.String()

	hair := slips{from: monday.Add(-p.Standing.Window.D() * 3 / 4)}
	hair.add(25, standing.Against)
	hair.add(224, standing.For)
	near := standing.Figures(hair.list, monday, p).Completion
	r.HairFor, r.HairAll, r.HairRate = strconv.Itoa(near.For), strconv.Itoa(near.Counted()), near.String()

	few := slips{from: monday.Add(-p.Standing.Window.D() / 2)}
	few.add(1, standing.For)
	few.add(1, standing.Against)
	young := standing.Figures(few.list, monday, p).Completion
	r.FewFor, r.FewAll, r.FewRate, r.FewHeld = strconv.Itoa(young.For), strconv.Itoa(young.Counted()), young.String(), young.Enforced
	return nil
}

// slips are endings of a seller's orders, a minute apart.
type slips struct {
	from time.Time
	list []standing.Contribution
}

// add adds n endings of a mark and tells when the first of them was.
func (s *slips) add(n int, mark standing.Mark) time.Time {
	first := s.from
	for range n {
		s.list = append(s.list, standing.Contribution{
			Figure: standing.Completion, Member: mara.Member, Order: ident.Order(fmt.Sprintf("order_%04d", len(s.list))),
			At: s.from, Mark: mark, Rule: standing.RuleCompleted,
		})
		s.from = s.from.Add(time.Minute)
	}
	return first
}
