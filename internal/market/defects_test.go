package market_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"testing"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/gig"
	"guildhall/internal/ident"
	"guildhall/internal/mail"
	"guildhall/internal/market"
	"guildhall/internal/money"
	"guildhall/internal/order"
	"guildhall/internal/policy"
	"guildhall/internal/store"
	"guildhall/internal/store/storetest"
)

// TestDefectsOfOthers tells one story for each defect of rulebook section 15
// that concerns orders and money, on both engines.
func TestDefectsOfOthers(t *testing.T) {
	stories := []struct {
		name string
		tell func(*post)
	}{
		{"on time is measured at the delivery", onTimeAtDelivery},
		{"nobody cancels alone after a delivery", noCancelAfterDelivery},
		{"two moves on one state: one wins", oneMoveWins},
		{"a cancellation has a class, not a note", classNotNote},
		{"the refund is booked with the decision", refundWithDecision},
		{"both completions are one", oneCompletion},
		{"mail never holds up a move", mailAfterCommit},
		{"two different letters of one kind are two", twoLetters},
		{"a price stands in one place", onePrice},
		{"clocks need no visitors", noVisitors},
	}
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		for _, story := range stories {
			t.Run(story.name, func(t *testing.T) { story.tell(newPost(t, storeFor(t, s), nil)) })
		}
	})
}

// storeFor gives each story a fresh database of the same engine.
func storeFor(t *testing.T, like *store.Store) *store.Store {
	t.Helper()
	if like.Engine() == "postgres" {
		return storetest.Postgres(t)
	}
	return storetest.SQLite(t)
}

// started places an order and starts it.
func (p *post) started() ident.Order {
	p.t.Helper()
	id := p.place()
	p.move(p.seller, id, order.Waive{})
	return id
}

func onTimeAtDelivery(p *post) {
	early, late := p.started(), p.started()
	p.clock.move(2 * 24 * time.Hour)
	p.move(p.seller, early, order.Deliver{Text: "in time"})
	p.clock.move(30 * time.Hour) // past due
	p.move(p.seller, late, order.Deliver{Text: "a little late"})
	p.move(p.buyer, late, order.Accept{})
	p.move(p.buyer, early, order.Accept{})
	if !p.page(p.buyer, early).Order.Life.OnTime || p.page(p.buyer, late).Order.Life.OnTime {
		p.t.Error("on time follows the acceptance, not the delivery")
	}
}

func noCancelAfterDelivery(p *post) {
	id := p.started()
	p.move(p.seller, id, order.Deliver{Text: "here it is"})
	p.move(p.buyer, id, order.Revise{Text: "warmer"})
	p.clock.move(30 * 24 * time.Hour)
	for _, mv := range []order.Move{order.Undo{}, order.CancelLate{}, order.CancelStale{}} {
		if _, err := p.Move(p.t.Context(), p.buyer, "", id, mv); err == nil {
			p.t.Errorf("the buyer took the work and %s", mv.Name())
		}
	}
	p.state(id, order.InRevision)
}

func oneMoveWins(p *post) {
	for range 10 {
		id := p.started()
		p.move(p.seller, id, order.Deliver{Text: "done"})
		won := crowd(8, func(i int) (string, error) {
			mv := order.Move(order.Accept{})
			if i%2 == 0 {
				mv = order.Revise{Text: "warmer"}
			}
			_, err := p.Move(p.t.Context(), p.buyer, "", id, mv)
			return "won", err
		})
		if won["won"] != 1 {
			p.t.Errorf("%d moves won", won["won"])
		}
	}
}

func classNotNote(p *post) {
	undone, late := p.place(), p.started()
	p.move(p.buyer, undone, order.Undo{})
	p.clock.move(5 * 24 * time.Hour)
	p.move(p.buyer, late, order.CancelLate{})
	list, err := p.OrderList(p.t.Context(), p.seller, market.ListQuery{Side: order.Seller, Tab: "cancelled"})
	p.must(err)
	var classes []policy.Class
	for _, row := range list.Rows {
		classes = append(classes, row.Order.Class)
	}
	slices.Sort(classes)
	if !slices.Equal(classes, []policy.Class{policy.ClassBeforeStart, policy.ClassLate}) {
		p.t.Errorf("classes %v", classes)
	}
}

func refundWithDecision(p *post) {
	id := p.place()
	p.move(p.buyer, id, order.Undo{})
	entries := p.page(p.buyer, id).Entries // no errand has run yet
	if len(entries) != 2 || entries[1].Kind != "refund" || entries[1].Postings[0].Minor != -8000 {
		p.t.Errorf("entries after the undo: %+v", entries)
	}
}

func oneCompletion(p *post) {
	accepted, silent := p.started(), p.started()
	for _, id := range []ident.Order{accepted, silent} {
		p.move(p.seller, id, order.Deliver{Text: "done"})
	}
	p.move(p.buyer, accepted, order.Accept{})
	p.clock.move(4 * 24 * time.Hour)
	p.must(p.SweepAll(p.t.Context()))
	p.drain()
	a, b := p.page(p.seller, accepted), p.page(p.seller, silent)
	if a.Order.State != b.Order.State || a.Entries[1].Kind != b.Entries[1].Kind || !slices.Equal(a.Entries[1].Postings[1:], b.Entries[1].Postings[1:]) {
		p.t.Errorf("two ways to complete: %+v and %+v", a.Entries, b.Entries)
	}
	told := p.told(p.seller)
	if !slices.Contains(told, order.Accepted) || !slices.Contains(told, order.CompletedByTime) {
		p.t.Errorf("the seller was told %v", told)
	}
}

// brokenPost is a mail server that is down.
type brokenPost struct{}

func (brokenPost) Send(context.Context, mail.Message) error { return errors.New("connection refused") }

func mailAfterCommit(p *post) {
	broken := newPost(p.t, storeFor(p.t, p.store), brokenPost{})
	id := broken.started()
	broken.move(broken.seller, id, order.Deliver{Text: "done"})
	_, _ = broken.RunJobs(broken.t.Context()) // the errands fail; that is their affair
	broken.state(id, order.Delivered)
}

func twoLetters(p *post) {
	id := p.started()
	p.move(p.seller, id, order.Progress{Text: "a first draft"})
	p.move(p.seller, id, order.Progress{Text: "a second draft"})
	p.drain()
	n := 0
	for _, kind := range p.told(p.buyer) {
		if kind == order.ProgressShown {
			n++
		}
	}
	if n != 2 {
		p.t.Errorf("two updates made %d notices", n)
	}
	subjects := map[string]int{}
	for _, l := range p.letters() {
		subjects[l.Subject]++
	}
	if !slices.Contains(slices.Collect(maps.Values(subjects)), 2) {
		p.t.Errorf("two updates made these letters: %v", subjects)
	}
}

func onePrice(p *post) {
	body := p.gig.Body
	body.Packages = slices.Clone(body.Packages)
	body.Packages[0].Price = 9900
	g, err := p.SaveGig(p.t.Context(), p.seller, "", p.gig.ID, p.gig.Version, market.GigInput{Category: p.gig.Category, Body: body})
	p.must(err)
	c, err := p.Checkout(p.t.Context(), p.buyer, g.ID, gig.Pick{Tier: gig.Basic, Quantity: 1})
	p.must(err)
	if c.Quote.Total != money.Of(9900, "USD") || g.From() != c.Quote.Total {
		p.t.Errorf("the card says %s, the checkout %s", g.From(), c.Quote.Total)
	}
	if _, err := p.buy(p.buyer, "", visa); fault.KindOf(err) != fault.KindConflict {
		p.t.Errorf("paid a price that is no longer shown: %v", err)
	}
	body.Packages[0].Price = 0
	if _, err := p.SaveGig(p.t.Context(), p.seller, "", g.ID, g.Version, market.GigInput{Category: g.Category, Body: body}); fault.KindOf(err) != fault.KindInvalid {
		p.t.Errorf("a listed gig for $0.00: %v", err)
	}
}

func noVisitors(p *post) {
	id := p.started()
	p.move(p.seller, id, order.Deliver{Text: "done"})
	p.clock.move(3 * 24 * time.Hour)
	if n, err := p.Sweep(p.t.Context()); n != 1 || err != nil {
		p.t.Errorf("the sweep moved %d orders: %v", n, err)
	}
	p.state(id, order.Completed)
}
