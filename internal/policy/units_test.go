package policy

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestDuration(t *testing.T) {
	for _, c := range []struct {
		text, canonical, words string
		want                   time.Duration
	}{
		{"3d", "3d", "3 days", 72 * time.Hour},
		{"48h", "2d", "2 days", 48 * time.Hour},
		{"36h", "1d12h", "36 hours", 36 * time.Hour},
		{"1d12h", "1d12h", "36 hours", 36 * time.Hour},
		{"30m", "30m", "30 minutes", 30 * time.Minute},
		{"90m", "1h30m", "90 minutes", 90 * time.Minute},
		{"1d", "1d", "1 day", 24 * time.Hour},
		{"5d12h", "5d12h", "5 days 12 hours", 132 * time.Hour},
		{"1h1s", "1h1s", "1 hour 1 second", time.Hour + time.Second},
		{"730d", "730d", "730 days", 730 * 24 * time.Hour},
		{"0h", "0h", "no time", 0},
		{"36500d", "36500d", "36500 days", longest},
	} {
		d, err := ParseDuration(c.text)
		if err != nil || d.D() != c.want || d.String() != c.canonical || d.Words() != c.words {
			t.Errorf("%s = %v %q %q, %v", c.text, d.D(), d.String(), d.Words(), err)
		}
	}
	for _, text := range []string{"", "3", "d", "3 d", "-3d", "+3d", "3D", "12h1d", "1d1d", "1.5d", "3w", "h3", "36501d", "36500d1s", "99999999999999999999h", "1d\n"} {
		if d, err := ParseDuration(text); err == nil {
			t.Errorf("%q was read as %v", text, d)
		}
	}
	if got := Duration(-36 * time.Hour).String(); got != "-1d12h" {
		t.Errorf("a negative span prints %q", got)
	}
}

func TestPercentAndRating(t *testing.T) {
	for text, want := range map[string]Percent{"0%": 0, "90%": 9000, "12.5%": 1250, "0.01%": 1, "33.30%": 3330, "100%": 10_000} {
		if got, err := ParsePercent(text); err != nil || got != want {
			t.Errorf("%s = %d, %v; want %d", text, got, err, want)
		}
	}
	for _, text := range []string{"", "%", "90", "90 %", "-1%", "+1%", "100.01%", "1.%", ".5%", "1.234%", "1e1%", "9999999999999999999999%", "１%"} {
		if got, err := ParsePercent(text); err == nil {
			t.Errorf("%q was read as %v", text, got)
		}
	}
	for text, want := range map[string]Rating{"4.7": 470, "5": 500, "0": 0, "4.75": 475, "5.00": 500} {
		if got, err := ParseRating(text); err != nil || got != want {
			t.Errorf("%s = %d, %v; want %d", text, got, err, want)
		}
	}
	for _, text := range []string{"", "5.01", "-1", "4,7", "4.755", "4.7 stars"} {
		if got, err := ParseRating(text); err == nil {
			t.Errorf("%q was read as %v", text, got)
		}
	}
}

func TestUnitsComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		span := Duration(time.Duration(rapid.Int64Range(0, int64(longest/time.Second)).Draw(t, "span")) * time.Second)
		if got, err := ParseDuration(span.String()); err != nil || got != span {
			t.Errorf("span %v: %v, %v", span, got, err)
		}
		share := Percent(rapid.Int64Range(0, 10_000).Draw(t, "share"))
		if got, err := ParsePercent(share.String()); err != nil || got != share {
			t.Errorf("share %v: %v, %v", share, got, err)
		}
		stars := Rating(rapid.IntRange(0, 500).Draw(t, "stars"))
		if got, err := ParseRating(stars.String()); err != nil || got != stars {
			t.Errorf("rating %v: %v, %v", stars, got, err)
		}
		size := rapid.Int64Range(0, 1<<45).Draw(t, "size")
		if got, err := parseSize(formatSize(size)); err != nil || got != size {
			t.Errorf("size %v: %v, %v", size, got, err)
		}
	})
}
