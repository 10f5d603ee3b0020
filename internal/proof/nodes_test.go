package proof_test

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"guildhall/client"
	"guildhall/internal/app"
	"guildhall/internal/ident"
	"guildhall/internal/order"
	"guildhall/internal/store/storetest"
)

// three opens the house three times on one database, as three machines would,
// with clocks that show the time so much later.
func (town town) three(t *testing.T, later time.Duration) [3]*app.App {
	t.Helper()
	first := town.open(t)
	offset := time.Until(first.Clock.Now().Add(later))
	must(t, first.Market.SetClockOffset(t.Context(), offset.String()))
	must(t, first.Close())
	var nodes [3]*app.App
	for i := range nodes {
		nodes[i] = town.open(t)
		t.Cleanup(func() { must(t, nodes[i].Close()) })
	}
	return nodes
}

// TestThreeNodesSweepOneDatabase lets three processes' worth of houses fire the
// deadlines of one database at the same moment.
func TestThreeNodesSweepOneDatabase(t *testing.T) {
	t.Parallel()
	town := found(t, t.TempDir(), storetest.PostgresURL(t), 3)
	orders := func() map[string][]string {
		h := town.house(t)
		h.start()
		defer h.stop()
		return prepared(t, town, h.url, 4)
	}()
	for _, later := range []time.Duration{25 * time.Hour, 4 * day, 20 * day, 60 * day} {
		t.Run(fmt.Sprint("later by ", later), func(t *testing.T) {
			var all sync.WaitGroup
			for _, node := range town.three(t, later) {
				for range 2 {
					all.Go(func() { must(t, node.Market.SweepAll(t.Context())) })
				}
				all.Go(func() { must(t, node.Market.DrainOutbox(t.Context())) })
			}
			all.Wait()
		})
	}
	last := town.three(t, time.Second)[0]
	must(t, last.Market.DrainOutbox(t.Context()))
	sound(t.Context(), t, last.Market)
	everything := exported(t, last)
	for kind, list := range orders {
		kept(t, everything, kind, list)
	}
	once(t, everything["notices"], "member_id", "id")
	once(t, everything["letters"], "id")
}

// once fails on rows that say the same twice.
func once(t *testing.T, rows []row, columns ...string) {
	t.Helper()
	seen := map[string]bool{}
	for _, r := range rows {
		name := ""
		for _, c := range columns {
			name += " " + r.text(c)
		}
		if seen[name] {
			t.Errorf("twice:%s", name)
		}
		seen[name] = true
	}
}

// TestAcceptMeetsTheTimer lets buyers accept on three nodes while the deadline
// of the same orders passes on all of them.
func TestAcceptMeetsTheTimer(t *testing.T) {
	t.Parallel()
	const orders = 12
	town := found(t, t.TempDir(), storetest.PostgresURL(t), 3)
	var ids []string
	func() {
		h := town.house(t)
		h.start()
		defer h.stop()
		buyer, seller := town.buyers[0].at(h.url), town.seller.at(h.url)
		for range orders {
			p, err := buyer.PlaceOrder(t.Context(), mapOf(town.gig, visa))
			must(t, err)
			_, err = buyer.Submit(t.Context(), p.Order, town.answer())
			must(t, err)
			ids = append(ids, p.Order)
		}
		for _, id := range ids { // so that their deadlines lie close together
			_, err := seller.Deliver(t.Context(), id, client.Post{Text: "Here it is"})
			must(t, err)
		}
	}()
	nodes := town.three(t, 3*day-2*time.Second)
	var ends []time.Time
	for _, id := range ids {
		page, err := nodes[0].Market.OrderPage(t.Context(), town.buyers[0].Actor(), ident.Order(id))
		must(t, err)
		ends = append(ends, page.Order.Life.CompletesAt)
	}
	var accepted, refused atomic.Int64
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
				if _, err := node.Market.Move(t.Context(), town.buyers[0].Actor(), "", ident.Order(id), order.Accept{}); err == nil {
					accepted.Add(1)
				} else {
					refused.Add(1)
				}
			})
		}
	}
	all.Wait()
	must(t, nodes[0].Market.SweepAll(t.Context()))
	sound(t.Context(), t, nodes[0].Market)
	tables := exported(t, nodes[0])
	ended, byTimer := map[string]int{}, 0
	for _, e := range tables["events"] {
		if e.text("to_state") == "completed" && e.text("from_state") == "delivered" {
			ended[e.text("stream")]++
			if e.text("role") == "clock" {
				byTimer++
			}
		}
	}
	paid := map[string]int64{}
	for _, p := range tables["postings"] {
		if p.text("account") == "pending:"+string(town.seller.ID) && p.number("minor") > 0 {
			paid[p.text("stream")] += p.number("minor")
		}
	}
	for _, id := range ids {
		if ended[id] != 1 || paid[id] != price*9/10 {
			t.Errorf("%s ended %d times and paid its seller %d", id, ended[id], paid[id])
		}
	}
	t.Logf("%d orders: %d ended by their buyer, %d by the timer; %d accepts came too late", orders, accepted.Load(), byTimer, refused.Load())
	if accepted.Load()+int64(byTimer) != orders {
		t.Errorf("of %d orders %d were accepted and %d timed out", orders, accepted.Load(), byTimer)
	}
}
