package client

import (
	"context"
	"iter"
	"net/url"
	"time"
)

// Balance is what stands in each of your pots.
type Balance struct {
	Available Money `json:"available"` // can be withdrawn
	Pending   Money `json:"pending"`   // earned, not cleared yet
}

// StatementLine is one movement of your money.
type StatementLine struct {
	At       time.Time  `json:"at"`
	Kind     string     `json:"kind"`
	Amount   Money      `json:"amount"`
	Balance  Money      `json:"balance"` // of the pot, after this line
	Order    string     `json:"order"`
	OrderRef string     `json:"order_ref"`
	Title    string     `json:"title"`
	Clears   *time.Time `json:"clears_at"`
}

// Spending is one payment that took money.
type Spending struct {
	Payment  Payment `json:"payment"`
	OrderRef string  `json:"order_ref"`
	Title    string  `json:"title"`
	State    string  `json:"state"` // of the order
}

// Balance is what stands in each of your pots.
func (c *Client) Balance(ctx context.Context) (Balance, error) {
	return read[Balance](ctx, c, "/statement", url.Values{"limit": {"1"}})
}

// Statement goes through a pot of yours, available or pending, newest first.
func (c *Client) Statement(ctx context.Context, pot string) iter.Seq2[StatementLine, error] {
	return pages[StatementLine](ctx, c, "/statement", url.Values{"pot": {pot}})
}

// Spendings are what you paid, newest first.
func (c *Client) Spendings(ctx context.Context) iter.Seq2[Spending, error] {
	return pages[Spending](ctx, c, "/spendings", nil)
}
