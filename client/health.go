package client

import (
	"context"
	"iter"
	"net/url"
	"time"
)

// MarketHealth is how the market does, by days in UTC. Each N and each Amounts
// has one place for each of the spans.
type MarketHealth struct {
	From     string        `json:"from"`
	To       string        `json:"to"`
	Step     string        `json:"step"` // day, week or month
	Spans    []HealthSpan  `json:"spans"`
	Placed   []HealthTally `json:"placed"`
	Endings  []HealthTally `json:"endings"`
	Requests []HealthTally `json:"requests"`
	Disputes []HealthTally `json:"disputes"`
	Opened   []HealthTally `json:"cases_opened"`
	Decided  []HealthTally `json:"cases_decided"`
	Answers  HealthAnswers `json:"first_answers"`
	Held     []HealthPot   `json:"held"`   // at the end of each span
	Earned   []HealthPot   `json:"earned"` // in each span
	Levels   []HealthLevel `json:"levels"` // now
}

// HealthSpan is the days of one place in each series, both included.
type HealthSpan struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// HealthTally is how often one thing happened.
type HealthTally struct {
	What string `json:"what"`
	N    []int  `json:"n"`
	Sum  int    `json:"sum"`
}

// HealthAnswers is how soon the desk answered the cases opened in a range.
type HealthAnswers struct {
	Opened    int   `json:"opened"`
	Answered  int   `json:"answered"`
	Within    int   `json:"within"`
	Late      int   `json:"late"`
	Median    int64 `json:"median_seconds"`
	Ninetieth int64 `json:"ninetieth_seconds"`
	Target    int64 `json:"target_seconds"`
}

// HealthPot is the money of one kind of account.
type HealthPot struct {
	Pot     string  `json:"pot"`
	Amounts []Money `json:"amounts"`
}

// HealthLevel is how many sellers stand on a level.
type HealthLevel struct {
	Level   string `json:"level"` // name in the policy; none for those without one
	Words   string `json:"words"`
	Sellers int    `json:"sellers"`
}

// HealthOrder is one order behind a number.
type HealthOrder struct {
	ID      string     `json:"id"`
	Ref     string     `json:"ref"`
	Title   string     `json:"title"`
	Total   Money      `json:"total"`
	State   string     `json:"state"`
	Class   string     `json:"class"`
	At      time.Time  `json:"at"`
	Created *time.Time `json:"created_at"`
	Ended   *time.Time `json:"ended_at"`
	Part    *Money     `json:"part"`  // in lists of money: what it adds to the number
	Entry   string     `json:"entry"` // release, take_back or chargeback
}

// HealthBalance is what lay in a seller's account.
type HealthBalance struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Handle string `json:"handle"`
	Amount Money  `json:"amount"`
}

// HealthCase is one case behind a number; without ID and Ref where you may not
// work on it.
type HealthCase struct {
	ID       string     `json:"id"`
	Ref      string     `json:"ref"`
	Kind     string     `json:"kind"`
	State    string     `json:"state"`
	Opened   time.Time  `json:"opened_at"`
	AnswerBy time.Time  `json:"answer_by"`
	Answered *time.Time `json:"answered_at"`
	Decided  *time.Time `json:"decided_at"`
}

// HealthSeller is a seller on a level.
type HealthSeller struct {
	ID        string     `json:"id"`
	Name      string     `json:"name"`
	Handle    string     `json:"handle"`
	Since     *time.Time `json:"since"`
	Completed int        `json:"completed"`
}

// MarketHealth tells how the market did from one day to another, written as
// 2026-11-30; empty ones are the last thirty days. For operators.
func (c *Client) MarketHealth(ctx context.Context, from, to string) (MarketHealth, error) {
	return read[MarketHealth](ctx, c, "/market-health", days(from, to))
}

// HealthOrders lists the orders behind a number, newest first. What is as in
// the tallies, or a pot but pending and available. For operators; that you looked is written down.
func (c *Client) HealthOrders(ctx context.Context, what, from, to string) iter.Seq2[HealthOrder, error] {
	q := days(from, to)
	q.Set("what", what)
	return pages[HealthOrder](ctx, c, "/market-health/orders", q)
}

// HealthCases lists the cases opened, or decided, on those days, newest first.
// For operators; that you looked is written down.
func (c *Client) HealthCases(ctx context.Context, decided bool, from, to string) iter.Seq2[HealthCase, error] {
	q := days(from, to)
	if decided {
		q.Set("by", "decided")
	}
	return pages[HealthCase](ctx, c, "/market-health/cases", q)
}

// HealthBalances lists whose money lay in sellers' accounts at the end of a
// range; pot is pending or available. For operators; that you looked is written
// down.
func (c *Client) HealthBalances(ctx context.Context, pot, from, to string) iter.Seq2[HealthBalance, error] {
	q := days(from, to)
	q.Set("pot", pot)
	return pages[HealthBalance](ctx, c, "/market-health/balances", q)
}

// HealthSellers lists the sellers who stand on a level now. For operators.
func (c *Client) HealthSellers(ctx context.Context, level string) iter.Seq2[HealthSeller, error] {
	return pages[HealthSeller](ctx, c, "/market-health/sellers", url.Values{"level": {level}})
}

func days(from, to string) url.Values {
	q := url.Values{}
	for name, day := range map[string]string{"from": from, "to": to} {
		if day != "" {
			q.Set(name, day)
		}
	}
	return q
}
