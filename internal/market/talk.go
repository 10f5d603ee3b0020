package market

import (
	"context"
	"errors"
	"time"

	"guildhall/internal/effect"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/standing"
	"guildhall/internal/store"
	"guildhall/internal/talk"
)

const (
	noThread = "There is no such conversation."
	noWords  = "There is no such message."
)

// Words is a message that somebody wants to send: into a conversation of
// theirs, or to a member, with whom one may begin by it.
type Words struct {
	Thread ident.Thread
	To     ident.Member // when Thread is empty
	Text   string
	Files  []ident.File // uploads of theirs for messages
}

// Written is where a message stands.
type Written struct {
	Thread ident.Thread `json:"thread"`
	No     int          `json:"no"`
	At     time.Time    `json:"at"`
}

// Write says something to somebody. The first message to them begins the
// conversation. Errors: those of talk.Say; fault.NotFound for a conversation of
// others and for nobody.
func (m *Market) Write(ctx context.Context, who member.Actor, key Key, in Words) (Written, error) {
	if err := mayTalk(who); err != nil {
		return Written{}, err
	}
	if in.Thread == "" && in.To == "" {
		return Written{}, fault.Invalid("to", "Choose whom to write to.")
	}
	return once(ctx, m, who, key, "talk.write", in, func(tx *store.Tx) (Written, error) {
		t, err := m.threadToWrite(tx, who, in)
		if err != nil {
			return Written{}, err
		}
		scene, err := sceneOf(tx, t, who.Member)
		if err != nil {
			return Written{}, err
		}
		if err := talk.MayWrite(t, who.Member, scene); err != nil {
			return Written{}, err
		}
		files, err := enclose(tx, who, t.ID, in.Files)
		if err != nil {
			return Written{}, err
		}
		next, msg, set, err := talk.Say(m.Now(), t, who.Member, scene, talk.Draft{Text: in.Text, Files: files}, m.Policy())
		if err != nil {
			return Written{}, err
		}
		if err := m.saveThread(tx, t.First, next, set); err != nil {
			return Written{}, err
		}
		if err := m.hush(tx, t, next, who.Member); err != nil {
			return Written{}, err
		}
		return Written{Thread: next.ID, No: msg.No, At: msg.At}, tx.AddMessage(msg)
	})
}

// mayTalk tells whether the actor may act in conversations at all: as a buyer
// or as a seller. Errors: fault.SignIn, fault.Forbidden for a token that may neither.
func mayTalk(who member.Actor) error {
	if who.SignedIn() && who.May(member.ScopeSell) {
		return nil
	}
	return who.Need(member.ScopeBuy)
}

// threadToWrite finds the thread that a message goes into, or makes one.
func (m *Market) threadToWrite(tx *store.Tx, who member.Actor, in Words) (talk.Thread, error) {
	if in.Thread != "" {
		return takeThread(tx, who, in.Thread)
	}
	id, err := tx.ThreadOf(who.Member, in.To)
	if err == nil {
		return tx.TakeThread(id)
	}
	if !errors.Is(err, store.ErrNotFound) {
		return talk.Thread{}, err
	}
	return talk.New(ident.New[ident.Thread](m.ids, m.Now()), who.Member, in.To)
}

// takeThread loads a conversation of the actor's in order to change it. Nobody
// else has any, house people included (rulebook section 1).
func takeThread(tx *store.Tx, who member.Actor, id ident.Thread) (talk.Thread, error) {
	t, err := tx.TakeThread(id)
	if err == nil && !t.Has(who.Member) {
		err = store.ErrNotFound
	}
	return t, missing(err, noThread)
}

// sceneOf is what must be known of two people when one writes to the other.
func sceneOf(tx *store.Tx, t talk.Thread, who ident.Member) (s talk.Scene, err error) {
	other := t.Across(who).Member
	if s.Other, err = tx.Member(other); err != nil {
		return s, missing(err, "There is no such member.")
	}
	if t.Said > 0 {
		return s, nil // what follows matters for beginning only
	}
	bought, err := tx.OrdersBetween(who, other, 1)
	if err != nil {
		return s, err
	}
	sold, err := tx.OrdersBetween(other, who, 1)
	s.Bought, s.Sold = len(bought) > 0, len(sold) > 0
	return s, err
}

// enclose makes uploads part of a conversation. One of somebody else, or one
// that is in use already, is refused as missing.
func enclose(tx *store.Tx, who member.Actor, id ident.Thread, files []ident.File) ([]talk.File, error) {
	list := make([]talk.File, 0, len(files))
	for _, file := range files {
		f, err := tx.File(file)
		if err == nil {
			err = tx.AttachFile(file, who.Member, store.FileMessage, string(id))
		}
		if errors.Is(err, store.ErrNotFound) {
			return nil, fault.Invalid("files", "One of the files is not there. Please attach it again.")
		}
		if err != nil {
			return nil, err
		}
		list = append(list, talk.File{ID: f.ID, Name: f.Name, Mime: f.Mime, Size: f.Size, SHA256: f.SHA256})
	}
	return list, nil
}

// saveThread writes a thread, and what its first message adds to the figures of
// whoever was asked, where that changed. was is how that stood before.
func (m *Market) saveThread(tx *store.Tx, was talk.First, t talk.Thread, set effect.Set) error {
	save := tx.SaveThread
	if t.Version == 0 {
		save = tx.AddThread
	}
	if err := save(t); err != nil {
		return err
	}
	if err := m.answered(tx, t.ID, was, t.First); err != nil {
		return err
	}
	return tx.Carry(set)
}

// answered writes what a first message adds to the response rate. One that has
// just come counts from when the time to answer it is over.
func (m *Market) answered(tx *store.Tx, id ident.Thread, was, next talk.First) error {
	if was == next {
		return nil
	}
	p := m.PolicyAt(next.At)
	before := standing.OfTalk(id, was, p)
	put, drop := standing.Diff(before, standing.OfTalk(id, next, p))
	at := m.Now()
	if len(before) == 0 && len(put) > 0 {
		at = put[0].At
	}
	return m.credit(tx, at, before, put, drop)
}

// questionsClosed is how many conversations are read at once.
const questionsClosed = 100

// closeQuestions takes from sellers what they were asked by somebody whose account
// is being closed: nobody can answer them any more.
func (m *Market) closeQuestions(tx *store.Tx, asker ident.Member, who member.Actor) error {
	since := m.Now().Add(-m.longestAnswer())
	for after := ident.Thread(""); ; {
		open, err := tx.Unanswered(asker, since, after, questionsClosed)
		if err != nil || len(open) == 0 {
			return err
		}
		for _, id := range open {
			t, err := tx.TakeThread(id)
			if err != nil {
				return err
			}
			next, set := talk.Close(m.Now(), t, who)
			if err := m.saveThread(tx, t.First, next, set); err != nil {
				return err
			}
			after = id
		}
	}
}

// ReadThread notes that the actor has seen a conversation up to a message (0:
// to its end) and marks the notices about it. Doing it again changes nothing.
func (m *Market) ReadThread(ctx context.Context, who member.Actor, id ident.Thread, upTo int) error {
	if err := mayTalk(who); err != nil {
		return err
	}
	return m.store.Update(ctx, func(tx *store.Tx) error {
		t, err := tx.Thread(id)
		if err == nil && !t.Has(who.Member) {
			err = store.ErrNotFound
		}
		if err != nil {
			return missing(err, noThread)
		}
		if t.Seat(who.Member).Unread == 0 {
			return nil
		}
		if t, err = tx.TakeThread(id); err != nil {
			return err
		}
		return m.read(tx, who, t, upTo)
	})
}

func (m *Market) read(tx *store.Tx, who member.Actor, t talk.Thread, upTo int) error {
	if upTo <= 0 || upTo > t.Said {
		upTo = t.Said
	}
	msg, err := tx.Message(t.ID, upTo)
	if err != nil {
		return err
	}
	after, err := tx.SaidAfter(t.ID, upTo, who.Member)
	if err != nil {
		return err
	}
	now := talk.Read(m.Now(), t, who.Member, msg, after)
	if now == t {
		return nil
	}
	if err := tx.SaveThread(now); err != nil {
		return err
	}
	return m.hush(tx, t, now, who.Member)
}

// hush marks the notices of what somebody has read since a thread stood as it was.
func (m *Market) hush(tx *store.Tx, was, now talk.Thread, who ident.Member) error {
	if was.Seat(who).Unread == 0 {
		return nil
	}
	return tx.ReadNoticesOf(who, string(now.ID), was.Seat(who).ReadSeq, now.Seat(who).ReadSeq, m.Now())
}

// Block stops messages between the actor and the other one of a conversation.
func (m *Market) Block(ctx context.Context, who member.Actor, key Key, id ident.Thread) (ident.Thread, error) {
	return m.turn(ctx, who, key, "talk.block", id, talk.Block)
}

// Unblock lets messages through again.
func (m *Market) Unblock(ctx context.Context, who member.Actor, key Key, id ident.Thread) (ident.Thread, error) {
	return m.turn(ctx, who, key, "talk.unblock", id, talk.Unblock)
}

func (m *Market) turn(ctx context.Context, who member.Actor, key Key, what string, id ident.Thread,
	decide func(time.Time, talk.Thread, ident.Member) (talk.Thread, effect.Set),
) (ident.Thread, error) {
	if err := mayTalk(who); err != nil {
		return "", err
	}
	return once(ctx, m, who, key, what, id, func(tx *store.Tx) (ident.Thread, error) {
		t, err := takeThread(tx, who, id)
		if err != nil {
			return "", err
		}
		next, set := decide(m.Now(), t, who.Member)
		return id, m.saveThread(tx, t.First, next, set)
	})
}

// Complaint is what somebody says about a message.
type Complaint struct {
	Thread ident.Thread
	No     int
	Reason talk.Reason
	Text   string
}

// ReportMessage tells the house about a message of the other's, once.
// Errors: those of talk.Tell; fault.Conflict when it was reported already.
func (m *Market) ReportMessage(ctx context.Context, who member.Actor, key Key, in Complaint) (talk.Report, error) {
	if err := mayTalk(who); err != nil {
		return talk.Report{}, err
	}
	r, err := once(ctx, m, who, key, "talk.report", in, func(tx *store.Tx) (talk.Report, error) {
		t, err := takeThread(tx, who, in.Thread)
		if err != nil {
			return talk.Report{}, err
		}
		msg, err := tx.Message(t.ID, in.No)
		if err != nil {
			return talk.Report{}, missing(err, noWords)
		}
		next, r, set, err := talk.Tell(m.Now(), t, who.Member, msg, in.Reason, in.Text, m.PolicyAt(t.First.At).Standing.Response.D(), m.Policy())
		if err != nil {
			return talk.Report{}, err
		}
		if err := m.saveThread(tx, t.First, next, set); err != nil {
			return talk.Report{}, err
		}
		if err := tx.AddReport(r); err != nil {
			return talk.Report{}, err
		}
		return r, m.openReport(tx, who, r, msg)
	})
	if store.IsDuplicate(err, "message_reports.thread_id,no,member_id") {
		return talk.Report{}, fault.Conflict("You have reported this message already. The house has it.")
	}
	return r, err
}
