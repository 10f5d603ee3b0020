package client

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"time"
)

// SellerRecord is what a signed record says about a seller.
type SellerRecord struct {
	ID        string    `json:"id"`
	Issuer    string    `json:"issuer"`
	Issued    time.Time `json:"issued_at"`
	Expires   time.Time `json:"expires_at"`
	Rehearsal bool      `json:"rehearsal"` // made where nothing is real
	Seller    struct {
		Handle string    `json:"handle"`
		Name   string    `json:"name"`
		Page   string    `json:"page"`
		Since  time.Time `json:"since"`
	} `json:"seller"`
	Level *struct {
		Name  string    `json:"name"`
		Words string    `json:"words"`
		Since time.Time `json:"since"`
	} `json:"level"`
	Figures []RecordFigure `json:"figures"`
	Endings []RecordEnding `json:"cancellations"`
	Policy  string         `json:"policy"`
	Profile string         `json:"profile"`
}

// RecordFigure is one number with what it was made of.
type RecordFigure struct {
	Figure      string    `json:"figure"`
	Words       string    `json:"words"`
	Value       string    `json:"value"`
	Numerator   int64     `json:"numerator"`
	Denominator int64     `json:"denominator"` // 0 where nothing is divided
	Unit        string    `json:"unit"`
	Excluded    int64     `json:"excluded"`
	Since       time.Time `json:"since"` // zero for everything ever
}

// RecordEnding is how many orders ended in one way.
type RecordEnding struct {
	Class   string `json:"class"`
	Words   string `json:"words"`
	Orders  int64  `json:"orders"`
	Counted int64  `json:"counted"`
}

// RecordStatus is what has become of a record.
type RecordStatus struct {
	ID      string    `json:"id"`
	State   string    `json:"state"` // valid, superseded, revoked, expired or unknown
	Issued  time.Time `json:"issued"`
	Expires time.Time `json:"expires"`
	At      time.Time `json:"at"`
	Reason  string    `json:"reason"`
	Digest  string    `json:"digest"`
	Key     string    `json:"key"` // only of your own
}

// RecordCheck is what came of checking a record.
type RecordCheck struct {
	Good   bool          `json:"good"`
	Why    string        `json:"why"` // empty where its words are the house's own
	Says   string        `json:"says"`
	Record *SellerRecord `json:"record"`
	Status *RecordStatus `json:"status"`
}

// RecordNow is what a record of yours would say now.
func (c *Client) RecordNow(ctx context.Context) (SellerRecord, error) {
	return read[SellerRecord](ctx, c, "/standing/record", nil)
}

// MakeRecord signs a record of your figures. Its text stands in the answer and
// nowhere else.
func (c *Client) MakeRecord(ctx context.Context) (r SellerRecord, text string, err error) {
	out, err := change[struct {
		SellerRecord
		Text string `json:"text"`
	}](ctx, c, http.MethodPost, "/standing/records", nil)
	return out.SellerRecord, out.Text, err
}

// Records lists the records that you made, newest first.
func (c *Client) Records(ctx context.Context) iter.Seq2[RecordStatus, error] {
	return pages[RecordStatus](ctx, c, "/standing/records", nil)
}

// CheckRecord asks the house about a record that somebody showed you.
func (c *Client) CheckRecord(ctx context.Context, text string) (RecordCheck, error) {
	return change[RecordCheck](ctx, c, http.MethodPost, "/records/check", map[string]string{"text": text})
}

// RecordStatus is what has become of a record.
func (c *Client) RecordStatus(ctx context.Context, id string) (RecordStatus, error) {
	return read[RecordStatus](ctx, c, "/records/"+url.PathEscape(id), nil)
}

// RevokeRecord takes a record back. For operators.
func (c *Client) RevokeRecord(ctx context.Context, id, why string) (RecordStatus, error) {
	return change[RecordStatus](ctx, c, http.MethodPost, "/records/"+url.PathEscape(id)+"/revoke", map[string]string{"why": why})
}
