// Package talk is what two people say to each other (rulebook sections 9 and 12).
//
// It owns the Thread, of which there is exactly one for two people, its two
// seats (what each of them has read, and whether they have blocked the other),
// the Message, which never changes, the report of a message, and the First
// message of a conversation, from which the response rate is counted later.
// Say, Read, Block, Unblock, Tell, Judge and Close are the only functions that change a
// thread; what may not be said is refused by Say in words for the writer.
//
// Orders, requests and offers between the two are no messages: they are drawn
// beside them when a conversation is read, so nothing is written twice.
//
// It is a rules room: above effect, member and policy, below market.
package talk

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"time"

	"guildhall/internal/effect"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
)

// The events in the stream of a thread.
const (
	Said      effect.Kind = "talk.said"
	Reported  effect.Kind = "talk.reported"
	Upheld    effect.Kind = "talk.report_upheld"  // the house found that the first message was spam
	Dropped   effect.Kind = "talk.report_dropped" // it found that it was none, or the report was taken back
	Closed    effect.Kind = "talk.closed"         // the house closed the account of whoever began it
	Blocked   effect.Kind = "talk.blocked"
	Unblocked effect.Kind = "talk.unblocked"
)

// Kinds lists every kind of event here.
func Kinds() []effect.Kind {
	return []effect.Kind{Said, Reported, Upheld, Dropped, Closed, Blocked, Unblocked}
}

// Thread is the conversation of two people. It begins with its first message.
type Thread struct {
	ID      ident.Thread
	Seats   [2]Seat // the smaller member id first
	Said    int     // number of the last message
	Seq     int     // number of the last event
	Created time.Time
	Last    Last
	First   First
	Version int // bumped by each save; the guard of every write
}

// Seat is one side of a thread.
type Seat struct {
	Member  ident.Member
	Unread  int       // messages of the other that they have not read
	ReadNo  int       // number of the last message they have read
	ReadSeq int       // number of its event
	ReadAt  time.Time // when they read it
	Blocked time.Time // they take no messages from the other since then; zero if they do
}

// Last is the newest message as lists show it.
type Last struct {
	At    time.Time
	By    ident.Member
	Words string // its beginning; empty when it has files only
	Files int
}

// First is the first message of the conversation and its answer.
type First struct {
	Asker, Asked ident.Member
	At           time.Time
	Answered     time.Time // zero while there is no answer
	Selling      bool      // the one who was asked was asked as a seller
	Away         bool      // they were out of office at that moment
	Spam         time.Time // it is taken for spam since then: reported in time, or found to be; zero if it is not
	Shut         time.Time // before there was an answer, the asker took no more messages or their account was closed; zero if neither
}

// Counts tells whether the first message enters the response rate of the one
// who was asked: buyers have none, and spam and an absence that was announced
// are not held against anybody.
func (f First) Counts() bool { return f.Selling && !f.Away && f.Spam.IsZero() }

// ShutWithin tells whether the asker could take no more messages before a time to
// answer was over, so that there could be no answer.
func (f First) ShutWithin(d time.Duration) bool {
	return !f.Shut.IsZero() && f.Shut.Before(f.At.Add(d))
}

// Within tells whether the answer came within a time of the question.
func (f First) Within(d time.Duration) bool {
	return !f.Answered.IsZero() && !f.Answered.After(f.At.Add(d))
}

// Kind is what a message is made of.
type Kind string

// The closed list of kinds.
const (
	Text  Kind = "text"  // words, perhaps with files
	Files Kind = "files" // files alone
)

// Message is what somebody said. It never changes.
type Message struct {
	Thread ident.Thread
	No     int // 1, 2, 3 … within the thread
	Seq    int // number of its event
	Author ident.Member
	At     time.Time
	Kind   Kind
	Text   string
	Files  []File
}

// File is an attachment as it was when the message was sent.
type File struct {
	ID     ident.File `json:"id"`
	Name   string     `json:"name"`
	Mime   string     `json:"mime"`
	Size   int64      `json:"size"`
	SHA256 string     `json:"sha256"`
}

// Digest is the fingerprint of what was said. It stands in the event of the
// message, so that neither can be changed without the other.
func (m Message) Digest() string {
	h := sha256.New()
	for _, part := range []string{string(m.Thread), strconv.Itoa(m.No), string(m.Author), m.Text} {
		h.Write([]byte(strconv.Itoa(len(part)) + ":" + part))
	}
	for _, f := range m.Files {
		h.Write([]byte(strconv.Itoa(len(f.Name)) + ":" + f.Name + f.SHA256))
	}
	return hex.EncodeToString(h.Sum(nil))
}

// New is the thread of two people before anything was said in it.
// Errors: fault.Invalid for somebody who talks to themselves.
func New(id ident.Thread, a, b ident.Member) (Thread, error) {
	if a == b {
		return Thread{}, fault.Invalid("to", "This is you. Choose somebody else to write to.")
	}
	a, b = Pair(a, b)
	return Thread{ID: id, Seats: [2]Seat{{Member: a}, {Member: b}}}, nil
}

// Pair puts two people into the order in which a thread knows them.
func Pair(a, b ident.Member) (ident.Member, ident.Member) {
	if b < a {
		return b, a
	}
	return a, b
}

// Has tells whether the thread is of this person.
func (t Thread) Has(m ident.Member) bool {
	return m != "" && (t.Seats[0].Member == m || t.Seats[1].Member == m)
}

// Seat is where somebody sits. The thread must be theirs.
func (t Thread) Seat(m ident.Member) Seat { return *t.seat(m) }

// Across is who sits opposite.
func (t Thread) Across(m ident.Member) Seat { return *t.across(m) }

func (t *Thread) seat(m ident.Member) *Seat {
	if t.Seats[1].Member == m {
		return &t.Seats[1]
	}
	return &t.Seats[0]
}

func (t *Thread) across(m ident.Member) *Seat {
	if t.Seats[1].Member == m {
		return &t.Seats[0]
	}
	return &t.Seats[1]
}
