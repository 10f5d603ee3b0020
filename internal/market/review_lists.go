package market

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/order"
	"guildhall/internal/policy"
	"guildhall/internal/review"
	"guildhall/internal/store"
)

// GigReviews lists what buyers said about a gig. Errors: fault.Invalid for a
// broken cursor and beside stars.
func (m *Market) GigReviews(ctx context.Context, id ident.Gig, f ReviewFilter, after Cursor, most int) (ReviewList, error) {
	return m.reviewList(ctx, store.ReviewsWanted{Gig: id, By: review.Buyer}, store.RatedGig, f, after, most)
}

// SellerReviews lists what buyers said about a seller. Errors: those of GigReviews.
func (m *Market) SellerReviews(ctx context.Context, id ident.Member, f ReviewFilter, after Cursor, most int) (ReviewList, error) {
	return m.reviewList(ctx, store.ReviewsWanted{Member: id, By: review.Buyer}, store.RatedSeller, f, after, most)
}

// BuyerReviews lists what sellers said about a buyer. Errors: those of GigReviews.
func (m *Market) BuyerReviews(ctx context.Context, id ident.Member, f ReviewFilter, after Cursor, most int) (ReviewList, error) {
	return m.reviewList(ctx, store.ReviewsWanted{Member: id, By: review.Seller}, store.RatedBuyer, f, after, most)
}

func (m *Market) reviewList(ctx context.Context, w store.ReviewsWanted, role string, f ReviewFilter, after Cursor, most int) (list ReviewList, err error) {
	if f.Stars < 0 || f.Stars > review.MostStars {
		return list, fault.Invalid("stars", "Choose one to five stars.")
	}
	if w.After, err = after.review(); err != nil {
		return list, err
	}
	size := pageSize(most)
	w.Stars, w.WithText, w.Most = f.Stars, f.WithText, size+1
	err = m.store.View(ctx, func(tx *store.Tx) error {
		subject := string(w.Gig) + string(w.Member) // one of them is empty
		if list.Sums, err = tx.ReviewSums(subject, role); err != nil {
			return err
		}
		rows, err := tx.ReviewPage(w)
		if err != nil {
			return err
		}
		if list.Next = ""; len(rows) > size {
			rows = rows[:size]
			last := rows[size-1]
			list.Next = reviewCursor(last.Revealed, last.Pair)
		}
		list.Items, err = m.reviewItems(ctx, tx, rows)
		return err
	})
	return list, err
}

func reviewCursor(at time.Time, id ident.Review) Cursor {
	return cursorOf(strconv.FormatInt(at.UnixMicro(), 10), string(id))
}

func (c Cursor) review() (store.ReviewPlace, error) {
	parts, err := c.parts(2)
	if parts == nil || err != nil {
		return store.ReviewPlace{}, err
	}
	us, err := strconv.ParseInt(parts[0], 10, 64)
	if err != nil || !ident.Valid(ident.Review(parts[1])) {
		return store.ReviewPlace{}, errCursor
	}
	return store.ReviewPlace{At: time.UnixMicro(us).UTC(), ID: ident.Review(parts[1])}, nil
}

// reviewItems makes of rows what everybody may see of them.
func (m *Market) reviewItems(ctx context.Context, tx *store.Tx, rows []store.ReviewRow) ([]ReviewItem, error) {
	known := faces{}
	list := make([]ReviewItem, len(rows))
	for i, row := range rows {
		r, o := row.Review.Public(), row.Order
		one := ReviewItem{Pair: row.Pair, Review: r, Outcome: review.OutcomeOf(o), Revealed: row.Revealed, Gig: o.Gig, GigTitle: o.Title, Policy: o.Policy}
		var err error
		if one.Of, err = known.face(tx, r.Of); err != nil {
			return nil, err
		}
		if r.Removal != nil {
			if one.Reason, err = m.removalWords(ctx, o.Policy, r.Removal.Reason); err != nil {
				return nil, err
			}
			list[i] = one
			continue
		}
		if one.Author, err = known.face(tx, r.Author); err != nil {
			return nil, err
		}
		if r.By == review.Buyer {
			one.Measured = review.MeasuredStart(o)
		}
		if r.Sample != nil {
			if one.Sample, err = fileOf(tx, r.Sample.File); err != nil {
				return nil, err
			}
		}
		list[i] = one
	}
	return list, nil
}

func (m *Market) removalWords(ctx context.Context, pinned ident.Policy, reason string) (string, error) {
	p, err := m.PolicyVersion(ctx, pinned)
	return review.ReasonWords(reason, p), err
}

// faces are people read once for a list.
type faces map[ident.Member]Face

func (f faces) face(tx *store.Tx, id ident.Member) (Face, error) {
	if known, ok := f[id]; ok {
		return known, nil
	}
	who, err := tx.Member(id)
	if err != nil {
		return Face{}, err
	}
	f[id] = Face{ID: id, Handle: who.Handle, Name: who.Name, Picture: who.Picture, Seller: who.Seller != nil}
	return f[id], nil
}

// GigSums are the counts of several gigs at once, for cards; a gig without any
// is not in it.
func (m *Market) GigSums(ctx context.Context, ids ...ident.Gig) (map[ident.Gig]review.Sums, error) {
	return sumsOf(ctx, m, ids, (*store.Tx).SumsOfGigs)
}

// SellerSums are the counts of what several sellers got from buyers.
func (m *Market) SellerSums(ctx context.Context, ids ...ident.Member) (map[ident.Member]review.Sums, error) {
	return sumsOf(ctx, m, ids, (*store.Tx).SumsOfSellers)
}

func sumsOf[N ~string](ctx context.Context, m *Market, ids []N, read func(*store.Tx, ...N) (map[N]review.Sums, error)) (found map[N]review.Sums, err error) {
	err = m.store.View(ctx, func(tx *store.Tx) (err error) {
		if found, err = read(tx, ids...); err == nil {
			maps.DeleteFunc(found, func(_ N, s review.Sums) bool { return s.Count() == 0 })
		}
		return err
	})
	return found, err
}

// openReviews bounds the ended orders that are looked through, the newest first,
// for those that still wait for a review.
const openReviews = 200

// MyReviews is what the actor can still write, what closes first first, and
// what they wrote, newest first. Errors: fault.SignIn, fault.Invalid for a
// broken cursor.
func (m *Market) MyReviews(ctx context.Context, who member.Actor, after Cursor, most int) (mine MyReviews, err error) {
	if err := who.Need(member.ScopeRead); err != nil {
		return mine, err
	}
	place, err := after.review()
	if err != nil {
		return mine, err
	}
	size := pageSize(most)
	err = m.store.View(ctx, func(tx *store.Tx) error {
		known := faces{}
		mine = MyReviews{}
		if after == "" {
			if mine.Open, err = m.openReviews(ctx, tx, who, known); err != nil {
				return err
			}
		}
		wrote, err := tx.ReviewsBy(who.Member, place, size+1)
		if err != nil {
			return err
		}
		if len(wrote) > size {
			wrote = wrote[:size]
			mine.Next = reviewCursor(wrote[size-1].At, wrote[size-1].Pair)
		}
		for _, w := range wrote {
			one, err := m.written(tx, who, w, known)
			if err != nil {
				return err
			}
			mine.Written = append(mine.Written, one)
		}
		return nil
	})
	return mine, err
}

func (m *Market) openReviews(ctx context.Context, tx *store.Tx, who member.Actor, known faces) (list []OpenReview, err error) {
	now := m.Now()
	for _, side := range review.Sides() {
		orders, err := tx.OrdersEnded(who.Member, order.Party(side), openReviews)
		if err != nil {
			return nil, err
		}
		for _, o := range orders {
			p, err := m.PolicyVersion(ctx, o.Policy)
			if err != nil {
				return nil, err
			}
			one, open, err := openReview(tx, o, side, now, p)
			if err != nil {
				return nil, err
			}
			if !open {
				continue
			}
			if one.Other, err = known.face(tx, o.Other(order.Party(side))); err != nil {
				return nil, err
			}
			list = append(list, one)
		}
	}
	slices.SortStableFunc(list, func(a, b OpenReview) int { return a.ClosesAt.Compare(b.ClosesAt) })
	return list, nil
}

// openReview tells whether an order still waits for the review of one side.
func openReview(tx *store.Tx, o order.Order, side review.Side, now time.Time, p policy.Version) (one OpenReview, open bool, err error) {
	pair := review.Pair{}
	_, _, ok := review.Eligible(o, p)
	if !ok {
		return one, false, nil
	}
	if !now.Before(pair.Closes(o, p)) {
		return one, false, nil // a window that was written in is never longer
	}
	if pair, err = tx.Reviews(review.Named(o.ID)); err != nil && !errors.Is(err, store.ErrNotFound) {
		return one, false, err
	}
	closes := pair.Closes(o, p)
	one = OpenReview{Order: o.ID, Ref: o.Ref, Title: o.Title, Side: side, ClosesAt: closes, TheirsIn: pair.Get(side.Other()) != nil}
	return one, pair.Get(side) == nil && !pair.Revealed() && now.Before(closes), nil
}

func (m *Market) written(tx *store.Tx, who member.Actor, w store.Wrote, known faces) (one WrittenReview, err error) {
	pair, err := tx.Reviews(w.Pair)
	if err != nil {
		return one, err
	}
	o, err := tx.Order(pair.Order)
	if err != nil {
		return one, err
	}
	one = WrittenReview{Pair: pair.AsOf(m.Now()).Seen(who.Member), Side: w.By, Ref: o.Ref, Title: o.Title}
	one.Other, err = known.face(tx, pair.Member(w.By.Other()))
	return one, err
}
