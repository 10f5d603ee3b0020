package policy

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"guildhall/internal/money"
)

// bound are the values that must agree with others: the generator leaves them.
var bound = []string{
	"order.stale_refund", "order.stale_cancel", "order.late_cancel", "clocks.upload_grace", "order.review_period",
	"clocks.before_completion", "requests.answer", "clocks.before_request_ends", "clocks.requirements_reminders",
	"standing.window", "standing.reach_back", "standing.rating_window", "money.clearance", "limits.text_runes",
	"reviews.min_text", "cancellation.unresponsive_cause",
}

var someWords = rapid.Custom(func(t *rapid.T) string {
	text := strings.TrimSpace(rapid.StringOfN(rapid.RuneFrom([]rune("abc yes no null ~'\"#:-,{}[]&*!|>%@`?0.é漢🙂")), 1, 30, -1).Draw(t, "words"))
	if text == "" {
		return "-"
	}
	return text
})

// someDocument is a valid policy far from the shipped ones.
var someDocument = rapid.Custom(func(t *rapid.T) Document {
	_, d, err := Profile(rapid.SampledFrom(Profiles()).Draw(t, "profile"))
	if err != nil {
		t.Fatal(err)
	}
	d.Currency = rapid.SampledFrom([]money.Currency{"USD", "JPY", "KWD"}).Draw(t, "currency")
	scramble(t, "", reflect.ValueOf(&d).Elem(), field{})
	d.Money.MaxPrice = d.Money.MinPrice + Price(rapid.Int64Range(0, 1e6).Draw(t, "prices"))
	d.Conduct.Messengers = rapid.SliceOfN(someWords, 0, 4).Draw(t, "messengers")
	if len(d.Conduct.Messengers) == 0 {
		d.Conduct.Messengers = nil
	}
	if rapid.Bool().Draw(t, "more criteria") {
		d.Reviews.CategoryCriteria = map[string][]Criterion{"logo-design": {{"ideas", someWords.Draw(t, "words")}}, "2d": d.Reviews.Criteria}
	}
	return d
})

func scramble(t *rapid.T, path string, v reflect.Value, f field) {
	if slices.Contains(bound, path) || strings.HasPrefix(path, "standing.levels") {
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for _, f := range fields(v.Type()) {
			scramble(t, join(path, f.key), v.Field(f.index), f)
		}
	case reflect.Slice:
		for i := range v.Len() {
			scramble(t, path, v.Index(i), f)
		}
	case reflect.String:
		if f.key == "words" {
			v.SetString(someWords.Draw(t, path))
		}
	case reflect.Int, reflect.Int64:
		low, high := f.low, f.high
		switch v.Type() {
		case reflect.TypeFor[Duration]():
			v.SetInt(low + rapid.Int64Range(0, (high-low)/1e9).Draw(t, path)*1e9)
			return
		case reflect.TypeFor[Percent]():
			low, high = 0, 10_000
		case reflect.TypeFor[Price]():
			low, high = 1, 1e8
		}
		v.SetInt(rapid.Int64Range(low, high).Draw(t, path))
	}
}

func TestMarshalRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := someDocument.Draw(t, "document")
		text := want.Marshal()
		got, err := Parse("marshalled.yaml", text)
		if err != nil {
			t.Fatalf("%v", err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("came back different: %v\n%s", Diff(want, got), text)
		}
		if again := got.Marshal(); string(again) != string(text) {
			t.Fatal("the canonical form is not one")
		}
	})
}

func TestDiffIsEmptyOnlyForEquals(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := someDocument.Draw(t, "a")
		b := a.clone()
		if rapid.Bool().Draw(t, "other") {
			b = someDocument.Draw(t, "b")
		}
		if rapid.Bool().Draw(t, "turned around") {
			slices.Reverse(b.Cancellation.Causes)
		}
		changes := Diff(a, b)
		if (len(changes) == 0) != reflect.DeepEqual(a, b) {
			t.Fatalf("%d changes, equal %v", len(changes), reflect.DeepEqual(a, b))
		}
		for i, back := range Diff(b, a) {
			if !slices.Contains(changes, Change{back.Path, back.To, back.From}) {
				t.Fatalf("change %d, %v, is not seen the other way", i, back)
			}
		}
	})
}

// Whatever happens to the text of a file, the reader answers with a document or
// with faults that have a place in it.
func TestParseNeverPanics(t *testing.T) {
	profile, _, err := Profile("classic")
	if err != nil {
		t.Fatal(err)
	}
	scraps := []string{"", "\n", ": ", "- ", "  ", "\t", "{", "}", "[", "]", "&a ", "*a", "!!int ", "|\n", ">-\n", "\"", "'", "#", "? ", "<<: ", "---\n", "...\n", "%", "@", "~", "null", "\x00", "\xff", "\u2028", "\r", "é", "-1", "1e9", "0x1"}
	rapid.Check(t, func(t *rapid.T) {
		text := string(profile)
		for range rapid.IntRange(1, 6).Draw(t, "edits") {
			from := rapid.IntRange(0, len(text)).Draw(t, "from")
			to := min(len(text), from+rapid.IntRange(0, 40).Draw(t, "length"))
			scrap := rapid.OneOf(rapid.SampledFrom(scraps), rapid.String(), rapid.Just(text[from:to]+text[from:to])).Draw(t, "scrap")
			text = text[:from] + scrap + text[to:]
		}
		_, err := Parse("mutated.yaml", []byte(text))
		var faults Faults
		if err == nil {
			return
		}
		if !errors.As(err, &faults) || len(faults) == 0 {
			t.Fatalf("got %T, want Faults", err)
		}
		for _, f := range faults {
			if f.Line < 1 || f.Line > strings.Count(text, "\n")+2 || f.Column < 1 || f.Text == "" {
				t.Fatalf("a fault without a place: %#v", f)
			}
		}
	})
}
