package standing_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"guildhall/internal/effect"
	"guildhall/internal/ident"
	"guildhall/internal/policy"
	"guildhall/internal/standing"
)

// profiles are both rulebooks that ship.
func profiles(t testing.TB) []policy.Version {
	t.Helper()
	var list []policy.Version
	for _, name := range policy.Profiles() {
		_, doc, err := policy.Profile(name)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, policy.Version{ID: ident.Policy("policy_" + name), Document: doc})
	}
	return list
}

// tick is how exactly the histories below are told, so that walking from tick to
// tick meets every instant at which something can happen.
const tick = 6 * time.Hour

// quick is a rulebook with the windows and thresholds of one that ships, made so
// small that short histories go up and down its ladder.
func quick(t *rapid.T, all []policy.Version) policy.Version {
	p := all[rapid.IntRange(0, len(all)-1).Draw(t, "profile")]
	levels := slices.Clone(p.Standing.Levels)
	for i := range levels {
		levels[i].Days = min(levels[i].Days, 20*(i+1))
		levels[i].Completed = 2 * (i + 1)
		levels[i].UniqueBuyers = min(levels[i].UniqueBuyers, i+1)
		levels[i].Earned = policy.Price(1000 * (i + 1))
	}
	p.Standing.Levels = levels
	p.Standing.EnforceFrom = rapid.IntRange(1, 6).Draw(t, "enforced from")
	p.Standing.Window, p.Standing.RatingWindow = policy.Duration(20*day), policy.Duration(60*day)
	p.Standing.ReachBack = policy.Duration(50 * day)
	return p
}

// somePast is a history up to now, with questions still to come.
func somePast(t *rapid.T, now time.Time) standing.Past {
	past := standing.Past{From: now.Add(-time.Duration(rapid.IntRange(0, 400).Draw(t, "days")) * tick)}
	at := func(name string, least int) time.Time {
		return now.Add(-time.Duration(rapid.IntRange(least, 280).Draw(t, name)) * tick)
	}
	add := func(f standing.Figure, i int, at time.Time, m standing.Mark, value int64) {
		subject := fmt.Sprintf("order_%03d", i)
		past.Lines = append(past.Lines, standing.Contribution{
			Figure: f, Member: "member_mara", Subject: subject, Order: ident.Order(subject), At: at, Mark: m, Value: value,
			Peer: ident.Member(fmt.Sprintf("member_%d", i%5)),
		})
	}
	mark := rapid.SampledFrom([]standing.Mark{standing.For, standing.For, standing.For, standing.Against, standing.Excluded})
	for i := range rapid.IntRange(0, 14).Draw(t, "orders") {
		ended, m := at("ended", 0), mark.Draw(t, "mark")
		add(standing.Completion, i, ended, m, 0)
		if m == standing.For {
			add(standing.Earned, i, ended, m, rapid.Int64Range(300, 2000).Draw(t, "earned"))
		}
		if rapid.Bool().Draw(t, "delivered") {
			add(standing.OnTime, i, ended, rapid.SampledFrom([]standing.Mark{standing.For, standing.For, standing.Against}).Draw(t, "on time"), 0)
		}
		if m == standing.For && rapid.Bool().Draw(t, "rated") {
			stars, m := rapid.Int64Range(9, 15).Draw(t, "stars"), rapid.SampledFrom([]standing.Mark{standing.For, standing.For, standing.Excluded}).Draw(t, "shown")
			add(standing.Rating, i, ended, m, stars*standing.Star/3)
		}
	}
	for i := range rapid.IntRange(0, 6).Draw(t, "questions") {
		add(standing.Response, 500+i, at("asked", -8), mark.Draw(t, "answered"), 0)
	}
	for i := range rapid.IntRange(0, 2).Draw(t, "warnings") {
		w := standing.Warning{ID: ident.Warning(fmt.Sprintf("warning_%d", i)), Given: at("given", 0)}
		w.Until = w.Given.Add(30 * day)
		past.Warnings = append(past.Warnings, w)
	}
	return past
}

// numbers is a sheet in one line.
func numbers(s standing.Sheet, p policy.Version) string {
	text := ""
	for _, f := range standing.All() {
		if f != standing.Days && f != standing.BuyerRecord {
			text += fmt.Sprintf("%s %s; ", f, s.Text(f, p))
		}
	}
	for _, r := range s.Rates() {
		text += fmt.Sprintf("%v ", r.Enforced)
	}
	return text + fmt.Sprint(s.Rating.Sum, s.Rating.Removed, s.Rating.LifeSum, s.Rating.LifeN)
}

// settled is a state that has been looked at now.
func settled(past standing.Past, now time.Time, p policy.Version) standing.State {
	st, _ := standing.Evaluate(now, standing.State{Member: "member_mara"}, past.Sheet(now, p), p)
	return st
}

// nextChange is when time alone moves a state next that has been looked at now.
func nextChange(past standing.Past, st standing.State, now time.Time, p policy.Version) time.Time {
	st, _ = standing.Settle(past, st, now, p)
	return st.NextAt
}

// TestWalk walks from tick to tick and holds three promises against what comes:
// Settle never misses a change and names none that does not come, each step
// of the forecast is what the figures and the level are then, and between two
// steps no figure moves.
func TestWalk(t *testing.T) {
	all := profiles(t)
	rapid.Check(t, func(t *rapid.T) {
		now := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC).Add(time.Duration(rapid.IntRange(0, 200).Draw(t, "now")) * tick)
		p, past := quick(t, all), somePast(t, now)
		st := settled(past, now, p)
		next, steps := nextChange(past, st, now, p), standing.Forecast(past, st, now, p)
		first, last := time.Time{}, numbers(past.Sheet(now, p), p)
		walked := st
		end := now.Add(p.Standing.ReachBack.D())
		for at := now.Add(tick); !at.After(end); at = at.Add(tick) {
			s := past.Sheet(at, p)
			moved, set := standing.Evaluate(at, walked, s, p)
			if first.IsZero() && (len(set.Events) > 0 || moved.Ready != walked.Ready) {
				first = at
			}
			walked = moved
			figures := numbers(s, p)
			if len(steps) > 0 && steps[0].At.Equal(at) {
				step := steps[0]
				steps = steps[1:]
				if got := numbers(step.Sheet, p); got != figures {
					t.Fatalf("forecast of %s:\n%s\nit came:\n%s", at, got, figures)
				}
				if step.Level != walked.Level || !step.State.DemotesAt.Equal(walked.DemotesAt) || step.State.Ready != walked.Ready {
					t.Fatalf("forecast of %s: level %q, falls %s; it came %q, %s", at, step.Level, step.State.DemotesAt, walked.Level, walked.DemotesAt)
				}
			} else if figures != last || len(set.Events) > 0 {
				t.Fatalf("nothing was forecast for %s, and\n%s\nbecame\n%s, %d events", at, last, figures, len(set.Events))
			}
			last = figures
		}
		if len(steps) > 0 {
			t.Fatalf("forecast steps that the walk never met: %s", steps[0].At)
		}
		if !first.Equal(next) && !(first.IsZero() && next.After(end)) {
			t.Fatalf("the next change is named as %s, it came on %s", next, first)
		}
	})
}

// TestForecastByComingRules: rules that are known to come are what a level goes
// by once they are there, in the forecast as in what happens.
func TestForecastByComingRules(t *testing.T) {
	all := profiles(t)
	rapid.Check(t, func(t *rapid.T) {
		now := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
		rules, past := []policy.Version{quick(t, all)}, somePast(t, now)
		for i := range rapid.IntRange(1, 2).Draw(t, "changes") {
			next := quick(t, all)
			next.ID, next.Effective = ident.Policy(fmt.Sprintf("policy_%d", i)), now.Add(time.Duration(1+40*i+rapid.IntRange(0, 39).Draw(t, "effective"))*tick)
			next.Standing.Window = policy.Duration(time.Duration(rapid.IntRange(5, 50).Draw(t, "window")) * day)
			rules = append(rules, next)
		}
		st := settled(past, now, rules[0])
		steps := standing.Forecast(past, st, now, rules[0], rules[1:]...)
		last := ""
		for at := now; !at.After(now.Add(rules[0].Standing.ReachBack.D())); at = at.Add(tick) {
			p, _ := policy.InForce(rules, at)
			s := past.Sheet(at, p)
			figures := numbers(s, p)
			if at.After(now) {
				var set effect.Set
				st, set = standing.Evaluate(at, st, s, p)
				step := standing.Step{}
				if len(steps) > 0 && steps[0].At.Equal(at) {
					step, steps = steps[0], steps[1:]
				} else if figures != last || len(set.Events) > 0 || p.Effective.Equal(at) {
					t.Fatalf("nothing was forecast for %s, and\n%s\nbecame\n%s, %d events", at, last, figures, len(set.Events))
				}
				if !step.At.IsZero() && (numbers(step.Sheet, p) != figures || step.Level != st.Level || !step.State.DemotesAt.Equal(st.DemotesAt) || step.State.Ready != st.Ready) {
					t.Fatalf("forecast of %s: %q until %s\n%s\nit came %q until %s\n%s", at, step.Level, step.State.DemotesAt, numbers(step.Sheet, p), st.Level, st.DemotesAt, figures)
				}
				if (step.Rules != "") != p.Effective.Equal(at) {
					t.Fatalf("on %s the rules %q are said to take effect", at, step.Rules)
				}
			}
			last = figures
		}
		if len(steps) > 0 {
			t.Fatalf("forecast steps that the walk never met: %s", steps[0].At)
		}
	})
}

// TestEarly: whoever is spared reading has nothing to lose by it.
func TestEarly(t *testing.T) {
	all := profiles(t)
	rapid.Check(t, func(t *rapid.T) {
		now := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
		p, past := quick(t, all), somePast(t, now)
		s := past.Sheet(now, p)
		next, quiet := standing.Early(standing.State{}, past.From, s.Completed, now, p)
		if !quiet {
			return
		}
		st := settled(past, now, p)
		if st.Level != "" || st.Ready != "" {
			t.Fatalf("somebody quiet carries %q, waits for %q", st.Level, st.Ready)
		}
		if change := nextChange(past, st, now, p); !change.IsZero() && (next.IsZero() || change.Before(next)) {
			t.Fatalf("quiet until %s, but moves on %s", next, change)
		}
	})
}

// TestRecoveryIsBruteForce tries one more after the other, at every tick.
func TestRecoveryIsBruteForce(t *testing.T) {
	all := profiles(t)
	rapid.Check(t, func(t *rapid.T) {
		now := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
		p, past := quick(t, all), somePast(t, now)
		level := rapid.SampledFrom(p.Standing.Levels).Draw(t, "level")
		level.Completion = rapid.SampledFrom([]policy.Percent{5000, 8000, 9000, 10_000}).Draw(t, "threshold")
		level.OnTime, level.Response = level.Completion, level.Completion
		for _, f := range []standing.Figure{standing.Completed, standing.Completion, standing.OnTime, standing.Response, standing.Rating} {
			r := standing.Recover(past, now, f, level, p)
			for at := now; at.Before(now.Add(p.Standing.ReachBack.D())); at = at.Add(5 * tick) {
				if got, want := r.At(at), bruteForce(past, at, f, level, p); got != want {
					t.Fatalf("%s for %s on %s: %d more, by brute force %d (%s)", f, level.Name, at, got, want, past.Sheet(at, p).Text(f, p))
				}
			}
		}
	})
}

// bruteForce adds one more after the other until the table of requirements is
// content; -1 where a hundred are not enough.
func bruteForce(past standing.Past, at time.Time, f standing.Figure, level policy.Level, p policy.Version) int {
	more := past
	more.Lines = slices.Clone(past.Lines)
	source := f
	if f == standing.Completed {
		source = standing.Completion
	}
	for n := range 100 {
		for _, r := range standing.Requirements(level, more.Sheet(at, p), p, standing.State{}) {
			if r.Figure == f && r.Met {
				return n
			}
		}
		more.Lines = append(more.Lines, standing.Contribution{
			Figure: source, Subject: fmt.Sprintf("order_z%03d", n), Peer: "member_new", At: at, Mark: standing.For, Value: 5 * standing.Star,
		})
	}
	return -1
}
