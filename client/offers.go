package client

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"time"
)

// NewOffer is a price for one person.
type NewOffer struct {
	To         string     `json:"to"`  // the member whom it is for
	Gig        string     `json:"gig"` // one of your own that is for sale
	Title      string     `json:"title"`
	Scope      string     `json:"scope"`
	Price      Money      `json:"price"`
	Days       int        `json:"days"`
	Revisions  int        `json:"revisions"`
	Questions  []Question `json:"questions,omitempty"`
	Beside     bool       `json:"beside,omitempty"`     // it stands beside your open offers to them
	Supersedes string     `json:"supersedes,omitempty"` // or takes the place of this one
}

// OfferMoved is where an offer stands after something was done with it.
type OfferMoved struct {
	Offer   string    `json:"offer"`
	State   string    `json:"state"`
	Expires time.Time `json:"expires_at"`
	Version int       `json:"version"`
}

// OfferHead is what lists and the offer itself tell alike.
type OfferHead struct {
	ID           string     `json:"id"`
	Title        string     `json:"title"`
	State        string     `json:"state"` // open, accepted, declined, withdrawn, superseded, expired
	Payable      bool       `json:"payable"`
	Price        Money      `json:"price"`
	Days         int        `json:"days"`
	Revisions    int        `json:"revisions"`
	Gig          string     `json:"gig"`
	Made         time.Time  `json:"made_at"`
	Expires      time.Time  `json:"expires_at"`
	Honoured     time.Time  `json:"honoured_until"`
	Ended        *time.Time `json:"ended_at"`
	Order        string     `json:"order"`
	Supersedes   string     `json:"supersedes"`
	SupersededBy string     `json:"superseded_by"`
}

// Offer is everything that a party sees of a custom offer.
type Offer struct {
	OfferHead
	You       string     `json:"you"`
	Seller    Person     `json:"seller"`
	Buyer     Person     `json:"buyer"`
	Scope     string     `json:"scope"`
	Questions []Question `json:"questions"`
	Quote     Quote      `json:"quote"`
	Answer    string     `json:"answer"`
}

// OfferRow is one offer in a list, with the other party.
type OfferRow struct {
	OfferHead
	Other Person `json:"other"`
}

func offerPath(id, rest string) string { return "/offers/" + url.PathEscape(id) + rest }

// MakeOffer offers something to one person.
func (c *Client) MakeOffer(ctx context.Context, in NewOffer) (OfferMoved, error) {
	return change[OfferMoved](ctx, c, http.MethodPost, "/offers", in)
}

// Offer is an offer that you made or got.
func (c *Client) Offer(ctx context.Context, id string) (Offer, error) {
	return read[Offer](ctx, c, offerPath(id, ""), nil)
}

// OffersGot are the offers made to you, newest first: the open or the ended ones.
func (c *Client) OffersGot(ctx context.Context, ended bool) iter.Seq2[OfferRow, error] {
	return pages[OfferRow](ctx, c, "/offers", offerQuery("buyer", ended))
}

// OffersMade are the offers that you made.
func (c *Client) OffersMade(ctx context.Context, ended bool) iter.Seq2[OfferRow, error] {
	return pages[OfferRow](ctx, c, "/offers", offerQuery("seller", ended))
}

func offerQuery(side string, ended bool) url.Values {
	q := url.Values{"side": {side}, "state": {"open"}}
	if ended {
		q.Set("state", "ended")
	}
	return q
}

// PayOffer pays an offer made to you. shown is the total of its quote.
func (c *Client) PayOffer(ctx context.Context, id string, shown Money, card Card) (Placed, error) {
	return change[Placed](ctx, c, http.MethodPost, offerPath(id, "/pay"), map[string]any{"shown": shown, "again": true, "card": card})
}

// DeclineOffer says no to an offer made to you; the words may be empty.
func (c *Client) DeclineOffer(ctx context.Context, id, words string) (OfferMoved, error) {
	return change[OfferMoved](ctx, c, http.MethodPost, offerPath(id, "/decline"), map[string]any{"text": words})
}

// WithdrawOffer takes back an offer of yours before it is paid.
func (c *Client) WithdrawOffer(ctx context.Context, id string) (OfferMoved, error) {
	return change[OfferMoved](ctx, c, http.MethodPost, offerPath(id, "/withdraw"), nil)
}
