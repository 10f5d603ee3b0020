package sim

import (
	"context"
	"time"

	"guildhall/internal/gig"
	"guildhall/internal/money"
	"guildhall/internal/order"
	"guildhall/internal/pay"
	"guildhall/internal/resolution"
	"guildhall/internal/standing"
)

// side is one of the two people of a deal.
type side func(*deal) *person

func buys(d *deal) *person  { return d.buyer }
func sells(d *deal) *person { return d.shelf.seller }

// requestTurns are the honest ways in which two people settle something.
func requestTurns() []turn {
	mistake, unable := cancelling("mistake", money.Whole), cancelling("out_of_scope", money.Whole)
	return []turn{
		{name: "cancel agreed, buyer", when: working, play: asking(buys, mistake, agreed("", (*deal).cancelled))},
		{name: "cancel agreed, seller", when: working, play: asking(sells, unable, agreed("seller_unavailable", (*deal).cancelled))},
		{name: "cancel agreed, half", when: working, play: asking(buys, cancelling("changed_mind", money.Whole/2), agreed("", (*deal).cancelled))},
		{name: "cancel declined", when: working, play: asking(buys, mistake, declined)},
		{name: "cancel declined, seller", when: working, play: asking(sells, unable, declined)},
		{name: "cancel silent, buyer", when: working, play: asking(buys, cancelling("seller_late", money.Whole), silent)},
		{name: "cancel silent, seller", when: working, play: asking(sells, cancelling("seller_unavailable", money.Whole), silent)},
		{name: "cancel countered", when: working, play: asking(buys, mistake, countered)},
		{name: "cancel withdrawn", when: working, play: asking(buys, mistake, withdrawn)},
		{name: "extend agreed", when: working, play: (*deal).extending},
		{name: "extend agreed, again", when: working, play: (*deal).extending},
		{name: "extend declined", when: working, play: asking(sells, longer, declined)},
		{name: "extra paid", when: working, play: asking(sells, extra, agreed("", (*deal).payExtra))},
		{name: "extra paid, buyer", when: working, play: asking(buys, extra, agreed("", (*deal).payExtra))},
		{name: "gift", when: working, play: asking(sells, gift, agreed("", (*deal).goOn))},
		{name: "discount", when: delivered, play: asking(buys, discount, agreed("", (*deal).partBack))},
		{name: "swap", when: working, play: (*deal).swap},
		{name: "unresponsive", when: working, play: (*deal).unresponsive},
	}
}

// words of a proposal are drawn when it is made.
type proposing func(*deal) resolution.Proposal

func cancelling(cause string, share money.BasisPoints) proposing {
	return func(d *deal) resolution.Proposal {
		say := d.l.w.words.Settle.Mistake
		switch cause {
		case "out_of_scope", "seller_unavailable":
			say = d.l.w.words.Settle.Unable
		case "buyer_unresponsive":
			say = d.l.w.words.Settle.Remind
		}
		return resolution.Proposal{Kind: resolution.Cancel, Cause: cause, Share: share, Reason: pick(d.l.rnd, say)}
	}
}

func longer(d *deal) resolution.Proposal {
	return resolution.Proposal{Kind: resolution.Extend, Days: 1 + d.l.rnd.IntN(3), Reason: pick(d.l.rnd, d.l.w.words.Settle.Extend)}
}

func extra(d *deal) resolution.Proposal {
	s := d.l.w.words.Settle
	return resolution.Proposal{
		Kind: resolution.AddExtra, Extra: pick(d.l.rnd, s.Extra), Price: int64(500 + 50*d.l.rnd.IntN(60)), Days: d.l.rnd.IntN(3),
		Reason: pick(d.l.rnd, s.ExtraWhy),
	}
}

func gift(d *deal) resolution.Proposal {
	a := extra(d)
	a.Price, a.Reason = 0, pick(d.l.rnd, d.l.w.words.Settle.Gift)
	return a
}

func discount(d *deal) resolution.Proposal {
	return resolution.Proposal{
		Kind: resolution.Discount, Share: money.BasisPoints(500 * (2 + d.l.rnd.IntN(8))), Reason: pick(d.l.rnd, d.l.w.words.Settle.Discount),
	}
}

// asking is a turn in which one side asks and the other does something about it.
func asking(by side, what proposing, then func(d *deal, asker side, no int)) func(*deal, context.Context) error {
	return func(d *deal, ctx context.Context) error {
		no, err := d.ask(ctx, by(d), what(d))
		if err == nil && no > 0 {
			then(d, by, no)
		}
		return err
	}
}

// ask opens a request and tells its number; 0 when it was refused.
func (d *deal) ask(ctx context.Context, p *person, a resolution.Proposal) (int, error) {
	m, err := d.move(ctx, p, order.Ask{Proposal: a})
	return m.Event, err
}

// across is the person of the other side.
func (d *deal) across(by side) *person {
	if by(d) == d.buyer {
		return d.shelf.seller
	}
	return d.buyer
}

func agreed(cause string, then func(*deal)) func(*deal, side, int) {
	return func(d *deal, by side, no int) {
		d.later(d.l.between(hour, 22*hour), d.across(by), order.Agree{No: no, Cause: cause}, func() { then(d) })
	}
}

func declined(d *deal, by side, no int) {
	d.later(d.l.between(hour, 22*hour), d.across(by), order.Decline{No: no, Text: pick(d.l.rnd, d.l.w.words.Settle.No)}, d.goOn)
}

// silent is a request that nobody answers: the clock decides.
func silent(d *deal, _ side, _ int) { d.whenEnded(nil) }

func withdrawn(d *deal, by side, no int) {
	d.later(d.l.between(hour, 9*hour), by(d), order.Withdraw{No: no}, d.goOn)
}

// countered is answered with another share, to which the asker agrees.
func countered(d *deal, by side, no int) {
	a := cancelling("changed_mind", 6000)(d)
	a.Reason = pick(d.l.rnd, d.l.w.words.Settle.Counter)
	d.l.in(d.l.between(hour, 14*hour), func(ctx context.Context) error {
		m, err := d.move(ctx, d.across(by), order.Counter{No: no, Proposal: a})
		if err == nil && m.Event > 0 {
			d.later(d.l.between(hour, 14*hour), by(d), order.Agree{No: m.Event}, d.cancelled)
		}
		return err
	})
}

// extending is a seller who needs more days, some of them at every order.
func (d *deal) extending(ctx context.Context) error {
	again := func(d *deal) { d.goOn() }
	if d.l.no%3 == 0 {
		again = func(d *deal) {
			d.l.in(2*hour, func(ctx context.Context) error { return asking(sells, longer, agreed("", (*deal).goOn))(d, ctx) })
		}
	}
	return asking(sells, longer, agreed("", again))(d, ctx)
}

// partBack is what follows a part that went back: the work is accepted.
func (d *deal) partBack() {
	d.cancelled()
	d.goOn()
}

// payExtra pays what the open request waits for: with a card that is declined,
// then with one that pays.
func (d *deal) payExtra() {
	d.l.in(d.l.between(20*time.Minute, 9*hour), func(ctx context.Context) error {
		return d.payRequest(ctx, "4000 0000 0000 0002")
	})
}

func (d *deal) payRequest(ctx context.Context, number string) error {
	o, err := d.seen(ctx)
	if err != nil {
		return err
	}
	r := o.Life.Request
	if r == nil || !r.Agreed() {
		d.cancelled() // a swap to something cheaper: a part goes back
		d.goOn()
		return nil
	}
	placed, err := d.l.m.PayRequest(ctx, d.buyer.who, d.l.key("extra"), d.id, r.No, d.plastic(number))
	switch {
	case err != nil:
		return d.l.honest("pay a request", err)
	case placed.Paid == order.PaymentSucceeded:
		d.goOn()
	default:
		d.l.in(12*time.Minute, func(ctx context.Context) error { return d.payRequest(ctx, "4242 4242 4242 4242") })
	}
	return nil
}

// plastic is a card of the buyer.
func (d *deal) plastic(number string) pay.Card {
	c := d.card()
	c.Number = number
	return c
}

// swap puts another gig of the same seller in the place of what was bought.
func (d *deal) swap(ctx context.Context) error {
	a := resolution.Proposal{Kind: resolution.Swap, Into: d.otherGig(), Reason: pick(d.l.rnd, d.l.w.words.Settle.Swap)}
	m, err := d.l.m.Move(ctx, d.buyer.who, "", d.id, order.Ask{Proposal: a})
	if err != nil { // it may be paused by now
		d.goOn()
		return d.l.turnedAway(err)
	}
	agreed("", func(d *deal) {
		d.l.in(d.l.between(10*time.Minute, 5*hour), func(ctx context.Context) error { return d.payRequest(ctx, "4242 4242 4242 4242") })
	})(d, buys, m.Event)
	return nil
}

// otherGig is another gig of the seller, or another package of the same.
func (d *deal) otherGig() *resolution.Into {
	g := d.shelf.gig
	for _, s := range d.l.gigs {
		if s.seller == d.shelf.seller && s.gig.ID != g.ID && s.since.Before(d.l.now()) {
			g = s.gig
		}
	}
	tier := g.Packages[d.l.rnd.IntN(len(g.Packages))].Tier
	return &resolution.Into{Gig: g.ID, Quote: gig.Quote{Tier: tier, Quantity: 1}}
}

// unresponsive is a buyer who falls silent. Two reminders and three days later
// the seller asks to cancel because of it, which excuses them.
func (d *deal) unresponsive(context.Context) error {
	l, seller, since := d.l, d.shelf.seller, d.l.now()
	remind := func() order.Move { return order.Nudge{Text: pick(l.rnd, l.w.words.Settle.Remind)} }
	d.laterAt(l.now().Add(26*hour), seller, remind(), nil)
	d.laterAt(l.now().Add(52*hour), seller, remind(), nil)
	l.in(76*hour, func(ctx context.Context) error {
		no, err := d.ask(ctx, seller, cancelling("buyer_unresponsive", money.Whole)(d))
		if err != nil || no == 0 {
			return err
		}
		d.whenEnded(func(_ context.Context, o order.Order) error {
			silent := l.spoke[d.buyer].Before(since) // not even about something else
			if e := o.Life.Ending; silent && (e == nil || e.Seller || !e.Excused) {
				l.tally.Surprises["a seller was not excused for a silent buyer"]++
			}
			return nil
		})
		return nil
	})
	return nil
}

// figures is what counts for and against the seller in the completion rate.
func (d *deal) figures(ctx context.Context) (kept, failed int, err error) {
	sheet, err := d.l.m.MySheet(ctx, d.shelf.seller.who)
	return sheet.Completion.For, sheet.Completion.Against, err
}

// leftOut tells whether this order stands among what the seller's completion
// rate leaves out. The rate itself may move: with one less, it reaches further
// back.
func (d *deal) leftOut(ctx context.Context) (bool, error) {
	sheet, err := d.l.m.MySheet(ctx, d.shelf.seller.who)
	for _, c := range sheet.Completion.Lines {
		if c.Order == d.id {
			return c.Mark == standing.Excluded, err
		}
	}
	return false, err
}

// again is the same two people and the same gig once more.
func (d *deal) again(t *turn) *deal {
	next := &deal{l: d.l, shelf: d.shelf, buyer: d.buyer, fate: d.fate, turn: t}
	next.fate.at = d.l.now()
	return next
}
