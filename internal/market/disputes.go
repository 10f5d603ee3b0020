package market

import (
	"context"
	"errors"
	"fmt"
	"time"

	"guildhall/internal/ident"
	"guildhall/internal/order"
	"guildhall/internal/pay"
	"guildhall/internal/store"
)

// No bank thinks longer about a payment than disputesKept; disputesRead is how
// many objections are read at once.
const (
	disputesKept = 540 * 24 * time.Hour
	disputesRead = 100
)

// AskAboutDisputes asks the provider about every dispute of which no end was
// heard, and hears what it says as it hears messages. Those are given up in the
// end, and the order's clocks and refunds wait for what the bank decides. Once
// an hour is often enough.
func (m *Market) AskAboutDisputes(ctx context.Context) error {
	var failures []error
	for after := (store.ListPlace{}); ; {
		open, next, err := m.disputesOpen(ctx, after)
		if err != nil {
			return errors.Join(append(failures, err)...)
		}
		for _, p := range open {
			if err := m.askAboutDispute(ctx, p); err != nil {
				failures = append(failures, fmt.Errorf("market: the dispute of %s: %w", p, err))
			}
		}
		if next.ID == "" {
			return errors.Join(failures...)
		}
		after = next
	}
}

// disputesOpen are the payments of a page of objections of which no end was
// heard, and where the next page begins; the zero place at the end.
func (m *Market) disputesOpen(ctx context.Context, after store.ListPlace) (open []ident.Payment, next store.ListPlace, err error) {
	now := m.Now()
	err = m.store.View(ctx, func(tx *store.Tx) error {
		open, next = nil, store.ListPlace{}
		page, err := tx.ListMatters(store.DayOf(now.Add(-disputesKept)), store.DayOf(now)+1, order.DisputeOpened, after, disputesRead)
		if err != nil {
			return err
		}
		for _, l := range page {
			p, waits, err := disputeWaits(tx, l)
			if err != nil {
				return err
			}
			if waits {
				open = append(open, p)
			}
		}
		if len(page) == disputesRead {
			last := page[len(page)-1]
			next = store.ListPlace{At: last.At, ID: string(last.ID), Seq: last.Seq}
		}
		return nil
	})
	return open, next, err
}

// disputeWaits is the payment of an objection, and whether its end is not heard.
func disputeWaits(tx *store.Tx, l store.Listed) (ident.Payment, bool, error) {
	opened, err := tx.Event(string(l.ID), l.Seq)
	if err != nil {
		return "", false, ignoreMissing(err)
	}
	pm, err := tx.Payment(ident.Payment(opened.Detail.Facts["payment"]))
	if err != nil {
		return "", false, ignoreMissing(err)
	}
	over, err := disputeTold(tx, pm, pay.DisputeWon)
	return pm.ID, !over, err
}

// askAboutDispute hears from the provider what it has told of the dispute of a
// payment. What was heard before changes nothing.
func (m *Market) askAboutDispute(ctx context.Context, id ident.Payment) error {
	told, err := m.pay.Disputed(ctx, id)
	if err != nil {
		return err
	}
	for _, msg := range told {
		if err := m.disputeHeard(ctx, msg); err != nil {
			return err
		}
	}
	return nil
}
