package proof_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"guildhall/client"
	"guildhall/internal/app"
	"guildhall/internal/store/storetest"
)

// callers is how many do the same thing at the same moment.
const callers = 100

// answers is what a crowd was told, by the state or status.
type answers struct {
	mu   sync.Mutex
	said map[string]int
	ids  map[string]bool // what the winners were given
}

func (a *answers) String() string { return fmt.Sprint(a.said) }

func (a *answers) note(id, what string, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	var p *client.Problem
	switch {
	case errors.As(err, &p):
		what = fmt.Sprint(p.Status)
	case err != nil:
		what = err.Error()
	default:
		a.ids[id] = true
	}
	a.said[what]++
}

// crowd lets a hundred callers go at one moment.
func crowd(do func(n int) (id, what string, err error)) *answers {
	a := &answers{said: map[string]int{}, ids: map[string]bool{}}
	var ready, all sync.WaitGroup
	ready.Add(callers)
	for n := range callers {
		all.Go(func() {
			ready.Done()
			ready.Wait()
			id, what, err := do(n)
			a.note(id, what, err)
		})
	}
	all.Wait()
	return a
}

// only fails unless exactly so many had each of these answers.
func (a *answers) only(t *testing.T, want map[string]int) {
	t.Helper()
	if fmt.Sprint(a.said) != fmt.Sprint(want) {
		t.Errorf("answers %v, want %v", a.said, want)
	}
}

// TestRaces sends a hundred callers after one thing, on both engines: exactly
// one gets it, and the money agrees.
func TestRaces(t *testing.T) {
	for name, database := range map[string]func(testing.TB) string{
		"sqlite": func(testing.TB) string { return "" }, "postgres": storetest.PostgresURL,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			town := found(t, t.TempDir(), database(t), 5)
			a, url := town.doors(t)
			r := race{town, a, url}
			for what, run := range map[string]func(*testing.T){
				"one key": r.oneKey, "last place": r.lastPlace, "accept or revise": r.acceptOrRevise,
				"undo or start": r.undoOrStart, "one purse": r.onePurse, "one withdrawal": r.oneWithdrawal,
			} {
				t.Run(what, run)
			}
			must(t, a.Market.DrainOutbox(t.Context()))
			must(t, a.MoveClock(t.Context(), day)) // whatever was asked of the provider is answered
			sound(t.Context(), t, a.Market)
		})
	}
}

type race struct {
	town
	app *app.App
	url string
}

func (r race) buyer(n int) *client.Client { return r.buyers[n%len(r.buyers)].at(r.url) }

// oneKey: an impatient buyer presses "pay" a hundred times.
func (r race) oneKey(t *testing.T) {
	buyer := r.buyer(0)
	before := length(t, buyer.Spendings(t.Context()))
	got := crowd(func(int) (string, string, error) {
		p, err := buyer.PlaceOrder(client.WithKey(t.Context(), "pay-once"), mapOf(r.gig, visa))
		return p.Order, p.Paid, err
	})
	if len(got.ids) != 1 || got.said["succeeded"]+got.said["pending"] != callers {
		t.Errorf("%d orders: %v", len(got.ids), got)
	}
	if paid := length(t, buyer.Spendings(t.Context())) - before; paid != 1 {
		t.Errorf("paid %d times", paid)
	}
}

// lastPlace: a hundred buyers want the one place that is free.
func (r race) lastPlace(t *testing.T) {
	got := crowd(func(n int) (string, string, error) {
		p, err := r.buyer(n).PlaceOrder(t.Context(), mapOf(r.single, visa))
		return p.Order, p.State, err
	})
	if got.said["in_progress"] != 1 {
		t.Errorf("%v, want one in progress", got)
	}
	must(t, r.app.Market.DrainOutbox(t.Context()))
	must(t, r.app.MoveClock(t.Context(), 0))
	var begun int
	tables := exported(t, r.app)
	for _, o := range tables["orders"] {
		if o.text("gig_id") == string(r.single.ID) && o.text("state") == "in_progress" {
			begun++
		}
	}
	if begun != 1 {
		t.Errorf("%d orders were begun in one place", begun)
	}
	for _, p := range tables["payments"] { // who came too late has their money back
		if state := p.text("state"); got.ids[p.text("order_id")] && state != "refunded" && state != "succeeded" && state != "declined" && state != "created" {
			t.Errorf("payment %s is %s", p.text("id"), state)
		}
	}
}

// begun is an order that the seller works on.
func (r race) begun(t *testing.T) string {
	t.Helper()
	p, err := r.buyer(0).PlaceOrder(t.Context(), mapOf(r.gig, visa))
	must(t, err)
	return p.Order
}

// acceptOrRevise: half of the callers accept a delivery, half send it back.
func (r race) acceptOrRevise(t *testing.T) {
	ctx := t.Context()
	id := r.begun(t)
	_, err := r.buyer(0).Submit(ctx, id, r.answer())
	must(t, err)
	_, err = r.seller.at(r.url).Deliver(ctx, id, client.Post{Text: "Here it is"})
	must(t, err)
	got := crowd(func(n int) (string, string, error) {
		if n%2 == 0 {
			m, err := r.buyer(0).Accept(ctx, id)
			return m.State, m.State, err
		}
		m, err := r.buyer(0).Revise(ctx, id, client.Revision{Text: "More trees", Lines: []int{1}})
		return m.State, m.State, err
	})
	if len(got.ids) != 1 || got.said["409"] != callers-1 {
		t.Errorf("%v, want one winner", got)
	}
}

// undoOrStart: the buyer takes the order back while the seller starts it.
func (r race) undoOrStart(t *testing.T) {
	ctx := t.Context()
	id := r.begun(t)
	got := crowd(func(n int) (string, string, error) {
		if n%2 == 0 {
			m, err := r.buyer(0).Undo(ctx, id)
			return m.State, m.State, err
		}
		m, err := r.seller.at(r.url).Waive(ctx, id)
		return m.State, m.State, err
	})
	if len(got.ids) != 1 || got.said["409"] != callers-1 {
		t.Errorf("%v, want one winner", got)
	}
}

// onePurse: a hundred withdrawals of more than half of what is there.
func (r race) onePurse(t *testing.T) {
	seller := r.seller.at(r.url)
	b, err := seller.Balance(t.Context())
	must(t, err)
	most := b.Available.Minor/2 + 1
	got := crowd(func(int) (string, string, error) {
		w, err := seller.Withdraw(t.Context(), usd(most), account)
		return w.ID, w.State, err
	})
	if got.said["asked"] != 1 || got.said["422"]+got.said["409"] != callers-1 {
		t.Errorf("%v, want one withdrawal", got)
	}
	after, err := seller.Balance(t.Context())
	must(t, err)
	if after.Available.Minor != b.Available.Minor-most {
		t.Errorf("%d of %d are left after taking %d", after.Available.Minor, b.Available.Minor, most)
	}
}

// oneWithdrawal: the same request a hundred times.
func (r race) oneWithdrawal(t *testing.T) {
	seller := r.seller.at(r.url)
	before := slices.Collect(keys(t, seller))
	got := crowd(func(int) (string, string, error) {
		w, err := seller.Withdraw(client.WithKey(t.Context(), "once"), usd(2500), account)
		return w.ID, w.State, err
	})
	got.only(t, map[string]int{"asked": callers})
	if after := slices.Collect(keys(t, seller)); len(got.ids) != 1 || len(after) != len(before)+1 {
		t.Errorf("%d names for %d withdrawals", len(got.ids), len(after)-len(before))
	}
}

func keys(t *testing.T, c *client.Client) func(func(string) bool) {
	return func(yield func(string) bool) {
		for w, err := range c.Withdrawals(context.WithoutCancel(t.Context())) {
			must(t, err)
			if !yield(w.ID) {
				return
			}
		}
	}
}

func length[T any](t *testing.T, list func(func(T, error) bool)) int {
	t.Helper()
	n := 0
	for _, err := range list {
		must(t, err)
		n++
	}
	return n
}
