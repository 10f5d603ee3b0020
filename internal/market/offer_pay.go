package market

import (
	"context"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/money"
	"guildhall/internal/offer"
	"guildhall/internal/order"
	"guildhall/internal/pay"
	"guildhall/internal/policy"
	"guildhall/internal/store"
)

// PaidOffer is what a buyer confirms when paying an offer.
type PaidOffer struct {
	Offer ident.Offer  `json:"offer"`
	Shown money.Amount `json:"shown"` // the total the buyer saw; another one is refused
	Again bool         `json:"again"` // yes to "order again?"
}

// PayOffer pays an offer. The first attempt opens the one order that the offer
// will ever have; a later attempt, with another card or from another tab, goes
// on with the same order. Errors: fault.NotFound for everybody but its two
// parties, fault.Forbidden for its seller, fault.Expired once its time is over,
// fault.Conflict when it has ended, is being paid right now, or costs another
// price than the one shown; fault.Invalid beside the card or "again".
func (m *Market) PayOffer(ctx context.Context, who member.Actor, key Key, in PaidOffer, card pay.Card) (Placed, error) {
	p := m.Policy()
	placed, err := m.begin(ctx, who, key, "offer.pay", in, card, func(tx *store.Tx) (Placed, error) {
		return m.openOffer(ctx, tx, who, in, p)
	})
	if err != nil {
		return Placed{}, err
	}
	return m.charge(ctx, placed, in.Shown, card)
}

// openOffer writes the payment that is about to be tried, and before the first
// one the order that it pays.
func (m *Market) openOffer(ctx context.Context, tx *store.Tx, who member.Actor, in PaidOffer, p policy.Version) (Placed, error) {
	of, err := m.offerFor(tx, who, in.Offer)
	if err != nil {
		return Placed{}, err
	}
	now := m.Now()
	if of.Order != "" {
		return m.reopenOffer(ctx, tx, who, of, in.Shown)
	}
	id := ident.New[ident.Order](m.ids, now)
	if of, err = m.offerMove(ctx, tx, who, of, offer.Pay{Order: id}); err != nil {
		return Placed{}, err
	}
	q, err := offer.Quote(of, p)
	if err != nil {
		return Placed{}, err
	}
	if err := sameTotal(q.Total, in.Shown); err != nil {
		return Placed{}, err
	}
	if err := notTwice(tx, who, of.Gig, in.Again, p, now); err != nil {
		return Placed{}, err
	}
	seller, err := tx.Member(of.Seller)
	if err != nil {
		return Placed{}, err
	}
	if seller.Suspended() {
		return Placed{}, fault.Conflict(seller.Name + " cannot take orders now.")
	}
	return m.open(tx, now, order.Draft{
		ID: id, Ref: m.ids.Ref(), Buyer: of.Buyer, Seller: of.Seller, Gig: of.Gig, Quote: q,
	}, who, seller, p)
}

// reopenOffer tries another payment for the order that an offer has already.
func (m *Market) reopenOffer(ctx context.Context, tx *store.Tx, who member.Actor, of offer.Offer, shown money.Amount) (Placed, error) {
	p, err := m.PolicyVersion(ctx, of.Policy)
	if err != nil {
		return Placed{}, err
	}
	if _, _, err := offer.Decide(m.Now(), of, who, offer.Pay{Order: of.Order}, p); err != nil {
		return Placed{}, err // in the words of the offer, whatever became of its order
	}
	o, err := tx.Order(of.Order)
	if err != nil {
		return Placed{}, err
	}
	if err := sameTotal(o.Total, shown); err != nil {
		return Placed{}, err
	}
	return m.payAgain(ctx, tx, who, o)
}

// beginOffer tells the offer that another payment of its order begins. Of many
// that come at once only the first goes to the bank.
func (m *Market) beginOffer(ctx context.Context, tx *store.Tx, who member.Actor, o order.Order, tries []order.Payment) error {
	if o.Agreement.Offer == "" {
		return nil
	}
	for _, t := range tries {
		if t.State == order.PaymentCreated && m.Now().Sub(t.Created) < pay.InFlight {
			return fault.Conflict("A payment for this offer is on its way to the bank right now. Please wait a moment and look again.")
		}
	}
	of, err := m.offerFor(tx, who, o.Agreement.Offer)
	if err != nil {
		return err
	}
	_, err = m.offerMove(ctx, tx, who, of, offer.Pay{Order: o.ID})
	return err
}

// offerSale tells whether the offer that an order was opened for takes this
// payment: it was begun in time, it arrives in time, and the offer still stands.
// The capacity of the gig binds no offer; its seller has seen how busy they are.
func (m *Market) offerSale(tx *store.Tx, o order.Order, pm order.Payment, p policy.Version, now time.Time) (order.Sale, error) {
	of, err := tx.Offer(o.Agreement.Offer)
	if err != nil {
		return order.Sale{}, err
	}
	of = of.AsOf(now)
	seller, err := tx.Member(o.Seller)
	if err != nil {
		return order.Sale{}, err
	}
	q, err := offer.Quote(of, p)
	honoured := of.Honours(o.ID, pm.Created, now)
	return order.Sale{Open: honoured && !seller.Suspended(), Ended: !honoured, Capacity: true, Price: q.Total}, err
}

// offerHears tells the offer behind an order what became of a payment: the
// order was placed with it, or it is of no use any more.
func (m *Market) offerHears(ctx context.Context, tx *store.Tx, was, next order.Order, pm order.Payment) error {
	if was.Agreement.Offer == "" {
		return nil
	}
	of, err := tx.Offer(was.Agreement.Offer)
	if err != nil {
		return err
	}
	var mv offer.Move = offer.Fail{Payment: pm.ID}
	if was.State == order.Unpaid && !next.PaidAt.IsZero() {
		mv = offer.Accept{Order: was.ID, Payment: pm.ID, Began: pm.Created}
	}
	_, err = m.offerMove(ctx, tx, member.Provider(), of, mv)
	return err
}

// sweepOffers lets the offers end whose time is over, and tells how many.
func (m *Market) sweepOffers(ctx context.Context) (int, error) {
	var due []ident.Offer
	err := m.store.View(ctx, func(tx *store.Tx) error {
		var err error
		due, err = tx.OffersDue(m.Now(), sweepBatch)
		return err
	})
	if err != nil {
		return 0, err
	}
	return len(due), eachAtOnce(due, func(id ident.Offer) error {
		return m.store.Update(ctx, func(tx *store.Tx) error {
			o, err := tx.Offer(id)
			if err != nil {
				return err
			}
			_, err = m.offerMove(ctx, tx, member.Clock(), o, offer.Tick{})
			return err
		})
	})
}
