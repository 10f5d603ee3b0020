package review

import (
	"slices"
	"time"

	"guildhall/internal/effect"
	"guildhall/internal/fault"
	"guildhall/internal/member"
	"guildhall/internal/order"
	"guildhall/internal/policy"
)

// turn is one decision in the making.
type turn struct {
	now   time.Time
	p     *Pair
	o     order.Order
	who   member.Actor
	party order.Party
	rules policy.Version
	set   effect.Set
}

const noReview = "There is no such review."

// Decide is the one function that changes a pair. o is its order as it stands,
// rules the policy that the order pins. It first lets the end of the window fire
// if it is past, then makes the move. Errors: fault.NotFound for somebody who
// has no part in it, fault.Forbidden for the wrong party, fault.Expired once the
// time for the move is over, fault.Conflict where it is not possible now,
// fault.Invalid beside the fields.
func Decide(now time.Time, p Pair, o order.Order, who member.Actor, m Move, rules policy.Version) (Pair, effect.Set, error) {
	party := o.PartyOf(who)
	row, known := table[m.Name()]
	if party == order.Nobody || party == order.Provider || !known {
		return p, effect.Set{}, fault.NotFound(noReview)
	}
	if !slices.Contains(row.By, party) {
		return p, effect.Set{}, fault.Forbidden("This is not yours to do.")
	}
	next := p.clone()
	t := turn{now: now, p: &next, o: o, who: who, party: party, rules: rules}
	t.catchUp()
	if err := row.do(&t, m); err != nil {
		return p, effect.Set{}, err
	}
	return next, t.set, nil
}

// AsOf is the pair at an instant, also when no sweep has been there since the
// window ended.
func (p Pair) AsOf(now time.Time) Pair {
	next := p.clone()
	t := turn{now: now, p: &next}
	t.catchUp()
	return next
}

// catchUp reveals what is in if the window is over, at that very instant.
func (t *turn) catchUp() {
	at, ok := t.p.Next()
	if !ok || at.After(t.now) {
		return
	}
	now, who, party := t.now, t.who, t.party
	t.now, t.who, t.party = at, member.Clock(), order.Clock
	t.reveal()
	t.now, t.who, t.party = now, who, party
}

// reveal opens what is in to everybody.
func (t *turn) reveal() {
	from := t.p.state()
	t.p.RevealedAt = t.now
	facts := map[string]string{}
	switch {
	case t.p.ByBuyer != nil && t.p.BySeller != nil:
		facts[FactBoth] = "yes"
	case t.p.ByBuyer != nil:
		facts[FactBy] = string(Buyer)
	default:
		facts[FactBy] = string(Seller)
	}
	t.happen(Revealed, effect.Detail{Facts: facts})
	t.set.Events[len(t.set.Events)-1].From = from
}

// happen records an event in the state that the pair is in now.
func (t *turn) happen(kind effect.Kind, d effect.Detail) {
	t.p.Seq++
	role := member.RoleMember
	switch t.party {
	case order.Clock:
		role = member.RoleClock
	case order.Agent:
		role = t.who.Role
	}
	t.set.Events = append(t.set.Events, effect.Event{
		Stream: string(t.p.ID), Seq: t.p.Seq, Kind: kind, At: t.now, Actor: t.who.Member, Role: role,
		From: t.p.state(), To: t.p.state(), Detail: d,
	})
}

// state is where the pair stands, in its events.
func (p Pair) state() string {
	if p.Revealed() {
		return "revealed"
	}
	return "closed"
}

// side is the side of whoever acts; only a party has one.
func (t *turn) side() Side { return Side(t.party) }

// clone keeps a decision from reaching into what it was handed.
func (p Pair) clone() Pair {
	p.ByBuyer, p.BySeller = p.ByBuyer.clone(), p.BySeller.clone()
	p.Demands = slices.Clone(p.Demands)
	return p
}

func (r *Review) clone() *Review {
	if r == nil {
		return nil
	}
	c := *r
	c.Stars, c.Earlier = slices.Clone(r.Stars), slices.Clone(r.Earlier)
	c.Reply, c.Sample, c.Challenge, c.Removal = copied(r.Reply), copied(r.Sample), copied(r.Challenge), copied(r.Removal)
	return &c
}

func copied[T any](v *T) *T {
	if v == nil {
		return nil
	}
	c := *v
	return &c
}
