package ident

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var someMoment = rapid.Custom(func(t *rapid.T) time.Time {
	return time.UnixMilli(rapid.Int64Range(0, 1<<48-1).Draw(t, "ms"))
})

func TestIdsSortByBirth(t *testing.T) {
	s := NewSeeded(1)
	rapid.Check(t, func(t *rapid.T) {
		a, b := someMoment.Draw(t, "a"), someMoment.Draw(t, "b")
		first, second := New[Order](s, a), New[Order](s, b)
		if order := a.Compare(b); order != 0 && strings.Compare(string(first), string(second)) != order {
			t.Fatalf("%v is %q, %v is %q", a, first, b, second)
		}
		if !Valid(first) || !Valid(second) {
			t.Fatalf("%q or %q is not valid", first, second)
		}
	})
}

func TestBorn(t *testing.T) {
	s := NewSeeded(1)
	rapid.Check(t, func(t *rapid.T) {
		at := someMoment.Draw(t, "at")
		if got := Born(New[Order](s, at)); !got.Equal(at.Truncate(time.Millisecond)) {
			t.Fatalf("%v, want %v", got, at)
		}
	})
	for _, none := range []Order{"", "order_", "order_x", "member_01k9x7m3v80000000000000000"} {
		if !Born(none).IsZero() {
			t.Errorf("%q was born", none)
		}
	}
}

func TestSeededIsRepeatable(t *testing.T) {
	now := time.Date(2026, 2, 28, 23, 59, 59, 0, time.UTC)
	draw := func(s *Source) []string {
		var out []string
		for range 50 {
			out = append(out, string(New[Order](s, now)), string(New[Gig](s, now)), s.Ref())
		}
		return out
	}
	first := draw(NewSeeded(7))
	if !slices.Equal(first, draw(NewSeeded(7))) {
		t.Error("the same seed gave other ids")
	}
	for name, other := range map[string]*Source{"another seed": NewSeeded(8), "the operating system": NewSource()} {
		for i, id := range draw(other) {
			if i%3 != 2 && slices.Contains(first, id) {
				t.Errorf("%s gave %s again", name, id)
			}
		}
	}
}

func TestValid(t *testing.T) {
	good := string(New[Order](NewSeeded(3), time.UnixMilli(1_790_000_000_000)))
	rest := strings.TrimPrefix(good, "order_")
	for _, bad := range []string{
		"", "order", "order_", rest, "gig_" + rest, "Order_" + rest, good + "0", good[:len(good)-1], "order_" + strings.ToUpper(rest),
		"order_" + rest[:25] + "u", "order_" + rest[:25] + "'", "order_order_" + rest[6:],
		"order_" + rest[:24] + "\n\n", "order_" + rest[:12] + "\r\n" + rest[12:24], // the decoder overlooks line ends
		"order_" + rest[:25] + "1", // bits beyond the 128
	} {
		if Valid(Order(bad)) {
			t.Errorf("%q is valid", bad)
		}
	}
	if !Valid(Order(good)) {
		t.Errorf("%q is not valid", good)
	}
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringMatching(`[0-9a-z\n]{26}`)).Draw(t, "text")
		if id := Order("order_" + text); Valid(id) && (len(text) != 26 || strings.Trim(text, "0123456789abcdefghjkmnpqrstvwxyz") != "") {
			t.Fatalf("%q is valid", id)
		}
	})
}

func TestEveryNounHasItsOwnPrefix(t *testing.T) {
	nouns := []prefixed{Member(""), Gig(""), Category(""), Order(""), Event(""), Entry(""), Payment(""), File(""), Notice(""), Job(""), Token(""), Policy("")}
	seen := map[string]bool{}
	for _, n := range nouns {
		if p := n.prefix(); p == "" || seen[p] || strings.Trim(p, "abcdefghijklmnopqrstuvwxyz") != "" {
			t.Errorf("%T has the prefix %q", n, p)
		} else {
			seen[p] = true
		}
	}
}

type prefixed interface{ prefix() string }

func TestRefIsReadable(t *testing.T) {
	s := NewSeeded(5)
	seen := map[string]bool{}
	for range 1000 {
		ref := s.Ref()
		if len(ref) != 6 || strings.ContainsAny(ref, "01ILOilo") || strings.ToUpper(ref) != ref {
			t.Fatalf("%q is hard to read out", ref)
		}
		seen[ref] = true
	}
	if len(seen) < 995 {
		t.Errorf("only %d of 1000 differ", len(seen))
	}
}

func TestSecretsDiffer(t *testing.T) {
	a, b := Secret(), Secret()
	if a == b || len(a) != 64 || strings.Trim(a, "0123456789abcdef") != "" {
		t.Errorf("secrets %q and %q", a, b)
	}
}

func TestSourceIsSharedSafely(t *testing.T) {
	s := NewSeeded(9)
	var wg sync.WaitGroup
	ids := make([][]Order, 8)
	for i := range ids {
		wg.Go(func() {
			for range 200 {
				ids[i] = append(ids[i], New[Order](s, time.UnixMilli(0)))
			}
		})
	}
	wg.Wait()
	all := slices.Concat(ids...)
	slices.Sort(all)
	if n := len(slices.Compact(all)); n != 1600 {
		t.Errorf("%d different ids of 1600", n)
	}
}
