package market

import (
	"context"
	"errors"
	"strings"

	"guildhall/internal/fault"
	"guildhall/internal/gig"
	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/money"
	"guildhall/internal/offer"
	"guildhall/internal/order"
	"guildhall/internal/store"
)

// Removed tells what the house's removal of a gig or an account ended.
type Removed struct {
	Orders []ident.Order `json:"orders"` // cancelled, with everything back to their buyers
}

// Removal is what taking something down would end.
type Removal struct {
	Gig    *gig.Gig // one of the two
	Member *member.Member
	Orders []order.Order // that would be cancelled, earliest first
	Offers int           // open ones about the gig, which end
	Back   money.Amount  // to their buyers, in all
}

// Removal shows what removing a gig, by the end of its address, or an account,
// by its handle, would end; nothing is done. Errors: fault.NotFound unless the
// actor runs the house; fault.Invalid beside "address" where there is no such
// thing.
func (m *Market) Removal(ctx context.Context, who member.Actor, kind, address string) (Removal, error) {
	if err := who.NeedOperator(); err != nil {
		return Removal{}, err
	}
	var r Removal
	err := m.store.View(ctx, func(tx *store.Tx) error {
		r = Removal{Back: money.Zero(m.Policy().Currency)}
		running, err := removed(tx, kind, address, &r)
		if err != nil {
			return err
		}
		for _, id := range running {
			o, err := tx.Order(id)
			if err != nil {
				return err
			}
			now, _, err := m.asItStands(ctx, tx, o)
			if err != nil {
				return err
			}
			if now.State.Ended() {
				continue // by itself, and no sweep has been there
			}
			r.Orders = append(r.Orders, o)
			if r.Back, err = money.Sum(r.Back, now.Resting()); err != nil {
				return err
			}
		}
		return nil
	})
	return r, err
}

// removed reads what is to be removed, and which orders hang on it.
func removed(tx *store.Tx, kind, address string, r *Removal) ([]ident.Order, error) {
	if kind != "gig" {
		them, err := tx.MemberByHandle(strings.TrimPrefix(address, "@"))
		if err != nil {
			return nil, notThere(err)
		}
		r.Member = &them
		return runningOf(tx, them.ID)
	}
	g, err := tx.GigBySlug(address)
	if err != nil {
		return nil, notThere(err)
	}
	open, err := tx.OpenOffersOf(g.Seller, g.ID)
	if err != nil {
		return nil, err
	}
	r.Gig, r.Offers = &g, len(open)
	return tx.OrdersRunning(g.ID)
}

func notThere(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return fault.Invalid("address", "There is nothing at this address.")
	}
	return err
}

// RemoveGig takes a gig down for good and ends its running orders: everything
// goes back to the buyers, and nobody's figures move (rulebook section 6,
// moderated). Errors: fault.NotFound unless the actor runs the house;
// fault.Invalid without a reason; fault.Conflict for one that is gone.
func (m *Market) RemoveGig(ctx context.Context, who member.Actor, key Key, id ident.Gig, why string) (Removed, error) {
	if err := who.NeedOperator(); err != nil {
		return Removed{}, err
	}
	why, err := reason(why)
	if err != nil {
		return Removed{}, err
	}
	return once(ctx, m, who, key, "gig.remove", []any{id, why}, func(tx *store.Tx) (Removed, error) {
		g, err := tx.Gig(id)
		if err != nil {
			return Removed{}, missing(err, noGig)
		}
		next, set, err := gig.Decide(m.Now(), g, who, gig.MoveDelete, m.Policy())
		if err != nil {
			return Removed{}, err
		}
		way, err := tx.Ancestry(next.Category)
		if err != nil {
			return Removed{}, err
		}
		if err := tx.SaveGig(next, way); err != nil {
			return Removed{}, err
		}
		if err := tx.Carry(set); err != nil {
			return Removed{}, err
		}
		if err := m.endOffers(ctx, tx, member.House(), next, offer.Remove{Why: why}); err != nil {
			return Removed{}, err
		}
		running, err := tx.OrdersRunning(id)
		if err != nil {
			return Removed{}, err
		}
		return m.moderate(ctx, tx, who, running, why)
	})
}

// RemoveMember closes an account for good: its login ends like a suspended
// one's, and its running orders on either side are cancelled with everything
// back to their buyers. Errors: those of Suspend; fault.Invalid without a reason.
func (m *Market) RemoveMember(ctx context.Context, who member.Actor, key Key, id ident.Member, why string) (Removed, error) {
	if err := who.NeedOperator(); err != nil {
		return Removed{}, err
	}
	why, err := reason(why)
	if err != nil {
		return Removed{}, err
	}
	return once(ctx, m, who, key, "member.remove", []any{id, why}, func(tx *store.Tx) (Removed, error) {
		them, err := tx.Member(id)
		if err != nil {
			return Removed{}, missing(err, "There is no such member.")
		}
		if !them.Suspended() {
			if _, err := m.barred(tx, them, who, why); err != nil {
				return Removed{}, err
			}
		}
		running, err := runningOf(tx, id)
		if err != nil {
			return Removed{}, err
		}
		return m.moderate(ctx, tx, who, running, why)
	})
}

// moderate ends orders because the house removed what they hang on. One that has
// ended by itself meanwhile is left to the sweep. Whoever runs the house and has a
// part in an order ends it as the house, not as its buyer or seller.
func (m *Market) moderate(ctx context.Context, tx *store.Tx, who member.Actor, running []ident.Order, why string) (Removed, error) {
	done := Removed{Orders: []ident.Order{}}
	for _, id := range running {
		o, err := tx.Order(id)
		if err != nil {
			return done, err
		}
		now, _, err := m.asItStands(ctx, tx, o)
		if err != nil {
			return done, err
		}
		if now.State.Ended() {
			continue
		}
		as := who
		if o.PartyOf(who) != order.Agent {
			as = member.House()
		}
		if _, err := m.decided(ctx, tx, as, o, order.Moderate{Why: why}); err != nil {
			return done, err
		}
		done.Orders = append(done.Orders, id)
	}
	return done, nil
}

// runningOf are the paid orders of a member that are not over, on both sides.
func runningOf(tx *store.Tx, id ident.Member) ([]ident.Order, error) {
	const page = 100
	var running []ident.Order
	for _, side := range []order.Party{order.Buyer, order.Seller} {
		w := store.Wanted{Member: id, Side: side, Most: page, Tab: order.Tab{
			Buckets: []order.Bucket{order.BucketPending, order.BucketRevision, order.BucketDelivered},
		}}
		for {
			list, err := tx.Orders(w)
			if err != nil {
				return running, err
			}
			for _, o := range list {
				running = append(running, o.ID)
			}
			if len(list) < page {
				break
			}
			last := list[len(list)-1]
			w.After = store.Place{At: last.RankAt(), ID: last.ID}
		}
	}
	return running, nil
}

func reason(why string) (string, error) {
	why = strings.TrimSpace(why)
	if why == "" {
		return "", fault.Invalid("why", "Say why, in words that everybody concerned will read.")
	}
	return why, nil
}
