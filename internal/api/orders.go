package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/order"
	"guildhall/internal/policy"
)

// OrderHead is what lists and the order itself tell alike.
type OrderHead struct {
	ID        ident.Order  `json:"id" pattern:"^order_[0-9a-z]{26}$"`
	Ref       string       `json:"ref" doc:"The short name that people read out."`
	Title     string       `json:"title"`
	State     order.State  `json:"state" enum:"unpaid,awaiting_requirements,in_progress,delivered,in_revision,completed,cancelled,refunded,abandoned"`
	Class     policy.Class `json:"class,omitempty" doc:"How a cancelled or refunded order came to its end."`
	Late      bool         `json:"late" doc:"Promised, not delivered, past due."`
	Held      bool         `json:"held" doc:"Every clock stands still; hold says why."`
	Turn      order.Party  `json:"turn" doc:"Whose move it is: buyer, seller or nobody."`
	Total     Money        `json:"total" doc:"What the buyer pays, fee included."`
	Gig       ident.Gig    `json:"gig"`
	Created   time.Time    `json:"created_at"`
	Paid      *time.Time   `json:"paid_at,omitempty"`
	Due       *time.Time   `json:"due_at,omitempty" doc:"When the first delivery is promised."`
	Completes *time.Time   `json:"completes_at,omitempty" doc:"Silence completes the order then."`
	Ended     *time.Time   `json:"ended_at,omitempty"`
}

func headOf(o order.Order, now time.Time) OrderHead {
	h := OrderHead{
		ID: o.ID, Ref: o.Ref, Title: o.Title, State: o.State, Class: o.EndingClass(), Late: o.Late(now), Held: o.Held(), Turn: o.Turn(),
		Total: moneyOf(o.Total), Gig: o.Gig,
		Created: o.CreatedAt.UTC(), Paid: instant(o.PaidAt), Due: instant(o.DueAt), Ended: instant(o.EndedAt),
	}
	if o.State == order.Delivered {
		h.Completes = instant(o.Life.CompletesAt)
	}
	return h
}

// Order is everything that a party sees of an order.
type Order struct {
	OrderHead
	You           order.Party  `json:"you" enum:"buyer,seller"`
	Buyer         Person       `json:"buyer"`
	Seller        Person       `json:"seller"`
	GigSlug       string       `json:"gig_slug"`
	Policy        ident.Policy `json:"policy" doc:"The version of the rulebook that this order keeps to."`
	Version       int          `json:"version"`
	Step          Step         `json:"step"`
	Options       []Option     `json:"options" doc:"What you may do now or later, the primary one first."`
	Clocks        []Clock      `json:"clocks" doc:"Deadlines that run; the same for both parties."`
	Hold          *Hold        `json:"hold,omitempty"`
	Ending        *Ending      `json:"ending,omitempty" doc:"How it ended, where it was not completed: class, causes, fault and effect on both sides."`
	Request       *Request     `json:"request,omitempty" doc:"What one side has asked and the other has not answered yet."`
	Paused        *Hold        `json:"paused,omitempty" doc:"An open request lets the clocks stand still."`
	Added         []Added      `json:"added" doc:"Work that was agreed on after the purchase."`
	Refunds       []Refund     `json:"refunds" doc:"Each on its own way back."`
	Pauses        []Pause      `json:"pauses" doc:"When the clocks stood still, and why."`
	Agreement     Quote        `json:"agreement" doc:"What was bought, for ever as it was."`
	Answers       []Answer     `json:"answers"`
	RevisionsLeft int          `json:"revisions_left"`
	Timeline      []Event      `json:"timeline"`
	Money         []MoneyLine  `json:"money" doc:"Where each cent is; every line adds up to nothing."`
	Payments      []Payment    `json:"payments" doc:"The buyer's attempts to pay; empty for the seller."`
}

// Step is where the order is, whose move it is, and what silence will mean.
type Step struct {
	Whose order.Party `json:"whose" doc:"buyer, seller or nobody."`
	Says  string      `json:"says"`
	Until *time.Time  `json:"until,omitempty"`
}

// Option is one thing a party may do, or the words that say when or why not.
type Option struct {
	Move    order.Name `json:"move"`
	Verb    string     `json:"verb"`
	Says    string     `json:"says" doc:"What it will do."`
	Primary bool       `json:"primary"`
	Not     string     `json:"not,omitempty" doc:"Why it is not possible now; absent when it is."`
	From    *time.Time `json:"from,omitempty" doc:"When it becomes possible, if only time is missing."`
}

// Clock is one deadline.
type Clock struct {
	Name string    `json:"name"`
	At   time.Time `json:"at"`
	Says string    `json:"says"`
}

// Hold freezes every clock.
type Hold struct {
	Reason string    `json:"reason"`
	Since  time.Time `json:"since"`
}

// Pause is one line of the pause log.
type Pause struct {
	From  time.Time `json:"from"`
	Until time.Time `json:"until"`
	Why   string    `json:"why"`
}

func (a *API) orders() {
	serve(a, route{
		method: http.MethodGet, path: "/orders/{id}", id: "get-order", tag: "Orders", who: signedIn,
		scopes: []member.Scope{member.ScopeRead}, does: "An order of yours, with timeline, clocks, options and money",
	}, a.order)
}

func (a *API) order(ctx context.Context, in *OrderAt) (*answer[Order], error) {
	v, err := a.Market.OrderPage(ctx, actor(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return ok(orderOf(v, a.Market.Now()), nil)
}

func orderOf(v market.OrderPage, now time.Time) Order {
	o := v.Order
	w := Order{
		OrderHead: headOf(o, now), You: v.Party, Buyer: personOf(v.Buyer, now), Seller: personOf(v.Seller, now),
		GigSlug: v.GigSlug, Policy: o.Policy, Version: o.Version, Step: stepOf(v), Clocks: clocksOf(v),
		Request: requestOf(v), Paused: pausedOf(o), Added: addedOf(o), Refunds: refundsOf(o),
		Ending: endingOf(o, v.Policy), Agreement: quoteOf(o.Agreement), RevisionsLeft: o.RevisionsLeft(),
		Options: make([]Option, len(v.Options)), Pauses: make([]Pause, len(o.Life.Pauses)),
		Answers: make([]Answer, len(o.Life.Answers)), Payments: make([]Payment, len(v.Payments)),
		Timeline: make([]Event, len(v.Events)), Money: moneyLines(v),
	}
	for i, x := range v.Options {
		w.Options[i] = Option{Move: x.Move, Verb: x.Verb, Says: x.Says, Primary: x.Primary, Not: x.Not, From: instant(x.From)}
	}
	for i, p := range o.Life.Pauses {
		w.Pauses[i] = Pause{p.From.UTC(), p.Until.UTC(), p.Why}
	}
	for i, x := range o.Life.Answers {
		w.Answers[i] = Answer(x)
	}
	for i, p := range v.Payments {
		w.Payments[i] = paymentOf(p)
	}
	for i, e := range v.Events {
		w.Timeline[i] = eventOf(v, e)
	}
	if h := o.Life.Hold; h != nil {
		w.Hold = &Hold{h.Reason, h.Since.UTC()}
	}
	return w
}

// other is the party across the table from the reader.
func other(v market.OrderPage) member.Member {
	if v.Party == order.Buyer {
		return v.Seller
	}
	return v.Buyer
}

func stepOf(v market.OrderPage) Step {
	says := strings.NewReplacer("{other}", other(v).Name, "{until}", moment(v.Step.Until)).Replace(v.Step.Says)
	return Step{Whose: v.Step.Whose, Says: says, Until: instant(v.Step.Until)}
}

// clocksOf are the running deadlines of an order.
func clocksOf(v market.OrderPage) []Clock {
	o, p := v.Order, v.Policy.Order
	list := []Clock{}
	add := func(name string, at time.Time, says string) {
		if !at.IsZero() {
			list = append(list, Clock{name, at.UTC(), says})
		}
	}
	if r := o.Life.Request; r != nil {
		add("request", r.Ends, o.IfSilent(v.Policy).Says(v.Party))
	}
	switch o.State {
	case order.Unpaid:
		add("lapses", o.LapsesAt(v.Policy), "Without a payment the order is put away.")
	case order.AwaitingRequirements:
		add("stale_cancel", o.Life.WaitsSince.Add(p.StaleCancel.D()), "The seller may end an order without answers.")
		add("stale_refund", o.Life.WaitsSince.Add(p.StaleRefund.D()), "Without answers everything goes back to the buyer.")
	case order.InProgress:
		add("due", o.DueAt, "The delivery is due.")
		add("late_cancel", o.Life.LateFrom, "With nothing delivered the buyer may cancel.")
	case order.InRevision:
		add("revision", o.Life.RevisionBy, "The revision is aimed for; no figure depends on it.")
	case order.Delivered:
		add("completes", o.Life.CompletesAt, "Silence completes the order.")
	case order.Completed:
		if o.Life.ClearedAt.IsZero() {
			add("clears", o.Life.ClearsAt, "The seller's money can be withdrawn.")
		}
	}
	return list
}
