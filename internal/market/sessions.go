package market

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"time"

	"guildhall/internal/effect"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/mail"
	"guildhall/internal/member"
	"guildhall/internal/store"
)

// Session reads a browser's session by the hash of its token, with the member
// it belongs to.
func (m *Market) Session(ctx context.Context, hash string, at time.Time) (store.Session, bool, error) {
	var s store.Session
	err := m.store.View(ctx, func(tx *store.Tx) (err error) {
		s, err = tx.Session(hash, at)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return store.Session{}, false, nil
	}
	return s, err == nil, err
}

// SaveSession writes a browser's new session, a guest's where nobody came in.
// Errors: fault.SignIn when the password that was shown is not theirs any more:
// it was changed while they came in, which ended all sessions but would not have
// met this one; fault.Forbidden when they were suspended meanwhile.
func (m *Market) SaveSession(ctx context.Context, hash string, who Entrant, data []byte, expires time.Time) error {
	return m.store.Update(ctx, func(tx *store.Tx) error {
		if who.ID != "" {
			if err := mayEnter(tx, who); err != nil {
				return err
			}
		}
		return tx.SaveSession(hash, who.ID, data, expires)
	})
}

func mayEnter(tx *store.Tx, who Entrant) error {
	if err := stands(tx, who, fault.SignIn("Your password was changed a moment ago. Please sign in with the new one.")); err != nil {
		return err
	}
	them, err := tx.Member(who.ID)
	if err == nil && them.Suspended() {
		err = refusedEntry(them)
	}
	return err
}

// stands holds the password that somebody has shown until the transaction ends;
// changed answers when it is another one by now.
func stands(tx *store.Tx, who Entrant, changed error) error {
	err := tx.PasswordStands(who.ID, who.hash)
	if errors.Is(err, store.ErrNotFound) {
		return changed
	}
	return err
}

// KeepSession writes what changed in a browser's session, unless it has ended
// since it was read: somebody signed out, was suspended or chose another
// password, and a request that was on its way brings nothing of it back.
func (m *Market) KeepSession(ctx context.Context, hash string, who ident.Member, data []byte, expires time.Time) error {
	return m.store.Update(ctx, func(tx *store.Tx) error { return tx.KeepSession(hash, who, data, expires) })
}

// DropSession ends a browser's session.
func (m *Market) DropSession(ctx context.Context, hash string) error {
	return m.store.Update(ctx, func(tx *store.Tx) error { return tx.DropSession(hash) })
}

// Answers are given again under their key for answersKept, the same span as
// docs/api.md promises, and forgotten so many at a time: no request waits for
// the tidying of a year.
const (
	answersKept   = 30 * 24 * time.Hour
	answersAtOnce = 500
)

// Tidy forgets sessions and links that have ended, and the answers of long ago;
// sessions end by the wall clock, the others by the clock of the house.
func (m *Market) Tidy(ctx context.Context) error {
	err := m.store.Update(ctx, func(tx *store.Tx) error {
		if err := tx.ExpireSessions(time.Now()); err != nil {
			return err
		}
		return tx.ExpireResets(m.Now())
	})
	for gone := answersAtOnce; err == nil && gone == answersAtOnce; {
		err = m.store.Update(ctx, func(tx *store.Tx) (err error) {
			gone, err = tx.ForgetAnswers(m.Now().Add(-answersKept), answersAtOnce)
			return err
		})
	}
	return err
}

// RequestReset asks for a letter with a link that sets a new password. Whether
// the address has an account is told to nobody but its owner.
func (m *Market) RequestReset(ctx context.Context, email string) error {
	now := m.Now()
	err := m.store.Update(ctx, func(tx *store.Tx) error {
		who, err := tx.MemberByEmail(member.Email(email))
		if err != nil || who.Suspended() {
			return err
		}
		_, err = save(tx, who, member.Guest(), now, happening{Kind: member.ResetRequested})
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	return err
}

// SendReset makes a link and sends it; the handler of the errand that a
// reset_requested event asks for. Trying again makes a new link.
func (m *Market) SendReset(ctx context.Context, id ident.Member) error {
	who, err := m.Member(ctx, id)
	if err != nil || who.Suspended() {
		return err
	}
	now, secret := m.Now(), ident.Secret()
	life := m.PolicyAt(now).Limits.ResetLife
	err = m.store.Update(ctx, func(tx *store.Tx) error {
		return tx.AddReset(secretHash(secret), id, now.Add(life.D()))
	})
	if err != nil {
		return err
	}
	return m.mail.Send(ctx, mail.Message{
		ID: "reset-" + secretHash(secret)[:24], To: who.Email, Subject: "Choose a new password",
		Text: "Hello " + who.Name + ",\n\n" +
			"somebody, we hope you, asked for a new password for your account. Choose one here:\n\n" +
			m.site + "/reset?token=" + secret + "\n\n" +
			"The link works once and for " + life.Words() + ". If it was not you, do nothing: your password stays as it is.\n",
	})
}

// CheckReset tells whose link it is without using it up.
// Errors: fault.Expired when it was used or its time is over.
func (m *Market) CheckReset(ctx context.Context, secret string) (member.Member, error) {
	var who member.Member
	err := m.store.View(ctx, func(tx *store.Tx) error {
		id, until, err := tx.Reset(secretHash(secret))
		if err != nil {
			return err
		}
		if !m.Now().Before(until) {
			return store.ErrNotFound
		}
		who, err = tx.Member(id)
		return err
	})
	return who, spent(err)
}

// Reset sets a new password through a link of one use and ends every session
// and every API token.
// Errors: fault.Expired when the link is used or its time over; fault.Invalid
// beside password, which leaves the link as it was.
func (m *Market) Reset(ctx context.Context, secret, password string) (Entrant, error) {
	who, err := m.CheckReset(ctx, secret)
	if err != nil {
		return Entrant{}, err
	}
	if err := member.CheckPassword(password, who.Email); err != nil {
		return Entrant{}, err
	}
	hash, err := m.HashPassword(ctx, password)
	if err != nil {
		return Entrant{}, err
	}
	now := m.Now()
	err = m.store.Update(ctx, func(tx *store.Tx) error {
		if _, _, err := tx.TakeReset(secretHash(secret)); err != nil {
			return err
		}
		if who, err = tx.Member(who.ID); err != nil {
			return err
		}
		who, err = setPassword(tx, who, who.Actor(), hash, now)
		return err
	})
	return Entrant{who, hash}, spent(err)
}

func spent(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return fault.Expired("This link was used already, or its time is over. Ask for a new one.")
	}
	return err
}

// ChangePassword sets a new password and ends every session and every API token;
// the caller opens a new session for the browser that asked.
// Errors: fault.Invalid beside old or password; fault.Forbidden for a token.
func (m *Market) ChangePassword(ctx context.Context, who member.Actor, old, password string) (Entrant, error) {
	if err := who.NeedBrowser(); err != nil {
		return Entrant{}, err
	}
	me, err := m.Member(ctx, who.Member)
	if err != nil {
		return Entrant{}, err
	}
	notOld := fault.Invalid("old", "This is not your present password.")
	shown, err := m.SignIn(ctx, me.Email, old)
	if fault.KindOf(err) == fault.KindInvalid {
		err = notOld
	}
	if err == nil {
		err = member.CheckPassword(password, me.Email)
	}
	if err != nil {
		return Entrant{}, err
	}
	hash, err := m.HashPassword(ctx, password)
	if err != nil {
		return Entrant{}, err
	}
	now := m.Now()
	err = m.store.Update(ctx, func(tx *store.Tx) error {
		// Of two who know the old password the first one changes it.
		if err := stands(tx, shown, notOld); err != nil {
			return err
		}
		if me, err = tx.Member(who.Member); err != nil {
			return err
		}
		me, err = setPassword(tx, me, who, hash, now)
		return err
	})
	return Entrant{me, hash}, err
}

// setPassword puts a new hash in place and ends whatever the old one opened:
// a password is often changed because somebody else knew it, and they may have
// made a token with it that nobody has noticed yet.
func setPassword(tx *store.Tx, me member.Member, who member.Actor, hash string, now time.Time) (member.Member, error) {
	if err := tx.SetPassword(me.ID, hash, now); err != nil {
		return me, err
	}
	if err := tx.DropSessions(me.ID); err != nil {
		return me, err
	}
	if err := tx.DropResets(me.ID); err != nil {
		return me, err
	}
	if err := tx.RevokeTokens(me.ID, now); err != nil {
		return me, err
	}
	return save(tx, me, who, now, happening{member.PasswordChanged, effect.Detail{}})
}

// secretHash is what is kept of a secret that the house made itself: 256 bits
// of chance need no slow hash.
func secretHash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
