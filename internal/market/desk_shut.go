package market

import (
	"context"
	"errors"
	"fmt"
	"time"

	"guildhall/internal/desk"
	"guildhall/internal/effect"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/policy"
	"guildhall/internal/store"
)

// Shut is what somebody learns who may not sign in because of a suspension.
type Shut struct {
	Why    string
	Case   *desk.Case // the decision, while they are heard about it; nil otherwise
	Appeal *desk.Case // the other side's appeal against it, if that is where they are heard
}

// shutLooksBack bounds how many cases are looked through for the decision.
const shutLooksBack = 50

// ShutOut tells the holder of an address and password why they may not come in,
// and until when they can appeal. It tells nobody else anything. Errors: those of
// SignIn for whoever is not suspended or does not know the password.
func (m *Market) ShutOut(ctx context.Context, email, password string) (Shut, error) {
	them, err := m.shutOut(ctx, email, password)
	if err != nil {
		return Shut{}, err
	}
	s := Shut{Why: them.Barred.Why}
	err = m.store.View(ctx, func(tx *store.Tx) error {
		s.Case, s.Appeal, err = m.suspension(tx, them)
		return err
	})
	return s, err
}

// AppealShutOut appeals, for somebody who may not sign in, against the decision
// that suspended them, or adds their words to the appeal of the other side.
// Errors: those of ShutOut, desk.Appeal and desk.Say; fault.Expired once the time
// to appeal is over.
func (m *Market) AppealShutOut(ctx context.Context, key Key, email, password, text string) (desk.Case, error) {
	them, err := m.shutOut(ctx, email, password)
	if err != nil {
		return desk.Case{}, err
	}
	who := member.Actor{Member: them.ID, Role: member.RoleMember}
	return once(ctx, m, who, key, "case.appeal_shut_out", text, func(tx *store.Tx) (desk.Case, error) {
		c, appeal, err := m.suspension(tx, them)
		switch {
		case err != nil:
			return desk.Case{}, err
		case appeal != nil:
			return m.step(ctx, tx, who, appeal.ID, func(_ *store.Tx, now time.Time, c desk.Case, _ desk.Worker, p policy.Version) (desk.Case, effect.Set, error) {
				return desk.Say(now, c, desk.Words{Text: text}, who, p)
			})
		case c == nil:
			return desk.Case{}, fault.Expired("There is no decision that you could appeal against now: the time is over, or an appeal is open already.")
		}
		return m.appeal(ctx, tx, who, c.ID, CaseWords{Text: text})
	})
}

// shutOut finds the suspended member of an address and password.
func (m *Market) shutOut(ctx context.Context, email, password string) (member.Member, error) {
	_, err := m.SignIn(ctx, email, password)
	var closed *suspendedError
	if !errors.As(err, &closed) {
		if err == nil {
			err = fault.Conflict("This account is open: just sign in.")
		}
		return member.Member{}, err
	}
	return closed.them, nil
}

// suspendedError is the refusal of somebody who knows the password of a closed
// account. To the faces it is a fault like any other.
type suspendedError struct {
	says *fault.Error
	them member.Member
}

func (e *suspendedError) Error() string { return e.says.Error() }
func (e *suspendedError) Unwrap() error { return e.says }

func refusedEntry(them member.Member) error {
	return &suspendedError{fault.Forbidden(fmt.Sprintf("This account is suspended: %s", them.Barred.Why)), them}
}

// suspension is the decision that suspended a member, while they can appeal, or
// with the appeal of the other side while that is open.
func (m *Market) suspension(tx *store.Tx, them member.Member) (decision, appeal *desk.Case, err error) {
	now := m.Now()
	var before ident.Case
	list, err := tx.CasesOf(them.ID, before, shutLooksBack)
	if err != nil {
		return nil, nil, err
	}
	for _, c := range list {
		side, _ := c.SideOf(them.ID)
		if r := c.Matter.Ruling; r == nil || !r.Decision.Suspends(side) {
			continue
		}
		if c.Appealable(now) {
			return &c, nil, nil
		}
		if c.Matter.Appeal == "" {
			continue
		}
		next, err := tx.Case(c.Matter.Appeal)
		if err != nil {
			return nil, nil, err
		}
		if next.Other == them.ID && !next.State.Settled() {
			return &c, &next, nil
		}
	}
	return nil, nil, nil
}
