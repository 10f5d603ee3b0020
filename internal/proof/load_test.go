package proof_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"guildhall/client"
)

// said is one acknowledged answer.
type said struct {
	Key        string `json:"key"`
	What       string `json:"what"`
	Who        string `json:"who"`
	Order      string `json:"order,omitempty"`
	State      string `json:"state,omitempty"`
	Event      int    `json:"event,omitempty"`
	Withdrawal string `json:"withdrawal,omitempty"`
	At         int64  `json:"at"`
}

// same tells whether a repeated request was answered like the first time. Where
// an order stands may have changed since.
func (s said) same(other said) bool {
	return s.Order == other.Order && s.Event == other.Event && s.Withdrawal == other.Withdrawal
}

// load is many people at work at once, and the log of what they were told.
type load struct {
	town
	t      testing.TB
	url    string
	round  string // begins every key
	log    *os.File
	mu     sync.Mutex
	count  atomic.Int64 // answers in the log
	lost   atomic.Int64 // requests that were not answered and had to be sent again
	failed atomic.Int64 // answers 5xx
	ending atomic.Bool
	all    sync.WaitGroup
	http   *http.Client
	sick   bool // 5xx is expected: the house's disk or database is being hurt
}

func (town town) load(t testing.TB, url string) *load {
	t.Helper()
	f, err := os.Create(filepath.Join(t.TempDir(), "acknowledged.jsonl"))
	must(t, err)
	t.Cleanup(func() { _ = f.Close() })
	l := &load{town: town, t: t, url: url, round: fmt.Sprint("r", rand.Uint32()), log: f}
	l.http = &http.Client{Timeout: line.Timeout, Transport: l}
	return l
}

// RoundTrip counts the requests that were never answered; the client sends them
// again by itself, under the same key.
func (l *load) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := line.Transport.RoundTrip(r)
	if err != nil {
		l.lost.Add(1)
	}
	return res, err
}

// begin sends everybody to work until finish.
func (l *load) begin(ctx context.Context) {
	for i, buyer := range l.buyers {
		l.all.Go(func() {
			for n := 0; !l.ending.Load() && l.life(ctx, buyer, fmt.Sprintf("%s-b%d-%d", l.round, i, n)); n++ {
			}
		})
	}
	l.all.Go(func() {
		for n := 0; !l.ending.Load(); n++ {
			if !l.step(ctx, fmt.Sprintf("%s-w-%d", l.round, n), "withdraw", l.seller, func(ctx context.Context, c *client.Client) (said, error) {
				w, err := c.Withdraw(ctx, usd(2500), account)
				return said{Withdrawal: w.ID, State: w.State}, err
			}) {
				return
			}
			rest(ctx, 20*time.Millisecond)
		}
	})
}

func rest(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// finish lets everybody end what they began: nobody gives a request up that was
// not answered.
func (l *load) finish() {
	l.ending.Store(true)
	l.all.Wait()
}

// life is one order from its payment to the money for its seller.
func (l *load) life(ctx context.Context, buyer person, name string) bool {
	id := ""
	move := func(do func(context.Context, *client.Client) (client.Moved, error)) func(context.Context, *client.Client) (said, error) {
		return func(ctx context.Context, c *client.Client) (said, error) {
			m, err := do(ctx, c)
			return said{Order: m.Order, State: m.State, Event: m.Event}, err
		}
	}
	return l.step(ctx, name+"-place", "place", buyer, func(ctx context.Context, c *client.Client) (said, error) {
		p, err := c.PlaceOrder(ctx, mapOf(l.gig, visa))
		if err == nil && p.Paid != "succeeded" {
			err = fmt.Errorf("paid with a good card, but %s %s", p.Paid, p.Reason)
		}
		if err == nil {
			id = p.Order
		}
		return said{Order: p.Order, State: p.State}, err
	}) && l.step(ctx, name+"-submit", "submit", buyer, move(func(ctx context.Context, c *client.Client) (client.Moved, error) {
		return c.Submit(ctx, id, l.answer())
	})) && l.step(ctx, name+"-deliver", "deliver", l.seller, move(func(ctx context.Context, c *client.Client) (client.Moved, error) {
		return c.Deliver(ctx, id, client.Post{Text: "Here is the map"})
	})) && l.step(ctx, name+"-accept", "accept", buyer, move(func(ctx context.Context, c *client.Client) (client.Moved, error) {
		return c.Accept(ctx, id)
	}))
}

// step sends one request until it is answered, writes the answer down, and now
// and then asks once more.
func (l *load) step(ctx context.Context, key, what string, who person, do func(context.Context, *client.Client) (said, error)) bool {
	c := client.New(l.url, who.token, client.WithHTTP(l.http))
	keyed := client.WithKey(ctx, key)
	for ctx.Err() == nil {
		s, err := do(keyed, c)
		if err == nil {
			s.Key, s.What, s.Who, s.At = key, what, string(who.ID), time.Now().UnixMicro()
			l.write(s)
			return rand.IntN(8) > 0 || l.repeat(keyed, s, c, do)
		}
		if !l.passing(err) {
			l.t.Errorf("%s: %v", key, err)
			return false
		}
		rest(ctx, 10*time.Millisecond)
	}
	l.t.Errorf("%s was never answered", key)
	return false
}

// repeat asks again under the same key: the answer must be the one in the log.
func (l *load) repeat(ctx context.Context, first said, c *client.Client, do func(context.Context, *client.Client) (said, error)) bool {
	again, err := do(ctx, c)
	switch {
	case err != nil && !l.passing(err):
		l.t.Errorf("%s again: %v", first.Key, err)
	case err == nil && !first.same(again):
		l.t.Errorf("%s: first %+v, again %+v", first.Key, first, again)
	default:
		return true
	}
	return false
}

// passing tells whether a failure says nothing about the effect, so that the
// request has to be sent again.
func (l *load) passing(err error) bool {
	var p *client.Problem
	if !errors.As(err, &p) {
		return true // no answer
	}
	if p.Status >= 500 {
		l.failed.Add(1)
		return l.sick || p.Status == 503
	}
	return p.Status == 429
}

func (l *load) write(s said) {
	body, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, err := l.log.Write(append(body, '\n')); err != nil {
		l.t.Error(err)
	}
	l.count.Add(1)
}

// acknowledged reads the log back.
func (l *load) acknowledged() []said {
	l.t.Helper()
	f, err := os.Open(l.log.Name())
	must(l.t, err)
	defer func() { _ = f.Close() }()
	var all []said
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var s said
		must(l.t, json.Unmarshal(lines.Bytes(), &s))
		all = append(all, s)
	}
	if len(all) == 0 {
		l.t.Error("nothing was acknowledged")
	}
	return all
}

// became is the event that a step of a life turns into.
var became = map[string]string{
	"submit": "order.requirements_submitted", "deliver": "order.delivered", "accept": "order.accepted",
}

// judge holds the log against the export: everything acknowledged is there, and
// nothing is there twice. closed says that nobody has an unanswered request, so
// there must be nothing beyond the log either.
func (l *load) judge(tables map[string][]row, closed bool) {
	l.t.Helper()
	orders, keys, payouts := map[string]row{}, map[string]int{}, map[string]bool{}
	for _, r := range tables["orders"] {
		orders[r.text("id")] = r
	}
	for _, r := range tables["idempotency"] {
		keys[r.text("member_id")+" "+r.text("key")]++
	}
	for _, r := range tables["withdrawals"] {
		payouts[r.text("id")] = true
	}
	kinds := map[string]int{}    // how often an order has an event of a kind
	history := map[string]row{}  // by order and number
	charged := map[string]int{}  // how often the provider took money for an order
	settled := map[string]bool{} // orders of the log
	for _, r := range tables["events"] {
		kinds[r.text("stream")+" "+r.text("kind")]++
		history[fmt.Sprint(r.text("stream"), " ", r.number("seq"))] = r
	}
	for _, r := range tables["payments"] {
		if r.text("state") == "succeeded" {
			charged[r.text("order_id")]++
		}
	}
	withdrawn := 0
	for _, s := range l.acknowledged() {
		if keys[s.Who+" "+s.Key] != 1 {
			l.t.Errorf("%s was acknowledged; its key is remembered %d times", s.Key, keys[s.Who+" "+s.Key])
		}
		switch s.What {
		case "withdraw":
			withdrawn++
			if !payouts[s.Withdrawal] {
				l.t.Errorf("%s: the withdrawal is lost", s.Key)
			}
			delete(payouts, s.Withdrawal) // a second key must not have been told the same
		case "place":
			if o, ok := orders[s.Order]; !ok || o.text("buyer_id") != s.Who || settled[s.Order] {
				l.t.Errorf("%s: order %s is lost, somebody else's, or told twice", s.Key, s.Order)
			}
			settled[s.Order] = true
			if charged[s.Order] != 1 {
				l.t.Errorf("%s: paid %d times", s.Key, charged[s.Order])
			}
		default:
			e := history[fmt.Sprint(s.Order, " ", s.Event)]
			if e.text("kind") != became[s.What] || e.text("to_state") != s.State || kinds[s.Order+" "+became[s.What]] != 1 {
				l.t.Errorf("%s: told %+v, found %v, %d times", s.Key, s, e, kinds[s.Order+" "+became[s.What]])
			}
		}
	}
	if beyond := len(orders) - 1 - len(settled); closed && beyond != 0 {
		l.t.Errorf("%d orders that nobody was told of", beyond)
	}
	if closed && len(payouts) != 0 {
		l.t.Errorf("%d withdrawals that nobody was told of: %v", len(payouts), payouts)
	}
	l.t.Logf("%d acknowledged answers about %d orders and %d withdrawals; %d requests got no answer and were sent again, %d were answered 5xx",
		l.count.Load(), len(settled), withdrawn, l.lost.Load(), l.failed.Load())
}
