package client

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"time"
)

// PolicyRehearsal is how far the rehearsal of a policy is, and what came of it.
// Pairs are before and after; money is in minor units.
type PolicyRehearsal struct {
	ID      string           `json:"id"`
	By      string           `json:"by"`
	Started time.Time        `json:"started_at"`
	Ended   time.Time        `json:"ended_at"` // zero while it runs
	Percent int              `json:"percent"`
	Failed  string           `json:"failed"`
	Against string           `json:"against"`
	Changes []Change         `json:"changes"`
	At      time.Time        `json:"effective"`
	Until   time.Time        `json:"until"` // levels are let run on until then
	Sellers int              `json:"sellers"`
	Turns   map[string]int   `json:"turns"`  // what would happen: sellers by promoted, warned, demoted, asked, spared, missed
	Orders  *RehearsedTotals `json:"orders"` // what would have been
	Classes []struct {
		Class string `json:"class"` // empty for completed
		RehearsedTotals
	} `json:"classes"`
}

// RehearsedTotals add up what would have been otherwise about some orders.
type RehearsedTotals struct {
	Orders     int      `json:"orders"`
	Differ     int      `json:"differ"`
	Otherwise  int      `json:"otherwise"` // paid otherwise
	Paid       [2]int64 `json:"paid"`      // to sellers
	Commission [2]int64 `json:"commission"`
	Fee        [2]int64 `json:"fee"`
	Harder     int      `json:"harder"` // would count against their seller, and did not
	Milder     int      `json:"milder"`
	Noted      [2]int   `json:"noted"`
	Sooner     int      `json:"sooner"`
	Later      int      `json:"later"`
	Unless     int      `json:"unless"`   // would not have ended so, or not then
	NotBack    int64    `json:"not_back"` // what went back to buyers with those
}

// RehearsedTurn is one thing that would happen to a level.
type RehearsedTurn struct {
	Kind    string    `json:"kind"`
	At      time.Time `json:"at"`
	From    string    `json:"from"`
	To      string    `json:"to"`
	Falls   time.Time `json:"falls"` // of a warning
	Missing string    `json:"missing"`
}

// RehearsedSeller is one seller of a rehearsal.
type RehearsedSeller struct {
	Member string          `json:"member"`
	Handle string          `json:"handle"`
	Name   string          `json:"name"`
	Level  string          `json:"level"`
	Turns  []RehearsedTurn `json:"turns"`
	Orders RehearsedTotals `json:"orders"`
}

// RehearsedPerson is how the level of one seller runs on if nothing else
// happens, under today's policy and under the one that is rehearsed.
type RehearsedPerson struct {
	Member string          `json:"member"`
	Name   string          `json:"name"`
	Level  string          `json:"level"` // held now
	Today  RehearsedPath   `json:"today"`
	Then   RehearsedPath   `json:"then"`
	Turns  []RehearsedTurn `json:"turns"` // what differs
}

// RehearsedPath is one of the two.
type RehearsedPath struct {
	Level string          `json:"level"` // at the end
	Turns []RehearsedTurn `json:"turns"`
}

// RehearsedOrder is what would have been otherwise about one order.
type RehearsedOrder struct {
	Order      string       `json:"order"`
	Ref        string       `json:"ref"`
	Class      string       `json:"class"`
	Ended      time.Time    `json:"ended_at"`
	Paid       [2]int64     `json:"paid"`
	Commission [2]int64     `json:"commission"`
	Fee        [2]int64     `json:"fee"`
	Counts     [2]bool      `json:"counts"`
	Noted      [2]bool      `json:"noted"`
	Ends       [2]time.Time `json:"ends"`
	Clears     [2]time.Time `json:"clears"`
	Unless     string       `json:"unless"`
}

// RehearsePolicy begins to rehearse a policy on the house's own history. Nothing
// is written. The zero times are the earliest possible, and all orders. For
// operators.
func (c *Client) RehearsePolicy(ctx context.Context, source string, effective, from, to time.Time) (PolicyRehearsal, error) {
	in := map[string]any{"source": source}
	for name, at := range map[string]time.Time{"effective": effective, "from": from, "to": to} {
		if !at.IsZero() {
			in[name] = at
		}
	}
	return change[PolicyRehearsal](ctx, c, http.MethodPost, "/rehearsals", in)
}

// Rehearsal tells how far a rehearsal is, and what came of it.
func (c *Client) Rehearsal(ctx context.Context, id string) (PolicyRehearsal, error) {
	return read[PolicyRehearsal](ctx, c, "/rehearsals/"+url.PathEscape(id), nil)
}

// Rehearsals lists those that run or have run lately, newest first.
func (c *Client) Rehearsals(ctx context.Context) ([]PolicyRehearsal, error) {
	p, err := read[page[PolicyRehearsal]](ctx, c, "/rehearsals", nil)
	return p.Items, err
}

// StopRehearsal ends one that runs.
func (c *Client) StopRehearsal(ctx context.Context, id string) (PolicyRehearsal, error) {
	return change[PolicyRehearsal](ctx, c, http.MethodPost, "/rehearsals/"+url.PathEscape(id)+"/stop", nil)
}

// RehearsedSellers lists the sellers of a rehearsal, all or those of one kind;
// orders is those of whose orders anything would have been otherwise.
func (c *Client) RehearsedSellers(ctx context.Context, id, only string) iter.Seq2[RehearsedSeller, error] {
	q := url.Values{}
	if only != "" {
		q.Set("only", only)
	}
	return pages[RehearsedSeller](ctx, c, rehearsedPath(id, ""), q)
}

// RehearsedSeller is one of them.
func (c *Client) RehearsedSeller(ctx context.Context, id, member string) (RehearsedPerson, error) {
	return read[RehearsedPerson](ctx, c, rehearsedPath(id, member), nil)
}

// RehearsedOrders lists the orders of one seller that would have been otherwise.
func (c *Client) RehearsedOrders(ctx context.Context, id, member string) iter.Seq2[RehearsedOrder, error] {
	return pages[RehearsedOrder](ctx, c, rehearsedPath(id, member), nil)
}

func rehearsedPath(id, member string) string {
	path := "/rehearsals/" + url.PathEscape(id) + "/sellers"
	if member != "" {
		path += "/" + url.PathEscape(member)
	}
	return path
}
