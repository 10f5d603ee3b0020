package market

import (
	"context"
	"crypto/subtle"
	"errors"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/store"
)

// Marks of the house.
const (
	markRehearsal   = "rehearsal"
	markClockOffset = "clock_offset"
	markSetUp       = "set_up"
)

// Rehearsal tells whether this database is a rehearsal for ever.
func (m *Market) Rehearsal(ctx context.Context) (bool, error) {
	value, err := m.mark(ctx, markRehearsal)
	return value != "", err
}

// MarkRehearsal makes this database a rehearsal. There is no way back.
func (m *Market) MarkRehearsal(ctx context.Context) error {
	return m.setMark(ctx, markRehearsal, "yes")
}

// ClockOffset reads how far a rehearsal's clock was moved, as it was written.
func (m *Market) ClockOffset(ctx context.Context) (string, error) {
	return m.mark(ctx, markClockOffset)
}

// A rehearsal's clock stays within the years that it can count: it is kept as a
// span from the time of day, and those end after three centuries.
const mostMove = 20 * 366 * 24 * time.Hour

var lastDay = time.Date(2200, time.January, 1, 0, 0, 0, 0, time.UTC)

// CheckMove tells whether a rehearsal's clock may be moved so far.
// Errors: fault.Invalid beside the field.
func (m *Market) CheckMove(field string, by time.Duration) error {
	if by < 0 || by > mostMove || m.Now().Add(by).After(lastDay) {
		return fault.Invalid(field, "The clock moves forward only, by 20 years at most at once and no further than the year 2200.")
	}
	return nil
}

// SetClockOffset keeps how far a rehearsal's clock was moved.
func (m *Market) SetClockOffset(ctx context.Context, offset string) error {
	return m.setMark(ctx, markClockOffset, offset)
}

// HouseSecret is a key of this database for a purpose, made at its first use:
// no house ever runs with a default one.
func (m *Market) HouseSecret(ctx context.Context, purpose string) (string, error) {
	key := "secret_" + purpose
	var value string
	err := m.store.Update(ctx, func(tx *store.Tx) error {
		kept, found, err := tx.Mark(key)
		if err != nil || found {
			value = kept
			return err
		}
		value = ident.Secret()
		return tx.FirstMark(key, value)
	})
	return value, err
}

// LivedIn tells whether anybody has ever joined this house.
func (m *Market) LivedIn(ctx context.Context) (bool, error) {
	lived := false
	err := m.store.View(ctx, func(tx *store.Tx) error {
		people, err := tx.Members("", 1)
		lived = len(people) > 0
		return err
	})
	return lived, err
}

// SortsByBytes tells whether the database orders texts byte by byte, as both
// engines must to give the same lists and exports.
func (m *Market) SortsByBytes(ctx context.Context) (bool, error) {
	sorts := false
	err := m.store.View(ctx, func(tx *store.Tx) error {
		var err error
		sorts, err = tx.SortsByBytes()
		return err
	})
	return sorts, err
}

// SetUp prepares the link that makes the first operator. It returns nothing
// when there is an operator already. Each call makes the link before useless.
func (m *Market) SetUp(ctx context.Context) (secret string, err error) {
	err = m.store.Update(ctx, func(tx *store.Tx) error {
		secret = ""
		if _, err := tx.AnyOperator(); !errors.Is(err, store.ErrNotFound) {
			return err
		}
		secret = ident.Secret()
		return tx.SetMark(markSetUp, secretHash(secret))
	})
	return secret, err
}

// CheckSetUp tells whether a set-up link still opens the house.
// Errors: fault.Expired.
func (m *Market) CheckSetUp(ctx context.Context, secret string) error {
	kept, err := m.mark(ctx, markSetUp)
	if err != nil {
		return err
	}
	if kept == "" || subtle.ConstantTimeCompare([]byte(kept), []byte(secretHash(secret))) != 1 {
		return fault.Expired("This set-up link is not valid any more. Restart the server to get a new one, or run “guildhall admin create”.")
	}
	return nil
}

// FirstOperator makes the operator through the set-up link and burns the link.
// Errors: fault.Expired; fault.Invalid beside the fields of SignUp.
func (m *Market) FirstOperator(ctx context.Context, secret string, in SignUp) (Entrant, error) {
	if err := m.CheckSetUp(ctx, secret); err != nil {
		return Entrant{}, err
	}
	if err := member.CheckPassword(in.Password, member.Email(in.Email)); err != nil {
		return Entrant{}, err
	}
	// Two people with the same link: only one of them finds the mark as it was.
	err := m.store.Update(ctx, func(tx *store.Tx) error {
		return tx.SwapMark(markSetUp, secretHash(secret), "")
	})
	if errors.Is(err, store.ErrNotFound) {
		return Entrant{}, fault.Expired("Somebody else has just used this link.")
	}
	if err != nil {
		return Entrant{}, err
	}
	in.Operator = true
	made, err := m.SignUp(ctx, in)
	if err != nil { // the link must not be lost over a typing mistake
		return made, errors.Join(err, m.setMark(ctx, markSetUp, secretHash(secret)))
	}
	return made, nil
}

func (m *Market) mark(ctx context.Context, key string) (value string, err error) {
	err = m.store.View(ctx, func(tx *store.Tx) error {
		value, _, err = tx.Mark(key)
		return err
	})
	return value, err
}

func (m *Market) setMark(ctx context.Context, key, value string) error {
	return m.store.Update(ctx, func(tx *store.Tx) error { return tx.SetMark(key, value) })
}
