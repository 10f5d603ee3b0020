package proof_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"guildhall/client"
	"guildhall/internal/store/storetest"
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
	hard = []rung{
		{"level_1", 18, 5, 3, 1810000, 450, 90, 85, 90, true, false},
		{"level_2", 40, 9, 5, 1830000, 480, 95, 90, 95, true, false},
		{"top", 60, 12, 5, 1850000, 490, 98, 95, 95, true, true},
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
	Forecast []step            `json:"forecast"`
	Recovery []client.Recovery `json:"recovery"`
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
	For      int       `json:"for"`
	Counted  int       `json:"counted"`
	Excluded int       `json:"excluded"`
	Since    time.Time `json:"since"`
	Enforced bool      `json:"enforced"`
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
		for engine, database := range map[string]func(testing.TB) string{
			"sqlite": func(testing.TB) string { return "" }, "postgres": storetest.PostgresURL,
		} {
			t.Run(fmt.Sprintf("%s seed %d", engine, n), func(t *testing.T) {
				t.Parallel()
				recomputed(t, uint64(n), database(t))
			})
		}
	}
}

func recomputed(t *testing.T, seed uint64, database string) {
	p := newPlayer(t, seed, database)
	began := p.clock
	laws := []law{{least: 10, ladder: classic}, {least: 4, ladder: gentle}, {least: 6, ladder: stern}, {least: 5, ladder: hard}, {least: 4, ladder: gentle}}
	p.govern(laws[1], time.Time{})
	p.strike(began)
	const span = 105 * 24 * time.Hour
	orders := 42
	if os.Getenv("GUILDHALL_NIGHTLY") == "" {
		orders = 24 // with five that strike orders, on each engine
	}
	for i := range orders {
		p.at(began.Add(time.Duration(i)*span/time.Duration(orders)+p.hours(0, 40)), "order", p.order)
	}
	for range len(p.quiet) - 2 {
		p.in(p.hours(0, span.Hours()), "ask a question", p.question)
	}
	p.in(p.hours(0, 40*24), "leave", p.leave)
	for days := 25; days < 125; days += 10 {
		p.in(time.Duration(days)*day+p.hours(0, 100), "a person's word", p.nod)
	}
	p.in(70*day, "another rulebook", func(context.Context) error { p.govern(laws[2], time.Time{}); return nil })
	for _, after := range []time.Duration{30 * day, 80 * day} {
		p.in(after+p.hours(0, 100), "restart", func(context.Context) error {
			p.kill()
			p.start()
			return nil
		})
	}
	looks := []int{20, 45, 75, 105, 145}
	if os.Getenv("GUILDHALL_NIGHTLY") == "" {
		looks = []int{45, 85, 145} // besides those after the rehearsal, the recovery and the forecast
	}
	for _, days := range looks {
		p.live(began.AddDate(0, 0, days))
		p.check(laws)
	}
	p.rehearsed(laws)
	p.recovered(laws)
	p.foretold(laws)
	p.stop()
	p.audit()
	t.Logf("%v", p.done)
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
	p.everywhere(c, s, p.reviewed(c, s.At))
	p.guarded(c, tables["ending_reviews"], s.At)
	p.known = c
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
	for _, h := range c.streams[ladderOf(id)] {
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

// reviewed counts reviews once more, and holds every list against the count.
func (p *player) reviewed(c *chronicle, known time.Time) map[string]client.ReviewSums {
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
			tenths := s.Parts * 10 / (star * int64(s.Shown)) // cut, never rounded up
			s.Mean = fmt.Sprintf("%d.%d", tenths/10, tenths%10)
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
		if is.Count != w.Count || is.Shown != w.Shown || is.Removed != w.Removed || is.Parts != w.Parts || is.Mean != w.Mean {
			p.t.Errorf("%s: the house counts %+v, the export says %+v", what, is, w)
		}
	}
	for _, g := range p.gigs() {
		id := string(g.ID)
		is, err := seller.GigReviewSums(ctx, id)
		if g.ID == p.doomed.ID && err != nil {
			continue // it is gone; what was said of it stands with the seller
		}
		same("the gig", id, is, err)
		p.listed(seller.GigReviews(ctx, id, client.ReviewFilter{}), is)
	}
	is, err := seller.MemberReviewSums(ctx, string(p.seller.ID), "seller")
	same("the seller", string(p.seller.ID), is, err)
	p.listed(seller.MemberReviews(ctx, string(p.seller.ID), "seller", client.ReviewFilter{}), is)
	for _, b := range append(slices.Clone(p.buyers), p.ghost) {
		is, err := seller.MemberReviewSums(ctx, string(b.ID), "buyer")
		same(b.Name, string(b.ID), is, err)
	}
	return want
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
