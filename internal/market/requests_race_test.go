package market_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"guildhall/internal/desk"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/money"
	"guildhall/internal/order"
	"guildhall/internal/policy"
	"guildhall/internal/resolution"
	"guildhall/internal/store"
	"guildhall/internal/store/storetest"
)

const pressing = 100

// all lets a crowd act in the same instant and tells how each kind of act went:
// "" for done, else the kind of its refusal.
func (p *post) all(what ...func() error) map[string]int {
	p.t.Helper()
	var mu sync.Mutex
	var ready, hands sync.WaitGroup
	said := map[string]int{}
	ready.Add(pressing)
	for n := range pressing {
		hands.Go(func() {
			ready.Done()
			ready.Wait()
			err := what[n%len(what)]()
			if err != nil && fault.KindOf(err) == "" {
				p.t.Errorf("caller %d: %v", n, err)
			}
			mu.Lock()
			defer mu.Unlock()
			said[fmt.Sprintf("%d %s", n%len(what), fault.KindOf(err))]++
		})
	}
	hands.Wait()
	return said
}

// running is an order that the seller works on.
func (p *post) running() ident.Order {
	p.t.Helper()
	id := p.place()
	p.move(p.seller, id, order.Waive{})
	return id
}

// asks opens a request and tells its number.
func (p *post) asks(who member.Actor, id ident.Order, a resolution.Proposal) int {
	p.t.Helper()
	a.Reason = "It turned out differently from what we thought."
	m, err := p.Move(p.t.Context(), who, "", id, order.Ask{Proposal: a})
	p.must(err)
	return m.Event
}

var toCancel = resolution.Proposal{Kind: resolution.Cancel, Cause: "mistake", Share: money.Whole}

func (p *post) does(who member.Actor, id ident.Order, mv order.Move) func() error {
	return func() error {
		_, err := p.Market.Move(p.t.Context(), who, "", id, mv)
		return err
	}
}

func done(said map[string]int) (n int) {
	for what, times := range said {
		if len(what) == 2 { // nothing behind the number of the act
			n += times
		}
	}
	return n
}

// happenings counts the events of an order by kind.
func (p *post) happenings(id ident.Order) map[string]int {
	p.t.Helper()
	n := map[string]int{}
	for _, e := range p.page(p.buyer, id).Events {
		n[string(e.Kind)]++
	}
	return n
}

// TestAnswersMeetTheExpiry lets agreement, refusal, counter-proposal, withdrawal
// and the sweep meet at the very instant at which a request ends, just before it
// and just after it: one of them wins, and the money moves once.
func TestAnswersMeetTheExpiry(t *testing.T) {
	for _, when := range []struct {
		name string
		off  time.Duration
		late bool
	}{{"before", -time.Microsecond, false}, {"at", 0, true}, {"after", time.Microsecond, true}} {
		t.Run(when.name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, s *store.Store) {
				p := newPost(t, s, nil)
				id := p.running()
				no := p.asks(p.buyer, id, toCancel)
				ends := p.page(p.buyer, id).Order.Life.Request.Ends
				p.clock.move(ends.Add(when.off).Sub(p.Now()))
				half := toCancel
				half.Share, half.Reason = 5000, "Half of it is done."
				said := p.all(
					p.does(p.seller, id, order.Agree{No: no}), p.does(p.seller, id, order.Decline{No: no}),
					p.does(p.seller, id, order.Counter{No: no, Proposal: half}), p.does(p.buyer, id, order.Withdraw{No: no}),
					func() error { _, err := p.Sweep(t.Context()); return err },
				)
				winners := done(said) - said["4 "]
				if want := map[bool]int{true: 0, false: 1}[when.late]; winners != want {
					t.Errorf("%d answered, want %d: %v", winners, want, said)
				}
				p.must(p.SweepAll(t.Context()))
				o, n := p.page(p.buyer, id).Order, p.happenings(id)
				if got := n[order.RequestAgreed] + n[order.RequestDeclined] + n[order.RequestWithdrawn] + n[order.RequestExpired] + n[order.RequestAsked] - 1; got != 1 {
					t.Errorf("the request ended %d times: %v", got, n)
				}
				if when.late && (o.Class != policy.ClassUnanswered || !o.EndedAt.Equal(ends)) {
					t.Errorf("silence made it %s %s at %s", o.State, o.Class, o.EndedAt)
				}
				if o.State == order.Cancelled && o.Returned() != money.Of(8000, "USD") {
					t.Errorf("%s went back", o.Returned())
				}
				p.sound()
			})
		})
	}
}

// TestAgreementMeetsALateCancel: only one of the two ends the order.
func TestAgreementMeetsALateCancel(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		id := p.running()
		p.clock.move(p.page(p.buyer, id).Order.Life.LateFrom.Sub(p.Now()))
		p.must(p.SweepAll(t.Context()))
		no := p.asks(p.seller, id, toCancel)
		p.clock.move(time.Hour)
		said := p.all(p.does(p.buyer, id, order.Agree{No: no}), p.does(p.buyer, id, order.CancelLate{}))
		if done(said) != 1 {
			t.Errorf("%v, want one end", said)
		}
		if o := p.page(p.buyer, id).Order; o.State != order.Cancelled || o.Returned() != o.Total || len(o.Life.Refunds) != 1 {
			t.Errorf("%s %s, back %s in %d refunds", o.State, o.Class, o.Returned(), len(o.Life.Refunds))
		}
		p.sound()
	})
}

// TestOneRequestIsOpen lets both sides ask for something in the same instant.
func TestOneRequestIsOpen(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		id := p.running()
		longer := resolution.Proposal{Kind: resolution.Extend, Days: 2, Reason: "The answers came late."}
		cancel := toCancel
		cancel.Reason = "We ordered it twice."
		said := p.all(p.does(p.buyer, id, order.Ask{Proposal: cancel}), p.does(p.seller, id, order.Ask{Proposal: longer}))
		if done(said) != 1 || p.happenings(id)[order.RequestAsked] != 1 {
			t.Errorf("%v, want one request", said)
		}
		p.sound()
	})
}

// TestAgreedWorkIsPaidOnce has a crowd pay what one agreed request waits for:
// one payment is kept, whatever else was taken goes back.
func TestAgreedWorkIsPaidOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		id := p.running()
		no := p.asks(p.seller, id, resolution.Proposal{Kind: resolution.AddExtra, Extra: "A second size", Price: 1500})
		p.move(p.buyer, id, order.Agree{No: no})
		p.all(func() error {
			_, err := p.PayRequest(t.Context(), p.buyer, "", id, no, card(visa))
			return err
		})
		p.drain()
		p.hear()
		p.drain()
		v := p.page(p.buyer, id)
		kept := 0
		for _, pm := range v.Payments {
			switch {
			case pm.Request == 0:
			case pm.State == order.PaymentSucceeded:
				kept++
			case pm.State != order.PaymentRefunded && pm.State != order.PaymentRefunding && pm.State != order.PaymentCreated:
				t.Errorf("a payment is %s", pm.State)
			}
		}
		if kept != 1 || v.Order.Total != money.Of(9500, "USD") || len(v.Order.Life.Added) != 1 {
			t.Errorf("%d payments kept, the order costs %s, %d added", kept, v.Order.Total, len(v.Order.Life.Added))
		}
		p.sound()
	})
}

// TestDecisionMeetsTheParties lets a decision, the buyer's accept and the clock
// meet at the instant at which a delivery completes by itself; two agents press.
func TestDecisionMeetsTheParties(t *testing.T) {
	for _, off := range []time.Duration{-time.Microsecond, 0} {
		t.Run(off.String(), func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, s *store.Store) {
				c := newCounter(t, s)
				id := c.ask(c.buyer, desk.Cancel, desk.Subject{About: desk.AboutOrder, ID: string(c.order)})
				c.clock.move(c.page(c.buyer, c.order).Order.Life.CompletesAt.Add(off).Sub(c.Now()))
				decide := func(who member.Actor) func() error {
					return func() error { _, err := c.decide(who, id, cancelling(order.FaultSeller, money.Whole)); return err }
				}
				said := c.all(
					decide(c.ada), decide(c.ben), c.does(c.buyer, c.order, order.Accept{}),
					func() error { _, err := c.Sweep(t.Context()); return err },
				)
				c.must(c.SweepAll(t.Context()))
				if winners := said["0 "] + said["1 "] + said["2 "]; off < 0 && winners != 1 || off == 0 && winners != 0 {
					t.Errorf("%d won: %v", winners, said)
				}
				n := c.happenings(c.order)
				if got := n[order.ForcedCancel] + n[order.Accepted] + n[order.CompletedByTime]; got != 1 {
					t.Errorf("it ended %d times: %v", got, n)
				}
				c.sound()
			})
		})
	}
}

// TestOneAgentDecides has two agents press at once, each with a decision of
// their own: the case has one letter, and the order one end.
func TestOneAgentDecides(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCounter(t, s)
		id := c.ask(c.buyer, desk.Cancel, desk.Subject{About: desk.AboutOrder, ID: string(c.order)})
		said := c.all(
			func() error { _, err := c.decide(c.ada, id, cancelling(order.FaultSeller, money.Whole)); return err },
			func() error { _, err := c.decide(c.ben, id, desk.Decision{Complete: true}); return err },
		)
		n := c.happenings(c.order)
		if done(said) != 1 || n[order.ForcedCancel]+n[order.ForcedComplete] != 1 {
			t.Errorf("%v; %v", said, n)
		}
		c.sound()
	})
}
