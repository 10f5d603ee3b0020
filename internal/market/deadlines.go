package market

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"guildhall/internal/ident"
	"guildhall/internal/ledger"
	"guildhall/internal/member"
	"guildhall/internal/order"
	"guildhall/internal/store"
)

// sweepBatch is how many orders one sweep takes up at once, and sweepHands how
// many it decides side by side: enough to fill a shared commit.
const (
	sweepBatch = 512
	sweepHands = 64
)

// Sweep fires what is due now, each kind of thing earliest first, and tells how
// much it moved. A deadline fires as of its own instant, however late the sweep
// comes. One thing that cannot be moved never keeps the others waiting; its
// error is returned with the rest.
func (m *Market) Sweep(ctx context.Context) (int, error) {
	moved := 0
	var failures []error
	for _, sweep := range []func(context.Context) (int, error){m.sweepOrders, m.sweepDebts, m.sweepOffers, m.sweepCases, m.sweepReviews} {
		n, err := sweep(ctx)
		moved += n
		failures = append(failures, err)
	}
	n, err := m.sweepLevels(ctx)
	return moved + n, errors.Join(append(failures, err)...)
}

// sweepLevels looks at levels, and at how orders end, once everything that can
// move them has happened: where more orders are due than one sweep takes up,
// nothing is looked at as of an instant that they have not come to.
func (m *Market) sweepLevels(ctx context.Context) (int, error) {
	now := m.Now()
	upTo := now
	err := m.store.View(ctx, func(tx *store.Tx) error {
		upTo = now // the closure may run twice
		behind, err := tx.OrdersDue(now, sweepBatch)
		if err != nil || len(behind) < sweepBatch {
			return err
		}
		upTo, err = tx.EarliestDue()
		upTo = upTo.Add(-time.Microsecond) // what is due then has not happened yet
		return err
	})
	if err != nil {
		return 0, err
	}
	moved, err := m.sweepStandings(ctx, upTo)
	counted, failed := m.sweepEndings(ctx, upTo)
	return moved + counted, errors.Join(err, failed)
}

func (m *Market) sweepOrders(ctx context.Context) (int, error) {
	var due []ident.Order
	err := m.store.View(ctx, func(tx *store.Tx) error {
		var err error
		due, err = tx.OrdersDue(m.Now(), sweepBatch)
		return err
	})
	if err != nil {
		return 0, err
	}
	return len(due), eachAtOnce(due, func(id ident.Order) error { return m.tick(ctx, id) })
}

// eachAtOnce does something with every one of a list, many side by side.
func eachAtOnce[T any](list []T, do func(T) error) error { return sideBySide(sweepHands, list, do) }

// sideBySide does something with every one of a list, at most so many of them
// at a time. One failure never keeps the others waiting.
func sideBySide[T any](most int, list []T, do func(T) error) error {
	failures := make([]error, len(list))
	var taken atomic.Int64
	next := func() int { return int(taken.Add(1)) - 1 }
	var hands sync.WaitGroup
	for range min(most, len(list)) {
		hands.Go(func() {
			for i := next(); i < len(list); i = next() {
				failures[i] = do(list[i])
			}
		})
	}
	hands.Wait()
	return errors.Join(failures...)
}

// SweepAll sweeps until nothing is due. It stops when a sweep meets errors.
func (m *Market) SweepAll(ctx context.Context) error {
	for {
		n, err := m.Sweep(ctx)
		if n == 0 || err != nil {
			return err
		}
	}
}

// tick lets the clock make its move on one order.
func (m *Market) tick(ctx context.Context, id ident.Order) error {
	return m.store.Update(ctx, func(tx *store.Tx) error {
		o, err := tx.Order(id)
		if err != nil {
			return err
		}
		_, err = m.move(ctx, tx, member.Clock(), o, order.Tick{})
		return err
	})
}

// Overdue is how long the earliest unfired deadline has been past; zero when
// nothing is due.
func (m *Market) Overdue(ctx context.Context) (time.Duration, error) {
	var at time.Time
	err := m.store.View(ctx, func(tx *store.Tx) error {
		at = time.Time{}
		for _, earliest := range []func() (time.Time, error){tx.EarliestDue, tx.EarliestOfferDue, tx.CaseEarliestDue, tx.EarliestReviewDue, tx.StandingEarliestDue} {
			due, err := earliest()
			if err != nil {
				return err
			}
			if at.IsZero() || !due.IsZero() && due.Before(at) {
				at = due
			}
		}
		return nil
	})
	if err != nil || at.IsZero() {
		return 0, err
	}
	return max(0, m.Now().Sub(at)), nil
}

// Seal binds the entries written since the last seal into the chain of seals
// and tells how many it bound. The head of the chain goes into the log, so that
// it leaves this database (quality, section 2).
func (m *Market) Seal(ctx context.Context) (int, error) {
	const most = 5000
	var seal ledger.Seal
	err := m.store.Update(ctx, func(tx *store.Tx) error {
		var err error
		seal, err = tx.Seal(m.Now(), most)
		return err
	})
	if err != nil || seal.No == 0 {
		return 0, err
	}
	m.log.InfoContext(ctx, "sealed the books", "seal", seal.No, "entries", seal.Entries, "head", seal.Hash)
	return seal.Entries, nil
}
