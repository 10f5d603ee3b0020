package client

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"time"
)

// Policy is one version of the rulebook.
type Policy struct {
	ID        string    `json:"id"`
	Profile   string    `json:"profile"`
	Effective time.Time `json:"effective"`
	Created   time.Time `json:"created_at"`
	InForce   bool      `json:"in_force"`
	By        string    `json:"by"`     // for operators
	Source    string    `json:"source"` // empty in lists
}

// Change is one number of the rulebook that differs.
type Change struct {
	Path string `json:"path"`
	From string `json:"from"`
	To   string `json:"to"`
}

// Policy is a version of the rulebook; "" is the one in force.
func (c *Client) Policy(ctx context.Context, id string) (Policy, error) {
	if id == "" {
		return read[Policy](ctx, c, "/policy", nil)
	}
	return read[Policy](ctx, c, "/policies/"+url.PathEscape(id), nil)
}

// Policies lists every version of the rulebook in the order of effect.
func (c *Client) Policies(ctx context.Context) ([]Policy, error) {
	p, err := read[page[Policy]](ctx, c, "/policies", nil)
	return p.Items, err
}

// PolicyDiff is what a version changes against another, "" for the one before.
func (c *Client) PolicyDiff(ctx context.Context, id, from string) ([]Change, error) {
	q := url.Values{}
	if from != "" {
		q.Set("from", from)
	}
	p, err := read[page[Change]](ctx, c, "/policies/"+url.PathEscape(id)+"/diff", q)
	return p.Items, err
}

// ApplyPolicy adds a version of the rulebook; the zero time is the earliest
// possible. For operators.
func (c *Client) ApplyPolicy(ctx context.Context, source string, effective time.Time) (Policy, error) {
	in := map[string]any{"source": source}
	if !effective.IsZero() {
		in["effective"] = effective
	}
	return change[Policy](ctx, c, http.MethodPost, "/policies", in)
}

// Suspend closes a login. For operators.
func (c *Client) Suspend(ctx context.Context, member, why string) (Person, error) {
	return change[Person](ctx, c, http.MethodPost, "/members/"+url.PathEscape(member)+"/suspend", map[string]string{"why": why})
}

// Letter is a letter that was kept instead of sent.
type Letter struct {
	ID      string    `json:"id"`
	To      string    `json:"to"`
	Subject string    `json:"subject"`
	Text    string    `json:"text"`
	At      time.Time `json:"at"`
}

// Letters lists kept letters, newest first. For operators, and for everybody in
// a rehearsal.
func (c *Client) Letters(ctx context.Context) iter.Seq2[Letter, error] {
	return pages[Letter](ctx, c, "/letters", nil)
}

// Clock is what the clock of a rehearsal shows.
func (c *Client) Clock(ctx context.Context) (time.Time, error) {
	return c.clock(ctx, http.MethodGet, nil)
}

// Advance moves the clock of a rehearsal by a span such as 3d or 36h. What is
// due by then has happened when it returns.
func (c *Client) Advance(ctx context.Context, span string) (time.Time, error) {
	return c.clock(ctx, http.MethodPost, map[string]string{"advance": span})
}

func (c *Client) clock(ctx context.Context, method string, in any) (time.Time, error) {
	var out struct {
		Now time.Time `json:"now"`
	}
	err := c.call(ctx, method, "/api/rehearsal/clock", in, &out)
	return out.Now, err
}

// Removal is what taking a gig or an account down would end.
type Removal struct {
	Gig    string      `json:"gig"` // one of the two
	Member string      `json:"member"`
	Title  string      `json:"title"` // of the gig, or the name
	Orders []OrderHead `json:"orders"`
	Offers int         `json:"offers"`
	Back   Money       `json:"back"`
}

// Removal shows what removing a "gig", by its slug, or an "account", by its
// handle, would end. For operators.
func (c *Client) Removal(ctx context.Context, kind, address string) (Removal, error) {
	return read[Removal](ctx, c, "/removal", url.Values{"kind": {kind}, "address": {address}})
}
