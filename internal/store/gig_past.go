package store

import (
	"encoding/json"
	"fmt"
	"time"

	"guildhall/internal/gig"
	"guildhall/internal/ident"
	"guildhall/internal/order"
)

// PastOf is how long the newest started orders of a gig took, at most most of
// them, the newest first.
func (tx *Tx) PastOf(g ident.Gig, most int) ([]gig.Past, error) {
	rows, err := tx.q.OrdersOfGig(tx.ctx, string(g), int64(most))
	if err != nil {
		return nil, err
	}
	var list []gig.Past
	for _, r := range rows {
		var life order.Life
		if err := json.Unmarshal([]byte(r.Life), &life); err != nil {
			return nil, fmt.Errorf("store: life of %s: %w", r.ID, err)
		}
		until := life.FirstDeliveredAt
		if until.IsZero() {
			until = fromMicrosOrNull(r.DueAt)
		}
		if !life.StartedAt.IsZero() && until.After(life.StartedAt) {
			list = append(list, gig.Past{Took: max(0, until.Sub(life.StartedAt)-pausedBy(life, until)), Extended: life.Extended})
		}
	}
	return list, nil
}

// pausedBy is how long the clocks stood still until an instant: that time was
// nobody's work.
func pausedBy(life order.Life, until time.Time) (stood time.Duration) {
	for _, p := range life.Pauses {
		if p.Until.Before(until) {
			stood += p.Until.Sub(p.From)
		}
	}
	return stood
}
