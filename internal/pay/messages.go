package pay

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"guildhall/internal/fault"
	"guildhall/internal/store"
)

// tolerance is how far the clock of a message may be from the house clock.
const tolerance = 5 * time.Minute

// batch is how many messages or settlements are taken at once, lease how long
// they are left alone when the process that took them dies.
const (
	batch = 50
	lease = time.Minute
)

// backoff is how long a message waits after each attempt that failed; after
// the last one it is given up, and only Lookup tells.
var backoff = []time.Duration{
	5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute, time.Hour,
	3 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour, 24 * time.Hour,
}

func signer(secret []byte) *standardwebhooks.Webhook {
	w, _ := standardwebhooks.NewWebhookRaw(secret) // never fails on raw bytes
	return w
}

// Verify tells whether a message is from this provider and fresh by the house
// clock, and reads it. A message that arrives twice verifies twice: its ID
// tells. Errors: Forbidden when the signature or its time is not acceptable,
// Invalid when the body cannot be read.
func (s *Sandbox) Verify(header http.Header, body []byte) (Message, error) {
	var m Message
	if err := s.sign.VerifyIgnoringTimestamp(body, header); err != nil {
		return m, fault.Forbidden("This message is not signed by the payment provider.")
	}
	seconds, err := strconv.ParseInt(header.Get(standardwebhooks.HeaderWebhookTimestamp), 10, 64)
	if err != nil {
		return m, fault.Forbidden("This message does not say when it was signed.")
	}
	if age := s.now().Sub(time.Unix(seconds, 0)); age > tolerance || age < -tolerance {
		return m, fault.Forbidden("This message was signed too long ago, or ahead of the clock of this house.")
	}
	if err := json.Unmarshal(body, &m); err != nil || m.ID == "" || m.ID != header.Get(standardwebhooks.HeaderWebhookID) {
		return Message{}, fault.Invalid("body", "This is not a message of the payment provider.")
	}
	return m, nil
}

// toldOf are the messages of some kinds about something, as far as there are any.
func toldOf(tx *store.Tx, about string, kinds ...Kind) (told []Message, err error) {
	for _, kind := range kinds {
		body, err := tx.SandboxMessage(messageID(kind, about))
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		var m Message
		if err := cmp.Or(err, json.Unmarshal(body, &m)); err != nil {
			return told, err
		}
		told = append(told, m)
	}
	return told, nil
}

// header signs a body as it is sent now.
func (s *Sandbox) header(id string, body []byte, now time.Time) (http.Header, error) {
	signature, err := s.sign.Sign(id, now, body)
	if err != nil {
		return nil, err
	}
	h := http.Header{}
	h.Set("Content-Type", "application/json")
	h.Set(standardwebhooks.HeaderWebhookID, id)
	h.Set(standardwebhooks.HeaderWebhookTimestamp, strconv.FormatInt(now.Unix(), 10))
	h.Set(standardwebhooks.HeaderWebhookSignature, signature)
	return h, nil
}

// Deliver settles what has waited long enough and tells every message that is
// due, in the order of their birth. A message that post refuses is told again
// later and does not hold up those behind it; the error of Deliver is only
// about the sandbox itself or the end of ctx.
func (s *Sandbox) Deliver(ctx context.Context, post func(ctx context.Context, header http.Header, body []byte) error) error {
	if err := s.settleDue(ctx); err != nil {
		return err
	}
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		told, err := s.deliverBatch(ctx, post)
		if err != nil || told < batch {
			return err
		}
	}
}

// Due is the earliest instant at which Deliver has something to do; zero when
// nothing waits.
func (s *Sandbox) Due(ctx context.Context) (at time.Time, err error) {
	err = s.store.View(ctx, func(tx *store.Tx) (err error) {
		at, err = tx.SandboxNext()
		return err
	})
	return at, err
}

func (s *Sandbox) settleDue(ctx context.Context) error {
	for {
		now, n := s.now(), 0
		at, err := s.Due(ctx)
		if err != nil || at.IsZero() || at.After(now) {
			return err
		}
		err = s.store.Update(ctx, func(tx *store.Tx) error {
			due, err := tx.SandboxChargesSettling(now, batch)
			if err != nil {
				return err
			}
			for _, id := range due {
				if _, err := s.current(tx, id, now); err != nil {
					return err
				}
			}
			n = len(due)
			return nil
		})
		if err != nil || n < batch {
			return err
		}
	}
}

// deliverBatch takes some messages, tells them and writes down how it went.
func (s *Sandbox) deliverBatch(ctx context.Context, post func(context.Context, http.Header, []byte) error) (int, error) {
	now := s.now()
	var messages []store.SandboxMessage
	err := s.store.Update(ctx, func(tx *store.Tx) (err error) {
		messages, err = tx.ClaimSandboxMessages(now, now.Add(lease), batch)
		return err
	})
	if err != nil || len(messages) == 0 {
		return 0, err
	}
	problems := make([]error, len(messages))
	for i, m := range messages {
		problems[i] = s.post(ctx, m, post)
	}
	now = s.now()
	err = s.store.Update(context.WithoutCancel(ctx), func(tx *store.Tx) error {
		for i, m := range messages {
			if err := writeDown(tx, m, problems[i], now); err != nil {
				return err
			}
		}
		return nil
	})
	return len(messages), err
}

func (s *Sandbox) post(ctx context.Context, m store.SandboxMessage, post func(context.Context, http.Header, []byte) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	header, err := s.header(m.ID, m.Body, s.now())
	if err != nil {
		return err
	}
	return post(ctx, header, m.Body)
}

func writeDown(tx *store.Tx, m store.SandboxMessage, problem error, now time.Time) error {
	if problem == nil {
		return tx.SandboxMessageTold(m.ID, now)
	}
	var again time.Time
	if m.Attempts <= len(backoff) {
		again = now.Add(backoff[m.Attempts-1])
	}
	return tx.SandboxMessageRefused(m.ID, again, problem.Error())
}
