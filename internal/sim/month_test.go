package sim_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"
	"time"

	"guildhall/internal/sim"
	"guildhall/internal/store/storetest"
)

// leapMonth holds a 29 February and two changes to summer time, one on each
// side of the Atlantic.
func leapMonth(t *testing.T) sim.Config {
	c := sim.Config{
		Seed: 29, From: time.Date(2028, 2, 20, 0, 0, 0, 0, time.UTC), Until: time.Date(2028, 3, 29, 0, 0, 0, 0, time.UTC),
		Sellers: 36, Buyers: 90, Orders: 420, Fence: 4 * 24 * time.Hour, Turns: 4,
	}
	if testing.Short() {
		c.Sellers, c.Buyers, c.Orders = 12, 30, 60
	}
	return c
}

// TestMonth lives a month on both engines, once without and once with
// restarts, and compares what came of it.
func TestMonth(t *testing.T) {
	c := leapMonth(t)
	exports := map[string][]byte{}
	for _, run := range []struct {
		name, url string
		restarts  bool
	}{
		{"sqlite", storetest.SQLitePath(t), false},
		{"sqlite with restarts", storetest.SQLitePath(t), true},
		{"postgres", storetest.PostgresURL(t), true},
	} {
		t.Run(run.name, func(t *testing.T) {
			s := newStage(t, run.url, c)
			s.must(s.Populate(t.Context()))
			for at := c.From; at.Before(c.Until); at = at.Add(2 * c.Fence) {
				if run.restarts {
					s.restart()
				}
				s.must(s.Live(t.Context(), at))
			}
			s.must(s.Live(t.Context(), c.Until))
			s.check()
			s.sound(c.Until)
			for _, crooked := range []string{"staller", "sabotage", "collusion", "downloads and cancels", "strangers and forgers", "strangers at the desk", "agent in their own case", "challenge kept", "wash trader", "sock puppet", "extortionist", "review bomber"} {
				if s.Tally().Turns[crooked] == 0 && !testing.Short() {
					t.Errorf("nobody tried: %s", crooked)
				}
			}
			s.oneReviewEach(c.Until)
			s.poorHauls()
			exports[run.name] = s.export(c.Until)
		})
	}
	for _, other := range []string{"sqlite with restarts", "postgres"} {
		if where := differ(exports["sqlite"], exports[other]); where != "" {
			t.Errorf("the export of %s differs:\n%s", other, where)
		}
	}
}

// TestNothingIsLeftOver lets the clock run on after everybody stopped ordering:
// whatever can end by itself must have ended, and no money rests anywhere but
// with its owner.
func TestNothingIsLeftOver(t *testing.T) {
	c := leapMonth(t)
	if !testing.Short() { // a short month has hardly enough for everybody's turn
		c.Orders /= 2
	}
	s := newStage(t, storetest.SQLitePath(t), c)
	s.must(s.Populate(t.Context()))
	s.must(s.Live(t.Context(), c.Until))
	s.must(s.Wind(t.Context(), 400*24*time.Hour))
	s.check()
	end := c.Until.Add(400 * 24 * time.Hour)
	s.sound(end)
	for _, r := range s.records(end) {
		switch r.table {
		case "orders":
			state := r.row["state"].(string)
			if !strings.Contains("completed cancelled abandoned refunded", state) || r.row["next_at"] != nil {
				t.Errorf("%s stands in %s with a deadline at %v", r.row["ref"], state, r.row["next_at"])
			}
		case "cases":
			if r.row["state"] != "closed" {
				t.Errorf("case %v about %v is %v", r.row["ref"], r.row["kind"], r.row["state"])
			}
		case "offers":
			if r.row["state"] == "open" {
				t.Errorf("the offer %v is open for ever", r.row["id"])
			}
		case "order_asks":
			t.Errorf("a request of %v waits for an answer for ever", r.row["order_id"])
		case "events":
			if r.row["couriered_at"] == nil {
				t.Errorf("%v of %v was never told", r.row["kind"], r.row["stream"])
			}
		case "jobs":
			if r.row["state"] != "done" {
				t.Errorf("a job is %v: %v", r.row["state"], r.row["last_error"])
			}
		case "sandbox_messages":
			if r.row["delivered_at"] == nil {
				t.Errorf("the message %v never arrived", r.row["id"])
			}
		case "entries":
			if r.row["seal"] == nil {
				t.Errorf("entry %v %v is not sealed", r.row["stream"], r.row["no"])
			}
		}
	}
}

// check looks at what the world counted: crooks gain nothing, and the honest
// are refused nothing.
func (s *stage) check() {
	s.t.Helper()
	tally := s.Tally()
	for _, gain := range tally.Gains {
		s.t.Errorf("a cheat gained: %s", gain)
	}
	for what, n := range tally.Surprises {
		s.t.Errorf("honest people were refused %d times: %s", n, what)
	}
	if len(tally.Cheats) < 15 || tally.Orders == 0 || len(tally.Turns) == 0 {
		s.t.Errorf("hardly anybody cheated, settled anything or ordered: %+v", tally)
	}
}

// oneReviewEach looks at what the house looked at because too many orders ended
// without blame: each seller once, and those who collude among them.
func (s *stage) oneReviewEach(at time.Time) {
	s.t.Helper()
	reviews := map[any]int{}
	for _, r := range s.records(at) {
		if r.table == "cases" && r.row["kind"] == "blameless" {
			reviews[r.row["other_id"]]++
		}
	}
	for who, n := range reviews {
		if n > 1 {
			s.t.Errorf("the house looked %d times at %v within a month", n, who)
		}
	}
	if len(reviews) == 0 && !testing.Short() {
		s.t.Error("the house looked at nobody, and some colluded")
	}
}

func (s *stage) export(at time.Time) []byte {
	s.t.Helper()
	var out bytes.Buffer
	_, err := s.market(at).Export(context.Background(), &out)
	s.must(err)
	return out.Bytes()
}

// around is the part of a line where it begins to differ from another.
func around(line, other []byte) []byte {
	at := 0
	for at < min(len(line), len(other)) && line[at] == other[at] {
		at++
	}
	head := line[:min(len(line), 40)]
	return append(append(bytes.Clone(head), " … "...), line[max(0, at-60):min(len(line), at+120)]...)
}

// differ is the first line in which two exports differ, in both spellings.
func differ(a, b []byte) string {
	if sha256.Sum256(a) == sha256.Sum256(b) {
		return ""
	}
	left, right := bytes.Split(a, []byte("\n")), bytes.Split(b, []byte("\n"))
	for i := range min(len(left), len(right)) {
		if !bytes.Equal(left[i], right[i]) {
			return fmt.Sprintf("line %d\n%s\n%s", i+1, around(left[i], right[i]), around(right[i], left[i]))
		}
	}
	return fmt.Sprintf("%d lines and %d lines", len(left), len(right))
}

// poorHauls says what crooks got who want a name that they did not earn. What
// the rules leave them is bought: each order with its commission, each account
// one buyer, each order one review.
func (s *stage) poorHauls() {
	s.t.Helper()
	hauls := s.Tally().Hauls
	for _, name := range []string{"wash trader", "sock puppet", "extortionist", "review bomber"} {
		h := hauls[name]
		s.t.Logf("%s, %d times: %d orders of %d new buyers, %d levels, %d reviews that stand, %d tombstones, got %d and paid %d minor units",
			name, h.Done, h.Orders, h.Buyers, h.Levels, h.Shown, h.Tombs, h.Got, h.Cost)
		if h.Done == 0 && !testing.Short() {
			s.t.Errorf("nobody came to the end of it: %s", name)
		}
		if h.Got != 0 || h.Levels != 0 {
			s.t.Errorf("%s got %d minor units and %d levels", name, h.Got, h.Levels)
		}
	}
	if h := hauls["wash trader"]; h.Buyers > h.Done || h.Shown > h.Orders || h.Done > 0 && h.Cost == 0 {
		s.t.Errorf("washing is too cheap: %+v", h)
	}
	for _, name := range []string{"extortionist", "review bomber"} {
		if h := hauls[name]; h.Shown != 0 || h.Tombs != h.Done {
			s.t.Errorf("the stars of %s stand: %+v", name, h)
		}
	}
}
