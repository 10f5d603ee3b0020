package market

import (
	"context"
	"errors"
	"time"

	"guildhall/internal/effect"
	"guildhall/internal/fault"
	"guildhall/internal/gig"
	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/offer"
	"guildhall/internal/policy"
	"guildhall/internal/store"
)

// GigInput is what a seller types into the gig editor. Extras and questions
// without a key are new and get one.
type GigInput struct {
	Category ident.Category
	Body     gig.Body
}

// CreateGig makes a draft. Errors: fault.Forbidden without a seller profile,
// fault.Invalid with the paths of the body.
func (m *Market) CreateGig(ctx context.Context, who member.Actor, key Key, in GigInput) (gig.Gig, error) {
	if err := who.Need(member.ScopeSell); err != nil {
		return gig.Gig{}, err
	}
	return once(ctx, m, who, key, "create gig", in, func(tx *store.Tx) (gig.Gig, error) {
		now := m.Now()
		g, set, err := gig.New(now, ident.New[ident.Gig](m.ids, now), who, in.Category, gig.WithKeys(in.Body, 1), m.Policy())
		if err != nil {
			return g, err
		}
		way, err := settle(tx, g)
		if err != nil {
			return g, err
		}
		if err := tx.AddGig(g, way); err != nil {
			return g, err
		}
		return g, tx.Carry(set)
	})
}

// SaveGig puts a new body into a gig. version is the one that was edited; 0
// overwrites whatever is there. Errors: fault.NotFound, fault.Forbidden,
// fault.Invalid, fault.Conflict when somebody saved in between.
func (m *Market) SaveGig(ctx context.Context, who member.Actor, key Key, id ident.Gig, version int, in GigInput) (gig.Gig, error) {
	return m.changeGig(ctx, who, key, "save gig", id, []any{version, in}, func(now time.Time, g gig.Gig, p policy.Version) (gig.Gig, effect.Set, error) {
		if version != 0 && version != g.Version {
			return g, effect.Set{}, fault.Conflict("This gig was changed in another window. Open it again to see both.")
		}
		return gig.Save(now, g, who, in.Category, gig.WithKeys(in.Body, g.Version+1), p)
	})
}

// PublishGig offers a draft to buyers. Errors: fault.Invalid when it is not
// complete; fault.NotFound, fault.Forbidden, fault.Conflict.
func (m *Market) PublishGig(ctx context.Context, who member.Actor, key Key, id ident.Gig) (gig.Gig, error) {
	return m.moveGig(ctx, who, key, id, gig.MovePublish)
}

// PauseGig takes a gig off sale; running orders go on.
func (m *Market) PauseGig(ctx context.Context, who member.Actor, key Key, id ident.Gig) (gig.Gig, error) {
	return m.moveGig(ctx, who, key, id, gig.MovePause)
}

// ResumeGig puts a paused gig back on sale.
func (m *Market) ResumeGig(ctx context.Context, who member.Actor, key Key, id ident.Gig) (gig.Gig, error) {
	return m.moveGig(ctx, who, key, id, gig.MoveResume)
}

// DeleteGig removes a gig for ever; orders keep what they agreed on.
func (m *Market) DeleteGig(ctx context.Context, who member.Actor, key Key, id ident.Gig) (gig.Gig, error) {
	return m.moveGig(ctx, who, key, id, gig.MoveDelete)
}

func (m *Market) moveGig(ctx context.Context, who member.Actor, key Key, id ident.Gig, move gig.Move) (gig.Gig, error) {
	return m.changeGig(ctx, who, key, string(move)+" gig", id, nil, func(now time.Time, g gig.Gig, p policy.Version) (gig.Gig, effect.Set, error) {
		return gig.Decide(now, g, who, move, p)
	})
}

// changeGig loads a gig, lets a rule decide, and saves.
func (m *Market) changeGig(ctx context.Context, who member.Actor, key Key, what string, id ident.Gig, input any,
	decide func(time.Time, gig.Gig, policy.Version) (gig.Gig, effect.Set, error),
) (gig.Gig, error) {
	if err := who.Need(member.ScopeSell); err != nil {
		return gig.Gig{}, err
	}
	return once(ctx, m, who, key, what, []any{id, input}, func(tx *store.Tx) (gig.Gig, error) {
		g, err := tx.Gig(id)
		if err != nil {
			return g, missing(err, noGig)
		}
		next, set, err := decide(m.Now(), g, m.Policy())
		if err != nil {
			return g, err
		}
		way, err := settle(tx, next)
		if err != nil {
			return g, err
		}
		if err := tx.SaveGig(next, way); err != nil {
			return g, err
		}
		if next.State == gig.StateDeleted {
			if err := m.takeBackOffers(ctx, tx, who, next); err != nil {
				return g, err
			}
		}
		return next, tx.Carry(set)
	})
}

// takeBackOffers ends the offers of a gig that is being deleted: its seller takes
// them back; where the house deletes it, the house does.
func (m *Market) takeBackOffers(ctx context.Context, tx *store.Tx, who member.Actor, g gig.Gig) error {
	if who.Is(g.Seller) {
		return m.endOffers(ctx, tx, who, g, offer.Withdraw{})
	}
	return m.endOffers(ctx, tx, member.House(), g, offer.Remove{Why: "The house has deleted the gig."})
}

// endOffers ends the open offers about a gig that is gone for good: nobody can
// pay for what is not there, and what is being paid goes back. An offer whose time
// is over ends by itself.
func (m *Market) endOffers(ctx context.Context, tx *store.Tx, who member.Actor, g gig.Gig, mv offer.Move) error {
	open, err := tx.OpenOffersOf(g.Seller, g.ID)
	if err != nil {
		return err
	}
	for _, of := range open {
		if _, err := m.offerMove(ctx, tx, who, of, mv); err != nil && fault.KindOf(err) != fault.KindExpired {
			return err
		}
	}
	return nil
}

const noGig = "There is no such gig."

// settle checks what a gig refers to: its category exists, its pictures are the
// seller's own and now belong to it. It returns the way to the category.
func settle(tx *store.Tx, g gig.Gig) ([]gig.Category, error) {
	way, err := tx.Ancestry(g.Category)
	if errors.Is(err, store.ErrNotFound) {
		return nil, fault.Invalid("category", "Choose a category from the list.")
	}
	if err != nil {
		return nil, err
	}
	for _, f := range g.Pictures {
		err := tx.AttachFile(f, g.Seller, store.FileGigPicture, string(g.ID))
		if errors.Is(err, store.ErrNotFound) {
			return nil, fault.Invalid("pictures", "One of the pictures is not here any more. Upload it again.")
		}
		if err != nil {
			return nil, err
		}
	}
	return way, nil
}

// EditGig is a gig for its editor. Errors: fault.NotFound for anybody but its
// seller and the house.
func (m *Market) EditGig(ctx context.Context, who member.Actor, id ident.Gig) (gig.Gig, error) {
	if err := who.Need(member.ScopeRead); err != nil {
		return gig.Gig{}, err
	}
	var g gig.Gig
	err := m.store.View(ctx, func(tx *store.Tx) (err error) {
		g, err = tx.Gig(id)
		return err
	})
	if err == nil && (g.State == gig.StateDeleted || !who.Is(g.Seller) && who.Role != member.RoleOperator) {
		return gig.Gig{}, fault.NotFound(noGig)
	}
	return g, missing(err, noGig)
}

// MyGigs lists the actor's own gigs of one state, newest first.
func (m *Market) MyGigs(ctx context.Context, who member.Actor, s gig.State, cursor string) (Cards, error) {
	if err := who.Need(member.ScopeRead); err != nil {
		return Cards{}, err
	}
	if s == gig.StateDeleted {
		return Cards{}, nil
	}
	return m.sellerCards(ctx, who.Member, s, cursor)
}

// PreviewGig is the page of a gig as it would be with a body that is not saved;
// the empty id is a new gig. Errors: those of saving a draft.
func (m *Market) PreviewGig(ctx context.Context, who member.Actor, id ident.Gig, in GigInput) (GigView, error) {
	if err := who.Need(member.ScopeSell); err != nil {
		return GigView{}, err
	}
	now := m.Now()
	g, _, err := gig.New(now, id, who, in.Category, gig.WithKeys(in.Body, 1), m.Policy())
	if err != nil {
		return GigView{}, err
	}
	v := GigView{Gig: g, Mine: true}
	return v, m.store.View(ctx, func(tx *store.Tx) error {
		var err error
		if v.Seller, err = tx.Member(who.Member); err != nil {
			return err
		}
		v.Seller.Email = ""
		v.Way, err = tx.Ancestry(g.Category)
		if errors.Is(err, store.ErrNotFound) {
			return fault.Invalid("category", "Choose a category from the list.")
		}
		return err
	})
}
