package order

import (
	"encoding/json"
	"strconv"

	"guildhall/internal/effect"
	"guildhall/internal/fault"
	"guildhall/internal/ledger"
	"guildhall/internal/policy"
	"guildhall/internal/resolution"
)

var running = []State{InProgress, Delivered, InRevision}

// ask opens a request: the clocks stand still until it ends.
func ask(t *turn, m Move) error {
	if r := t.o.Life.Request; r != nil {
		if r.By == policy.Party(t.party) {
			return fault.Conflict("Your request to " + t.o.about() + " is still open. Withdraw it before you ask for something else.")
		}
		return fault.Conflict("There is a request to " + t.o.about() + " to answer first.")
	}
	return t.open(m.(Ask).Proposal, 0)
}

// open puts a request into the order. counters is the one in whose place it comes.
func (t *turn) open(a resolution.Proposal, counters int) error {
	a, err := resolution.Check(a, t.p)
	if err != nil {
		return err
	}
	if err := t.fits(a); err != nil {
		return err
	}
	by := policy.Party(t.party)
	if t.o.Requests(t.party, a.Kind) >= t.p.Requests.PerKind {
		return fault.Conflict("You have asked for this " + times(t.p.Requests.PerKind) + " on this order, which is as often as possible. Write to each other, or ask support.")
	}
	if t.o.Life.Asked == nil {
		t.o.Life.Asked = map[string]int{}
	}
	t.o.Life.Asked[askedKey(t.party, a.Kind)]++
	t.o.Life.Request = &resolution.Request{
		No: t.o.Seq + 1, By: by, Proposal: a, Asked: t.now, Ends: t.now.Add(t.p.Requests.Answer.D()), Counters: counters,
	}
	t.pause()
	proposal, err := json.Marshal(a)
	if err != nil {
		return err
	}
	facts := t.told(*t.o.Life.Request)
	facts["silence"] = string(t.o.IfSilent(t.p))
	t.happen(RequestAsked, effect.Detail{Text: a.Reason, Until: t.o.Life.Request.Ends, Of: counters, Proposal: proposal, Facts: facts})
	return nil
}

// told is what every event of a request tells of it.
func (t *turn) told(r resolution.Request) map[string]string {
	facts := map[string]string{
		"kind": string(r.Proposal.Kind), "by": string(r.By), "asks": r.Proposal.Asks(t.o.Total.Currency, t.p),
	}
	if t.o.Requests(Party(r.By), r.Proposal.Kind) < t.p.Requests.PerKind {
		facts["again"] = "yes"
	}
	return facts
}

// fits tells whether a proposal makes sense where the order stands.
func (t *turn) fits(a resolution.Proposal) error {
	switch {
	case a.Kind == resolution.Extend && t.o.State != InProgress:
		return fault.Conflict("The due date is for the first delivery, and that is there.")
	case a.Kind == resolution.Swap && a.Into.Quote.Total.Currency != t.o.Total.Currency:
		return fault.Invalid("into", "It is sold in another currency.")
	case a.Kind == resolution.Discount && t.o.movesNothing(a.Share):
		return errNothing
	case a.Kind == resolution.AddExtra && t.o.rest().Price+a.Price > int64(t.p.Money.MaxPrice):
		return fault.Invalid("price", "Together this order would cost more than "+t.p.Money.MaxPrice.In(t.o.Total.Currency).String()+".")
	}
	return nil
}

func askedKey(by Party, k resolution.Kind) string { return string(by) + " " + string(k) }

// Requests is how many requests of a kind a party has made on this order.
func (o Order) Requests(by Party, k resolution.Kind) int { return o.Life.Asked[askedKey(by, k)] }

// about names what the open request asks for, to be read after "to".
func (o Order) about() string { return o.Life.Request.Proposal.Kind.About() }

// toAnswer is the open request if the party is to answer it.
func (t *turn) toAnswer(no int) (resolution.Request, error) {
	r := t.o.Life.Request
	switch {
	case r == nil || r.No != no:
		return resolution.Request{}, fault.Conflict("This request is not open any more.")
	case r.By == policy.Party(t.party):
		return *r, fault.Forbidden("This is your own request: the other side answers it.")
	case r.Agreed():
		return *r, fault.Conflict("This request was agreed to; only the payment is missing.")
	}
	return *r, nil
}

func agree(t *turn, m Move) error {
	v := m.(Agree)
	r, err := t.toAnswer(v.No)
	if err != nil {
		return err
	}
	if v.Cause != "" && !resolution.KnownCause(v.Cause, t.p) {
		return fault.Invalid("cause", "Choose the cause that fits best.")
	}
	owed, err := t.o.owed(r.Proposal, t.p)
	if err != nil {
		return err
	}
	if owed > 0 {
		t.awaitPayment(owed)
		return nil
	}
	t.endRequest()
	facts := t.told(r)
	if v.Cause != "" {
		facts["cause"] = v.Cause
	}
	t.happen(RequestAgreed, effect.Detail{Of: r.No, Facts: facts})
	return t.outcome(t.terms(r).OnAccept, r, v.Cause)
}

// awaitPayment keeps an agreed request open until the buyer has paid for it.
func (t *turn) awaitPayment(owed int64) {
	r := t.o.Life.Request
	r.Owed, r.Ends = owed, t.now.Add(t.p.Requests.Answer.D())
	facts := t.told(*r)
	facts["waits"] = "payment"
	t.happen(RequestAgreed, effect.Detail{Of: r.No, Amount: owed, Until: r.Ends, Facts: facts})
}

// owed is what the buyer pays before a proposal can take effect, in minor units.
func (o Order) owed(a resolution.Proposal, p policy.Version) (int64, error) {
	switch a.Kind {
	case resolution.AddExtra:
		r, err := o.priced(a, p)
		return r.Price + r.Fee, err
	case resolution.Swap:
		rest := o.rest()
		return max(0, a.Into.Quote.Total.Minor-rest.Price-rest.Fee), nil
	}
	return 0, nil
}

// priced is what added work costs, with the buyer's fee.
func (o Order) priced(a resolution.Proposal, p policy.Version) (Rest, error) {
	fee, err := o.amount(a.Price).Share(p.Money.BuyerFee.BP())
	return Rest{a.Price, fee.Minor}, err
}

// terms are what the policy makes of an answer, or of none.
func (t *turn) terms(r resolution.Request) policy.RequestKind {
	return t.p.Requests.Kinds[string(r.Proposal.Kind)]
}

func decline(t *turn, m Move) error {
	v := m.(Decline)
	r, err := t.toAnswer(v.No)
	if err != nil {
		return err
	}
	text := ""
	if v.Text != "" {
		if text, err = t.words("text", v.Text); err != nil {
			return err
		}
	}
	t.endRequest()
	t.happen(RequestDeclined, effect.Detail{Of: r.No, Text: text, Until: t.o.until(t.p), Facts: t.told(r)})
	return t.outcome(t.terms(r).OnDecline, r, "")
}

// counter answers a request with another of the same kind; its time begins anew.
func counter(t *turn, m Move) error {
	v := m.(Counter)
	r, err := t.toAnswer(v.No)
	if err != nil {
		return err
	}
	if v.Proposal.Kind != r.Proposal.Kind {
		return fault.Invalid("kind", "Answer with a proposal of the same kind, or decline and ask for something else.")
	}
	t.endRequest()
	return t.open(v.Proposal, r.No)
}

func withdraw(t *turn, m Move) error {
	r := t.o.Life.Request
	if r == nil || r.No != m.(Withdraw).No {
		return fault.Conflict("This request is not open any more.")
	}
	if r.By != policy.Party(t.party) && !r.Agreed() {
		return fault.Forbidden("Only who asked can withdraw this. You can decline it.")
	}
	detail := effect.Detail{Of: r.No, Facts: t.told(*r)}
	t.endRequest()
	detail.Until = t.o.until(t.p)
	t.happen(RequestWithdrawn, detail)
	return nil
}

// payMore is the payment of an agreed request. A payment that finds it gone
// goes straight back.
func payMore(t *turn, m Move) error {
	v := m.(PayMore)
	r := t.o.Life.Request
	if r == nil || !r.Agreed() || r.No != v.No || r.Owed != v.Charge.Amount.Minor || t.o.Held() {
		return t.giveBack(v.Charge, "request_over")
	}
	open := *r
	d := ledger.Deal{Order: t.o.ID, Seller: t.o.Seller, Provider: v.Charge.Provider, Price: v.Charge.Amount}
	if err := t.book(ledger.KindHold, v.Charge.Ref, d.Hold()); err != nil {
		return err
	}
	t.o.Life.More = append(t.o.Life.More, v.Charge)
	t.o.Total.Minor += v.Charge.Amount.Minor
	t.o.Life.HeardAt, t.o.Life.Reminders = t.now, nil // who pays is not silent
	t.endRequest()
	facts := t.told(open)
	facts["method"] = v.Charge.Method
	t.happen(RequestPaid, effect.Detail{Of: open.No, Amount: v.Charge.Amount.Minor, Provider: v.Charge.Ref, Facts: facts})
	return t.apply(open)
}

func times(n int) string {
	switch n {
	case 1:
		return "once"
	case 2:
		return "twice"
	}
	return strconv.Itoa(n) + " times"
}
