package market

import (
	"context"
	"time"

	"guildhall/internal/effect"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/policy"
	"guildhall/internal/standing"
	"guildhall/internal/store"
)

// Candidate is a seller for whose next level only a person's yes is missing.
type Candidate struct {
	Member member.Member
	State  standing.State
	Rung   Rung // the level that waits
	Sheet  standing.Sheet
}

// LevelQueue lists who waits for a person's yes, who waits longest first; those
// who were declined stay in it, since a yes can follow. Errors: fault.NotFound
// unless the actor works for the house.
func (m *Market) LevelQueue(ctx context.Context, who member.Actor, after Cursor, most int) (list []Candidate, next Cursor, err error) {
	if err := who.NeedAgent(); err != nil {
		return nil, "", err
	}
	place, err := after.behind()
	if err != nil {
		return nil, "", err
	}
	now, size := m.Now(), pageSize(most)
	p := m.PolicyAt(now)
	err = m.store.View(ctx, func(tx *store.Tx) error {
		sellers, err := tx.StandingsReady(place.At, ident.Member(place.Subject), size+1)
		if err != nil {
			return err
		}
		list, next = nil, ""
		if len(sellers) > size {
			sellers = sellers[:size]
			last := sellers[size-1]
			next = behindCursor(store.BehindPlace{At: last.ReadyAt, Subject: string(last.Member)})
		}
		for _, s := range sellers {
			c, err := m.candidate(tx, s, now, p)
			if err != nil {
				return err
			}
			list = append(list, c)
		}
		return nil
	})
	return list, next, err
}

func (m *Market) candidate(tx *store.Tx, s store.Seller, now time.Time, p policy.Version) (c Candidate, err error) {
	c.State = s.State
	if c.Member, err = tx.Member(s.Member); err != nil {
		return c, err
	}
	c.Member.Email = ""
	past, _, err := m.pastOf(tx, s.Member, now, ahead(p), "")
	if err != nil {
		return c, err
	}
	c.Sheet = past.Sheet(now, p)
	c.Rung, _ = Standing{Ladder: ladder(c.Sheet, s.State, p)}.Rung(s.Ready)
	return c, nil
}

// ApproveLevel is a person's yes to the level that a seller waits for.
// Errors: fault.NotFound unless the actor works for the house, fault.Forbidden
// for themselves and accounts tied to theirs, those of standing.Approve.
func (m *Market) ApproveLevel(ctx context.Context, who member.Actor, key Key, seller ident.Member, why string) (standing.State, error) {
	return m.answerLevel(ctx, who, key, "level.approve", seller, why, func(tx *store.Tx, s store.Seller, now time.Time) (standing.State, effect.Set, error) {
		p := m.PolicyAt(now)
		r := reader{tx: tx, seller: s, now: now, ahead: ahead(p), p: p}
		past, err := r.read()
		if err != nil {
			return s.State, effect.Set{}, err
		}
		next, set, err := standing.Approve(now, s.State, past.Sheet(now, p), who, why, p)
		next.NextAt = now // what comes next is found when it is looked at
		return next, set, err
	})
}

// DeclineLevel is a person's no for now. Errors: those of ApproveLevel.
func (m *Market) DeclineLevel(ctx context.Context, who member.Actor, key Key, seller ident.Member, why string) (standing.State, error) {
	return m.answerLevel(ctx, who, key, "level.decline", seller, why, func(_ *store.Tx, s store.Seller, now time.Time) (standing.State, effect.Set, error) {
		return standing.Decline(now, s.State, who, why, m.PolicyAt(now))
	})
}

func (m *Market) answerLevel(ctx context.Context, who member.Actor, key Key, what string, seller ident.Member, why string,
	decide func(*store.Tx, store.Seller, time.Time) (standing.State, effect.Set, error),
) (standing.State, error) {
	if err := who.NeedAgent(); err != nil {
		return standing.State{}, err
	}
	input := map[string]string{"seller": string(seller), "why": why}
	return once(ctx, m, who, key, what, input, func(tx *store.Tx) (standing.State, error) {
		if err := stranger(tx, who, seller); err != nil {
			return standing.State{}, err
		}
		now := m.Now()
		s, err := m.evaluate(tx, seller, now)
		if err != nil {
			return s.State, missing(err, "There is no such seller.")
		}
		next, set, err := decide(tx, s, now)
		if err != nil {
			return s.State, err
		}
		s.State = next
		if err := tx.SaveSeller(s); err != nil {
			return s.State, err
		}
		return s.State, tx.Carry(set)
	})
}

// stranger refuses somebody of the house who would judge themselves, or an
// account that is tied to theirs.
func stranger(tx *store.Tx, who member.Actor, seller ident.Member) error {
	if who.Is(seller) {
		return fault.Forbidden("This is your own level. Somebody else of the house decides about it.")
	}
	links, err := tx.LinksOf(who.Member)
	for _, l := range links {
		if l.Linked == seller {
			return fault.Forbidden("This account is tied to yours. Somebody else of the house decides about it.")
		}
	}
	return err
}
