package help

import (
	"strconv"
	"time"

	"guildhall/internal/effect"
	"guildhall/internal/gig"
	"guildhall/internal/ledger"
	"guildhall/internal/member"
	"guildhall/internal/money"
	"guildhall/internal/order"
	"guildhall/internal/policy"
	"guildhall/internal/web/kit"
)

// Example is one order as the articles tell it, with what lies around it: what
// it costs and when what happens, each read off what the rules themselves played.
type Example struct {
	Ask      AskExample
	Rates    RatesExample
	Offer    OfferExample
	Support  SupportExample
	Token    TokenExample
	Notice   NoticeExample
	Capacity CapacityExample
	Message  MessageExample
	Tabs     TabsExample
	Review   ReviewExample
	Level    LevelExample

	Days, Revisions string // of the package

	Price, Fee, Total, Commission, Net string
	Odd, OddCommission, OddNet         string // an amount that does not divide
	NoFee                              bool   // the buyer pays the price alone

	Paid, UnpaidUntil, StaleFrom, StaleRefund string
	Answered, Due, DueHere, DueThere          string // the due date in two zones
	Reminded, LateFrom                        string
	Delivered, Silence, Longer                string
	Accepted, Clears                          string
}

// acts play what lies around the order, each handed the order as it lived.
var acts = []func(*Example, Lived, policy.Version) error{
	playAsk, playRates, playOffer, playSupport, playToken, playNotice, playCapacity, playMessage, playTabs, playReview, playLevels,
}

// Lived is the order of the example at its stations.
type Lived struct {
	Started, Delivered, Done order.Order
	Delivery                 effect.Set // of the delivery
}

// monday is when the example begins.
var monday = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

const (
	days      = 5
	revisions = 2
)

var (
	ben  = member.Actor{Member: "member_ben"}
	mara = member.Actor{Member: "member_mara"}
)

// Play plays the example through order.Decide under a policy.
func Play(p policy.Version) (Example, error) {
	e := Example{
		Days:      policy.Duration(days * 24 * time.Hour).Words(),
		Revisions: strconv.Itoa(revisions) + " revisions",
	}
	var l Lived
	o, err := e.place(p)
	if err == nil {
		l.Started, err = e.start(o, p)
	}
	if err == nil {
		l.Delivered, l.Delivery, err = e.deliver(l.Started, p)
	}
	if err == nil {
		l.Done, err = e.finish(l.Delivered, p)
	}
	for _, act := range acts {
		if err == nil {
			err = act(&e, l, p)
		}
	}
	return e, err
}

// place orders and pays.
func (e *Example) place(p policy.Version) (order.Order, error) {
	quote, err := gig.NewQuote(gig.Body{
		Title: "A logo for your shop", Currency: p.Currency,
		Packages:  []gig.Package{{Tier: gig.Basic, Name: "Basic", Price: whole(80, p.Currency), Days: days, Revisions: revisions}},
		Questions: []gig.Question{{Key: "q1", Kind: gig.QuestionText, Text: "What is your shop called?", Required: true}},
	}, gig.Pick{Tier: gig.Basic, Quantity: 1}, p)
	if err != nil {
		return order.Order{}, err
	}
	o, _, err := order.New(monday, order.Draft{
		ID: "order_example", Ref: "G7K2M4", Buyer: ben.Member, Seller: mara.Member, Gig: "gig_example", Quote: quote,
	}, ben, p)
	if err != nil {
		return o, err
	}
	lapse, _ := order.Next(o, p)
	o, _, err = order.Decide(monday, o, member.Provider(), order.Place{
		Charge: order.Charge{Payment: "payment_example", Provider: "example", Ref: "example", Method: "Visa ending 4242", Amount: o.Total},
		Sale:   order.Sale{Open: true, Capacity: true, Price: o.Total},
	}, p)
	e.Price, e.Fee, e.Total, e.NoFee = quote.Price.String(), quote.Fee.String(), o.Total.String(), quote.Fee.IsZero()
	e.UnpaidUntil, e.Paid = at(lapse.At), at(o.PaidAt)
	e.StaleFrom = at(o.Life.WaitsSince.Add(p.Order.StaleCancel.D()))
	e.StaleRefund = at(o.Life.WaitsSince.Add(p.Order.StaleRefund.D()))
	return o, err
}

// start answers the seller's question.
func (e *Example) start(o order.Order, p policy.Version) (order.Order, error) {
	answers := order.Submit{Answers: []order.Answer{{Question: "q1", Text: "Elm Street Bakery"}}}
	o, _, err := order.Decide(monday.Add(26*time.Hour), o, ben, answers, p)
	if err != nil {
		return o, err
	}
	e.Answered, e.Due, e.LateFrom = at(o.Life.StartedAt), at(o.DueAt), at(o.Life.LateFrom)
	e.Reminded = at(o.DueAt.Add(-p.Clocks.BeforeDue.D()))
	e.DueHere, err = in("Europe/Berlin", o.DueAt)
	if err != nil {
		return o, err
	}
	e.DueThere, err = in("Asia/Manila", o.DueAt)
	return o, err
}

func (e *Example) deliver(o order.Order, p policy.Version) (order.Order, effect.Set, error) {
	o, set, err := order.Decide(o.DueAt.Add(-18*time.Hour), o, mara, order.Deliver{Text: "Here it is."}, p)
	e.Delivered, e.Silence, e.Longer = at(o.Life.DeliveredAt), at(o.Life.CompletesAt), at(o.Life.CompletesAt)
	if longer, _, err := order.Decide(o.Life.DeliveredAt, o, ben, order.ExtendReview{}, p); err == nil {
		e.Longer = at(longer.Life.CompletesAt)
	}
	return o, set, err
}

// finish accepts, and divides the money.
func (e *Example) finish(o order.Order, p policy.Version) (order.Order, error) {
	o, _, err := order.Decide(o.Life.DeliveredAt.Add(3*time.Hour), o, ben, order.Accept{}, p)
	if err != nil {
		return o, err
	}
	e.Accepted, e.Clears = at(o.EndedAt), at(o.Life.ClearsAt)
	price := o.Agreement.Price
	if e.Commission, e.Net, err = shares(price, p); err != nil {
		return o, err
	}
	odd := money.Of(price.Minor/2+price.Minor/1000*3+1, p.Currency)
	e.Odd = odd.String()
	e.OddCommission, e.OddNet, err = shares(odd, p)
	return o, err
}

// shares divides a price between seller and house.
func shares(price money.Amount, p policy.Version) (commission, net string, err error) {
	s, err := ledger.Deal{Price: price, Fee: money.Zero(price.Currency)}.Shares(p.Money.Commission.BP())
	return s.Commission.String(), s.Seller.String(), err
}

// whole is an amount without a fraction, in minor units.
func whole(n int64, c money.Currency) int64 {
	for range c.Decimals() {
		n *= 10
	}
	return n
}

func at(t time.Time) string { return kit.Local{Now: monday, Zone: time.UTC}.At(t) }

func in(zone string, t time.Time) (string, error) {
	place, err := time.LoadLocation(zone)
	return kit.Local{Now: monday, Zone: place}.At(t), err
}
