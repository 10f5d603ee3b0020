package sim

import (
	"context"
	"time"

	"guildhall/internal/desk"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/money"
	"guildhall/internal/order"
	"guildhall/internal/policy"
	"guildhall/internal/resolution"
)

// crookedTurns are those in which somebody wants more than their right.
func crookedTurns() []turn {
	return []turn{
		{name: "staller", when: working, play: (*deal).stall},
		{name: "sabotage", when: working, play: (*deal).sabotage},
		{name: "collusion", when: working, play: colluding(3)},
		{name: "downloads and cancels", when: delivered, play: (*deal).downloadAndCancel},
		{name: "strangers and forgers", when: working, play: (*deal).meddle},
		{name: "strangers at the desk", when: working, play: (*deal).meddleAtDesk},
		{name: "agent in their own case", play: (*deal).agentBuys},
	}
}

// stall is a seller who asks for nothing but that the clock stands still.
func (d *deal) stall(ctx context.Context) error {
	l := d.l
	first, err := d.seen(ctx)
	if err != nil {
		return err
	}
	most := l.m.Policy().Requests
	a := resolution.Proposal{Kind: resolution.Extend, Days: 1, Reason: l.w.words.Settle.Stall[0]}
	for i := range most.PerKind {
		l.in(time.Duration(i)*(most.Answer.D()+time.Hour), func(ctx context.Context) error {
			_, err := d.ask(ctx, d.shelf.seller, a)
			return err
		})
	}
	l.in(time.Duration(most.PerKind)*(most.Answer.D()+time.Hour), func(ctx context.Context) error {
		_, err := l.m.Move(ctx, d.shelf.seller.who, "", d.id, order.Ask{Proposal: a})
		if err := l.cheat("ask once more than allowed", err, fault.KindConflict); err != nil {
			return err
		}
		return d.stalled(ctx, first, most)
	})
	return nil
}

// stalled looks at what the stalling has brought: no more than the allowance.
func (d *deal) stalled(ctx context.Context, first order.Order, most policy.Requests) error {
	l := d.l
	no, err := d.ask(ctx, d.buyer, longer(d)) // and thought better of: it costs no time
	if err != nil {
		return err
	}
	if _, err := d.move(ctx, d.buyer, order.Withdraw{No: no}); err != nil {
		return err
	}
	o, err := d.seen(ctx)
	if err != nil {
		return err
	}
	var stood time.Duration
	for _, p := range o.Life.Pauses {
		stood += p.Until.Sub(p.From)
	}
	moved := o.DueAt.Sub(first.DueAt)
	if allowed := most.SellerPause.D(); stood > allowed || moved > allowed {
		l.gain("staller", "the clocks stood for "+stood.String()+", the due date moved by "+moved.String())
	}
	d.laterAt(latest(o.Life.LateFrom, l.now()).Add(hour), d.buyer, order.CancelLate{}, d.cancelled)
	return nil
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// sabotage is a competitor's order, placed to ruin the completion rate. The
// desk ends it as the buyer's fault.
func (d *deal) sabotage(ctx context.Context) error {
	l := d.l
	x, err := d.open(ctx, d.shelf.seller, desk.Cancel, d.subject())
	if x == nil {
		return err
	}
	f := order.FaultBuyer
	if l.chance(40) {
		f = order.FaultNobody
	}
	dec := l.ruling(desk.Decision{Cancel: &desk.Ending{Fault: f, Cause: "competitor_sabotage", Share: money.Whole}}, ruleEnding)
	l.in(l.between(2*hour, 40*hour), func(ctx context.Context) error {
		return d.unharmed(ctx, "sabotage", func() error { return x.decide(ctx, dec, nil) })
	})
	return nil
}

// unharmed ends an order in a way that must not move the seller's figures.
func (d *deal) unharmed(ctx context.Context, what string, end func() error) error {
	kept, failed, err := d.figures(ctx)
	if err != nil {
		return err
	}
	if err := end(); err != nil {
		return err
	}
	after, worse, err := d.figures(ctx)
	if after != kept || worse != failed {
		d.l.gain(what, "it moved the seller's completion rate")
	}
	d.l.tally.Cheats[what]++
	return err
}

// colluding is a buyer and a seller who order and cancel among themselves. What
// they agree on counts for nothing, in neither direction; after some of it the
// house looks (market guard).
func colluding(more int) func(*deal, context.Context) error {
	return func(d *deal, ctx context.Context) error {
		l := d.l
		no, err := d.ask(ctx, d.buyer, cancelling("mistake", money.Whole)(d))
		if err != nil || no == 0 {
			return err
		}
		l.in(5*time.Minute, func(ctx context.Context) error {
			err := d.unharmed(ctx, "collusion", func() error {
				_, err := d.move(ctx, d.shelf.seller, order.Agree{No: no})
				return err
			})
			if err != nil || more == 0 {
				return err
			}
			d.cancelled()
			next := d.again(&turn{name: "collusion", when: working, play: colluding(more - 1)})
			l.in(2*hour, func(ctx context.Context) error {
				next.fate.at = l.now()
				return next.order(ctx)
			})
			return nil
		})
		return nil
	}
}

// downloadAndCancel takes the work and asks for the money. The seller says no,
// or, while somebody tells the desk, nothing: the desk completes the order.
func (d *deal) downloadAndCancel(ctx context.Context) error {
	l := d.l
	page, err := l.m.OrderPage(ctx, d.buyer.who, d.id)
	if err != nil {
		return err
	}
	for id := range page.Files {
		_, bytes, err := l.m.OpenFile(ctx, d.buyer.who, id)
		if err != nil {
			return l.honest("download", err)
		}
		if err := bytes.Close(); err != nil {
			return err
		}
	}
	no, err := d.ask(ctx, d.buyer, cancelling("changed_mind", money.Whole)(d))
	if err != nil || no == 0 {
		return err
	}
	for what, m := range map[string]order.Move{"undo after the delivery": order.Undo{}, "cancel as late after the delivery": order.CancelLate{}} {
		if err := l.cheat(what, d.try(ctx, d.buyer, m), fault.KindConflict); err != nil {
			return err
		}
	}
	check := func(_ context.Context, o order.Order) error {
		l.tally.Cheats["cancel after downloading"]++
		if o.State != order.Completed {
			l.gain("cancel after downloading", "the order is "+string(o.State))
		}
		return nil
	}
	if l.now().Add(2 * day).Before(l.w.c.Told) {
		d.later(l.between(hour, 20*hour), d.shelf.seller, order.Decline{No: no}, nil)
	}
	d.whenEnded(check)
	return nil
}

// meddle tries a request at every door that is not one's own.
func (d *deal) meddle(ctx context.Context) error {
	l, stranger := d.l, d.stranger()
	a := longer(d)
	no, err := d.ask(ctx, d.shelf.seller, a)
	if err != nil || no == 0 {
		return err
	}
	as := func(who member.Actor, m order.Move) error {
		_, err := l.m.Move(ctx, who, "", d.id, m)
		return err
	}
	buyer, seller := d.buyer.who, d.shelf.seller.who
	for _, try := range []struct {
		what string
		err  error
		want fault.Kind
	}{
		{"agree to one's own request", as(seller, order.Agree{No: no}), fault.KindForbidden},
		{"decline one's own request", as(seller, order.Decline{No: no}), fault.KindForbidden},
		{"withdraw another's request", as(buyer, order.Withdraw{No: no}), fault.KindForbidden},
		{"answer another request", as(buyer, order.Agree{No: no + 1}), fault.KindConflict},
		{"ask while asked", as(buyer, order.Ask{Proposal: a}), fault.KindConflict},
		{"counter with something else", as(buyer, order.Counter{No: no, Proposal: gift(d)}), fault.KindInvalid},
		{"answer as a stranger", as(stranger, order.Agree{No: no}), fault.KindNotFound},
		{"ask as a stranger", as(stranger, order.Ask{Proposal: a}), fault.KindNotFound},
		{"act as the desk without a case", as(l.w.staff[1].who, order.ForceCancel{Fault: order.FaultSeller, Cause: "quality"}), fault.KindNotFound},
		{"force an end as a party", as(buyer, order.ForceCancel{Fault: order.FaultSeller, Cause: "quality", Share: money.Whole}), fault.KindForbidden},
		{"object at the bank as a party", as(buyer, order.DisputeLost{Payment: d.payment}), fault.KindForbidden},
		{"say the provider's word", as(buyer, order.PayMore{No: no}), fault.KindForbidden},
		{"forge the digest of a preview", d.confirmed(ctx, order.Agree{No: no}, "000000000000000000000000"), fault.KindConflict},
		{"foresee as a stranger", foreseen(ctx, l.m, stranger, d.id, order.Agree{No: no}), fault.KindNotFound},
		{"pay what nobody agreed on", paying(ctx, d, buyer, no), fault.KindConflict},
		{"pay a stranger's request", paying(ctx, d, stranger, no), fault.KindNotFound},
		{"more days than the most", as(buyer, order.Counter{No: no, Proposal: forever(a)}), fault.KindInvalid},
	} {
		if err := l.cheat(try.what, try.err, try.want); err != nil {
			return err
		}
	}
	return d.meddleAfter(ctx, no, as)
}

// meddleAfter answers a request twice.
func (d *deal) meddleAfter(ctx context.Context, no int, as func(member.Actor, order.Move) error) error {
	l, buyer, seller := d.l, d.buyer.who, d.shelf.seller.who
	if err := l.honest("agree", as(buyer, order.Agree{No: no})); err != nil {
		return err
	}
	for what, err := range map[string]error{
		"agree twice":             as(buyer, order.Agree{No: no}),
		"decline after agreeing":  as(buyer, order.Decline{No: no}),
		"withdraw after agreeing": as(seller, order.Withdraw{No: no}),
	} {
		if err := l.cheat(what, err, fault.KindConflict); err != nil {
			return err
		}
	}
	no, err := d.ask(ctx, d.buyer, cancelling("mistake", money.Whole)(d))
	if err != nil || no == 0 {
		return err
	}
	if err := l.honest("withdraw", as(buyer, order.Withdraw{No: no})); err != nil {
		return err
	}
	if err := l.cheat("withdraw twice", as(buyer, order.Withdraw{No: no}), fault.KindConflict); err != nil {
		return err
	}
	d.goOn()
	return l.cheat("agree to what was withdrawn", as(seller, order.Agree{No: no}), fault.KindConflict)
}

func forever(a resolution.Proposal) resolution.Proposal {
	a.Days = 99
	return a
}

func foreseen(ctx context.Context, m *market.Market, who member.Actor, id ident.Order, mv order.Move) error {
	_, err := m.Foresee(ctx, who, id, mv)
	return err
}

func (d *deal) confirmed(ctx context.Context, mv order.Move, digest string) error {
	_, err := d.l.m.Confirm(ctx, d.buyer.who, "", d.id, mv, digest)
	return err
}

func paying(ctx context.Context, d *deal, who member.Actor, no int) error {
	_, err := d.l.m.PayRequest(ctx, who, "", d.id, no, d.plastic("4242 4242 4242 4242"))
	return err
}
