package store

import (
	"time"

	"guildhall/internal/store/db"
)

// Letter is a mail that was kept instead of sent.
type Letter struct {
	ID      string // the letter's own; keeping it twice keeps one
	To      string
	Subject string
	Text    string
	HTML    string
	At      time.Time
}

// KeepLetter puts a letter into the outbox, unless it is there already.
func (tx *Tx) KeepLetter(l Letter) error {
	return tx.q.LetterKeep(tx.ctx, db.LetterKeepParams{
		ID: l.ID, Recipient: l.To, Subject: l.Subject, Body: l.Text, Html: l.HTML, CreatedAt: micros(l.At),
	})
}

// LettersBefore lists at most limit letters before a place in the outbox, the
// newest first and without their texts.
func (tx *Tx) LettersBefore(at time.Time, id string, limit int) ([]Letter, error) {
	rows, err := tx.q.LettersBefore(tx.ctx, micros(at), id, int64(limit))
	list := make([]Letter, len(rows))
	for i, r := range rows {
		list[i] = Letter{ID: r.ID, To: r.Recipient, Subject: r.Subject, At: fromMicros(r.CreatedAt)}
	}
	return list, err
}

// Letter reads one letter. Errors: ErrNotFound.
func (tx *Tx) Letter(id string) (Letter, error) {
	r, err := tx.q.LetterByID(tx.ctx, id)
	return Letter{ID: r.ID, To: r.Recipient, Subject: r.Subject, Text: r.Body, HTML: r.Html, At: fromMicros(r.CreatedAt)}, err
}
