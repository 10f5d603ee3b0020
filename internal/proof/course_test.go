package proof_test

import (
	"strings"
	"time"
)

// Of a silence that excuses (rulebook section 6).
const (
	reminded = 2
	unheard  = 72 * time.Hour
)

// course is how one order went, followed event by event: its due date with all
// that moved it, and its end.
type course struct {
	sale
	started, due, delivered time.Time
	asked, held             time.Time     // a request is open since, the clocks are frozen since
	own                     time.Duration // the clocks stood for the seller's own requests
	ask, last               happening     // the newest request; the end
	heard                   time.Time     // of the buyer last
	reminders               []time.Time
	swapped                 bool
}

// began is an order before its first event.
func (c *chronicle) began(o sale) *course {
	x := &course{sale: o}
	for _, h := range c.streams[o.id] {
		if h.kind == "order.swapped" && !x.swapped { // what it was before stands with the first swap
			x.days, x.swapped = h.d.Proposal.Quote.Days, true
		}
	}
	return x
}

func (x *course) happens(h happening) {
	if h.actor == x.buyer && x.last.at.IsZero() { // what is said after the end broke no silence
		x.heard, x.reminders = h.at, nil
	}
	switch h.kind {
	case "order.request_asked":
		x.ask, x.asked = h, h.at
	case "order.buyer_reminded", "order.remind_requirements", "order.remind_completion":
		x.reminders = append(x.reminders, h.at)
	case "order.remind_request":
		if x.ask.actor == x.seller { // whoever has to answer is reminded
			x.reminders = append(x.reminders, h.at)
		}
	case "order.dispute_opened", "order.held":
		x.stood(h.at)
		x.held = h.at
	case "order.dispute_won", "order.released":
		x.later(x.held, h.at.Sub(x.held))
		x.held = time.Time{}
	case "order.swapped":
		x.due = h.d.Until
	default:
		if strings.HasPrefix(h.kind, "order.request_") && h.kind != "order.request_paid" {
			x.stood(h.at)
			x.agreed(h)
		}
	}
	if h.to == "in_progress" && x.started.IsZero() {
		x.started, x.due = h.at, h.at.Add(time.Duration(x.days)*day)
	}
	if h.kind == "order.delivered" && x.delivered.IsZero() {
		x.delivered = h.at
	}
	if h.to != h.from && (h.to == "completed" || h.to == "cancelled" || h.to == "refunded") {
		x.last = h
	}
}

// stood lets the clocks run on that a request had stopped.
func (x *course) stood(now time.Time) {
	if x.asked.IsZero() {
		return
	}
	span := now.Sub(x.asked)
	if x.ask.actor == x.seller {
		span = min(span, sellerStop-x.own)
		x.own += span
	}
	x.later(x.asked, span)
	x.asked = time.Time{}
}

// later moves a due date that had not passed when the clocks were stopped.
func (x *course) later(since time.Time, span time.Duration) {
	if x.due.After(since) {
		x.due = x.due.Add(span)
	}
}

// agreed gives the work more days: from the due date, or from now once it is past.
func (x *course) agreed(h happening) {
	p := x.ask.d.Proposal
	if h.kind != "order.request_agreed" || p.Kind != "extend" && p.Kind != "add_extra" || !x.delivered.IsZero() {
		return
	}
	if x.due.Before(h.at) {
		x.due = h.at
	}
	x.due = x.due.Add(time.Duration(p.Days) * day)
}

// blamed is the matrix of section 6: in whose record an ending enters.
func (c *chronicle) blamed(x *course) (seller, buyer bool) {
	fault := x.last.d.Facts["fault"]
	bySeller := x.ask.actor == x.seller
	switch x.last.d.Class {
	case "before_start", "before_start_stale", "chargeback":
		return false, true
	case "unanswered":
		return !bySeller || !c.silent(x), bySeller
	case "late":
		return true, false
	case "forced", "refunded":
		return fault == "seller", fault == "buyer"
	}
	return false, false // mutual and moderated
}

// silent tells whether the buyer gave no sign through reminders, and for long
// enough, neither in the order nor in the conversation with its seller.
func (c *chronicle) silent(x *course) bool {
	if x.ask.d.Proposal.Cause != "buyer_unresponsive" {
		return false
	}
	heard := x.heard
	for id, pair := range c.talks {
		if pair != [2]string{x.buyer, x.seller} && pair != [2]string{x.seller, x.buyer} {
			continue
		}
		for _, h := range c.streams[id] {
			if h.kind == "talk.said" && h.actor == x.buyer && h.at.After(heard) && !h.at.After(x.last.at) {
				heard = h.at
			}
		}
	}
	after := 0
	for _, at := range x.reminders {
		if at.After(heard) {
			after++
		}
	}
	return after >= reminded && x.last.at.Sub(heard) >= unheard
}
