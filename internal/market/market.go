// Package market is the one door: every use case of the marketplace.
//
// A face hands in an actor and plain input; the market loads what is concerned
// from the store, asks the pure rules to decide, and hands the new state and
// its effects back to the store, all in one transaction. It holds no business
// `if` of its own: whatever may be refused is refused by a rule, and the
// preview of a decision is the same call, not saved. One file per counter.
//
// Above it stand the faces (web, api) and the sim; below it the store, the
// rules and the edges (pay, blob, mail).
package market

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"guildhall/internal/blob"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/mail"
	"guildhall/internal/member"
	"guildhall/internal/pay"
	"guildhall/internal/policy"
	"guildhall/internal/store"
)

// Market is the marketplace. It is safe for concurrent use.
type Market struct {
	store  *store.Store
	now    func() time.Time
	ids    *ident.Source
	pay    pay.Provider
	blobs  *blob.Store
	mail   mail.Sender
	site   string // public address without a slash at the end
	log    *slog.Logger
	hasher chan struct{}                    // one place per password being hashed
	policy atomic.Pointer[[]policy.Version] // ascending; refreshed when one is applied

	rehearsals rehearsals // of policies, that run or have run here
}

// Parts is what a market is put together from.
type Parts struct {
	Store *store.Store
	Now   func() time.Time // the house clock; rehearsals move it
	IDs   *ident.Source
	Pay   pay.Provider
	Blobs *blob.Store
	Mail  mail.Sender // nil keeps letters in the outbox
	Site  string      // public address, for links in letters
	Log   *slog.Logger
}

// New opens the door. Call Prepare before anybody comes in.
func New(p Parts) *Market {
	m := &Market{
		store: p.Store, now: p.Now, ids: p.IDs, pay: p.Pay, blobs: p.Blobs,
		mail: p.Mail, site: strings.TrimSuffix(p.Site, "/"), log: p.Log,
		hasher: make(chan struct{}, hashAtOnce),
	}
	if m.now == nil {
		m.now = time.Now
	}
	if m.ids == nil {
		m.ids = ident.NewSource()
	}
	if m.log == nil {
		m.log = slog.Default()
	}
	if m.mail == nil {
		m.mail = mail.NewOutbox(m.KeepLetter)
	}
	return m
}

// Key makes a request that moves money or state happen once: the same key and
// input give the same answer again, the same key with other input is refused
// (rulebook section 13). An empty key asks for no such promise.
type Key string

// KeyUsed tells whether a key was refused because another request of the same member
// was done under it.
func KeyUsed(err error) bool {
	var e *fault.Error
	return errors.As(err, &e) && e == store.ErrKeyUsed // it is itself: others of its kind are equal to it
}

// Now is the house clock, cut to the microsecond that the store keeps.
func (m *Market) Now() time.Time { return m.now().UTC().Truncate(time.Microsecond) }

// once runs do in one transaction and remembers its answer under the actor's key.
func once[T any](ctx context.Context, m *Market, who member.Actor, key Key, what string, input any, do func(*store.Tx) (T, error)) (T, error) {
	var answer T
	var hash string
	if key != "" {
		var err error
		if hash, err = digest(what, input); err != nil {
			return answer, err
		}
	}
	err := m.store.Update(ctx, func(tx *store.Tx) error {
		var blank T
		answer = blank // the closure may run twice
		if key != "" {
			kept, found, err := tx.Recall(who.Member, string(key), hash)
			if err != nil {
				return err
			}
			if found {
				return json.Unmarshal(kept.Body, &answer)
			}
		}
		got, err := do(tx)
		if err != nil {
			return err
		}
		answer = got
		if key == "" {
			return nil
		}
		kept, err := json.Marshal(answer)
		if err != nil {
			return err
		}
		return tx.Remember(who.Member, string(key), hash, store.Answer{Body: kept}, m.Now())
	})
	return answer, err
}

func digest(what string, input any) (string, error) {
	body, err := json.Marshal(input)
	if err != nil {
		return "", fmt.Errorf("market: %s: input cannot be remembered: %w", what, err)
	}
	sum := sha256.Sum256(append([]byte(what+"\n"), body...))
	return hex.EncodeToString(sum[:]), nil
}
