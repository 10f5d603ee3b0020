package standing_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/order"
	"guildhall/internal/policy"
	"guildhall/internal/standing"
)

// person is a sheet made of round numbers, so that tables can say it in a line.
type person struct {
	days, completed, buyers int
	earned                  int64 // whole units of money
	done, counts            int   // of the completion rate
	onTime, deliveries      int
	answered, asked         int
	stars                   float64
	reviews, warnings       int
}

func (w person) sheet(now time.Time, p policy.Version) standing.Sheet {
	rate := func(f standing.Figure, n, of int) standing.Rate {
		return standing.Rate{Figure: f, For: n, Against: of - n, Enforced: of >= p.Standing.EnforceFrom}
	}
	s := standing.Sheet{
		At: now, Days: w.days, Completed: w.completed, UniqueBuyers: w.buyers, Earned: w.earned * 100,
		Completion: rate(standing.Completion, w.done, w.counts), OnTime: rate(standing.OnTime, w.onTime, w.deliveries),
		Response: rate(standing.Response, w.answered, w.asked),
		Rating:   standing.Mean{N: w.reviews, Sum: int64(w.stars*10+0.5) * standing.Star / 10 * int64(w.reviews)},
	}
	for range w.warnings {
		s.Warnings = append(s.Warnings, standing.Warning{ID: "warning_1", Given: now, Until: now.Add(day)})
	}
	return s
}

// mara is somebody who meets Level 1 of both ladders with nothing to spare.
func mara() person {
	return person{days: 60, completed: 10, buyers: 3, earned: 400, done: 9, counts: 10, onTime: 9, deliveries: 10, answered: 9, asked: 10, stars: 4.7, reviews: 3}
}

// TestLadders: who carries which level, on both ladders, and what keeps the
// others from it.
func TestLadders(t *testing.T) {
	for _, c := range []struct {
		name     string
		change   func(*person)
		approved string
		classic  string // the level, and what is missing for Level 1
		modern   string
	}{
		{"just enough", func(*person) {}, "", "level_1", "level_1"},
		{"a day too young", func(w *person) { w.days = 59 }, "", "days", "level_1"},
		{"nine orders", func(w *person) { w.completed = 9 }, "", "completed", "level_1"},
		{"four orders", func(w *person) { w.completed = 4 }, "", "completed", "completed"},
		{"two buyers", func(w *person) { w.buyers = 2 }, "", "level_1", "unique_buyers"},
		{"one short of the money", func(w *person) { w.earned = 399 }, "", "earned", "earned"},
		{"89.9 %", func(w *person) { w.done, w.counts = 2249, 2501 }, "", "completion", "level_1"},
		{"6 of 7 is not enforced", func(w *person) { w.done, w.counts = 6, 7 }, "", "level_1", "level_1"},
		{"late once more", func(w *person) { w.onTime = 8 }, "", "on_time", "level_1"},
		{"slow to answer", func(w *person) { w.answered = 8 }, "", "response", "level_1"},
		{"slower", func(w *person) { w.answered = 7 }, "", "response", "response"},
		{"4.6 stars", func(w *person) { w.stars = 4.6 }, "", "rating", "level_1"},
		{"4.3 stars", func(w *person) { w.stars = 4.3 }, "", "rating", "rating"},
		{"no review at all", func(w *person) { w.reviews = 0 }, "", "rating", "rating"},
		{"warned", func(w *person) { w.warnings = 1 }, "", "warnings", "level_1"},
		{"two steps up at once", func(w *person) { w.days, w.completed, w.buyers, w.earned = 120, 50, 10, 2000 }, "", "level_2", "level_2"},
		{"all for the top but a yes", func(w *person) { w.days, w.completed, w.buyers, w.earned = 180, 100, 20, 20_000 }, "", "level_2", "top"},
		{"with a yes", func(w *person) { w.days, w.completed, w.buyers, w.earned = 180, 100, 20, 20_000 }, "top", "top", "top"},
		{"a yes alone", func(w *person) { w.days = 179; w.completed, w.buyers, w.earned = 100, 20, 20_000 }, "top", "level_2", "top"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := mara()
			c.change(&w)
			for i, p := range profiles(t) {
				s := w.sheet(dawn, p)
				var got string
				if at := highest(s, p, c.approved); at >= 0 {
					got = p.Standing.Levels[at].Name
				} else {
					got = lacks(p.Standing.Levels[0], s, p)
				}
				if want := []string{c.classic, c.modern}[i]; got != want {
					t.Errorf("%s: %s, want %s", p.Profile, got, want)
				}
			}
		})
	}
}

// highest is the place on the ladder that the figures carry, -1 for none.
func highest(s standing.Sheet, p policy.Version, approved string) int {
	at := -1
	for i, l := range p.Standing.Levels {
		if standing.Meets(l, s) && (!l.Approval || l.Name == approved) {
			at = i
		}
	}
	return at
}

// lacks names the requirements that are not met, and needs each to say so.
func lacks(l policy.Level, s standing.Sheet, p policy.Version) string {
	var names []string
	for _, r := range standing.Requirements(l, s, p, standing.State{}) {
		switch {
		case r.Required == "" || r.Mine == "":
			names = append(names, "no words for "+string(r.Figure))
		case !r.Met && (r.Missing == "" || r.Todo == ""):
			names = append(names, "nothing to do about "+string(r.Figure))
		case !r.Met:
			names = append(names, string(r.Figure))
		}
	}
	return strings.Join(names, " ")
}

// TestRequirements: the table of "why am I not Level 1" in words.
func TestRequirements(t *testing.T) {
	p := classic(t)
	w := person{days: 75, completed: 7, earned: 310, done: 6, counts: 7, onTime: 8, deliveries: 10, answered: 17, asked: 20, stars: 4.6, reviews: 5, warnings: 1}
	var got strings.Builder
	for _, r := range standing.Requirements(p.Standing.Levels[0], w.sheet(dawn, p), p, standing.State{}) {
		fmt.Fprintf(&got, "%s: %s / %s / %s (%v, %v)\n", r.Figure, r.Required, r.Mine, r.Missing, r.Met, r.Enforced)
	}
	want := `days: 60 days / 75 days /  (true, true)
completed: 10 orders / 7 orders / 3 orders (false, true)
earned: $400.00 / $310.00 / $90.00 (false, true)
completion: at least 90 % / 85.7 % (6 of 7) /  (true, false)
on_time: at least 90 % / 80.0 % (8 of 10) / 10 more in a row (false, true)
response: at least 90 % / 85.0 % (17 of 20) / 10 more in a row (false, true)
rating: at least 4.7 / 4.6 (5 reviews) / 2 five-star reviews (false, true)
warnings: no warning / 1 warning / the end of 1 warning (false, true)
`
	if got.String() != want {
		t.Errorf("got\n%s\nwant\n%s", got.String(), want)
	}
}

// TestDemotion: warned at once, down on the policy's day after the notice and
// not before, to what is met then; back before that day ends it.
func TestDemotion(t *testing.T) {
	p := classic(t)
	at := func(text string) time.Time {
		v, err := time.Parse("2006-01-02 15:04", text)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for now, falls := range map[string]string{
		"2026-03-01 00:00": "2026-03-15 00:00", "2026-03-01 00:01": "2026-04-15 00:00", "2026-03-15 00:00": "2026-04-15 00:00",
		"2026-12-20 10:00": "2027-01-15 00:00", "2026-02-28 23:59": "2026-03-15 00:00",
	} {
		if got := standing.DemotionDay(at(now), p); !got.Equal(at(falls)) {
			t.Errorf("warned %s falls %s, want %s", now, got, falls)
		}
	}
	good, bad := mara(), mara()
	bad.onTime = 8
	st := standing.State{Member: "member_mara"}
	story := ""
	step := func(when string, w person) {
		now := at(when)
		next, set := standing.Evaluate(now, st, w.sheet(now, p), p)
		st = next
		for _, e := range set.Events {
			story += fmt.Sprintf("%s %s %s→%s; ", when[:10], e.Kind, e.From, e.To)
		}
	}
	step("2026-03-02 09:00", good)
	step("2026-03-10 09:00", bad)
	step("2026-04-14 09:00", bad)
	step("2026-04-14 23:59", good)
	step("2026-04-20 09:00", bad)
	step("2026-05-14 09:00", bad)
	step("2026-05-15 00:00", bad)
	step("2026-05-16 00:00", bad)
	step("2026-05-17 00:00", good)
	want := "2026-03-02 level.promoted →level_1; 2026-03-10 level.warned level_1→level_1; 2026-04-14 level.recovered level_1→level_1; " +
		"2026-04-20 level.warned level_1→level_1; 2026-05-15 level.demoted level_1→; 2026-05-17 level.promoted →level_1; "
	if story != want {
		t.Errorf("got  %s\nwant %s", story, want)
	}
}

// TestApproval: the house is asked once, its yes takes effect at once and stands
// as long as the level, its no can be followed by a yes.
func TestApproval(t *testing.T) {
	p := classic(t)
	w := mara()
	w.days, w.completed, w.earned = 180, 100, 20_000
	ada := member.Actor{Member: "member_ada", Role: member.RoleAgent}
	st := settledSheet(w.sheet(dawn, p), p)
	if st.Level != "level_2" || st.Ready != "top" || !st.ReadyAt.Equal(dawn) {
		t.Fatalf("all but a yes: %+v", st)
	}
	if _, _, err := standing.Approve(dawn, standing.State{}, w.sheet(dawn, p), ada, "x", p); err == nil {
		t.Error("nobody asked, and the house said yes")
	}
	if _, _, err := standing.Approve(dawn, st, w.sheet(dawn, p), ada, " ", p); err == nil {
		t.Error("a yes without a reason")
	}
	no, set, err := standing.Decline(dawn, st, ada, "Not yet", p)
	if err != nil || no.Level != "level_2" || no.Declined.Why != "Not yet" || len(set.Events) != 1 || set.Events[0].Actor != ada.Member {
		t.Fatalf("declined: %+v %v %v", no, set, err)
	}
	yes, set, err := standing.Approve(dawn, no, w.sheet(dawn, p), ada, "Fine work", p)
	if err != nil || yes.Level != "top" || yes.Ready != "" || yes.Declined.Level != "" || len(set.Events) != 2 {
		t.Fatalf("approved: %+v %v %v", yes, set, err)
	}
	w.onTime = 0
	fallen := yes
	for _, at := range []time.Time{dawn.Add(day), standing.DemotionDay(dawn.Add(day), p)} {
		fallen, _ = standing.Evaluate(at, fallen, w.sheet(at, p), p)
	}
	if fallen.Level != "" || fallen.Approved.Level != "" {
		t.Errorf("fallen: %+v", fallen)
	}
}

func settledSheet(s standing.Sheet, p policy.Version) standing.State {
	st, _ := standing.Evaluate(s.At, standing.State{Member: "member_mara"}, s, p)
	return st
}

// TestEvaluateHolds: whatever the figures do, all met and not promoted cannot
// be, nobody falls without a notice or on another day, and histories are
// numbered without a gap.
func TestEvaluateHolds(t *testing.T) {
	all := profiles(t)
	rapid.Check(t, func(t *rapid.T) {
		p := quick(t, all)
		now := dawn
		st := standing.State{Member: "member_mara"}
		for range rapid.IntRange(1, 25).Draw(t, "turns") {
			now = now.Add(time.Duration(rapid.IntRange(1, 20*24).Draw(t, "hours")) * time.Hour)
			if !st.DemotesAt.IsZero() && now.After(st.DemotesAt) {
				now = st.DemotesAt // the sweep comes as of its own instants
			}
			s := somePast(t, now).Sheet(now, p)
			was := st
			next, set := standing.Evaluate(now, st, s, p)
			st = next
			met := highest(s, p, st.Approved.Level)
			held := slices.IndexFunc(p.Standing.Levels, func(l policy.Level) bool { return l.Name == st.Level })
			if met > held {
				t.Fatalf("all met for %d and not promoted: %d", met, held)
			}
			if (met < held) == st.DemotesAt.IsZero() {
				t.Fatalf("carries %d, has %d, falls %s", met, held, st.DemotesAt)
			}
			for i, e := range set.Events {
				if e.Seq != was.Seq+i+1 || !e.At.Equal(now) {
					t.Fatalf("event %d at %s", e.Seq, e.At)
				}
				if e.Kind == standing.LevelDemoted && (!now.Equal(was.DemotesAt) || now.Day() != p.Standing.DemotionDay || now.Sub(was.WarnedAt) < p.Standing.DemotionNotice.D()) {
					t.Fatalf("fell on %s, warned %s for %s", now, was.WarnedAt, was.DemotesAt)
				}
			}
			if again, more := standing.Evaluate(now, st, s, p); len(more.Events) > 0 || again.Level != st.Level {
				t.Fatalf("looked at twice: %v", more.Events)
			}
		}
	})
}

// TestPreviewOfLevels: what is foretold of figures and level is what the fold
// with the order in it says, for all of them.
func TestPreviewOfLevels(t *testing.T) {
	all := profiles(t)
	rapid.Check(t, func(t *rapid.T) {
		p, now := quick(t, all), dawn
		past := somePast(t, now)
		st := settled(past, now, p)
		was := someOrder(t, "order_new", now)
		past.Lines = append(past.Lines, ofMember(standing.Of(was, p), "member_mara")...)
		next := someOrder(t, "order_new", now)
		if next.State == order.Completed {
			next.Life.Settled.Seller = rapid.Int64Range(0, 5000).Draw(t, "paid")
		}
		at := now.Add(time.Duration(rapid.IntRange(0, 48).Draw(t, "later")) * time.Hour)
		then := past
		then.Lines = slices.DeleteFunc(slices.Clone(past.Lines), func(c standing.Contribution) bool { return c.Subject == "order_new" })
		then.Lines = append(then.Lines, ofMember(standing.Of(next, p), "member_mara")...)
		before, after := past.Sheet(at, p), then.Sheet(at, p)
		told := map[standing.Figure][2]string{}
		for _, c := range standing.Preview(past, "member_mara", standing.TurnOf(was, next, p), at, p) {
			told[c.Figure] = c.Says
		}
		for _, f := range standing.All() {
			want := [2]string{before.Text(f, p), after.Text(f, p)}
			if got, ok := told[f]; ok && got != want || !ok && want[0] != want[1] {
				t.Fatalf("%s: foretold %v (%v), it is %v", f, got, ok, want)
			}
		}
		c := standing.PreviewLevel(past, st, standing.TurnOf(was, next, p), at, p)
		a, _ := standing.Evaluate(at, st, before, p)
		b, _ := standing.Evaluate(at, st, after, p)
		if c.Before != a.Level || c.After != b.Level || !c.Demotes[0].Equal(a.DemotesAt) || !c.Demotes[1].Equal(b.DemotesAt) {
			t.Fatalf("foretold %+v, it is %+v and %+v", c, a, b)
		}
	})
}

// TestHeapedPasts: a past most of which lies in heaps gives the same sheet as
// long as it is firm, and looks at least as often.
func TestHeapedPasts(t *testing.T) {
	all := profiles(t)
	rapid.Check(t, func(t *rapid.T) {
		now := dawn
		p, past := quick(t, all), somePast(t, now)
		heaped := inHeaps(past, now, p)
		st := settled(past, now, p)
		for at := now; at.Before(heaped.Firm); at = at.Add(tick) {
			if a, b := numbers(past.Sheet(at, p), p), numbers(heaped.Sheet(at, p), p); a != b {
				t.Fatalf("on %s, one by one\n%s\nin heaps\n%s", at, a, b)
			}
		}
		one, heap := nextChange(past, st, now, p), nextChange(heaped, st, now, p)
		if !one.IsZero() && heap.After(one) {
			t.Fatalf("one by one the next change is %s, in heaps %s", one, heap)
		}
	})
}

// inHeaps puts everything that stays where it is for five days into heaps.
func inHeaps(past standing.Past, now time.Time, p policy.Version) standing.Past {
	out := standing.Past{From: past.From, Warnings: past.Warnings, Firm: now.Add(5 * day)}
	type key struct {
		f standing.Figure
		m standing.Mark
		n int
	}
	heaps := map[key]*standing.Heap{}
	var keys []key
	peers := map[ident.Member]bool{}
	enough := map[standing.Figure]int{}
	window := func(c standing.Contribution) time.Duration {
		if c.Figure == standing.Rating {
			return p.Standing.RatingWindow.D()
		}
		return p.Standing.Window.D()
	}
	for _, c := range past.Lines {
		if c.Mark != standing.Excluded && c.At.After(now.Add(5*day-window(c))) && !c.At.After(now) {
			enough[c.Figure]++
		}
		if c.Figure == standing.Completion && c.Mark == standing.For {
			peers[c.Peer] = true
		}
	}
	for _, c := range past.Lines {
		inside := c.At.After(now.Add(5*day - window(c)))
		rate := c.Figure != standing.Rating && c.Figure != standing.Earned
		if c.At.After(now) || rate && enough[c.Figure] < p.Standing.EnforceFrom || !inside && c.At.After(now.Add(-window(c))) {
			out.Lines = append(out.Lines, c)
			continue
		}
		k := key{c.Figure, c.Mark, 0}
		if !inside {
			k.n = 1
		}
		h := heaps[k]
		if h == nil {
			h = &standing.Heap{Figure: c.Figure, Mark: c.Mark, From: c.At, To: c.At}
			heaps[k] = h
			keys = append(keys, k)
		}
		h.N, h.Sum = h.N+1, h.Sum+c.Value
		if c.At.Before(h.From) {
			h.From = c.At
		}
		if c.At.After(h.To) {
			h.To = c.At
		}
	}
	for _, k := range keys {
		out.Heaps = append(out.Heaps, *heaps[k])
	}
	out.Buyers = &standing.Buyers{Others: len(peers)}
	return out
}

// TestWhatIsMissingIsWhatWouldDo: where the window reaches back, each further order
// lets an old one out of it. What the table asks for is what the way back says, and
// what is found by trying.
func TestWhatIsMissingIsWhatWouldDo(t *testing.T) {
	p := profiles(t)[0]
	var past standing.Past
	add := func(i int, at time.Time, m standing.Mark) {
		subject := fmt.Sprintf("order_%03d", i)
		past.Lines = append(past.Lines, standing.Contribution{Figure: standing.Completion, Member: "member_mara", Subject: subject, Order: ident.Order(subject), At: at, Mark: m})
	}
	for i := range 10 { // the three oldest are against, and lie outside of the window alone
		mark, ago := standing.For, 5+i
		if i >= 5 {
			ago = 90 + i
		}
		if i >= 7 {
			mark = standing.Against
		}
		add(i, dawn.Add(-time.Duration(ago)*day), mark)
	}
	level := p.Standing.Levels[0]
	missing := func() standing.Requirement {
		for _, r := range standing.Requirements(level, past.Sheet(dawn, p), p, standing.State{}) {
			if r.Figure == standing.Completion {
				return r
			}
		}
		t.Fatal("no such requirement")
		return standing.Requirement{}
	}
	said := missing()
	need := standing.Recover(past, dawn, standing.Completion, level, p).Now()
	if want := fmt.Sprintf("%d more in a row", need); said.Met || said.Missing != want {
		t.Errorf("the table says %q, the way back %q", said.Missing, want)
	}
	for n := 0; !missing().Met; n++ {
		if n == need {
			t.Fatalf("%d were not enough", n)
		}
		add(100+n, dawn, standing.For)
	}
}
