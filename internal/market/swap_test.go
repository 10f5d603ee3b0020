package market_test

import (
	"strings"
	"testing"
	"time"

	"guildhall/internal/gig"
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/offer"
	"guildhall/internal/order"
	"guildhall/internal/policy"
	"guildhall/internal/resolution"
	"guildhall/internal/store"
	"guildhall/internal/store/storetest"
)

// rules puts a rulebook into force that differs from the first one in words:
// each that stands before another is replaced by it.
func (p *post) rules(pairs ...string) {
	p.t.Helper()
	source, _, err := policy.Profile("classic")
	p.must(err)
	text := strings.NewReplacer(pairs...).Replace(string(source))
	_, err = p.ApplyPolicy(p.t.Context(), p.operator, "", "other.yaml", text, time.Time{})
	p.must(err)
	p.clock.move(market.PolicyLead)
}

// silentSwaps lets an unanswered swap take effect, while an offer still lives.
var silentSwaps = []string{
	"answer: 48h ", "answer: 12h ", "before_request_ends: 12h ", "before_request_ends: 2h ",
	"swap:\n      on_accept: apply\n      on_decline: deny\n      on_silence: deny", "swap:\n      on_accept: apply\n      on_decline: deny\n      on_silence: apply",
}

func intoOffer(id ident.Offer) resolution.Proposal {
	return resolution.Proposal{Kind: resolution.Swap, Into: &resolution.Into{Quote: gig.Quote{Offer: id}}}
}

// TestSilenceTakesNoOffer: where silence lets a swap take effect, it still puts
// no offer in an order's place, so that the offer's link yields one order at most.
func TestSilenceTakesNoOffer(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		p.rules(silentSwaps...)
		id := p.placeMany(2)
		p.move(p.seller, id, order.Waive{})
		of := p.offers(false)
		p.asks(p.buyer, id, intoOffer(of))
		o := p.page(p.buyer, id)
		if got := o.Order.IfSilent(o.Policy); got != order.SilenceNothing {
			t.Errorf("silence would be told to mean %q", got)
		}
		p.clock.move(12 * time.Hour)
		p.must(p.SweepAll(t.Context()))
		if o := p.page(p.buyer, id).Order; o.Agreement.Offer != "" || o.Life.Request != nil {
			t.Errorf("the order is about %q, its request %+v", o.Title, o.Life.Request)
		}
		p.stands(of, offer.Open)
		if _, err := p.payOffer(p.buyer, "", of, visa); err != nil {
			t.Error(err)
		}
		p.sound()
		if orders, _ := p.through(of); orders != 1 {
			t.Errorf("the offer yielded %d orders", orders)
		}
	})
}
