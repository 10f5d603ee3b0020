package gig

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/money"
	"guildhall/internal/policy"
)

var (
	seller   = member.Actor{Member: "member_seller", Role: member.RoleMember, Seller: true}
	stranger = member.Actor{Member: "member_other", Role: member.RoleMember, Seller: true}
	noon     = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
)

func rulebook() policy.Version {
	var p policy.Version
	p.Currency = "USD"
	p.Money.MinPrice, p.Money.MaxPrice = 100, 2_000_000
	p.Money.BuyerFee = 500
	p.Order.MaxQuantity = 20
	p.Limits = policy.Limits{GigPictures: 3, GigTags: 5, GigExtras: 4, GigQuestions: 4, GigFAQ: 3,
		PackageDays: 90, PackageRevisions: 10, TextRunes: 5000}
	return p
}

func logo() Body {
	return Body{
		Title: "draw a logo for your bakery", Description: "Three sketches, one of them worked out.", Currency: "USD",
		Packages: []Package{
			{Tier: Basic, Name: "Sketch", Description: "One sketch", Price: 2000, Days: 3, Revisions: 1},
			{Tier: Premium, Name: "Full", Description: "All of it", Price: 9000, Days: 10, Revisions: 3},
		},
		Extras:    []Extra{{Key: "e1-1", Name: "Source files", Price: 1500, Days: 1}},
		Questions: []Question{{Key: "q1-1", Kind: QuestionChoice, Text: "Style?", Choices: []string{"old", "new"}, Required: true}},
		Tags:      []string{"logo"},
	}
}

func TestCheck(t *testing.T) {
	cases := []struct {
		name   string
		change func(*Body)
		field  string // "" when it may be published
		draft  bool   // whether a draft may look like this
	}{
		{"whole", func(*Body) {}, "", true},
		{"no title", func(b *Body) { b.Title = " " }, "title", true},
		{"title of two lines", func(b *Body) { b.Title = "draw\na logo" }, "title", false},
		{"title too long", func(b *Body) { b.Title = strings.Repeat("é", MaxTitle+1) }, "title", false},
		{"broken bytes", func(b *Body) { b.Title = "draw \xff a logo" }, "title", false},
		{"control character", func(b *Body) { b.Description += "\x00" }, "description", false},
		{"short description", func(b *Body) { b.Description = "Short" }, "description", true},
		{"other currency", func(b *Body) { b.Currency = "EUR" }, "currency", false},
		{"no packages", func(b *Body) { b.Packages = nil }, "packages", true},
		{"tiers turned round", func(b *Body) { slices.Reverse(b.Packages) }, "packages.1.tier", false},
		{"tier twice", func(b *Body) { b.Packages[1].Tier = Basic }, "packages.1.tier", false},
		{"unknown tier", func(b *Body) { b.Packages[0].Tier = "gold" }, "packages.0.tier", false},
		{"free package", func(b *Body) { b.Packages[0].Price = 0 }, "packages.0.price", true},
		{"negative price", func(b *Body) { b.Packages[0].Price = -1 }, "packages.0.price", false},
		{"huge price", func(b *Body) { b.Packages[1].Price = 2_000_001 }, "packages.1.price", false},
		{"no days", func(b *Body) { b.Packages[0].Days = 0 }, "packages.0.days", true},
		{"too many days", func(b *Body) { b.Packages[0].Days = 91 }, "packages.0.days", false},
		{"extra without name", func(b *Body) { b.Extras[0].Name = "" }, "extras.0.name", true},
		{"extra without key", func(b *Body) { b.Extras[0].Key = "" }, "extras.0.key", false},
		{"extra key twice", func(b *Body) { b.Extras = append(b.Extras, b.Extras[0]) }, "extras.1.key", false},
		{"choice of one", func(b *Body) { b.Questions[0].Choices = []string{"old"} }, "questions.0.choices", true},
		{"choice twice", func(b *Body) { b.Questions[0].Choices = []string{"old", "old"} }, "questions.0.choices", false},
		{"unknown kind", func(b *Body) { b.Questions[0].Kind = "colour" }, "questions.0.kind", false},
		{"tag twice", func(b *Body) { b.Tags = []string{"logo", "logo"} }, "tags.1", false},
		{"too many tags", func(b *Body) { b.Tags = []string{"a", "b", "c", "d", "e", "f"} }, "tags", false},
		{"answer missing", func(b *Body) { b.FAQ = []FAQ{{Question: "Fast?"}} }, "faq.0.answer", true},
		{"picture id made up", func(b *Body) { b.Pictures = []ident.File{"../../etc"} }, "pictures", false},
		{"capacity below nothing", func(b *Body) { b.Capacity = -1 }, "capacity", false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			b := logo()
			c.change(&b)
			if got := blamed(t, Check(b, rulebook())); c.field != "" && !slices.Contains(got, c.field) || c.field == "" && got != nil {
				t.Errorf("Check blames %v, want %q", got, c.field)
			}
			if got := blamed(t, CheckDraft(b, rulebook())); (got == nil) != c.draft {
				t.Errorf("CheckDraft blames %v, want a fine draft: %v", got, c.draft)
			}
		})
	}
}

func blamed(t *testing.T, err error) []string {
	t.Helper()
	if err == nil {
		return nil
	}
	var e *fault.Error
	if !errors.As(err, &e) || e.Kind != fault.KindInvalid {
		t.Fatalf("not an invalid input: %v", err)
	}
	return slices.Sorted(maps.Keys(e.Fields))
}

func TestMoves(t *testing.T) {
	// The whole table: where each move leads from each state, "" where it is refused.
	want := map[Move]map[State]State{
		MovePublish: {StateDraft: StateActive},
		MovePause:   {StateActive: StatePaused},
		MoveResume:  {StatePaused: StateActive},
		MoveDelete:  {StateDraft: StateDeleted, StateActive: StateDeleted, StatePaused: StateDeleted},
	}
	for m, row := range want {
		for _, from := range []State{StateDraft, StateActive, StatePaused, StateDeleted} {
			g := Gig{ID: "gig_1", Seller: seller.Member, Category: "category_1", State: from, Version: 7, Body: logo()}
			got, effects, err := Decide(noon, g, seller, m, rulebook())
			if row[from] == "" {
				if err == nil || got.State != from || len(effects.Events) != 0 {
					t.Errorf("%s from %s: %v %v, want a refusal", m, from, got.State, err)
				}
				continue
			}
			if err != nil || got.State != row[from] || got.Version != 8 || effects.Events[0].Seq != 8 {
				t.Errorf("%s from %s = %s v%d, %v", m, from, got.State, got.Version, err)
			}
			if _, _, err := Decide(noon, g, stranger, m, rulebook()); err == nil {
				t.Errorf("%s from %s by a stranger was allowed", m, from)
			}
		}
	}
}

func TestStrangerCannotTellADraftFromNothing(t *testing.T) {
	g := Gig{ID: "gig_1", Seller: seller.Member, State: StateDraft, Body: logo()}
	_, _, err := Decide(noon, g, stranger, MovePublish, rulebook())
	g.State = StateDeleted
	_, _, gone := Decide(noon, g, stranger, MovePublish, rulebook())
	if fault.KindOf(err) != fault.KindNotFound || err.Error() != gone.Error() {
		t.Errorf("a draft says %v, nothing says %v", err, gone)
	}
}

func TestListedGigStaysWhole(t *testing.T) {
	g := Gig{ID: "gig_1", Seller: seller.Member, Category: "category_1", State: StateActive, Slug: "kept", Version: 2, Body: logo()}
	half := logo()
	half.Packages = nil
	if _, _, err := Save(noon, g, seller, g.Category, half, rulebook()); fault.KindOf(err) != fault.KindInvalid {
		t.Errorf("a listed gig lost its packages: %v", err)
	}
	renamed := logo()
	renamed.Title = "paint a sign"
	got, _, err := Save(noon, g, seller, g.Category, renamed, rulebook())
	if err != nil || got.Slug != "kept" || got.Version != 3 {
		t.Errorf("saved as %q v%d, %v; the address must stay", got.Slug, got.Version, err)
	}
}

func TestWords(t *testing.T) {
	cases := []struct{ text, want string }{
		{"Edit your Résumé & cover-letter", "edit your resume cover letter"},
		{"ESPAÑOL straße Łódź", "espanol strasse lodz"},
		{"don't stop, don’t", "dont stop"},
		{"дa", "x00434a"},
		{"東京 logo", "x06771 x04eac logo"},
		{strings.Repeat("a", 5000) + " b", strings.Repeat("a", maxLetters) + " b"},
		{"<script>alert(1)</script>", "script alert 1"},
		{" \x00\xff ", ""},
	}
	for _, c := range cases {
		if got := strings.Join(Words(Body{Title: c.text}), " "); got != c.want {
			t.Errorf("Words(%q) = %q, want %q", c.text, got, c.want)
		}
	}
	if got := Asked("one two three four five"); len(got) != maxAsked {
		t.Errorf("asked %v", got)
	}
}

func TestSlug(t *testing.T) {
	for title, want := range map[string]string{
		"Draw a LOGO, for your Café!": "draw-a-logo-for-your-cafe-89abcdef",
		"логотип":                     "gig-89abcdef",
		"--- ":                        "gig-89abcdef",
		strings.Repeat("word ", 40):   strings.TrimSuffix(strings.Repeat("word-", 12), "-") + "-89abcdef",
	} {
		if got := Slug(title, "gig_0123456789abcdef"); got != want {
			t.Errorf("Slug(%q) = %q, want %q", title, got, want)
		}
	}
}

func TestTextNeverPanics(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text") + string(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes"))
		b := Body{Title: text, Description: text, Tags: []string{text}, Currency: "USD"}
		words := Words(b)
		for _, w := range words {
			if w == "" || strings.Trim(w, "abcdefghijklmnopqrstuvwxyz0123456789") != "" {
				t.Fatalf("word %q", w)
			}
		}
		if len(words) > maxWords || len(SlugOf(text)) > 60 {
			t.Fatal("a bound does not hold")
		}
		_ = CheckDraft(b, rulebook())
	})
}

func TestQuoteAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := logo()
		b.Packages[0].Price = rapid.Int64Range(0, 2_000_000).Draw(t, "price")
		b.Extras = nil
		var keys []string
		for i := range rapid.IntRange(0, 4).Draw(t, "extras") {
			b.Extras = append(b.Extras, Extra{Name: "x", Price: rapid.Int64Range(0, 9999).Draw(t, "each"), Days: i})
		}
		b = WithKeys(b, 3)
		for _, e := range b.Extras {
			if rapid.Bool().Draw(t, "taken") {
				keys = append(keys, e.Key, e.Key) // twice the same key is still one extra
			}
		}
		n := rapid.IntRange(1, 20).Draw(t, "quantity")
		q, err := NewQuote(b, Pick{Tier: Basic, Extras: keys, Quantity: n}, rulebook())
		if err != nil {
			t.Fatal(err)
		}
		var lines int64
		for _, l := range q.Lines {
			lines += l.Amount.Minor
		}
		if lines != q.Price.Minor || q.Total.Minor != q.Price.Minor+q.Fee.Minor || len(q.Lines) != 1+len(keys)/2 {
			t.Fatalf("%+v does not add up", q)
		}
		if q.Price.Minor%int64(n) != 0 {
			t.Fatalf("%d units at an uneven price %d", n, q.Price.Minor)
		}
	})
}

func TestQuoteRefuses(t *testing.T) {
	for field, pick := range map[string]Pick{
		"tier":     {Tier: Standard, Quantity: 1},
		"quantity": {Tier: Basic, Quantity: 21},
		"extras":   {Tier: Basic, Quantity: 1, Extras: []string{"gone"}},
	} {
		if _, err := NewQuote(logo(), pick, rulebook()); !slices.Equal(blamed(t, err), []string{field}) {
			t.Errorf("%+v: %v, want %s blamed", pick, err, field)
		}
	}
	if _, err := NewQuote(logo(), Pick{Tier: Basic, Quantity: -1}, rulebook()); err == nil {
		t.Error("a negative quantity has a price")
	}
	if got := logo().From(); got != money.Of(2000, "USD") {
		t.Errorf("from %v", got)
	}
}

// TestBothFacesKeepTheSame: what a program sends is kept as a form would have
// sent it, so that an answer, which comes without the spaces around it, is one
// of the choices, and the editor does not change what it only shows.
func TestBothFacesKeepTheSame(t *testing.T) {
	b := logo()
	b.Title, b.Description = " draw a logo ", "\n Three sketches, one of them worked out. "
	b.Questions[0].Choices = []string{" old, as it was ", "new\n and  bold"}
	b.Tags = []string{" sign   painting "}
	g, _, err := New(noon, "gig_1", seller, "category_1", b, rulebook())
	if err != nil {
		t.Fatal(err)
	}
	if q := g.Questions[0]; !q.Fits("old, as it was") || !q.Fits("new and bold") || g.Tags[0] != "sign painting" || g.Title != "draw a logo" || g.Description != "Three sketches, one of them worked out." {
		t.Errorf("kept %q %q %q %q", q.Choices, g.Tags, g.Title, g.Description)
	}
	if b.Questions[0].Choices[0] != " old, as it was " {
		t.Error("what was handed in was changed")
	}
	g, _, err = Save(noon, g, seller, "category_1", b, rulebook())
	if err != nil || g.Questions[0].Choices[1] != "new and bold" {
		t.Errorf("saved %q, %v", g.Questions[0].Choices, err)
	}
	b.Tags = []string{"signs, large"}
	if _, _, err := New(noon, "gig_1", seller, "category_1", b, rulebook()); !slices.Contains(blamed(t, err), "tags.0") {
		t.Errorf("a comma in a tag: %v", err)
	}
	b.Tags, b.Questions[0].Choices = nil, []string{"old", "old "}
	if _, _, err := New(noon, "gig_1", seller, "category_1", b, rulebook()); !slices.Contains(blamed(t, err), "questions.0.choices") {
		t.Errorf("two choices that read alike: %v", err)
	}
}
