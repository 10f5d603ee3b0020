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

// Past is what a preview starts from: everything that a person's figures are
// folded from, as Figures wants it.
type Past struct {
	Lines []Contribution
	Heaps []Heap
}

// Add puts two pasts of one person together.
func (h *Past) Add(more Past) {
	h.Lines = append(h.Lines, more.Lines...)
	h.Heaps = append(h.Heaps, more.Heaps...)
}

// Preview folds a person's past without and with what an order would become,
// both as of the instant at which it would, and tells what it does to each of
// their figures; nothing for a figure that the order leaves alone. It is the
// fold that the page shows afterwards, so what it says is what happens, as long
// as nothing else happens before.
func Preview(past Past, who ident.Member, was, next order.Order, pinned policy.Version, at time.Time, p policy.Version) []Change {
	before := mine(Of(was, pinned), who)
	put, drop := Diff(before, mine(Of(next, pinned), who))
	if len(put)+len(drop) == 0 {
		return nil
	}
	then := Past{slices.Clone(past.Lines), slices.Clone(past.Heaps)}
	for _, c := range before {
		if slices.ContainsFunc(slices.Concat(put, drop), func(k Contribution) bool { return k.Figure == c.Figure }) {
			then.remove(c)
		}
	}
	then.Lines = append(then.Lines, put...)
	old, now := Figures(past.Lines, at, p, past.Heaps...), Figures(then.Lines, at, p, then.Heaps...)
	var list []Change
	for _, c := range put {
		change := changeOf(c.Figure, who, old, now)
		change.Adds = c
		if c.Mark != Excluded {
			change.Until = c.At.Add(window(c.Figure, p))
			change.Latest = c.At.Add(p.Standing.ReachBack.D())
		}
		list = append(list, change)
	}
	for _, c := range drop {
		list = append(list, changeOf(c.Figure, who, old, now))
	}
	for i := range list {
		list[i].Was = markOf(before, list[i].Figure)
	}
	return list
}

// remove takes one order's contribution out, from its heap if it lies in one.
func (h *Past) remove(c Contribution) {
	i := slices.IndexFunc(h.Lines, func(k Contribution) bool { return k.Figure == c.Figure && k.Order == c.Order })
	if i >= 0 {
		h.Lines = slices.Delete(h.Lines, i, i+1)
		return
	}
	i = slices.IndexFunc(h.Heaps, func(k Heap) bool { return k.Figure == c.Figure && k.Mark == c.Mark && k.N > 0 })
	if i >= 0 && !c.At.Before(h.Heaps[i].At) {
		h.Heaps[i].N--
	}
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

func markOf(cs []Contribution, f Figure) Mark {
	i := slices.IndexFunc(cs, func(c Contribution) bool { return c.Figure == f })
	if i < 0 {
		return ""
	}
	return cs[i].Mark
}
