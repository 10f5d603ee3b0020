package standing

import (
	"slices"
	"time"

	"guildhall/internal/policy"
)

// Trail is what the figures were at the end of each of the last days in UTC, and
// are now, oldest first: never before the shop was opened, and no further back
// than is known where much of the past lies in heaps. Each is the fold of that
// instant under the policy of now, so that one line shows one rule.
func Trail(h Past, now time.Time, days int, p policy.Version) []Sheet {
	known := h.From
	for _, heap := range h.Heaps {
		if heap.To.After(known) {
			known = heap.To
		}
	}
	if h.From.IsZero() || h.From.After(now) {
		return nil
	}
	f := foldOf(h, p)
	list := []Sheet{f.sheet(now, false)}
	midnight := now.UTC().Truncate(day)
	if midnight.Equal(now) {
		midnight = midnight.Add(-day)
	}
	for i := range days {
		at := midnight.Add(-time.Duration(i) * day)
		if at.Before(known) {
			break
		}
		list = append(list, f.sheet(at, false))
	}
	slices.Reverse(list)
	return list
}
