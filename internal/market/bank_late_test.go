package market_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"slices"
	"testing"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/job"
	"guildhall/internal/ledger"
	"guildhall/internal/order"
	"guildhall/internal/pay"
	"guildhall/internal/resolution"
	"guildhall/internal/store"
	"guildhall/internal/store/storetest"
)

// undone is an order that its buyer took back at once: everything is booked to
// go back, and nobody has asked the provider for it yet.
func (p *post) undone(number string) ident.Order {
	p.t.Helper()
	placed, err := p.buy(p.buyer, "", number)
	p.must(err)
	p.move(p.buyer, placed.Order, order.Undo{})
	return placed.Order
}

// decided lets the bank object and decide, with the house hearing of both.
func (p *post) decided() {
	p.t.Helper()
	p.clock.move(3 * day)
	p.hear()
	p.clock.move(7 * day)
	p.hear()
}

// overWith checks that an order has nothing on its way any more, that neither
// the house nor the seller has paid for what the buyer got back, and that no
// errand is left.
func (p *post) overWith(id ident.Order) {
	p.t.Helper()
	p.sound()
	o := p.page(p.buyer, id).Order
	for _, r := range o.Life.Refunds {
		if r.Open() {
			p.t.Errorf("%d of %s is still on its way", r.Minor, r.Payment)
		}
	}
	p.must(p.store.View(p.t.Context(), func(tx *store.Tx) error {
		for _, account := range []ledger.Account{ledger.Refunding(id), ledger.Escrow(id), ledger.Losses, ledger.Receivable(o.Seller)} {
			if sum := p.sum(tx, id, account); sum != 0 {
				p.t.Errorf("%s holds %d", account, sum)
			}
		}
		return nil
	}))
	p.errands(func(j job.Job) bool { return j.Kind != "refunded" })
	p.clock.move(2 * time.Hour) // by then the provider was asked about what it has not told
	p.drain()
	p.errands(func(job.Job) bool { return true })
}

// errands reports those that are left, of some kind.
func (p *post) errands(wrong func(job.Job) bool) {
	p.t.Helper()
	dead, waiting, err := p.Jobs(p.t.Context(), p.operator, 10)
	p.must(err)
	for _, j := range slices.Concat(dead, waiting) {
		if wrong(j) {
			p.t.Errorf("the errand %s is %s: %s", j.Key, j.State, j.LastError)
		}
	}
}

// sum is what the entries of an order have moved on an account.
func (p *post) sum(tx *store.Tx, id ident.Order, account ledger.Account) (sum int64) {
	entries, err := tx.Entries(string(id))
	p.must(err)
	for _, e := range entries {
		for _, line := range e.Postings {
			if line.Account == account {
				sum += line.Minor
			}
		}
	}
	return sum
}

// moved is what the provider's own statement says of each kind of line.
func (p *post) moved() map[pay.LineKind]int64 {
	p.t.Helper()
	lines, _, err := p.bank.Statement(p.t.Context(), "")
	p.must(err)
	sums := map[pay.LineKind]int64{}
	for _, l := range lines {
		sums[l.Kind] += l.Amount.Minor
	}
	return sums
}

func (p *post) wantMoved(charged, refunded, takenBack int64) {
	p.t.Helper()
	got := p.moved()
	if got[pay.LineCharge] != charged || got[pay.LineRefund] != -refunded || got[pay.LineChargeback] != -takenBack {
		p.t.Errorf("the provider moved %v; want %d in, %d refunded and %d taken back", got, charged, refunded, takenBack)
	}
}

// TestBankTakesWhatWasToGoBack: the bank takes a payment back whose refund was
// booked and never sent. The buyer has the money from the bank, once.
func TestBankTakesWhatWasToGoBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		id := p.undone(objects)
		p.decided()
		p.overWith(id)
		p.wantMoved(8000, 0, 8000)
		p.pots(0, 0)
		if got := p.told(p.buyer); !slices.Contains(got, order.RefundByBank) {
			t.Errorf("the buyer was told %v", got)
		}
	})
}

// TestTheErrandHearsOfTheBankFirst: the provider's messages are late, and the
// refund is refused before anybody knows why. The errand is over all the same,
// and the books are right once the messages are there.
func TestTheErrandHearsOfTheBankFirst(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		id := p.undone(objects)
		p.clock.move(3 * day)
		p.unheard()
		p.clock.move(7 * day)
		p.unheard()
		p.drain()
		dead, waiting, err := p.Jobs(t.Context(), p.operator, 10)
		p.must(err)
		if len(dead)+len(waiting) != 0 {
			t.Errorf("errands are left: %+v %+v", dead, waiting)
		}
		found, err := p.Audit(t.Context(), nil)
		p.must(err)
		if len(found) != 0 {
			t.Errorf("while the messages are under way the audit finds %+v", found)
		}
		for range 2 { // the provider tells again: first of the objection, then of the decision
			p.clock.move(day)
			p.hear()
		}
		p.overWith(id)
		p.wantMoved(8000, 0, 8000)
		equal(t, "the buyer", p.told(p.buyer), []string{
			"signed_up", order.Paid, order.Undone, order.RefundByBank, order.DisputeOpened, order.DisputeWasLost,
		})
	})
}

// unheard lets the provider go on with what it does while nobody listens to it.
func (p *post) unheard() {
	p.t.Helper()
	p.must(p.bank.Deliver(p.t.Context(), func(context.Context, http.Header, []byte) error { return errors.New("nobody is listening") }))
}

// TestRefundWaitsForTheBank: an errand that comes while the bank looks into the
// payment ends there, and what the bank decides brings the refund up again.
func TestRefundWaitsForTheBank(t *testing.T) {
	for name, c := range map[string]struct {
		card            string
		refunded, taken int64
		told            string
	}{
		"the bank lets it stand": {grumbles, 8000, 0, order.RefundOnItsWay},
		"the bank takes it":      {objects, 0, 8000, order.RefundByBank},
	} {
		t.Run(name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, s *store.Store) {
				p := newPost(t, s, nil)
				id := p.undone(c.card)
				p.clock.move(3 * day)
				p.hear()
				p.drain()
				if _, waiting, err := p.Jobs(t.Context(), p.operator, 10); err != nil || len(waiting) != 0 {
					t.Errorf("%d errands wait, %v", len(waiting), err)
				}
				if r := p.page(p.buyer, id).Order.Life.Refunds[0]; r.Waits.IsZero() || !r.Owed() {
					t.Errorf("the refund does not wait: %+v", r)
				}
				p.clock.move(7 * day)
				p.hear()
				p.overWith(id)
				p.wantMoved(8000, c.refunded, c.taken)
				if got := p.told(p.buyer); !slices.Contains(got, order.RefundWaits) || !slices.Contains(got, c.told) {
					t.Errorf("the buyer was told %v", got)
				}
			})
		})
	}
}

// TestPartOnItsWayAndTheBankTakesAll: of an order that was paid out, a part was
// booked to go back when the bank took the whole payment. The seller gives back
// what they were paid, and not a cent of the part again.
func TestPartOnItsWayAndTheBankTakesAll(t *testing.T) {
	for name, sent := range map[string]bool{"sent before": true, "never sent": false} {
		t.Run(name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, s *store.Store) {
				p := newPost(t, s, nil)
				placed, err := p.buy(p.buyer, "", objects)
				p.must(err)
				id := placed.Order
				p.move(p.seller, id, order.Waive{})
				no := p.asks(p.buyer, id, resolution.Proposal{Kind: resolution.Discount, Share: 2500})
				p.move(p.seller, id, order.Agree{No: no})
				p.move(p.seller, id, order.Deliver{Text: "here it is"})
				p.move(p.buyer, id, order.Accept{})
				p.pots(0, 5400)
				if sent {
					p.drain()
				}
				p.decided()
				p.overWith(id)
				p.pots(0, 0)
				if sent {
					p.wantMoved(8000, 2000, 6000)
				} else {
					p.wantMoved(8000, 0, 8000)
				}
				if o := p.page(p.seller, id).Order; o.State != order.Cancelled || o.Returned() != o.Total {
					t.Errorf("%s, %s back", o.State, o.Returned())
				}
			})
		})
	}
}

// paidTwice is an order with a payment that it has no use for, on its way back.
func (p *post) paidTwice(number string) (ident.Order, ident.Payment) {
	p.t.Helper()
	id := p.place()
	o := p.page(p.buyer, id).Order
	again := order.Payment{
		ID: ident.New[ident.Payment](ident.NewSeeded(4), p.clock.Now()), Order: id, Member: p.buyer.Member,
		Provider: "sandbox", Amount: o.Total, State: order.PaymentPending, Created: p.clock.Now(),
	}
	p.must(p.store.Update(p.t.Context(), func(tx *store.Tx) error { return tx.AddPayment(again) }))
	_, err := p.bank.Charge(p.t.Context(), pay.Charge{Payment: again.ID, Amount: o.Total, Card: card(number), About: "again", Back: "/orders"})
	p.must(err)
	p.hear()
	return id, again.ID
}

// TestBankAndAPaymentReturned: the bank may be faster also with a payment that
// the order never kept. The order itself goes on.
func TestBankAndAPaymentReturned(t *testing.T) {
	for name, c := range map[string]struct {
		card            string
		refunded, taken int64
	}{
		"the bank lets it stand": {grumbles, 8000, 0},
		"the bank takes it":      {objects, 0, 8000},
	} {
		t.Run(name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, s *store.Store) {
				p := newPost(t, s, nil)
				id, _ := p.paidTwice(c.card)
				p.clock.move(3 * day)
				p.hear()
				p.drain()
				p.move(p.seller, id, order.Waive{}) // nothing stands still
				p.clock.move(7 * day)
				p.hear()
				p.sound()
				p.wantMoved(16000, c.refunded, c.taken)
				o := p.page(p.buyer, id).Order
				if r := o.Life.Refunds[0]; r.Open() || o.Held() || o.State != order.InProgress || o.Resting() != o.Total {
					t.Errorf("%s, held %t, %s rests; %+v", o.State, o.Held(), o.Resting(), r)
				}
			})
		})
	}
}

// TestAReturnedPaymentOfOld: what went straight back long ago is none of the
// order's business when its owner objects to it.
func TestAReturnedPaymentOfOld(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		id, _ := p.paidTwice(objects)
		p.drain()
		p.hear()
		before := p.page(p.buyer, id).Order.Seq
		p.decided()
		if o := p.page(p.buyer, id).Order; o.Seq != before || o.Held() {
			t.Errorf("%d events, then %d; held %t", before, o.Seq, o.Held())
		}
		p.sound()
		p.wantMoved(16000, 8000, 0)
	})
}

// TestTheBankTakesBothPayments: of two payments of one order that the bank takes,
// the first decision sends what the other payment brought back to it, and the
// second one overtakes that.
func TestTheBankTakesBothPayments(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		id := p.boughtMore(objects, objects)
		p.move(p.seller, id, order.Deliver{Text: "here it is"})
		p.move(p.buyer, id, order.Accept{})
		p.clock.move(3 * day)
		p.hear()
		p.clock.move(7*day - 90*time.Minute)
		p.hear()
		p.drain()
		p.clock.move(2 * time.Hour)
		p.hear()
		p.overWith(id)
		p.wantMoved(9500, 0, 9500)
		p.pots(0, 0)
	})
}

// travelling is a message of the provider as it travels.
type travelling struct {
	header http.Header
	body   []byte
}

// TestRefundsAndTheBankInAnyOrder tells the provider's news late, twice and in
// any order, with errands done at any moment, and wants one end: the buyer has
// everything back once, which is what the provider moved and the books say.
func TestRefundsAndTheBankInAnyOrder(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		for seed := range uint64(8) {
			rnd := rand.New(rand.NewPCG(seed, 11))
			ids := []ident.Order{p.undone(objects), p.undone(grumbles), p.boughtMore(objects, grumbles)}
			some := func() {
				if rnd.IntN(2) == 0 {
					p.drain()
				}
			}
			some()
			agreed := rnd.IntN(3)
			for i, later := range []time.Duration{day, 2 * day, 7 * day} {
				if p.clock.move(later); i == agreed {
					no := p.asks(p.buyer, ids[2], resolution.Proposal{Kind: resolution.Discount, Share: 1000})
					p.move(p.seller, ids[2], order.Agree{No: no})
					some()
				}
				p.unheard()
				some()
			}
			p.clock.move(day)
			p.tell(rnd, some)
			for _, id := range ids {
				p.overWith(id)
			}
			got := p.moved()
			if in, out := got[pay.LineCharge], -got[pay.LineRefund]-got[pay.LineChargeback]; in != out {
				t.Fatalf("seed %d: the provider took %d and gave back %d: %v", seed, in, out, got)
			}
		}
	})
}

// tell takes what the provider has to say and tells it shuffled, until all of it
// is heard, and then some of it again.
func (p *post) tell(rnd *rand.Rand, between func()) {
	p.t.Helper()
	var news []travelling
	p.must(p.bank.Deliver(p.t.Context(), func(_ context.Context, h http.Header, body []byte) error {
		news = append(news, travelling{h.Clone(), slices.Clone(body)})
		return nil
	}))
	for waiting := news; len(waiting) > 0; {
		rnd.Shuffle(len(waiting), func(i, j int) { waiting[i], waiting[j] = waiting[j], waiting[i] })
		var refused []travelling
		for _, n := range waiting {
			if err := p.ProviderSays(p.t.Context(), n.header, n.body); fault.KindOf(err) == fault.KindConflict {
				refused = append(refused, n)
			} else {
				p.must(err)
			}
			between()
		}
		if len(refused) == len(waiting) {
			p.t.Fatalf("%d messages are never heard", len(refused))
		}
		waiting = refused
	}
	for _, i := range rnd.Perm(len(news))[:len(news)/2] {
		p.must(p.ProviderSays(p.t.Context(), news[i].header, news[i].body))
	}
}
