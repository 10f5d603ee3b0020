package review_test

import (
	"strings"
	"testing"
	"time"

	"guildhall/internal/effect"
	"guildhall/internal/order"
	"guildhall/internal/review"
)

// TestTimelineOfTheDueDate: what is said of a due date is true when it is said.
func TestTimelineOfTheDueDate(t *testing.T) {
	paid := time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC)
	due := paid.Add(72 * time.Hour)
	for name, c := range map[string]struct {
		o    order.Order
		last time.Time // of what is told
		want string
	}{
		"still to come":       {order.Order{State: order.InProgress, DueAt: due}, due.Add(-time.Hour), "is due"},
		"passed":              {order.Order{State: order.InProgress, DueAt: due}, due.Add(time.Hour), "was due"},
		"ended before it":     {order.Order{State: order.Cancelled, DueAt: due, EndedAt: due.Add(-time.Hour)}, due.Add(time.Hour), ""},
		"ended late":          {order.Order{State: order.Cancelled, DueAt: due, EndedAt: due.Add(time.Hour)}, due.Add(2 * time.Hour), "was due"},
		"delivered":           {order.Order{State: order.Delivered, DueAt: due, Life: order.Life{FirstDeliveredAt: due}}, due.Add(time.Hour), ""},
		"there was never one": {order.Order{State: order.AwaitingRequirements}, paid, ""},
	} {
		said, _ := review.Record(review.Timeline(c.o, []effect.Event{{Kind: order.Paid, At: paid}, {Kind: order.RequestAsked, At: c.last}}))
		if got := strings.Contains(said, "the first delivery"); got != (c.want != "") || !strings.Contains(said, c.want) {
			t.Errorf("%s: want %q in\n%s", name, c.want, said)
		}
	}
}
