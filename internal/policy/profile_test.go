package policy

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"guildhall/internal/fault"
)

func profile(t *testing.T, name string) Document {
	t.Helper()
	_, d, err := Profile(name)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// The numbers of the rulebook, written once more by hand, in the words of pages.
func TestRulebookVectors(t *testing.T) {
	both := map[string]string{
		"order.unpaid_lapse":                             "1 day",
		"order.review_period":                            "3 days",
		"order.review_extension":                         "3 days",
		"order.review_extensions":                        "1",
		"order.revision_target":                          "2 days",
		"order.late_cancel":                              "1 day",
		"order.stale_cancel":                             "7 days",
		"order.stale_refund":                             "60 days",
		"order.duplicate_window":                         "1 hour",
		"clocks.upload_grace":                            "2 hours",
		"clocks.requirements_reminders":                  "1 day, 3 days and 5 days",
		"clocks.before_due":                              "1 day",
		"clocks.before_completion":                       "1 day",
		"clocks.before_request_ends":                     "12 hours",
		"requests.answer":                                "2 days",
		"requests.per_kind":                              "3",
		"requests.seller_pause":                          "4 days",
		"requests.remind":                                "1 day",
		"requests.max_extension_days":                    "14",
		"requests.max_discount_percent":                  "60%",
		"requests.advise_extensions":                     "3",
		"requests.advise_orders":                         "10",
		"requests.kinds.cancel.on_silence":               "cancel_unanswered",
		"requests.kinds.cancel.after_delivery_to_desk":   "yes",
		"requests.kinds.extend.on_silence":               "deny",
		"requests.kinds.add_extra.on_silence":            "deny",
		"requests.kinds.discount.on_silence":             "deny",
		"requests.kinds.swap.on_silence":                 "deny",
		"cancellation.effects.before_start.seller":       "no",
		"cancellation.effects.before_start.buyer":        "yes",
		"cancellation.effects.before_start_stale.seller": "no",
		"cancellation.effects.mutual.seller":             "no",
		"cancellation.effects.mutual.buyer":              "no",
		"cancellation.effects.unanswered/seller.seller":  "unless_unresponsive",
		"cancellation.effects.unanswered/seller.buyer":   "yes",
		"cancellation.effects.unanswered/buyer.seller":   "yes",
		"cancellation.effects.unanswered/buyer.buyer":    "no",
		"cancellation.effects.late.seller":               "yes",
		"cancellation.effects.forced.seller":             "fault_seller",
		"cancellation.effects.forced.buyer":              "fault_buyer",
		"cancellation.effects.chargeback.seller":         "no",
		"cancellation.effects.chargeback.buyer":          "yes",
		"cancellation.effects.moderated.seller":          "no",
		"cancellation.unresponsive_reminders":            "2",
		"cancellation.unresponsive_silence":              "3 days",
		"cancellation.review_share":                      "20%",
		"cancellation.review_window":                     "60 days",
		"cancellation.review_from":                       "5",
		"offers.life":                                    "1 day",
		"offers.payment_grace":                           "30 minutes",
		"reviews.window":                                 "14 days",
		"reviews.criteria":                               "Order fulfilment, Start time and Communication",
		"reviews.min_text":                               "10",
		"reviews.amend":                                  "30 days",
		"reviews.reply":                                  "28 days",
		"reviews.reply_edit":                             "1 day",
		"reviews.decision_days":                          "5",
		"standing.window":                                "60 days",
		"standing.response":                              "1 day",
		"standing.enforce_from":                          "10",
		"standing.reach_back":                            "180 days",
		"standing.demotion_day":                          "15",
		"standing.demotion_notice":                       "14 days",
		"standing.warning_life":                          "30 days",
		"standing.levels":                                "Level 1, Level 2 and Top",
		"standing.levels.level_1.earned":                 "$400.00",
		"standing.levels.level_2.earned":                 "$2,000.00",
		"standing.levels.top.clearance":                  "7 days",
		"desk.first_answer":                              "1 day",
		"money.buyer_fee":                                "0%",
		"money.commission":                               "10%",
		"money.tip_commission":                           "0%",
		"money.clearance":                                "14 days",
		"money.min_withdrawal":                           "$25.00",
		"limits.upload_bytes":                            "10 MiB",
	}
	own := map[string]map[string]string{
		"classic": {
			"standing.levels.level_1.days": "60", "standing.levels.level_1.completed": "10", "standing.levels.level_1.rating": "4.7",
			"standing.levels.level_1.completion": "90%", "standing.levels.level_1.on_time": "90%", "standing.levels.level_1.response": "90%",
			"standing.levels.level_1.no_warnings": "yes",
			"standing.levels.level_2.days":        "120", "standing.levels.level_2.completed": "50",
			"standing.levels.top.days": "180", "standing.levels.top.completed": "100", "standing.levels.top.earned": "$20,000.00",
			"standing.levels.top.approval": "yes",
		},
		"modern": {
			"standing.levels.level_1.completed": "5", "standing.levels.level_1.unique_buyers": "3", "standing.levels.level_1.rating": "4.4", "standing.levels.level_1.response": "80%",
			"standing.levels.level_2.completed": "20", "standing.levels.level_2.unique_buyers": "10", "standing.levels.level_2.rating": "4.6", "standing.levels.level_2.response": "90%",
			"standing.levels.top.completed": "40", "standing.levels.top.unique_buyers": "20", "standing.levels.top.rating": "4.7", "standing.levels.top.response": "90%",
			"standing.levels.top.earned": "$10,000.00",
		},
	}
	for _, name := range Profiles() {
		d := profile(t, name)
		for _, vectors := range []map[string]string{both, own[name]} {
			for path, want := range vectors {
				if got, err := d.Lookup(path); err != nil || got != want {
					t.Errorf("%s: %s = %q, %v; want %q", name, path, got, err, want)
				}
			}
		}
	}
}

func TestCausesOfTheRulebook(t *testing.T) {
	want := strings.Fields(`mistake duplicate changed_mind found_cheaper wrong_payment_method requirements_missing
		buyer_unresponsive out_of_scope budget terms_breach_buyer buyer_fraud seller_unavailable seller_late quality
		terms_breach_seller competitor_sabotage platform_error other`)
	var got []string
	for _, c := range profile(t, "classic").Cancellation.Causes {
		got = append(got, c.Name)
	}
	if !slices.Equal(got, want) {
		t.Errorf("causes %v, want %v", got, want)
	}
}

func TestProfilesDifferInTheLadderOnly(t *testing.T) {
	for _, c := range Diff(profile(t, "classic"), profile(t, "modern")) {
		if c.Path != "profile" && !strings.HasPrefix(c.Path, "standing.levels.") {
			t.Errorf("they differ in %v", c)
		}
	}
	if _, _, err := Profile("clasic"); err == nil || !strings.Contains(err.Error(), "did you mean classic?") {
		t.Errorf("an unknown profile gave %v", err)
	}
}

func TestLookupKnowsOnlyWhatStands(t *testing.T) {
	d := profile(t, "classic")
	for path, hint := range map[string]string{
		"order.review_perod":                "(did you mean order.review_period?)",
		"standing.levels.level_9.days":      "(did you mean standing.levels.level_1.days?)",
		"standing.levels.top.unique_buyers": "", // asks nothing in this ladder
		"clocks.requirements_reminders[1]":  "(did you mean clocks.requirements_reminders?)",
		"order":                             "",
		"":                                  "",
	} {
		got, err := d.Lookup(path)
		if err == nil || !strings.HasSuffix(err.Error(), hint) {
			t.Errorf("%q = %q, %v; want an error with %q", path, got, err, hint)
		}
	}
}

func TestDiff(t *testing.T) {
	a := profile(t, "classic")
	b := a.clone()
	b.Currency = "EUR"
	b.Order.ReviewPeriod = Duration(5 * 24 * time.Hour)
	b.Clocks.RequirementsReminders = b.Clocks.RequirementsReminders[:2]
	b.Cancellation.Effects[2].Buyer = EffectYes
	b.Cancellation.Effects[3].Seller = EffectYes
	b.Cancellation.Causes = slices.Delete(b.Cancellation.Causes, 16, 17)
	b.Standing.Levels[0].OnTime = 0
	b.Standing.Levels[1].UniqueBuyers = 7
	b.Conduct.AllowedLinks = nil
	b.Money.Commission = 1250
	b.Limits.UploadBytes = 25 << 20
	var got []string
	for _, c := range Diff(a, b) {
		got = append(got, c.String())
	}
	names := "mistake, duplicate, changed_mind, found_cheaper, wrong_payment_method, requirements_missing, buyer_unresponsive, " +
		"out_of_scope, budget, terms_breach_buyer, buyer_fraud, seller_unavailable, seller_late, quality, terms_breach_seller, competitor_sabotage, "
	want := []string{
		"currency: USD → EUR",
		"order.review_period: 3d → 5d",
		"clocks.requirements_reminders: 1d, 3d, 5d → 1d, 3d",
		"cancellation.effects.mutual.buyer: no → yes",
		"cancellation.effects.unanswered/seller.seller: unless_unresponsive → yes",
		"cancellation.causes: " + names + "platform_error, other → " + names + "other",
		"cancellation.causes.platform_error.words: The house made an error → nothing",
		"standing.levels.level_1.on_time: 90% → nothing",
		"standing.levels.level_2.unique_buyers: nothing → 7",
		"conduct.allowed_links: behance.net, dribbble.com, figma.com, github.com, soundcloud.com, vimeo.com, wikipedia.org, youtube.com → nothing",
		"money.commission: 10% → 12.5%",
		"limits.upload_bytes: 10MiB → 25MiB",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// A caller may change its default without changing anybody else's.
func TestDefaultIsOnesOwn(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	first := Default("policy_1", now)
	if first.ID != "policy_1" || !first.Effective.Equal(now) || len(Diff(first.Document, profile(t, "classic"))) != 0 {
		t.Fatal("the default is not the classic profile")
	}
	first.Reviews.CategoryCriteria = map[string][]Criterion{"x": {{Name: "a"}}}
	copied := first.clone()
	var walk func(path string, a, b reflect.Value)
	walk = func(path string, a, b reflect.Value) {
		switch a.Kind() {
		case reflect.Struct:
			for i := range a.NumField() {
				walk(path+"."+a.Type().Field(i).Name, a.Field(i), b.Field(i))
			}
		case reflect.Map:
			for _, k := range a.MapKeys() {
				walk(fmt.Sprintf("%s[%v]", path, k), a.MapIndex(k), b.MapIndex(k))
			}
			fallthrough
		case reflect.Slice:
			if a.Len() > 0 && a.Pointer() == b.Pointer() {
				t.Errorf("%s is shared", path)
			}
		}
	}
	walk("document", reflect.ValueOf(first.Document), reflect.ValueOf(copied))
}

func TestInForce(t *testing.T) {
	day := func(n int) time.Time { return time.Date(2026, 3, n, 0, 0, 0, 0, time.UTC) }
	versions := []Version{
		{ID: "policy_c", Effective: day(20)},
		{ID: "policy_a", Effective: day(1)},
		{ID: "policy_d", Effective: day(10)}, // made after b, for the same moment
		{ID: "policy_b", Effective: day(10)},
	}
	for _, c := range []struct {
		at   time.Time
		want string
	}{
		{day(1).Add(-1), ""},
		{day(1), "policy_a"},
		{day(10).Add(-1), "policy_a"},
		{day(10), "policy_d"},
		{day(19), "policy_d"},
		{day(20), "policy_c"},
		{day(31), "policy_c"},
	} {
		got, ok := InForce(versions, c.at)
		if string(got.ID) != c.want || ok != (c.want != "") {
			t.Errorf("at %v: %q, %v; want %q", c.at, got.ID, ok, c.want)
		}
	}
}

func TestCheckSuccessor(t *testing.T) {
	now := time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)
	modern := profile(t, "modern")
	for _, c := range []struct {
		name          string
		current, next time.Duration // from now
		document      Document
		want          fault.Kind
	}{
		{"at once", -time.Hour, 0, modern, ""},
		{"later", -time.Hour, 48 * time.Hour, modern, ""},
		{"together with a planned one", time.Hour, time.Hour, modern, ""},
		{"a moment too early", -time.Hour, -1, modern, fault.KindInvalid},
		{"before the current one", -time.Hour, -2 * time.Hour, modern, fault.KindInvalid},
		{"before a planned one", 2 * time.Hour, time.Hour, modern, fault.KindInvalid},
		{"nothing differs", -time.Hour, 0, profile(t, "classic"), fault.KindConflict},
	} {
		next := Version{ID: "policy_2", Effective: now.Add(c.next), Document: c.document}
		err := CheckSuccessor(now, Default("policy_1", now.Add(c.current)), next)
		if fault.KindOf(err) != c.want || (err == nil) != (c.want == "") {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

// What an operator leaves out stays left out once it is stored, and a file of
// before it was known still reads.
func TestLeftOutAsksNothing(t *testing.T) {
	text, _, err := Profile("classic")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{"\n  remind: 24h", "\n  review_from: 5"} {
		if !strings.Contains(string(text), line) {
			t.Fatalf("%q does not stand in the profile", line)
		}
		text = []byte(strings.Replace(string(text), line, "\n ", 1))
	}
	doc, err := Parse("house.yaml", text)
	if err != nil {
		t.Fatal(err)
	}
	stored, err := Recall(doc.Marshal())
	if err != nil {
		t.Fatal(err)
	}
	for name, d := range map[string]Document{"read": doc, "stored": stored} {
		if d.Requests.Remind != 0 || d.Cancellation.ReviewFrom != 0 {
			t.Errorf("%s: %v and %d, want nothing asked", name, d.Requests.Remind, d.Cancellation.ReviewFrom)
		}
	}
}

// A release may add and drop numbers; the versions of a living house still read.
func TestRecallReadsAnEarlierRelease(t *testing.T) {
	want := profile(t, "modern")
	want.Order.ReviewPeriod = Duration(96 * time.Hour)
	stored := string(want.Marshal())
	before := stored
	for now, then := range map[string]string{
		"  share_life: 14d\n":                         "",
		"offers:\n  life: 1d\n  payment_grace: 30m\n": "",
		"desk:\n":  "desk:\n  coffee_breaks: 3\n",
		"money:\n": "lottery:\n  prize: 5.00\nmoney:\n",
	} {
		before = strings.Replace(before, now, then, 1)
	}
	for name, text := range map[string]string{"today": stored, "an earlier release": before} {
		got, err := Recall([]byte(text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if !reflect.DeepEqual(got, want) {
			t.Errorf("%s reads differently: %v", name, Diff(want, got))
		}
	}
	if _, err := Parse("house.yaml", []byte(before)); err == nil {
		t.Error("a person's file is forgiven what a stored one is")
	}
	for _, broken := range []string{"", "order: 5", strings.Replace(stored, "review_period: 4d", "review_period: 4x", 1), strings.Replace(stored, "      completed: 5\n", "      completd: 5\n", 1)} {
		if _, err := Recall([]byte(broken)); err == nil {
			t.Errorf("a broken version was recalled: %.40q", broken)
		}
	}
}
