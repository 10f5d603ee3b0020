package market

import (
	"context"
	"time"

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

// PlaceOrder opens the order and pays it. The order exists, unpaid, whatever
// the payment does; a declined one can be paid again with PayOrder. Asking
// again with the same key continues the same payment. Errors: those of
// Checkout, fault.Invalid beside the card or "again", fault.Conflict when the
// price is another than the one shown.
func (m *Market) PlaceOrder(ctx context.Context, who member.Actor, key Key, in NewOrder, card pay.Card) (Placed, error) {
	p := m.Policy()
	placed, err := m.begin(ctx, who, key, "order.place", in, card, func(tx *store.Tx) (Placed, error) {
		return m.openOrder(tx, who, in, p)
	})
	if err != nil {
		return Placed{}, err
	}
	return m.charge(ctx, placed, in.Shown, card)
}

// openOrder opens an order of a gig, if it is still what the buyer saw.
func (m *Market) openOrder(tx *store.Tx, who member.Actor, in NewOrder, p policy.Version) (Placed, error) {
	now := m.Now()
	c, sale, err := m.quote(tx, in.Gig, in.Pick, p, now)
	if err != nil {
		return Placed{}, err
	}
	if err := takesOrders(c, sale, now); err != nil {
		return Placed{}, err
	}
	if err := sameTotal(c.Quote.Total, in.Shown); err != nil {
		return Placed{}, err
	}
	if err := notTwice(tx, who, in.Gig, in.Again, p, now); err != nil {
		return Placed{}, err
	}
	return m.open(tx, now, order.Draft{
		ID: ident.New[ident.Order](m.ids, now), Ref: m.ids.Ref(), Buyer: who.Member, Seller: c.Gig.Seller, Gig: in.Gig, Quote: c.Quote,
	}, who, c.Seller, p)
}

// sameTotal refuses another total than the one that the buyer saw.
func sameTotal(now, shown money.Amount) error {
	if now == shown {
		return nil
	}
	return fault.Conflict("The price has changed to " + now.String() + ". Nothing was charged: look at the new price and confirm again.")
}

// notTwice asks a buyer who ordered the gig a moment ago for their yes.
func notTwice(tx *store.Tx, who member.Actor, g ident.Gig, yes bool, p policy.Version, now time.Time) error {
	earlier, err := again(tx, who.Member, g, p, now)
	if err != nil || earlier == nil || yes {
		return err
	}
	return fault.Invalid("again", "You ordered this gig a moment ago ("+earlier.Ref+"). Tick here to order it once more.")
}

// open writes an unpaid order and the payment that is about to be tried.
func (m *Market) open(tx *store.Tx, now time.Time, d order.Draft, who member.Actor, seller member.Member, p policy.Version) (Placed, error) {
	buyer, err := tx.Member(d.Buyer)
	if err != nil {
		return Placed{}, err
	}
	o, set, err := order.New(now, d, who, p)
	if err != nil {
		return Placed{}, err
	}
	if err := tx.AddOrder(o, p, buyer.Name, seller.Name); err != nil {
		return Placed{}, err
	}
	if err := tx.Carry(set); err != nil {
		return Placed{}, err
	}
	return m.openPayment(tx, now, o, o.Total, 0)
}
