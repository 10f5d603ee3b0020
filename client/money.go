package client

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"time"
)

// Balance is what stands in each of your pots.
type Balance struct {
	Available Money `json:"available"` // can be withdrawn
	Pending   Money `json:"pending"`   // earned, not cleared yet
	Owed      Money `json:"owed"`      // to the house; the next money that becomes available pays it off
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

// Withdrawal is an amount on its way out of the house.
type Withdrawal struct {
	ID     string     `json:"id"`
	Amount Money      `json:"amount"`
	To     string     `json:"to"`    // the account, but for its last signs hidden
	State  string     `json:"state"` // asked, sent or returned
	Why    string     `json:"why"`   // it came back
	Asked  time.Time  `json:"asked_at"`
	Ended  *time.Time `json:"ended_at"`
}

// Withdraw takes out what you earned, to an account.
func (c *Client) Withdraw(ctx context.Context, amount Money, account string) (Withdrawal, error) {
	return change[Withdrawal](ctx, c, http.MethodPost, "/withdrawals", map[string]any{"amount": amount, "account": account})
}

// Withdrawals are what you took out, newest first.
func (c *Client) Withdrawals(ctx context.Context) iter.Seq2[Withdrawal, error] {
	return pages[Withdrawal](ctx, c, "/withdrawals", nil)
}
