package store

import (
	"context"
	"strconv"
	"testing"
	"time"
)

// TestASlowListenerDelaysNobody: what a commit has to tell costs the same however
// much waits to be heard, is heard once, and in the order in which it was told.
func TestASlowListenerDelaysNobody(t *testing.T) {
	const topics, part = 40_000, 2_000
	var h hub
	var heard []string
	began, goOn, done := make(chan struct{}), make(chan struct{}), make(chan struct{})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	h.listen(ctx, func(topic string) {
		if heard == nil {
			close(began)
			<-goOn
		}
		if heard = append(heard, topic); len(heard) == topics+1 {
			close(done)
		}
	})
	h.publish([]string{"first"})
	<-began
	var took []time.Duration
	for i := 0; i < topics; i += part {
		from := time.Now()
		for k := range part {
			h.publish([]string{strconv.Itoa(i + k), strconv.Itoa(i)})
		}
		took = append(took, time.Since(from))
	}
	if first, last := took[0], took[len(took)-1]; last > 20*first+50*time.Millisecond {
		t.Errorf("%d topics took %s, and %s when %d waited", part, first, last, topics-part)
	}
	close(goOn)
	<-done
	for i, topic := range heard[1:] {
		if topic != strconv.Itoa(i) {
			t.Fatalf("heard %s in the place of %d", topic, i)
		}
	}
}
