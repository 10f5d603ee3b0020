package front

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestAPageHearsWhatCameSinceItWasMade: and nothing else, unless the house no longer
// knows what came since.
func TestAPageHearsWhatCameSinceItWasMade(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := NewHub()
		hears := func(since time.Time) string {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			heard, path := httptest.NewRecorder(), "/live"
			if !since.IsZero() {
				path += "?since=" + strconv.FormatInt(since.UnixMicro(), 10)
			}
			r := httptest.NewRequest(http.MethodGet, path, nil).WithContext(ctx)
			go func() { _ = h.Serve(heard, r, []string{"order_1", "member_1"}) }()
			synctest.Wait()
			cancel()
			synctest.Wait()
			var topics []string
			for line := range strings.SplitSeq(heard.Body.String(), "\n") {
				if topic, ok := strings.CutPrefix(line, "data: "); ok {
					topics = append(topics, topic)
				}
			}
			slices.Sort(topics)
			return strings.Join(topics, " ")
		}
		before := time.Now().Add(-time.Hour) // it was made by a house that has been restarted since
		time.Sleep(time.Second)
		first := time.Now()
		time.Sleep(time.Second)
		h.Publish("order_1")
		h.Publish("order_2")
		time.Sleep(time.Second)
		second := time.Now()
		for since, want := range map[time.Time]string{before: "member_1 order_1", first: "order_1", second: "", {}: ""} {
			if got := hears(since); got != want {
				t.Errorf("made at %s it heard %q, want %q", since, got, want)
			}
		}
		time.Sleep(time.Second)
		h.Publish("") // some may have been missed
		if got := hears(second); got != "member_1 order_1" {
			t.Errorf("after a gap it heard %q", got)
		}
		third := time.Now().Add(time.Second)
		time.Sleep(2 * time.Second)
		for i := range maxTold + 1 {
			h.Publish("thread_" + strconv.Itoa(i))
		}
		if got := hears(third); got != "member_1 order_1" || len(h.told) > maxTold {
			t.Errorf("after very much it heard %q and keeps %d", got, len(h.told))
		}
	})
}

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
		if err := h.join(l, strconv.Itoa(i), []string{"order_" + strconv.Itoa(i), "member_" + strconv.Itoa(i)}, time.Time{}); err != nil {
			t.Fatal(err)
		}
	}
	began := time.Now()
	for range 2000 {
		h.Publish("order_1")
	}
	return time.Since(began)
}
