package market

import (
	"context"

	"guildhall/internal/ident"
	"guildhall/internal/standing"
	"guildhall/internal/store"
)

// standingKept is the mark of a house whose figures are kept from its first
// order on, or were made from all there was.
const standingKept = "standing_kept_whole"

// keepPage is how much is made anew in one transaction.
const keepPage = 200

// keepStanding makes what figures are folded from out of everything there is,
// once, in a house that is older than its figures are. Several processes may do
// it at once: they write the same.
func (m *Market) keepStanding(ctx context.Context) error {
	done, err := m.mark(ctx, standingKept)
	if err != nil || done != "" {
		return err
	}
	for _, keep := range []func(context.Context) error{m.keepOrders, m.keepAnswers, m.keepSellers} {
		if err := keep(ctx); err != nil {
			return err
		}
	}
	return m.setMark(ctx, standingKept, "yes")
}

// pages walks through something, one transaction for each page; do is handed the
// last id of the page before and returns its own, empty at the end.
func pages[N ~string](ctx context.Context, m *Market, do func(*store.Tx, N) (N, error)) error {
	for after := N(""); ; {
		last := N("")
		err := m.store.Update(ctx, func(tx *store.Tx) (err error) {
			last, err = do(tx, after)
			return err
		})
		if err != nil || last == "" {
			return err
		}
		after = last
	}
}

func (m *Market) keepOrders(ctx context.Context) error {
	return pages(ctx, m, func(tx *store.Tx, after ident.Order) (last ident.Order, err error) {
		orders, err := tx.OrdersAfter(after, keepPage)
		for _, o := range orders {
			p, err := m.PolicyVersion(ctx, o.Policy)
			if err != nil {
				return "", err
			}
			if err := tx.SaveContributions(standing.Of(o, p), nil); err != nil {
				return "", err
			}
			last = o.ID
		}
		return last, err
	})
}

func (m *Market) keepAnswers(ctx context.Context) error {
	return pages(ctx, m, func(tx *store.Tx, after ident.Thread) (last ident.Thread, err error) {
		asked, err := tx.AllFirstMessages(after, keepPage)
		for _, a := range asked {
			if err := tx.SaveContributions(standing.OfTalk(a.Thread, a.First, m.PolicyAt(a.At)), nil); err != nil {
				return "", err
			}
			last = a.Thread
		}
		return last, err
	})
}

// keepSellers gives everybody who sells a standing with the sums of the rest.
func (m *Market) keepSellers(ctx context.Context) error {
	now := m.Now()
	return pages(ctx, m, func(tx *store.Tx, after ident.Member) (last ident.Member, err error) {
		people, err := tx.Members(after, keepPage)
		for _, who := range people {
			last = who.ID
			if who.Seller == nil {
				continue
			}
			if err := m.openStanding(tx, who.ID, who.Seller.Since); err != nil {
				return "", err
			}
			if err := tx.RecountSeller(who.ID, now); err != nil {
				return "", err
			}
		}
		return last, err
	})
}
