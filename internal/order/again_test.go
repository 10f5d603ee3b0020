package order_test

import (
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"guildhall/internal/effect"
	"guildhall/internal/ledger"
	"guildhall/internal/member"
	"guildhall/internal/order"
	"guildhall/internal/policy"
)

// TestAgainIsWhatWouldHaveBeen lives random lives twice, under two policies that
// differ in what ends cost and count but not in who may do what: the end of the
// first, made again under the second policy, is the end of the second life.
func TestAgainIsWhatWouldHaveBeen(t *testing.T) {
	p := policy.Default("policy_test", dawn)
	q := p
	q.Money.Commission, q.Money.Clearance = 1250, policy.Duration(3*24*time.Hour)
	q.Cancellation.Effects = append([]policy.ClassEffect{}, p.Cancellation.Effects...)
	for i := range q.Cancellation.Effects {
		e := &q.Cancellation.Effects[i]
		e.Seller, e.Buyer = turned(e.Seller), turned(e.Buyer)
	}
	lives, ended, differs := 1_500, 0, 0
	if testing.Short() {
		lives = 300
	}
	for seed := range uint64(lives) {
		one, other := liveTwice(t, seed, p, q)
		if one.State != other.State || !one.EndedAt.Equal(other.EndedAt) {
			t.Fatalf("seed %d: %s at %s, and %s at %s: the policies differ in who may do what", seed, one.State, one.EndedAt, other.State, other.EndedAt)
		}
		same, err := one.Again(p, p)
		if err != nil || same.Unless != "" || same.Settled != one.Life.Settled || !same.Ends.Equal(one.EndedAt) || !same.Clears.Equal(one.Life.ClearsAt) ||
			!reflect.DeepEqual(same.Ending, one.Life.Ending) {
			t.Fatalf("seed %d: under its own policy the end is another one: %+v, %v", seed, same, err)
		}
		again, err := one.Again(p, q)
		if err != nil {
			t.Fatal(err)
		}
		if !one.State.Ended() {
			continue
		}
		ended++
		kept := one.Life.Settled.Seller != 0 && other.Life.Settled.Seller != 0 // of what was taken back nothing clears any more
		if !reflect.DeepEqual(again.Ending, other.Life.Ending) || kept && !again.Clears.Equal(other.Life.ClearsAt) || again.Unless != "" {
			t.Fatalf("seed %d: again %+v %s %q; it would be %+v %s", seed, again.Ending, again.Clears, again.Unless, other.Life.Ending, other.Life.ClearsAt)
		}
		if len(one.Life.Refunds) == 0 && again.Settled != other.Life.Settled { // what was taken back since was shared by the older policy
			t.Fatalf("seed %d: again %+v, it would be %+v", seed, again.Settled, other.Life.Settled)
		}
		if again.Settled != one.Life.Settled || !reflect.DeepEqual(again.Ending, one.Life.Ending) {
			differs++
		}
	}
	if ended < lives/4 || differs < ended/3 {
		t.Errorf("of %d lives only %d ended and %d differ", lives, ended, differs)
	}
}

func turned(e policy.Effect) policy.Effect {
	switch e {
	case policy.EffectYes:
		return policy.EffectNo
	case policy.EffectNo:
		return policy.EffectYes
	}
	return e
}

func liveTwice(t *testing.T, seed uint64, p, q policy.Version) (one, other order.Order) {
	t.Helper()
	var ends [2]order.Order
	for i, rules := range []policy.Version{p, q} {
		w := &walker{t: t, seed: seed, rnd: rand.New(rand.NewPCG(seed, 23)), p: rules, now: dawn, books: map[ledger.Account]int64{}}
		w.o = newOrder(t, rules, "5d", "2rev")
		w.past = []effect.Event{{Seq: 1, Kind: order.Ordered, At: dawn, To: string(order.Unpaid)}}
		w.decide(member.Provider(), moveOf(t, w.o, "pays", nil))
		for range 40 {
			if who, m, ok := w.idea(); ok {
				w.decide(who, m)
			}
			if w.o.State.Ended() {
				break
			}
		}
		ends[i] = w.o
	}
	return ends[0], ends[1]
}

// TestAgainByTheClock moves ends that a clock made, and tells of those that the
// other policy would not have allowed yet.
func TestAgainByTheClock(t *testing.T) {
	p := policy.Default("policy_test", dawn)
	day := 24 * time.Hour
	base := order.Order{
		State: order.Cancelled, EndedAt: dawn.Add(9 * day), PaidAt: dawn, DueAt: dawn.Add(5 * day),
		Life: order.Life{WaitsSince: dawn, LateFrom: dawn.Add(6 * day), StartedAt: dawn, HeardAt: dawn, Reminders: []time.Time{dawn.Add(day), dawn.Add(2 * day)}},
	}
	cancelled := func(c policy.Class, e order.Ending) order.Order {
		o := base
		o.Class, o.Life.Ending = c, &e
		return o
	}
	silent := base
	silent.State, silent.Life.CompletesAt, silent.Life.ClearsAt, silent.Life.Extensions = order.Completed, base.EndedAt, base.EndedAt.Add(14*day), 1
	accepted := silent
	accepted.Life.CompletesAt = base.EndedAt.Add(time.Hour)
	top := silent
	top.Life.ClearsAt, top.Life.ClearsFor = base.EndedAt.Add(7*day), "top"
	topHeld := top // the house looked into it for a day after its completion
	topHeld.Life.ClearsAt = top.Life.ClearsAt.Add(day)
	spoke := cancelled(policy.ClassUnanswered, order.Ending{By: "seller", Cause: "buyer_unresponsive", Excused: true, Why: "the buyer was silent"})
	spoke.Life.HeardAt, spoke.Life.Reminders = base.EndedAt.Add(day), nil
	for name, c := range map[string]struct {
		o      order.Order
		change func(*policy.Version)
		ends   time.Duration // since dawn
		clears time.Duration // after the end
		unless bool
		seller bool
	}{
		"silence, longer to look":       {silent, func(q *policy.Version) { q.Order.ReviewPeriod += policy.Duration(2 * day) }, 11 * day, 14 * day, false, false},
		"silence, shorter extension":    {silent, func(q *policy.Version) { q.Order.ReviewExtension = policy.Duration(day) }, 7 * day, 14 * day, false, false},
		"accepted, longer to look":      {accepted, func(q *policy.Version) { q.Order.ReviewPeriod += policy.Duration(2 * day) }, 9 * day, 14 * day, false, false},
		"cleared by the level's time":   {top, func(q *policy.Version) { q.Money.Clearance = policy.Duration(30 * day) }, 9 * day, 7 * day, false, false},
		"cleared later, of a level":     {topHeld, func(q *policy.Version) { q.Money.Clearance = policy.Duration(30 * day) }, 9 * day, 8 * day, false, false},
		"named the cause, milder":       {spoke, func(q *policy.Version) { q.Cancellation.UnresponsiveReminders = 1 }, 9 * day, 0, false, false},
		"late, in time":                 {cancelled(policy.ClassLate, order.Ending{By: "buyer"}), func(q *policy.Version) { q.Order.LateCancel = policy.Duration(4 * day) }, 9 * day, 0, false, true},
		"late, too early":               {cancelled(policy.ClassLate, order.Ending{By: "buyer"}), func(q *policy.Version) { q.Order.LateCancel = policy.Duration(5 * day) }, 9 * day, 0, true, true},
		"stale, too early":              {cancelled(policy.ClassBeforeStartStale, order.Ending{By: "seller"}), func(q *policy.Version) { q.Order.StaleCancel = policy.Duration(10 * day) }, 9 * day, 0, true, false},
		"stale by the clock":            {cancelled(policy.ClassBeforeStartStale, order.Ending{}), func(q *policy.Version) { q.Order.StaleRefund += policy.Duration(5 * day) }, 14 * day, 0, false, false},
		"silence that ends nothing":     {cancelled(policy.ClassUnanswered, order.Ending{By: "buyer"}), silenceDoes(policy.AnswerDeny), 9 * day, 0, true, true},
		"silent buyer, as it was":       {cancelled(policy.ClassUnanswered, order.Ending{By: "seller", Cause: "buyer_unresponsive", Excused: true}), func(*policy.Version) {}, 9 * day, 0, false, false},
		"silent buyer, more reminders":  {cancelled(policy.ClassUnanswered, order.Ending{By: "seller", Cause: "buyer_unresponsive", Excused: true}), func(q *policy.Version) { q.Cancellation.UnresponsiveReminders = 3 }, 9 * day, 0, false, true},
		"silent buyer, fewer reminders": {cancelled(policy.ClassUnanswered, order.Ending{By: "seller", Cause: "buyer_unresponsive"}), func(q *policy.Version) { q.Cancellation.UnresponsiveReminders = 1 }, 9 * day, 0, false, false},
	} {
		q := p
		c.change(&q)
		a, err := c.o.Again(p, q)
		if err != nil {
			t.Fatal(err)
		}
		clears := time.Duration(0)
		if !a.Clears.IsZero() {
			clears = a.Clears.Sub(a.Ends)
		}
		counts := a.Ending != nil && a.Ending.Seller
		if a.Ends.Sub(dawn) != c.ends || clears != c.clears || (a.Unless != "") != c.unless || counts != c.seller {
			t.Errorf("%s: ends %s, clears %s, unless %q, counts %v", name, a.Ends.Sub(dawn), clears, a.Unless, counts)
		}
	}
}

func silenceDoes(a policy.Answer) func(*policy.Version) {
	return func(q *policy.Version) {
		kinds := map[string]policy.RequestKind{}
		for name, k := range q.Requests.Kinds {
			kinds[name] = k
		}
		cancel := kinds["cancel"]
		cancel.OnSilence = a
		kinds["cancel"] = cancel
		q.Requests.Kinds = kinds
	}
}
