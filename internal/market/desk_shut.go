package market

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"guildhall/internal/desk"
	"guildhall/internal/effect"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/policy"
	"guildhall/internal/store"
)

// Voice is how somebody is heard who may not sign in.
type Voice string

// The ways to be heard about a suspension.
const (
	NoVoice   Voice = ""       // no more: it was looked at, or the time is over
	MayAsk    Voice = "ask"    // the house suspended them outside a case: support looks at it once they ask
	MayAppeal Voice = "appeal" // against the decision
	MayAdd    Voice = "add"    // words, to the case in which it is looked at
)

// Shut is what somebody learns who may not sign in because of a suspension.
type Shut struct {
	Why   string
	Voice Voice
	Case  *desk.Case // whose decision they can appeal against, or in which they are heard; nil otherwise
}

// ShutOut tells the holder of an address and password why they may not come in,
// and how they are heard about it. It tells nobody else anything. Errors: those of
// SignIn for whoever is not suspended or does not know the password.
func (m *Market) ShutOut(ctx context.Context, email, password string) (Shut, error) {
	them, err := m.shutOut(ctx, email, password)
	if err != nil {
		return Shut{}, err
	}
	s := Shut{Why: them.Barred.Why}
	err = m.store.View(ctx, func(tx *store.Tx) error {
		s.Voice, s.Case, err = m.voice(tx, them)
		return err
	})
	return s, err
}

// HearShutOut lets somebody who may not sign in speak about their suspension, in
// the way that ShutOut offers: it appeals against the decision, asks support to
// look at a suspension that no case decided, or adds words to where that is done.
// Errors: those of ShutOut, desk.Open, desk.Appeal and desk.Say; fault.Expired once
// they are heard no more.
func (m *Market) HearShutOut(ctx context.Context, key Key, email, password, text string) (desk.Case, error) {
	them, err := m.shutOut(ctx, email, password)
	if err != nil {
		return desk.Case{}, err
	}
	c, err := m.hearShutOut(ctx, key, them, text)
	if store.IsDuplicate(err, "cases.id") { // they asked twice at once: the second one adds its words
		c, err = m.hearShutOut(ctx, key, them, text)
	}
	return c, err
}

func (m *Market) hearShutOut(ctx context.Context, key Key, them member.Member, text string) (desk.Case, error) {
	who := member.Actor{Member: them.ID, Role: member.RoleMember}
	return once(ctx, m, who, key, "case.hear_shut_out", text, func(tx *store.Tx) (desk.Case, error) {
		voice, c, err := m.voice(tx, them)
		if err != nil {
			return desk.Case{}, err
		}
		switch voice {
		case MayAppeal:
			return m.appeal(ctx, tx, who, c.ID, CaseWords{Text: text})
		case MayAdd:
			return m.step(ctx, tx, who, c.ID, func(_ *store.Tx, now time.Time, c desk.Case, _ desk.Worker, p policy.Version) (desk.Case, effect.Set, error) {
				return desk.Say(now, c, desk.Words{Text: text}, who, p)
			})
		case MayAsk:
			return m.ask(tx, who, them, text)
		}
		return desk.Case{}, fault.Expired("Your suspension was looked at, or the time for it is over. The dates of your running orders stay as they are.")
	})
}

// ask opens the case in which a suspension is looked at that none decided.
func (m *Market) ask(tx *store.Tx, who member.Actor, them member.Member, text string) (desk.Case, error) {
	id := hearingOf(them)
	c, set, err := desk.Open(m.Now(), desk.Draft{
		ID: id, Ref: ident.RefOf(id), Kind: desk.Other, Label: "A suspended account",
		Record: fmt.Sprintf("Suspended on %s by the house, outside a case: “%s”", them.Barred.Since.UTC().Format("2 January 2006, 15:04 (UTC)"), them.Barred.Why),
	}, desk.Words{Text: text}, who, m.Policy())
	if err != nil {
		return c, err
	}
	if err := tx.AddCase(c, c.Ref, them.Name); err != nil {
		return c, err
	}
	return c, tx.Carry(set)
}

// hearingOf names the case in which a suspension is looked at that none decided:
// one for each suspension.
func hearingOf(them member.Member) ident.Case {
	return ident.Derived[ident.Case](them.Barred.Since, 0, "suspension:"+string(them.ID))
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

// voice is how a suspended member is heard, and in which case.
func (m *Market) voice(tx *store.Tx, them member.Member) (Voice, *desk.Case, error) {
	id, err := suspendedIn(tx, them)
	if err != nil {
		return NoVoice, nil, err
	}
	byHouse := id == ""
	if byHouse {
		id = hearingOf(them)
	}
	for id != "" {
		c, err := tx.Case(id)
		switch {
		case byHouse && errors.Is(err, store.ErrNotFound):
			return MayAsk, nil, nil
		case err != nil:
			return NoVoice, nil, err
		case c.Appealable(m.Now()):
			return MayAppeal, &c, nil
		case !c.State.Settled():
			return MayAdd, &c, nil
		}
		id = c.Matter.Appeal
	}
	return NoVoice, nil, nil
}

// suspendedIn is the case whose decision suspended a member; empty where the
// house did so outside of one.
func suspendedIn(tx *store.Tx, them member.Member) (ident.Case, error) {
	events, err := tx.Events(string(them.ID))
	if err != nil {
		return "", err
	}
	for _, e := range slices.Backward(events) {
		if e.Kind == member.Suspended {
			return ident.Case(e.Detail.Facts["case"]), nil
		}
	}
	return "", nil
}
