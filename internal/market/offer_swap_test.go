package market_test

import (
	"testing"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/gig"
	"guildhall/internal/offer"
	"guildhall/internal/order"
	"guildhall/internal/resolution"
	"guildhall/internal/store"
	"guildhall/internal/store/storetest"
)

// TestSwapIntoAGigThatIsGone: nobody agrees to what is not there any more, and the
// preview says so before the click does.
func TestSwapIntoAGigThatIsGone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		id, first := p.started(), p.gig
		p.offer()
		other := p.gig
		p.gig = first
		p.move(p.buyer, id, order.Ask{Proposal: resolution.Proposal{Kind: resolution.Swap, Reason: "I meant the other one", Into: &resolution.Into{
			Gig: other.ID, Quote: gig.Quote{Tier: gig.Basic, Quantity: 1},
		}}})
		_, err := p.RemoveGig(t.Context(), p.operator, "", other.ID, "It sells what is forbidden.")
		p.must(err)
		agree := order.Agree{No: p.page(p.buyer, id).Order.Life.Request.No}
		if _, err := p.Foresee(t.Context(), p.seller, id, agree); fault.KindOf(err) != fault.KindConflict {
			t.Errorf("the preview: %v", err)
		}
		if _, err := p.Move(t.Context(), p.seller, "", id, agree); fault.KindOf(err) != fault.KindConflict {
			t.Errorf("the agreement: %v", err)
		}
		p.move(p.seller, id, order.Decline{No: agree.No})
		p.sound()
	})
}

// TestSwapIntoAnOffer: another offer of the same seller in the place of an
// order; its link yields no second one.
func TestSwapIntoAnOffer(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		order1 := p.started()
		id := p.offers(false)
		ask := order.Ask{Proposal: resolution.Proposal{Kind: resolution.Swap, Reason: "with a sign", Into: &resolution.Into{Quote: gig.Quote{Offer: id}}}}
		p.move(p.buyer, order1, ask)
		no := p.page(p.buyer, order1).Order.Life.Request.No
		p.move(p.seller, order1, order.Agree{No: no})
		p.stands(id, offer.Accepted)
		if _, err := p.payOffer(p.buyer, "", id, visa); fault.KindOf(err) != fault.KindConflict {
			t.Errorf("paid an offer that was swapped into: %v", err)
		}
		_, err := p.PayRequest(t.Context(), p.buyer, "", order1, no, card(visa))
		p.must(err)
		if o := p.page(p.buyer, order1).Order; o.Agreement.Offer != id || o.Total.Minor == 0 || o.Title != terms().Title {
			t.Errorf("the order is about %+v", o.Agreement)
		}
		p.sound()
	})
}

func TestSwapIntoAnOfferThatHasEnded(t *testing.T) {
	p := newPost(t, storetest.SQLite(t), nil)
	id := p.started()
	of := p.offers(false)
	into := order.Ask{Proposal: resolution.Proposal{Kind: resolution.Swap, Reason: "with a sign", Into: &resolution.Into{Quote: gig.Quote{Offer: of}}}}
	p.move(p.buyer, id, into)
	p.clock.move(25 * time.Hour)
	no := p.page(p.buyer, id).Order.Life.Request.No
	if _, err := p.Move(t.Context(), p.seller, "", id, order.Agree{No: no}); fault.KindOf(err) != fault.KindExpired {
		t.Errorf("agreed to an offer that has ended: %v", err)
	}
	p.move(p.seller, id, order.Decline{No: no})
	_, err := p.Move(t.Context(), p.buyer, "", id, into)
	blames(t, err, "into")
	p.sound()
}
