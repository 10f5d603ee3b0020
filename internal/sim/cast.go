package sim

import (
	"context"
	"time"

	"guildhall/internal/desk"
	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/money"
	"guildhall/internal/order"
	"guildhall/internal/resolution"
)

// Person is somebody who can be signed in with.
type Person struct {
	Role, Name, Email string
	Member            member.Actor
}

// Cast are the people whom a demo introduces: buyers and sellers with living
// orders in several states, the agents, the operator.
func (w *World) Cast() []Person {
	var list []Person
	add := func(role string, people []*person) {
		for _, p := range people {
			list = append(list, Person{role, p.Name, p.Email, p.who})
		}
	}
	add("buyer", w.buyers[:min(cast, len(w.buyers))])
	add("seller", w.sellers[:min(cast, len(w.sellers))])
	add("agent", w.staff[1:])
	add("operator", w.staff[:1])
	return list
}

// planCast gives the cast orders that stand, at the end, where something is
// to be done.
func (w *World) planCast() {
	for i, p := range w.sellers[:min(cast, len(w.sellers))] {
		l := w.lanes[i%lanes]
		var own []*shelf
		for _, s := range l.gigs {
			if s.seller == p {
				own = append(own, s)
			}
		}
		if len(own) == 0 {
			continue
		}
		for n, f := range castFates() {
			at := w.c.Until.Add(-f.ago)
			if at.Before(w.c.From.Add(week)) {
				continue
			}
			d := &deal{l: l, shelf: own[n%len(own)], buyer: w.buyers[(i+n)%min(cast, len(w.buyers))], fate: f.fate}
			d.fate.at = at
			l.at(at.Add(time.Duration(i*7+n)*time.Minute), d.order)
			if f.stop != "" {
				l.at(w.c.Until.Add(week), d.wake)
			}
			if f.scene != nil {
				l.at(w.c.Until.Add(-f.when), func(ctx context.Context) error {
					if d.id == "" {
						return nil // the gig was not for sale
					}
					return f.scene(d, ctx)
				})
			}
		}
		l.at(w.c.Until.Add(-9*hour), (&deal{l: l, shelf: own[0], buyer: w.buyers[i%min(cast, len(w.buyers))]}).courted)
	}
}

type castFate struct {
	ago time.Duration
	fate
	when  time.Duration // before the end: what the two of them leave unsettled
	scene func(*deal, context.Context) error
}

// castFates are how the living orders of the cast stand at the end.
func castFates() []castFate {
	return []castFate{
		{ago: 5 * hour, fate: fate{pay: "gone"}},    // not paid yet
		{ago: 30 * hour, fate: fate{start: "stop"}}, // waits for answers
		{ // in progress; the seller asks for more time
			ago: 2 * day, fate: fate{start: "prompt", deliver: 0.9, stop: "work", shows: 1}, when: 7 * hour, scene: asksFor(sells, longer),
		},
		{ // late; the buyer asks to cancel
			ago: 26 * day, fate: fate{start: "prompt", deliver: 0.9, stop: "work", never: true, delay: true},
			when: 5 * hour, scene: asksFor(buys, cancelling("seller_late", money.Whole)),
		},
		{ago: 6 * day, fate: fate{start: "prompt", deliver: 0.2, stop: "delivery", shows: 1}},        // delivered
		{ago: 9 * day, fate: fate{start: "prompt", deliver: 0.2, judge: "revise", stop: "revision"}}, // in revision
		{ // money pending; the buyer has asked the desk
			ago: 12 * day, fate: fate{start: "prompt", deliver: 0.3, judge: "accept", shows: 2}, when: 20 * hour, scene: (*deal).beforeDesk,
		},
		{ago: 40 * day, fate: fate{start: "prompt", deliver: 0.4, judge: "accept"}}, // money available
		{ago: 20 * day, fate: fate{start: "undo"}},                                  // cancelled, refunded
	}
}

// wake has the people of an order who stopped acting go on: what nobody ends,
// no clock ends.
func (d *deal) wake(ctx context.Context) error {
	page, err := d.l.m.OrderPage(ctx, d.buyer.who, d.id)
	if err != nil {
		return d.l.honest("look", err)
	}
	if r := page.Order.Life.Request; r != nil && r.Proposal.Kind == resolution.Cancel {
		d.whenEnded(nil)
		return nil
	}
	switch page.Order.State {
	case order.InProgress, order.InRevision:
		d.fate.judge, d.fate.stop = "silence", ""
		return d.deliver(ctx)
	}
	return nil
}

// asksFor leaves a request open.
func asksFor(by side, what proposing) func(*deal, context.Context) error {
	return func(d *deal, ctx context.Context) error {
		_, err := d.l.m.Move(ctx, by(d).who, "", d.id, order.Ask{Proposal: what(d)})
		return d.l.turnedAway(err) // where it stands otherwise there is nothing to ask
	}
}

// courted is a conversation that ends with an open offer.
func (d *deal) courted(ctx context.Context) error {
	l, words := d.l, d.l.w.words.Talk
	if _, err := d.say(ctx, d.buyer, d.shelf.seller, words.First); err != nil {
		return l.turnedAway(err)
	}
	l.in(time.Hour, func(ctx context.Context) error {
		if _, err := d.say(ctx, d.shelf.seller, d.buyer, words.Answer); err != nil {
			return l.turnedAway(err)
		}
		_, err := d.makeOffer(ctx, market.NewOffer{Beside: true})
		return l.turnedAway(err)
	})
	l.in(3*hour, d.thanked)
	return nil
}

// beforeDesk brings the order before the desk; one in two is answered by the
// end, none is decided.
func (d *deal) beforeDesk(ctx context.Context) error {
	l := d.l
	x, err := d.open(ctx, d.buyer, desk.Payment, d.subject())
	if x == nil {
		return err
	}
	if l.no%2 == 1 {
		l.in(4*hour, func(ctx context.Context) error {
			_, err := l.m.AnswerCase(ctx, x.agent.who, "", x.id, market.CaseWords{Text: pick(l.rnd, l.w.words.Desk.Answer), To: desk.ToBoth})
			return l.honest("answer a case", err)
		})
	}
	l.at(l.w.c.Until.Add(3*day), func(ctx context.Context) error {
		return x.decide(ctx, l.ruling(desk.Decision{Dismiss: true}, ruleDesk), nil)
	})
	return nil
}
