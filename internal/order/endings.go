package order

import (
	"guildhall/internal/effect"
	"guildhall/internal/fault"
	"guildhall/internal/money"
	"guildhall/internal/policy"
	"guildhall/internal/resolution"
)

// Fault is whose an ending by decision is.
type Fault string

// The closed list of faults (rulebook section 6).
const (
	FaultSeller   Fault = "seller"
	FaultBuyer    Fault = "buyer"
	FaultNobody   Fault = "nobody"
	FaultPlatform Fault = "platform"
)

// Faults lists them in the order of the rulebook.
func Faults() []Fault { return []Fault{FaultSeller, FaultBuyer, FaultNobody, FaultPlatform} }

// Ending is how an order that was not completed came to its end, and in whose
// record that enters. It is settled at the end, by the policy that the order
// pins, and never changes with a later one.
type Ending struct {
	By         policy.Party      `json:"by,omitempty"`    // who asked or pressed; empty for the clock, the house and the bank
	Cause      string            `json:"cause,omitempty"` // as declared by them
	OtherCause string            `json:"other_cause,omitempty"`
	Disputed   bool              `json:"disputed,omitempty"` // the other side names another cause
	Fault      Fault             `json:"fault,omitempty"`    // by decision
	Excused    bool              `json:"excused,omitempty"`  // the buyer was silent through reminders
	Why        string            `json:"why,omitempty"`
	Share      money.BasisPoints `json:"share"`            // of what rested, back to the buyer
	Seller     bool              `json:"seller,omitempty"` // counts against the seller's completion rate
	Buyer      bool              `json:"buyer,omitempty"`  // stands in the buyer's record
}

// judge settles in whose record the ending enters, by the matrix of section 6.
func (e *Ending) judge(c policy.Class, p policy.Version) {
	row := p.Cancellation.EffectOf(c, e.By)
	e.Seller, e.Buyer = e.counts(row.Seller), e.counts(row.Buyer)
}

func (e *Ending) counts(x policy.Effect) bool {
	switch x {
	case policy.EffectYes:
		return true
	case policy.EffectFaultSeller:
		return e.Fault == FaultSeller
	case policy.EffectFaultBuyer:
		return e.Fault == FaultBuyer
	case policy.EffectUnresponsive:
		return !e.Excused
	}
	return false
}

// EndingClass is the class of an order that was not completed: that of a
// cancellation, or refunded.
func (o Order) EndingClass() policy.Class {
	if o.State == Refunded {
		return policy.ClassRefunded
	}
	return o.Class
}

// cancel ends the order: a share of what rests goes back to the buyer, the
// remainder pays the seller.
func (t *turn) cancel(kind effect.Kind, class policy.Class, share money.BasisPoints, e Ending) error {
	t.closeRequest()
	if t.o.Held() {
		t.thaw()
	}
	back, keep, err := t.o.rest().share(share, t.o.Total.Currency)
	if err != nil {
		return err
	}
	refunds, err := t.giveUp(back)
	if err != nil {
		return err
	}
	shares, err := t.payOut(keep)
	if err != nil {
		return err
	}
	facts := map[string]string{"method": t.o.Methods()}
	if keep != (Rest{}) {
		facts["paid"] = shares.Seller.String()
	}
	e.Share = share
	t.conclude(class, e, facts)
	t.move(kind, Cancelled, effect.Detail{
		Amount: back.Price + back.Fee, Class: string(class), Provider: t.o.Life.Charge.Ref, Facts: facts, Refunds: refunds,
	})
	return nil
}

// conclude writes the ending down.
func (t *turn) conclude(class policy.Class, e Ending, facts map[string]string) {
	e.judge(class, t.p)
	facts["seller"], facts["buyer"] = recordedAs(e.Seller), recordedAs(e.Buyer)
	if e.Excused {
		facts["excused"] = e.Why
	}
	t.o.Life.Ending = &e
	if class != policy.ClassRefunded {
		t.o.Class = class
	}
	t.o.EndedAt = t.now
	for name, value := range map[string]string{"cause": e.Cause, "fault": string(e.Fault), "by": string(e.By)} {
		if value != "" {
			facts[name] = value
		}
	}
}

// complete pays the seller; the money clears later.
func (t *turn) complete(kind effect.Kind) error {
	t.closeRequest()
	if t.o.Held() {
		t.thaw()
	}
	shares, err := t.payOut(t.o.rest())
	if err != nil {
		return err
	}
	t.o.EndedAt = t.now
	t.move(kind, Completed, effect.Detail{Amount: shares.Seller.Minor, Until: t.o.Life.ClearsAt})
	return nil
}

// sayCause lets the side that did not press the button confirm the cause or
// name another. It changes nothing but what is shown.
func sayCause(t *turn, m Move) error {
	cause := m.(SayCause).Cause
	e := t.o.Life.Ending
	switch {
	case e == nil:
		return fault.Conflict("This order was completed: no cause is asked for.")
	case !resolution.KnownCause(cause, t.p):
		return fault.Invalid("cause", "Choose the cause that fits best.")
	case e.By == "":
		return fault.Conflict("Neither of you ended this order: no cause is asked for.")
	case e.By == policy.Party(t.party) && e.Cause == "":
		e.Cause = cause
	case e.By != policy.Party(t.party) && e.OtherCause == "":
		e.OtherCause = cause
	default:
		return fault.Conflict("You have named the cause already.")
	}
	e.Disputed = e.Cause != "" && e.OtherCause != "" && e.Cause != e.OtherCause
	t.happen(CauseSaid, effect.Detail{Facts: map[string]string{"cause": cause}})
	return nil
}

// recordedAs is the fact in which an event keeps what its ending does to a side.
func recordedAs(counts bool) string {
	if counts {
		return "counts"
	}
	return "nothing"
}

// EffectOn says what an ending of a class does to the figures of the reader's
// own side, by the matrix of rulebook section 6; nothing where it is not
// settled by the class alone.
func EffectOn(side Party, c policy.Class, p policy.Version) string { return EffectFrom(side, c, "", p) }

// EffectFrom says the same where it matters who asked for the ending.
func EffectFrom(side Party, c policy.Class, by policy.Party, p policy.Version) string {
	row := p.Cancellation.EffectOf(c, by)
	effect := row.Seller
	if side == Buyer {
		effect = row.Buyer
	}
	switch effect {
	case policy.EffectNo:
		return EffectSays(side, false)
	case policy.EffectYes:
		return EffectSays(side, true)
	}
	return ""
}

// EffectSays says what an ending does that counts, or does not, for the
// reader's own side.
func EffectSays(side Party, counts bool) string {
	switch {
	case side == Seller && counts:
		return "It counts in your completion rate as an order that was not completed."
	case side == Seller:
		return "It has no effect on your figures."
	case counts:
		return "It is noted in your record as a buyer."
	}
	return "It has no effect on your record."
}

// EffectOnSeller says the same to the buyer who is about to end an order.
func EffectOnSeller(c policy.Class, p policy.Version) string {
	switch p.Cancellation.EffectOf(c, "").Seller {
	case policy.EffectNo:
		return "It has no effect on the seller."
	case policy.EffectYes:
		return "It counts against the seller's completion rate."
	}
	return ""
}
