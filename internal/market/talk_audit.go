package market

import (
	"context"

	"guildhall/internal/talk"
)

// words holds every message against the fingerprint in its thread's history.
func (a *audit) words(context.Context) error {
	var last talk.Message
	for {
		page, err := a.tx.AuditSaid(last)
		if err != nil || len(page) == 0 {
			return err
		}
		for _, said := range page {
			if said.Digest != said.Message.Digest() {
				a.finding("messages", string(said.Thread), "message %d is not what was said", said.No)
			}
		}
		last = page[len(page)-1].Message
	}
}
