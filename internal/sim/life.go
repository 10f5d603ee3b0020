package sim

import (
	"context"
	"fmt"
	"math"
	"strings"
	"time"

	"guildhall/internal/gig"
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/order"
)

const (
	hour = time.Hour
	day  = 24 * time.Hour
)

// deal is one order as its two people see it.
type deal struct {
	l       *lane
	buyer   *person
	shelf   *shelf
	fate    fate
	turn    *turn // that it will take; nil once it was taken
	quote   gig.Quote
	id      ident.Order
	payment ident.Payment
	tries   int
	due     time.Time
	judged  int // deliveries that came back
}

// shop is somebody looking for something and ordering it.
func (l *lane) shop(ctx context.Context) error {
	s := l.choose()
	if s == nil {
		return nil
	}
	d := &deal{l: l, shelf: s, buyer: l.customer(s), fate: l.fate()}
	if t := l.turnFor(); t != nil {
		d.take(t)
		if t.when == before {
			return t.play(d, ctx)
		}
		return d.order(ctx)
	}
	if l.chance(2) {
		return l.rush(ctx, s)
	}
	return d.order(ctx)
}

// choose finds a gig that is there already, the loved ones more often.
func (l *lane) choose() *shelf {
	for range 20 {
		at := l.rnd.IntN(max(1, l.shopped))
		for _, s := range l.gigs {
			if at -= s.weight; at < 0 {
				if s.since.Before(l.now()) {
					return s
				}
				break
			}
		}
	}
	return nil
}

// customer finds a buyer; a few come back again and again.
func (l *lane) customer(s *shelf) *person {
	people := l.w.buyers[:len(l.w.buyers)-l.w.reserved()]
	if l.chance(5) {
		people = l.w.sellers
	}
	for range 50 {
		p := people[int(float64(len(people))*math.Pow(l.rnd.Float64(), 1.7))]
		if p != s.seller && p.joined.Before(l.now()) {
			return p
		}
	}
	return l.w.buyers[0]
}

// pick chooses package, extras and how many.
func (d *deal) pick() gig.Pick {
	r := d.l.rnd
	p := gig.Pick{Tier: d.shelf.gig.Packages[r.IntN(len(d.shelf.gig.Packages))].Tier, Quantity: 1}
	if d.l.chance(6) {
		p.Quantity = 2 + r.IntN(2)
	}
	for _, e := range d.shelf.gig.Extras {
		if d.l.chance(25) {
			p.Extras = append(p.Extras, e.Key)
		}
	}
	return p
}

// order goes through the checkout and pays.
func (d *deal) order(ctx context.Context) error {
	l := d.l
	if d.fate.at.IsZero() {
		l.set(l.awake(l.now(), d.buyer.zone))
	}
	pick := d.pick()
	quote, again, err := d.look(ctx, pick)
	if err != nil {
		return l.turnedAway(err)
	}
	d.quote = quote
	in := market.NewOrder{Gig: d.shelf.gig.ID, Pick: pick, Shown: quote.Total, Again: again}
	if d.buyer.crook {
		if err := d.cheatAtCheckout(ctx, in); err != nil {
			return err
		}
	}
	var key market.Key
	if d.buyer.crook || l.chance(20) {
		key = l.key("place")
	}
	card := d.card()
	placed, err := l.m.PlaceOrder(ctx, d.buyer.who, key, in, card)
	if err != nil {
		return l.turnedAway(err)
	}
	d.id, d.payment = placed.Order, placed.Payment
	l.tally.Orders++
	if d.buyer.crook {
		if err := d.cheatByRepeating(ctx, key, in, card, placed); err != nil {
			return err
		}
	}
	return d.paid(ctx, placed)
}

// look is the checkout page; some have had it open since before, and know the
// price without asking.
func (d *deal) look(ctx context.Context, pick gig.Pick) (gig.Quote, bool, error) {
	if !d.buyer.crook && d.fate.at.IsZero() && d.l.chance(75) {
		q, err := gig.NewQuote(d.shelf.gig.Body, pick, d.l.m.Policy())
		return q, true, err
	}
	seen, err := d.l.m.Checkout(ctx, d.buyer.who, d.shelf.gig.ID, pick)
	return seen.Quote, seen.Again != nil, err
}

// placed is an order that is paid, or came too late.
func (d *deal) placed(_ context.Context, s order.State) error {
	l := d.l
	switch s {
	case order.AwaitingRequirements:
		if d.buyer.crook {
			l.in(l.between(time.Minute, 5*time.Minute), d.cheatWhileWaiting)
		}
		d.await()
	case order.InProgress:
		d.begin()
	case order.Abandoned:
		l.refundLater(d.id)
	}
	return nil
}

// await is what happens before the start.
func (d *deal) await() {
	l := d.l
	switch d.fate.start {
	case "stop":
	case "undo":
		d.later(l.between(20*time.Minute, 20*hour), d.buyer, order.Undo{}, d.cancelled)
	case "waive":
		d.later(l.between(2*day, 5*day), d.shelf.seller, order.Waive{}, d.begin)
	case "stale":
		d.later(l.between(7*day+hour, 12*day), d.shelf.seller, order.CancelStale{}, d.cancelled)
	case "never":
		// the clock cancels it at the fence
		l.in(60*day+l.w.c.Fence+hour, func(context.Context) error { l.refundLater(d.id); return nil })
	case "soon":
		d.later(l.between(4*time.Minute, 9*hour), d.buyer, d.answers(), d.begin)
	case "late":
		d.later(l.between(2*day, 6*day), d.buyer, d.answers(), d.begin)
	default:
		d.later(l.between(4*time.Minute, 26*hour), d.buyer, d.answers(), d.begin)
	}
}

func (d *deal) answers() order.Submit {
	r, w := d.l.rnd, d.l.w.words
	var s order.Submit
	for _, q := range d.quote.Questions {
		text := pick(r, w.Answers.Text)
		switch q.Kind {
		case gig.QuestionLong:
			text = pick(r, w.Answers.Long)
		case gig.QuestionNumber:
			text = fmt.Sprint(2 + r.IntN(400))
		case gig.QuestionChoice:
			text = pick(r, q.Choices)
		}
		if q.Required || d.l.chance(70) {
			s.Answers = append(s.Answers, order.Answer{Question: q.Key, Text: text})
		}
	}
	return s
}

func (d *deal) cancelled() { d.l.refundLater(d.id) }

// begin is the start of the work: the due date is fixed now.
func (d *deal) begin() {
	l, seller := d.l, d.shelf.seller
	d.due = l.now().Add(time.Duration(d.quote.Days) * day)
	if d.buyer.crook {
		l.in(l.between(time.Minute, hour), d.cheatWhileWorking)
	}
	if d.turnedTo(working) {
		return
	}
	length := d.due.Sub(l.now())
	if d.fate.never {
		if d.fate.stop != "work" {
			d.laterAt(d.due.Add(day+l.between(hour, 60*hour)), d.buyer, order.CancelLate{}, func() { d.cancelled(); d.finished() })
		}
		return
	}
	for i := range d.fate.shows {
		at := l.now().Add(time.Duration((0.15 + 0.3*float64(i)) * float64(length) * d.fate.deliver))
		l.at(l.awake(at, seller.zone), d.show)
	}
	if d.fate.delay {
		d.laterAt(d.due.Add(-l.between(2*hour, 20*hour)), seller, order.Delay{Reason: pick(l.rnd, l.w.words.Delays)}, nil)
	}
	if d.fate.stop != "work" {
		l.at(l.awake(l.now().Add(time.Duration(d.fate.deliver*float64(length))), seller.zone), d.deliver)
	}
}

// show posts progress, on which the buyer may comment.
func (d *deal) show(ctx context.Context) error {
	l := d.l
	m, err := d.move(ctx, d.shelf.seller, order.Progress{Text: pick(l.rnd, l.w.words.Progress), Files: d.files(ctx, 3)})
	if err != nil || m.Event == 0 {
		return err
	}
	if l.chance(45) {
		d.later(l.between(10*time.Minute, 5*hour), d.buyer, order.Comment{On: m.Event, Text: pick(l.rnd, l.w.words.Comments)}, nil)
	}
	return nil
}

func (d *deal) deliver(ctx context.Context) error {
	l := d.l
	m, err := d.move(ctx, d.shelf.seller, order.Deliver{Text: pick(l.rnd, l.w.words.Deliveries), Files: d.files(ctx, 8)})
	if err != nil || m.State != order.Delivered {
		return err
	}
	if d.buyer.crook {
		l.in(l.between(time.Minute, 3*hour), d.cheatAfterDelivery)
	}
	d.judge()
	return nil
}

// judge is what the buyer does with a delivery.
func (d *deal) judge() {
	l := d.l
	if d.fate.stop == "delivery" || d.turnedTo(delivered) {
		return
	}
	verdict := d.fate.judge
	if d.judged > 0 && verdict != "silence" {
		verdict = "accept"
	}
	redo := func() { d.judged++; d.redo() }
	text := pick(l.rnd, l.w.words.Revisions)
	switch {
	case verdict == "silence":
		d.forgotten()
	case verdict == "fault" && len(d.quote.Questions) > 0:
		d.later(l.between(hour, 60*hour), d.buyer, order.Revise{Text: text, Lines: []int{1}, Fault: true}, redo)
	case verdict == "revise", verdict == "fault":
		d.later(l.between(hour, 60*hour), d.buyer, order.Revise{Text: text}, redo)
	case verdict == "extend":
		d.later(l.between(30*hour, 60*hour), d.buyer, order.ExtendReview{}, func() {
			d.later(l.between(20*hour, 50*hour), d.buyer, order.Accept{}, d.finished)
		})
	default:
		d.later(l.between(hour, 64*hour), d.buyer, order.Accept{}, d.finished)
	}
}

func (d *deal) redo() {
	if d.fate.stop != "revision" {
		d.l.in(d.l.between(3*hour, 60*hour), d.deliver)
	}
}

// files makes a small upload in so many of a hundred cases.
func (d *deal) files(ctx context.Context, percent int) []ident.File {
	l := d.l
	if !l.chance(percent) {
		return nil
	}
	kind := l.w.words.Categories[d.shelf.seller.trade].Files
	text := fmt.Sprintf("%s\n\nOrder %s, step %d.\n%s\n", d.quote.Title, d.id, d.judged+1, pick(l.rnd, l.w.words.Progress))
	f, err := l.m.SaveUpload(ctx, d.shelf.seller.who, market.ForOrder, fmt.Sprintf("work-%d.%s", d.judged+1, kind), strings.NewReader(text))
	if err != nil {
		l.tally.surprise("upload", err)
		return nil
	}
	return []ident.File{f.ID}
}

// later makes somebody's move after a while, in their waking hours where there
// is time for that, and goes on from there.
func (d *deal) later(after time.Duration, p *person, m order.Move, then func()) {
	at := d.l.now().Add(after)
	if after < 2*day {
		at = d.l.awake(at, p.zone)
	}
	d.laterAt(at, p, m, then)
}

func (d *deal) laterAt(at time.Time, p *person, m order.Move, then func()) {
	d.l.at(at, func(ctx context.Context) error {
		done, err := d.move(ctx, p, m)
		if err == nil && done.Event > 0 && then != nil {
			then()
		}
		return err
	})
}

// move makes a move. A refusal is written down; the honest meet few.
func (d *deal) move(ctx context.Context, p *person, m order.Move) (market.Moved, error) {
	done, err := d.l.m.Move(ctx, p.who, "", d.id, m)
	if err != nil {
		return market.Moved{}, d.l.honest(string(m.Name()), err)
	}
	return done, nil
}

// key is an idempotency key that nobody used before.
func (l *lane) key(what string) market.Key {
	l.seq++
	return market.Key(fmt.Sprintf("%s-%d-%d", what, l.no, l.seq))
}

// stranger is a buyer who has nothing to do with the deal.
func (d *deal) stranger() member.Actor {
	for _, p := range d.l.w.buyers {
		if p != d.buyer {
			return p.who
		}
	}
	return member.Guest()
}
