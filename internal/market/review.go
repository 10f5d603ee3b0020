package market

import (
	"context"
	"errors"
	"slices"

	"guildhall/internal/effect"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/order"
	"guildhall/internal/policy"
	"guildhall/internal/review"
	"guildhall/internal/standing"
	"guildhall/internal/store"
)

// reviewed is the pair of an order with what a decision about it needs.
type reviewed struct {
	order  order.Order
	pair   review.Pair
	policy policy.Version // that the order pins
}

// pairOf loads the pair of an order, or what it would be.
func (m *Market) pairOf(ctx context.Context, tx *store.Tx, o order.Order) (r reviewed, err error) {
	r.order = o
	if r.policy, err = m.PolicyVersion(ctx, o.Policy); err != nil {
		return r, err
	}
	r.pair, err = tx.Reviews(review.Named(o.ID))
	if !errors.Is(err, store.ErrNotFound) {
		return r, err
	}
	g, err := tx.Gig(o.Gig)
	if err != nil {
		return r, err
	}
	way, err := tx.Ancestry(g.Category)
	slugs := make([]string, len(way))
	for i, c := range way {
		slugs[i] = c.Slug
	}
	r.pair = review.New(o, slugs, r.policy)
	return r, err
}

// reviewFor loads the reviews of an order for one of its parties; to anybody
// else there is no such order.
func (m *Market) reviewFor(ctx context.Context, tx *store.Tx, who member.Actor, id ident.Order) (reviewed, error) {
	o, err := tx.Order(id)
	if err != nil {
		return reviewed{}, missing(err, noOrder)
	}
	if !mayRead(o, o.PartyOf(who)) {
		return reviewed{}, fault.NotFound(noOrder)
	}
	return m.pairOf(ctx, tx, o)
}

// ReviewOf loads the reviews of an order for one of its parties. Errors:
// fault.SignIn, fault.NotFound.
func (m *Market) ReviewOf(ctx context.Context, who member.Actor, id ident.Order) (ReviewPage, error) {
	if err := who.Need(member.ScopeRead); err != nil {
		return ReviewPage{}, err
	}
	var page ReviewPage
	err := m.store.View(ctx, func(tx *store.Tx) error {
		r, err := m.reviewFor(ctx, tx, who, id)
		if err != nil {
			return err
		}
		page, err = m.reviewPage(tx, who, r)
		return err
	})
	return page, err
}

func (m *Market) reviewPage(tx *store.Tx, who member.Actor, r reviewed) (page ReviewPage, err error) {
	now, o := m.Now(), r.order
	side := review.Side(o.PartyOf(who))
	whole := r.pair.AsOf(now)
	page = ReviewPage{
		Order: o, Side: side, Policy: r.policy, Pair: whole.Seen(who.Member), TheirsIn: whole.Get(side.Other()) != nil,
		ClosesAt: whole.Closes(o, r.policy), Asked: whole.Asked(side), Measured: review.MeasuredStart(o),
		Step: review.NextStep(now, whole, o, side, r.policy), Options: review.Options(now, whole, o, who, r.policy), Demand: whole.DemandBy(side),
	}
	page.Mine, page.Theirs = page.Pair.Get(side), page.Pair.Get(side.Other())
	page.Outcome, page.Why, page.Eligible = review.Eligible(o, r.policy)
	if page.Buyer, err = tx.Member(o.Buyer); err != nil {
		return page, err
	}
	if page.Seller, err = tx.Member(o.Seller); err != nil {
		return page, err
	}
	page.Buyer.Email, page.Seller.Email = "", ""
	if _, may := page.May(review.MovePick); may {
		if page.Samples, err = deliveredFiles(tx, o.ID); err != nil {
			return page, err
		}
	}
	if b := page.Pair.ByBuyer; b != nil && b.Sample != nil {
		page.Sample, err = fileOf(tx, b.Sample.File)
	}
	return page, err
}

// deliveredFiles are the files of an order's deliveries, each once.
func deliveredFiles(tx *store.Tx, id ident.Order) ([]File, error) {
	events, err := tx.Events(string(id))
	if err != nil {
		return nil, err
	}
	var list []File
	for _, e := range events {
		if e.Kind != order.DeliveredWork {
			continue
		}
		for _, file := range e.Detail.Files {
			if slices.ContainsFunc(list, func(f File) bool { return f.ID == file }) {
				continue
			}
			f, err := tx.File(file)
			if err != nil {
				return nil, err
			}
			list = append(list, f)
		}
	}
	return list, nil
}

func fileOf(tx *store.Tx, id ident.File) (*File, error) {
	f, err := tx.File(id)
	return &f, err
}

// WriteReview rates the other party. Errors: those of review.Decide.
func (m *Market) WriteReview(ctx context.Context, who member.Actor, key Key, id ident.Order, d review.Draft) (ReviewMoved, error) {
	return m.moveReview(ctx, who, key, id, review.Write{Draft: d})
}

// AmendReview changes one's own review, once. Errors: those of review.Decide.
func (m *Market) AmendReview(ctx context.Context, who member.Actor, key Key, id ident.Order, d review.Draft) (ReviewMoved, error) {
	return m.moveReview(ctx, who, key, id, review.Amend{Draft: d})
}

// ReplyReview answers the review about oneself in public, or corrects the
// answer. Errors: those of review.Decide.
func (m *Market) ReplyReview(ctx context.Context, who member.Actor, key Key, id ident.Order, text string) (ReviewMoved, error) {
	return m.moveReview(ctx, who, key, id, review.Answer{Text: text})
}

// OfferSample asks the buyer whether a delivered file may stand beside their
// review; the empty file takes the question back. Errors: those of review.Decide.
func (m *Market) OfferSample(ctx context.Context, who member.Actor, key Key, id ident.Order, file ident.File) (ReviewMoved, error) {
	if file == "" {
		return m.moveReview(ctx, who, key, id, review.Drop{})
	}
	return m.moveReview(ctx, who, key, id, review.Pick{File: file})
}

// AnswerSample is the buyer's yes or no to it. Errors: those of review.Decide.
func (m *Market) AnswerSample(ctx context.Context, who member.Actor, key Key, id ident.Order, yes bool) (ReviewMoved, error) {
	return m.moveReview(ctx, who, key, id, review.Consent{Yes: yes})
}

func (m *Market) moveReview(ctx context.Context, who member.Actor, key Key, id ident.Order, mv review.Move) (ReviewMoved, error) {
	return m.reviewing(ctx, who, key, id, mv, func(tx *store.Tx, r reviewed) (ReviewMoved, error) {
		if pick, ok := mv.(review.Pick); ok {
			files, err := deliveredFiles(tx, id)
			if err != nil {
				return ReviewMoved{}, err
			}
			for _, f := range files {
				pick.Delivered = append(pick.Delivered, f.ID)
			}
			return m.decideReview(tx, who, r, pick)
		}
		return m.decideReview(tx, who, r, mv)
	})
}

// reviewing runs a move of a party under a key.
func (m *Market) reviewing(ctx context.Context, who member.Actor, key Key, id ident.Order, mv review.Move,
	do func(*store.Tx, reviewed) (ReviewMoved, error),
) (ReviewMoved, error) {
	if !who.SignedIn() {
		return ReviewMoved{}, fault.SignIn("Please sign in first.")
	}
	input := struct {
		Order ident.Order
		Name  review.Name
		Move  review.Move
	}{id, mv.Name(), mv}
	return once(ctx, m, who, key, "review.move", input, func(tx *store.Tx) (ReviewMoved, error) {
		r, err := m.reviewFor(ctx, tx, who, id)
		if err != nil {
			return ReviewMoved{}, err
		}
		if err := who.Need(scopeOf(r.order.PartyOf(who))); err != nil {
			return ReviewMoved{}, err
		}
		return do(tx, r)
	})
}

// decideReview decides and saves.
func (m *Market) decideReview(tx *store.Tx, who member.Actor, r reviewed, mv review.Move) (ReviewMoved, error) {
	next, set, err := review.Decide(m.Now(), r.pair, r.order, who, mv, r.policy)
	if err != nil {
		return ReviewMoved{}, err
	}
	if err := m.saveReview(tx, r, next, set); err != nil {
		return ReviewMoved{}, err
	}
	return movedReview(next), nil
}

// saveReview hands a decision about a pair back to the store.
func (m *Market) saveReview(tx *store.Tx, r reviewed, next review.Pair, set effect.Set) error {
	if len(set.Events) == 0 {
		return nil
	}
	if err := tx.SaveReviews(r.pair, next); err != nil {
		return err
	}
	before := standing.OfReview(r.pair, r.order.Ref)
	put, drop := standing.Diff(before, standing.OfReview(next, r.order.Ref))
	if err := m.credit(tx, since(set, m.Now()), before, put, drop); err != nil {
		return err
	}
	if err := m.correctRestored(tx, r.pair, put); err != nil {
		return err
	}
	tx.Notify(string(next.Order), string(next.Buyer), string(next.Seller)) // their pages show it
	return tx.Carry(set)
}

func movedReview(p review.Pair) ReviewMoved {
	return ReviewMoved{Review: p.ID, Order: p.Order, Revealed: p.Revealed(), ClosesAt: p.ClosesAt, Version: p.Version + 1}
}

// sweepReviews reveals what is in where the window is over.
func (m *Market) sweepReviews(ctx context.Context) (int, error) {
	var due []ident.Review
	err := m.store.View(ctx, func(tx *store.Tx) error {
		var err error
		due, err = tx.ReviewsDue(m.Now(), sweepBatch)
		return err
	})
	if err != nil {
		return 0, err
	}
	return len(due), eachAtOnce(due, func(id ident.Review) error { return m.tickReview(ctx, id) })
}

// tickReview lets the clock make its move on one pair.
func (m *Market) tickReview(ctx context.Context, id ident.Review) error {
	return m.store.Update(ctx, func(tx *store.Tx) error {
		o, err := tx.Order(review.OrderOf(id))
		if err != nil {
			return err
		}
		r, err := m.pairOf(ctx, tx, o)
		if err != nil {
			return err
		}
		_, err = m.decideReview(tx, member.Clock(), r, review.Tick{})
		return err
	})
}
