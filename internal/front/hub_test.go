package front

import (
	"strconv"
	"testing"
	"time"
)

// TestNewsFindsItsPages: what one topic costs does not grow with the pages that
// listen to others.
func TestNewsFindsItsPages(t *testing.T) {
	few, many := newsTime(t, 20), newsTime(t, maxLines)
	if many > 100*few+50*time.Millisecond {
		t.Errorf("the same news took %s among 20 pages and %s among %d", few, many, maxLines)
	}
}

// newsTime is how long it takes to tell two thousand times of a thing that one of so
// many pages shows.
func newsTime(t *testing.T, pages int) time.Duration {
	t.Helper()
	h := NewHub()
	for i := range pages {
		l := &line{pending: map[string]bool{}, wake: make(chan struct{}, 1)}
		if err := h.join(l, strconv.Itoa(i), []string{"order_" + strconv.Itoa(i), "member_" + strconv.Itoa(i)}); err != nil {
			t.Fatal(err)
		}
	}
	began := time.Now()
	for range 2000 {
		h.Publish("order_1")
	}
	return time.Since(began)
}
