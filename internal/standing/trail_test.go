package standing_test

import (
	"testing"
	"time"

	"guildhall/internal/standing"
)

// TestTrail: each day of the trail is what the page said on that day, and it
// begins where the shop did.
func TestTrail(t *testing.T) {
	p := classic(t)
	now := time.Date(2026, 6, 20, 15, 0, 0, 0, time.UTC)
	from := now.AddDate(0, 0, -40)
	past := standing.Past{From: from, Lines: append(
		many(12, standing.For, now.AddDate(0, 0, -20)),
		many(3, standing.Against, now.AddDate(0, 0, -4))...,
	)}
	trail := standing.Trail(past, now, 60, p)
	if n := len(trail); n != 41 { // forty midnights and now
		t.Fatalf("%d days", n)
	}
	for i, s := range trail {
		want := past.Sheet(s.At, p)
		if !s.Completion.Same(want.Completion) || s.Completed != want.Completed || s.Days != want.Days {
			t.Errorf("day %d, %s: %s and %d, the page said %s and %d", i, s.At, s.Completion, s.Completed, want.Completion, want.Completed)
		}
		if s.At.Before(from) || i > 0 && !s.At.After(trail[i-1].At) {
			t.Errorf("day %d is %s", i, s.At)
		}
	}
	if last := trail[len(trail)-1]; !last.At.Equal(now) || last.Completion.Against != 3 {
		t.Errorf("it ends at %s with %d against", last.At, last.Completion.Against)
	}
	past.Heaps = []standing.Heap{{Figure: standing.Completion, Mark: standing.For, N: 900, From: from, To: now.AddDate(0, 0, -10)}}
	if first := standing.Trail(past, now, 60, p)[0].At; first.Before(now.AddDate(0, 0, -10)) {
		t.Errorf("begins at %s, before what is only counted", first)
	}
	if got := standing.Trail(standing.Past{}, now, 60, p); got != nil {
		t.Errorf("somebody without a shop has a trail: %v", got)
	}
}
