package market

import (
	"context"

	"guildhall/internal/ident"
	"guildhall/internal/notice"
)

// offerFacts is what the notices about an offer need to know.
func (b *bag) offerFacts(ctx context.Context, id ident.Offer) (notice.Facts, bool, error) {
	o, err := b.tx.Offer(id)
	if err != nil {
		return notice.Facts{}, false, err
	}
	buyer, err := b.tx.Member(o.Buyer)
	if err != nil {
		return notice.Facts{}, false, err
	}
	seller, err := b.tx.Member(o.Seller)
	if err != nil {
		return notice.Facts{}, false, err
	}
	facts := notice.Facts{
		Title: o.Title, Currency: o.Price.Currency,
		Buyer: notice.Person{ID: o.Buyer, Name: buyer.Name}, Seller: notice.Person{ID: o.Seller, Name: seller.Name},
	}
	facts.Policy, err = b.m.PolicyVersion(ctx, o.Policy)
	return facts, err == nil, err
}
