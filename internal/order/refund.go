package order

import (
	"slices"

	"guildhall/internal/effect"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/ledger"
)

// What the provider says of refunds that were booked, and of the payments they
// are parts of once the bank has its hand on them. A refund and a chargeback
// race for the same money: the provider lets one of them have it, and only its
// word tells which (docs/decisions/0011-the-bank-and-a-refund.md).

func refundSent(t *turn, m Move) error {
	v := m.(RefundSent)
	i, err := t.refundOf(v.Event, v.Payment)
	if err != nil {
		return err
	}
	r := &t.o.Life.Refunds[i]
	if !r.Sent.IsZero() {
		return nil // told twice
	}
	r.Sent = t.now
	t.happen(RefundHanded, effect.Detail{Amount: r.Minor, Of: r.Event, Provider: r.Ref, Refunds: []effect.Refund{{Payment: r.Payment, Minor: r.Minor}}})
	return nil
}

func refundConfirmed(t *turn, m Move) error {
	v := m.(RefundConfirmed)
	i, err := t.refundOf(v.Event, v.Payment)
	if err != nil {
		return err
	}
	r := &t.o.Life.Refunds[i]
	if !r.Confirmed.IsZero() {
		return nil
	}
	d := ledger.Deal{Order: t.o.ID, Seller: t.o.Seller, Provider: r.Provider, Price: t.o.amount(r.Minor)}
	if err := t.book(ledger.KindRefundSent, r.Ref, d.RefundSent()); err != nil {
		return err
	}
	r.Confirmed = t.now
	if r.Sent.IsZero() {
		r.Sent = t.now
	}
	t.o.Life.RefundedAt = t.now
	t.happen(RefundOnItsWay, r.told())
	return nil
}

func (t *turn) refundOf(event int, p ident.Payment) (int, error) {
	i := slices.IndexFunc(t.o.Life.Refunds, func(r Refund) bool { return r.Event == event && r.Payment == p })
	if i < 0 {
		return i, fault.Conflict("No refund was asked for this payment.")
	}
	return i, nil
}

// refundDisputed lets a refund wait for the bank's decision about its payment.
func refundDisputed(t *turn, m Move) error {
	v := m.(RefundDisputed)
	i, err := t.refundOf(v.Event, v.Payment)
	if err != nil {
		return err
	}
	r := &t.o.Life.Refunds[i]
	if !r.Owed() || !r.Waits.IsZero() {
		return nil // told twice, or the bank has decided meanwhile
	}
	r.Waits = t.now
	t.happen(RefundWaits, r.told())
	return nil
}

// refundOvertaken closes a refund that is never sent, because the bank took the
// payment back. Nothing is booked: its part of what the bank took is booked with
// the rest of that, by disputeLost, whichever of the two comes first.
func refundOvertaken(t *turn, m Move) error {
	v := m.(RefundOvertaken)
	i, err := t.refundOf(v.Event, v.Payment)
	if err != nil {
		return err
	}
	r := &t.o.Life.Refunds[i]
	if !r.Open() {
		return nil
	}
	r.ByBank = t.now
	for _, other := range t.o.Life.Refunds {
		t.o.Life.RefundedAt = latest(t.o.Life.RefundedAt, other.Confirmed) // what was sent before is the newest again
	}
	t.happen(RefundByBank, r.told())
	return nil
}

// told is what an event says of a refund that an earlier one booked.
func (r Refund) told() effect.Detail {
	return effect.Detail{
		Amount: r.Minor, Of: r.Event, Provider: r.Ref, Facts: map[string]string{"method": r.Method},
		Refunds: []effect.Refund{{Payment: r.Payment, Minor: r.Minor}},
	}
}

// unsent is how much of a payment was booked to go back and has not been sent, to
// the provider's word.
func (t *turn) unsent(p ident.Payment) (minor int64) {
	for _, r := range t.o.Life.Refunds {
		if r.Payment == p && r.Confirmed.IsZero() {
			minor += r.Minor
		}
	}
	return minor
}

// returned is the refund of a payment that the order had no use for.
func (t *turn) returned(p ident.Payment) (Refund, bool) {
	i := slices.IndexFunc(t.o.Life.Refunds, func(r Refund) bool { return r.Payment == p })
	if i < 0 || t.charge(p) != nil {
		return Refund{}, false
	}
	return t.o.Life.Refunds[i], true
}
