package store

import (
	"errors"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/store/db"
)

// Mark returns the value of a mark of the house and whether it is set.
func (tx *Tx) Mark(key string) (string, bool, error) {
	value, err := tx.q.HouseMark(tx.ctx, key)
	if errors.Is(err, ErrNotFound) {
		return "", false, nil
	}
	return value, err == nil, err
}

// SetMark sets a mark of the house.
func (tx *Tx) SetMark(key, value string) error {
	return tx.q.HouseSetMark(tx.ctx, key, value)
}

// Answer is what a request with an idempotency key was answered.
type Answer struct {
	Status int
	Body   []byte
}

// Recall returns the answer that member was given for key, if there is one. It
// belongs into the transaction of the effect, before it. bodyHash stands for
// the whole request; a different one under the same key is a Conflict.
func (tx *Tx) Recall(member ident.Member, key, bodyHash string) (Answer, bool, error) {
	row, err := tx.q.IdempotencyRecall(tx.ctx, string(member), key)
	switch {
	case errors.Is(err, ErrNotFound):
		return Answer{}, false, nil
	case err != nil:
		return Answer{}, false, err
	case row.BodyHash != bodyHash:
		return Answer{}, false, ErrKeyUsed
	}
	return Answer{Status: int(row.Status), Body: row.Answer}, true, nil
}

// ErrKeyUsed says that a key belongs to another request, which was done.
var ErrKeyUsed = fault.Conflict("This idempotency key was already used for a different request. Use a new key for a new request.")

// Remember keeps the answer for key, in the transaction of the effect. When
// the same key is being answered at the same moment, one of the two functions
// is run anew and finds the other's answer by Recall.
func (tx *Tx) Remember(member ident.Member, key, bodyHash string, a Answer, at time.Time) error {
	if a.Body == nil {
		a.Body = []byte{}
	}
	_, err := tx.fenced.IdempotencyRemember(tx.ctx, db.IdempotencyRememberParams{
		MemberID:  string(member),
		Key:       key,
		BodyHash:  bodyHash,
		Status:    int64(a.Status),
		Answer:    a.Body,
		CreatedAt: micros(at),
	})
	return stale(err)
}

// ForgetAnswers drops the oldest answers given before the instant, at most so
// many, and tells how many.
func (tx *Tx) ForgetAnswers(before time.Time, most int) (int, error) {
	gone, err := tx.q.IdempotencyForget(tx.ctx, micros(before), int64(most))
	return len(gone), err
}

// SortsByBytes tells whether the database orders texts byte by byte (C
// collation), as an export and prefix searches need it.
func (tx *Tx) SortsByBytes() (bool, error) { return tx.q.HouseSortsByBytes(tx.ctx) }
