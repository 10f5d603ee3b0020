package review

import (
	"slices"

	"guildhall/internal/ident"
)

// Seen is the pair as a member may see it; the empty member is the public. The
// other side's review stays out of it until the reveal, what was reported and
// why a review is challenged stay between its maker and the desk, and of a
// removed review everybody but its author sees the tombstone only.
func (p Pair) Seen(who ident.Member) Pair {
	side, party := p.SideOf(who)
	seen := p.clone()
	seen.Demands = slices.DeleteFunc(seen.Demands, func(d Demand) bool { return !party || d.By != side })
	for _, by := range Sides() {
		r := seen.Get(by)
		if r == nil {
			continue
		}
		author := party && by == side
		if !p.Revealed() && !author {
			seen.unset(by)
			continue
		}
		r.veil(author, party)
	}
	return seen
}

// Judged is the pair as the desk may see it: whole once it is revealed; before
// that only that somebody has written, and what was reported.
func (p Pair) Judged() Pair {
	if p.Revealed() {
		return p
	}
	seen := p.clone()
	for _, by := range Sides() {
		if r := seen.Get(by); r != nil {
			r.Words, r.Earlier, r.Sample = Words{At: r.At}, nil, nil
		}
	}
	return seen
}

// Public is one revealed review as everybody may see it.
func (r Review) Public() Review {
	seen := (&r).clone()
	seen.veil(false, false)
	return *seen
}

// veil takes out what a reader may not see of a revealed review.
func (r *Review) veil(author, party bool) {
	if r.Removal != nil && !author {
		r.Words, r.Earlier, r.Reply, r.Sample = Words{At: r.At}, nil, nil, nil
	}
	if party {
		return
	}
	if !r.Sample.Shown() {
		r.Sample = nil
	}
	if r.Removal != nil {
		r.Author, r.Removal.Case = "", ""
	}
	if r.Challenge != nil && !r.Challenge.Open {
		r.Challenge = nil
	} else if r.Challenge != nil {
		r.Challenge = &Challenge{Open: true, At: r.Challenge.At, DecideBy: r.Challenge.DecideBy}
	}
}

func (p *Pair) unset(by Side) {
	if by == Buyer {
		p.ByBuyer = nil
		return
	}
	p.BySeller = nil
}
