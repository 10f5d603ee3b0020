package sim

import (
	"context"

	"guildhall/internal/desk"
	"guildhall/internal/fault"
	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/money"
	"guildhall/internal/order"
)

// meddleAtDesk tries a case at every door that is not one's own.
func (d *deal) meddleAtDesk(ctx context.Context) error {
	l, m, stranger := d.l, d.l.m, d.stranger()
	_, err := m.OpenCase(ctx, stranger, "", market.NewCase{Kind: desk.Cancel, About: d.subject(), Text: l.w.words.Desk.Buyer[0]})
	if err := l.cheat("bring another's order before the desk", err, fault.KindNotFound); err != nil {
		return err
	}
	x, err := d.open(ctx, d.buyer, desk.Cancel, d.subject())
	if x == nil {
		return err
	}
	words := market.CaseWords{Text: l.w.words.Desk.Buyer[0], To: desk.ToBoth}
	for _, try := range []struct {
		what string
		do   func() error
		want fault.Kind
	}{
		{"read another's case", func() error { _, err := m.CasePage(ctx, stranger, x.id); return err }, fault.KindNotFound},
		{"speak in another's case", func() error { _, err := m.SayInCase(ctx, stranger, "", x.id, words); return err }, fault.KindNotFound},
		{"withdraw another's case", func() error { _, err := m.WithdrawCase(ctx, d.shelf.seller.who, "", x.id); return err }, fault.KindForbidden},
		{"read a case as the desk does", func() error { _, err := m.DeskPage(ctx, d.buyer.who, x.id); return err }, fault.KindNotFound},
		{"read the desk's queue", func() error {
			_, _, err := m.Queue(ctx, stranger, market.QueueFilter{}, "", 10)
			return err
		}, fault.KindNotFound},
		{"answer in the desk's name", func() error { _, err := m.AnswerCase(ctx, d.buyer.who, "", x.id, words); return err }, fault.KindNotFound},
		{"decide one's own case", func() error { return x.decidesAs(ctx, d.buyer.who, "") }, fault.KindNotFound},
		{"forge the digest of a decision", func() error { return x.decidesAs(ctx, x.agent.who, "000000000000000000000000") }, fault.KindConflict},
		{"second what nobody proposed", func() error { return x.seconded(ctx, x.other, "") }, fault.KindConflict},
		{"appeal before a decision", func() error { _, err := m.AppealCase(ctx, d.buyer.who, "", x.id, words); return err }, fault.KindConflict},
	} {
		if err := l.cheat(try.what, try.do(), try.want); err != nil {
			return err
		}
	}
	x.decides(refundDecision, ruleMoney, func(ctx context.Context) error {
		if err := l.cheat("decide twice", x.decidesAs(ctx, x.agent.who, ""), fault.KindConflict); err != nil {
			return err
		}
		return d.living(ctx)
	})
	return nil
}

var refundDecision = desk.Decision{Refund: &desk.Ending{Fault: order.FaultNobody, Share: money.Whole / 10}}

func (x *matter) decidesAs(ctx context.Context, who member.Actor, digest string) error {
	d := refundDecision
	d.Rule, d.Facts = ruleMoney, x.l.w.words.Desk.Facts[0]
	_, err := x.l.m.DecideCase(ctx, who, "", x.id, d, digest)
	return err
}

// agentBuys lets an agent of the desk order something and bring it before the
// desk. Their own case is none of theirs; the other agent decides it.
func (d *deal) agentBuys(ctx context.Context) error {
	d.buyer = d.l.w.staff[1]
	d.turn = &turn{name: "agent in their own case", when: working, play: (*deal).agentInOwnCase}
	return d.order(ctx)
}

func (d *deal) agentInOwnCase(ctx context.Context) error {
	l, m, self := d.l, d.l.m, d.buyer
	x, err := d.open(ctx, self, desk.Payment, d.subject())
	if x == nil {
		return err
	}
	own := &matter{deal: d, id: x.id, agent: self, other: x.agent}
	dec := l.ruling(refundDecision, ruleMoney)
	for _, try := range []struct {
		what string
		do   func() error
	}{
		{"an agent takes their own case", func() error { _, err := m.TakeCase(ctx, self.who, "", x.id); return err }},
		{"an agent reads their own case as the desk", func() error { _, err := m.DeskPage(ctx, self.who, x.id); return err }},
		{"an agent previews their own case", func() error { _, err := m.PreviewDecision(ctx, self.who, x.id, dec); return err }},
		{"an agent decides their own case", func() error { return own.decidesAs(ctx, self.who, "") }},
	} {
		if err := l.cheat(try.what, try.do(), fault.KindNotFound); err != nil {
			return err
		}
	}
	if err := l.cheat("an agent forces their own order", d.try(ctx, self, order.ForceComplete{}), fault.KindForbidden); err != nil {
		return err
	}
	x.decides(desk.Decision{Dismiss: true}, ruleDesk, d.living)
	return nil
}
