package standing_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"guildhall/internal/ident"
	"guildhall/internal/order"
	"guildhall/internal/policy"
	"guildhall/internal/standing"
)

var dawn = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

const day = 24 * time.Hour

func classic(t testing.TB) policy.Version {
	t.Helper()
	_, doc, err := policy.Profile("classic")
	if err != nil {
		t.Fatal(err)
	}
	return policy.Version{ID: "policy_classic", Document: doc}
}

// many makes n contributions of one mark, an hour apart, the newest at an instant.
func many(n int, m standing.Mark, newest time.Time) []standing.Contribution {
	list := make([]standing.Contribution, n)
	for i := range list {
		at := newest.Add(-time.Duration(i) * time.Hour / 24)
		list[i] = standing.Contribution{
			Figure: standing.Completion, Member: "member_mara", Order: ident.Order(fmt.Sprintf("order_%s_%d_%d", m, at.Unix(), i)), At: at, Mark: m,
		}
	}
	return list
}

// TestVectors is the last line of rulebook section 9.
func TestVectors(t *testing.T) {
	p := classic(t)
	for _, c := range []struct {
		name                   string
		done, against, without int
		shown                  string
		met                    bool
	}{
		{"50 completed and 3 counted", 50, 3, 0, "94.3 %", true},
		{"6 of 7", 6, 1, 0, "85.7 %", false},
		{"59 of 60", 59, 1, 0, "98.3 %", true},
		{"60 of 61", 60, 1, 0, "98.3 %", true},
		{"969 and 41 of which 20 without fault", 969, 21, 20, "97.8 %", true},
		{"just below", 2249, 251, 0, "89.9 %", false},
		{"just at", 9, 1, 0, "90.0 %", true},
		{"nothing", 0, 0, 0, "none yet", false},
		{"nothing that counts", 0, 0, 4, "none yet", false},
		{"all", 12, 0, 3, "100 %", true},
		{"none", 0, 12, 0, "0.0 %", false},
		{"almost all", 9_999, 1, 0, "99.9 %", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			cs := many(c.done, standing.For, dawn)
			cs = append(cs, many(c.against, standing.Against, dawn.Add(-time.Minute))...)
			cs = append(cs, many(c.without, standing.Excluded, dawn.Add(-2*time.Minute))...)
			p := p
			p.Standing.Window, p.Standing.ReachBack = policy.Duration(3000*day), policy.Duration(3000*day)
			r := standing.Figures(cs, dawn, p).Completion
			if r.For != c.done || r.Against != c.against || r.Excluded() != c.without {
				t.Errorf("counted %d, against %d, excluded %d", r.For, r.Against, r.Excluded())
			}
			if r.String() != c.shown || r.Meets(9000) != c.met {
				t.Errorf("prints %s, met %v; want %s, %v", r, r.Meets(9000), c.shown, c.met)
			}
		})
	}
}

// TestMeanMeets: a rating is compared unrounded.
func TestMeanMeets(t *testing.T) {
	for _, c := range []struct {
		stars, n int
		asks     policy.Rating
		met      bool
	}{
		{0, 0, 470, false}, {0, 0, 0, true}, {5, 1, 470, true}, {14, 3, 470, false}, {47, 10, 470, true}, {46, 10, 470, false},
		{42, 9, 470, false}, {26, 6, 433, true}, {26, 6, 434, false},
	} {
		if m := (standing.Mean{Sum: int64(c.stars) * standing.Star, N: c.n}); m.Meets(c.asks) != c.met {
			t.Errorf("%d stars of %d reach %d: %v", c.stars, c.n, c.asks, !c.met)
		}
	}
}

// TestWindow: 60 days, and further back just as far as ten orders need.
func TestWindow(t *testing.T) {
	p := classic(t)
	at := func(days ...int) (cs []standing.Contribution) {
		for i, d := range days {
			cs = append(cs, standing.Contribution{
				Figure: standing.Completion, Order: ident.Order(fmt.Sprintf("order_%03d", i)), At: dawn.Add(-time.Duration(d) * day), Mark: standing.For,
			})
		}
		return cs
	}
	for _, c := range []struct {
		name              string
		days              []int
		counted           int
		reached, enforced bool
	}{
		{"none", nil, 0, false, false},
		{"now", []int{0}, 1, false, false},
		{"one of today, one of yesterday", []int{0, 1}, 2, false, false},
		{"the sixtieth day is over", []int{60}, 1, true, false},
		{"ten within are enough", []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 59, 60, 61}, 10, false, true},
		{"nine within reach for one", []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 60, 61, 62}, 10, true, true},
		{"those of one instant come together", []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 70, 70, 71}, 11, true, true},
		{"not beyond the reach", []int{1, 2, 179, 180, 181}, 3, true, false},
		{"what is to come does not count", []int{-1, 1}, 1, false, false},
		{"many", []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 100}, 13, false, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := standing.Figures(at(c.days...), dawn, p).Completion
			if r.Counted() != c.counted || r.Reached != c.reached || r.Enforced != c.enforced {
				t.Errorf("counted %d, reached %v, enforced %v", r.Counted(), r.Reached, r.Enforced)
			}
		})
	}
}

// TestLeaves: an order counts until the window has passed it, and not at that instant.
func TestLeaves(t *testing.T) {
	p := classic(t)
	cs := append(many(10, standing.For, dawn.Add(day)), many(1, standing.Against, dawn)...)
	last := dawn.Add(p.Standing.Window.D())
	if r := standing.Figures(cs, last.Add(-time.Microsecond), p).Completion; r.Against != 1 {
		t.Errorf("just before it leaves: %d against", r.Against)
	}
	if r := standing.Figures(cs, last, p).Completion; r.Against != 0 || r.String() != "100 %" {
		t.Errorf("as it leaves: %d against, %s", r.Against, r)
	}
}

// TestOf: what each state of an order adds, for whom.
func TestOf(t *testing.T) {
	p := classic(t)
	delivered := order.Life{FirstDeliveredAt: dawn.Add(time.Hour), OnTime: true}
	for _, c := range []struct {
		name string
		o    order.Order
		want string
	}{
		{"unpaid", order.Order{State: order.Unpaid}, ""},
		{"abandoned", order.Order{State: order.Abandoned, EndedAt: dawn}, ""},
		{"in progress", order.Order{State: order.InProgress}, ""},
		{"delivered", order.Order{State: order.Delivered, Life: delivered}, "mara on_time for on_time; "},
		{"delivered late", order.Order{State: order.Delivered, Life: order.Life{FirstDeliveredAt: dawn}}, "mara on_time against delivered_late; "},
		{"completed", order.Order{State: order.Completed, Life: delivered}, "mara on_time for on_time; mara completion for completed; mara earned for paid; "},
		{"before start", order.Order{State: order.Cancelled, Class: policy.ClassBeforeStart}, "mara completion excluded before_start; ben buyer_record against before_start; "},
		{"stale", order.Order{State: order.Cancelled, Class: policy.ClassBeforeStartStale}, "mara completion excluded before_start_stale; ben buyer_record against before_start_stale; "},
		{"late", order.Order{State: order.Cancelled, Class: policy.ClassLate}, "mara completion against late; ben buyer_record excluded late; "},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.o.ID, c.o.Buyer, c.o.Seller = "order_1", "member_ben", "member_mara"
			got := ""
			for _, k := range standing.Of(c.o, p) {
				got += fmt.Sprintf("%s %s %s %s; ", k.Member[len("member_"):], k.Figure, k.Mark, k.Rule)
				if k.Why() == "" {
					t.Errorf("%s has no words", k.Rule)
				}
			}
			if got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// TestDiff: only what changed is written.
func TestDiff(t *testing.T) {
	a := standing.Contribution{Figure: standing.Completion, Member: "member_mara", Order: "order_1", At: dawn, Mark: standing.For}
	b := standing.Contribution{Figure: standing.OnTime, Member: "member_mara", Order: "order_1", At: dawn, Mark: standing.For}
	other := a
	other.Mark, other.Class = standing.Excluded, policy.ClassRefunded
	moved := a
	moved.At = dawn.In(time.FixedZone("far", 3600))
	for _, c := range []struct {
		name      string
		was, next []standing.Contribution
		put, drop int
	}{
		{"nothing", nil, nil, 0, 0},
		{"first", nil, []standing.Contribution{a, b}, 2, 0},
		{"the same", []standing.Contribution{a, b}, []standing.Contribution{b, a}, 0, 0},
		{"the same instant elsewhere", []standing.Contribution{a}, []standing.Contribution{moved}, 0, 0},
		{"replaced", []standing.Contribution{a, b}, []standing.Contribution{other, b}, 1, 0},
		{"gone", []standing.Contribution{a, b}, []standing.Contribution{b}, 0, 1},
	} {
		put, drop := standing.Diff(c.was, c.next)
		if len(put) != c.put || len(drop) != c.drop {
			t.Errorf("%s: put %d, drop %d", c.name, len(put), len(drop))
		}
	}
}

// TestGuard: more than a fifth without fault, among enough endings, and never
// a word in any figure.
func TestGuard(t *testing.T) {
	p := classic(t)
	for _, c := range []struct {
		done, without int
		unusual       bool
	}{
		{0, 0, false}, {0, 4, false}, {0, 5, true}, {4, 1, false}, {3, 2, true}, {8, 2, false}, {79, 21, true}, {80, 20, false},
	} {
		n := standing.PatternFrom(map[standing.Mark]int{standing.For: c.done, standing.Excluded: c.without})
		if n.Ended != c.done+c.without || n.NoFault != c.without || n.Unusual(p) != c.unusual {
			t.Errorf("%d and %d: %+v unusual %v", c.done, c.without, n, n.Unusual(p))
		}
	}
	p.Cancellation.ReviewFrom = 0
	if !(standing.Pattern{Ended: 1, NoFault: 1}).Unusual(p) {
		t.Error("without a least number one ending is enough")
	}
	if (standing.Pattern{}).Unusual(p) {
		t.Error("nothing is not unusual")
	}
}

// TestMatrixWords: every row of the matrix says how it came and what it does.
func TestMatrixWords(t *testing.T) {
	p := classic(t)
	rows := standing.Matrix(p)
	if len(rows) != 10 {
		t.Fatalf("%d rows", len(rows))
	}
	seen := map[string]bool{}
	for _, r := range rows {
		if r.Came == "" || r.Label == "" || r.OnSeller(p) == "" || r.OnBuyer() == "" || seen[r.Came] {
			t.Errorf("%s: %q %q %q %q", r.Name, r.Label, r.Came, r.OnSeller(p), r.OnBuyer())
		}
		seen[r.Came] = true
		if (r.Label == "mutual") != (r.Class == policy.ClassMutual) {
			t.Errorf("%s is called %s", r.Name, r.Label)
		}
	}
}

// TestPreviewIsTheFold: whatever the history and whatever the order becomes,
// the preview shows what the sheet says afterwards, and a figure that it does
// not mention stays as it was.
func TestPreviewIsTheFold(t *testing.T) {
	p := classic(t)
	rapid.Check(t, func(t *rapid.T) {
		now := dawn.Add(400 * day)
		var cs []standing.Contribution
		for i := range rapid.IntRange(0, 40).Draw(t, "orders") {
			o := someOrder(t, ident.Order(fmt.Sprintf("order_%03d", i)), now)
			cs = append(cs, ofMember(standing.Of(o, p), "member_mara")...)
		}
		was := someOrder(t, "order_new", now)
		cs = append(cs, ofMember(standing.Of(was, p), "member_mara")...)
		next := someOrder(t, "order_new", now)
		before := standing.Figures(cs, now, p)
		changes := standing.Preview(standing.Past{Lines: cs}, "member_mara", standing.TurnOf(was, next, p), now, p)
		var then []standing.Contribution
		for _, c := range cs {
			if c.Order != "order_new" {
				then = append(then, c)
			}
		}
		after := standing.Figures(append(then, ofMember(standing.Of(next, p), "member_mara")...), now, p)
		for i, r := range after.Rates() {
			want := before.Rates()[i]
			for _, c := range changes {
				if c.Figure == r.Figure {
					want = c.After
				}
			}
			if want.String() != r.String() || !want.Same(r) || len(want.Lines) != len(r.Lines) {
				t.Fatalf("%s: foretold %s (%d lines), came %s (%d lines)", r.Figure, want, len(want.Lines), r, len(r.Lines))
			}
		}
	})
}

func ofMember(cs []standing.Contribution, who ident.Member) (list []standing.Contribution) {
	for _, c := range cs {
		if c.Member == who {
			list = append(list, c)
		}
	}
	return list
}

func someOrder(t *rapid.T, id ident.Order, now time.Time) order.Order {
	o := order.Order{ID: id, Buyer: "member_ben", Seller: "member_mara"}
	o.EndedAt = now.Add(-time.Duration(rapid.IntRange(0, 200*24).Draw(t, "hours")) * time.Hour)
	switch rapid.IntRange(0, 4).Draw(t, "end") {
	case 0:
		o.State, o.EndedAt = order.InProgress, time.Time{}
	case 1:
		o.State, o.Class = order.Cancelled, policy.ClassLate
	case 2:
		o.State, o.Class = order.Cancelled, policy.ClassMutual
	default:
		o.State = order.Completed
		o.Life.FirstDeliveredAt, o.Life.OnTime = o.EndedAt.Add(-time.Hour), rapid.Bool().Draw(t, "on time")
	}
	return o
}

// TestHeapsCountAlike: whoever has so many orders that most are only counted is
// told the same as if each had been read, now, at the end of a request, and in a
// preview that takes an order out of a heap.
func TestHeapsCountAlike(t *testing.T) {
	p := classic(t)
	rapid.Check(t, func(t *rapid.T) {
		now := dawn.Add(400 * day)
		since := now.Add(-p.Standing.Window.D())
		firm := since.Add(4 * day)
		var all []standing.Contribution
		var orders []order.Order
		for i := range rapid.IntRange(20, 120).Draw(t, "orders") {
			o := order.Order{ID: ident.Order(fmt.Sprintf("order_%03d", i)), Seller: "member_mara", Buyer: "member_ben", State: order.Completed}
			o.EndedAt = since.Add(time.Duration(rapid.Int64Range(1, int64(p.Standing.Window.D())).Draw(t, "at")))
			if rapid.IntRange(0, 3).Draw(t, "end") == 0 {
				o.State, o.Class = order.Cancelled, rapid.SampledFrom([]policy.Class{policy.ClassLate, policy.ClassMutual}).Draw(t, "class")
			}
			orders = append(orders, o)
			all = append(all, ofMember(standing.Of(o, p), "member_mara")...)
		}
		past := heaped(all, firm)
		was := rapid.SampledFrom(orders).Draw(t, "refunded")
		next := was
		next.State, next.Class, next.EndedAt = order.Refunded, "", now
		next.Life.Ending = &order.Ending{Fault: order.FaultSeller, Seller: rapid.Bool().Draw(t, "counts")}
		for _, at := range []time.Time{now, now.Add(4*day - time.Second)} {
			one, heap := standing.Figures(all, at, p).Completion, standing.Figures(past.Lines, at, p, past.Heaps...).Completion
			if !one.Same(heap) || one.Left != heap.Left || one.All() != len(one.Lines) || one.Reached != heap.Reached {
				t.Fatalf("read one by one %d/%d (%d), in heaps %d/%d (%d)", one.For, one.Counted(), one.Left, heap.For, heap.Counted(), heap.Left)
			}
			a := standing.Preview(standing.Past{Lines: all}, "member_mara", standing.TurnOf(was, next, p), at, p)
			b := standing.Preview(past, "member_mara", standing.TurnOf(was, next, p), at, p)
			if len(a) != len(b) || slices.ContainsFunc(a, func(c standing.Change) bool {
				return !slices.ContainsFunc(b, func(k standing.Change) bool {
					return c.Figure == k.Figure && c.After.Same(k.After) && c.Before.Same(k.Before) && c.Was == k.Was && c.Says == k.Says
				})
			}) {
				t.Fatalf("foretold from all %v, from heaps %v", a, b)
			}
		}
	})
}

// heaped reads a window as the market does when it holds very many.
func heaped(all []standing.Contribution, firm time.Time) standing.Past {
	var past standing.Past
	counts := map[standing.Mark]int{}
	for i, c := range all {
		if i%7 == 0 || !c.At.After(firm) || c.Figure != standing.Completion {
			past.Lines = append(past.Lines, c)
			continue
		}
		counts[c.Mark]++
	}
	for m, n := range counts {
		past.Heaps = append(past.Heaps, standing.Heap{Figure: standing.Completion, Mark: m, N: n, From: firm.Add(1), To: firm.Add(56 * day)})
	}
	return past
}
