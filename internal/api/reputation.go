package api

import (
	"context"
	"net/http"
	"time"

	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/reputation"
)

// SellerRecord is what a signed record says.
type SellerRecord struct {
	ID        ident.Record   `json:"id" pattern:"^record_[0-9a-z]{26}$"`
	Issuer    string         `json:"issuer" doc:"Public address of the house that signed it."`
	Issued    time.Time      `json:"issued_at"`
	Expires   time.Time      `json:"expires_at"`
	Rehearsal bool           `json:"rehearsal,omitempty" doc:"Made where nothing is real."`
	Seller    RecordSeller   `json:"seller"`
	Level     *RecordLevel   `json:"level,omitempty"`
	Figures   []RecordFigure `json:"figures" doc:"Each with what stands under the line and above it."`
	Endings   []RecordEnding `json:"cancellations" doc:"By class, those without fault too."`
	Policy    ident.Policy   `json:"policy"`
	Profile   string         `json:"profile"`
}

// RecordFigure is one number of a record with what it was made of.
type RecordFigure reputation.Figure

// RecordEnding is how many orders ended in one way.
type RecordEnding reputation.Ended

// RecordLevel is where the seller stood on the ladder.
type RecordLevel reputation.Level

// RecordStatus is what has become of a record since it was signed.
type RecordStatus reputation.Status

// RecordSeller is who a record is about.
type RecordSeller struct {
	Handle string    `json:"handle"`
	Name   string    `json:"name"`
	Page   string    `json:"page"`
	Since  time.Time `json:"since,omitzero"`
}

// SignedRecord is a new record with its words.
type SignedRecord struct {
	SellerRecord
	Text string `json:"text" doc:"The record as a JSON web token (EdDSA). It stands in this answer and nowhere else."`
}

// KeptRecord is a record that the seller made.
type KeptRecord struct {
	RecordStatus
	Key string `json:"key" doc:"Thumbprint of the key that signed it."`
}

// CheckedRecord is what came of checking a record.
type CheckedRecord struct {
	Good   bool           `json:"good" doc:"Signed by this house, unchanged, in time, and not taken back."`
	Why    reputation.Why `json:"why,omitempty" doc:"Why its words are not to be believed."`
	Says   string         `json:"says" doc:"The same in a sentence."`
	Record *SellerRecord  `json:"record,omitempty" doc:"What it claims; absent unless this house signed it."`
	Status *RecordStatus  `json:"status,omitempty" doc:"What has become of it since."`
}

type checkIn struct {
	Body struct {
		Text string `json:"text" minLength:"1" maxLength:"70000"`
	}
}

// RecordAt names a signed record.
type RecordAt struct {
	ID ident.Record `path:"id" pattern:"^record_[0-9a-z]{26}$"`
}

type makeRecordIn struct{ Keyed }

type revokeRecordIn struct {
	Keyed
	RecordAt
	Body struct {
		Why string `json:"why" minLength:"1" maxLength:"600"`
	}
}

func (a *API) records() {
	const tag = "Reputation"
	serve(a, route{
		method: http.MethodGet, path: "/standing/record", id: "draft-record", tag: tag, who: signedIn, scopes: []member.Scope{member.ScopeRead},
		does: "What a signed record of yours would say now",
	}, func(ctx context.Context, _ *none) (*answer[SellerRecord], error) {
		d, err := a.Market.MyRecord(ctx, actor(ctx), "", 1)
		return ok(recordOf(d.Record), err)
	})
	serve(a, route{
		method: http.MethodGet, path: "/standing/records", id: "list-records", tag: tag, who: signedIn, scopes: []member.Scope{member.ScopeRead},
		does: "The signed records that you made, newest first",
	}, a.myRecords)
	serve(a, route{
		method: http.MethodPost, path: "/standing/records", id: "make-record", tag: tag, who: signedIn, status: http.StatusCreated,
		scopes: []member.Scope{member.ScopeSell}, does: "Sign a record of your figures as they are now; it is your newest from then on",
	}, func(ctx context.Context, in *makeRecordIn) (*answer[SignedRecord], error) {
		r, err := a.Market.MakeRecord(ctx, actor(ctx), in.Key)
		return ok(SignedRecord{recordOf(r.Record), r.Text}, err)
	})
	serve(a, route{
		method: http.MethodPost, path: "/records/check", id: "check-record", tag: tag, who: anyone,
		does: "Check a record that somebody shows you",
	}, a.checkRecord)
	serve(a, route{
		method: http.MethodGet, path: "/records/{id}", id: "get-record-status", tag: tag, who: anyone,
		does: "What has become of a record",
	}, func(ctx context.Context, in *RecordAt) (*answer[RecordStatus], error) {
		s, err := a.Market.RecordStatus(ctx, in.ID)
		return ok(RecordStatus(s), err)
	})
	serve(a, route{
		method: http.MethodPost, path: "/records/{id}/revoke", id: "revoke-record", tag: "House", who: operator,
		does: "Take a record back, in words for whoever checks it",
	}, func(ctx context.Context, in *revokeRecordIn) (*answer[RecordStatus], error) {
		if err := a.Market.RevokeRecord(ctx, actor(ctx), in.Key, in.ID, in.Body.Why); err != nil {
			return nil, err
		}
		s, err := a.Market.RecordStatus(ctx, in.ID)
		return ok(RecordStatus(s), err)
	})
}

func recordOf(r reputation.Record) SellerRecord {
	v := SellerRecord{
		ID: r.ID, Issuer: r.Issuer, Issued: r.Issued, Expires: r.Expires, Rehearsal: r.Play,
		Seller:  RecordSeller{Handle: r.Seller.Handle, Name: r.Seller.Name, Page: r.Seller.Page, Since: r.Seller.Since},
		Figures: []RecordFigure{}, Endings: []RecordEnding{},
		Policy: r.Policy, Profile: r.Profile,
	}
	for _, f := range r.Figures {
		v.Figures = append(v.Figures, RecordFigure(f))
	}
	for _, e := range r.Endings {
		v.Endings = append(v.Endings, RecordEnding(e))
	}
	if r.Level.Name != "" {
		level := RecordLevel(r.Level)
		v.Level = &level
	}
	return v
}

func (a *API) myRecords(ctx context.Context, in *Page) (*answer[List[KeptRecord]], error) {
	d, err := a.Market.MyRecord(ctx, actor(ctx), market.Cursor(in.Cursor), in.Limit)
	if err != nil {
		return nil, err
	}
	list := List[KeptRecord]{Items: []KeptRecord{}, Next: string(d.Next)}
	for _, r := range d.Made {
		s, err := a.Market.RecordStatus(ctx, r.ID)
		if err != nil {
			return nil, err
		}
		list.Items = append(list.Items, KeptRecord{RecordStatus(s), r.Key})
	}
	return &answer[List[KeptRecord]]{list}, nil
}

func (a *API) checkRecord(ctx context.Context, in *checkIn) (*answer[CheckedRecord], error) {
	v, err := a.Market.CheckRecord(ctx, in.Body.Text)
	if err != nil {
		return nil, err
	}
	out := CheckedRecord{Why: v.Why, Says: v.Why.Words()}
	if v.Signed() {
		r := recordOf(v.Record)
		status := RecordStatus(v.Status)
		out.Record, out.Status = &r, &status
		out.Good = v.OK() && (v.Status.State == reputation.Valid || v.Status.State == reputation.Superseded)
		if out.Why == "" || v.Status.State == reputation.Revoked {
			out.Says = v.Status.Words()
		}
	}
	return &answer[CheckedRecord]{out}, nil
}
