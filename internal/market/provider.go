package market

import (
	"context"
	"net/http"

	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/order"
	"guildhall/internal/pay"
	"guildhall/internal/store"
)

// ProviderSays hears a signed message of the payment provider. Messages may
// come late, twice and in any order. Errors: fault.Forbidden for a bad signature.
func (m *Market) ProviderSays(ctx context.Context, header http.Header, body []byte) error {
	msg, err := m.pay.Verify(header, body)
	if err != nil {
		return err
	}
	switch msg.Kind {
	case pay.ChargeSucceeded, pay.ChargeDeclined:
		err = m.chargeHeard(ctx, msg.Outcome)
	case pay.RefundSent:
		err = m.refundConfirmed(ctx, msg.Outcome.Payment)
	case pay.PayoutSent, pay.PayoutFailed:
		err = m.payoutHeard(ctx, msg)
	}
	return err
}

// chargeHeard settles what a message says of a charge. Most often it is the
// second telling of what is known, so it looks before it takes a turn to write.
func (m *Market) chargeHeard(ctx context.Context, out pay.Outcome) error {
	var pm order.Payment
	err := m.store.View(ctx, func(tx *store.Tx) error {
		var err error
		pm, err = tx.Payment(out.Payment)
		return missing(err, "There is no such payment.")
	})
	if err != nil {
		return err
	}
	if _, news := pm.Advance(stateOf(out.State), m.Now()); !news {
		return nil
	}
	_, _, err = m.settle(ctx, out)
	return err
}

// Confirmed asks the provider where a payment stands and settles it: for a
// buyer who comes back from the bank before its message does.
func (m *Market) Confirmed(ctx context.Context, who member.Actor, id ident.Payment) (order.Payment, error) {
	var pm order.Payment
	if err := who.Need(member.ScopeRead); err != nil {
		return pm, err
	}
	if err := m.store.View(ctx, func(tx *store.Tx) error {
		var err error
		pm, err = tx.Payment(id)
		return err
	}); err != nil || !who.Is(pm.Member) {
		return pm, missing(orMissing(err), "There is no such payment.")
	}
	out, err := m.pay.Lookup(ctx, id)
	if err != nil {
		return pm, err
	}
	_, pm, err = m.settle(ctx, out)
	return pm, err
}

// SendRefund asks the provider to send a payment back that an order has let go
// of. The courier's job calls it until it succeeds; the provider does it once.
// Errors: fault.Conflict while the order still keeps the money.
func (m *Market) SendRefund(ctx context.Context, id ident.Payment) error {
	var pm order.Payment
	err := m.store.Update(ctx, func(tx *store.Tx) error {
		var err error
		if pm, err = tx.Payment(id); err != nil {
			return err
		}
		o, err := tx.Order(pm.Order)
		if err != nil {
			return err
		}
		if !o.LetGo(pm.ID) {
			return fault.Conflict("No refund is owed for this payment.")
		}
		next, news := pm.Advance(order.PaymentRefunding, m.Now())
		if !news {
			return nil
		}
		pm = next
		return tx.SavePayment(pm)
	})
	if err != nil || pm.State == order.PaymentRefunded {
		return err
	}
	_, err = m.pay.Refund(ctx, pay.Refund{Payment: pm.ID, Ref: pm.Ref, Amount: pm.Amount})
	return err
}

// refundConfirmed books that the provider has sent a refund, once.
func (m *Market) refundConfirmed(ctx context.Context, id ident.Payment) error {
	return m.store.Update(ctx, func(tx *store.Tx) error {
		pm, err := tx.Payment(id)
		if err != nil {
			return missing(err, "There is no such payment.")
		}
		if pm.State == order.PaymentSucceeded {
			return fault.Conflict("No refund was asked for this payment.")
		}
		next, news := pm.Advance(order.PaymentRefunded, m.Now())
		if !news {
			return nil
		}
		o, err := tx.Order(pm.Order)
		if err != nil {
			return err
		}
		if _, err := m.move(ctx, tx, member.Provider(), o, order.RefundSent{Charge: pm.Charge()}); err != nil {
			return err
		}
		return tx.SavePayment(next)
	})
}
