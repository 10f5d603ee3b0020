package market

import (
	"context"
	"time"

	"guildhall/internal/store"
)

// PassOver marks what happened before an instant as told without telling
// anybody: for the distant past of a market that was made up. What such events
// ask of the provider is the caller's to do.
func (m *Market) PassOver(ctx context.Context, before time.Time) error {
	return m.store.Update(ctx, func(tx *store.Tx) error { return tx.PassOverEvents(before, m.Now()) })
}
