package help

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"guildhall/internal/policy"
)

func book(t *testing.T, profile string, change func(*policy.Document)) *Book {
	t.Helper()
	_, doc, err := policy.Profile(profile)
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(&doc)
	}
	b, err := Open(policy.Version{ID: "policy_test", Document: doc})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestArticles renders every article under both profiles and follows its links.
func TestArticles(t *testing.T) {
	for _, profile := range policy.Profiles() {
		b := book(t, profile, nil)
		for _, a := range b.articles {
			if a.Slug != Terms && (a.Group == "" || len(a.For) == 0) {
				t.Errorf("%s stands on no shelf, or is for nobody", a.Slug)
			}
			for _, role := range a.For {
				if !slices.ContainsFunc(Roles(), func(r Role) bool { return r.Name == role }) {
					t.Errorf("%s is for %q, whom nobody can choose", a.Slug, role)
				}
			}
			if strings.Contains(a.HTML, "{{") || strings.Contains(a.HTML, "<no value>") || strings.Contains(a.HTML, "<h1") {
				t.Errorf("%s: something was left in the text", a.Slug)
			}
			if len(b.Related(a)) != len(a.Related) {
				t.Errorf("%s: related names an article that is not there: %v", a.Slug, a.Related)
			}
			for _, m := range regexp.MustCompile(`href="/help/([^"#]*)`).FindAllStringSubmatch(a.HTML, -1) {
				if _, ok := b.Article(m[1]); !ok {
					t.Errorf("%s links to /help/%s, which is not there", a.Slug, m[1])
				}
			}
		}
		if _, ok := b.Article("orders"); !ok {
			t.Error("order pages link to /help/orders")
		}
	}
}

// texts are the sources of all articles without their heads.
func texts(t *testing.T) map[string]string {
	t.Helper()
	list := map[string]string{}
	for _, slug := range book(t, "classic", nil).Slugs() {
		source, err := os.ReadFile("articles/" + slug + ".md")
		if err != nil {
			t.Fatal(err)
		}
		_, list[slug], _ = strings.Cut(string(source), "\n---\n")
	}
	return list
}

// typed finds a number that somebody typed: in digits, or as a word before what
// the policy counts.
var (
	filled = regexp.MustCompile(`\{\{.*?\}\}|(?m)^\d+\. |Level 1`)
	typed  = regexp.MustCompile(`(?i).*(\d|\b(two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|fifty|sixty|ninety|hundred|thousand)` +
		`[ -]((working|calendar|completed|ended|whole|more|full) )?(minute|hour|day|week|month|year|star|order|percent|per cent|reminder|character|file|revision|request|time|dollar|point|buyer|warning|extension)s?\b|\bhalf of\b).*`)
)

// TestNumbers holds articles to have no number of their own: all come from the
// policy or from the rules that played the example.
func TestNumbers(t *testing.T) {
	for slug, text := range texts(t) {
		if n := typed.FindString(filled.ReplaceAllString(text, "")); n != "" {
			t.Errorf("%s holds a number of its own: %s", slug, n)
		}
	}
	for _, bad := range []string{"within 14 days", "after three days", "at most ten completed orders", "five working days", "Half of it"} {
		if !typed.MatchString(bad) {
			t.Errorf("%q is a number that nobody would find", bad)
		}
	}
}

// TestWorkedExamples asks each article for an example that the rules made: a
// quoted paragraph with at least one value of the play.
func TestWorkedExamples(t *testing.T) {
	worked := regexp.MustCompile(`(?m)^> .*\{\{\.`)
	for slug, text := range texts(t) {
		if slug != Terms && !worked.MatchString(text) {
			t.Errorf("%s has no worked example: a line of “> …” with a value that the rules made, like {{.Due}}", slug)
		}
	}
}

// TestOddHouses opens the help of houses whose numbers lie at the very edge.
func TestOddHouses(t *testing.T) {
	for name, change := range map[string]func(*policy.Document){
		"no discounts": func(d *policy.Document) { d.Requests.MaxDiscountPercent = 0 },
		"no levels":    func(d *policy.Document) { d.Standing.Levels = nil },
		"one rung":     func(d *policy.Document) { d.Standing.Levels = d.Standing.Levels[:1] },
		"dear":         func(d *policy.Document) { d.Money.MinPrice, d.Money.MaxPrice = 500_000, 900_000 },
		"strict": func(d *policy.Document) {
			d.Limits.PackageDays, d.Limits.PackageRevisions, d.Requests.MaxExtensionDays = 1, 0, 1
		},
		"no more time": func(d *policy.Document) { d.Order.ReviewExtensions = 0 },
		"yen":          func(d *policy.Document) { d.Currency = "JPY" },
	} {
		t.Run(name, func(t *testing.T) { book(t, "classic", change) })
	}
}

// TestPolicyChanges changes numbers and finds the new ones in text and example.
func TestPolicyChanges(t *testing.T) {
	b := book(t, "classic", func(d *policy.Document) {
		d.Order.ReviewPeriod = policy.Duration(5 * 24 * time.Hour)
		d.Money.Commission = 1250
		d.Money.BuyerFee = 500
		d.Requests.Remind = 0
	})
	for slug, want := range map[string]string{
		"orders":     "after 5 days it completes by itself",
		"money":      "<strong>$80.00 − $10.00 commission = $70.00</strong>",
		"paying":     "A fee of 5% comes on top",
		"deliveries": "The buyer has 5 days to accept",
		"requests":   "A seller can remind the buyer at any time.",
	} {
		if a, _ := b.Article(slug); !strings.Contains(a.HTML, want) {
			t.Errorf("%s does not say %q", slug, want)
		}
	}
	if a, _ := b.Article("money"); !strings.Contains(a.HTML, "$84.00") {
		t.Error("the example forgets the buyer's fee")
	}
}

func TestExample(t *testing.T) {
	e, err := Play(book(t, "classic", nil).Policy)
	if err != nil {
		t.Fatal(err)
	}
	for got, want := range map[string]string{
		e.Due: "Sun 8 Mar, 11:00", e.DueHere: "Sun 8 Mar, 12:00", e.DueThere: "Sun 8 Mar, 19:00",
		e.LateFrom: "Mon 9 Mar, 11:00", e.Silence: "Tue 10 Mar, 17:00", e.Longer: "Fri 13 Mar, 17:00",
		e.Clears: "Sat 21 Mar, 20:00", e.Net: "$72.00", e.Commission: "$8.00",
		e.Odd: "$40.25", e.OddCommission: "$4.02", e.OddNet: "$36.23",
		e.Rates.Rate: "94.3 %", e.Rates.Next: "94.4 %", e.Rates.HairRate: "89.9 %", e.Rates.FewRate: "50.0 %",
		e.Ask.Until: "Fri 6 Mar, 17:00", e.Ask.Back: "$40.00", e.Ask.Seller: "$36.00", e.Ask.Commission: "$4.00",
		e.Ask.SilentBack: "$80.00", e.Ask.Extended: "Wed 11 Mar, 11:00", e.Ask.Less: "30%", e.Ask.LessBack: "$24.00",
		e.Ask.Mistake: "it counts against nobody", e.Ask.MistakeSilent: "it counts against Mara and is noted for Ben",
		e.Offer.Until: "Tue 3 Mar, 09:00", e.Offer.HonouredUntil: "Tue 3 Mar, 09:30",
		e.Support.AnswerBy: "Sun 8 Mar, 17:00", e.Support.AppealUntil: "Sun 22 Mar, 19:00",
		e.Notice.Once: "1 notice", e.Tabs.Started: "*Active* and *Pending*", e.Message.EarlyGood: "a good one", e.Message.LateGood: "too late for that",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if e.Rates.FewHeld || !e.Offer.Open || e.Offer.Over {
		t.Errorf("two orders are held against nobody, and an offer ends at its end: %+v %+v", e.Rates, e.Offer)
	}
}

// TestUnknown: what an article asks for must be there.
func TestUnknown(t *testing.T) {
	r, err := newRenderer(book(t, "classic", nil).Policy)
	if err != nil {
		t.Fatal(err)
	}
	const top = "title: T\nsummary: S\nrevised: 2026-01-01\n---\n"
	for _, text := range []string{`{{policy "order.reveiw_period"}}`, `{{.Tomorrow}}`, `{{effect}}`, `{{times "order.nothing"}}`} {
		if _, err := r.article("bad", top+text); err == nil {
			t.Errorf("%s was accepted", text)
		}
	}
	for _, source := range []string{"no head", "title: T\n---\n", top[:9] + "colour: red\n---\n"} {
		if _, err := r.article("bad", source); err == nil {
			t.Errorf("%q was accepted", source)
		}
	}
}

// TestValuesAreText: words of the policy are text, whatever stands in them.
func TestValuesAreText(t *testing.T) {
	if got := plain(`<b>*1*</b> [x](javascript:1)`); strings.ContainsAny(strings.ReplaceAll(got, `\<`, ""), "<") {
		t.Errorf("plain: %q", got)
	}
}

func TestSearch(t *testing.T) {
	b := book(t, "classic", nil)
	for query, want := range map[string]string{
		"refund late":            "cancellations",
		"mistake":                "questions",
		"why am i not level":     "questions",
		"time zone":              "clocks",
		"declined card":          "paying",
		"commission":             "money",
		"Idempotency":            "tokens",
		"pausing":                "capacity",
		"requirements":           "requirements",
		"<script>alert</script>": "",
		"the of and":             "",
	} {
		hits := b.Search(query)
		switch {
		case want == "" && len(hits) > 0:
			t.Errorf("%q found %s", query, hits[0].Article.Slug)
		case want != "" && (len(hits) == 0 || hits[0].Article.Slug != want):
			var got []string
			for _, h := range hits {
				got = append(got, h.Article.Slug)
			}
			t.Errorf("%q found %v, want %s first", query, got, want)
		}
	}
}

// TestHelpSaysWhatTheRulesDo: sentences that once said otherwise than the house does.
func TestHelpSaysWhatTheRulesDo(t *testing.T) {
	for slug, not := range map[string]string{
		"cancellations": "which sellers do not see",                                                    // of a buyer's record: they do, of whom they deal with
		"agents":        "a seller’s completed orders move only if you find the fault with the seller", // a full refund takes an order out of them, whosever fault it was
		"challenges":    "each side can appeal",                                                        // there is one appeal, in which both are heard
		"support":       "Both of you get the decision as a letter",                                    // whom it does nothing to is not told
	} {
		if strings.Contains(texts(t)[slug], not) {
			t.Errorf("%s says %q", slug, not)
		}
	}
}
