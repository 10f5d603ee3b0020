package market_test

import (
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/gig"
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/money"
	"guildhall/internal/order"
	"guildhall/internal/pay"
	"guildhall/internal/store"
	"guildhall/internal/store/storetest"
)

func card(number string) pay.Card {
	return pay.Card{Number: number, Expiry: "12/30", CVC: "123", Name: "Ines Vidal"}
}

const (
	visa     = "4242 4242 4242 4242"
	declines = "4000 0000 0000 0002"
	stalls   = "4000 0000 0000 0341" // times out, then pays after all
	asks     = "4000 0025 0000 3155" // wants a second step
)

// buy orders the gig with a card, whatever comes of it.
func (p *post) buy(who member.Actor, key market.Key, number string) (market.Placed, error) {
	return p.PlaceOrder(p.t.Context(), who, key, market.NewOrder{
		Gig: p.gig.ID, Pick: gig.Pick{Tier: gig.Basic, Quantity: 1}, Shown: money.Of(8000, "USD"), Again: true,
	}, card(number))
}

func (p *post) page(who member.Actor, id ident.Order) market.OrderPage {
	p.t.Helper()
	v, err := p.OrderPage(p.t.Context(), who, id)
	p.must(err)
	return v
}

func (p *post) state(id ident.Order, want order.State) {
	p.t.Helper()
	if got := p.page(p.buyer, id).Order.State; got != want {
		p.t.Errorf("the order is %s, want %s", got, want)
	}
}

func (p *post) pots(wantAvailable, wantPending int64) {
	p.t.Helper()
	s, err := p.Statement(p.t.Context(), p.seller, market.PotAvailable, "", 0)
	p.must(err)
	if s.Available.Minor != wantAvailable || s.Pending.Minor != wantPending {
		p.t.Errorf("available %s, pending %s; want %d and %d", s.Available, s.Pending, wantAvailable, wantPending)
	}
}

func TestOrderFromCheckoutToClearance(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		id := p.place()
		question := p.page(p.buyer, id).Order.Agreement.Questions[0].Key
		p.move(p.buyer, id, order.Submit{Answers: []order.Answer{{Question: question, Text: "Rye & Sons"}}})
		p.move(p.seller, id, order.Progress{Text: "first sketches"})
		p.clock.move(48 * time.Hour)
		p.move(p.seller, id, order.Deliver{Text: "here it is"})
		p.move(p.buyer, id, order.Accept{})
		p.state(id, order.Completed)
		p.pots(0, 7200)

		p.clock.move(14*24*time.Hour - time.Minute)
		p.must(p.SweepAll(t.Context()))
		p.pots(0, 7200)
		p.clock.move(time.Minute)
		p.must(p.SweepAll(t.Context()))
		p.pots(7200, 0)

		cleared, err := p.Statement(t.Context(), p.seller, market.PotPending, "", 0)
		p.must(err)
		if len(cleared.Lines) != 2 || cleared.Lines[0].Balance.Minor != 0 || cleared.Lines[1].Balance.Minor != 7200 || cleared.Lines[1].Order.ID != id {
			t.Errorf("pending lines: %+v", cleared.Lines)
		}
		spent, _, err := p.Spendings(t.Context(), p.buyer, "", 0)
		p.must(err)
		if len(spent) != 1 || spent[0].Payment.Amount.Minor != 8000 || spent[0].Order.ID != id {
			t.Errorf("spendings: %+v", spent)
		}
	})
}

func TestPayments(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)

		refused, err := p.buy(p.buyer, "declined", declines)
		p.must(err)
		if refused.Paid != order.PaymentDeclined || refused.State != order.Unpaid || refused.Reason == "" {
			t.Fatalf("declined card: %+v", refused)
		}
		if _, err := p.OrderPage(t.Context(), p.seller, refused.Order); fault.KindOf(err) != fault.KindNotFound {
			t.Errorf("the seller sees an unpaid order: %v", err)
		}
		again, err := p.PayOrder(t.Context(), p.buyer, "second", refused.Order, card(visa))
		p.must(err)
		if again.State != order.AwaitingRequirements {
			t.Errorf("paid with another card: %+v", again)
		}
		if _, err := p.PayOrder(t.Context(), p.buyer, "third", refused.Order, card(visa)); fault.KindOf(err) != fault.KindConflict {
			t.Errorf("paid twice: %v", err)
		}

		waiting, err := p.buy(p.buyer, "stalls", stalls)
		p.must(err)
		if waiting.Paid != order.PaymentPending {
			t.Fatalf("stalled card: %+v", waiting)
		}
		if _, err := p.PayOrder(t.Context(), p.buyer, "impatient", waiting.Order, card(visa)); fault.KindOf(err) != fault.KindConflict {
			t.Errorf("a second payment while the first is open: %v", err)
		}
		p.clock.move(time.Hour)
		p.hear()
		p.hear()
		p.state(waiting.Order, order.AwaitingRequirements)

		step, err := p.buy(p.buyer, "asks", asks)
		p.must(err)
		if step.Paid != order.PaymentNeedsStep || step.Step == "" {
			t.Fatalf("second step: %+v", step)
		}
	})
}

func TestMoneyGoesBackWhenTheGigIsGone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		waiting, err := p.buy(p.buyer, "stalls", stalls)
		p.must(err)
		if _, err := p.PauseGig(t.Context(), p.seller, "", p.gig.ID); err != nil {
			t.Fatal(err)
		}
		p.clock.move(time.Hour)
		p.hear()
		p.state(waiting.Order, order.Abandoned)
		p.must(p.DrainOutbox(t.Context()))
		p.hear()
		v := p.page(p.buyer, waiting.Order)
		if v.Payments[0].State != order.PaymentRefunded {
			t.Errorf("the payment is %s", v.Payments[0].State)
		}
		last := v.Entries[len(v.Entries)-1]
		if len(v.Entries) != 3 || last.Kind != "refund_sent" {
			t.Errorf("entries: %+v", v.Entries)
		}
	})
}

func TestNobodyElseSeesAnOrder(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		id := p.place()
		agent := p.operator
		agent.Role = member.RoleAgent
		readOnly := p.buyer
		readOnly.Scopes = []member.Scope{member.ScopeRead}
		for name, test := range map[string]struct {
			who  member.Actor
			id   ident.Order
			want fault.Kind
		}{
			"stranger":         {p.join("Eve Adams", false), id, fault.KindNotFound},
			"operator":         {p.operator, id, fault.KindNotFound},
			"agent":            {agent, id, fault.KindNotFound},
			"guest":            {member.Guest(), id, fault.KindSignIn},
			"missing":          {p.buyer, "order_00000000000000000000000000", fault.KindNotFound},
			"token that reads": {readOnly, id, fault.KindForbidden},
		} {
			if _, err := p.Move(t.Context(), test.who, "", test.id, order.Undo{}); fault.KindOf(err) != test.want {
				t.Errorf("%s undoes: %v", name, err)
			}
			if _, err := p.OrderPage(t.Context(), test.who, test.id); fault.KindOf(err) != test.want && name != "token that reads" {
				t.Errorf("%s looks: %v", name, err)
			}
		}
		p.state(id, order.AwaitingRequirements)
	})
}

func TestKeysActOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		answers := crowd(100, func(int) (string, error) {
			placed, err := p.buy(p.buyer, "the same form", visa)
			return string(placed.Order), err
		})
		if len(answers) != 1 {
			t.Fatalf("100 times the same form made %v", answers)
		}
		counts, err := p.OrderList(t.Context(), p.buyer, market.ListQuery{Side: order.Buyer, Tab: "pending"})
		p.must(err)
		if len(counts.Rows) != 1 || counts.Tabs[1].Count != 1 {
			t.Errorf("%d orders", len(counts.Rows))
		}
		spent, _, err := p.Spendings(t.Context(), p.buyer, "", 0)
		p.must(err)
		if len(spent) != 1 {
			t.Errorf("%d payments took money", len(spent))
		}
		_, err = p.PlaceOrder(t.Context(), p.buyer, "the same form", market.NewOrder{
			Gig: p.gig.ID, Pick: gig.Pick{Tier: gig.Basic, Quantity: 2}, Shown: money.Of(16000, "USD"), Again: true,
		}, card(visa))
		if fault.KindOf(err) != fault.KindConflict {
			t.Errorf("the same key for another order: %v", err)
		}
		if _, err := p.buy(p.buyer, "the same form", "5555 5555 5555 4444"); fault.KindOf(err) != fault.KindConflict {
			t.Errorf("the same key with another card: %v", err)
		}
	})
}

func TestLastPlace(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		body := p.gig.Body
		body.Capacity = 3
		_, err := p.SaveGig(t.Context(), p.seller, "", p.gig.ID, p.gig.Version, market.GigInput{Category: p.gig.Category, Body: body})
		p.must(err)
		var buyers []member.Actor
		for i := range 20 {
			buyers = append(buyers, p.join(fmt.Sprintf("Buyer %d", i), false))
		}
		states := crowd(len(buyers), func(i int) (string, error) {
			placed, err := p.buy(buyers[i], market.Key(fmt.Sprint(i)), visa)
			return string(placed.State), err
		})
		if states[string(order.AwaitingRequirements)] != 3 {
			t.Errorf("three places went to %v", states)
		}
		p.must(p.DrainOutbox(t.Context()))
		p.hear()
		returned := 0
		for _, b := range buyers {
			spent, _, err := p.Spendings(t.Context(), b, "", 0)
			p.must(err)
			for _, sp := range spent {
				if sp.Order.State == order.Abandoned && sp.Payment.State != order.PaymentRefunded {
					t.Errorf("%s keeps the money of an order that never started: %s", sp.Order.Ref, sp.Payment.State)
				}
				if sp.Payment.State == order.PaymentRefunded {
					returned++
				}
			}
		}
		if returned != states[string(order.Abandoned)] {
			t.Errorf("%d payments went back for %v", returned, states)
		}
	})
}

// TestAcceptMeetsTheClock lets the buyer accept and the clock complete at the
// same instant, many times: one of them wins and the seller is paid once.
func TestAcceptMeetsTheClock(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		var ids []ident.Order
		for range 12 {
			id := p.place()
			p.move(p.seller, id, order.Waive{})
			p.move(p.seller, id, order.Deliver{Text: "done"})
			ids = append(ids, id)
		}
		p.clock.move(3 * 24 * time.Hour)
		crowd(len(ids)*2, func(i int) (string, error) {
			if i%2 == 0 {
				_, err := p.Sweep(t.Context())
				return "", err
			}
			_, err := p.Move(t.Context(), p.buyer, "", ids[i/2], order.Accept{})
			return "", err
		})
		p.must(p.SweepAll(t.Context()))
		for _, id := range ids {
			v := p.page(p.seller, id)
			if v.Order.State != order.Completed || len(v.Entries) != 2 {
				t.Errorf("%s with %d entries", v.Order.State, len(v.Entries))
			}
		}
		p.pots(0, 7200*int64(len(ids)))
	})
}

// TestListsEqualCounts drives orders into every tab and walks each list page by
// page: a tab's count is the length of its list, filtered or not.
func TestListsEqualCounts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		for i := range 14 {
			id := p.place()
			if i%7 == 0 {
				p.move(p.buyer, id, order.Undo{})
				continue
			}
			if i%7 > 1 {
				p.move(p.seller, id, order.Waive{})
			}
			if i%7 > 2 {
				p.move(p.seller, id, order.Deliver{Text: "done"})
			}
			if i%7 > 4 {
				p.move(p.buyer, id, order.Accept{})
			} else if i%7 == 4 {
				p.move(p.buyer, id, order.Revise{Text: "warmer"})
			}
		}
		want := map[string]int{"pending": 4, "delivered": 2, "completed": 4, "cancelled": 2}
		want["active"] = want["pending"] + 2 // and what is being revised
		for _, side := range []order.Party{order.Seller, order.Buyer} {
			who := map[order.Party]member.Actor{order.Seller: p.seller, order.Buyer: p.buyer}[side]
			for _, words := range []string{"", "bakery", "ines", "nothing like it"} {
				got := walk(p, who, side, words)
				expect := want
				if words == "nothing like it" {
					expect = map[string]int{"active": 0, "pending": 0, "delivered": 0, "completed": 0, "cancelled": 0}
				}
				delete(got, "unpaid")
				if !maps.Equal(got, expect) {
					t.Errorf("%s filtered by %q: %v, want %v", side, words, got, expect)
				}
			}
		}
	})
}

// walk counts the rows of each tab and holds them against the tab's count.
func walk(p *post, who member.Actor, side order.Party, words string) map[string]int {
	p.t.Helper()
	lengths := map[string]int{}
	for _, tab := range order.Tabs(side) {
		q := market.ListQuery{Side: side, Tab: tab.Name, Words: words, Most: 2}
		seen := map[ident.Order]bool{}
		for {
			list, err := p.OrderList(p.t.Context(), who, q)
			p.must(err)
			for _, row := range list.Rows {
				if seen[row.Order.ID] {
					p.t.Errorf("%s shows %s twice", tab.Name, row.Order.Ref)
				}
				seen[row.Order.ID] = true
			}
			if i := slices.IndexFunc(list.Tabs, func(c market.TabCount) bool { return c.Name == tab.Name }); list.Next == "" {
				if list.Tabs[i].Count != len(seen) {
					p.t.Errorf("%s says %d and lists %d", tab.Name, list.Tabs[i].Count, len(seen))
				}
				break
			}
			q.After = list.Next
		}
		lengths[tab.Name] = len(seen)
	}
	return lengths
}

// crowd calls n times at once and counts the answers of the successful calls.
func crowd(n int, call func(i int) (string, error)) map[string]int {
	answers := map[string]int{}
	var mu sync.Mutex
	var wg sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		wg.Go(func() {
			<-start
			if answer, err := call(i); err == nil {
				mu.Lock()
				answers[answer]++
				mu.Unlock()
			}
		})
	}
	close(start)
	wg.Wait()
	return answers
}

func TestSeals(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		p.started()
		p.started()
		bound := crowd(8, func(int) (string, error) {
			n, err := p.Seal(t.Context())
			return fmt.Sprint(n), err
		})
		if bound["2"] != 1 || bound["0"] != 7 {
			t.Errorf("two entries were sealed %v", bound)
		}
		if n, err := p.Seal(t.Context()); n != 0 || err != nil {
			t.Errorf("sealed again: %d, %v", n, err)
		}
	})
}

// TestAPaymentThatNeverArrived: nobody waits for ever for the answer to a
// question that the bank never heard.
func TestAPaymentThatNeverArrived(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		first, err := p.buy(p.buyer, "", declines)
		p.must(err)
		lost := order.Payment{
			ID: ident.New[ident.Payment](ident.NewSeeded(4), p.clock.Now()), Order: first.Order, Member: p.buyer.Member,
			Provider: "sandbox", Amount: money.Of(8000, "USD"), State: order.PaymentPending, Created: p.clock.Now(),
		}
		p.must(s.Update(t.Context(), func(tx *store.Tx) error { return tx.AddPayment(lost) }))
		p.clock.move(10*time.Minute - time.Microsecond)
		if _, err := p.Confirmed(t.Context(), p.buyer, lost.ID); fault.KindOf(err) != fault.KindNotFound {
			t.Errorf("while it may be under way: %v", err)
		}
		if _, err := p.PayOrder(t.Context(), p.buyer, "", first.Order, card(visa)); fault.KindOf(err) != fault.KindConflict {
			t.Errorf("another card while it may be under way: %v", err)
		}
		p.clock.move(time.Microsecond)
		pm, err := p.Confirmed(t.Context(), p.buyer, lost.ID)
		if p.must(err); pm.State != order.PaymentDeclined || pm.Reason == "" {
			t.Errorf("%s, because %q", pm.State, pm.Reason)
		}
		paid, err := p.PayOrder(t.Context(), p.buyer, "", first.Order, card(visa))
		if p.must(err); paid.Paid != order.PaymentSucceeded {
			t.Errorf("another card: %+v", paid)
		}
		p.sound()
	})
}
