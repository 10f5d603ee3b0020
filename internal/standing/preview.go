package standing

import (
	"slices"
	"time"

	"guildhall/internal/ident"
	"guildhall/internal/order"
	"guildhall/internal/policy"
)

// Change is what one order would do to one figure of one person.
type Change struct {
	Figure        Figure
	Member        ident.Member
	Before, After Rate         // of a seller's figure; both as of the same instant, without and with it
	Noted         [2]int       // of a buyer's record: before, after
	Adds          Contribution // what the order adds; its Mark is empty where it takes something away
	Was           Mark         // how the same order entered the figure until then; empty for not at all
	Until         time.Time    // it leaves the window; zero where it adds nothing that counts
	Latest        time.Time    // with few orders the window reaches back, at most until then
}

// Moves tells whether the figure itself would be another one.
func (c Change) Moves() bool {
	return !c.Before.Same(c.After) || c.Noted[0] != c.Noted[1]
}

// Preview folds a person's contributions without and with what an order would
// become, both as of the instant at which it would, and tells what it does to
// each of their figures; nothing for a figure that the order leaves alone. It
// is the fold that the page shows afterwards, so what it says is what happens,
// as long as nothing else happens before. cs are all of the person's
// contributions within standing.reach_back.
func Preview(cs []Contribution, who ident.Member, was, next order.Order, pinned policy.Version, at time.Time, p policy.Version) []Change {
	put, drop := Diff(mine(Of(was, pinned), who), mine(Of(next, pinned), who))
	if len(put)+len(drop) == 0 {
		return nil
	}
	then := slices.Clone(cs)
	for _, c := range slices.Concat(put, drop) {
		then = slices.DeleteFunc(then, func(k Contribution) bool { return k.Figure == c.Figure && k.Order == c.Order })
	}
	then = append(then, put...)
	before, after := Figures(cs, at, p), Figures(then, at, p)
	var list []Change
	for _, c := range put {
		change := changeOf(c.Figure, who, before, after)
		change.Adds = c
		if c.Mark != Excluded {
			change.Until = c.At.Add(window(c.Figure, p))
			change.Latest = c.At.Add(p.Standing.ReachBack.D())
		}
		list = append(list, change)
	}
	for _, c := range drop {
		list = append(list, changeOf(c.Figure, who, before, after))
	}
	for i := range list {
		list[i].Was = markOf(cs, list[i].Figure, next.ID)
	}
	return list
}

func changeOf(f Figure, who ident.Member, before, after Sheet) Change {
	c := Change{Figure: f, Member: who}
	switch f {
	case Completion:
		c.Before, c.After = before.Completion, after.Completion
	case OnTime:
		c.Before, c.After = before.OnTime, after.OnTime
	case BuyerRecord:
		c.Noted = [2]int{before.Record.Noted, after.Record.Noted}
	}
	return c
}

// window is how long something counts in a figure.
func window(f Figure, p policy.Version) time.Duration {
	if f == BuyerRecord {
		return p.Standing.ReachBack.D()
	}
	return p.Standing.Window.D()
}

func mine(cs []Contribution, who ident.Member) []Contribution {
	return slices.DeleteFunc(cs, func(c Contribution) bool { return c.Member != who })
}

func markOf(cs []Contribution, f Figure, id ident.Order) Mark {
	i := slices.IndexFunc(cs, func(c Contribution) bool { return c.Figure == f && c.Order == id })
	if i < 0 {
		return ""
	}
	return cs[i].Mark
}
