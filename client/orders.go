package client

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"time"
)

// Money is an amount in minor units of its currency.
type Money struct {
	Minor    int64  `json:"minor"`
	Currency string `json:"currency"`
	Text     string `json:"text,omitempty"` // as people read it; not needed in requests
}

// Pick is what a buyer chose.
type Pick struct {
	Tier     string   `json:"tier"` // basic, standard or premium
	Extras   []string `json:"extras,omitempty"`
	Quantity int      `json:"quantity"`
}

// Card is a payment card; the house never keeps it.
type Card struct {
	Number string `json:"number"`
	Expiry string `json:"expiry"` // 08/30
	CVC    string `json:"cvc"`
	Name   string `json:"name,omitempty"`
}

// String hides the card from whoever prints what holds it.
func (Card) String() string { return "(a card)" }

// Quote is the price of a pick, line by line, and what it promises.
type Quote struct {
	Title     string      `json:"title"`
	Tier      string      `json:"tier"`
	Package   string      `json:"package"`
	Scope     string      `json:"scope"`
	Extras    []string    `json:"extras"`
	Quantity  int         `json:"quantity"`
	Lines     []QuoteLine `json:"lines"`
	Price     Money       `json:"price"`
	Fee       Money       `json:"fee"`
	Total     Money       `json:"total"`
	Days      int         `json:"days"`
	Revisions int         `json:"revisions"`
	Questions []Question  `json:"questions"`
}

// QuoteLine is one row of a quote.
type QuoteLine struct {
	Label  string `json:"label"`
	Amount Money  `json:"amount"`
}

// Checkout is what a buyer sees before anything is paid.
type Checkout struct {
	Gig    string   `json:"gig"`
	Seller Person   `json:"seller"`
	Quote  Quote    `json:"quote"`
	Policy string   `json:"policy"`
	Again  *Again   `json:"again"` // order again? Then set NewOrder.Again
	Next   []string `json:"next"`  // what happens after the payment
}

// Again is an order of the same gig a moment ago.
type Again struct {
	Ref string    `json:"ref"`
	At  time.Time `json:"at"`
}

// NewOrder is what a buyer confirms.
type NewOrder struct {
	Gig   string `json:"gig"`
	Pick  Pick   `json:"pick"`
	Shown Money  `json:"shown"` // the total that was shown; another price is refused
	Again bool   `json:"again,omitempty"`
	Card  Card   `json:"card"`
}

// Placed is where an order and its payment stand.
type Placed struct {
	Order   string `json:"order"`
	Ref     string `json:"ref"`
	State   string `json:"state"`
	Payment string `json:"payment"`
	Paid    string `json:"paid"` // pending, needs_step, declined, succeeded …
	Reason  string `json:"reason"`
	Step    string `json:"step"`
}

// Checkout prices a pick. Nothing is changed.
func (c *Client) Checkout(ctx context.Context, gig string, pick Pick) (Checkout, error) {
	return change[Checkout](ctx, c, http.MethodPost, "/checkout", map[string]any{"gig": gig, "pick": pick})
}

// PlaceOrder orders and pays. The order exists whatever the payment does.
func (c *Client) PlaceOrder(ctx context.Context, in NewOrder) (Placed, error) {
	return change[Placed](ctx, c, http.MethodPost, "/orders", in)
}

// PayOrder tries another card for an unpaid order.
func (c *Client) PayOrder(ctx context.Context, order string, card Card) (Placed, error) {
	return change[Placed](ctx, c, http.MethodPost, orderPath(order, "/payments"), map[string]any{"card": card})
}

// Payment asks the payment provider where a payment of yours stands.
func (c *Client) Payment(ctx context.Context, id string) (Payment, error) {
	return read[Payment](ctx, c, "/payments/"+url.PathEscape(id), nil)
}

// Order is an order of yours with everything you see of it.
func (c *Client) Order(ctx context.Context, id string) (Order, error) {
	return read[Order](ctx, c, orderPath(id, ""), nil)
}

// Filter narrows a list of orders; its zero value is the first tab.
type Filter struct {
	Tab   string // active, pending, delivered, completed, cancelled; of purchases also unpaid
	Class string // on the cancelled tab: only those that ended so
	Words string
	From  time.Time // ordered at or after
	To    time.Time // ordered before
}

func (f Filter) query() url.Values {
	q := url.Values{}
	set := func(name, value string) {
		if value != "" {
			q.Set(name, value)
		}
	}
	set("tab", f.Tab)
	set("class", f.Class)
	set("q", f.Words)
	for name, t := range map[string]time.Time{"from": f.From, "to": f.To} {
		if !t.IsZero() {
			q.Set(name, t.UTC().Format(time.RFC3339Nano))
		}
	}
	return q
}

// Sales are the orders of your gigs.
func (c *Client) Sales(ctx context.Context, f Filter) iter.Seq2[OrderRow, error] {
	return pages[OrderRow](ctx, c, "/sales", f.query())
}

// Purchases are the orders you placed.
func (c *Client) Purchases(ctx context.Context, f Filter) iter.Seq2[OrderRow, error] {
	return pages[OrderRow](ctx, c, "/purchases", f.query())
}

// SalesTabs are the tabs of your sales with the lengths of their lists.
func (c *Client) SalesTabs(ctx context.Context, f Filter) ([]Tab, error) {
	return c.tabs(ctx, "/sales", f)
}

// PurchasesTabs are the tabs of your purchases with the lengths of their lists.
func (c *Client) PurchasesTabs(ctx context.Context, f Filter) ([]Tab, error) {
	return c.tabs(ctx, "/purchases", f)
}

func (c *Client) tabs(ctx context.Context, path string, f Filter) ([]Tab, error) {
	q := f.query()
	q.Set("limit", "1")
	list, err := read[struct {
		Tabs []Tab `json:"tabs"`
	}](ctx, c, path, q)
	return list.Tabs, err
}

func orderPath(id, rest string) string { return "/orders/" + url.PathEscape(id) + rest }
