package api

import (
	"context"
	"net/http"
	"time"

	"guildhall/internal/gig"
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/order"
	"guildhall/internal/pay"
)

// Pick is what a buyer chose.
type Pick struct {
	Tier     gig.Tier `json:"tier" enum:"basic,standard,premium"`
	Extras   []string `json:"extras,omitempty" maxItems:"50" doc:"Keys of extras."`
	Quantity int      `json:"quantity" minimum:"1" maximum:"1000"`
}

func (p Pick) pick() gig.Pick { return gig.Pick{Tier: p.Tier, Extras: p.Extras, Quantity: p.Quantity} }

// Card is a payment card. It is handed to the payment provider and never kept.
type Card struct {
	Number string `json:"number" maxLength:"40"`
	Expiry string `json:"expiry" maxLength:"10" doc:"Month and year, like 08/30."`
	CVC    string `json:"cvc" maxLength:"10"`
	Name   string `json:"name,omitempty" maxLength:"100"`
}

func (c Card) card() pay.Card {
	return pay.Card{Number: c.Number, Expiry: c.Expiry, CVC: c.CVC, Name: c.Name}
}

// Quote is the price of a pick, line by line, and what it promises.
type Quote struct {
	Title     string      `json:"title"`
	Tier      gig.Tier    `json:"tier"`
	Package   string      `json:"package"`
	Scope     string      `json:"scope"`
	Extras    []string    `json:"extras"`
	Quantity  int         `json:"quantity"`
	Lines     []QuoteLine `json:"lines"`
	Price     Money       `json:"price" doc:"Of the work."`
	Fee       Money       `json:"fee" doc:"The buyer's fee."`
	Total     Money       `json:"total" doc:"Price and fee: what is charged."`
	Days      int         `json:"days"`
	Revisions int         `json:"revisions"`
	Questions []Question  `json:"questions"`
}

// QuoteLine is one row of a quote.
type QuoteLine struct {
	Label  string `json:"label"`
	Amount Money  `json:"amount"`
}

func quoteOf(q gig.Quote) Quote {
	w := Quote{
		Title: q.Title, Tier: q.Tier, Package: q.Package, Scope: q.Scope, Extras: filled(q.Extras), Quantity: q.Quantity,
		Price: moneyOf(q.Price), Fee: moneyOf(q.Fee), Total: moneyOf(q.Total), Days: q.Days, Revisions: q.Revisions,
		Lines: make([]QuoteLine, len(q.Lines)), Questions: questionsOf(q.Questions),
	}
	for i, l := range q.Lines {
		w.Lines[i] = QuoteLine{l.Label, moneyOf(l.Amount)}
	}
	return w
}

// Checkout is what a buyer sees before anything is paid.
type Checkout struct {
	Gig    ident.Gig    `json:"gig"`
	Seller Person       `json:"seller"`
	Quote  Quote        `json:"quote"`
	Policy ident.Policy `json:"policy" doc:"The version of the rulebook that the order will keep to."`
	Again  *Again       `json:"again,omitempty" doc:"You ordered this gig a moment ago: to order it once more send again = true."`
	Next   []string     `json:"next" doc:"What happens after the payment, in words."`
}

// Again is an order of the same gig a moment ago.
type Again struct {
	Ref string    `json:"ref"`
	At  time.Time `json:"at"`
}

// Placed is where an order and its payment stand.
type Placed struct {
	Order   ident.Order        `json:"order"`
	Ref     string             `json:"ref" doc:"The short name that people read out."`
	State   order.State        `json:"state"`
	Payment ident.Payment      `json:"payment"`
	Paid    order.PaymentState `json:"paid" enum:"created,pending,needs_step,declined,succeeded,refunding,refunded"`
	Reason  string             `json:"reason,omitempty" doc:"Why the payment was declined."`
	Step    string             `json:"step,omitempty" doc:"Where the buyer confirms at the bank, as a path of this house."`
}

func placedOf(p market.Placed) Placed { return Placed(p) }

type checkoutIn struct {
	Body struct {
		Gig  ident.Gig `json:"gig" pattern:"^gig_[0-9a-z]{26}$"`
		Pick Pick      `json:"pick"`
	}
}

type placeIn struct {
	Keyed
	Body struct {
		Gig   ident.Gig `json:"gig" pattern:"^gig_[0-9a-z]{26}$"`
		Pick  Pick      `json:"pick"`
		Shown Money     `json:"shown" doc:"The total that the buyer saw. If it is another one now, nothing is charged."`
		Again bool      `json:"again,omitempty" doc:"Yes to the question whether to order once more."`
		Card  Card      `json:"card"`
	}
}

type payIn struct {
	Keyed
	OrderAt
	Body struct {
		Card Card `json:"card"`
	}
}

type paymentAt struct {
	ID ident.Payment `path:"id" pattern:"^payment_[0-9a-z]{26}$"`
}

var pickPlaces = places{"tier": "pick.tier", "extras": "pick.extras", "quantity": "pick.quantity"}

func (a *API) checkout() {
	serve(a, route{
		method: http.MethodPost, path: "/checkout", id: "checkout", tag: "Orders", who: anyone, places: pickPlaces,
		does: "What an order would cost and promise", about: "Nothing is changed by asking.",
		errors: []int{http.StatusNotFound},
	}, a.preview)
	serve(a, route{
		method: http.MethodPost, path: "/orders", id: "place-order", tag: "Orders", status: http.StatusCreated,
		who: signedIn, scopes: []member.Scope{member.ScopeBuy}, places: pickPlaces, errors: []int{http.StatusNotFound, http.StatusGone},
		does:  "Order a gig and pay for it",
		about: "The order exists, unpaid, whatever the payment does; look at paid. A declined payment can be tried again with another card.",
	}, a.placeOrder)
	serve(a, route{
		method: http.MethodPost, path: "/orders/{id}/payments", id: "pay-order", tag: "Orders", status: http.StatusCreated,
		who: signedIn, scopes: []member.Scope{member.ScopeBuy}, does: "Try another payment for an unpaid order",
	}, a.payOrder)
	serve(a, route{
		method: http.MethodGet, path: "/payments/{id}", id: "get-payment", tag: "Orders",
		who: signedIn, scopes: []member.Scope{member.ScopeRead}, does: "Where one of your payments stands",
		about: "The payment provider is asked, so that a payment confirmed at the bank is seen at once.",
	}, a.payment)
}

func (a *API) preview(ctx context.Context, in *checkoutIn) (*answer[Checkout], error) {
	c, err := a.Market.Checkout(ctx, actor(ctx), in.Body.Gig, in.Body.Pick.pick())
	if err != nil {
		return nil, err
	}
	now := a.Market.Now()
	w := Checkout{Gig: c.Gig.ID, Seller: personOf(c.Seller, now), Quote: quoteOf(c.Quote), Policy: c.Policy.ID, Next: whatHappens(c)}
	if c.Again != nil {
		w.Again = &Again{c.Again.Ref, c.Again.At.UTC()}
	}
	return ok(w, nil)
}

// whatHappens tells the life of the order to come, with the policy's numbers.
func whatHappens(c market.Checkout) []string {
	asks := false
	for _, q := range c.Quote.Questions {
		asks = asks || q.Required
	}
	p := c.Policy.Order
	start := "The work starts at once."
	if asks {
		start = "You answer the seller's questions; the work starts then. Until then you can undo the order and get everything back."
	}
	return []string{
		c.Quote.Total.String() + " is charged and held by the house.",
		start,
		"After a delivery you have " + p.ReviewPeriod.Words() + " to look. Silence completes the order and pays the seller.",
		"If nothing is delivered " + p.LateCancel.Words() + " after the due date, you can cancel and get everything back.",
	}
}

func (a *API) placeOrder(ctx context.Context, in *placeIn) (*answer[Placed], error) {
	b := in.Body
	placed, err := a.Market.PlaceOrder(ctx, actor(ctx), in.Key, market.NewOrder{
		Gig: b.Gig, Pick: b.Pick.pick(), Shown: b.Shown.amount(), Again: b.Again,
	}, b.Card.card())
	return ok(placedOf(placed), err)
}

func (a *API) payOrder(ctx context.Context, in *payIn) (*answer[Placed], error) {
	placed, err := a.Market.PayOrder(ctx, actor(ctx), in.Key, in.ID, in.Body.Card.card())
	return ok(placedOf(placed), err)
}

func (a *API) payment(ctx context.Context, in *paymentAt) (*answer[Payment], error) {
	pm, err := a.Market.Confirmed(ctx, actor(ctx), in.ID)
	return ok(paymentOf(pm), err)
}

// Payment is one attempt to pay one order.
type Payment struct {
	ID       ident.Payment      `json:"id" pattern:"^payment_[0-9a-z]{26}$"`
	Order    ident.Order        `json:"order"`
	Amount   Money              `json:"amount"`
	State    order.PaymentState `json:"state" enum:"created,pending,needs_step,declined,succeeded,refunding,refunded"`
	Method   string             `json:"method,omitempty" doc:"Like Visa ending 4242."`
	Reason   string             `json:"reason,omitempty" doc:"Why it was declined."`
	Step     string             `json:"step,omitempty" doc:"Where the buyer confirms at the bank, as a path of this house."`
	Created  time.Time          `json:"created_at"`
	Settled  *time.Time         `json:"settled_at,omitempty" doc:"The money was taken."`
	Refunded *time.Time         `json:"refunded_at,omitempty" doc:"The money was sent back."`
}

func paymentOf(p order.Payment) Payment {
	return Payment{
		ID: p.ID, Order: p.Order, Amount: moneyOf(p.Amount), State: p.State, Method: p.Method, Reason: p.Reason, Step: p.Step,
		Created: p.Created.UTC(), Settled: instant(p.Settled), Refunded: instant(p.RefundedAt),
	}
}
