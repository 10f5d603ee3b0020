package proof_test

import (
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"guildhall/client"
	"guildhall/internal/ident"
	"guildhall/internal/money"
	"guildhall/internal/order"
	"guildhall/internal/resolution"
	"guildhall/internal/store/storetest"
)

// TestAgreementMeetsTheExpiry lets a seller agree to requests to cancel on three
// nodes of one PostgreSQL while their time runs out on all of them: each ends
// once, as mutual or as unanswered by the instant at which it was, and the money
// goes back once.
func TestAgreementMeetsTheExpiry(t *testing.T) {
	t.Parallel()
	const orders = 12
	town := found(t, t.TempDir(), storetest.PostgresURL(t), 3)
	var ids []ident.Order
	var asked []int
	func() {
		h := town.house(t)
		h.start()
		defer h.stop()
		buyer := town.buyers[0].at(h.url)
		for range orders {
			p, err := buyer.PlaceOrder(t.Context(), mapOf(town.gig, visa))
			must(t, err)
			_, err = buyer.Submit(t.Context(), p.Order, client.Answer{Question: town.gig.Questions[0].Key, Text: "Delft"})
			must(t, err)
			ids = append(ids, ident.Order(p.Order))
		}
	}()
	first := town.open(t)
	for _, id := range ids { // so that their deadlines lie close together
		m, err := first.Market.Move(t.Context(), town.buyers[0].Actor(), "", id, order.Ask{Proposal: resolution.Proposal{
			Kind: resolution.Cancel, Cause: "mistake", Share: money.Whole, Reason: "We ordered the same elsewhere.",
		}})
		must(t, err)
		asked = append(asked, m.Event)
	}
	must(t, first.Close())
	nodes := town.three(t, 2*day-2*time.Second)
	var ends []time.Time
	for _, id := range ids {
		page, err := nodes[0].Market.OrderPage(t.Context(), town.buyers[0].Actor(), id)
		must(t, err)
		ends = append(ends, page.Order.Life.Request.Ends)
	}
	var agreed atomic.Int64
	var all sync.WaitGroup
	for _, node := range nodes {
		all.Go(func() {
			for node.Clock.Now().Before(ends[orders-1].Add(time.Second)) {
				if _, err := node.Market.Sweep(t.Context()); err != nil {
					t.Error(err)
				}
			}
		})
		for i, id := range ids {
			all.Go(func() {
				rest(t.Context(), ends[i].Sub(node.Clock.Now())-rand.N(8*time.Millisecond))
				if _, err := node.Market.Move(t.Context(), town.seller.Actor(), "", id, order.Agree{No: asked[i]}); err == nil {
					agreed.Add(1)
				}
			})
		}
	}
	all.Wait()
	must(t, nodes[0].Market.SweepAll(t.Context()))
	must(t, nodes[0].Market.DrainOutbox(t.Context()))
	sound(t.Context(), t, nodes[0].Market)
	mutual, unanswered := int64(0), 0
	for i, id := range ids {
		page, err := nodes[0].Market.OrderPage(t.Context(), town.buyers[0].Actor(), id)
		must(t, err)
		o := page.Order
		switch o.Class {
		case "mutual":
			mutual++
			if !o.EndedAt.Before(ends[i]) {
				t.Errorf("%s was agreed on at %s, after its end at %s", o.Ref, o.EndedAt, ends[i])
			}
		case "unanswered":
			unanswered++
			if !o.EndedAt.Equal(ends[i]) {
				t.Errorf("%s ran out at %s instead of %s", o.Ref, o.EndedAt, ends[i])
			}
		default:
			t.Errorf("%s is %s %s", o.Ref, o.State, o.Class)
		}
		if len(o.Life.Refunds) != 1 || o.Returned() != o.Total {
			t.Errorf("%s: %d refunds, %s of %s back", o.Ref, len(o.Life.Refunds), o.Returned(), o.Total)
		}
	}
	t.Logf("%d agreed on, %d ran out", mutual, unanswered)
	if mutual != agreed.Load() {
		t.Errorf("%d were told that they agreed, %d orders are mutual", agreed.Load(), mutual)
	}
}
