package store

import (
	"errors"
	"strings"
	"time"

	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/store/db"
)

// Session is what the house remembers about one browser.
type Session struct {
	Data   []byte
	Member *member.Member // nil while nobody is signed in
}

// Session reads a living session by the hash of its token. A session of a
// suspended member is not found. Errors: ErrNotFound.
func (tx *Tx) Session(hash string, at time.Time) (Session, error) {
	row, err := tx.q.SessionWithMember(tx.ctx, hash, micros(at))
	if err == nil {
		m := memberOf(row.Member)
		return Session{row.Data, &m}, nil
	}
	if !errors.Is(err, ErrNotFound) {
		return Session{}, err
	}
	data, err := tx.q.SessionOfGuest(tx.ctx, hash, micros(at))
	return Session{Data: data}, err
}

// SaveSession writes a new session under the hash of its token; who is empty
// while nobody is signed in.
func (tx *Tx) SaveSession(hash string, who ident.Member, data []byte, expires time.Time) error {
	return tx.q.SessionSave(tx.ctx, db.SessionSaveParams{
		TokenHash: hash, MemberID: string(who), Data: data, ExpiresAt: micros(expires),
	})
}

// KeepSession writes a session that was there when its request began. One that
// was forgotten meanwhile stays forgotten.
func (tx *Tx) KeepSession(hash string, who ident.Member, data []byte, expires time.Time) error {
	return tx.q.SessionKeep(tx.ctx, db.SessionKeepParams{
		TokenHash: hash, MemberID: string(who), Data: data, ExpiresAt: micros(expires),
	})
}

// DropSession forgets one session.
func (tx *Tx) DropSession(hash string) error { return tx.q.SessionDrop(tx.ctx, hash) }

// DropSessions forgets every session of a member.
func (tx *Tx) DropSessions(who ident.Member) error {
	return tx.q.SessionsOfMemberDrop(tx.ctx, string(who))
}

// ExpireSessions forgets the sessions that ended before the instant.
func (tx *Tx) ExpireSessions(at time.Time) error { return tx.q.SessionsExpire(tx.ctx, micros(at)) }

// AddReset keeps a link of one use by the hash of its token.
func (tx *Tx) AddReset(hash string, who ident.Member, expires time.Time) error {
	return tx.q.ResetInsert(tx.ctx, hash, string(who), micros(expires))
}

// Reset tells whose link it is and until when. Errors: ErrNotFound.
func (tx *Tx) Reset(hash string) (ident.Member, time.Time, error) {
	row, err := tx.q.ResetFind(tx.ctx, hash)
	return ident.Member(row.MemberID), fromMicros(row.ExpiresAt), err
}

// TakeReset uses a link up: exactly one caller gets it. Errors: ErrNotFound.
func (tx *Tx) TakeReset(hash string) (ident.Member, time.Time, error) {
	row, err := tx.q.ResetTake(tx.ctx, hash)
	return ident.Member(row.MemberID), fromMicros(row.ExpiresAt), err
}

// DropResets makes every open link of a member useless.
func (tx *Tx) DropResets(who ident.Member) error { return tx.q.ResetsOfMemberDrop(tx.ctx, string(who)) }

// ExpireResets forgets the links that ended before the instant.
func (tx *Tx) ExpireResets(at time.Time) error { return tx.q.ResetsExpire(tx.ctx, micros(at)) }

// AddToken keeps an API token by the hash of its secret.
func (tx *Tx) AddToken(t member.Token, hash string) error {
	return tx.q.TokenInsert(tx.ctx, db.TokenInsertParams{
		ID: string(t.ID), MemberID: string(t.Member), TokenHash: hash, Name: t.Name,
		Scopes: joinScopes(t.Scopes), CreatedAt: micros(t.Created), ExpiresAt: microsOrNull(t.Expires),
	})
}

// TokenByHash finds a token by the hash of its secret, alive or not. Errors: ErrNotFound.
func (tx *Tx) TokenByHash(hash string) (member.Token, error) {
	r, err := tx.q.TokenByHash(tx.ctx, hash)
	return tokenOf(db.TokensOfRow(r)), err
}

// Tokens lists a member's tokens, the newest first, at most a hundred.
func (tx *Tx) Tokens(who ident.Member) ([]member.Token, error) {
	rows, err := tx.q.TokensOf(tx.ctx, string(who))
	list := make([]member.Token, len(rows))
	for i, r := range rows {
		list[i] = tokenOf(r)
	}
	return list, err
}

// RevokeToken ends a member's token. Errors: ErrNotFound when it is not theirs
// or has ended already.
func (tx *Tx) RevokeToken(id ident.Token, who ident.Member, at time.Time) error {
	_, err := tx.q.TokenRevoke(tx.ctx, string(id), string(who), microsOrNull(at))
	return err
}

// RevokeTokens ends every token of a member that is still alive.
func (tx *Tx) RevokeTokens(who ident.Member, at time.Time) error {
	return tx.q.TokensOfMemberRevoke(tx.ctx, string(who), microsOrNull(at))
}

// TokenUsed notes when a token last opened the door.
func (tx *Tx) TokenUsed(id ident.Token, at time.Time) error {
	return tx.q.TokenUsed(tx.ctx, string(id), microsOrNull(at))
}

func tokenOf(r db.TokensOfRow) member.Token {
	t := member.Token{
		ID: ident.Token(r.ID), Member: ident.Member(r.MemberID), Name: r.Name,
		Created: fromMicros(r.CreatedAt), Expires: fromMicrosOrNull(r.ExpiresAt),
		Used: fromMicrosOrNull(r.UsedAt), Revoked: fromMicrosOrNull(r.RevokedAt),
	}
	for _, s := range strings.Fields(r.Scopes) {
		t.Scopes = append(t.Scopes, member.Scope(s))
	}
	return t
}

func joinScopes(scopes []member.Scope) string {
	words := make([]string, len(scopes))
	for i, s := range scopes {
		words[i] = string(s)
	}
	return strings.Join(words, " ")
}
