package sim

import (
	"context"
	"encoding/json"
	"time"

	"guildhall/internal/desk"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/money"
	"guildhall/internal/order"
	"guildhall/internal/resolution"
)

// deskTurns are matters that two people bring before the desk, with every kind
// of decision that there is.
func deskTurns() []turn {
	return []turn{
		{name: "forced, seller's fault", when: working, play: forcing(buys, order.FaultSeller, "seller_unavailable", money.Whole)},
		{name: "forced, buyer's fault", when: working, play: forcing(sells, order.FaultBuyer, "terms_breach_buyer", money.Whole/2)},
		{name: "forced, nobody's fault", when: working, play: forcing(sells, order.FaultNobody, "budget", money.Whole)},
		{name: "forced, fault of the house", when: working, play: forcing(buys, order.FaultPlatform, "platform_error", money.Whole)},
		{name: "part refund, running", when: delivered, play: refunding(3000)},
		{name: "part refund, completed", when: delivered, play: afterAccepting(refunding(2500))},
		{name: "full refund, completed", when: delivered, play: afterAccepting(refunding(money.Whole))},
		{name: "completed by the desk", when: delivered, play: (*deal).completedByDesk},
		{name: "hold and release", when: working, play: (*deal).heldByDesk},
		{name: "warned seller", when: delivered, play: (*deal).warnedSeller},
		{name: "warned buyer", when: working, play: (*deal).warnedBuyer},
		{name: "suspended and lifted", when: delivered, play: (*deal).suspended},
		{name: "dismissed and appealed", when: working, play: (*deal).appealed},
		{name: "case withdrawn", when: working, play: (*deal).caseWithdrawn},
		{name: "unheard after a delivery", when: delivered, play: (*deal).unheard},
		{name: "chargeback lost", when: working, card: "disputed, lost", play: (*deal).disputed},
		{name: "chargeback lost after the end", when: working, card: "disputed, lost", play: (*deal).hurried},
		{name: "chargeback won", when: working, card: "disputed, won", play: (*deal).disputed},
	}
}

// matter is a case with the agent who works on it.
type matter struct {
	*deal
	id    ident.Case
	agent *person
	other *person // the second agent
}

// open brings something before the desk.
func (d *deal) open(ctx context.Context, who *person, k desk.Kind, about desk.Subject) (*matter, error) {
	say := d.l.w.words.Desk.Buyer
	switch {
	case k == desk.Payment:
		say = d.l.w.words.Desk.Money
	case who == d.shelf.seller:
		say = d.l.w.words.Desk.Seller
	}
	c, err := d.l.m.OpenCase(ctx, who.who, "", market.NewCase{Kind: k, About: about, Text: pick(d.l.rnd, say)})
	if err != nil {
		return nil, d.l.honest("open a case", err)
	}
	x := &matter{deal: d, id: c.ID}
	x.agent, x.other = d.l.w.agents(d.l.seq)
	if d.buyer == x.agent {
		x.agent, x.other = x.other, x.agent
	}
	return x, nil
}

// agents are the two of the desk, now the one first, now the other.
func (w *World) agents(turn int) (one, two *person) {
	one, two = w.staff[1], w.staff[2]
	if turn%2 == 0 {
		one, two = two, one
	}
	return one, two
}

// ruling is a decision with its letter.
func (l *lane) ruling(d desk.Decision, rule string) desk.Decision {
	d.Rule, d.Facts = rule, pick(l.rnd, l.w.words.Desk.Facts)
	return d
}

const (
	ruleEnding = "Section 6, cancellation: class, cause and fault"
	ruleDesk   = "Section 11, the support desk"
	ruleMoney  = "Section 13, money"
)

// decides has the agent take the case, mostly answer it within a day, look at
// everything and decide.
func (x *matter) decides(d desk.Decision, rule string, then func(context.Context) error) {
	l := x.l
	wait := l.between(hour, 20*hour)
	if l.chance(12) {
		wait += day // too late for the target
	}
	l.in(wait, func(ctx context.Context) error {
		if _, err := l.m.TakeCase(ctx, x.agent.who, "", x.id); err != nil {
			return l.honest("take a case", err)
		}
		answer := market.CaseWords{Text: pick(l.rnd, l.w.words.Desk.Answer), To: desk.ToOpener}
		if _, err := l.m.AnswerCase(ctx, x.agent.who, "", x.id, answer); err != nil {
			return l.honest("answer a case", err)
		}
		l.in(l.between(hour, 30*hour), func(ctx context.Context) error { return x.decide(ctx, l.ruling(d, rule), then) })
		return nil
	})
}

// decide shows the agent what the decision would do, and confirms just that.
func (x *matter) decide(ctx context.Context, d desk.Decision, then func(context.Context) error) error {
	m := x.l.m
	if x.l.chance(60) {
		if _, err := m.DeskPage(ctx, x.agent.who, x.id); err != nil {
			return x.l.honest("look at a case", err)
		}
	}
	shown, err := m.PreviewDecision(ctx, x.agent.who, x.id, d)
	if err != nil {
		return x.l.honest("preview a decision", err)
	}
	c, err := m.DecideCase(ctx, x.agent.who, "", x.id, d, shown.Digest)
	if err != nil {
		return x.l.honest("decide a case", err)
	}
	if c.State == desk.Seconding {
		if err := x.second(ctx, shown.Digest); err != nil {
			return err
		}
	}
	if x.deal.id != "" {
		x.cancelled()
	}
	if then == nil {
		return nil
	}
	return then(ctx)
}

// second is the word of the second person, who is never the one who decided;
// where there is no other agent left, the operator's.
func (x *matter) second(ctx context.Context, digest string) error {
	own := x.l.cheat("second one's own decision", x.seconded(ctx, x.agent, digest), fault.KindForbidden)
	if own != nil {
		return own
	}
	err := x.seconded(ctx, x.other, digest)
	if fault.KindOf(err) == fault.KindNotFound {
		err = x.seconded(ctx, x.l.w.staff[0], digest)
	}
	return x.l.honest("second a decision", err)
}

func (x *matter) seconded(ctx context.Context, p *person, digest string) error {
	_, err := x.l.m.SecondCase(ctx, p.who, "", x.id, true, "", digest)
	return err
}

func (d *deal) subject() desk.Subject { return market.CaseSubjectOrder(d.id) }

// living goes on with an order that the decision left alive.
func (d *deal) living(context.Context) error {
	d.goOn()
	return nil
}

func forcing(by side, f order.Fault, cause string, share money.BasisPoints) func(*deal, context.Context) error {
	return func(d *deal, ctx context.Context) error {
		x, err := d.open(ctx, by(d), desk.Cancel, d.subject())
		if x != nil {
			x.decides(desk.Decision{Cancel: &desk.Ending{Fault: f, Cause: cause, Share: share}}, ruleEnding, func(ctx context.Context) error {
				o, err := d.seen(ctx)
				if e := o.Life.Ending; err == nil && (e == nil || e.Seller != (f == order.FaultSeller) || e.Buyer != (f == order.FaultBuyer)) {
					d.l.gain("a forced ending", "it enters in the wrong record")
				}
				return err
			})
		}
		return err
	}
}

func refunding(share money.BasisPoints) func(*deal, context.Context) error {
	return func(d *deal, ctx context.Context) error {
		x, err := d.open(ctx, d.buyer, desk.Payment, d.subject())
		if x != nil {
			x.decides(desk.Decision{Refund: &desk.Ending{Fault: order.FaultSeller, Share: share}}, ruleMoney, d.living)
		}
		return err
	}
}

// afterAccepting plays a turn once the delivery is accepted.
func afterAccepting(play func(*deal, context.Context) error) func(*deal, context.Context) error {
	return func(d *deal, _ context.Context) error {
		d.later(d.l.between(hour, 20*hour), d.buyer, order.Accept{}, func() {
			d.l.in(d.l.between(2*day, 18*day), func(ctx context.Context) error { return play(d, ctx) })
		})
		return nil
	}
}

func (d *deal) completedByDesk(ctx context.Context) error {
	x, err := d.open(ctx, d.shelf.seller, desk.Payment, d.subject())
	if x != nil {
		l := d.l // before silence would complete it
		l.in(l.between(hour, 12*hour), func(ctx context.Context) error {
			return x.decide(ctx, l.ruling(desk.Decision{Complete: true}, ruleDesk), nil)
		})
	}
	return err
}

// heldByDesk is an order whose clocks the desk stops and lets run again.
func (d *deal) heldByDesk(ctx context.Context) error {
	x, err := d.open(ctx, d.buyer, desk.Payment, d.subject())
	if x == nil {
		return err
	}
	x.decides(desk.Decision{Hold: "we ask the bank about the payment"}, ruleDesk, func(ctx context.Context) error {
		y, err := d.open(ctx, d.shelf.seller, desk.Payment, d.subject())
		if y != nil {
			y.decides(desk.Decision{Release: true}, ruleDesk, d.living)
		}
		return err
	})
	return nil
}

func (d *deal) warnedSeller(ctx context.Context) error {
	if err := d.resumed(ctx); err != nil {
		return err
	}
	x, err := d.open(ctx, d.buyer, desk.Breach, d.subject())
	if x != nil {
		x.decides(desk.Decision{Warn: []desk.Side{desk.Across}}, ruleDesk, nil)
	}
	return err
}

func (d *deal) warnedBuyer(ctx context.Context) error {
	d.goOn()
	x, err := d.open(ctx, d.shelf.seller, desk.Breach, d.subject())
	if x != nil {
		x.decides(desk.Decision{Warn: []desk.Side{desk.Across}}, ruleDesk, nil)
	}
	return err
}

// suspended closes a seller's account by mistake; on appeal the other agent
// opens it again.
func (d *deal) suspended(ctx context.Context) error {
	if err := d.resumed(ctx); err != nil {
		return err
	}
	x, err := d.open(ctx, d.buyer, desk.Breach, d.subject())
	if x == nil {
		return err
	}
	x.decides(desk.Decision{Suspend: []desk.Side{desk.Across}}, ruleDesk, func(ctx context.Context) error {
		return x.appeal(ctx, d.shelf.seller, func(y *matter) error {
			return y.decide(ctx, d.l.ruling(desk.Decision{Lift: []desk.Side{desk.Opener}}, ruleDesk), nil)
		})
	})
	return nil
}

// appeal asks the other agent to look again. The first one cannot.
func (x *matter) appeal(ctx context.Context, who *person, then func(*matter) error) error {
	m, l := x.l.m, x.l
	words := market.CaseWords{Text: pick(l.rnd, l.w.words.Desk.Appeal)}
	_, err := m.AppealCase(ctx, x.stranger(), "", x.id, words)
	if err := l.cheat("appeal in another's case", err, fault.KindNotFound); err != nil {
		return err
	}
	c, err := m.AppealCase(ctx, who.who, "", x.id, words)
	if err != nil {
		return l.honest("appeal", err)
	}
	_, err = m.AppealCase(ctx, who.who, "", x.id, words)
	if err := l.cheat("appeal twice", err, fault.KindConflict); err != nil {
		return err
	}
	_, err = m.TakeCase(ctx, x.agent.who, "", c.ID)
	if err := l.cheat("decide about one's own decision", err, fault.KindNotFound); err != nil {
		return err
	}
	return then(&matter{deal: x.deal, id: c.ID, agent: x.other, other: x.agent})
}

// appealed is a case that comes to nothing, and to something on appeal.
func (d *deal) appealed(ctx context.Context) error {
	x, err := d.open(ctx, d.buyer, desk.Cancel, d.subject())
	if x == nil {
		return err
	}
	x.decides(desk.Decision{Dismiss: true}, ruleDesk, func(ctx context.Context) error {
		return x.appeal(ctx, d.buyer, func(y *matter) error {
			y.decides(desk.Decision{Cancel: &desk.Ending{Fault: order.FaultNobody, Cause: "out_of_scope", Share: money.Whole}}, ruleEnding, nil)
			return nil
		})
	})
	return nil
}

func (d *deal) caseWithdrawn(ctx context.Context) error {
	d.goOn()
	x, err := d.open(ctx, d.buyer, desk.Cancel, d.subject())
	if x != nil {
		d.l.in(d.l.between(time.Hour, 3*hour), func(ctx context.Context) error {
			_, err := d.l.m.WithdrawCase(ctx, d.buyer.who, "", x.id)
			return d.l.honest("withdraw a case", err)
		})
	}
	return err
}

// unheard asks to cancel what is delivered; the seller says nothing, and the
// desk decides (the house's own lane, see hear).
func (d *deal) unheard(ctx context.Context) error {
	if d.l.now().Add(2 * day).Before(d.l.w.c.Told) { // nobody would tell the desk
		return asking(buys, cancelling("quality", money.Whole), declined)(d, ctx)
	}
	return asking(buys, cancelling("quality", money.Whole), silent)(d, ctx)
}

// disputed is an order whose buyer goes to the bank before the work is done.
func (d *deal) disputed(context.Context) error {
	d.l.in(12*day+d.l.w.c.Fence, d.resumed)
	return nil
}

// hurried is one that is completed before the buyer goes to the bank.
func (d *deal) hurried(context.Context) error {
	text := pick(d.l.rnd, d.l.w.words.Deliveries)
	d.laterAt(d.l.now().Add(2*hour), d.shelf.seller, order.Deliver{Text: text}, func() {
		d.laterAt(d.l.now().Add(4*hour), d.buyer, order.Accept{}, nil)
	})
	return nil
}

// hear is the desk at a fence: what the house itself asks it to look at.
func (w *World) hear(ctx context.Context, at time.Time) error {
	if at.Equal(w.c.Until) {
		return nil // the present of a demo, with a queue
	}
	one, two := w.agents(w.house.seq)
	for _, kind := range append(desk.HouseKinds(), desk.Breach) {
		rows, _, err := w.house.m.Queue(ctx, one.who, market.QueueFilter{Kind: kind}, "", 100)
		if err != nil {
			return err
		}
		for _, r := range rows {
			if kind == desk.Breach && r.Case.Subject.About != desk.AboutMessage {
				continue // a lane's own; that of a reported message is nobody's yet
			}
			x := &matter{deal: &deal{l: w.house, id: r.Case.Order}, id: r.Case.ID, agent: one, other: two}
			if err := x.houseCase(ctx, r.Case); err != nil {
				return err
			}
		}
	}
	return nil
}

// houseCase decides what the house asked the desk to look at. Whoever wants
// their money back for work that they took does not get it.
func (x *matter) houseCase(ctx context.Context, c desk.Case) error {
	l := x.l
	switch c.Kind {
	case desk.Breach:
		d := desk.Decision{Warn: []desk.Side{desk.Across}}
		if c.OwesFinding() {
			d.Spam = desk.IsSpam
		}
		return x.decide(ctx, l.ruling(d, ruleDesk), nil)
	case desk.Blameless:
		return x.decide(ctx, l.ruling(desk.Decision{Dismiss: true}, ruleDesk), nil)
	}
	page, err := l.m.DeskPage(ctx, x.agent.who, x.id)
	if err != nil {
		return err
	}
	cause := ""
	for _, e := range page.OrderEvents {
		var a resolution.Proposal
		if e.Kind == order.RequestAsked && json.Unmarshal(e.Detail.Proposal, &a) == nil {
			cause = a.Cause
		}
	}
	d, rule := desk.Decision{Cancel: &desk.Ending{Fault: order.FaultSeller, Cause: "quality", Share: money.Whole / 2}}, ruleEnding
	if cause != "quality" {
		d, rule = desk.Decision{Release: true, Complete: true}, ruleDesk
	}
	return x.decide(ctx, l.ruling(d, rule), nil)
}
