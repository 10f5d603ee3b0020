package market

import (
	"context"
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
	people, samples := make([]ident.Member, 0, 2*len(rows)), []ident.File(nil)
	for _, row := range rows {
		r := row.Review.Public()
		people = append(people, r.Of)
		if r.Removal != nil { // nobody learns who wrote it
			continue
		}
		people = append(people, r.Author)
		if r.Sample != nil {
			samples = append(samples, r.Sample.File)
		}
	}
	if err := known.meet(tx, people...); err != nil {
		return nil, err
	}
	files, err := tx.ManyFiles(samples...)
	if err != nil {
		return nil, err
	}
	list := make([]ReviewItem, len(rows))
	for i, row := range rows {
		r, o := row.Review.Public(), row.Order
		one := ReviewItem{Pair: row.Pair, Review: r, Outcome: review.OutcomeOf(o), Revealed: row.Revealed, Gig: o.Gig, GigTitle: o.Title, Policy: o.Policy}
		one.Of = known[r.Of]
		if r.Removal != nil {
			if one.Reason, err = m.removalWords(ctx, o.Policy, r.Removal.Reason); err != nil {
				return nil, err
			}
			list[i] = one
			continue
		}
		one.Author = known[r.Author]
		if r.By == review.Buyer {
			one.Measured = review.MeasuredStart(o)
		}
		if r.Sample != nil {
			f := files[r.Sample.File]
			one.Sample = &f
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

// meet reads those who are not known yet.
func (f faces) meet(tx *store.Tx, people ...ident.Member) error {
	unknown := slices.DeleteFunc(slices.Clone(people), func(id ident.Member) bool { return f[id].ID != "" })
	slices.Sort(unknown)
	found, err := tx.ManyMembers(slices.Compact(unknown)...)
	for id, who := range found {
		f[id] = Face{ID: id, Handle: who.Handle, Name: who.Name, Picture: who.Picture, Seller: who.Seller != nil}
	}
	return err
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
		mine.Written, err = m.written(tx, who, wrote, known)
		return err
	})
	return mine, err
}

func (m *Market) openReviews(ctx context.Context, tx *store.Tx, who member.Actor, known faces) (list []OpenReview, err error) {
	now := m.Now()
	for _, side := range review.Sides() {
		orders, err := tx.OrdersEnded(who.Member, order.Party(side), now.Add(-m.longestReview()))
		if err != nil {
			return nil, err
		}
		var rules map[ident.Order]policy.Version
		if orders, rules, err = m.inWindow(ctx, orders, now); err != nil {
			return nil, err
		}
		ids, people := make([]ident.Review, len(orders)), make([]ident.Member, len(orders))
		for i, o := range orders {
			ids[i], people[i] = review.Named(o.ID), o.Other(order.Party(side))
		}
		pairs, err := tx.ManyReviews(ids...)
		if err != nil {
			return nil, err
		}
		if err := known.meet(tx, people...); err != nil {
			return nil, err
		}
		for i, o := range orders {
			pair := pairs[ids[i]]
			closes := pair.Closes(o, rules[o.ID])
			if pair.Get(side) != nil || pair.Revealed() || !now.Before(closes) {
				continue
			}
			list = append(list, OpenReview{
				Order: o.ID, Ref: o.Ref, Title: o.Title, Side: side, Other: known[people[i]], ClosesAt: closes, TheirsIn: pair.Get(side.Other()) != nil,
			})
		}
	}
	slices.SortStableFunc(list, func(a, b OpenReview) int { return a.ClosesAt.Compare(b.ClosesAt) })
	return list, nil
}

// inWindow are those of the orders of which something may be written by now, and
// the rules that each keeps to. A window that was written in is never longer.
func (m *Market) inWindow(ctx context.Context, orders []order.Order, now time.Time) (open []order.Order, rules map[ident.Order]policy.Version, err error) {
	rules = map[ident.Order]policy.Version{}
	for _, o := range orders {
		p, err := m.PolicyVersion(ctx, o.Policy)
		if err != nil {
			return nil, nil, err
		}
		if _, _, ok := review.Eligible(o, p); ok && now.Before(review.Pair{}.Closes(o, p)) {
			open, rules[o.ID] = append(open, o), p
		}
	}
	return open, rules, nil
}

// longestReview is the longest time that any version of the rulebook gives to
// write a review.
func (m *Market) longestReview() (most time.Duration) {
	for _, v := range *m.policy.Load() {
		most = max(most, v.Reviews.Window.D())
	}
	return most
}

// written is what the actor's reviews are of.
func (m *Market) written(tx *store.Tx, who member.Actor, wrote []store.Wrote, known faces) ([]WrittenReview, error) {
	ids := make([]ident.Review, len(wrote))
	for i, w := range wrote {
		ids[i] = w.Pair
	}
	pairs, err := tx.ManyReviews(ids...)
	if err != nil {
		return nil, err
	}
	about, people := make([]ident.Order, len(wrote)), make([]ident.Member, len(wrote))
	for i, w := range wrote {
		about[i], people[i] = pairs[w.Pair].Order, pairs[w.Pair].Member(w.By.Other())
	}
	orders, err := tx.ManyOrders(about...)
	if err != nil {
		return nil, err
	}
	if err := known.meet(tx, people...); err != nil {
		return nil, err
	}
	var list []WrittenReview
	for i, w := range wrote {
		o := orders[about[i]]
		list = append(list, WrittenReview{
			Pair: pairs[w.Pair].AsOf(m.Now()).Seen(who.Member), Side: w.By, Ref: o.Ref, Title: o.Title, Other: known[people[i]],
		})
	}
	return list, nil
}
