package market

import (
	"cmp"
	"context"
	"time"

	"guildhall/internal/effect"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/money"
	"guildhall/internal/order"
	"guildhall/internal/pay"
	"guildhall/internal/policy"
	"guildhall/internal/store"
)

// Placed is the answer to a payment: where the order and the payment stand.
type Placed struct {
	Order   ident.Order        `json:"order"`
	Ref     string             `json:"ref"`
	State   order.State        `json:"state"`
	Payment ident.Payment      `json:"payment"`
	Paid    order.PaymentState `json:"paid"`
	Reason  string             `json:"reason,omitempty"` // of a declined payment
	Step    string             `json:"step,omitempty"`   // where the buyer confirms at the bank
}

// paidWith is what a key stands for: the same order with another card is
// another request.
type paidWith struct {
	What any    `json:"what"`
	Card string `json:"card"` // its ending
}

// refs is how often a short name is drawn anew when somebody has it already.
const refs = 5

// begin lets a use case write down the payment that is about to be tried, once
// for its key. Errors: fault.Forbidden for a token without the scope,
// fault.Invalid beside the card, those of the use case.
func (m *Market) begin(ctx context.Context, who member.Actor, key Key, name string, what any, card pay.Card, write func(*store.Tx) (Placed, error)) (Placed, error) {
	if err := who.Need(member.ScopeBuy); err != nil {
		return Placed{}, err
	}
	if err := m.pay.CheckCard(card); err != nil {
		return Placed{}, err
	}
	var placed Placed
	var err error
	for range refs {
		placed, err = once(ctx, m, who, key, name, paidWith{what, card.Ending()}, write)
		if !store.IsDuplicate(err, "orders.ref") {
			break
		}
	}
	return placed, err
}

// PayOrder tries another payment for an unpaid order.
// Errors: fault.NotFound, fault.Conflict when it is paid, closed or being paid.
func (m *Market) PayOrder(ctx context.Context, who member.Actor, key Key, id ident.Order, card pay.Card) (Placed, error) {
	placed, err := m.begin(ctx, who, key, "order.pay", id, card, func(tx *store.Tx) (Placed, error) {
		o, err := tx.Order(id)
		if err != nil || !who.Is(o.Buyer) {
			return Placed{}, missing(orMissing(err), noOrder)
		}
		return m.payAgain(ctx, tx, who, o)
	})
	if err != nil {
		return Placed{}, err
	}
	return m.chargeOwed(ctx, placed, card)
}

// payAgain writes the next payment of an order that is not paid yet.
func (m *Market) payAgain(ctx context.Context, tx *store.Tx, who member.Actor, o order.Order) (Placed, error) {
	if now, _, err := m.asItStands(ctx, tx, o); err != nil || now.State != order.Unpaid {
		return Placed{}, cmp.Or(err, error(fault.Conflict("This order cannot be paid: "+now.State.Words()+".")))
	}
	tries, err := answered(tx, o)
	if err != nil {
		return Placed{}, err
	}
	if err := m.beginOffer(ctx, tx, who, o, tries); err != nil {
		return Placed{}, err
	}
	return m.openPayment(tx, m.Now(), o, o.Total, 0)
}

// answered are the payments tried for an order, once the bank has answered each
// that it was asked for.
func answered(tx *store.Tx, o order.Order) ([]order.Payment, error) {
	tries, err := tx.PaymentsOf(o.ID)
	for _, t := range tries {
		if t.State == order.PaymentPending {
			return nil, fault.Conflict("The bank has not answered your last payment yet. We ask again by ourselves; please wait a moment before you try another card.")
		}
	}
	return tries, err
}

// openPayment writes a payment that is about to be tried: of the order itself,
// or of the request with a number.
func (m *Market) openPayment(tx *store.Tx, now time.Time, o order.Order, owed money.Amount, request int) (Placed, error) {
	pm := order.Payment{
		ID: ident.New[ident.Payment](m.ids, now), Order: o.ID, Member: o.Buyer, Provider: m.pay.Name(),
		Amount: owed, State: order.PaymentCreated, Created: now, Request: request,
	}
	return Placed{Order: o.ID, Ref: o.Ref, State: o.State, Payment: pm.ID, Paid: pm.State}, tx.AddPayment(pm)
}

// chargeOwed charges what a payment was written down with, which is not asked
// of the buyer again.
func (m *Market) chargeOwed(ctx context.Context, placed Placed, card pay.Card) (Placed, error) {
	var pm order.Payment
	err := m.store.View(ctx, func(tx *store.Tx) (err error) {
		pm, err = tx.Payment(placed.Payment)
		return err
	})
	if err != nil {
		return Placed{}, err
	}
	return m.charge(ctx, placed, pm.Amount, card)
}

// charge asks the provider for the money and settles what it says. A provider
// that does not answer leaves the payment pending; its message comes later.
func (m *Market) charge(ctx context.Context, placed Placed, amount money.Amount, card pay.Card) (Placed, error) {
	out, err := m.pay.Charge(ctx, pay.Charge{
		Payment: placed.Payment, Amount: amount, Card: card,
		About: "Guildhall order " + placed.Ref, Back: "/orders/" + string(placed.Order),
	})
	if err != nil {
		m.log.WarnContext(ctx, "the payment provider gave no answer", "payment", placed.Payment, "error", err)
		out = pay.Outcome{Payment: placed.Payment, State: pay.Pending}
	}
	o, pm, err := m.settle(context.WithoutCancel(ctx), out) // whether or not anybody waits for it: the money may be taken
	if err != nil {
		return Placed{}, err
	}
	placed.State, placed.Paid, placed.Reason, placed.Step = o.State, pm.State, pm.Reason, pm.Step
	return placed, nil
}

// settle writes down what the provider said about a payment. It may be told
// any number of times, in any order: the order is placed once.
func (m *Market) settle(ctx context.Context, out pay.Outcome) (order.Order, order.Payment, error) {
	var o order.Order
	var pm order.Payment
	load := func(tx *store.Tx) (err error) {
		if pm, err = tx.Payment(out.Payment); err != nil {
			return missing(err, "There is no such payment.")
		}
		o, err = tx.Order(pm.Order)
		return err
	}
	err := m.store.Update(ctx, func(tx *store.Tx) error {
		if err := load(tx); err != nil {
			return err
		}
		next, news := pm.Advance(stateOf(out.State), m.Now())
		if !news {
			return nil
		}
		var err error
		next.Ref, next.Method, next.Reason, next.Step = out.Ref, out.Method, out.Reason, out.Step
		pm = next
		switch {
		case pm.State == order.PaymentSucceeded && pm.Request != 0:
			if o, err = m.decided(ctx, tx, member.Provider(), o, order.PayMore{Charge: pm.Charge(), No: pm.Request}); err != nil {
				return err
			}
		case pm.State == order.PaymentSucceeded:
			if o, err = m.place(ctx, tx, o, pm); err != nil {
				return err
			}
		case pm.State == order.PaymentPending:
			tx.Notify(string(o.ID))
			if err := askLater(tx, pm, m.Now()); err != nil {
				return err
			}
		case pm.State == order.PaymentDeclined:
			tx.Notify(string(o.ID))
			if err := m.offerHears(ctx, tx, o, o, pm); err != nil {
				return err
			}
		default:
			tx.Notify(string(o.ID))
		}
		return tx.SavePayment(pm)
	})
	return o, pm, err
}

func stateOf(s pay.State) order.PaymentState {
	switch s {
	case pay.Succeeded:
		return order.PaymentSucceeded
	case pay.Declined:
		return order.PaymentDeclined
	case pay.NeedsStep:
		return order.PaymentNeedsStep
	}
	return order.PaymentPending
}

// place hands the order the payment that arrived.
func (m *Market) place(ctx context.Context, tx *store.Tx, o order.Order, pm order.Payment) (order.Order, error) {
	p, err := m.PolicyVersion(ctx, o.Policy)
	if err != nil {
		return o, err
	}
	sale, capacity, err := m.saleNow(tx, o, pm, p, m.Now())
	if err != nil {
		return o, err
	}
	next, err := m.decided(ctx, tx, member.Provider(), o, order.Place{Charge: pm.Charge(), Sale: sale})
	if err != nil {
		return o, err
	}
	if capacity > 0 && next.Occupies() && !o.Occupies() {
		taken, err := tx.OrdersInProgress(next.Gig)
		if err != nil {
			return o, err
		}
		if taken > capacity {
			return o, store.ErrStale // somebody took the last place at the same moment
		}
	}
	return next, m.offerHears(ctx, tx, o, next, pm)
}

// saleNow tells whether what the buyer saw still stands. A gig that was not
// touched since is not read and priced again.
func (m *Market) saleNow(tx *store.Tx, o order.Order, pm order.Payment, p policy.Version, now time.Time) (order.Sale, int, error) {
	if o.Agreement.Offer != "" {
		sale, err := m.offerSale(tx, o, pm, p, now)
		return sale, 0, err
	}
	stall, err := tx.Stall(o.Gig, now)
	if err != nil {
		return order.Sale{}, 0, err
	}
	if q := o.Agreement; stall.Edition == q.Edition {
		free := q.Capacity == 0 || stall.Taken < q.Capacity
		return order.Sale{Open: stall.Open, Capacity: free, Price: q.Total}, q.Capacity, nil
	}
	c, sale, err := m.quote(tx, o.Gig, o.Agreement.Pick(), p, now)
	if fault.KindOf(err) != "" {
		return order.Sale{}, 0, nil // a gig or package that is gone is not for sale
	}
	return sale, c.Gig.Capacity, err
}

// save hands a decision back to the store.
func (m *Market) save(tx *store.Tx, was, next order.Order, set effect.Set, p policy.Version) error {
	if err := tx.Carry(set); err != nil {
		return err
	}
	if err := m.settled(tx, next.Seller, set); err != nil {
		return err
	}
	if err := m.contribute(tx, was, next, p, since(set, m.Now())); err != nil {
		return err
	}
	tx.Notify(string(next.Buyer), string(next.Seller)) // their lists show it
	return tx.SaveOrder(was, next, p)
}
