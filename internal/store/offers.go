package store

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"guildhall/internal/gig"
	"guildhall/internal/ident"
	"guildhall/internal/money"
	"guildhall/internal/offer"
	"guildhall/internal/store/db"
)

// offerLife is what an offer remembers beyond its headline.
type offerLife struct {
	Scope        string         `json:"scope"`
	Days         int            `json:"days"`
	Revisions    int            `json:"revisions"`
	Questions    []gig.Question `json:"questions,omitempty"`
	Paying       int            `json:"paying,omitempty"`
	Supersedes   ident.Offer    `json:"supersedes,omitempty"`
	SupersededBy ident.Offer    `json:"superseded_by,omitempty"`
	Answer       string         `json:"answer,omitempty"`
	Removed      string         `json:"removed,omitempty"`
}

func lifeOf(o offer.Offer) (string, error) {
	life, err := json.Marshal(offerLife{
		Scope: o.Scope, Days: o.Days, Revisions: o.Revisions, Questions: o.Questions, Paying: o.Paying,
		Supersedes: o.Supersedes, SupersededBy: o.SupersededBy, Answer: o.Answer, Removed: o.Removed,
	})
	return string(life), err
}

// AddOffer writes a new offer.
func (tx *Tx) AddOffer(o offer.Offer) error {
	life, err := lifeOf(o)
	if err != nil {
		return err
	}
	return tx.q.OfferInsert(tx.ctx, db.OfferInsertParams{
		ID: string(o.ID), SellerID: string(o.Seller), BuyerID: string(o.Buyer), GigID: string(o.Gig), PolicyID: string(o.Policy),
		Title: o.Title, Currency: string(o.Price.Currency), Price: o.Price.Minor, State: string(o.State), Bucket: bucketOf(o.State),
		OrderID: textOrNull(string(o.Order)), MadeAt: micros(o.MadeAt), ExpiresAt: micros(o.ExpiresAt),
		HonouredUntil: micros(o.HonouredUntil), EndedAt: microsOrNull(o.EndedAt), NextAt: offerNext(o), Seq: int64(o.Seq), Life: life,
	})
}

// SaveOffer writes what a decision changed; ErrStale when somebody else wrote first.
func (tx *Tx) SaveOffer(o offer.Offer) error {
	life, err := lifeOf(o)
	if err != nil {
		return err
	}
	_, err = tx.fenced.OfferUpdate(tx.ctx, db.OfferUpdateParams{
		ID: string(o.ID), Version: int64(o.Version), State: string(o.State), Bucket: bucketOf(o.State),
		OrderID: textOrNull(string(o.Order)), EndedAt: microsOrNull(o.EndedAt), NextAt: offerNext(o), Seq: int64(o.Seq), Life: life,
	})
	return stale(err)
}

// bucketOf is the list that an offer lies in.
func bucketOf(s offer.State) string {
	if s.Ended() {
		return "ended"
	}
	return "open"
}

func offerNext(o offer.Offer) *int64 {
	at, ok := o.Next()
	if !ok {
		return nil
	}
	return microsOrNull(at)
}

func textOrNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// Offer reads one offer. Errors: ErrNotFound.
func (tx *Tx) Offer(id ident.Offer) (offer.Offer, error) {
	r, err := tx.q.OfferByID(tx.ctx, string(id))
	if err != nil {
		return offer.Offer{}, err
	}
	return offerOf(r)
}

// PairOffers takes a turn at making offers from one to the other: of two that
// come in the same moment the second waits, and then sees the first.
func (tx *Tx) PairOffers(seller, buyer ident.Member) error {
	_, err := tx.q.OfferPair(tx.ctx, string(seller), string(buyer))
	return err
}

// OpenOffers are the offers from one to the other that have not ended, oldest first.
func (tx *Tx) OpenOffers(seller, buyer ident.Member) ([]offer.Offer, error) {
	rows, err := tx.q.OffersOpen(tx.ctx, string(seller), string(buyer))
	return offersOf(rows, err)
}

// OpenOffersOf are the offers about a gig of a seller that have not ended.
func (tx *Tx) OpenOffersOf(seller ident.Member, g ident.Gig) ([]offer.Offer, error) {
	rows, err := tx.q.OffersOpenOf(tx.ctx, string(seller), string(g))
	return offersOf(rows, err)
}

// OffersBetween are the offers that two people made each other from one instant
// to before another, oldest first, at most n in each direction.
func (tx *Tx) OffersBetween(a, b ident.Member, from, to time.Time, n int) ([]offer.Offer, error) {
	start, end := window(from, to)
	var all []offer.Offer
	for _, pair := range [][2]ident.Member{{a, b}, {b, a}} {
		rows, err := tx.q.OffersBetween(tx.ctx, db.OffersBetweenParams{
			SellerID: string(pair[0]), BuyerID: string(pair[1]), MadeAt: start, MadeAt_2: end, Most: int64(n),
		})
		list, err := offersOf(rows, err)
		if err != nil {
			return nil, err
		}
		all = append(all, list...)
	}
	slices.SortFunc(all, func(x, y offer.Offer) int { return x.MadeAt.Compare(y.MadeAt) })
	return all, nil
}

// OffersOf is one page of the offers that a member made or got, newest first.
func (tx *Tx) OffersOf(m ident.Member, side offer.Party, ended bool, before ident.Offer, most int) ([]offer.Offer, error) {
	if before == "" {
		before = ident.Offer(lastID("offer"))
	}
	bucket := "open"
	if ended {
		bucket = "ended"
	}
	p := db.OffersMadeParams{SellerID: string(m), Bucket: bucket, ID: string(before), Most: int64(most)}
	if side == offer.Seller {
		rows, err := tx.q.OffersMade(tx.ctx, p)
		return offersOf(rows, err)
	}
	rows, err := tx.q.OffersGot(tx.ctx, db.OffersGotParams{BuyerID: p.SellerID, Bucket: p.Bucket, ID: p.ID, Most: p.Most})
	return offersOf(rows, err)
}

// OffersDue are the ids of offers that end by themselves at or before now,
// earliest first, at most n.
func (tx *Tx) OffersDue(now time.Time, n int) ([]ident.Offer, error) {
	rows, err := tx.q.OffersDue(tx.ctx, microsOrNull(now), int64(n))
	return rowsOf(rows, func(id string) ident.Offer { return ident.Offer(id) }), err
}

// EarliestOfferDue is when the first offer ends by itself; zero when none does.
func (tx *Tx) EarliestOfferDue() (time.Time, error) {
	at, err := tx.q.OfferEarliestDue(tx.ctx)
	if isNotFound(err) {
		return time.Time{}, nil
	}
	return fromMicrosOrNull(at), err
}

// OfferCase is an offer with the columns that only lists and sweeps read.
type OfferCase struct {
	offer.Offer
	Bucket string
	Due    time.Time // zero: none
}

// AuditOffers lists the offers after one, by id, at most n.
func (tx *Tx) AuditOffers(after ident.Offer, n int) ([]OfferCase, error) {
	rows, err := tx.q.AuditOffers(tx.ctx, string(after), int64(n))
	if err != nil {
		return nil, err
	}
	cases := make([]OfferCase, len(rows))
	for i, r := range rows {
		o, err := offerOf(r)
		if err != nil {
			return nil, err
		}
		cases[i] = OfferCase{Offer: o, Bucket: r.Bucket, Due: fromMicrosOrNull(r.NextAt)}
	}
	return cases, nil
}

func offersOf(rows []db.Offer, err error) ([]offer.Offer, error) {
	if err != nil {
		return nil, err
	}
	list := make([]offer.Offer, len(rows))
	for i, r := range rows {
		if list[i], err = offerOf(r); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func offerOf(r db.Offer) (offer.Offer, error) {
	var life offerLife
	if err := json.Unmarshal([]byte(r.Life), &life); err != nil {
		return offer.Offer{}, fmt.Errorf("store: life of %s: %w", r.ID, err)
	}
	o := offer.Offer{
		ID: ident.Offer(r.ID), Seller: ident.Member(r.SellerID), Buyer: ident.Member(r.BuyerID), Gig: ident.Gig(r.GigID),
		Policy: ident.Policy(r.PolicyID), State: offer.State(r.State),
		Terms: offer.Terms{
			Title: r.Title, Scope: life.Scope, Price: money.Of(r.Price, money.Currency(r.Currency)),
			Days: life.Days, Revisions: life.Revisions, Questions: life.Questions,
		},
		MadeAt: fromMicros(r.MadeAt), ExpiresAt: fromMicros(r.ExpiresAt), HonouredUntil: fromMicros(r.HonouredUntil),
		EndedAt: fromMicrosOrNull(r.EndedAt), Paying: life.Paying, Supersedes: life.Supersedes, SupersededBy: life.SupersededBy,
		Answer: life.Answer, Removed: life.Removed, Version: int(r.Version), Seq: int(r.Seq),
	}
	if r.OrderID != nil {
		o.Order = ident.Order(*r.OrderID)
	}
	return o, nil
}
