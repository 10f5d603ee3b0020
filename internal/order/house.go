package order

import (
	"slices"
	"time"

	"guildhall/internal/effect"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/ledger"
	"guildhall/internal/money"
	"guildhall/internal/policy"
	"guildhall/internal/resolution"
)

// forceCancel ends the order by decision, with a fault that says in whose
// record it enters.
func forceCancel(t *turn, m Move) error {
	v := m.(ForceCancel)
	bad := fault.Fields{}
	bad.Need(slices.Contains(Faults(), v.Fault), "fault", "Say whose fault it is: the seller's, the buyer's, nobody's or the platform's.")
	bad.Need(resolution.KnownCause(v.Cause, t.p), "cause", "Choose the cause that fits best.")
	bad.Need(v.Share >= 0 && v.Share <= money.Whole, "share", "Choose between 0 % and 100 %.")
	if err := bad.Err(); err != nil {
		return err
	}
	return t.cancel(ForcedCancel, policy.ClassForced, v.Share, Ending{Cause: v.Cause, Fault: v.Fault})
}

func forceComplete(t *turn, _ Move) error { return t.complete(ForcedComplete) }

// moderate ends the order because its gig or a party's account was removed.
func moderate(t *turn, m Move) error {
	return t.cancel(ModeratedAway, policy.ClassModerated, money.Whole, Ending{Fault: FaultNobody, Why: m.(Moderate).Why})
}

// forceRefund sends a share back by decision. While the order lives it goes on
// with less; once it is over the money is taken back from where it went, and a
// completed order that loses all of it becomes refunded.
func forceRefund(t *turn, m Move) error {
	v := m.(ForceRefund)
	bad := fault.Fields{}
	bad.Need(slices.Contains(Faults(), v.Fault), "fault", "Say whose fault it is: the seller's, the buyer's, nobody's or the platform's.")
	bad.Need(v.Share > 0 && v.Share <= money.Whole, "share", "Choose a share above 0 % and up to 100 %.")
	bad.Need(t.o.State.Ended() || v.Share < money.Whole, "share", "To send everything back, cancel the order.")
	if err := bad.Err(); err != nil {
		return err
	}
	if !t.o.State.Ended() {
		if t.o.movesNothing(v.Share) {
			return errNothing
		}
		if r := t.o.Life.Request; r != nil && r.Agreed() {
			t.closeRequest() // what is owed for it was reckoned from what rested before
		}
		return t.discount(0, v.Share, map[string]string{"share": policy.Percent(v.Share).String(), "fault": string(v.Fault)})
	}
	taken, err := t.takeBack(v.Share, v.Available)
	if err != nil {
		return err
	}
	minor := taken.Seller + taken.Commission + taken.Fee
	refunds, err := t.sendBack(minor)
	if err != nil {
		return err
	}
	d := effect.Detail{Amount: minor, Refunds: refunds, Facts: map[string]string{
		"method": t.o.Methods(), "taken": t.o.amount(taken.Seller).String(), "share": policy.Percent(v.Share).String(), "fault": string(v.Fault),
	}}
	if v.Share < money.Whole || t.o.State != Completed {
		t.happen(PartRefunded, d)
		return nil
	}
	d.Class = string(policy.ClassRefunded)
	t.conclude(policy.ClassRefunded, Ending{Fault: v.Fault, Share: v.Share}, d.Facts)
	t.move(RefundedInFull, Refunded, d)
	return nil
}

// errNothing refuses a share so small that not one cent would move.
var errNothing = fault.Invalid("share", "Of what is there this share comes to nothing: choose a larger one.")

// takeBack takes a share of what the end has paid back from the seller and the
// house. available is what the seller could withdraw now, in minor units.
func (t *turn) takeBack(share money.BasisPoints, available int64) (Settled, error) {
	s := t.o.Life.Settled
	if s == (Settled{}) {
		return s, fault.Conflict("Nothing of this order is left that could go back.")
	}
	var part Settled
	for _, pot := range []struct {
		whole int64
		part  *int64
	}{{s.Seller, &part.Seller}, {s.Commission, &part.Commission}, {s.Fee, &part.Fee}} {
		a, err := t.o.amount(pot.whole).Share(share)
		if err != nil {
			return part, err
		}
		*pot.part = a.Minor
	}
	if part == (Settled{}) {
		return part, errNothing
	}
	split := ledger.Split{Seller: t.o.amount(part.Seller), Commission: t.o.amount(part.Commission), Fee: t.o.amount(part.Fee)}
	if err := t.book(ledger.KindTakeBack, "", t.o.deal().TakeBack(split, !t.o.Life.ClearedAt.IsZero(), available)); err != nil {
		return part, err
	}
	t.o.Life.Settled = Settled{s.Seller - part.Seller, s.Commission - part.Commission, s.Fee - part.Fee}
	if t.o.Life.Settled.Seller == 0 && t.o.Life.ClearedAt.IsZero() {
		t.o.Life.ClearsAt = time.Time{} // nothing is left to clear
	}
	return part, nil
}

// dispute holds an order whose buyer went to their bank. A hold that was there
// before comes back when the bank is done with every payment it looks into. A
// payment that goes straight back holds nothing: the order never had it.
func dispute(t *turn, m Move) error {
	v := m.(Dispute)
	d := effect.Detail{Text: v.Reason, Until: v.Until, Facts: map[string]string{"payment": string(v.Payment)}}
	if _, yes := t.returned(v.Payment); yes {
		d.Facts[straightBack] = "yes"
		t.happen(DisputeOpened, d)
		return nil
	}
	if t.o.PaidAt.IsZero() {
		return errNotOurs
	}
	bank := Hold{Bank: true, Until: v.Until}
	if h := t.o.Life.Hold; h != nil {
		if bank.Under = h.Reason; h.Bank {
			bank.Under, bank.Others, bank.Until = h.Under, h.Others+1, latest(h.Until, v.Until)
		}
		t.thaw()
	}
	t.freeze("the buyer's bank is looking into the payment")
	bank.Reason, bank.Since = t.o.Life.Hold.Reason, t.o.Life.Hold.Since
	t.o.Life.Hold = &bank
	t.happen(DisputeOpened, d)
	return nil
}

// straightBack is the fact of a dispute about a payment that the order had no
// use for.
const straightBack = "straight_back"

var errNotOurs = fault.Conflict("This payment is none of the order's.")

// disputeWon lets the clocks run on, unless the bank looks into another payment
// of the order as well. Where a decision of the house has ended the order
// meanwhile, the bank's word is only written down. What was booked to go back
// of the payment has waited for it: whoever couriers the event sends it.
func disputeWon(t *turn, m Move) error {
	p := m.(DisputeWon).Payment
	d := effect.Detail{Facts: map[string]string{}}
	if p != "" {
		d.Facts["payment"] = string(p)
	}
	_, back := t.returned(p)
	h := t.o.Life.Hold
	switch {
	case back:
		d.Facts[straightBack] = "yes"
	case h != nil && h.Bank && h.Others > 0:
		still := *h
		still.Others--
		t.o.Life.Hold = &still
	case h != nil && h.Bank:
		d.Facts["stood"] = policy.Duration(t.thaw()).String()
		t.pause()
		if h.Under != "" {
			t.freeze(h.Under)
		}
		d.Until = t.o.until(t.p)
	case !t.o.State.Ended():
		return fault.Conflict("No bank is looking into this order.")
	}
	t.happen(DisputeWasWon, d)
	return nil
}

// disputeLost ends the order: the bank has taken back whatever of the payment
// was not refunded by then. What had been booked to go back and was not sent
// pays for its own part of that; for the rest the order's money pays, wherever
// it is now. What is nowhere any more is a loss of the house, and what other
// payments brought goes back to them.
func disputeLost(t *turn, m Move) error {
	v := m.(DisputeLost)
	c := t.charge(v.Payment)
	if c == nil {
		return t.lostOnItsWay(v)
	}
	if t.o.Held() {
		t.thaw()
	}
	t.closeRequest()
	overtaken := min(max(0, v.Taken-(c.Amount.Minor-c.Back)), t.unsent(c.Payment))
	owed := v.Taken - overtaken
	c.Back = min(c.Amount.Minor, c.Back+owed)
	there, err := t.gather(v.Available)
	if err != nil {
		return err
	}
	taken := min(there, owed)
	if err := t.chargedBack(*c, overtaken+taken, owed-taken); err != nil {
		return err
	}
	refunds, err := t.sendBack(there - taken)
	if err != nil {
		return err
	}
	d := effect.Detail{Amount: v.Taken, Provider: c.Ref, Refunds: refunds, Facts: map[string]string{"method": c.Method}}
	if t.o.State == Cancelled || t.o.State == Refunded {
		t.happen(DisputeWasLost, d)
		return nil
	}
	d.Class = string(policy.ClassChargeback)
	t.conclude(policy.ClassChargeback, Ending{Share: money.Whole}, d.Facts)
	t.move(DisputeWasLost, Cancelled, d)
	return nil
}

// lostOnItsWay books that the bank took a payment which the order had no use for,
// before it could go straight back. Nothing else about the order changes.
func (t *turn) lostOnItsWay(v DisputeLost) error {
	r, yes := t.returned(v.Payment)
	if !yes {
		return errNotOurs
	}
	overtaken := min(v.Taken, t.unsent(v.Payment))
	if err := t.chargedBack(Charge{Provider: r.Provider, Ref: r.Ref}, overtaken, v.Taken-overtaken); err != nil {
		return err
	}
	t.happen(DisputeWasLost, effect.Detail{
		Amount: v.Taken, Provider: r.Ref, Facts: map[string]string{"method": r.Method, straightBack: "yes"},
	})
	return nil
}

// chargedBack books what the bank took of a payment: from what is on its way
// back to the buyer, and for the rest as a loss of the house.
func (t *turn) chargedBack(c Charge, refunding, loss int64) error {
	if refunding+loss == 0 {
		return nil
	}
	d := t.o.deal()
	d.Provider = c.Provider
	return t.book(ledger.KindChargeback, c.Ref, d.ChargedBack(refunding, loss))
}

// charge finds one of the order's payments.
func (t *turn) charge(p ident.Payment) *Charge {
	if t.o.Life.Charge.Payment == p {
		return &t.o.Life.Charge
	}
	for i := range t.o.Life.More {
		if t.o.Life.More[i].Payment == p {
			return &t.o.Life.More[i]
		}
	}
	return nil
}

// gather brings what rests or was paid out onto its way back, and tells how
// much that is.
func (t *turn) gather(available int64) (int64, error) {
	if !t.o.State.Ended() {
		r := t.o.rest()
		if r == (Rest{}) {
			return 0, nil
		}
		return r.Price + r.Fee, t.book(ledger.KindRefund, t.o.Life.Charge.Ref, t.o.dealOver(r).Refund())
	}
	if t.o.Life.Settled == (Settled{}) {
		return 0, nil
	}
	part, err := t.takeBack(money.Whole, available)
	return part.Seller + part.Commission + part.Fee, err
}
