package market

import (
	"context"

	"guildhall/internal/fault"
	"guildhall/internal/gig"
	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/offer"
	"guildhall/internal/order"
	"guildhall/internal/policy"
	"guildhall/internal/resolution"
	"guildhall/internal/store"
)

// swapOffer is an offer as what may come in the place of an order: of the same
// seller, made to the same buyer, open, and not being paid.
func (m *Market) swapOffer(tx *store.Tx, o order.Order, id ident.Offer, p policy.Version) (*resolution.Into, error) {
	of, err := tx.Offer(id)
	if err != nil && fault.KindOf(missing(err, "gone")) != fault.KindNotFound {
		return nil, err
	}
	if err != nil || of.Seller != o.Seller || of.Buyer != o.Buyer {
		return nil, fault.Invalid("into", "Choose an offer that the same seller made to the same buyer.")
	}
	if !swappable(of, m) {
		return nil, fault.Invalid("into", "This offer cannot be taken any more.")
	}
	q, err := offer.Quote(of, p)
	return &resolution.Into{Gig: of.Gig, Quote: q}, err
}

func swappable(of offer.Offer, m *Market) bool { return of.Payable(m.Now()) && of.Paying == 0 }

// swapOffers are the offers that may come in the place of an order.
func (m *Market) swapOffers(tx *store.Tx, o order.Order, p policy.Version) ([]SwapChoice, error) {
	open, err := tx.OpenOffers(o.Seller, o.Buyer)
	var list []SwapChoice
	for _, of := range open {
		if !swappable(of, m) || of.Price.Currency != o.Total.Currency {
			continue
		}
		q, err := offer.Quote(of, p)
		if err != nil {
			return nil, err
		}
		list = append(list, SwapChoice{Gig: of.Gig, Title: of.Title, Quotes: []gig.Quote{q}})
	}
	return list, err
}

// takeSwapped ends the offer that both agreed to put in the place of an order,
// so that its link yields no second one. Once it has ended, the agreement is
// refused in its words.
func (m *Market) takeSwapped(ctx context.Context, tx *store.Tx, who member.Actor, o order.Order, mv order.Move) error {
	of, swaps, err := swappedInto(tx, o, mv)
	if err != nil || !swaps {
		return err
	}
	_, err = m.offerMove(ctx, tx, who, of, offer.Take{Order: o.ID})
	return err
}

// mayTakeSwapped decides the same without doing it.
func (m *Market) mayTakeSwapped(ctx context.Context, tx *store.Tx, who member.Actor, o order.Order, mv order.Move) error {
	of, swaps, err := swappedInto(tx, o, mv)
	if err != nil || !swaps {
		return err
	}
	p, err := m.PolicyVersion(ctx, of.Policy)
	if err != nil {
		return err
	}
	_, _, err = offer.Decide(m.Now(), of, who, offer.Take{Order: o.ID}, p)
	return err
}

// swappedInto is the offer that a move agrees to put in the place of an order.
func swappedInto(tx *store.Tx, o order.Order, mv order.Move) (of offer.Offer, swaps bool, err error) {
	agree, ok := mv.(order.Agree)
	r := o.Life.Request
	if !ok || r == nil || r.No != agree.No || r.Proposal.Into == nil {
		return of, false, nil
	}
	g, err := tx.Gig(r.Proposal.Into.Gig)
	if err == nil && g.State == gig.StateDeleted {
		err = fault.Conflict("“" + g.Title + "” is gone, so this can no longer be agreed to. Decline it, or propose something else.")
	}
	if err != nil || !r.Proposal.TakesOffer() {
		return of, false, err
	}
	of, err = tx.Offer(r.Proposal.Into.Quote.Offer)
	return of, true, err
}
