package market

import (
	"context"

	"guildhall/internal/gig"
	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/store"
)

// GigAdvice tells a seller that one of their gigs should promise more days,
// from how long its newest orders took; nil where there is nothing to advise,
// or where its packages promise as much already. Errors: fault.NotFound for
// anybody but its seller.
func (m *Market) GigAdvice(ctx context.Context, who member.Actor, id ident.Gig) (*gig.Advice, error) {
	if err := who.Need(member.ScopeRead); err != nil {
		return nil, err
	}
	p := m.Policy()
	var advice *gig.Advice
	err := m.store.View(ctx, func(tx *store.Tx) error {
		g, err := tx.Gig(id)
		if err != nil || !who.Is(g.Seller) || g.State == gig.StateDeleted {
			return missing(orMissing(err), noGig)
		}
		past, err := tx.PastOf(id, p.Requests.AdviseOrders)
		if err != nil {
			return err
		}
		advice = nil // the closure may run twice
		if a, told := gig.Advise(past, p); told && len(a.Short(g.Body)) > 0 {
			advice = &a
		}
		return nil
	})
	return advice, err
}
