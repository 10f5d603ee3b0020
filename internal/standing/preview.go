package standing

import (
	"cmp"
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
	Before, After Rate         // of a share; both as of the same instant, without and with it
	Noted         [2]int       // of a buyer's record: before, after
	Says          [2]string    // of any figure, as a page prints it: before, after
	Adds          Contribution // what the order adds; its Mark is empty where it takes something away
	Was           Mark         // how the same order entered the figure until then; empty for not at all
	Until         time.Time    // it leaves the window; zero where it adds nothing that counts, and where it stays for ever
	Latest        time.Time    // with few orders the window reaches back, at most until then
}

// Moves tells whether the figure itself would be another one.
func (c Change) Moves() bool {
	return !c.Before.Same(c.After) || c.Noted[0] != c.Noted[1] || c.Says[0] != c.Says[1]
}

// LevelChange is what one order would do to its seller's level, both as of the
// same instant.
type LevelChange struct {
	Member  ident.Member
	Before  string       // name of the level
	After   string       // with what would happen
	Words   [2]string    // the same as people call them; empty for none
	Demotes [2]time.Time // when it falls unless the figures recover; zero where it does not
	Ready   string       // the level that would wait for a person's yes
	Short   []string     // what the figures would lack for the level then, in words
}

// Moves tells whether the level, or the day on which it falls, would be another.
func (c LevelChange) Moves() bool {
	return c.Before != c.After || !c.Demotes[0].Equal(c.Demotes[1]) || c.Ready != ""
}

// PreviewLevel evaluates a seller's level without and with an order that has
// not happened yet, both as of the instant at which it would.
func PreviewLevel(past Past, st State, was, next order.Order, pinned policy.Version, at time.Time, p policy.Version) LevelChange {
	then, changed := past.with(was, next, pinned, st.Member)
	c := LevelChange{Member: st.Member}
	before, _ := Evaluate(at, st, foldOf(past, p).sheet(at, false), p)
	after := before
	if changed {
		s := foldOf(then, p).sheet(at, false)
		after, _ = Evaluate(at, st, s, p)
		if i := place(p, after.Level); i >= 0 && !after.DemotesAt.IsZero() {
			c.Short = unmet(p.Standing.Levels[i], s)
		}
	}
	c.Before, c.After = before.Level, after.Level
	c.Words = [2]string{LevelWords(p, before.Level), LevelWords(p, after.Level)}
	c.Demotes = [2]time.Time{before.DemotesAt, after.DemotesAt}
	if after.Ready != before.Ready {
		c.Ready = after.Ready
	}
	return c
}

// with is the past of a member with an order as it would be in place of the
// order as it is, and whether that is another one.
func (h Past) with(was, next order.Order, pinned policy.Version, who ident.Member) (Past, bool) {
	before := mine(Of(was, pinned), who)
	put, drop := Diff(before, mine(Of(next, pinned), who))
	then := h
	then.Lines, then.Heaps = slices.Clone(h.Lines), slices.Clone(h.Heaps)
	for _, c := range before {
		if slices.ContainsFunc(slices.Concat(put, drop), func(k Contribution) bool { return k.Figure == c.Figure }) {
			then.remove(c)
		}
	}
	then.Lines = append(then.Lines, put...)
	return then, len(put)+len(drop) > 0
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
	then, _ := past.with(was, next, pinned, who)
	old, now := past.Sheet(at, p), then.Sheet(at, p)
	var list []Change
	for _, c := range put {
		change := changeOf(c.Figure, who, old, now, p)
		change.Adds = c
		if c.Mark != Excluded {
			change.Until = Leaving(c, p)
			if !change.Until.IsZero() {
				change.Latest = c.At.Add(p.Standing.ReachBack.D())
			}
		}
		list = append(list, change)
	}
	for _, c := range drop {
		list = append(list, changeOf(c.Figure, who, old, now, p))
	}
	for i := range list {
		list[i].Was = markOf(before, list[i].Figure)
	}
	for _, f := range []Figure{Completed, UniqueBuyers} { // read from the completed ones
		if c := changeOf(f, who, old, now, p); c.Says[0] != c.Says[1] {
			list = append(list, c)
		}
	}
	slices.SortStableFunc(list, func(a, b Change) int {
		return cmp.Compare(slices.Index(shown, a.Figure), slices.Index(shown, b.Figure))
	})
	return list
}

// shown is the order in which a preview lists figures.
var shown = []Figure{OnTime, Completion, Completed, UniqueBuyers, Earned, BuyerRecord}

// remove takes one order's contribution out, from its heap if it lies in one.
func (h *Past) remove(c Contribution) {
	i := slices.IndexFunc(h.Lines, func(k Contribution) bool { return k.Figure == c.Figure && k.Subject == c.Subject })
	if i >= 0 {
		h.Lines = slices.Delete(h.Lines, i, i+1)
		return
	}
	i = slices.IndexFunc(h.Heaps, func(k Heap) bool {
		return k.Figure == c.Figure && k.Mark == c.Mark && k.N > 0 && !c.At.Before(k.From) && !c.At.After(k.To)
	})
	if i < 0 {
		return
	}
	h.Heaps[i].N--
	h.Heaps[i].Sum -= c.Value
	if b := h.Buyers; b != nil && c.Figure == Completion && c.Mark == For && c.Peer == b.Known {
		fewer := *b
		fewer.Heaped--
		h.Buyers = &fewer
	}
}

func changeOf(f Figure, who ident.Member, before, after Sheet, p policy.Version) Change {
	c := Change{Figure: f, Member: who, Says: [2]string{before.Text(f, p), after.Text(f, p)}}
	c.Before, _ = before.Rate(f)
	c.After, _ = after.Rate(f)
	if f == BuyerRecord {
		c.Noted = [2]int{before.Record.Noted, after.Record.Noted}
	}
	return c
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
