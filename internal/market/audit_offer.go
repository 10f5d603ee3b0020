package market

import (
	"context"
	"errors"
	"fmt"
	"time"

	"guildhall/internal/effect"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/offer"
	"guildhall/internal/store"
)

// offers holds every offer against the rules: decided again from its history it
// is what is written down, and a link yielded at most one order, for its
// addressee, before its time.
func (a *audit) offers(ctx context.Context) error {
	var after ident.Offer
	for {
		cases, err := a.tx.AuditOffers(after, auditPage)
		if err != nil || len(cases) == 0 {
			return err
		}
		for _, c := range cases {
			if err := a.offer(ctx, c); err != nil {
				return err
			}
		}
		after = cases[len(cases)-1].ID
	}
}

func (a *audit) offer(ctx context.Context, c store.OfferCase) error {
	o, subject := c.Offer, string(c.ID)
	events, err := a.tx.Events(subject)
	if err != nil {
		return err
	}
	again, set, err := a.offerAgain(ctx, o, events)
	if why := fault.KindOf(err); why != "" || errors.Is(err, errNoHistory) {
		a.finding("history", subject, "the rules would not have allowed it: %v", err)
		return nil
	}
	if err != nil {
		return err
	}
	for i := range max(len(events), len(set.Events)) {
		if i >= len(events) || i >= len(set.Events) || spelt(events[i]) != spelt(set.Events[i]) {
			a.finding("history", subject, "event %d is not what the rules made of those before it", i+1)
			break
		}
	}
	if fmt.Sprintf("%+v", again) != fmt.Sprintf("%+v", o) {
		a.finding("history", subject, "it stands otherwise than its events say: %s, by them %s", o.State, again.State)
	}
	due, _ := o.Next()
	if !due.Equal(c.Due) || (c.Bucket == "open") != (o.State == offer.Open) {
		a.finding("deadline", subject, "the columns that lists and sweeps read do not fit it")
	}
	return a.paidOffer(o, events[len(events)-1].Kind)
}

var errNoHistory = errors.New("it has no history")

// offerAgain makes all moves of an offer again, as its events tell them.
func (a *audit) offerAgain(ctx context.Context, was offer.Offer, events []effect.Event) (offer.Offer, effect.Set, error) {
	p, err := a.m.PolicyVersion(ctx, was.Policy)
	if err != nil {
		return was, effect.Set{}, err
	}
	if len(events) == 0 || events[0].Kind != offer.Made {
		return was, effect.Set{}, errNoHistory
	}
	o := was // what a history does not change, and nothing of what it does
	o.State, o.Order, o.SupersededBy, o.Answer, o.Paying, o.Seq = offer.Open, "", "", "", 0, 1
	o.MadeAt, o.EndedAt = events[0].At, time.Time{}
	o.ExpiresAt = o.MadeAt.Add(p.Offers.Life.D())
	o.HonouredUntil = o.ExpiresAt.Add(p.Offers.PaymentGrace.D())
	set := effect.Set{Events: events[:1:1]}
	for _, e := range events[1:] {
		if e.Role == member.RoleClock {
			continue // fired by itself, in the moves that follow
		}
		mv, err := a.offerMove(e)
		if err != nil {
			return o, set, err
		}
		next, more, err := offer.Decide(e.At, o, actorOf(e), mv, p)
		if err != nil {
			return o, set, err
		}
		o = next
		set.Add(more)
	}
	if last := events[len(events)-1]; last.Role == member.RoleClock {
		next, more, err := offer.Decide(last.At, o, member.Clock(), offer.Tick{}, p)
		if err != nil {
			return o, set, err
		}
		o = next
		set.Add(more)
	}
	return o, set, nil
}

// offerMove is the move that an event was made by.
func (a *audit) offerMove(e effect.Event) (offer.Move, error) {
	order, payment := ident.Order(e.Detail.Facts["order"]), ident.Payment(e.Detail.Facts["payment"])
	switch e.Kind {
	case offer.PaymentBegun:
		return offer.Pay{Order: order}, nil
	case offer.PaymentFailed:
		return offer.Fail{Payment: payment}, nil
	case offer.AcceptedOffer:
		pm, err := a.tx.Payment(payment)
		if errors.Is(err, store.ErrNotFound) {
			return nil, fault.NotFound("the payment that paid it does not exist")
		}
		return offer.Accept{Order: order, Payment: payment, Began: pm.Created}, err
	case offer.TakenOffer:
		return offer.Take{Order: order}, nil
	case offer.DeclinedOffer:
		return offer.Decline{Text: e.Detail.Text}, nil
	case offer.WithdrawnOffer:
		return offer.Withdraw{}, nil
	case offer.RemovedOffer:
		return offer.Remove{Why: e.Detail.Text}, nil
	case offer.NewerMade:
		return offer.Supersede{By: ident.Offer(e.Detail.Facts["by"])}, nil
	}
	return nil, fault.Conflict("nobody can make " + string(e.Kind) + " happen")
}

// paidOffer looks at the order behind an offer: its addressee's, at its price,
// and paid exactly when the offer was accepted.
func (a *audit) paidOffer(of offer.Offer, last effect.Kind) error {
	if of.Order == "" || a.broken[of.Order] {
		return nil
	}
	o, err := a.tx.Order(of.Order)
	if errors.Is(err, store.ErrNotFound) {
		a.finding("offers", string(of.ID), "it names an order that does not exist")
		return nil
	}
	if err != nil {
		return err
	}
	switch {
	case o.Buyer != of.Buyer || o.Seller != of.Seller:
		a.finding("offers", string(of.ID), "order %s, which it yielded, is of other people", o.Ref)
	case o.Agreement.Offer != of.ID && o.Life.Swaps == 0 && last != offer.TakenOffer:
		a.finding("offers", string(of.ID), "order %s, which it yielded, is about something else", o.Ref)
	case of.State == offer.Accepted && o.PaidAt.IsZero():
		a.finding("offers", string(of.ID), "it is accepted, and order %s was never paid", o.Ref)
	}
	return nil
}

// bought looks at an order that was bought through an offer from the order's
// side: no second order of the same offer was ever paid.
func (a *audit) bought(c store.Case) error {
	o := c.Order
	if o.Agreement.Offer == "" || o.PaidAt.IsZero() {
		return nil
	}
	of, err := a.tx.Offer(o.Agreement.Offer)
	switch {
	case errors.Is(err, store.ErrNotFound):
		a.finding("offers", o.Ref, "it was bought through an offer that does not exist")
		return nil
	case err == nil && (of.Order != o.ID || of.State != offer.Accepted):
		a.finding("offers", o.Ref, "it was paid through an offer that yielded another order, or none")
	}
	return err
}
