package store

import (
	"math"
	"time"

	"guildhall/internal/ident"
	"guildhall/internal/order"
	"guildhall/internal/review"
	"guildhall/internal/store/db"
)

// ReviewPlace is where a page of reviews ends.
type ReviewPlace struct {
	At time.Time
	ID ident.Review
}

func (p ReviewPlace) key() (int64, string) {
	if p.ID == "" {
		return math.MaxInt64, lastID("review")
	}
	return micros(p.At), string(p.ID)
}

// ReviewsWanted says which reviews a list shows.
type ReviewsWanted struct {
	Gig      ident.Gig    // what buyers said of it, or
	Member   ident.Member // what is said of somebody …
	By       review.Side  // … by buyers or by sellers
	Stars    int          // full ones; 0 for all, tombstones included
	WithText bool
	After    ReviewPlace // the last row of the page before
	Most     int
}

// ReviewRow is one revealed review in a list, with what of its order is printed.
type ReviewRow struct {
	Pair     ident.Review
	Review   review.Review
	Revealed time.Time
	Order    order.Order // headline and life; no ids of its people
}

// ReviewPage is one page of revealed reviews, newest first.
func (tx *Tx) ReviewPage(w ReviewsWanted) ([]ReviewRow, error) {
	rows, err := tx.reviewRows(w)
	if err != nil {
		return nil, err
	}
	list := make([]ReviewRow, len(rows))
	for i, r := range rows {
		one := ReviewRow{Pair: ident.Review(r.ReviewID), Revealed: fromMicrosOrNull(r.RevealedAt)}
		if one.Review, err = reviewOf(r.ReviewID, r.Body); err != nil {
			return nil, err
		}
		one.Order, err = orderOf(db.SalesSoonestRow{
			Title: r.Title, State: r.State, Class: r.Class, PaidAt: r.PaidAt, Life: r.Life, GigID: r.GigID, PolicyID: r.PolicyID,
		})
		if err != nil {
			return nil, err
		}
		list[i] = one
	}
	return list, nil
}

func (tx *Tx) reviewRows(w ReviewsWanted) ([]db.ReviewsOfMemberStarsRow, error) {
	at, id := w.After.key()
	worded := int64(0)
	if w.WithText {
		worded = 1
	}
	type row = db.ReviewsOfMemberStarsRow
	switch {
	case w.Gig != "" && w.Stars > 0:
		rows, err := tx.q.ReviewsOfGigStars(tx.ctx, db.ReviewsOfGigStarsParams{
			GigID: string(w.Gig), Stars: int64(w.Stars), Column3: at, Column4: id, Worded: worded, Most: int64(w.Most),
		})
		return rowsOf(rows, func(r db.ReviewsOfGigStarsRow) row { return row(r) }), err
	case w.Gig != "":
		rows, err := tx.q.ReviewsOfGig(tx.ctx, db.ReviewsOfGigParams{
			GigID: string(w.Gig), Column2: at, Column3: id, Worded: worded, Most: int64(w.Most),
		})
		return rowsOf(rows, func(r db.ReviewsOfGigRow) row { return row(r) }), err
	case w.Stars > 0:
		return tx.q.ReviewsOfMemberStars(tx.ctx, db.ReviewsOfMemberStarsParams{
			OfID: string(w.Member), Side: string(w.By), Stars: int64(w.Stars), Column4: at, Column5: id, Worded: worded, Most: int64(w.Most),
		})
	}
	rows, err := tx.q.ReviewsOfMember(tx.ctx, db.ReviewsOfMemberParams{
		OfID: string(w.Member), Side: string(w.By), Column3: at, Column4: id, Worded: worded, Most: int64(w.Most),
	})
	return rowsOf(rows, func(r db.ReviewsOfMemberRow) row { return row(r) }), err
}

// Wrote names a review that somebody wrote.
type Wrote struct {
	review.Ref
	At time.Time
}

// ReviewsBy are the reviews that a member wrote, newest first, after a place.
func (tx *Tx) ReviewsBy(m ident.Member, after ReviewPlace, most int) ([]Wrote, error) {
	at, id := after.key()
	rows, err := tx.q.ReviewsWritten(tx.ctx, db.ReviewsWrittenParams{AuthorID: string(m), Column2: at, Column3: id, Most: int64(most)})
	return rowsOf(rows, func(r db.ReviewsWrittenRow) Wrote {
		return Wrote{review.Ref{Pair: ident.Review(r.ReviewID), By: review.Side(r.Side)}, fromMicros(r.WrittenAt)}
	}), err
}

// OrdersEnded are the orders of a member on a side that ended after an instant,
// the last ended first, without their agreements.
func (tx *Tx) OrdersEnded(m ident.Member, side order.Party, after time.Time) (list []order.Order, err error) {
	var rows []db.SalesSoonestRow
	if side == order.Seller {
		sold, err := tx.q.SalesEndedAfter(tx.ctx, string(m), micros(after))
		if err != nil {
			return nil, err
		}
		rows = rowsOf(sold, func(r db.SalesEndedAfterRow) db.SalesSoonestRow { return db.SalesSoonestRow(r) })
	} else {
		bought, err := tx.q.PurchasesEndedAfter(tx.ctx, string(m), micros(after))
		if err != nil {
			return nil, err
		}
		rows = rowsOf(bought, func(r db.PurchasesEndedAfterRow) db.SalesSoonestRow { return db.SalesSoonestRow(r) })
	}
	list = make([]order.Order, len(rows))
	for i, r := range rows {
		if list[i], err = orderOf(r); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// ReviewCase is a pair with the column that only sweeps read.
type ReviewCase struct {
	review.Pair
	Due time.Time // zero: none
}

// AuditReviews lists the pairs after one, by id, at most n.
func (tx *Tx) AuditReviews(after ident.Review, n int) ([]ReviewCase, error) {
	rows, err := tx.q.AuditReviewPairs(tx.ctx, string(after), int64(n))
	if err != nil {
		return nil, err
	}
	cases := make([]ReviewCase, len(rows))
	for i, r := range rows {
		if cases[i].Pair, err = tx.pairOf(r); err != nil {
			return nil, err
		}
		cases[i].Due = fromMicrosOrNull(r.NextAt)
	}
	return cases, nil
}

// auditReviews compares sums with what they count, and reviews with their pairs.
func (tx *Tx) auditReviews(odd *[]Odd) error {
	if err := oddities(tx, odd, tx.q.AuditReviewSums, func(r db.AuditReviewSumsRow) Odd {
		return Odd{"counts", r.SubjectID, "what it got as " + r.Role + " is counted otherwise than its reviews and tombstones say"}
	}); err != nil {
		return err
	}
	return oddities(tx, odd, tx.q.AuditReviewsAlone, func(r db.AuditReviewsAloneRow) Odd {
		return Odd{"reviews", r.ReviewID, "the " + r.Side + "’s review does not belong to it, or is shown at another time"}
	})
}
