package market

import (
	"context"

	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/money"
	"guildhall/internal/order"
	"guildhall/internal/pay"
	"guildhall/internal/resolution"
	"guildhall/internal/store"
)

// priced completes a proposal to swap with what it would cost now, by the rules
// that the order keeps to: the gig must be the same seller's and for sale, an
// offer open and made to the buyer.
func (m *Market) priced(ctx context.Context, tx *store.Tx, o order.Order, mv order.Move) (order.Move, error) {
	switch v := mv.(type) {
	case order.Ask:
		var err error
		v.Proposal, err = m.pricedSwap(ctx, tx, o, v.Proposal)
		return v, err
	case order.Counter:
		var err error
		v.Proposal, err = m.pricedSwap(ctx, tx, o, v.Proposal)
		return v, err
	}
	return mv, nil
}

func (m *Market) pricedSwap(ctx context.Context, tx *store.Tx, o order.Order, a resolution.Proposal) (resolution.Proposal, error) {
	if a.Kind != resolution.Swap || a.Into == nil {
		return a, nil
	}
	p, err := m.PolicyVersion(ctx, o.Policy)
	if err != nil {
		return a, err
	}
	if id := a.Into.Quote.Offer; id != "" {
		a.Into, err = m.swapOffer(tx, o, id, p)
		return a, err
	}
	c, sale, err := m.quote(tx, a.Into.Gig, a.Into.Quote.Pick(), p, m.Now())
	if err != nil {
		return a, err
	}
	if c.Gig.Seller != o.Seller || !sale.Open {
		return a, fault.Invalid("into", "Choose a gig that the same seller has for sale now.")
	}
	a.Into = &resolution.Into{Gig: c.Gig.ID, Quote: c.Quote}
	return a, nil
}

// PayRequest pays what an agreed request waits for; it takes effect with the
// payment. Errors: fault.NotFound, fault.Conflict where nothing waits for a
// payment, fault.Invalid beside the card.
func (m *Market) PayRequest(ctx context.Context, who member.Actor, key Key, id ident.Order, no int, card pay.Card) (Placed, error) {
	type request struct {
		Order ident.Order
		No    int
	}
	placed, err := m.begin(ctx, who, key, "order.pay_request", request{id, no}, card, func(tx *store.Tx) (Placed, error) {
		o, err := tx.Order(id)
		if err != nil || !who.Is(o.Buyer) {
			return Placed{}, missing(orMissing(err), noOrder)
		}
		return m.openRequestPayment(ctx, tx, o, no)
	})
	if err != nil {
		return Placed{}, err
	}
	return m.chargeOwed(ctx, placed, card)
}

func (m *Market) openRequestPayment(ctx context.Context, tx *store.Tx, o order.Order, no int) (Placed, error) {
	o, _, err := m.asItStands(ctx, tx, o)
	if err != nil {
		return Placed{}, err
	}
	r := o.Life.Request
	if r == nil || r.No != no || !r.Agreed() || o.Held() {
		return Placed{}, fault.Conflict("Nothing waits for a payment here any more.")
	}
	if _, err := answered(tx, o); err != nil {
		return Placed{}, err
	}
	return m.openPayment(tx, m.Now(), o, money.Of(r.Owed, o.Total.Currency), no)
}
