package market_test

import (
	"strings"
	"testing"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/gig"
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/money"
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

// TestASwapKeepsToTheOrdersRules: what comes in an order's place is priced by
// the rulebook that the order was placed under, however the fee is now.
func TestASwapKeepsToTheOrdersRules(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		id := p.placeMany(2)
		p.move(p.seller, id, order.Waive{})
		of := p.offers(false)
		p.rules("buyer_fee: 0% ", "buyer_fee: 5% ")
		list, err := p.SwapChoices(t.Context(), p.buyer, id)
		p.must(err)
		for _, c := range list {
			for _, q := range c.Quotes {
				if !q.Fee.IsZero() {
					t.Errorf("%s is offered with a fee of %s", c.Title, q.Fee)
				}
			}
		}
		for name, into := range map[string]resolution.Proposal{
			"an offer": intoOffer(of),
			"a gig":    {Kind: resolution.Swap, Into: &resolution.Into{Gig: p.gig.ID, Quote: gig.Quote{Tier: gig.Basic, Quantity: 2}}},
		} {
			no := p.asks(p.buyer, id, into)
			if q := p.page(p.seller, id).Order.Life.Request.Proposal.Into.Quote; !q.Fee.IsZero() {
				t.Errorf("%s is asked for with a fee of %s", name, q.Fee)
			}
			p.move(p.buyer, id, order.Withdraw{No: no})
		}
		if c, err := p.Checkout(t.Context(), p.buyer, p.gig.ID, gig.Pick{Tier: gig.Basic, Quantity: 1}); err != nil || c.Quote.Fee != money.Of(400, "USD") {
			t.Errorf("a new order costs a fee of %s: %s", c.Quote.Fee, fault.KindOf(err))
		}
	})
}

// TestNobodyForetellsATakenOffer: agreeing to put an offer in an order's place is
// foretold as long as it can be done, and refused in the same words afterwards.
func TestNobodyForetellsATakenOffer(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		id := p.started()
		of := p.offers(false)
		yes := order.Agree{No: p.asks(p.buyer, id, intoOffer(of))}
		if _, err := p.Foresee(t.Context(), p.seller, id, yes); err != nil {
			t.Error(err)
		}
		p.stands(of, offer.Open)
		_, err := p.WithdrawOffer(t.Context(), p.seller, "", of)
		p.must(err)
		_, done := p.Move(t.Context(), p.seller, "", id, yes)
		_, told := p.Foresee(t.Context(), p.seller, id, yes)
		if fault.KindOf(done) != fault.KindConflict || told == nil || told.Error() != done.Error() {
			t.Errorf("foretold %v, done %v", told, done)
		}
		p.sound()
	})
}
