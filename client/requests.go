package client

import (
	"context"
	"net/http"
	"strconv"
	"time"
)

// Proposal is what you ask of the other side of an order. Each kind needs the
// fields that name it.
type Proposal struct {
	Kind   string    `json:"kind"` // cancel, extend, add_extra, discount or swap
	Reason string    `json:"reason"`
	Cause  string    `json:"cause,omitempty"`      // cancel: one of the causes of Endings
	Share  *float64  `json:"share,omitempty"`      // cancel, discount: percent that goes back; nil cancels with everything back
	Days   int       `json:"days,omitempty"`       // extend, add_extra
	Extra  string    `json:"extra,omitempty"`      // add_extra: the work
	Price  *Money    `json:"price,omitempty"`      // add_extra: nil is a gift
	Into   *SwapInto `json:"into,omitempty"`       // swap
	Offer  string    `json:"into_offer,omitempty"` // swap: an open offer instead of Into
	Digest string    `json:"digest,omitempty"`
}

// SwapInto is a gig of the same seller and what of it.
type SwapInto struct {
	Gig string `json:"gig"`
	Pick
}

// Answering is what may come with an answer to a request.
type Answering struct {
	Cause  string `json:"cause,omitempty"` // Agree: the cause as you see it
	Text   string `json:"text,omitempty"`  // Decline: words to the other side
	Digest string `json:"digest,omitempty"`
}

// Request is the open request of an order.
type Request struct {
	No       int       `json:"no"`
	By       string    `json:"by"`        // buyer or seller
	Waits    string    `json:"waits_for"` // whose answer or payment is awaited
	Kind     string    `json:"kind"`
	Asks     string    `json:"asks"`
	Reason   string    `json:"reason"`
	Cause    *Cause    `json:"cause"`
	Share    *float64  `json:"share"`
	Days     int       `json:"days"`
	Extra    string    `json:"extra"`
	Price    *Money    `json:"price"`
	Into     *SwapView `json:"into"`
	Asked    time.Time `json:"asked_at"`
	Ends     time.Time `json:"ends_at"`
	Silence  string    `json:"silence"` // what it does: nothing, cancels, desk or applies
	Counters int       `json:"counters"`
	Owed     *Money    `json:"owed"` // agreed on; it waits for this payment
}

// SwapView is what would come in an order's place.
type SwapView struct {
	Gig   string `json:"gig"`
	Quote Quote  `json:"quote"`
}

// SwapChoice is something that may come in an order's place.
type SwapChoice struct {
	Gig    string  `json:"gig"`
	Offer  string  `json:"offer"` // an open offer, to be asked for as such; empty: a gig
	Title  string  `json:"title"`
	Quotes []Quote `json:"quotes"` // of each package alone, or of the offer
}

// SwapChoices are what may come in an order's place.
func (c *Client) SwapChoices(ctx context.Context, order string) ([]SwapChoice, error) {
	p, err := read[page[SwapChoice]](ctx, c, orderPath(order, "/swaps"), nil)
	return p.Items, err
}

// Refund is a part of a payment on its way back.
type Refund struct {
	Amount    Money      `json:"amount"`
	Method    string     `json:"method"`
	Booked    time.Time  `json:"booked_at"`
	Sent      *time.Time `json:"sent_at"`
	Confirmed *time.Time `json:"confirmed_at"`
	Waits     *time.Time `json:"waits_since"` // for the bank's decision
	ByBank    *time.Time `json:"by_bank_at"`  // the bank paid it back instead
}

// Added is work that was agreed on after the purchase.
type Added struct {
	Label string    `json:"label"`
	Price Money     `json:"price"`
	Days  int       `json:"days"`
	At    time.Time `json:"at"`
}

// Preview is what an action would do, one row for each possible answer.
type Preview struct {
	Order  string      `json:"order"`
	Move   string      `json:"move"`
	You    string      `json:"you"`
	Digest string      `json:"digest"` // send it with the action
	Rows   []EffectRow `json:"rows"`
}

// EffectRow is what comes of an action with one answer of the other side.
type EffectRow struct {
	Reply     string         `json:"reply"` // now, accepted, declined or silence
	At        time.Time      `json:"at"`
	Says      string         `json:"says"`
	State     string         `json:"state"`
	Class     string         `json:"class"`
	Ending    *Ending        `json:"ending"`
	Held      bool           `json:"held"`
	Title     string         `json:"title"`
	Total     Money          `json:"total"`
	Due       *time.Time     `json:"due_at"`
	Completes *time.Time     `json:"completes_at"`
	Money     Flow           `json:"money"`
	Figures   []FigureChange `json:"figures"`
	Level     *LevelShift    `json:"level"`
}

// LevelShift is your level as a seller, without and with what would happen.
type LevelShift struct {
	Moves         bool       `json:"moves"`
	Before        string     `json:"before"` // its name in the policy; empty for none
	After         string     `json:"after"`
	DemotesBefore *time.Time `json:"demotes_before"` // when it falls unless your figures recover
	DemotesAfter  *time.Time `json:"demotes_after"`
	Short         []string   `json:"short"` // what your figures would lack for it
}

// Flow is the money of a row.
type Flow struct {
	Says       string `json:"says"`
	Charged    Money  `json:"charged"`
	Back       Money  `json:"back"`
	Paid       Money  `json:"paid_out"`
	Commission *Money `json:"commission"` // shown to the seller
	Held       Money  `json:"held"`
	Settles    *Money `json:"settles"` // the most of it that pays off what the seller owes
}

// FigureChange is one of your figures without and with what would happen.
type FigureChange struct {
	Figure string     `json:"figure"`
	Moves  bool       `json:"moves"`
	Before string     `json:"before"`
	After  string     `json:"after"`
	Mark   string     `json:"mark"`
	Why    string     `json:"why"`
	Until  *time.Time `json:"until"`
	Latest *time.Time `json:"until_at_most"` // where few things count; nil where many do
}

// Preview asks what an action on an order would do. The action is the end of
// its address, like "accept" or "requests", and in is its request; nil for none.
func (c *Client) Preview(ctx context.Context, order, action string, in any) (Preview, error) {
	return change[Preview](ctx, c, http.MethodPost, orderPath(order, "/"+action+"/preview"), in)
}

// Act does an action on an order by the end of its address, with the same
// request as its preview and the digest in it.
func (c *Client) Act(ctx context.Context, order, action string, in any) (Moved, error) {
	return c.move(ctx, order, action, in)
}

// Ask asks the other side of an order for something.
func (c *Client) Ask(ctx context.Context, order string, in Proposal) (Moved, error) {
	return c.move(ctx, order, "requests", in)
}

// Agree says yes to the other side's request.
func (c *Client) Agree(ctx context.Context, order string, no int, in Answering) (Moved, error) {
	return c.move(ctx, order, requestAction(no, "agree"), in)
}

// Decline says no; the order goes on as before.
func (c *Client) Decline(ctx context.Context, order string, no int, in Answering) (Moved, error) {
	return c.move(ctx, order, requestAction(no, "decline"), in)
}

// Counter proposes something else in the request's place.
func (c *Client) Counter(ctx context.Context, order string, no int, in Proposal) (Moved, error) {
	return c.move(ctx, order, requestAction(no, "counter"), in)
}

// WithdrawRequest takes your own request back.
func (c *Client) WithdrawRequest(ctx context.Context, order string, no int) (Moved, error) {
	return c.move(ctx, order, requestAction(no, "withdraw"), nil)
}

// PayRequest pays what an agreed request waits for.
func (c *Client) PayRequest(ctx context.Context, order string, no int, card Card) (Placed, error) {
	return change[Placed](ctx, c, http.MethodPost, orderPath(order, "/"+requestAction(no, "pay")), map[string]any{"card": card})
}

// Remind reminds a buyer who does not answer.
func (c *Client) Remind(ctx context.Context, order, text string) (Moved, error) {
	return c.move(ctx, order, "reminders", map[string]any{"text": text})
}

// SayCause names the cause of an ending, beside the other side's.
func (c *Client) SayCause(ctx context.Context, order, cause string) (Moved, error) {
	return c.move(ctx, order, "cause", map[string]any{"cause": cause})
}

func requestAction(no int, what string) string { return "requests/" + strconv.Itoa(no) + "/" + what }
