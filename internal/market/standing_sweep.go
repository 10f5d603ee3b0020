package market

import (
	"context"
	"slices"
	"time"

	"guildhall/internal/effect"
	"guildhall/internal/ident"
	"guildhall/internal/store"
)

// levelsTogether is how many levels at most are read, decided and written together,
// and levelHands how many such parts side by side: a change of the rules wakes every
// seller of the house at once.
const (
	levelsTogether = 64
	levelHands     = 4
)

// sweepStandings looks at every level that is due, each as of its own instants.
// Where orders are still behind, it goes no further than they have come.
func (m *Market) sweepStandings(ctx context.Context, upTo time.Time) (int, error) {
	var waiting []ident.Member
	err := m.store.View(ctx, func(tx *store.Tx) (err error) {
		waiting, err = tx.StandingsDue(upTo, sweepBatch)
		return err
	})
	if err != nil {
		return 0, err
	}
	share := (len(waiting) + levelHands - 1) / levelHands
	parts := slices.Collect(slices.Chunk(waiting, min(max(share, 1), levelsTogether)))
	return len(waiting), sideBySide(levelHands, parts, func(some []ident.Member) error { return m.evaluateSome(ctx, some, upTo) })
}

// evaluateSome looks at several levels at once: decided beside everything else
// that goes on, and written in one go. Whoever something was added to meanwhile
// is looked at again alone, and so is everybody where one of them cannot be
// looked at: the others do not wait for them.
func (m *Market) evaluateSome(ctx context.Context, some []ident.Member, upTo time.Time) error {
	looked, err := m.lookAtLevels(ctx, some, upTo)
	alone := some
	if err == nil {
		alone, err = m.keepLevels(ctx, looked)
	}
	if err != nil {
		m.log.WarnContext(ctx, "looking at levels one by one, since together they could not be", "error", err)
		alone = some
	}
	return eachAtOnce(alone, func(who ident.Member) error {
		return m.store.Update(ctx, func(tx *store.Tx) error {
			_, err := m.evaluate(tx, who, upTo)
			return err
		})
	})
}

// lookedAt is what became of a seller's level, and is not written yet.
type lookedAt struct {
	store.Seller
	set effect.Set
}

// lookAtLevels decides about those of the sellers who are still due.
func (m *Market) lookAtLevels(ctx context.Context, some []ident.Member, upTo time.Time) (list []lookedAt, err error) {
	err = m.store.View(ctx, func(tx *store.Tx) error {
		list = list[:0]
		for _, who := range some {
			s, err := tx.Seller(who)
			if err != nil {
				return err
			}
			if !due(s, upTo) {
				continue
			}
			set, err := m.settleLevel(tx, &s, upTo)
			if err != nil {
				return err
			}
			list = append(list, lookedAt{s, set})
		}
		return nil
	})
	return list, err
}

// keepLevels writes what became of levels, and returns those of whom it could
// not since they had changed by then.
func (m *Market) keepLevels(ctx context.Context, list []lookedAt) (left []ident.Member, err error) {
	sellers := make([]store.Seller, len(list))
	for i, l := range list {
		sellers[i] = l.Seller
	}
	err = m.store.Update(ctx, func(tx *store.Tx) error {
		left = nil
		saved, err := tx.SaveSellers(sellers)
		if err != nil {
			return err
		}
		var all effect.Set
		for _, l := range list {
			if !saved[l.Member] {
				left = append(left, l.Member)
				continue
			}
			if len(l.set.Events) > 0 {
				tx.Notify(string(l.Member))
			}
			all.Add(l.set)
		}
		return tx.Carry(all)
	})
	return left, err
}
