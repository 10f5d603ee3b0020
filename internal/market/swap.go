package market

import (
	"context"

	"guildhall/internal/gig"
	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/order"
	"guildhall/internal/policy"
	"guildhall/internal/store"
)

// SwapChoice is a gig that may come in the place of what was ordered.
type SwapChoice struct {
	Gig    ident.Gig
	Title  string
	Quotes []gig.Quote // of each package, alone, as it costs now by the order's rules
}

// swapChoices bounds how many gigs of a seller are offered for a swap.
const swapChoices = 40

// SwapChoices lists what may come in the place of an order: the open offers of
// the same seller to the same buyer, then what that seller has for sale now, the
// newest first, in the order's currency and without the very package that was
// bought. Errors: fault.NotFound.
func (m *Market) SwapChoices(ctx context.Context, who member.Actor, id ident.Order) ([]SwapChoice, error) {
	if err := who.Need(member.ScopeRead); err != nil {
		return nil, err
	}
	var list []SwapChoice
	err := m.store.View(ctx, func(tx *store.Tx) error {
		o, _, err := orderFor(tx, who, id)
		if err != nil {
			return err
		}
		p, err := m.PolicyVersion(ctx, o.Policy)
		if err != nil {
			return err
		}
		if list, err = m.swapOffers(tx, o, p); err != nil {
			return err
		}
		cards, err := tx.GigsOf(o.Seller, gig.StateActive, "", swapChoices)
		if err != nil {
			return err
		}
		ids := make([]ident.Gig, len(cards))
		for i, card := range cards {
			ids[i] = card.ID
		}
		gigs, err := tx.ManyGigs(ids...)
		if err != nil {
			return err
		}
		for _, id := range ids {
			g := gigs[id]
			choice := SwapChoice{Gig: g.ID, Title: g.Title}
			if choice.Quotes, err = swapQuotes(o, g, p); err != nil {
				return err
			}
			if len(choice.Quotes) > 0 {
				list = append(list, choice)
			}
		}
		return nil
	})
	return list, err
}

// swapQuotes are the packages of a gig that may come in an order's place.
func swapQuotes(o order.Order, g gig.Gig, p policy.Version) ([]gig.Quote, error) {
	if g.Currency != o.Total.Currency {
		return nil, nil
	}
	var list []gig.Quote
	for _, pack := range g.Packages {
		bought := o.Agreement
		if g.ID == o.Gig && pack.Tier == bought.Tier && len(bought.Extras) == 0 && bought.Quantity == 1 {
			continue
		}
		q, err := gig.NewQuote(g.Body, gig.Pick{Tier: pack.Tier, Quantity: 1}, p)
		if err != nil {
			return nil, err
		}
		list = append(list, q)
	}
	return list, nil
}
