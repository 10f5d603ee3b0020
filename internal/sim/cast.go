package sim

import (
	"context"
	"time"

	"guildhall/internal/member"
	"guildhall/internal/order"
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
		}
	}
}

type castFate struct {
	ago time.Duration
	fate
}

// castFates are how the living orders of the cast stand at the end.
func castFates() []castFate {
	return []castFate{
		{5 * hour, fate{pay: "gone"}},                                                           // not paid yet
		{30 * hour, fate{start: "stop"}},                                                        // waits for answers
		{2 * day, fate{start: "prompt", deliver: 0.9, stop: "work", shows: 1}},                  // in progress
		{26 * day, fate{start: "prompt", deliver: 0.9, stop: "work", never: true, delay: true}}, // late
		{6 * day, fate{start: "prompt", deliver: 0.2, stop: "delivery", shows: 1}},              // delivered
		{9 * day, fate{start: "prompt", deliver: 0.2, judge: "revise", stop: "revision"}},       // in revision
		{12 * day, fate{start: "prompt", deliver: 0.3, judge: "accept", shows: 2}},              // money pending
		{40 * day, fate{start: "prompt", deliver: 0.4, judge: "accept"}},                        // money available
		{20 * day, fate{start: "undo"}},                                                         // cancelled, refunded
	}
}

// wake has the people of an order who stopped acting go on: what nobody ends,
// no clock ends.
func (d *deal) wake(ctx context.Context) error {
	page, err := d.l.m.OrderPage(ctx, d.buyer.who, d.id)
	if err != nil {
		return d.l.honest("look", err)
	}
	switch page.Order.State {
	case order.InProgress, order.InRevision:
		d.fate.judge, d.fate.stop = "silence", ""
		return d.deliver(ctx)
	}
	return nil
}
