package market

import (
	"cmp"
	"context"
	"time"

	"guildhall/internal/effect"
	"guildhall/internal/fault"
	"guildhall/internal/gig"
	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/money"
	"guildhall/internal/order"
	"guildhall/internal/pay"
	"guildhall/internal/policy"
	"guildhall/internal/store"
)

// Checkout is what a buyer sees before anything is paid.
type Checkout struct {
	Gig    gig.Gig
	Seller member.Member
	Quote  gig.Quote
	Policy policy.Version // that the order will pin
	Again  *Again         // an order of the same gig a moment ago
}

// Again is the duplicate guard's question: order again? (rulebook section 6)
type Again struct {
	Ref string
	At  time.Time
}

// Checkout prices a pick for the actor. Errors: fault.NotFound, fault.Invalid
// beside the pick, fault.Conflict where the gig takes no order now,
// fault.Forbidden for its own seller.
func (m *Market) Checkout(ctx context.Context, who member.Actor, id ident.Gig, pick gig.Pick) (Checkout, error) {
	now := m.Now()
	p := m.PolicyAt(now)
	var c Checkout
	err := m.store.View(ctx, func(tx *store.Tx) error {
		var sale order.Sale
		var err error
		if c, sale, err = m.quote(tx, id, pick, p, now); err != nil {
			return err
		}
		if who.Is(c.Gig.Seller) {
			return fault.Forbidden("This is your own gig: you cannot order it from yourself.")
		}
		if err := takesOrders(c, sale, now); err != nil {
			return err
		}
		c.Again, err = again(tx, who.Member, id, p, now)
		return err
	})
	return c, err
}

// quote loads a gig and its seller and prices the pick as of now.
func (m *Market) quote(tx *store.Tx, id ident.Gig, pick gig.Pick, p policy.Version, now time.Time) (Checkout, order.Sale, error) {
	g, err := tx.Gig(id)
	if err != nil || g.State == gig.StateDeleted || g.State == gig.StateDraft {
		return Checkout{}, order.Sale{}, missing(orMissing(err), "There is no such gig.")
	}
	seller, err := tx.Member(g.Seller)
	if err != nil {
		return Checkout{}, order.Sale{}, err
	}
	q, err := gig.NewQuote(g.Body, pick, p)
	if err != nil {
		return Checkout{}, order.Sale{}, err
	}
	q.Edition, q.Capacity = g.Version, g.Capacity
	taken, err := tx.OrdersInProgress(id)
	return Checkout{Gig: g, Seller: seller, Quote: q, Policy: p}, order.Sale{
		Open:     g.State == gig.StateActive && !seller.Away(now) && !seller.Suspended(),
		Capacity: g.Capacity == 0 || taken < g.Capacity,
		Price:    q.Total,
	}, err
}

func orMissing(err error) error {
	if err == nil {
		return store.ErrNotFound
	}
	return err
}

// takesOrders says in words why a gig cannot be ordered now.
func takesOrders(c Checkout, s order.Sale, now time.Time) error {
	switch {
	case c.Seller.Away(now):
		return fault.Conflict(c.Seller.Name + " is away until " + c.Seller.Seller.AwayUntil.In(c.Seller.Location()).Format("2 January") + " and takes no orders until then.")
	case !s.Open:
		return fault.Conflict("This gig is not for sale now.")
	case !s.Capacity:
		return fault.Conflict("This gig is fully booked: " + c.Seller.Name + " works on as many orders as they take at once. A place is free again when one is delivered.")
	}
	return nil
}

func again(tx *store.Tx, buyer ident.Member, g ident.Gig, p policy.Version, now time.Time) (*Again, error) {
	if buyer == "" {
		return nil, nil
	}
	ref, at, found, err := tx.Again(buyer, g, now.Add(-p.Order.DuplicateWindow.D()))
	if err != nil || !found {
		return nil, err
	}
	return &Again{Ref: ref, At: at}, nil
}

// NewOrder is what a buyer confirms at the checkout.
type NewOrder struct {
	Gig   ident.Gig    `json:"gig"`
	Pick  gig.Pick     `json:"pick"`
	Shown money.Amount `json:"shown"` // the total the buyer saw; another price is refused
	Again bool         `json:"again"` // yes to "order again?"
}

// paidWith is what a key stands for: the same order with another card is
// another request.
type paidWith struct {
	What any    `json:"what"`
	Card string `json:"card"` // its ending
}

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

// PlaceOrder opens the order and pays it. The order exists, unpaid, whatever
// the payment does; a declined one can be paid again with PayOrder. Asking
// again with the same key continues the same payment. Errors: those of
// Checkout, fault.Invalid beside the card or "again", fault.Conflict when the
// price is another than the one shown.
func (m *Market) PlaceOrder(ctx context.Context, who member.Actor, key Key, in NewOrder, card pay.Card) (Placed, error) {
	if err := who.Need(member.ScopeBuy); err != nil {
		return Placed{}, err
	}
	if err := m.pay.CheckCard(card); err != nil {
		return Placed{}, err
	}
	p := m.Policy()
	var placed Placed
	var err error
	for range refs {
		placed, err = once(ctx, m, who, key, "order.place", paidWith{in, card.Ending()}, func(tx *store.Tx) (Placed, error) {
			return m.openOrder(tx, who, in, p)
		})
		if !store.IsDuplicate(err, "orders.ref") {
			break
		}
	}
	if err != nil {
		return Placed{}, err
	}
	return m.charge(ctx, placed, in.Shown, card)
}

// refs is how often a short name is drawn anew when somebody has it already.
const refs = 5

// openOrder writes the unpaid order and the payment that is about to be tried.
func (m *Market) openOrder(tx *store.Tx, who member.Actor, in NewOrder, p policy.Version) (Placed, error) {
	now := m.Now()
	c, sale, err := m.quote(tx, in.Gig, in.Pick, p, now)
	if err != nil {
		return Placed{}, err
	}
	if err := takesOrders(c, sale, now); err != nil {
		return Placed{}, err
	}
	if c.Quote.Total != in.Shown {
		return Placed{}, fault.Conflict("The price has changed to " + c.Quote.Total.String() + ". Nothing was charged: look at the new price and confirm again.")
	}
	earlier, err := again(tx, who.Member, in.Gig, p, now)
	if err != nil {
		return Placed{}, err
	}
	if earlier != nil && !in.Again {
		return Placed{}, fault.Invalid("again", "You ordered this gig a moment ago ("+earlier.Ref+"). Tick here to order it once more.")
	}
	buyer, err := tx.Member(who.Member)
	if err != nil {
		return Placed{}, err
	}
	o, set, err := order.New(now, order.Draft{
		ID: ident.New[ident.Order](m.ids, now), Ref: m.ids.Ref(), Buyer: who.Member, Seller: c.Gig.Seller, Gig: in.Gig, Quote: c.Quote,
	}, who, p)
	if err != nil {
		return Placed{}, err
	}
	if err := tx.AddOrder(o, p, buyer.Name, c.Seller.Name); err != nil {
		return Placed{}, err
	}
	if err := tx.Carry(set); err != nil {
		return Placed{}, err
	}
	return m.openPayment(tx, o, now)
}

func (m *Market) openPayment(tx *store.Tx, o order.Order, now time.Time) (Placed, error) {
	pm := order.Payment{
		ID: ident.New[ident.Payment](m.ids, now), Order: o.ID, Member: o.Buyer, Provider: m.pay.Name(),
		Amount: o.Total, State: order.PaymentCreated, Created: now,
	}
	return Placed{Order: o.ID, Ref: o.Ref, State: o.State, Payment: pm.ID, Paid: pm.State}, tx.AddPayment(pm)
}

// PayOrder tries another payment for an unpaid order.
// Errors: fault.NotFound, fault.Conflict when it is paid, closed or being paid.
func (m *Market) PayOrder(ctx context.Context, who member.Actor, key Key, id ident.Order, card pay.Card) (Placed, error) {
	if err := who.Need(member.ScopeBuy); err != nil {
		return Placed{}, err
	}
	if err := m.pay.CheckCard(card); err != nil {
		return Placed{}, err
	}
	var total money.Amount
	placed, err := once(ctx, m, who, key, "order.pay", paidWith{id, card.Ending()}, func(tx *store.Tx) (Placed, error) {
		o, err := tx.Order(id)
		if err != nil || !who.Is(o.Buyer) {
			return Placed{}, missing(orMissing(err), "There is no such order.")
		}
		return m.payAgain(ctx, tx, who, o)
	})
	if err != nil {
		return Placed{}, err
	}
	if err := m.store.View(ctx, func(tx *store.Tx) error {
		pm, err := tx.Payment(placed.Payment)
		total = pm.Amount
		return err
	}); err != nil {
		return Placed{}, err
	}
	return m.charge(ctx, placed, total, card)
}

// payAgain writes the next payment of an order that is not paid yet.
func (m *Market) payAgain(ctx context.Context, tx *store.Tx, who member.Actor, o order.Order) (Placed, error) {
	if state, err := m.standing(ctx, o); err != nil || state != order.Unpaid {
		return Placed{}, cmp.Or(err, error(fault.Conflict("This order cannot be paid: "+state.Words()+".")))
	}
	tries, err := tx.PaymentsOf(o.ID)
	if err != nil {
		return Placed{}, err
	}
	for _, t := range tries {
		if t.State == order.PaymentPending {
			return Placed{}, fault.Conflict("The bank has not answered your last payment yet. We ask again by ourselves; please wait a moment before you try another card.")
		}
	}
	if err := m.beginOffer(ctx, tx, who, o, tries); err != nil {
		return Placed{}, err
	}
	return m.openPayment(tx, o, m.Now())
}

// standing is the state of an order now, also when no sweep has been there
// since a deadline of it.
func (m *Market) standing(ctx context.Context, o order.Order) (order.State, error) {
	p, err := m.PolicyVersion(ctx, o.Policy)
	if err != nil {
		return o.State, err
	}
	next, _, err := order.Decide(m.Now(), o, member.Clock(), order.Tick{}, p)
	return next.State, err
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
	o, pm, err := m.settle(ctx, out)
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
		default:
			if pm.State == order.PaymentDeclined {
				if err := m.offerHears(ctx, tx, o, o, pm); err != nil {
					return err
				}
			}
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
	now := m.Now()
	sale, capacity, err := m.saleNow(tx, o, pm, p, now)
	if err != nil {
		return o, err
	}
	next, set, err := order.Decide(now, o, member.Provider(), order.Place{Charge: pm.Charge(), Sale: sale}, p)
	if err != nil {
		return o, err
	}
	load, err := m.save(tx, o, next, set, p)
	if err != nil {
		return o, err
	}
	if capacity > 0 && load > capacity {
		return o, store.ErrStale // somebody took the last place at the same moment
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
func (m *Market) save(tx *store.Tx, was, next order.Order, set effect.Set, p policy.Version) (int, error) {
	if err := tx.Carry(set); err != nil {
		return 0, err
	}
	if err := m.contribute(tx, was, next, p); err != nil {
		return 0, err
	}
	tx.Notify(string(next.Buyer), string(next.Seller)) // their lists show it
	return tx.SaveOrder(was, next, p)
}
