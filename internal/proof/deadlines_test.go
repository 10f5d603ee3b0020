package proof_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"guildhall/client"
)

const day = 24 * time.Hour

// plan is what the clock owes an order: each instant, counted from one of its
// moments, and the event that it must bring, to the microsecond and once.
type plan struct {
	since string // the event that starts the clock
	owes  []owed
}

type owed struct {
	after time.Duration
	kind  string
}

// plans are the deadlines of the profile that a fresh house runs on, one kind
// of order each.
var plans = map[string]plan{
	"unpaid": {"order.ordered", []owed{{day, "order.lapsed"}}},
	"waiting": {"order.paid", []owed{
		{day, "order.remind_requirements"}, {3 * day, "order.remind_requirements"}, {5 * day, "order.remind_requirements"},
		{60 * day, "order.refunded_stale"},
	}},
	"working": {"order.requirements_submitted", []owed{
		{2 * day, "order.remind_due"}, {3 * day, "order.due_passed"}, {4 * day, "order.late_cancel_open"},
	}},
	"delivered": {"order.delivered", []owed{
		{2 * day, "order.remind_completion"}, {3 * day, "order.completed_by_time"}, {17 * day, "order.cleared"},
	}},
	"completed": {"order.accepted", []owed{{14 * day, "order.cleared"}}},
}

// TestClockMovedOverEveryDeadline moves the clock of a rehearsal over every
// deadline that there is, and kills the house in the middle of each move.
func TestClockMovedOverEveryDeadline(t *testing.T) {
	t.Parallel()
	town := found(t, t.TempDir(), "", 3)
	h := town.house(t)
	h.start()
	orders := prepared(t, town, h.url, 4)
	var longest time.Duration
	for n, step := range []time.Duration{25 * time.Hour, 47 * time.Hour, 25 * time.Hour, 26 * time.Hour, 10 * day, 45 * day, day} {
		longest = max(longest, h.advanceAndKill(t, step))
		if n%2 == 0 { // and once more while it catches up
			h.kill()
			longest = max(longest, h.start())
		}
		h.nothingEarly(t)
	}
	h.stop()
	h.audit()
	for kind, list := range orders {
		kept(t, h.export(), kind, list)
	}
	t.Logf("all caught up at the latest %s after a restart", longest.Round(time.Millisecond))
	if longest > time.Minute {
		t.Errorf("it took %s to catch up", longest)
	}
}

// prepared makes some orders of each kind.
func prepared(t *testing.T, town town, url string, each int) map[string][]string {
	t.Helper()
	ctx := t.Context()
	seller := town.seller.at(url)
	orders := map[string][]string{}
	steps := []string{"waiting", "working", "delivered", "completed"}
	for i := range each {
		for _, kind := range slices.Sorted(maps.Keys(plans)) {
			buyer := town.buyers[i%len(town.buyers)].at(url)
			number := visa
			if kind == "unpaid" {
				number = noMoney
			}
			p, err := buyer.PlaceOrder(ctx, mapOf(town.gig, number))
			must(t, err)
			orders[kind] = append(orders[kind], p.Order)
			far := slices.Index(steps, kind)
			if far >= 1 {
				_, err = buyer.Submit(ctx, p.Order, town.answer())
				must(t, err)
			}
			if far >= 2 {
				_, err = seller.Deliver(ctx, p.Order, client.Post{Text: "Here it is"})
				must(t, err)
			}
			if far >= 3 {
				_, err = buyer.Accept(ctx, p.Order)
				must(t, err)
			}
		}
	}
	return orders
}

// advanceAndKill moves the clock, kills the house meanwhile, and moves on from
// wherever the clock was when it died. It tells how long the restart took until
// everything overdue was caught up.
func (h *house) advanceAndKill(t *testing.T, by time.Duration) time.Duration {
	t.Helper()
	ctx := t.Context()
	before, err := h.buyers[0].at(h.url).Clock(ctx)
	must(t, err)
	target := before.Add(by)
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = h.set(ctx, target) // it may die meanwhile
	}()
	rest(ctx, rand.N(60*time.Millisecond))
	h.kill()
	<-done
	took := h.start()
	if now, err := h.buyers[0].at(h.url).Clock(ctx); err != nil || now.Before(target) {
		status, err := h.set(ctx, target)
		if err != nil || status != http.StatusOK {
			t.Fatalf("the clock cannot be set: %d %v", status, err)
		}
	}
	return took
}

func (h *house) set(ctx context.Context, at time.Time) (int, error) {
	body := fmt.Sprintf(`{"set":%q}`, at.UTC().Format(time.RFC3339Nano))
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, h.url+"/api/rehearsal/clock", strings.NewReader(body))
	if err != nil {
		return 0, err
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err
	}
	return res.StatusCode, res.Body.Close()
}

// nothingEarly compares what has happened with what the clock shows afterwards.
func (h *house) nothingEarly(t *testing.T) {
	t.Helper()
	events := h.export()["events"]
	now, err := h.buyers[0].at(h.url).Clock(t.Context())
	must(t, err)
	for _, e := range events {
		if at := time.UnixMicro(e.number("at")); at.After(now) {
			t.Errorf("%s of %s happened at %s, and it is %s", e.text("kind"), e.text("stream"), at, now)
		}
	}
}

// kept holds what happened to the orders of a kind against its plan.
func kept(t *testing.T, tables map[string][]row, kind string, orders []string) {
	t.Helper()
	p := plans[kind]
	for _, id := range orders {
		var began time.Time
		var got []string
		for _, e := range tables["events"] {
			switch {
			case e.text("stream") != id:
			case e.text("kind") == p.since:
				began = time.UnixMicro(e.number("at"))
			case e.text("role") == "clock":
				got = append(got, fmt.Sprintf("%s %s", e.text("kind"), time.UnixMicro(e.number("at")).Sub(began)))
			}
		}
		var want []string
		for _, o := range p.owes {
			want = append(want, fmt.Sprintf("%s %s", o.kind, o.after))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s order %s:\n got %s\nwant %s", kind, id, strings.Join(got, ", "), strings.Join(want, ", "))
		}
	}
}
