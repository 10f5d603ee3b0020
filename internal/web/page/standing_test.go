package page

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/policy"
	"guildhall/internal/review"
	"guildhall/internal/standing"
	"guildhall/internal/web/kit"
)

var standingNow = time.Date(2026, 11, 22, 9, 30, 0, 0, time.UTC)

// seller is somebody's past, put together a day at a time.
type seller struct {
	past  standing.Past
	state standing.State
	sums  review.Sums
	n     int
}

func newSeller(days int) *seller {
	return &seller{past: standing.Past{From: standingNow.AddDate(0, 0, -days)}}
}

// did adds n things of a figure, the newest so many days ago, one for each day
// before it.
func (s *seller) did(n int, f standing.Figure, m standing.Mark, rule string, ago int) *seller {
	for i := range n {
		s.n++
		id := fmt.Sprintf("order_%026d", s.n)
		c := standing.Contribution{
			Figure: f, Member: "member_mara", Subject: id, Order: ident.Order(id), Peer: ident.Member(fmt.Sprintf("member_%d", s.n%7)),
			Ref: fmt.Sprintf("G%03d", s.n), At: standingNow.AddDate(0, 0, -ago-i), Mark: m, Rule: rule, Value: 7200,
		}
		switch {
		case f == standing.Rating && m == standing.For:
			c.Value = 5 * standing.Star
			s.sums.Shown, s.sums.Total = s.sums.Shown+1, s.sums.Total+c.Value
			s.sums.Rows[4]++
		case f == standing.Response:
			c.Order, c.Subject = "", fmt.Sprintf("thread_%026d", s.n)
		case m == standing.Against:
			c.Class = policy.ClassUnanswered
		}
		s.past.Lines = append(s.past.Lines, c)
	}
	return s
}

// lived is an ordinary life of so many completed orders.
func (s *seller) lived(orders, ago int) *seller {
	s.did(orders, standing.Completion, standing.For, standing.RuleCompleted, ago)
	s.did(orders, standing.OnTime, standing.For, standing.RuleOnTime, ago)
	s.did(orders, standing.Earned, standing.For, standing.RulePaid, ago)
	s.did(orders, standing.Rating, standing.For, standing.RuleReviewed, ago)
	return s.did(orders, standing.Response, standing.For, standing.RuleAnswered, ago)
}

// view is the page's value, made by the rules alone.
func (s *seller) view(t *testing.T) StandingView {
	t.Helper()
	p := policy.Default("policy_classic", time.Unix(0, 0))
	s.state.Member = "member_mara"
	st, set := standing.Evaluate(standingNow.Add(-time.Hour), s.state, s.past.Sheet(standingNow.Add(-time.Hour), p), p)
	sheet := s.past.Sheet(standingNow, p)
	v := StandingView{Base: "/standing", Key: "k"}
	v.Figures = market.Figures{Sheet: sheet, Member: "member_mara", Policy: p}
	v.Seller = member.Member{ID: "member_mara", Name: "Mara Holm", Handle: "mara"}
	v.Selling, v.State, v.History, v.Stars = true, st, set.Events, s.sums
	held := -1
	for i, l := range p.Standing.Levels {
		if l.Name == st.Level {
			held = i
		}
	}
	for i, l := range p.Standing.Levels {
		v.Ladder = append(v.Ladder, market.Rung{Level: l, Held: i <= held, Met: standing.Meets(l, sheet), Requirements: standing.Requirements(l, sheet, p, st)})
	}
	ahead, _ := standing.Settle(s.past, st, standingNow, p)
	v.Next = ahead.NextAt
	v.Forecast = standing.Forecast(s.past, st, standingNow, p)
	v.Recovery = standing.Recoveries(s.past, st, standingNow, p)
	v.Trail = standing.Trail(s.past, standingNow, 60, p)
	v.Shares = []market.Share{{ID: "share_1", Made: standingNow, Until: standingNow.AddDate(0, 0, 14)}}
	return v
}

func standingPages(t *testing.T) map[string]StandingView {
	fresh := newSeller(4)
	climbing := newSeller(97).lived(41, 3).did(3, standing.Completion, standing.Against, "unanswered/seller", 20).did(2, standing.OnTime, standing.Against, standing.RuleLate, 9)
	climbing.did(1, standing.Response, standing.Against, standing.RuleUnanswered, -1)
	risky := newSeller(140).lived(20, 30).did(4, standing.Completion, standing.Against, "unanswered/seller", 2)
	risky.state = standing.State{Level: "level_1", Since: standingNow.AddDate(0, -2, 0)}
	risky.past.Warnings = []standing.Warning{{ID: "warning_x", Given: standingNow.AddDate(0, 0, -3), Until: standingNow.AddDate(0, 0, 27)}}
	few := newSeller(70).lived(1, 3).did(1, standing.Completion, standing.Against, "late", 8)
	top := newSeller(400).lived(120, 1)
	for i := range top.past.Lines {
		if top.past.Lines[i].Figure == standing.Earned {
			top.past.Lines[i].Value = 30000
		}
	}
	top.state = standing.State{Level: "level_2", Since: standingNow.AddDate(0, -2, 0)}
	shared := climbing.view(t)
	shared.Shared, shared.Base, shared.Expires = true, "/standing/shared/s3cret", standingNow.AddDate(0, 0, 14)
	for _, lines := range [][]standing.Contribution{shared.Completion.Lines, shared.OnTime.Lines, shared.Response.Lines, shared.Rating.Lines} {
		for i := range lines {
			lines[i].Order, lines[i].Subject, lines[i].Ref, lines[i].Peer = "", "", "", ""
		}
	}
	for _, s := range shared.Forecast {
		for i := range s.Leaves {
			s.Leaves[i].Order, s.Leaves[i].Subject, s.Leaves[i].Ref, s.Leaves[i].Peer = "", fmt.Sprint(i), "", ""
		}
	}
	buyer := newSeller(0).view(t)
	buyer.Selling = false
	return map[string]StandingView{
		"fresh": fresh.view(t), "climbing": climbing.view(t), "risky": risky.view(t), "few": few.view(t), "top": top.view(t), "shared": shared, "buyer": buyer,
	}
}

// TestStandingPages renders the page in each of its states; with STANDING_PAGES
// set it also writes them there, to be looked at.
func TestStandingPages(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	wants := map[string][]string{
		"fresh":    {"No level yet", "Why am I not Level 1?", "Not held against you: that begins with 10 orders", "Complete an order that its buyer rates", "Nothing in your figures changes by itself"},
		"climbing": {"Level 1", "of the 8 things that Level 2 asks for are met", "First: ", "93.1 %", "41 of 44", "A first message waits for an answer", "9 orders", "Level 2 asks for 90 %", "/standing/completion?mark=against", "As a table"},
		"risky":    {"Your figures are below Level 1", "Tue 15 Dec, 01:00", "A warning stands", "What would mend it", "orders completed before", "What brings it back"},
		"few":      {"50.0 %", "1 of 2 orders", "Not held against you"},
		"top":      {"Top", "Now somebody of the house looks at your work", "a person’s yes"},
		"shared":   {"This is the standing of Mara Holm", "closes on Sun 6 Dec", "/standing/shared/s3cret/why/level_2", "noindex"},
		"buyer":    {"Your record as a buyer", "You can sell here as well"},
	}
	for name, v := range standingPages(t) {
		p := kit.Page{Title: "Your standing", Path: v.Base, NoIndex: true, Local: kit.Local{Now: standingNow, Zone: berlin}, Viewer: &kit.Viewer{Name: "Mara Holm", Handle: "mara", Seller: true}}
		if v.Shared {
			p.Viewer = nil
		}
		pages := map[string]templ.Component{name: Standing(p, v)}
		for _, r := range v.Ladder[:2] {
			pages[name+"-"+r.Name] = Why(p, v, r)
		}
		for file, c := range pages {
			html := rendered(t, c)
			for _, bad := range []string{" 0001", "{until}", "%!", " 1 orders", ">1 orders", " 1 days", ">1 days"} {
				if i := strings.Index(html, bad); i >= 0 {
					t.Errorf("%s says %q: %s", file, bad, html[max(0, i-80):min(len(html), i+40)])
				}
			}
			if v.Shared && (strings.Contains(html, "/orders/") || strings.Contains(html, "/messages/") || strings.Contains(html, "#G0")) {
				t.Errorf("%s leads to an order or a conversation", file)
			}
			if dir := os.Getenv("STANDING_PAGES"); dir != "" {
				if err := os.WriteFile(filepath.Join(dir, file+".html"), []byte(html), 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
		html := rendered(t, pages[name])
		for _, want := range wants[name] {
			if !strings.Contains(html, want) {
				t.Errorf("%s does not say %q", name, want)
			}
		}
	}
}

func rendered(t *testing.T, c templ.Component) string {
	t.Helper()
	var b bytes.Buffer
	if err := c.Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestLevelsPage: the queue says what each button does before it is pressed.
func TestLevelsPage(t *testing.T) {
	v := standingPages(t)["top"]
	p := kit.Page{Title: "Levels", Path: "/house/levels", Local: kit.Local{Now: standingNow}, Viewer: &kit.Viewer{Name: "Ona", Agent: true}}
	list := []market.Candidate{{Member: member.Member{ID: "member_mara", Name: "Mara Holm", Handle: "mara"}, State: v.State, Rung: v.Ladder[2]}}
	html := rendered(t, Levels(p, LevelsProps{List: list, Policy: v.Policy, First: true, Next: "x"}, Form{Key: "k"}))
	for _, want := range []string{"Top for Mara Holm", "after 7 days instead of", "Not yet: nothing changes", "/house/levels/member_mara/decline", "120 orders"} {
		if !strings.Contains(html, want) {
			t.Errorf("the queue does not say %q", want)
		}
	}
	if dir := os.Getenv("STANDING_PAGES"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, "levels.html"), []byte(html), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// TestWhatLeaves: an order is one thing however many figures it is in, and a
// helper, who sees no names, is told what it is that leaves.
func TestWhatLeaves(t *testing.T) {
	of := func(f standing.Figure, name string) standing.Contribution {
		return standing.Contribution{Figure: f, Subject: "order_" + name, Ref: name}
	}
	nameless := func(list ...standing.Contribution) []standing.Contribution {
		for i := range list {
			list[i].Subject, list[i].Ref = "", ""
		}
		return list
	}
	for want, leaves := range map[string][]standing.Contribution{
		"#A leaves":                                     {of(standing.Completion, "A"), of(standing.OnTime, "A")},
		"The delivery of #A leaves":                     {of(standing.OnTime, "A")},
		"#A and the delivery of #B leave":               {of(standing.Completion, "A"), of(standing.OnTime, "B")},
		"#A and #B leave":                               {of(standing.Completion, "A"), of(standing.Completion, "B"), of(standing.OnTime, "B")},
		"An order and a delivery leave":                 nameless(of(standing.Completion, "A"), of(standing.OnTime, "A")),
		"2 orders, a delivery and a conversation leave": nameless(of(standing.Completion, "A"), of(standing.Completion, "B"), of(standing.OnTime, "A"), of(standing.Response, "C")),
		"2 deliveries leave":                            nameless(of(standing.OnTime, "A"), of(standing.OnTime, "B")),
		"A review leaves":                               {of(standing.Rating, "A")},
	} {
		if got := leaveWords(leaves); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestUnheldIsNeutral: a share that is not held against anybody is neither met
// nor missing.
func TestUnheldIsNeutral(t *testing.T) {
	for _, tt := range []struct {
		q    standing.Requirement
		tone kit.Tone
		word string
	}{
		{standing.Requirement{Met: true}, kit.Neutral, ": not held against you"},
		{standing.Requirement{Met: true, Enforced: true}, kit.Good, ": met"},
		{standing.Requirement{Enforced: true}, kit.Warn, ": missing"},
	} {
		if metTone(tt.q) != tt.tone || metWord(tt.q) != tt.word {
			t.Errorf("%+v is %q, %q", tt.q, metTone(tt.q), metWord(tt.q))
		}
	}
}

// TestALevelThatWasDeclinedWaitsForNobody: once the house has said not yet, the
// page does not say that somebody is still looking.
func TestALevelThatWasDeclinedWaitsForNobody(t *testing.T) {
	v := standingPages(t)["top"]
	say, more := standsSays(v, kit.Local{Now: standingNow, Zone: time.UTC})
	if !strings.Contains(say+more, "looks at your work") {
		t.Errorf("while it waits: %s %s", say, more)
	}
	st, _, err := standing.Decline(standingNow, v.State, member.Actor{Member: "member_ada", Role: member.RoleAgent}, "Show more work first.", v.Policy)
	if err != nil {
		t.Fatal(err)
	}
	v.State = st
	rung, _ := v.Standing.Rung(st.Ready)
	say, more = standsSays(v, kit.Local{Now: standingNow, Zone: time.UTC})
	for _, text := range []string{say + " " + more, whySays(v, rung)} {
		if strings.Contains(text, "looks at your work") || strings.Contains(text, "as soon as they have answered") || strings.Contains(text, "they have been asked") {
			t.Errorf("after a no: %s", text)
		}
	}
	if !strings.Contains(more, "Show more work first.") {
		t.Errorf("the answer is not there: %s", more)
	}
}

// TestWhatIsNearIsWhatHappens: what one or two more against would make of a share
// is the share once they are there, also where the window reaches back.
func TestWhatIsNearIsWhatHappens(t *testing.T) {
	s := newSeller(300).did(5, standing.Completion, standing.For, standing.RuleCompleted, 5).did(4, standing.Completion, standing.For, standing.RuleCompleted, 80).did(1, standing.Completion, standing.Against, "late", 120)
	s.state = standing.State{Level: "level_1", Since: standingNow.AddDate(0, -2, 0)}
	v := s.view(t)
	var said string
	for _, r := range risks(v, kit.Local{Now: standingNow, Zone: time.UTC}) {
		if strings.HasPrefix(r.Title, standing.Completion.Name()) {
			said = r.Text
		}
	}
	worse, need, n := v, threshold(v.held(), standing.Completion), 0
	for worse.Completion.Meets(need) {
		s.did(1, standing.Completion, standing.Against, "late", 0)
		worse, n = s.view(t), n+1
	}
	says := "One more against makes it "
	if n > 1 {
		says = fmt.Sprint(n) + " more against make it "
	}
	if want := says + rateWords(worse.Completion); !strings.HasPrefix(said, want) {
		t.Errorf("the page says %q; it is %q", said, want)
	}
}

// TestHowLongAMissCountsWithFewOrders: where few orders count, the window reaches
// back for them, so what counts against a new seller may stay longer than the window.
// Neither the preview nor the list says that it leaves before it does.
func TestHowLongAMissCountsWithFewOrders(t *testing.T) {
	l := kit.Local{Now: standingNow, Zone: time.UTC}
	s := newSeller(100).did(3, standing.Completion, standing.For, standing.RuleCompleted, 5)
	v := s.view(t)
	miss := standing.Contribution{Figure: standing.Completion, Member: "member_mara", Subject: "order_x", Order: "order_x", At: standingNow, Mark: standing.Against, Rule: "late", Class: policy.ClassLate}
	changes := standing.Preview(s.past, "member_mara", standing.Turn{Next: []standing.Contribution{miss}}, standingNow, v.Policy)
	s.past.Lines = append(s.past.Lines, miss)
	v = s.view(t)
	after := s.past.Sheet(changes[0].Until.Add(24*time.Hour), v.Policy)
	if after.Completion.Against != 1 {
		t.Fatal("it has left, and there is nothing to say")
	}
	for name, said := range map[string]string{"the preview": countsUntil(changes[0], l), "the list": untilWords(v.Figures, miss, l)} {
		if !strings.Contains(said, "at most until "+l.Day(miss.At.Add(v.Policy.Standing.ReachBack.D()))) {
			t.Errorf("%s says %q", name, said)
		}
	}
	many := newSeller(100).lived(20, 1).view(t)
	if said := untilWords(many.Figures, many.Completion.Lines[0], l); strings.Contains(said, "at most") {
		t.Errorf("with many orders the list says %q", said)
	}
}
