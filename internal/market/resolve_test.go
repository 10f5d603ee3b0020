package market_test

import (
	"errors"
	"testing"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/market"
	"guildhall/internal/money"
	"guildhall/internal/order"
	"guildhall/internal/resolution"
	"guildhall/internal/store"
	"guildhall/internal/store/storetest"
)

// TestAdviceAfterExtensions: three agreed extensions among the last orders of a
// gig advise its seller, and nobody else, with the number that they needed.
func TestAdviceAfterExtensions(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		ctx := t.Context()
		gig := p.page(p.buyer, p.started()).Order.Gig
		for i := range 3 {
			if a, err := p.GigAdvice(ctx, p.seller, gig); err != nil || a != nil {
				t.Fatalf("after %d extensions: %+v %v", i, a, err)
			}
			id := p.started()
			p.move(p.seller, id, order.Ask{Proposal: resolution.Proposal{Kind: resolution.Extend, Days: 6, Reason: "the paper is late"}})
			p.clock.move(12 * time.Hour) // a pause is nobody's work
			p.move(p.buyer, id, order.Agree{No: p.page(p.buyer, id).Order.Life.Request.No})
			p.clock.move(7*24*time.Hour + time.Hour)
			p.move(p.seller, id, order.Deliver{Text: "here it is"})
		}
		a, err := p.GigAdvice(ctx, p.seller, gig)
		if err != nil || a == nil || a.Extensions != 3 || a.Orders != 4 || a.Days != 8 {
			t.Errorf("%+v %v", a, err)
		}
		if _, err := p.GigAdvice(ctx, p.buyer, gig); fault.KindOf(err) != fault.KindNotFound {
			t.Errorf("the buyer is told %v", err)
		}
	})
}

// TestSwapChoices are for the two parties, and never the very package.
func TestSwapChoices(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		id := p.started()
		o := p.page(p.buyer, id).Order
		list, err := p.SwapChoices(t.Context(), p.buyer, id)
		p.must(err)
		for _, c := range list {
			for _, q := range c.Quotes {
				if c.Gig == o.Gig && q.Tier == o.Agreement.Tier {
					t.Errorf("the same package is offered: %+v", q)
				}
			}
		}
		if _, err := p.SwapChoices(t.Context(), p.join("Stan Stranger", false), id); fault.KindOf(err) != fault.KindNotFound {
			t.Errorf("a stranger is told %v", err)
		}
	})
}

// TestAConfirmationHoldsTheEffect: a digest is refused once the effect would be
// another one, also where the other side's act changed it, and a kept answer is
// given again whatever has changed since.
func TestAConfirmationHoldsTheEffect(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		ctx := t.Context()
		id := p.started()
		ask := order.Ask{Proposal: resolution.Proposal{Kind: resolution.Cancel, Cause: "out_of_scope", Reason: "so it is", Share: money.Whole}}
		seen, err := p.Foresee(ctx, p.seller, id, ask)
		p.must(err)
		p.move(p.seller, id, order.Deliver{Text: "here it is"})
		p.move(p.buyer, id, order.Revise{Text: "larger, please"})
		late, err := p.Confirm(ctx, p.seller, "ask", id, ask, "another digest")
		var changed *market.Changed
		if !errors.As(err, &changed) || changed.Now.Digest == "" || len(changed.Now.Figures) != len(changed.Now.Rows) {
			t.Fatalf("%+v %v", late, err)
		}
		if o := p.page(p.buyer, id).Order; o.Life.Request != nil {
			t.Error("it was asked all the same")
		}
		first, err := p.Confirm(ctx, p.seller, "ask", id, ask, changed.Now.Digest)
		p.must(err)
		p.clock.move(time.Hour)
		again, err := p.Confirm(ctx, p.seller, "ask", id, ask, seen.Digest)
		if err != nil || again != first {
			t.Errorf("the same key: %+v, first %+v, %v", again, first, err)
		}
	})
}
