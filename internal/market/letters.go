package market

import (
	"context"
	"time"

	"guildhall/internal/mail"
	"guildhall/internal/member"
	"guildhall/internal/store"
)

// Letter is a letter that was kept instead of sent.
type Letter = store.Letter

// KeepLetter puts a letter into the outbox instead of sending it.
func (m *Market) KeepLetter(ctx context.Context, l mail.Message) error {
	return m.store.Update(ctx, func(tx *store.Tx) error {
		id := l.ID
		if id == "" {
			id = secretHash(l.To + "\n" + l.Subject + "\n" + l.Text)[:32]
		}
		return tx.KeepLetter(store.Letter{ID: id, To: l.To, Subject: l.Subject, Text: l.Text, HTML: l.HTML, At: m.Now()})
	})
}

// Letters lists kept letters, the newest first, before a place (zero: from the
// newest). Errors: fault.NotFound unless the actor runs the house or the house
// is a rehearsal.
func (m *Market) Letters(ctx context.Context, who member.Actor, before time.Time, id string, limit int) ([]store.Letter, error) {
	if err := m.mayReadLetters(ctx, who); err != nil {
		return nil, err
	}
	if before.IsZero() {
		before, id = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), "~"
	}
	var list []store.Letter
	err := m.store.View(ctx, func(tx *store.Tx) (err error) {
		list, err = tx.LettersBefore(before, id, min(limit, 100))
		return err
	})
	return list, err
}

// Letter reads one kept letter. Errors: fault.NotFound.
func (m *Market) Letter(ctx context.Context, who member.Actor, id string) (store.Letter, error) {
	if err := m.mayReadLetters(ctx, who); err != nil {
		return store.Letter{}, err
	}
	var l store.Letter
	err := m.store.View(ctx, func(tx *store.Tx) (err error) {
		l, err = tx.Letter(id)
		return err
	})
	return l, missing(err, "There is no such letter.")
}

func (m *Market) mayReadLetters(ctx context.Context, who member.Actor) error {
	if ok, err := m.Rehearsal(ctx); err != nil || ok {
		return err
	}
	return who.NeedOperator()
}
