package review_test

import (
	"fmt"
	"testing"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/order"
	"guildhall/internal/policy"
	"guildhall/internal/review"
)

var profiles = []string{"classic", "modern"}

// TestEligible: which endings may be reviewed, on both rulebooks.
func TestEligible(t *testing.T) {
	for _, c := range []struct {
		how string
		ok  bool
	}{
		{"running", false}, {"unpaid", false}, {"completed", true}, {"refunded", true}, {"refunded_delivered", true},
		{"unanswered", true}, {"late", true}, {"forced", true}, {"chargeback", true}, {"moderated", true},
		{"mutual", false}, {"mutual_delivered", true}, {"before_start", false}, {"before_start_stale", false},
	} {
		for _, profile := range profiles {
			o := ended(c.how, dawn)
			end, why, ok := review.Eligible(o, rulebook(t, profile))
			if ok != c.ok || ok == (why != "") {
				t.Errorf("%s, %s: %v %q", profile, c.how, ok, why)
			}
			if over := o.State.Ended(); over == (review.OutcomeWords(end) == "") {
				t.Errorf("%s is printed as %q", c.how, review.OutcomeWords(end))
			}
		}
	}
	o := ended("forced", dawn)
	o.Life.StartedAt = time.Time{}
	if _, _, ok := review.Eligible(o, rulebook(t, "classic")); ok {
		t.Error("an order that never started may be reviewed")
	}
}

// TestEdges: every deadline holds to the microsecond, on both rulebooks.
func TestEdges(t *testing.T) {
	const instant = time.Microsecond
	five, text := draft("5/5/5", ""), "Thank you for your kind words."
	for _, profile := range profiles {
		p := rulebook(t, profile)
		o := ended("completed", dawn)
		fresh := review.New(o, nil, p)
		mine := must(review.Decide(dawn, fresh, o, ben, review.Write{Draft: five}, p))
		open := must(review.Decide(dawn, mine, o, mara, review.Write{Draft: draft("5", "")}, p))
		replied := must(review.Decide(dawn, open, o, mara, review.Answer{Text: text}, p))
		for _, c := range []struct {
			name string
			from review.Pair
			ends time.Duration
			move review.Move
		}{
			{"the window", fresh, p.Reviews.Window.D(), review.Write{Draft: five}},
			{"amending", mine, p.Reviews.Amend.D(), review.Amend{Draft: five}},
			{"amending in public", open, p.Reviews.Amend.D(), review.Amend{Draft: five}},
			{"replying", open, p.Reviews.Reply.D(), review.Answer{Text: text}},
			{"correcting a reply", replied, p.Reviews.ReplyEdit.D(), review.Answer{Text: text}},
		} {
			who := ben
			if c.move.Name() == review.MoveAnswer {
				who = mara
			}
			for _, late := range []bool{false, true} {
				now := dawn.Add(c.ends)
				if !late {
					now = now.Add(-instant)
				}
				_, _, err := review.Decide(now, c.from, o, who, c.move, p)
				if late != (fault.KindOf(err) == fault.KindExpired) || !late && err != nil {
					t.Errorf("%s, %s, late %v: %v", profile, c.name, late, err)
				}
				if has(review.Options(now, c.from, o, who, p), c.move.Name()) == late {
					t.Errorf("%s, %s, late %v: the button says otherwise", profile, c.name, late)
				}
			}
		}
	}
}

func must(p review.Pair, _ any, err error) review.Pair {
	if err != nil {
		panic(err)
	}
	return p
}

// TestOverall: means are exact, printed cut, and compared unrounded.
func TestOverall(t *testing.T) {
	for _, c := range []struct {
		stars string
		print string
		row   int
	}{
		{"5/5/5", "5.0", 5}, {"5/4/5", "4.6", 4}, {"4/5/5", "4.6", 4}, {"5/4/4", "4.3", 4}, {"1/1/1", "1.0", 1}, {"1/1/2", "1.3", 1}, {"5/1/1", "2.3", 2},
	} {
		var w review.Words
		for _, n := range draft(c.stars, "").Stars {
			w.Stars = append(w.Stars, review.Star{Stars: n})
		}
		if o := w.Overall(); o.String() != c.print || o.Whole() != c.row {
			t.Errorf("%s is %s in row %d", c.stars, o, o.Whole())
		}
	}
	for n := 1; n <= 10; n++ { // any number of criteria that a policy may ask
		if review.Unit%n != 0 {
			t.Errorf("%d criteria would be rounded", n)
		}
	}
	for _, c := range []struct {
		stars []int // of reviews with one criterion
		print string
	}{
		{nil, "–"}, {[]int{5}, "5.0"}, {[]int{5, 5, 4}, "4.6"}, {[]int{5, 5, 5, 5, 5, 5, 5, 4, 4, 4}, "4.7"},
		{[]int{5, 5, 5, 5, 5, 5, 4, 4, 4, 4}, "4.6"}, {[]int{4, 5, 5, 5, 5, 5, 5, 4, 4}, "4.6"}, {[]int{4, 4, 4, 4, 5, 5}, "4.3"},
	} {
		var s review.Sums
		for _, n := range c.stars {
			s.Add(review.Review{Words: review.Words{Stars: []review.Star{{Stars: n}}}}, 1)
		}
		if s.Mean().String() != c.print || s.Count() != len(c.stars) {
			t.Errorf("%v is %s, %d in all", c.stars, s.Mean(), s.Count())
		}
	}
}

// TestDecideBy: working days leave weekends out, wherever they begin.
func TestDecideBy(t *testing.T) {
	for from, want := range map[string]string{
		"2026-03-02": "2026-03-09", "2026-03-06": "2026-03-13", "2026-03-07": "2026-03-13", "2026-03-08": "2026-03-13", "2026-03-04": "2026-03-11",
	} {
		at, err := time.Parse(time.DateOnly, from)
		if err != nil {
			t.Fatal(err)
		}
		if got := review.DecideBy(at, 5).Format(time.DateOnly); got != want {
			t.Errorf("five working days from %s: %s, want %s", from, got, want)
		}
	}
}

// TestCriteria: the category nearest to the gig decides what is asked.
func TestCriteria(t *testing.T) {
	p := rulebook(t, "classic")
	p.Reviews.CategoryCriteria = map[string][]policy.Criterion{
		"design": {{Name: "taste", Words: "Taste"}}, "logos": {{Name: "mark", Words: "The mark"}, {Name: "files", Words: "The files"}},
	}
	for _, c := range []struct {
		slugs []string
		first string
	}{{nil, "fulfilment"}, {[]string{"music"}, "fulfilment"}, {[]string{"design", "posters"}, "taste"}, {[]string{"design", "logos"}, "mark"}} {
		pair := review.New(ended("completed", dawn), c.slugs, p)
		if got := pair.Asked(review.Buyer)[0].Name; got != c.first || len(pair.Asked(review.Seller)) != 1 {
			t.Errorf("%v asks for %s first", c.slugs, got)
		}
	}
}

// TestMeasuredStart: what the clocks say, and nothing where they say nothing.
func TestMeasuredStart(t *testing.T) {
	o := ended("completed", dawn)
	if m := review.MeasuredStart(o); !m.AnsweredAt.IsZero() || !m.StartedAt.Equal(o.Life.StartedAt) || !m.PaidAt.Equal(o.PaidAt) {
		t.Errorf("measured %+v", m)
	}
	o.Life.Answers = []order.Answer{{Question: "Which colours?", Text: "Blue"}}
	if m := review.MeasuredStart(o); !m.AnsweredAt.Equal(o.Life.StartedAt) {
		t.Errorf("measured %+v", m)
	}
}

func TestRef(t *testing.T) {
	o := ident.New[ident.Order](ident.NewSeeded(1), dawn)
	id := review.Named(o)
	r := review.Ref{Pair: id, By: review.Seller}
	if got, ok := review.ParseRef(r.String()); !ok || got != r || review.OrderOf(id) != o {
		t.Errorf("%s reads as %v %v", r, got, ok)
	}
	for _, bad := range []string{"", "review_1/buyer", fmt.Sprint(id), fmt.Sprint(id, "/agent")} {
		if _, ok := review.ParseRef(bad); ok {
			t.Errorf("%q names a review", bad)
		}
	}
}
