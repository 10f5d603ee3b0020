package market_test

import (
	"testing"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/offer"
	"guildhall/internal/order"
	"guildhall/internal/policy"
	"guildhall/internal/store"
	"guildhall/internal/store/storetest"
)

const (
	objects  = "4000 0000 0000 2685" // pays; the bank takes it back in the end
	grumbles = "4000 0000 0000 2784" // pays; the bank leaves it with the house
	day      = 24 * time.Hour
)

// TestChargeback drives an order from a card whose owner objects at the bank:
// the order stands still at once, and the bank's decision ends it or lets it go on.
func TestChargeback(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		lost, err := p.buy(p.buyer, "lost", objects)
		p.must(err)
		won, err := p.buy(p.buyer, "won", grumbles)
		p.must(err)
		for _, id := range []ident.Order{lost.Order, won.Order} {
			p.move(p.seller, id, order.Waive{})
			p.move(p.seller, id, order.Deliver{Text: "here it is"})
			p.move(p.buyer, id, order.Accept{})
		}
		p.clock.move(3 * day)
		p.hear()
		for _, id := range []ident.Order{lost.Order, won.Order} {
			if o := p.page(p.seller, id).Order; !o.Held() {
				t.Errorf("%s is not on hold while the bank looks at it", o.Ref)
			}
		}
		p.clock.move(4 * day)
		p.hear() // nothing new: told once
		p.clock.move(3 * day)
		p.hear()
		o := p.page(p.seller, lost.Order).Order
		if o.State != order.Cancelled || o.Class != policy.ClassChargeback || o.Life.Ending.Seller || !o.Life.Ending.Buyer {
			t.Errorf("lost: %s %s %+v", o.State, o.Class, o.Life.Ending)
		}
		if o = p.page(p.seller, won.Order).Order; o.State != order.Completed || o.Held() {
			t.Errorf("won: %s, held %t", o.State, o.Held())
		}
		p.pots(0, 7200)
		p.clock.move(20 * day)
		p.sound()
		p.pots(7200, 0)
	})
}

// TestChargebackBeforeTheEnd: work that is not done yet waits for the bank, and
// ends with it.
func TestChargebackBeforeTheEnd(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		placed, err := p.buy(p.buyer, "lost", objects)
		p.must(err)
		p.move(p.seller, placed.Order, order.Waive{})
		p.clock.move(3 * day)
		p.hear()
		if _, err := p.Move(t.Context(), p.seller, "", placed.Order, order.Deliver{Text: "too late"}); fault.KindOf(err) != fault.KindConflict {
			t.Errorf("delivered while the bank looks at it: %v", err)
		}
		p.clock.move(7 * day)
		p.hear()
		o := p.page(p.buyer, placed.Order).Order
		if o.State != order.Cancelled || o.Class != policy.ClassChargeback || o.Returned() != o.Total {
			t.Errorf("%s %s, %s back", o.State, o.Class, o.Returned())
		}
		p.sound()
	})
}

// TestModerated: what the house removes ends its orders with everything back
// and no mark on anybody.
func TestModerated(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		first, second := p.place(), p.place()
		p.move(p.seller, first, order.Waive{})
		p.move(p.seller, first, order.Deliver{Text: "here it is"})
		if _, err := p.RemoveGig(t.Context(), p.seller, "", p.gig.ID, "because"); fault.KindOf(err) != fault.KindNotFound {
			t.Errorf("a seller removes a gig: %v", err)
		}
		if _, err := p.RemoveGig(t.Context(), p.operator, "", p.gig.ID, " "); fault.KindOf(err) != fault.KindInvalid {
			t.Errorf("without a reason: %v", err)
		}
		done, err := p.RemoveGig(t.Context(), p.operator, "once", p.gig.ID, "It sells what is forbidden.")
		p.must(err)
		again, err := p.RemoveGig(t.Context(), p.operator, "once", p.gig.ID, "It sells what is forbidden.")
		p.must(err)
		if len(done.Orders) != 2 || len(again.Orders) != 2 {
			t.Errorf("ended %v, then %v", done, again)
		}
		for _, id := range []ident.Order{first, second} {
			o := p.page(p.buyer, id).Order
			if e := o.Life.Ending; o.Class != policy.ClassModerated || e.Seller || e.Buyer || o.Returned() != o.Total {
				t.Errorf("%s %s %+v, %s back", o.State, o.Class, e, o.Returned())
			}
		}
		if _, err := p.buy(p.buyer, "late", visa); fault.KindOf(err) != fault.KindNotFound {
			t.Errorf("the gig can still be ordered: %v", err)
		}
		p.sound()
	})
}

// TestWhoRunsTheHouseHasBought: a gig is taken down though whoever does it has an
// order of it, and though another one has just ended by itself; what is shown
// beforehand is what is done.
func TestWhoRunsTheHouseHasBought(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		over := p.started()
		p.move(p.seller, over, order.Deliver{Text: "here it is"})
		p.clock.move(p.page(p.buyer, over).Order.Life.CompletesAt.Sub(p.Now()))
		own, err := p.buy(p.operator, "", visa)
		p.must(err)

		shown, err := p.Removal(t.Context(), p.operator, "gig", p.gig.Slug)
		p.must(err)
		done, err := p.RemoveGig(t.Context(), p.operator, "", p.gig.ID, "It sells what is forbidden.")
		p.must(err)
		if len(shown.Orders) != 1 || shown.Orders[0].ID != own.Order || shown.Back.Minor != 8000 || len(done.Orders) != 1 || done.Orders[0] != own.Order {
			t.Errorf("shown %+v, done %+v", shown, done)
		}
		if o := p.page(p.operator, own.Order).Order; o.Class != policy.ClassModerated || o.Returned() != o.Total {
			t.Errorf("%s %s, %s back", o.State, o.Class, o.Returned())
		}
		p.sound()
		p.state(over, order.Completed)
	})
}

// TestTheHouseDeletesAGig takes its offers back with it, as its seller would.
func TestTheHouseDeletesAGig(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		id := p.offers(false)
		_, err := p.DeleteGig(t.Context(), p.operator, "", p.gig.ID)
		p.must(err)
		if of := p.stands(id, offer.Withdrawn).Offer; of.Removed == "" {
			t.Errorf("nobody is told why: %+v", of)
		}
		p.sound()
	})
}

func TestRemovedAccount(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		id := p.place()
		var done market.Removed
		done, err := p.RemoveMember(t.Context(), p.operator, "once", p.buyer.Member, "A stolen account.")
		p.must(err)
		if len(done.Orders) != 1 || done.Orders[0] != id {
			t.Errorf("ended %v", done.Orders)
		}
		if o := p.page(p.seller, id).Order; o.Class != policy.ClassModerated {
			t.Errorf("%s %s", o.State, o.Class)
		}
		p.sound()
	})
}
