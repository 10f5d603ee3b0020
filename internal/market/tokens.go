package market

import (
	"context"
	"errors"
	"strings"
	"time"

	"guildhall/internal/effect"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/store"
)

// tokenPrefix makes a leaked token easy to find and to name.
const tokenPrefix = "gh_"

// usedEvery is how exactly the last use of a token is kept.
const usedEvery = 10 * time.Minute

// NewToken is what somebody asks an API token to be.
type NewToken struct {
	Name    string
	Scopes  []member.Scope
	Expires time.Time // zero is never
	// Session is the hash of the browser's session that asks; empty for whoever
	// has just said their password. A form may be on its way for minutes, and
	// what it makes must not outlive a session that ended meanwhile.
	Session string
}

// MakeToken makes an API token and returns its secret, which is never shown
// again. Only a browser may: a token cannot make another.
// Errors: fault.Invalid beside name, scopes or expires; fault.Forbidden;
// fault.SignIn when the session that asked has ended.
func (m *Market) MakeToken(ctx context.Context, who member.Actor, in NewToken) (member.Token, string, error) {
	if err := who.NeedBrowser(); err != nil {
		return member.Token{}, "", err
	}
	now, secret := m.Now(), tokenPrefix+ident.Secret()
	t, err := member.NewToken(now, in.Name, in.Scopes, in.Expires)
	if err != nil {
		return t, "", err
	}
	t.ID, t.Member = ident.New[ident.Token](m.ids, now), who.Member
	err = m.store.Update(ctx, func(tx *store.Tx) error {
		if err := stillThere(tx, in.Session, who); err != nil {
			return err
		}
		me, err := tx.Member(who.Member)
		if err != nil {
			return err
		}
		if err := tx.AddToken(t, secretHash(secret)); err != nil {
			return err
		}
		_, err = save(tx, me, who, now, happening{member.TokenMade, effect.Detail{Text: t.Name}})
		return err
	})
	return t, secret, err
}

// stillThere refuses what is asked by a session that has ended since. Sessions
// live by the wall clock. Errors: fault.SignIn.
func stillThere(tx *store.Tx, session string, who member.Actor) error {
	if session == "" {
		return nil
	}
	s, err := tx.Session(session, time.Now())
	if errors.Is(err, store.ErrNotFound) || err == nil && (s.Member == nil || !who.Is(s.Member.ID)) {
		return fault.SignIn("You were signed out meanwhile. Please sign in again.")
	}
	return err
}

// Tokens lists the actor's tokens, the newest first.
func (m *Market) Tokens(ctx context.Context, who member.Actor) ([]member.Token, error) {
	if err := who.NeedBrowser(); err != nil {
		return nil, err
	}
	var list []member.Token
	err := m.store.View(ctx, func(tx *store.Tx) (err error) {
		list, err = tx.Tokens(who.Member)
		return err
	})
	return list, err
}

// RevokeToken ends one of the actor's tokens. Errors: fault.NotFound.
func (m *Market) RevokeToken(ctx context.Context, who member.Actor, id ident.Token) error {
	if err := who.NeedBrowser(); err != nil {
		return err
	}
	now := m.Now()
	err := m.store.Update(ctx, func(tx *store.Tx) error {
		if err := tx.RevokeToken(id, who.Member, now); err != nil {
			return err
		}
		me, err := tx.Member(who.Member)
		if err != nil {
			return err
		}
		_, err = save(tx, me, who, now, happening{member.TokenRevoked, effect.Detail{Facts: map[string]string{"token": string(id)}}})
		return err
	})
	return missing(err, "There is no such token, or it was revoked before.")
}

// ActorForToken tells who a bearer token speaks for.
// Errors: fault.SignIn when it is unknown, expired, revoked or of a suspended member.
func (m *Market) ActorForToken(ctx context.Context, secret string) (member.Member, member.Actor, error) {
	unknown := fault.SignIn("This token is not known here, was revoked or has expired.")
	if !strings.HasPrefix(secret, tokenPrefix) || len(secret) > 100 {
		return member.Member{}, member.Guest(), unknown
	}
	var t member.Token
	var who member.Member
	err := m.store.View(ctx, func(tx *store.Tx) (err error) {
		if t, err = tx.TokenByHash(secretHash(secret)); err == nil {
			who, err = tx.Member(t.Member)
		}
		return err
	})
	now := m.Now()
	switch {
	case errors.Is(err, store.ErrNotFound):
		return member.Member{}, member.Guest(), unknown
	case err != nil:
		return member.Member{}, member.Guest(), err
	case !t.Alive(now) || who.Suspended():
		return member.Member{}, member.Guest(), unknown
	}
	if now.Sub(t.Used) >= usedEvery {
		if err := m.store.Update(ctx, func(tx *store.Tx) error { return tx.TokenUsed(t.ID, now) }); err != nil {
			m.log.WarnContext(ctx, "the last use of a token could not be noted", "token", t.ID, "error", err)
		}
	}
	return who, who.ActorWith(t.Scopes), nil
}
