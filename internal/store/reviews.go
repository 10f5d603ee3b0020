package store

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"time"

	"guildhall/internal/ident"
	"guildhall/internal/policy"
	"guildhall/internal/review"
	"guildhall/internal/store/db"
)

// pairBody is what a pair remembers beyond its headline.
type pairBody struct {
	Criteria []policy.Criterion `json:"criteria"`
	Demands  []review.Demand    `json:"demands,omitempty"`
}

// Reviews reads the pair of an order. Errors: ErrNotFound before anybody has
// done anything.
func (tx *Tx) Reviews(id ident.Review) (review.Pair, error) {
	r, err := tx.q.ReviewPairByID(tx.ctx, string(id))
	if err != nil {
		return review.Pair{}, err
	}
	return tx.pairOf(r)
}

func (tx *Tx) pairOf(r db.ReviewPair) (review.Pair, error) {
	p, err := headOf(r)
	if err != nil {
		return p, err
	}
	rows, err := tx.q.ReviewsOfPair(tx.ctx, r.ID)
	if err != nil {
		return p, err
	}
	for _, row := range rows {
		if err := put(&p, row.Body); err != nil {
			return p, err
		}
	}
	return p, nil
}

var (
	pairsSQL = manyOf("ReviewPairsByID", `SELECT id, order_id, gig_id, buyer_id, seller_id, policy_id, closes_at, revealed_at, next_at, version, seq, body
FROM review_pairs WHERE id IN ($ids)`)
	pairedSQL = manyOf("ReviewsOfPairs", `SELECT review_id, body FROM reviews WHERE review_id IN ($ids)`)
)

// ManyReviews reads pairs by their ids; those of whose orders nobody has done
// anything yet are not among them.
func (tx *Tx) ManyReviews(ids ...ident.Review) (map[ident.Review]review.Pair, error) {
	found := map[ident.Review]review.Pair{}
	if err := askMany(tx, pairsSQL, ids, func(scan func(...any) error) error {
		var r db.ReviewPair
		err := scan(&r.ID, &r.OrderID, &r.GigID, &r.BuyerID, &r.SellerID, &r.PolicyID, &r.ClosesAt, &r.RevealedAt, &r.NextAt, &r.Version, &r.Seq, &r.Body)
		if err != nil {
			return err
		}
		found[ident.Review(r.ID)], err = headOf(r)
		return err
	}); err != nil {
		return nil, err
	}
	return found, askMany(tx, pairedSQL, slices.Collect(maps.Keys(found)), func(scan func(...any) error) error {
		var id, body string
		if err := scan(&id, &body); err != nil {
			return err
		}
		p := found[ident.Review(id)]
		err := put(&p, body)
		found[p.ID] = p
		return err
	})
}

// headOf is a pair without its two reviews.
func headOf(r db.ReviewPair) (review.Pair, error) {
	p := review.Pair{
		ID: ident.Review(r.ID), Order: ident.Order(r.OrderID), Gig: ident.Gig(r.GigID), Buyer: ident.Member(r.BuyerID),
		Seller: ident.Member(r.SellerID), Policy: ident.Policy(r.PolicyID), ClosesAt: fromMicrosOrNull(r.ClosesAt),
		RevealedAt: fromMicrosOrNull(r.RevealedAt), Version: int(r.Version), Seq: int(r.Seq),
	}
	var body pairBody
	if err := json.Unmarshal([]byte(r.Body), &body); err != nil {
		return p, fmt.Errorf("store: body of %s: %w", r.ID, err)
	}
	p.Criteria, p.Demands = body.Criteria, body.Demands
	return p, nil
}

// put gives a pair one of its reviews.
func put(p *review.Pair, body string) error {
	one, err := reviewOf(string(p.ID), body)
	if err != nil {
		return err
	}
	if one.By == review.Buyer {
		p.ByBuyer = &one
	} else {
		p.BySeller = &one
	}
	return nil
}

func reviewOf(id, body string) (r review.Review, err error) {
	if err := json.Unmarshal([]byte(body), &r); err != nil {
		return r, fmt.Errorf("store: body of a review of %s: %w", id, err)
	}
	return r, nil
}

// SaveReviews writes what a decision made of a pair, new or known, and keeps
// what its gig and its people have received; ErrStale when somebody else wrote
// first.
func (tx *Tx) SaveReviews(was, p review.Pair) error {
	body, err := json.Marshal(pairBody{p.Criteria, p.Demands})
	if err != nil {
		return err
	}
	var next *int64
	if at, ok := p.Next(); ok {
		next = microsOrNull(at)
	}
	if p.Version == 0 {
		_, err = tx.fenced.ReviewPairInsert(tx.ctx, db.ReviewPairInsertParams{
			ID: string(p.ID), OrderID: string(p.Order), GigID: string(p.Gig), BuyerID: string(p.Buyer), SellerID: string(p.Seller),
			PolicyID: string(p.Policy), ClosesAt: microsOrNull(p.ClosesAt), RevealedAt: microsOrNull(p.RevealedAt), NextAt: next,
			Seq: int64(p.Seq), Body: string(body),
		})
	} else {
		_, err = tx.fenced.ReviewPairUpdate(tx.ctx, db.ReviewPairUpdateParams{
			ID: string(p.ID), Version: int64(p.Version), ClosesAt: microsOrNull(p.ClosesAt), RevealedAt: microsOrNull(p.RevealedAt),
			NextAt: next, Seq: int64(p.Seq), Body: string(body),
		})
	}
	if err != nil {
		return stale(err)
	}
	for _, by := range review.Sides() {
		r, before := p.Get(by), was.Get(by)
		if r == nil || before != nil && was.Revealed() == p.Revealed() && reflect.DeepEqual(*before, *r) {
			continue
		}
		if err := tx.putReview(p, *r); err != nil {
			return err
		}
	}
	return tx.sumReviews(was, p)
}

func (tx *Tx) putReview(p review.Pair, r review.Review) error {
	body, err := json.Marshal(r)
	if err != nil {
		return err
	}
	row := db.ReviewPutParams{
		ReviewID: string(p.ID), Side: string(r.By), OrderID: string(p.Order), GigID: string(p.Gig), AuthorID: string(r.Author), OfID: string(r.Of),
		WrittenAt: micros(r.FirstAt()), RevealedAt: microsOrNull(p.RevealedAt), Overall: int64(r.Overall()), Body: string(body),
	}
	if r.Removal != nil {
		row.Removed = 1
		return tx.q.ReviewPut(tx.ctx, row)
	}
	row.Stars = int64(r.Overall().Whole())
	if r.Text != "" {
		row.Worded = 1
	}
	if p.Revealed() && r.Sample.Shown() {
		row.SampleID = textOrNull(string(r.Sample.File))
	}
	return tx.q.ReviewPut(tx.ctx, row)
}

// Roles in which somebody or something is rated.
const (
	RatedGig    = "gig"
	RatedSeller = "seller"
	RatedBuyer  = "buyer"
)

// sumReviews moves the sums by what a decision changed. Rows are touched in one
// order: the gig's, then the people's by their ids.
func (tx *Tx) sumReviews(was, p review.Pair) error {
	move := func(by review.Side) review.Sums {
		var s review.Sums
		if r := was.Get(by); r != nil && was.Revealed() {
			s.Add(*r, -1)
		}
		if r := p.Get(by); r != nil && p.Revealed() {
			s.Add(*r, 1)
		}
		return s
	}
	byBuyer, bySeller := move(review.Buyer), move(review.Seller)
	people := []struct {
		id   ident.Member
		role string
		by   review.Sums
	}{{p.Seller, RatedSeller, byBuyer}, {p.Buyer, RatedBuyer, bySeller}}
	if p.Buyer < p.Seller {
		people[0], people[1] = people[1], people[0]
	}
	if err := tx.addSums(string(p.Gig), RatedGig, byBuyer); err != nil {
		return err
	}
	for _, one := range people {
		if err := tx.addSums(string(one.id), one.role, one.by); err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) addSums(subject, role string, s review.Sums) error {
	if s.Zero() {
		return nil
	}
	return tx.q.ReviewSumsAdd(tx.ctx, db.ReviewSumsAddParams{
		SubjectID: subject, Role: role, Shown: int64(s.Shown), Tombs: int64(s.Tombs), Total: s.Total,
		Stars1: int64(s.Rows[0]), Stars2: int64(s.Rows[1]), Stars3: int64(s.Rows[2]), Stars4: int64(s.Rows[3]), Stars5: int64(s.Rows[4]),
	})
}

// ReviewSums is what a gig, a seller or a buyer has received.
func (tx *Tx) ReviewSums(subject, role string) (review.Sums, error) {
	r, err := tx.q.ReviewSumsOf(tx.ctx, subject, role)
	if isNotFound(err) {
		return review.Sums{}, nil
	}
	return sumsOf(r), err
}

func sumsOf(r db.ReviewSum) review.Sums {
	return review.Sums{
		Shown: int(r.Shown), Tombs: int(r.Tombs), Total: r.Total,
		Rows: [review.MostStars]int{int(r.Stars1), int(r.Stars2), int(r.Stars3), int(r.Stars4), int(r.Stars5)},
	}
}

var sumsSQL = manyOf("ReviewSumsOfMany", `SELECT subject_id, role, shown, tombs, total, stars_1, stars_2, stars_3, stars_4, stars_5
FROM review_sums WHERE subject_id IN ($ids) AND role = $`+strconv.Itoa(manyIDs+1))

// SumsOfGigs and SumsOfSellers are what each of them has received; who has
// received nothing yet is not among them.
func (tx *Tx) SumsOfGigs(ids ...ident.Gig) (map[ident.Gig]review.Sums, error) {
	return sumsOfMany(tx, RatedGig, ids)
}

func (tx *Tx) SumsOfSellers(ids ...ident.Member) (map[ident.Member]review.Sums, error) {
	return sumsOfMany(tx, RatedSeller, ids)
}

func sumsOfMany[N ~string](tx *Tx, role string, ids []N) (map[N]review.Sums, error) {
	found := map[N]review.Sums{}
	err := askMany(tx, sumsSQL, ids, func(scan func(...any) error) error {
		var r db.ReviewSum
		err := scan(&r.SubjectID, &r.Role, &r.Shown, &r.Tombs, &r.Total, &r.Stars1, &r.Stars2, &r.Stars3, &r.Stars4, &r.Stars5)
		found[N(r.SubjectID)] = sumsOf(r)
		return err
	}, role)
	return found, err
}

// ReviewsDue are the pairs whose window ended at or before now with something
// in, earliest first, at most n.
func (tx *Tx) ReviewsDue(now time.Time, n int) ([]ident.Review, error) {
	rows, err := tx.q.ReviewsDue(tx.ctx, microsOrNull(now), int64(n))
	return rowsOf(rows, func(id string) ident.Review { return ident.Review(id) }), err
}

// EarliestReviewDue is when the first window ends with something in; zero when none does.
func (tx *Tx) EarliestReviewDue() (time.Time, error) {
	at, err := tx.q.ReviewEarliestDue(tx.ctx)
	if isNotFound(err) {
		return time.Time{}, nil
	}
	return fromMicrosOrNull(at), err
}

// SampleShown tells whether a file stands beside a public review with its
// buyer's consent.
func (tx *Tx) SampleShown(f ident.File) (bool, error) {
	_, err := tx.q.ReviewSample(tx.ctx, textOrNull(string(f)))
	if isNotFound(err) {
		return false, nil
	}
	return err == nil, err
}
