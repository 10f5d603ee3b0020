package market

import (
	"errors"
	"fmt"
	"slices"
	"strconv"

	"guildhall/internal/desk"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/store"
	"guildhall/internal/talk"
)

// aboutMessage links a case to one message of a conversation that the actor is
// in: thread and number, with a slash between.
func aboutMessage(tx *store.Tx, who member.Actor, d *desk.Draft) error {
	id, number := messageAt(d.Subject.ID)
	no, err := strconv.Atoi(number)
	if err != nil {
		return fault.NotFound(noMessage)
	}
	t, err := tx.Thread(ident.Thread(id))
	if err != nil {
		return missing(err, noMessage)
	}
	var other ident.Member
	switch {
	case who.Is(t.Seats[0].Member):
		other = t.Seats[1].Member
	case who.Is(t.Seats[1].Member):
		other = t.Seats[0].Member
	default:
		return fault.NotFound(noMessage)
	}
	said, err := tx.Message(t.ID, no)
	if err != nil {
		return missing(err, noMessage)
	}
	d.Other, d.Label = other, "Message "+number
	d.Record = said.Text
	return nil
}

const noMessage = "There is no such message."

func aboutOffer(tx *store.Tx, who member.Actor, d *desk.Draft) ([]string, error) {
	o, err := tx.Offer(ident.Offer(d.Subject.ID))
	if err != nil {
		return nil, missing(err, "There is no such offer.")
	}
	switch {
	case who.Is(o.Seller):
		d.Other = o.Buyer
	case who.Is(o.Buyer):
		d.Other = o.Seller
	default:
		return nil, fault.NotFound("There is no such offer.")
	}
	d.Label = o.Title
	return []string{o.Title}, nil
}

// conversationShown bounds how much of a conversation the desk sees at once.
const conversationShown = 100

// conversation is what two people of a case said to each other, newest last.
func conversation(tx *store.Tx, a, b ident.Member) ([]talk.Message, error) {
	if a == "" || b == "" {
		return nil, nil
	}
	id, err := tx.ThreadOf(a, b)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil // they never wrote to each other
	}
	if err != nil {
		return nil, err
	}
	said, err := tx.Messages(id, 0, conversationShown)
	slices.Reverse(said)
	return said, err
}

// openReport brings a reported message before the desk, as a case of the one who
// reported it. Its author is not told unless it leads to a decision about them.
func (m *Market) openReport(tx *store.Tx, who member.Actor, r talk.Report, msg talk.Message) error {
	now := m.Now()
	at := fmt.Sprintf("%s/%d", r.Thread, r.No)
	d := desk.Draft{
		ID: ident.Derived[ident.Case](now, r.No, at+":"+string(who.Member)), Other: msg.Author,
		Subject: desk.Subject{About: desk.AboutMessage, ID: at}, Label: fmt.Sprintf("Message %d", r.No), Record: msg.Text, Question: r.Question,
	}
	d.Ref = ident.RefOf(d.ID)
	c, set := desk.OpenReport(now, d, r.Reason.Words(), r.Text, who, m.Policy())
	names := map[ident.Member]string{}
	if err := nameAll(tx, names, c.People()...); err != nil {
		return err
	}
	if err := tx.AddCase(c, names[c.Opener], names[c.Other]); err != nil {
		return err
	}
	return tx.Carry(set)
}
