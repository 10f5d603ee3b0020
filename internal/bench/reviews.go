package bench

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"guildhall/internal/gig"
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/review"
	"guildhall/internal/standing"
	"guildhall/internal/store"
)

// Reviews measures the reviews of a gig that has very many: its first and its
// last page, with filters and without, and a walk through all of them.
func Reviews(ctx context.Context, data, database string, size Sizes, p Plan) (f Figures, err error) {
	t, err := build(ctx, data, database, p)
	if err != nil {
		return f, err
	}
	defer func() { err = errors.Join(err, t.Close()) }()
	f = Figures{Workload: "reviews", Engine: t.Store().Engine(), Sizes: size}
	began := time.Now()
	if err := t.praise(ctx, t.gigs[0], size.Reviews); err != nil {
		return f, err
	}
	p.Log("%d reviews made in %s", size.Reviews, time.Since(began).Round(time.Second))
	var last market.Cursor
	if err := f.run(ctx, p, "walk through all, a hundred at a time", size.Reviews, func(ctx context.Context) (int, error) {
		last, err = t.lastPage(ctx, t.gigs[0], size.Reviews)
		return 0, err
	}); err != nil {
		return f, err
	}
	return f, t.readReviews(ctx, &f, last, p)
}

// praise gives a gig so many reviewed orders: one in ten with less than five
// stars, one in three with words.
func (t *town) praise(ctx context.Context, g gig.Gig, n int) error {
	seller := t.sellers[0].Member
	err := t.write(ctx, n, func(int) func(*store.Tx) error {
		o := t.copied(t.ids, t.done, parties{seller, t.anybody(), g.ID}, t.ago(700))
		stars, words := review.MostStars, ""
		if t.chance.IntN(10) == 0 {
			stars = 1 + t.chance.IntN(review.MostStars-1)
		}
		if t.chance.IntN(3) == 0 {
			words = t.pair.ByBuyer.Text
		}
		pair := t.reviewed(o, stars, words)
		figures := append(standing.Of(o, t.policy), standing.OfReview(pair, o.Ref)...)
		return func(tx *store.Tx) error {
			if err := tx.AddOrder(o, t.policy, "bench"); err != nil {
				return err
			}
			if err := tx.SaveReviews(review.Pair{}, pair); err != nil {
				return err
			}
			return tx.SaveContributions(figures, nil)
		}
	})
	if err != nil {
		return err
	}
	return t.Store().Update(ctx, func(tx *store.Tx) error { return tx.RecountSeller(seller, t.now) })
}

// lastPage walks to the last page and returns the place before it.
func (t *town) lastPage(ctx context.Context, g gig.Gig, n int) (market.Cursor, error) {
	seen, before := 0, market.Cursor("")
	for after := market.Cursor(""); ; {
		list, err := t.Market.GigReviews(ctx, g.ID, market.ReviewFilter{}, after, 100)
		if err != nil {
			return "", err
		}
		if seen += len(list.Items); list.Next == "" {
			if seen < n {
				return "", fmt.Errorf("bench: %d of %d reviews were listed", seen, n)
			}
			return before, nil
		}
		before, after = after, list.Next
	}
}

func (t *town) readReviews(ctx context.Context, f *Figures, last market.Cursor, p Plan) error {
	g := t.gigs[0]
	for _, c := range []struct {
		what   string
		filter market.ReviewFilter
		after  market.Cursor
	}{
		{"first page", market.ReviewFilter{}, ""},
		{"last page", market.ReviewFilter{}, last},
		{"first page of those with two stars", market.ReviewFilter{Stars: 2}, ""},
		{"first page of those with words", market.ReviewFilter{WithText: true}, ""},
		{"last page of those with five stars and words", market.ReviewFilter{Stars: review.MostStars, WithText: true}, last},
	} {
		if err := f.call(ctx, p, c.what, func(ctx context.Context) error {
			_, err := t.Market.GigReviews(ctx, g.ID, c.filter, c.after, 0)
			return err
		}); err != nil {
			return fmt.Errorf("%s: %w", c.what, err)
		}
	}
	if err := f.call(ctx, p, "counts for 24 cards", t.cards); err != nil {
		return err
	}
	return t.serve(ctx, func(ctx context.Context) error {
		if err := t.signIn(ctx, t.buyers[:1]); err != nil {
			return err
		}
		for what, path := range map[string]string{"GET the gig": "/gigs/" + g.Slug, "GET the gig at its last reviews": "/gigs/" + g.Slug + "?reviews=" + url.QueryEscape(string(last))} {
			if err := f.call(ctx, p, what, func(ctx context.Context) error { return t.get(ctx, t.buyers[0], path) }); err != nil {
				return err
			}
		}
		return nil
	})
}

// cards is what a page of the catalogue asks about its gigs.
func (t *town) cards(ctx context.Context) error {
	shown := make([]ident.Gig, 24)
	for i := range shown {
		shown[i] = t.gigs[i].ID
	}
	sums, err := t.Market.GigSums(ctx, shown...)
	if err == nil && len(sums) == 0 {
		err = errors.New("bench: no gig has a review")
	}
	return err
}
