package market

import (
	"context"
	"time"

	"guildhall/internal/ident"
	"guildhall/internal/standing"
	"guildhall/internal/store"
)

// sweepEndings counts how the orders of sellers ended, as of each ending without
// fault that was not counted yet. It comes after the orders, as levels do: what
// one sweep ends side by side is counted in the order of its own instants, and
// not in that in which it happened to be written.
func (m *Market) sweepEndings(ctx context.Context, upTo time.Time) (int, error) {
	var waiting []ident.Member
	err := m.store.View(ctx, func(tx *store.Tx) (err error) {
		waiting, err = tx.EndingLooks(upTo, sweepBatch)
		return err
	})
	if err != nil {
		return 0, err
	}
	return len(waiting), eachAtOnce(waiting, func(who ident.Member) error {
		return m.store.Update(ctx, func(tx *store.Tx) error { return m.countEndings(tx, who, upTo) })
	})
}

// countEndings looks at a seller as of each of their endings without fault until
// an instant, and leaves the later ones to the next sweep.
func (m *Market) countEndings(tx *store.Tx, who ident.Member, upTo time.Time) error {
	endings, err := tx.TakeEndingLook(who)
	if err != nil {
		return err
	}
	for _, at := range endings {
		if at.After(upTo) {
			return tx.AddEndingLook(who, at)
		}
		if err := m.guard(tx, who, at); err != nil {
			return err
		}
	}
	return nil
}

// guard counts how a seller's orders had ended lately at an instant and asks the
// house to look where too many ended without anybody's fault (rulebook section
// 6). It is never a penalty, and it asks at most once in a review window.
func (m *Market) guard(tx *store.Tx, seller ident.Member, at time.Time) error {
	p := m.PolicyAt(at)
	since := at.Add(-p.Cancellation.ReviewWindow.D())
	asked, err := tx.EndingReview(seller)
	if err != nil || asked.After(since) {
		return err
	}
	sums, err := tx.Marks(seller, standing.Completion, since, at)
	if err != nil {
		return err
	}
	marks := map[standing.Mark]int{}
	for mark, sum := range sums {
		marks[mark] = sum.N
	}
	pattern := standing.PatternFrom(marks)
	if !pattern.Unusual(p) {
		return nil
	}
	if err := tx.AddEndingReview(seller, at, pattern); err != nil {
		return err
	}
	_, err = m.reviewBlameless(tx, seller, pattern.Words(p))
	return err
}
