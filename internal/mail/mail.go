// Package mail brings letters out of the house.
//
// It owns the Message, the Sender that takes it, and its two ways: SMTP sends
// it, the Outbox keeps it where it can be read (the default, and the only way
// in a rehearsal). Letters are written elsewhere (room notice) and handed over
// after the commit of what they tell, by a job that is tried again until the
// Sender takes it; a Message therefore carries its own id, and taking the same
// one twice is one letter wherever that can be known.
//
// It is an edge: the job handlers of market call it, it calls nobody of the house.
package mail

import (
	"context"
	"errors"
	"strings"
)

// Message is one letter to one person.
type Message struct {
	ID      string // names the letter for ever, like the event it tells of
	To      string // an address
	Subject string
	Text    string
	HTML    string // optional
}

// Sender takes letters. An error means that it was not taken and may be tried
// again, unless it is ErrRefused.
type Sender interface {
	Send(ctx context.Context, m Message) error
}

// ErrRefused says that this letter will never be taken, however often it is tried.
var ErrRefused = errors.New("mail: the letter was refused for good")

// Outbox keeps letters instead of sending them.
type Outbox struct {
	keep func(context.Context, Message) error
}

// NewOutbox makes an outbox of whatever keeps a letter.
func NewOutbox(keep func(context.Context, Message) error) Outbox { return Outbox{keep} }

// Send keeps the letter.
func (o Outbox) Send(ctx context.Context, m Message) error {
	if err := check(m); err != nil {
		return err
	}
	return o.keep(ctx, m)
}

// check refuses what no server would take, and line breaks in a header.
func check(m Message) error {
	if m.To == "" || m.Subject == "" || m.Text == "" || strings.ContainsAny(m.To+m.Subject+m.ID, "\r\n") {
		return ErrRefused
	}
	return nil
}
