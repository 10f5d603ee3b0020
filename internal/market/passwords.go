package market

import (
	"context"
	"errors"
	"time"

	"github.com/alexedwards/argon2id"

	"guildhall/internal/fault"
)

// How passwords are hashed: slow enough to make guessing dear, and never more
// than a few at once, so that a flood of sign-ins cannot take the machine away
// from everybody else.
const (
	hashAtOnce = 2
	hashWait   = 4 * time.Second
)

var hashCost = argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// nobody is the hash that an unknown account is compared with, so that it
// takes as long to be refused as a known one.
const nobody = "$argon2id$v=19$m=19456,t=2,p=1$mLbgoGcLPqhLd2t/OOMnUQ$vLnYmxEJC6a2HX3BBhmqUAcFZlmUv4cVXTVPCOEzwhY"

// HashPassword turns a password into what is kept of it. Errors: fault.Busy
// when too many are being hashed.
func (m *Market) HashPassword(ctx context.Context, password string) (string, error) {
	if err := m.hashPlace(ctx); err != nil {
		return "", err
	}
	defer func() { <-m.hasher }()
	return argon2id.CreateHash(password, &hashCost)
}

// passwordFits compares a password with a hash; an empty hash fits nothing and
// takes just as long.
func (m *Market) passwordFits(ctx context.Context, password, hash string) (bool, error) {
	if err := m.hashPlace(ctx); err != nil {
		return false, err
	}
	defer func() { <-m.hasher }()
	known := hash != ""
	if !known {
		hash = nobody
	}
	fits, err := argon2id.ComparePasswordAndHash(password, hash)
	if errors.Is(err, argon2id.ErrInvalidHash) {
		return false, err
	}
	return fits && known, err
}

func (m *Market) hashPlace(ctx context.Context) error {
	wait := time.NewTimer(hashWait)
	defer wait.Stop()
	select {
	case m.hasher <- struct{}{}:
		return nil
	case <-wait.C:
		return fault.Busy("Very many people are signing in right now. Please try again in a minute.")
	case <-ctx.Done():
		return ctx.Err()
	}
}
