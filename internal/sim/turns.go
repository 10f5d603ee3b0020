package sim

import (
	"context"
	"time"

	"guildhall/internal/order"
)

// turn is what some orders take beside the usual life: two people have to
// settle something, the desk has to, or somebody tries what must gain nothing.
type turn struct {
	name string
	when moment
	play func(*deal, context.Context) error
	card string // the fate of the payment, where the turn depends on it
}

// moment is when a turn is taken.
type moment int

const (
	before    moment = iota // in the place of ordering
	working                 // in the place of the work's usual course
	delivered               // in the place of the buyer's verdict
)

// oneIn is how many orders pass until one takes a turn.
const oneIn = 9

// turns are all there are. A lane takes one after the other, each lane beginning
// at its own, so that even a small market sees most of them.
func turns() []turn {
	var all []turn
	for _, list := range [][]turn{requestTurns(), talkTurns(), deskTurns(), crookedTurns()} {
		all = append(all, list...)
	}
	return all
}

// turnFor is the turn of the next order; nil for most.
func (l *lane) turnFor() *turn {
	l.looked++
	every := l.w.c.Turns
	if every == 0 {
		every = oneIn
	}
	if l.looked%every == every-1 {
		if t := l.reviewTurn(l.looked / every); t != nil {
			return t
		}
	}
	if l.looked%every != every/2 {
		return nil
	}
	const stride = 17 // shares no divisor with how many there are
	t := l.w.turns[(l.no+stride*(l.looked/every))%len(l.w.turns)]
	return &t
}

// reviewTurn is a turn that is about reviews; a lane takes one now and then.
func (l *lane) reviewTurn(nth int) *turn {
	const oneLaneIn = 7
	all := reviewTurns()
	if (l.no+nth)%oneLaneIn != 0 {
		return nil
	}
	return &all[(l.no+nth)/oneLaneIn%len(all)]
}

// take makes a deal of a turn: paid and begun without delay, between a seller
// and somebody who does not sell, so that all they do happens in this lane.
func (d *deal) take(t *turn) {
	d.turn, d.buyer = t, d.l.patron()
	d.fate = fate{pay: "ok", start: "soon", deliver: 0.5, judge: "accept"}
	if t.card != "" {
		d.fate.pay = t.card
	}
	d.l.tally.Turns[t.name]++
}

// patron is one of the buyers who are this lane's own (people.go).
func (l *lane) patron() *person {
	own := l.w.patrons(l.no)
	for range 20 {
		if p := pick(l.rnd, own); p.joined.Before(l.now()) {
			return p
		}
	}
	return own[0]
}

// turnedTo plays the turn of a deal if its moment has come, once.
func (d *deal) turnedTo(at moment) bool {
	t := d.turn
	if t == nil || t.when != at {
		return false
	}
	d.turn = nil
	d.l.in(d.l.between(time.Hour, 8*time.Hour), func(ctx context.Context) error { return t.play(d, ctx) })
	return true
}

// goOn is the usual course after a turn that ended nothing.
func (d *deal) goOn() {
	d.l.in(d.l.between(3*hour, 26*hour), d.resumed)
}

// resumed delivers, or judges what is delivered already.
func (d *deal) resumed(ctx context.Context) error {
	return d.whenFree(ctx, func(ctx context.Context, o order.Order) error {
		d.quote = o.Agreement // it may have been swapped
		switch o.State {
		case order.InProgress, order.InRevision:
			return d.deliver(ctx)
		case order.Delivered:
			if o.Life.CompletesAt.Sub(d.l.now()) > day {
				d.later(d.l.between(hour, 5*hour), d.buyer, order.Accept{}, d.finished)
			}
		}
		return nil
	})
}

// whenFree goes on with an order that lives, as soon as it is not on hold.
func (d *deal) whenFree(ctx context.Context, then func(context.Context, order.Order) error) error {
	o, err := d.seen(ctx)
	switch {
	case err != nil:
		return err
	case o.State.Ended():
		d.cancelled()
	case o.Held():
		d.l.in(3*day, func(ctx context.Context) error { return d.whenFree(ctx, then) })
	default:
		return then(ctx, o)
	}
	return nil
}

// whenEnded looks at an order again and again until it is over, and sends what
// goes back where no courier does.
func (d *deal) whenEnded(then func(context.Context, order.Order) error) {
	var look func(context.Context) error
	look = func(ctx context.Context) error {
		o, err := d.seen(ctx)
		if err != nil {
			return err
		}
		if !o.State.Ended() {
			d.l.in(2*day, look)
			return nil
		}
		if err := d.l.m.SendRefunds(ctx, d.id); err != nil || then == nil {
			return err
		}
		return then(ctx, o)
	}
	d.l.in(2*day+d.l.w.c.Fence+hour, look)
}

// seen is the order as its buyer sees it.
func (d *deal) seen(ctx context.Context) (order.Order, error) {
	page, err := d.l.m.OrderPage(ctx, d.buyer.who, d.id)
	return page.Order, err
}
