package market

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/job"
	"guildhall/internal/ledger"
	"guildhall/internal/member"
	"guildhall/internal/money"
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
		id, event, ok := refundOf(msg.Outcome.Payment)
		if !ok {
			return fault.NotFound("There is no such refund.")
		}
		err = m.refundMoved(ctx, id, order.RefundConfirmed{Event: event, Payment: id})
	case pay.PayoutSent, pay.PayoutFailed:
		err = m.payoutHeard(ctx, msg)
	case pay.DisputeOpened, pay.DisputeWon, pay.DisputeLost:
		err = m.disputeHeard(ctx, msg)
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
	return m.lookUp(ctx, pm)
}

// AskAboutPayment asks the provider about a payment that it gave no answer to.
// The errand that settle puts down calls it until there is one: the messages
// about it are given up in the end, and the money may have been taken.
func (m *Market) AskAboutPayment(ctx context.Context, id ident.Payment) error {
	var pm order.Payment
	err := m.store.View(ctx, func(tx *store.Tx) (err error) {
		pm, err = tx.Payment(id)
		return err
	})
	if err != nil || pm.State != order.PaymentPending {
		return err
	}
	if pm, err = m.lookUp(ctx, pm); err == nil && pm.State == order.PaymentPending {
		err = errStillPending
	}
	return err
}

var errStillPending = errors.New("market: the bank has not answered yet")

// No payment is looked for longer than paymentsKept; paymentsRead is how many are
// read at once.
const (
	paymentsKept = 30 * 24 * time.Hour
	paymentsRead = 100
)

// AskAboutPayments asks the provider about every payment that was begun and of
// which nothing was heard since: whoever waited for the answer died over it, or
// the buyer took the second step and the message about it got lost. Once an hour
// is often enough; one that was left without an answer is asked about sooner
// (AskAboutPayment).
func (m *Market) AskAboutPayments(ctx context.Context) error {
	var failures []error
	now := m.Now()
	for after := (order.Payment{Created: now.Add(-paymentsKept)}); ; {
		var page []order.Payment
		err := m.store.View(ctx, func(tx *store.Tx) (err error) {
			page, err = tx.PaymentsOpen(after, now.Add(-neverArrived), paymentsRead)
			return err
		})
		if err != nil {
			return errors.Join(append(failures, err)...)
		}
		for _, pm := range page {
			if _, err := m.lookUp(ctx, pm); err != nil {
				failures = append(failures, fmt.Errorf("market: the payment %s: %w", pm.ID, err))
			}
		}
		if len(page) < paymentsRead {
			return errors.Join(failures...)
		}
		after = page[len(page)-1]
	}
}

// lookUp settles what the provider says of a payment now.
func (m *Market) lookUp(ctx context.Context, pm order.Payment) (order.Payment, error) {
	id := pm.ID
	out, err := m.pay.Lookup(ctx, id)
	unknown := fault.KindOf(err) == fault.KindNotFound && (pm.State == order.PaymentCreated || pm.State == order.PaymentPending)
	if unknown && m.Now().Sub(pm.Created) >= neverArrived {
		out, err = pay.Outcome{Payment: id, State: pay.Declined, Reason: "It never reached the bank."}, nil
	}
	if err != nil {
		return pm, err
	}
	_, pm, err = m.settle(ctx, out)
	return pm, err
}

// neverArrived is how old a payment is that the provider would know by now if it
// had reached it. Should it arrive after all, what it says goes on as ever.
const neverArrived = 10 * time.Minute

// refundKey names a refund at the provider: the payment, and the event that
// booked it.
func refundKey(p ident.Payment, event int) ident.Payment {
	return p + ident.Payment("."+strconv.Itoa(event))
}

func refundOf(key ident.Payment) (p ident.Payment, event int, ok bool) {
	id, number, found := strings.Cut(string(key), ".")
	event, err := strconv.Atoi(number)
	return ident.Payment(id), event, found && err == nil
}

// SendRefund asks the provider to send back what an event of the order booked
// for a payment, and writes down what it answers. The courier's job calls it
// until there is an answer; the provider does it once. While the bank looks into
// the payment the answer is to wait: what the bank decides brings it up again.
// Errors: fault.Conflict where no such refund was booked.
func (m *Market) SendRefund(ctx context.Context, id ident.Payment, event int) error {
	var r order.Refund
	var amount money.Amount
	err := m.store.View(ctx, func(tx *store.Tx) error {
		pm, err := tx.Payment(id)
		if err != nil {
			return err
		}
		o, err := tx.Order(pm.Order)
		if err != nil {
			return err
		}
		var booked bool
		if r, booked = o.Refunding(event, id); !booked {
			return fault.Conflict("No refund is owed for this payment.")
		}
		amount = money.Of(r.Minor, o.Total.Currency)
		return nil
	})
	if err != nil || !r.Owed() {
		return err
	}
	_, err = m.pay.Refund(ctx, pay.Refund{Payment: refundKey(id, event), Ref: r.Ref, Amount: amount})
	switch {
	case errors.Is(err, pay.ErrDisputed):
		if err := m.refundMoved(ctx, id, order.RefundDisputed{Event: event, Payment: id}); err != nil {
			return err
		}
		return m.askAboutDispute(ctx, id) // the objection may not have been heard
	case errors.Is(err, pay.ErrTakenBack):
		return m.refundMoved(ctx, id, order.RefundOvertaken{Event: event, Payment: id})
	case err != nil:
		return err
	}
	return m.refundMoved(ctx, id, order.RefundSent{Event: event, Payment: id})
}

// SendRefunds sends whatever of an order waits to be sent back.
func (m *Market) SendRefunds(ctx context.Context, id ident.Order) error {
	var waiting []order.Refund
	err := m.store.View(ctx, func(tx *store.Tx) error {
		o, err := tx.Order(id)
		waiting = slices.DeleteFunc(slices.Clone(o.Life.Refunds), func(r order.Refund) bool { return !r.Owed() })
		return err
	})
	for _, r := range waiting {
		err = errors.Join(err, m.SendRefund(ctx, r.Payment, r.Event))
	}
	return err
}

// askAfter puts down the errand to ask what became of a refund that the provider
// has taken on, once its own message is late.
func askAfter(tx *store.Tx, pm order.Payment, sent order.RefundSent, now time.Time) error {
	key := string(refundKey(sent.Payment, sent.Event))
	j := job.New(jobBack, key, now, string(pm.Member), errand{Payment: sent.Payment, Event: sent.Event}.payload(), now)
	j.RunAt = now.Add(unheard)
	return tx.AddJobs(j)
}

// AskAboutRefund hears from the provider whether it has sent a refund that it took
// on: its messages are given up in the end, and the money would stay on its way for
// ever. The errand that calls it goes on until there is an answer.
func (m *Market) AskAboutRefund(ctx context.Context, id ident.Payment, event int) error {
	underWay := false
	err := m.store.View(ctx, func(tx *store.Tx) error {
		pm, err := tx.Payment(id)
		if err != nil {
			return err
		}
		o, err := tx.Order(pm.Order)
		underWay = slices.ContainsFunc(o.Life.Refunds, func(r order.Refund) bool {
			return r.Payment == id && r.Event == event && r.Open() && !r.Owed()
		})
		return err
	})
	if err != nil || !underWay {
		return err
	}
	told, err := m.pay.Refunded(ctx, refundKey(id, event))
	if err == nil && len(told) == 0 {
		err = errors.New("market: the provider has not sent this refund yet")
	}
	if err != nil {
		return err
	}
	return m.refundMoved(ctx, id, order.RefundConfirmed{Event: event, Payment: id})
}

// refundMoved writes down what the provider says of a refund: taken on, sent, or
// in the hands of the bank. Told again it changes nothing.
func (m *Market) refundMoved(ctx context.Context, id ident.Payment, mv order.Move) error {
	return m.store.Update(ctx, func(tx *store.Tx) error {
		pm, err := tx.Payment(id)
		if err != nil {
			return missing(err, "There is no such payment.")
		}
		o, err := tx.Order(pm.Order)
		if err != nil {
			return err
		}
		next, err := m.decided(ctx, tx, member.Provider(), o, mv)
		if err != nil {
			return err
		}
		switch mv.(type) {
		case order.RefundDisputed, order.RefundOvertaken:
			return nil // nothing of the payment has moved
		}
		if sent, ok := mv.(order.RefundSent); ok {
			if err := askAfter(tx, pm, sent, m.Now()); err != nil {
				return err
			}
		}
		to := order.PaymentRefunding
		if next.WentBack(id, pm.Amount.Minor) {
			to = order.PaymentRefunded
		}
		if after, news := pm.Advance(to, m.Now()); news {
			return tx.SavePayment(after)
		}
		return nil
	})
}

// disputeHeard is what the bank makes of a payment whose buyer objected to it.
// A payment that the order did not keep is none of its business once it has gone
// straight back; until then the bank may be faster. Of one that has not arrived
// yet the bank is to tell again later.
func (m *Market) disputeHeard(ctx context.Context, msg pay.Message) error {
	return m.store.Update(ctx, func(tx *store.Tx) error {
		pm, err := tx.Payment(msg.Outcome.Payment)
		if err != nil {
			return missing(err, "There is no such payment.")
		}
		o, err := tx.Order(pm.Order)
		if err != nil {
			return err
		}
		if pm.Settled.IsZero() {
			return fault.Conflict("This payment has not arrived yet.")
		}
		kept := slices.ContainsFunc(o.Charges(), func(c order.Charge) bool { return c.Payment == pm.ID })
		if !kept && o.WentBack(pm.ID, pm.Amount.Minor) {
			return nil
		}
		if told, err := disputeTold(tx, pm, msg.Kind); err != nil || told {
			return err
		}
		var mv order.Move = order.DisputeWon{Payment: pm.ID}
		switch msg.Kind {
		case pay.DisputeOpened:
			mv = order.Dispute{Payment: pm.ID, Reason: msg.Outcome.Reason, Until: msg.Decides}
		case pay.DisputeLost:
			available, err := m.withdrawable(ctx, tx, o)
			if err != nil {
				return err
			}
			mv = order.DisputeLost{Payment: pm.ID, Taken: msg.Outcome.Amount.Minor, Available: available}
		}
		_, err = m.decided(ctx, tx, member.Provider(), o, mv)
		return err
	})
}

// withdrawable is what the seller of an order could withdraw now, in minor units.
// What clears of this order by now is part of it, whether or not a sweep has been
// there: the same decision lets it clear before it takes anything back.
func (m *Market) withdrawable(ctx context.Context, tx *store.Tx, o order.Order) (int64, error) {
	balance, err := tx.Balance(ledger.Available(o.Seller), o.Total.Currency)
	if err != nil {
		return 0, err
	}
	_, due, err := m.asItStands(ctx, tx, o)
	if err != nil {
		return 0, err
	}
	_, sums := moved(o.Total.Currency, due)
	return balance.Minor + sums[ledger.Available(o.Seller)], nil
}

// disputeTold tells whether the order has heard of a step in the dispute of one
// of its payments before. A decision that comes before its objection is to be
// told again later.
func disputeTold(tx *store.Tx, pm order.Payment, kind pay.Kind) (bool, error) {
	events, err := tx.Events(string(pm.Order))
	opened, over := false, false
	for _, e := range events {
		of := e.Detail.Facts["payment"]
		switch e.Kind {
		case order.DisputeOpened:
			opened = opened || of == string(pm.ID)
		case order.DisputeWasWon: // an older one does not say of which payment
			over = over || opened && (of == "" || of == string(pm.ID))
		case order.DisputeWasLost:
			over = over || opened && e.Detail.Provider == pm.Ref
		}
	}
	if kind != pay.DisputeOpened && !opened {
		return false, cmp.Or(err, error(fault.Conflict("This dispute was not opened yet.")))
	}
	return over || opened && kind == pay.DisputeOpened, err
}
