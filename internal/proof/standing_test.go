package proof_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"guildhall/client"
)

// classic is the ladder that a fresh house has; the two others are easier, so
// that a short history climbs and falls on them.
var (
	classic = []rung{
		{"level_1", 60, 10, 0, 40000, 470, 90, 90, 90, true, false},
		{"level_2", 120, 50, 0, 200000, 470, 90, 90, 90, true, false},
		{"top", 180, 100, 0, 2000000, 470, 90, 90, 90, true, true},
	}
	gentle = []rung{
		{"level_1", 18, 2, 2, 1800000, 330, 60, 60, 40, true, false},
		{"level_2", 40, 7, 4, 1830000, 360, 65, 65, 50, true, false},
		{"top", 50, 9, 4, 1850000, 370, 65, 70, 50, true, true},
	}
	stern = []rung{
		{"level_1", 18, 5, 3, 1810000, 350, 70, 70, 60, true, false},
		{"level_2", 40, 9, 5, 1830000, 380, 70, 75, 60, true, false},
		{"top", 60, 12, 5, 1850000, 390, 75, 75, 60, true, true},
	}
)

// rulebook is the profile of a fresh house with another ladder.
func rulebook(t testing.TB, l law) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "policy", "profiles", "classic.yaml"))
	must(t, err)
	head, rest, found := strings.Cut(string(text), "  levels: ")
	_, tail, closed := strings.Cut(rest, "# The support desk.")
	if !found || !closed {
		t.Fatal("the profile is written otherwise now")
	}
	var b strings.Builder
	for _, r := range l.ladder {
		fmt.Fprintf(&b, "    - name: %s\n      words: %s\n      days: %d\n      completed: %d\n      unique_buyers: %d\n", r.name, r.name, r.days, r.completed, r.buyers)
		fmt.Fprintf(&b, "      earned: %d.00\n      rating: %d.%02d\n", r.earned/100, r.rating/100, r.rating%100)
		fmt.Fprintf(&b, "      completion: %d%%\n      on_time: %d%%\n      response: %d%%\n", r.completion, r.onTime, r.response)
		fmt.Fprintf(&b, "      no_warnings: %t\n      approval: %t\n", r.unwarned, r.approval)
	}
	head = strings.Replace(head, "enforce_from: 10", fmt.Sprintf("enforce_from: %d", l.least), 1)
	return head + "  levels:\n" + b.String() + "\n# The support desk." + tail
}

// said is what the house tells a seller about their standing.
type shown struct {
	At           time.Time `json:"at"`
	Completed    int       `json:"completed"`
	UniqueBuyers int       `json:"unique_buyers"`
	Earned       struct {
		Minor int64 `json:"minor"`
	} `json:"earned"`
	Days int `json:"days"`
	rates
	Warnings []struct{} `json:"warnings"`
	Record   struct {
		Noted int `json:"noted"`
	} `json:"buyer_record"`
	Level struct {
		Name  string     `json:"name"`
		Ends  *time.Time `json:"ends_at"`
		Waits string     `json:"waits_for"`
	} `json:"level"`
	Forecast []step `json:"forecast"`
}

type rates struct {
	Completion told `json:"completion"`
	OnTime     told `json:"on_time"`
	Response   told `json:"response"`
	Rating     struct {
		Parts   int64 `json:"parts"`
		Reviews int   `json:"reviews"`
		Removed int   `json:"removed"`
	} `json:"rating"`
}

type told struct {
	For      int  `json:"for"`
	Counted  int  `json:"counted"`
	Excluded int  `json:"excluded"`
	Enforced bool `json:"enforced"`
}

func (r told) share() share { return share{r.For, r.Counted - r.For, r.Excluded, r.Enforced} }

// step is one line of the forecast.
type step struct {
	At time.Time `json:"at"`
	rates
	Level string     `json:"level"`
	Ends  *time.Time `json:"level_ends_at"`
}

func (s shown) sheet() sheet {
	return sheet{
		completed: s.Completed, buyers: s.UniqueBuyers, days: s.Days, earned: s.Earned.Minor,
		completion: s.Completion.share(), onTime: s.OnTime.share(), response: s.Response.share(),
		parts: s.Rating.Parts, reviews: s.Rating.Reviews, tombs: s.Rating.Removed, warnings: len(s.Warnings),
	}
}

// foretold keeps of figures what a forecast says.
func (s sheet) foretold() sheet {
	s.completed, s.buyers, s.days, s.earned, s.warnings = 0, 0, 0, 0, 0
	return s
}

func (s step) sheet() sheet { return shown{rates: s.rates}.sheet() }

func (p *player) standing(who person) shown {
	p.t.Helper()
	var s shown
	must(p.t, p.raw(p.t.Context(), who, http.MethodGet, "/standing", nil, &s))
	return s
}

// TestStandingRecomputed plays random histories through the API and computes
// every figure, level and count of reviews once more from the export.
func TestStandingRecomputed(t *testing.T) {
	t.Parallel()
	for n := range cycles(t, 1) {
		t.Run(fmt.Sprintf("seed %d", n), func(t *testing.T) { recomputed(t, uint64(n)) })
	}
}

func recomputed(t *testing.T, seed uint64) {
	p := newPlayer(t, seed)
	began := p.clock
	laws := []law{{least: 10, ladder: classic}, {least: 4, ladder: gentle}, {least: 6, ladder: stern}}
	p.govern(laws[1])
	const orders, span = 42, 105 * 24 * time.Hour
	for i := range orders {
		p.at(began.Add(time.Duration(i)*span/orders+p.hours(0, 40)), "order", p.order)
	}
	for range len(p.quiet) {
		p.in(p.hours(0, span.Hours()), "ask a question", p.question)
	}
	p.in(70*day, "another rulebook", func(context.Context) error { p.govern(laws[2]); return nil })
	for _, after := range []time.Duration{30 * day, 80 * day} {
		p.in(after+p.hours(0, 100), "restart", func(context.Context) error {
			p.kill()
			p.start()
			return nil
		})
	}
	for _, days := range []int{20, 45, 75, 105, 145} {
		p.live(began.AddDate(0, 0, days))
		p.check(laws)
	}
	p.foretold(laws)
	p.stop()
	p.audit()
	t.Logf("%v", p.done)
}

func newPlayer(t *testing.T, seed uint64) *player {
	t.Helper()
	town := found(t, t.TempDir(), "", 10)
	p := &player{
		t: t, rnd: rand.New(rand.NewPCG(seed, 4)), done: map[string]int{}, operator: works(t, town, "Olga Operator", true),
		agents: [2]person{works(t, town, "Ada Agent", false), works(t, town, "Abel Agent", false)},
	}
	p.house = town.house(t)
	p.start()
	p.quiet = slices.Clone(p.buyers)
	p.move(time.Now())
	return p
}

// govern puts another rulebook into force.
func (p *player) govern(l law) {
	p.t.Helper()
	_, err := p.operator.at(p.url).ApplyPolicy(p.t.Context(), rulebook(p.t, l), time.Time{})
	must(p.t, err)
}

// check compares everything that the house says with what its export adds up to.
func (p *player) check(laws []law) {
	p.t.Helper()
	s := p.standing(p.seller)
	tables := p.export()
	for i, r := range tables["policy_versions"] {
		laws[i].from = micro(r, "effective_at")
	}
	c, id := chronicled(p.t, tables, laws[:len(tables["policy_versions"])]), string(p.seller.ID)
	if want := c.sheet(id, s.At, s.At); s.sheet() != want {
		p.t.Errorf("at %s\nthe house says  %v\nits export says %v", s.At, s.sheet(), want)
	}
	p.checkLevel(c, s)
	p.explained(s)
	for _, buyer := range p.buyers {
		is, noted := p.standing(buyer), 0
		for _, e := range c.entries(string(buyer.ID), is.At) {
			if e.figure == "buyer_record" && e.mark == "against" && e.at.After(is.At.Add(-reachBack)) && !e.at.After(is.At) {
				noted++
			}
		}
		if is.Record.Noted != noted {
			p.t.Errorf("%s has %d endings on record, by the export %d", buyer.Name, is.Record.Noted, noted)
		}
	}
	p.reviewed(c, s.At)
}

func (p *player) checkLevel(c *chronicle, s shown) {
	p.t.Helper()
	id := string(p.seller.ID)
	want := c.climbed(id, c.since[id], s.At)
	var ends time.Time
	if s.Level.Ends != nil {
		ends = *s.Level.Ends
	}
	if s.Level.Name != want.level || !ends.Equal(want.demotes) || s.Level.Waits != want.ready {
		p.t.Errorf("at %s the level is %q until %s, waiting for %q; the export says %q until %s, waiting for %q",
			s.At, s.Level.Name, ends, s.Level.Waits, want.level, want.demotes, want.ready)
	}
	var story []string
	for _, h := range c.streams["standing_"+strings.TrimPrefix(id, "member_")] {
		if !h.at.After(s.At) {
			story = append(story, fmt.Sprintf("%s %s %s>%s", h.at.Format(time.RFC3339Nano), h.kind, h.from, h.to))
		}
	}
	if !slices.Equal(story, want.story) {
		p.t.Errorf("the level's story is\n%s\nby the export\n%s", strings.Join(story, "\n"), strings.Join(want.story, "\n"))
	}
	p.done["level events"] = len(story)
}

// explained adds up the lists behind the figures.
func (p *player) explained(s shown) {
	p.t.Helper()
	for figure, want := range map[string]share{"completion": s.Completion.share(), "on_time": s.OnTime.share(), "response": s.Response.share(), "rating": {
		good: s.Rating.Reviews, left: s.Rating.Removed, enforced: true,
	}} {
		got, parts := share{enforced: want.enforced}, int64(0)
		var cursor string
		for {
			var page struct {
				Items []struct {
					Mark  string `json:"mark"`
					Value int64  `json:"value"`
				} `json:"items"`
				Next string `json:"next"`
			}
			must(p.t, p.raw(p.t.Context(), p.seller, http.MethodGet, "/standing/"+figure+"?limit=7&cursor="+cursor, nil, &page))
			for _, line := range page.Items {
				switch line.Mark {
				case "for":
					got.good++
					parts += line.Value
				case "against":
					got.bad++
				default:
					got.left++
				}
			}
			if cursor = page.Next; cursor == "" {
				break
			}
		}
		if got != want || figure == "rating" && parts != s.Rating.Parts {
			p.t.Errorf("%s is %v, and its list adds up to %v (%d parts of %d)", figure, want, got, parts, s.Rating.Parts)
		}
	}
}

// foretold moves the clock to what was forecast, and looks.
func (p *player) foretold(laws []law) {
	p.t.Helper()
	now := p.standing(p.seller)
	var apart []step // so far from the next that one can look between them
	for i, s := range now.Forecast {
		if i+1 == len(now.Forecast) || now.Forecast[i+1].At.Sub(s.At) > time.Minute {
			apart = append(apart, s)
		}
	}
	if len(apart) < 3 {
		p.t.Fatalf("hardly anything is forecast: %d steps", len(now.Forecast))
	}
	for i, s := range apart {
		if every := max(1, len(apart)/12); i%every > 0 && os.Getenv("GUILDHALL_NIGHTLY") == "" {
			continue
		}
		p.move(s.At)
		is := p.standing(p.seller)
		if is.sheet().foretold() != s.sheet() || is.Level.Name != s.Level || (is.Level.Ends == nil) != (s.Ends == nil) || s.Ends != nil && !s.Ends.Equal(*is.Level.Ends) {
			p.t.Errorf("forecast for %s: %v, %q until %v\nit became  %v, %q until %v", s.At, s.sheet(), s.Level, s.Ends, is.sheet().foretold(), is.Level.Name, is.Level.Ends)
		}
	}
	p.check(laws)
}

// reviewed counts reviews once more, and holds every view against the count.
func (p *player) reviewed(c *chronicle, known time.Time) {
	p.t.Helper()
	ctx, seller := p.t.Context(), p.seller.at(p.url)
	want := map[string]client.ReviewSums{}
	add := func(subject string, x opinion) {
		s := want[subject]
		if s.Rows == nil {
			s.Rows = map[string]int{}
		}
		if s.Count++; !x.removed.IsZero() {
			s.Removed++
		} else {
			s.Shown++
			s.Parts += x.parts
			s.Rows[fmt.Sprint(x.parts/star)]++
		}
		want[subject] = s
	}
	for _, o := range c.sales {
		for _, x := range c.opinions(o, known) {
			if add(x.of, x); x.by == "buyer" {
				add(x.gig, x)
			}
		}
	}
	same := func(what, subject string, is client.ReviewSums, err error) {
		p.t.Helper()
		must(p.t, err)
		w := want[subject]
		for row, n := range is.Rows {
			if w.Rows[row] != n {
				p.t.Errorf("%s has %d reviews of %s stars, by the export %d", what, n, row, w.Rows[row])
			}
		}
		if is.Count != w.Count || is.Shown != w.Shown || is.Removed != w.Removed || is.Parts != w.Parts {
			p.t.Errorf("%s: the house counts %+v, the export says %+v", what, is, w)
		}
	}
	for _, id := range []string{string(p.gig.ID), string(p.single.ID), string(p.fortune.ID)} {
		is, err := seller.GigReviewSums(ctx, id)
		same("the gig", id, is, err)
		p.listed(seller.GigReviews(ctx, id, client.ReviewFilter{}), is)
	}
	is, err := seller.MemberReviewSums(ctx, string(p.seller.ID), "seller")
	same("the seller", string(p.seller.ID), is, err)
	p.listed(seller.MemberReviews(ctx, string(p.seller.ID), "seller", client.ReviewFilter{}), is)
	for _, b := range p.buyers {
		is, err := seller.MemberReviewSums(ctx, string(b.ID), "buyer")
		same(b.Name, string(b.ID), is, err)
	}
}

// listed counts what everybody reads.
func (p *player) listed(list func(func(client.PublicReview, error) bool), sums client.ReviewSums) {
	p.t.Helper()
	shown, tombs, parts := 0, 0, int64(0)
	for r, err := range list {
		must(p.t, err)
		switch {
		case r.Removed == nil && r.Words != nil:
			shown++
			parts += r.Words.Parts
		case r.Removed != nil && r.Words == nil && r.Author == nil && r.Removed.Reason != "" && r.Removed.Role != "":
			tombs++
		default:
			p.t.Errorf("%s is neither a review nor a tombstone: %+v", r.ID, r)
		}
	}
	if shown != sums.Shown || tombs != sums.Removed || parts != sums.Parts {
		p.t.Errorf("a list shows %d reviews and %d tombstones beside sums of %+v", shown, tombs, sums)
	}
}
