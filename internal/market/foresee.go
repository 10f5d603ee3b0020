package market

import (
	"context"

	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/order"
	"guildhall/internal/policy"
	"guildhall/internal/standing"
	"guildhall/internal/store"
)

// Preview is what a move would do, for every answer of the other side and for
// silence (rulebook section 10.1).
type Preview struct {
	Order  order.Order
	Party  order.Party
	Policy policy.Version // that the order pins
	order.Foresight
	Figures [][]standing.Change    // what each row does to figures of both parties
	Levels  []standing.LevelChange // and to the seller's level
	Digest  string                 // handed back with the confirmation
}

// Changed is the refusal of a confirmation whose effect would differ from the
// one that was shown. It is a fault.Conflict and brings what it would do now.
type Changed struct{ Now Preview }

func (c *Changed) Error() string { return c.Unwrap().Error() }

// Unwrap makes it the fault that it is.
func (c *Changed) Unwrap() error {
	return fault.Conflict("What this would do has changed since you looked. Nothing was done: please look again and confirm.")
}

// Foresee decides a move without making it. The errors are those of Move.
func (m *Market) Foresee(ctx context.Context, who member.Actor, id ident.Order, mv order.Move) (Preview, error) {
	if err := who.Need(member.ScopeRead); err != nil {
		return Preview{}, err
	}
	var view Preview
	err := m.store.View(ctx, func(tx *store.Tx) error {
		o, err := tx.Order(id)
		if err != nil {
			return missing(err, noOrder)
		}
		if !mayRead(o, o.PartyOf(who)) {
			return fault.NotFound(noOrder)
		}
		mv, err := m.completed(ctx, tx, who, o, mv)
		if err != nil {
			return err
		}
		if view, err = m.foresee(ctx, tx, who, o, mv); err != nil {
			return err
		}
		return m.weighed(ctx, tx, &view)
	})
	return view, err
}

// weighed adds what each row does to the figures of both parties, by the fold
// that their pages show.
func (m *Market) weighed(ctx context.Context, tx *store.Tx, view *Preview) error {
	before, err := m.figuresBefore(ctx, tx, view.Order)
	if err != nil {
		return err
	}
	view.Figures, view.Levels = make([][]standing.Change, len(view.Rows)), make([]standing.LevelChange, len(view.Rows))
	read := m.Now() // a moment after the rows were decided; what was read is whole only from then on
	for i, row := range view.Rows {
		at := row.At
		if at.Before(read) {
			at = read
		}
		view.Figures[i], view.Levels[i] = before.after(row.After, at), before.level(row.After, at)
	}
	return nil
}

func (m *Market) foresee(ctx context.Context, tx *store.Tx, who member.Actor, o order.Order, mv order.Move) (Preview, error) {
	p, err := m.PolicyVersion(ctx, o.Policy)
	if err != nil {
		return Preview{}, err
	}
	now := m.Now()
	if err := heardOf(tx, &o, now); err != nil {
		return Preview{}, err
	}
	if o.BuyerSaid.IsZero() { // a request that is only being asked for has no end yet
		if o.BuyerSaid, _, err = tx.LastSaid(o.Buyer, o.Seller, now); err != nil {
			return Preview{}, err
		}
	}
	if err := levelOf(tx, &o, mv); err != nil {
		return Preview{}, err
	}
	if err := owedBy(tx, &o, o.PartyOf(who)); err != nil {
		return Preview{}, err
	}
	f, err := order.Foresee(now, o, who, mv, p)
	if err != nil {
		return Preview{}, err
	}
	if err := m.mayTakeSwapped(ctx, tx, who, o, mv); err != nil {
		return Preview{}, err
	}
	return Preview{Order: o, Party: o.PartyOf(who), Policy: p, Foresight: f, Digest: f.Digest()}, nil
}

// unchanged refuses a move whose effect is not the one that was seen.
func (m *Market) unchanged(ctx context.Context, tx *store.Tx, who member.Actor, o order.Order, mv order.Move, seen string) error {
	if seen == "" {
		return nil
	}
	now, err := m.foresee(ctx, tx, who, o, mv)
	if err != nil || now.Digest == seen {
		return err
	}
	if err := m.weighed(ctx, tx, &now); err != nil {
		return err
	}
	return &Changed{Now: now}
}
