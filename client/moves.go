package client

import (
	"context"
	"net/http"
)

// Moved is where an order stands after a move.
type Moved struct {
	Order   string `json:"order"`
	State   string `json:"state"`
	Version int    `json:"version"`
	Event   int    `json:"event"` // number in the timeline
}

func (c *Client) move(ctx context.Context, order, name string, in any) (Moved, error) {
	return change[Moved](ctx, c, http.MethodPost, orderPath(order, "/"+name), in)
}

// Undo cancels before the start; everything goes back to the buyer.
func (c *Client) Undo(ctx context.Context, order string) (Moved, error) {
	return c.move(ctx, order, "undo", nil)
}

// Submit answers the seller's questions and starts the order.
func (c *Client) Submit(ctx context.Context, order string, answers ...Answer) (Moved, error) {
	if answers == nil {
		answers = []Answer{}
	}
	return c.move(ctx, order, "requirements", map[string]any{"answers": answers})
}

// Waive starts the order without the buyer's answers.
func (c *Client) Waive(ctx context.Context, order string) (Moved, error) {
	return c.move(ctx, order, "waive", nil)
}

// Post is what an update or a delivery carries: a text, files, or both.
type Post struct {
	Text  string   `json:"text,omitempty"`
	Files []string `json:"files,omitempty"`
}

// Progress shows how far the work is.
func (c *Client) Progress(ctx context.Context, order string, in Post) (Moved, error) {
	return c.move(ctx, order, "progress", in)
}

// Comment answers an update or a delivery, by its number in the timeline.
func (c *Client) Comment(ctx context.Context, order string, on int, text string) (Moved, error) {
	return c.move(ctx, order, "comments", map[string]any{"on": on, "text": text})
}

// Delay says before the due date that it will be late, and why.
func (c *Client) Delay(ctx context.Context, order, reason string) (Moved, error) {
	return c.move(ctx, order, "delay", map[string]any{"reason": reason})
}

// Deliver hands over the work.
func (c *Client) Deliver(ctx context.Context, order string, in Post) (Moved, error) {
	return c.move(ctx, order, "deliver", in)
}

// ExtendReview takes more time to look at a delivery.
func (c *Client) ExtendReview(ctx context.Context, order string) (Moved, error) {
	return c.move(ctx, order, "extend-review", nil)
}

// Revision sends a delivery back.
type Revision struct {
	Text  string `json:"text"`
	Lines []int  `json:"lines,omitempty"` // requirement lines, from 1
	Fault bool   `json:"fault,omitempty"` // it misses these lines: never counted
}

// Revise asks for a revision.
func (c *Client) Revise(ctx context.Context, order string, in Revision) (Moved, error) {
	return c.move(ctx, order, "revision", in)
}

// Accept takes the delivery and completes the order.
func (c *Client) Accept(ctx context.Context, order string) (Moved, error) {
	return c.move(ctx, order, "accept", nil)
}

// CancelLate ends an order that is late with nothing delivered.
func (c *Client) CancelLate(ctx context.Context, order string) (Moved, error) {
	return c.move(ctx, order, "cancel-late", nil)
}

// CancelStale ends an order whose buyer never answered the questions.
func (c *Client) CancelStale(ctx context.Context, order string) (Moved, error) {
	return c.move(ctx, order, "cancel-stale", nil)
}
