package api_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"guildhall/client"
	"guildhall/internal/member"
	"guildhall/internal/store/storetest"
)

// TestRehearsalsFromProgramToProgram rehearses a policy as an operator's program
// would, follows it to the seller who would rise and to their order, applies it,
// and finds them risen at the instant that was told.
func TestRehearsalsFromProgramToProgram(t *testing.T) {
	t.Parallel()
	for name, database := range map[string]func(testing.TB) string{"sqlite": storetest.SQLitePath, "postgres": storetest.PostgresURL} {
		t.Run(name, func(t *testing.T) {
			r := newReviewHouse(t, database(t))
			order, _ := r.completed()
			r.bothRate(order)
			r.offer(r.stranger) // sells too, and nothing would be otherwise
			r.advance("2d")
			olga := r.token(r.member("Olga Operator", true), member.ScopeRead, member.ScopeManage)
			source := r.policyWith(t, "days: 60 ", "days: 1 ", "completed: 10 ", "completed: 1 ", "earned: 400.00", "earned: 50.00", "commission: 10%", "commission: 20%")
			at := r.Market.Now().Add(2 * time.Hour).UTC().Truncate(time.Second)

			done := r.rehearsed(t, olga, source, at)
			r.sumsUp(t, done)
			r.opensDown(t, olga, done.ID, order)
			r.onlyOperators(t, olga, done.ID, source)
			r.comesTrue(t, olga, done.ID, source, at)
		})
	}
}

// bothRate lets both sides of an order give all their stars.
func (r *reviewHouse) bothRate(order string) {
	r.t.Helper()
	_, err := r.buyer.WriteReview(r.ctx, order, client.NewReview{Stars: allFive})
	r.must(err)
	_, err = r.seller.WriteReview(r.ctx, order, client.NewReview{Stars: map[string]int{"overall": 5}})
	r.must(err)
}

// policyWith is the policy in force with some words in the place of others.
func (r *reviewHouse) policyWith(t *testing.T, pairs ...string) string {
	t.Helper()
	now, err := r.seller.As("").Policy(r.ctx, "")
	r.must(err)
	source := now.Source
	for pair := range slices.Chunk(pairs, 2) {
		if !strings.Contains(source, pair[0]) {
			t.Fatalf("the policy does not say %q", pair[0])
		}
		source = strings.Replace(source, pair[0], pair[1], 1)
	}
	return source
}

// rehearsed starts a rehearsal and waits for its end.
func (r *reviewHouse) rehearsed(t *testing.T, olga *client.Client, source string, at time.Time) client.PolicyRehearsal {
	t.Helper()
	j, err := olga.RehearsePolicy(r.ctx, source, at, time.Time{}, time.Time{})
	r.must(err)
	for j.Ended.IsZero() {
		if j.Percent < 0 || j.Percent > 100 || j.Orders != nil {
			t.Fatalf("under way: %+v", j)
		}
		j, err = olga.Rehearsal(r.ctx, j.ID)
		r.must(err)
	}
	if !j.At.Equal(at) || !j.Until.After(at) || j.Percent != 100 || j.Against == "" || j.Started.IsZero() {
		t.Errorf("%+v", j)
	}
	return j
}

// sumsUp is what came of it in sums.
func (r *reviewHouse) sumsUp(t *testing.T, j client.PolicyRehearsal) {
	var paths []string
	for _, c := range j.Changes {
		paths = append(paths, c.Path)
	}
	if len(paths) != 4 || !slices.Contains(paths, "money.commission") || j.Failed != "" {
		t.Errorf("%q changes in %+v", paths, j)
	}
	if j.Sellers != 2 || len(j.Turns) != 1 || j.Turns["promoted"] != 1 {
		t.Errorf("of %d sellers %v", j.Sellers, j.Turns)
	}
	o := j.Orders
	if o == nil || o.Orders != 1 || o.Differ != 1 || o.Otherwise != 1 || o.Paid != [2]int64{7200, 6400} || o.Commission != [2]int64{800, 1600} {
		t.Fatalf("%+v", o)
	}
	if len(j.Classes) != 1 || j.Classes[0].Class != "" || j.Classes[0].RehearsedTotals != *o {
		t.Errorf("by class: %+v", j.Classes)
	}
}

// opensDown follows the sums to the seller and to their order.
func (r *reviewHouse) opensDown(t *testing.T, olga *client.Client, id, order string) {
	for only, n := range map[string]int{"": 1, "promoted": 1, "orders": 1, "warned": 0, "missed": 0} {
		list := collect(t, olga.RehearsedSellers(r.ctx, id, only))
		if len(list) != n {
			t.Errorf("%q: %+v", only, list)
			continue
		}
		for _, s := range list {
			if s.Member != r.me.ID || s.Handle != r.me.Handle || s.Level != "" || s.Orders.Differ != 1 || len(s.Turns) != 1 || s.Turns[0].Kind != "promoted" {
				t.Errorf("%q: %+v", only, s)
			}
		}
	}
	person, err := olga.RehearsedSeller(r.ctx, id, r.me.ID)
	r.must(err)
	if person.Name != r.me.Name || person.Today.Level != "" || person.Then.Level != "level_1" || len(person.Turns) != 1 {
		t.Errorf("%+v", person)
	}
	orders := collect(t, olga.RehearsedOrders(r.ctx, id, r.me.ID))
	if len(orders) != 1 || orders[0].Order != order || orders[0].Paid != [2]int64{7200, 6400} || orders[0].Counts != [2]bool{} || orders[0].Unless != "" {
		t.Errorf("%+v", orders)
	}
	other, err := r.stranger.Me(r.ctx)
	r.must(err)
	if none := collect(t, olga.RehearsedOrders(r.ctx, id, other.ID)); len(none) != 0 {
		t.Errorf("who sold nothing: %+v", none)
	}
	buyer, err := r.buyer.Me(r.ctx)
	r.must(err)
	_, err = olga.RehearsedSeller(r.ctx, id, buyer.ID)
	refusedWith(t, err, http.StatusNotFound, "")
	if runs, err := olga.Rehearsals(r.ctx); err != nil || len(runs) != 1 || runs[0].ID != id || runs[0].Orders == nil {
		t.Errorf("%+v %v", runs, err)
	}
}

// onlyOperators is what everybody else, and a wrong request, is told.
func (r *reviewHouse) onlyOperators(t *testing.T, olga *client.Client, id, source string) {
	none := time.Time{}
	asks := map[string]func(*client.Client, string) error{
		"start": func(c *client.Client, _ string) error {
			_, err := c.RehearsePolicy(r.ctx, source, none, none, none)
			return err
		},
		"list": func(c *client.Client, _ string) error { _, err := c.Rehearsals(r.ctx); return err },
		"look": func(c *client.Client, id string) error { _, err := c.Rehearsal(r.ctx, id); return err },
		"stop": func(c *client.Client, id string) error { _, err := c.StopRehearsal(r.ctx, id); return err },
		"sellers": func(c *client.Client, id string) error {
			for _, err := range c.RehearsedSellers(r.ctx, id, "") {
				return err
			}
			return nil
		},
		"seller": func(c *client.Client, id string) error { _, err := c.RehearsedSeller(r.ctx, id, r.me.ID); return err },
	}
	agent := r.seller.As(r.agent("Ann Agent"))
	for what, ask := range asks {
		for who, c := range map[string]*client.Client{"a seller": r.seller, "an agent": agent} {
			if got := status(ask(c, id)); got != http.StatusNotFound {
				t.Errorf("%s: %s: %d", who, what, got)
			}
		}
		if got := status(ask(r.seller.As(""), id)); got != http.StatusUnauthorized {
			t.Errorf("a guest: %s: %d", what, got)
		}
		if what == "start" || what == "list" {
			continue
		}
		if got := status(ask(olga, "none")); got != http.StatusNotFound {
			t.Errorf("one that there is not: %s: %d", what, got)
		}
	}
	for name, tt := range map[string]struct {
		source string
		at     time.Time
		status int
	}{
		"a broken file": {"profile: [\n", none, http.StatusUnprocessableEntity},
		"backwards":     {source, r.Market.Now().Add(-time.Hour), http.StatusUnprocessableEntity},
		"nothing new":   {r.policyWith(t), none, http.StatusConflict},
		"another money": {strings.Replace(source, "USD", "EUR", 1), none, http.StatusUnprocessableEntity},
	} {
		_, err := olga.RehearsePolicy(r.ctx, tt.source, tt.at, none, none)
		if status(err) != tt.status {
			t.Errorf("%s: %v, want %d", name, err, tt.status)
		}
	}
}

// comesTrue applies what was rehearsed. Until then nothing has changed.
func (r *reviewHouse) comesTrue(t *testing.T, olga *client.Client, id, source string, at time.Time) {
	before, err := r.seller.Standing(r.ctx)
	r.must(err)
	versions, err := olga.Policies(r.ctx)
	r.must(err)
	if before.Level.Name != "" || len(before.History) != 0 || len(versions) != 1 {
		t.Fatalf("the rehearsal has written: %+v %+v", before.Level, versions)
	}
	told, err := olga.RehearsedSeller(r.ctx, id, r.me.ID)
	r.must(err)
	_, err = olga.ApplyPolicy(r.ctx, source, at)
	r.must(err)
	r.advance("3h")
	after, err := r.seller.Standing(r.ctx)
	r.must(err)
	if after.Level.Name != told.Then.Level || after.Level.Since == nil || !after.Level.Since.Equal(told.Turns[0].At) {
		t.Errorf("told %+v, and it came %+v", told.Turns, after.Level)
	}
	r.keepsLevel(t, after.Level.Name)
}

// keepsLevel previews a cancellation of a new order: whatever the answer, a
// seller who has all that the level asks for is shown to keep it.
func (r *reviewHouse) keepsLevel(t *testing.T, level string) {
	placed := r.place(r.buyer, r.gig, goodCard)
	seen, err := r.seller.Preview(r.ctx, placed.Order, "requests", map[string]any{"kind": "cancel", "cause": "other", "reason": "It cannot go on."})
	r.must(err)
	if len(seen.Rows) != 3 {
		t.Errorf("%+v", seen.Rows)
	}
	for _, row := range seen.Rows {
		if l := row.Level; l == nil || l.Before != level || l.DemotesBefore != nil || row.Reply != "silence" && (l.Moves || l.DemotesAfter != nil) {
			t.Errorf("%s: %+v", row.Reply, l)
		}
	}
}

// TestARehearsalIsStopped stops one under way. A small house is rehearsed in no
// time, so it is tried until one is caught.
func TestARehearsalIsStopped(t *testing.T) {
	t.Parallel()
	r := newReviewHouse(t, storetest.SQLitePath(t))
	for range 3 {
		r.completed()
	}
	olga := r.token(r.member("Olga Operator", true), member.ScopeRead, member.ScopeManage)
	source, none := r.policyWith(t, "commission: 10%", "commission: 20%"), time.Time{}
	for try := 1; ; try++ {
		j, err := olga.RehearsePolicy(r.ctx, source, none, none, none)
		r.must(err)
		_, err = olga.StopRehearsal(r.ctx, j.ID)
		r.must(err)
		for j.Ended.IsZero() {
			j, err = olga.Rehearsal(r.ctx, j.ID)
			r.must(err)
		}
		if j.Failed == "" && j.Orders != nil && try < 200 {
			continue // it was over before
		}
		if j.Failed != "This rehearsal was stopped." || j.Orders != nil || j.Turns != nil {
			t.Fatalf("stopped: %+v", j)
		}
		for _, err := range olga.RehearsedSellers(r.ctx, j.ID, "") {
			refusedWith(t, err, http.StatusConflict, "")
		}
		return
	}
}
