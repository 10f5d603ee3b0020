package talk

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"guildhall/internal/effect"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/policy"
)

// Draft is a message before it is said.
type Draft struct {
	Text  string
	Files []File
}

// Scene is what must be known of the two people when one writes to the other.
type Scene struct {
	Other  member.Member // who is written to
	Bought bool          // the writer has paid an order of the other's
	Sold   bool          // and the reverse
}

// excerpt is how much of a message stands in its event and in lists, in characters.
const excerpt = 240

// Say decides whether somebody may say this to the other now. The message is
// numbered after the last one; its event tells by letter only when the other
// had read everything before it, so that a lively talk is one letter and not
// twenty. Errors: those of MayWrite, fault.Invalid beside text and files.
func Say(now time.Time, t Thread, who ident.Member, s Scene, d Draft, p policy.Version) (Thread, Message, effect.Set, error) {
	if err := MayWrite(t, who, s); err != nil {
		return t, Message{}, effect.Set{}, err
	}
	d.Text = member.Text(d.Text)
	if err := d.check(p); err != nil {
		return t, Message{}, effect.Set{}, err
	}
	now = t.notBefore(now)
	fresh := t.across(who).Unread == 0
	e := t.happen(now, who, Said)
	t.Said++
	msg := Message{Thread: t.ID, No: t.Said, Seq: t.Seq, Author: who, At: now, Kind: Text, Text: d.Text, Files: d.Files}
	if d.Text == "" {
		msg.Kind = Files
	}
	e.Detail.Of, e.Detail.Text = msg.No, cut(oneLine(d.Text), excerpt)
	e.Detail.Facts = map[string]string{"letter": "no", "digest": msg.Digest()}
	if fresh {
		e.Detail.Facts["letter"] = "yes"
	}
	for _, f := range d.Files {
		e.Detail.Files = append(e.Detail.Files, f.ID)
	}
	if t.Said == 1 {
		t.Created = now
	}
	t.time(now, who, s)
	t.across(who).Unread++
	t.Last = Last{At: now, By: who, Words: e.Detail.Text, Files: len(d.Files)}
	me := t.seat(who) // whoever writes has seen what they answer
	me.Unread, me.ReadNo, me.ReadSeq, me.ReadAt = 0, msg.No, msg.Seq, now
	return t, msg, effect.Set{Events: []effect.Event{e}}, nil
}

// MayWrite tells whether somebody may write to the other at all; the words of
// its refusal are shown in place of the box to write in.
// Errors: fault.Invalid beside to for oneself, fault.Forbidden, fault.Conflict.
func MayWrite(t Thread, who ident.Member, s Scene) error {
	name := s.Other.Name
	switch {
	case s.Other.ID == who:
		return fault.Invalid("to", "This is you. Choose somebody else to write to.")
	case !t.seat(who).Blocked.IsZero():
		return fault.Forbidden("You have blocked " + name + ". Unblock them to write again.")
	case !t.across(who).Blocked.IsZero():
		return fault.Forbidden(name + " takes no messages from you. Orders that you share go on, and you can write on their pages.")
	case s.Other.Suspended():
		return fault.Conflict("The account of " + name + " is closed at the moment, so nobody would read this.")
	case t.Said == 0 && s.Other.Seller == nil && !s.Bought && !s.Sold:
		return fault.Forbidden("You can begin a conversation with people who sell here, and with those you share an order with. " + name + " can write to you first.")
	}
	return nil
}

func (d Draft) check(p policy.Version) error {
	bad := fault.Fields{}
	bad.Need(d.Text != "" || len(d.Files) > 0, "text", "Write something, or attach a file.")
	n, most := utf8.RuneCountInString(d.Text), p.Limits.TextRunes
	bad.Need(n <= most, "text", fmt.Sprintf("At most %d characters in one message; these are %d. Split it into two.", most, n))
	bad.Need(len(d.Files) <= p.Limits.FilesPerPost, "files", fmt.Sprintf("At most %d files with one message.", p.Limits.FilesPerPost))
	seen := map[ident.File]bool{}
	for _, f := range d.Files {
		bad.Need(!seen[f.ID], "files", "One of the files is attached twice.")
		seen[f.ID] = true
	}
	return bad.Err()
}

// time notes the first question of a conversation, and its first answer.
func (t *Thread) time(now time.Time, who ident.Member, s Scene) {
	if t.Said > 1 {
		t.Answer(now, who)
		return
	}
	t.First = First{
		Asker: who, Asked: s.Other.ID, At: now,
		Selling: s.Other.Seller != nil && (s.Bought || !s.Sold), Away: s.Other.Away(now),
	}
}

// Answer notes that somebody answered the first message by now: with a message,
// or with an offer. It changes nothing after the first answer.
func (t *Thread) Answer(now time.Time, who ident.Member) {
	if t.First.Asked == who && t.First.Answered.IsZero() {
		t.First.Answered = now
	}
}

// Read notes what somebody has seen: everything up to a message, and how many
// of the other's messages came after it. Seeing less than before changes nothing.
func Read(now time.Time, t Thread, who ident.Member, upTo Message, after int) Thread {
	s := t.seat(who)
	if upTo.No > s.ReadNo {
		s.Unread, s.ReadNo, s.ReadSeq, s.ReadAt = after, upTo.No, upTo.Seq, now
	}
	return t
}

// happen numbers the next event of the thread.
func (t *Thread) happen(now time.Time, who ident.Member, kind effect.Kind) effect.Event {
	t.Seq++
	return effect.Event{Stream: string(t.ID), Seq: t.Seq, Kind: kind, At: now, Actor: who, Role: member.RoleMember}
}

// notBefore keeps a conversation in order when two clocks disagree.
func (t *Thread) notBefore(now time.Time) time.Time {
	if now.Before(t.Last.At) {
		return t.Last.At
	}
	return now
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func cut(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return strings.TrimSpace(string([]rune(s)[:most-1])) + "…"
}
