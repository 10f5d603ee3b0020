package bench

import (
	"context"
	"fmt"
	"time"

	"guildhall/internal/gig"
	"guildhall/internal/ident"
	"guildhall/internal/money"
	"guildhall/internal/order"
	"guildhall/internal/policy"
	"guildhall/internal/resolution"
	"guildhall/internal/review"
	"guildhall/internal/store"
)

// sample is what really happened in a hall: an order that was completed and
// reviewed by both, and one that its seller could not do. Large houses are made
// of copies of it with other names and times, written through the store, so that
// what is read has the size of real rows.
type sample struct {
	policy     policy.Version
	done, lost order.Order
	pair       review.Pair
	n          int // copies so far
}

func (h *hall) sample(ctx context.Context) (s sample, err error) {
	buyer, seller, g := h.buyers[0], h.sellers[0], h.gigs[0]
	done, err := h.place(ctx, buyer, g)
	if err != nil {
		return s, err
	}
	if err := h.live(ctx, buyer, seller, done, g.Questions[0].Key); err != nil {
		return s, err
	}
	s.policy = h.Market.Policy()
	draft := review.Draft{Text: "Friendly, quick and exactly what was agreed. I would order here again, and have done so since.", Stars: map[string]int{}}
	for _, c := range s.policy.Reviews.Criteria {
		draft.Stars[c.Name] = review.MostStars
	}
	if _, err := h.Market.WriteReview(ctx, buyer.Actor, "", done, draft); err != nil {
		return s, err
	}
	draft.Stars = map[string]int{"overall": review.MostStars}
	if _, err := h.Market.WriteReview(ctx, seller.Actor, "", done, draft); err != nil {
		return s, err
	}
	lost, err := h.lose(ctx, buyer, seller, g)
	if err != nil {
		return s, err
	}
	return s, h.Store().View(ctx, func(tx *store.Tx) error {
		if s.done, err = tx.Order(done); err != nil {
			return err
		}
		if s.lost, err = tx.Order(lost); err != nil {
			return err
		}
		s.pair, err = tx.Reviews(review.Named(done))
		return err
	})
}

// lose lets a seller give an order back.
func (h *hall) lose(ctx context.Context, buyer, seller person, g gig.Gig) (ident.Order, error) {
	id, err := h.place(ctx, buyer, g)
	if err != nil {
		return id, err
	}
	cancel := resolution.Proposal{Kind: resolution.Cancel, Cause: "seller_unavailable", Reason: "I have fallen ill and cannot do it.", Share: money.Whole}
	if _, err := h.Market.Move(ctx, buyer.Actor, "", id, order.Submit{Answers: []order.Answer{{Question: g.Questions[0].Key, Text: "This one"}}}); err != nil {
		return id, err
	}
	if _, err := h.Market.Move(ctx, seller.Actor, "", id, order.Ask{Proposal: cancel}); err != nil {
		return id, err
	}
	page, err := h.Market.OrderPage(ctx, buyer.Actor, id)
	if err != nil {
		return id, err
	}
	_, err = h.Market.Move(ctx, buyer.Actor, "", id, order.Agree{No: page.Order.Life.Request.No})
	return id, err
}

// parties are whose copy an order is to be.
type parties struct {
	seller, buyer ident.Member
	gig           ident.Gig
}

// copied is an order like another one, between others, placed at an instant.
func (s *sample) copied(source *ident.Source, like order.Order, of parties, at time.Time) order.Order {
	o, later := like, at.Sub(like.CreatedAt)
	s.n++
	o.ID, o.Ref = ident.New[ident.Order](source, at), fmt.Sprintf("B%07d", s.n)
	o.Seller, o.Buyer, o.Gig = of.seller, of.buyer, of.gig
	l := &o.Life
	for _, t := range []*time.Time{
		&o.CreatedAt, &o.PaidAt, &o.DueAt, &o.EndedAt, &l.HeardAt, &l.WaitsSince, &l.StartedAt, &l.LateFrom,
		&l.FirstDeliveredAt, &l.DeliveredAt, &l.CompletesAt, &l.ClearsAt, &l.ClearedAt,
	} {
		if !t.IsZero() {
			*t = t.Add(later).Truncate(time.Microsecond)
		}
	}
	if o.State == order.Completed {
		l.ClearedAt = l.ClearsAt // nothing is still to be done about it
	} else {
		l.RefundedAt = o.EndedAt
	}
	return o
}

// reviewed is the pair of a copied order, as its buyer rated it.
func (s *sample) reviewed(o order.Order, stars int, words string) review.Pair {
	p := s.pair
	p.ID, p.Order, p.Gig, p.Buyer, p.Seller, p.Version = review.Named(o.ID), o.ID, o.Gig, o.Buyer, o.Seller, 0
	p.ClosesAt, p.RevealedAt = p.Closes(o, s.policy), o.EndedAt.Add(48*time.Hour)
	rate := func(r review.Review, author, of ident.Member) *review.Review {
		r.Author, r.Of, r.Words = author, of, review.Words{Stars: make([]review.Star, len(r.Stars)), Text: words, At: p.RevealedAt}
		for i, asked := range s.pair.Get(r.By).Stars {
			r.Stars[i] = review.Star{Name: asked.Name, Asked: asked.Asked, Stars: stars}
		}
		return &r
	}
	p.ByBuyer, p.BySeller = rate(*s.pair.ByBuyer, o.Buyer, o.Seller), rate(*s.pair.BySeller, o.Seller, o.Buyer)
	return p
}
