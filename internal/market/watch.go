package market

import (
	"context"

	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/store"
)

// MayWatch tells whether the actor may hear that something happened to topics:
// streams that are themselves, or an order, an offer, a conversation or a case
// whose page they may read. Errors: fault.NotFound where one of them is not.
func (m *Market) MayWatch(ctx context.Context, who member.Actor, topics ...string) error {
	if err := who.Need(member.ScopeRead); err != nil {
		return err
	}
	return m.store.View(ctx, func(tx *store.Tx) error {
		for _, topic := range topics {
			if err := m.mayWatch(tx, who, topic); err != nil {
				return err
			}
		}
		return nil
	})
}

func (m *Market) mayWatch(tx *store.Tx, who member.Actor, topic string) (err error) {
	switch {
	case topic == string(who.Member):
	case ident.Valid(ident.Order(topic)):
		_, _, err = orderFor(tx, who, ident.Order(topic))
	case ident.Valid(ident.Offer(topic)):
		_, err = m.offerFor(tx, who, ident.Offer(topic))
	case ident.Valid(ident.Thread(topic)):
		_, err = threadFor(tx, who, ident.Thread(topic))
	case ident.Valid(ident.Case(topic)):
		_, err = caseFor(tx, who, ident.Case(topic))
	default:
		err = fault.NotFound("There is nothing to watch here.")
	}
	return err
}
