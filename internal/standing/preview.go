package standing

import (
	"cmp"
	"slices"
	"time"

	"guildhall/internal/ident"
	"guildhall/internal/order"
	"guildhall/internal/policy"
)

// Turn is what would change of what stands behind figures: the contributions of
// one order and its reviews as they are and as they would be, whoever's figures
// they enter, and the warnings of the one person who is looked at.
type Turn struct {
	Was, Next []Contribution
	Warned    []Warning       // would be given
	Lifted    []ident.Warning // would be taken back
}

// TurnOf is what an order changes by becoming another one.
func TurnOf(was, next order.Order, pinned policy.Version) Turn {
	return Turn{Was: Of(was, pinned), Next: Of(next, pinned)}
}

// of splits a turn into what somebody had of it, and what would be new and what
// gone.
func (t Turn) of(who ident.Member) (before, put, drop []Contribution) {
	before = mine(t.Was, who)
	put, drop = Diff(before, mine(t.Next, who))
	return before, put, drop
}

// Change is what one turn would do to one figure of one person.
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

// Lingers tells whether it may stay until Latest: few count, so that the window
// reaches back for it unless enough others come.
func (c Change) Lingers() bool {
	return c.Latest.After(c.Until) && (c.After.Reached || !c.After.Enforced)
}

// LevelChange is what one turn would do to a seller's level, both as of the same
// instant.
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

// PreviewLevel evaluates a seller's level without and with something that has
// not happened yet, both as of the instant at which it would.
func PreviewLevel(past Past, st State, t Turn, at time.Time, p policy.Version) LevelChange {
	then, changed := past.with(t, st.Member, at)
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

// with is the past of a member once a turn was taken at an instant, and whether
// that is another one.
func (h Past) with(t Turn, who ident.Member, at time.Time) (Past, bool) {
	before, put, drop := t.of(who)
	then := h
	then.Lines, then.Heaps = slices.Clone(h.Lines), slices.Clone(h.Heaps)
	for _, c := range before {
		if slices.ContainsFunc(slices.Concat(put, drop), func(k Contribution) bool { return k.Figure == c.Figure }) {
			then.remove(c)
		}
	}
	then.Lines = append(then.Lines, put...)
	then.Warnings = append(slices.Clone(h.Warnings), t.Warned...)
	for i, w := range then.Warnings {
		if slices.Contains(t.Lifted, w.ID) {
			then.Warnings[i].Lifted = at
		}
	}
	return then, len(put)+len(drop)+len(t.Warned)+len(t.Lifted) > 0
}

// Preview folds a person's past without and with what would happen, both as of the instant at which it would, and tells what it does to each of
// their figures; nothing for a figure that the order leaves alone. It is the
// fold that the page shows afterwards, so what it says is what happens, as long
// as nothing else happens before.
func Preview(past Past, who ident.Member, t Turn, at time.Time, p policy.Version) []Change {
	then, changed := past.with(t, who, at)
	if !changed {
		return nil
	}
	before, put, drop := t.of(who)
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
	for _, f := range []Figure{Completed, UniqueBuyers, Warnings} { // no contributions of their own
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
var shown = []Figure{Rating, OnTime, Response, Completion, Completed, UniqueBuyers, Earned, Warnings, BuyerRecord}

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

func mine(cs []Contribution, who ident.Member) (list []Contribution) {
	for _, c := range cs {
		if c.Member == who {
			list = append(list, c)
		}
	}
	return list
}

func markOf(cs []Contribution, f Figure) Mark {
	i := slices.IndexFunc(cs, func(c Contribution) bool { return c.Figure == f })
	if i < 0 {
		return ""
	}
	return cs[i].Mark
}
