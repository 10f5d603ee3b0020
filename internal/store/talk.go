package store

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"time"

	"guildhall/internal/ident"
	"guildhall/internal/store/db"
	"guildhall/internal/talk"
)

// AddThread writes a thread with its first message in it; ErrStale when the two
// people began to talk at the same moment in another transaction.
func (tx *Tx) AddThread(t talk.Thread) error {
	if err := tx.q.ThreadInsert(tx.ctx, db.ThreadInsertParams{
		ID: string(t.ID), AID: string(t.Seats[0].Member), BID: string(t.Seats[1].Member), Said: int64(t.Said), Seq: int64(t.Seq),
		LastAt: micros(t.Last.At), LastBy: string(t.Last.By), LastWords: t.Last.Words, LastFiles: int64(t.Last.Files),
		CreatedAt: micros(t.Created),
	}); err != nil {
		return twin(err)
	}
	if err := tx.flush(); err != nil {
		return twin(err)
	}
	return tx.saveSeats(t)
}

func twin(err error) error {
	if IsDuplicate(err, "threads.a_id,b_id") {
		return ErrStale
	}
	return err
}

// SaveThread writes what a decision changed; ErrStale when somebody else wrote
// first, which cannot be after TakeThread.
func (tx *Tx) SaveThread(t talk.Thread) error {
	if _, err := tx.fenced.ThreadUpdate(tx.ctx, db.ThreadUpdateParams{
		ID: string(t.ID), Version: int64(t.Version), Said: int64(t.Said), Seq: int64(t.Seq), LastAt: micros(t.Last.At),
		LastBy: string(t.Last.By), LastWords: t.Last.Words, LastFiles: int64(t.Last.Files),
	}); err != nil {
		return stale(err)
	}
	return tx.saveSeats(t)
}

// saveSeats writes both sides and the first message, and wakes the inboxes.
func (tx *Tx) saveSeats(t talk.Thread) error {
	for i, s := range t.Seats {
		if err := tx.q.ThreadSeatSet(tx.ctx, db.ThreadSeatSetParams{
			ThreadID: string(t.ID), MemberID: string(s.Member), OtherID: string(t.Seats[1-i].Member), Unread: int64(s.Unread),
			ReadNo: int64(s.ReadNo), ReadSeq: int64(s.ReadSeq), ReadAt: microsOrNull(s.ReadAt), BlockedAt: microsOrNull(s.Blocked),
			LastAt: micros(t.Last.At),
		}); err != nil {
			return err
		}
		tx.Notify(string(s.Member))
	}
	f := t.First
	return tx.q.ThreadFirstSet(tx.ctx, db.ThreadFirstSetParams{
		ThreadID: string(t.ID), AskerID: string(f.Asker), AskedID: string(f.Asked), At: micros(f.At),
		AnsweredAt: microsOrNull(f.Answered), Selling: f.Selling, Away: f.Away, SpamAt: microsOrNull(f.Spam), ShutAt: microsOrNull(f.Shut),
	})
}

// Thread reads a thread. Errors: ErrNotFound.
func (tx *Tx) Thread(id ident.Thread) (talk.Thread, error) {
	r, err := tx.q.ThreadByID(tx.ctx, string(id))
	if err != nil {
		return talk.Thread{}, err
	}
	return tx.seated(r)
}

// TakeThread reads a thread in order to change it: whoever else wants to change
// it waits until this transaction ends. Errors: ErrNotFound.
func (tx *Tx) TakeThread(id ident.Thread) (talk.Thread, error) {
	r, err := tx.q.ThreadTake(tx.ctx, string(id))
	if err != nil {
		return talk.Thread{}, err
	}
	return tx.seated(r)
}

// ThreadOf finds the thread of two people. Errors: ErrNotFound.
func (tx *Tx) ThreadOf(a, b ident.Member) (ident.Thread, error) {
	a, b = talk.Pair(a, b)
	id, err := tx.q.ThreadOf(tx.ctx, string(a), string(b))
	return ident.Thread(id), err
}

func (tx *Tx) seated(r db.Thread) (talk.Thread, error) {
	t := talk.Thread{
		ID: ident.Thread(r.ID), Said: int(r.Said), Seq: int(r.Seq), Created: fromMicros(r.CreatedAt), Version: int(r.Version),
		Last: talk.Last{At: fromMicros(r.LastAt), By: ident.Member(r.LastBy), Words: r.LastWords, Files: int(r.LastFiles)},
	}
	seats, err := tx.q.ThreadSeats(tx.ctx, r.ID)
	if err != nil {
		return t, err
	}
	if len(seats) != len(t.Seats) {
		return t, fmt.Errorf("store: thread %s has %d seats", r.ID, len(seats))
	}
	for i, s := range seats {
		t.Seats[i] = talk.Seat{
			Member: ident.Member(s.MemberID), Unread: int(s.Unread), ReadNo: int(s.ReadNo), ReadSeq: int(s.ReadSeq),
			ReadAt: fromMicrosOrNull(s.ReadAt), Blocked: fromMicrosOrNull(s.BlockedAt),
		}
	}
	first, err := tx.q.ThreadFirst(tx.ctx, r.ID)
	t.First = firstOf(first)
	return t, err
}

func firstOf(r db.ThreadFirst) talk.First {
	return talk.First{
		Asker: ident.Member(r.AskerID), Asked: ident.Member(r.AskedID), At: fromMicros(r.At), Answered: fromMicrosOrNull(r.AnsweredAt),
		Selling: r.Selling, Away: r.Away, Spam: fromMicrosOrNull(r.SpamAt), Shut: fromMicrosOrNull(r.ShutAt),
	}
}

// Asked is a first message with the thread it began.
type Asked struct {
	Thread ident.Thread
	talk.First
}

// AddMessage writes a message.
func (tx *Tx) AddMessage(m talk.Message) error {
	files, err := json.Marshal(m.Files)
	if err != nil {
		return err
	}
	return tx.q.MessageInsert(tx.ctx, db.MessageInsertParams{
		ThreadID: string(m.Thread), No: int64(m.No), Seq: int64(m.Seq), AuthorID: string(m.Author), At: micros(m.At),
		Kind: string(m.Kind), Text: m.Text, Words: strings.ToLower(m.Text), Files: string(files),
	})
}

// Message reads one message. Errors: ErrNotFound.
func (tx *Tx) Message(id ident.Thread, no int) (talk.Message, error) {
	r, err := tx.q.MessageByNo(tx.ctx, string(id), int64(no))
	if err != nil {
		return talk.Message{}, err
	}
	return messageOf(db.MessagesBeforeRow(r))
}

// Messages are the messages of a thread before a number (0: from the newest),
// the newest first.
func (tx *Tx) Messages(id ident.Thread, before, most int) ([]talk.Message, error) {
	rows, err := tx.q.MessagesBefore(tx.ctx, string(id), beforeNo(before), int64(most))
	if err != nil {
		return nil, err
	}
	return messagesOf(rows)
}

// FindMessages are the messages of a thread before a number that hold the
// words, the newest first.
func (tx *Tx) FindMessages(id ident.Thread, words string, before, most int) ([]talk.Message, error) {
	rows, err := tx.q.MessagesMatching(tx.ctx, db.MessagesMatchingParams{
		ThreadID: string(id), No: beforeNo(before), Words: like(words), Most: int64(most),
	})
	if err != nil {
		return nil, err
	}
	return messagesOf(rowsOf(rows, func(r db.MessagesMatchingRow) db.MessagesBeforeRow { return db.MessagesBeforeRow(r) }))
}

// SearchMessages are the newest messages that hold the words in somebody's
// newest threads.
func (tx *Tx) SearchMessages(of ident.Member, words string, threads, most int) ([]talk.Message, error) {
	rows, err := tx.q.MessagesFound(tx.ctx, db.MessagesFoundParams{
		MemberID: string(of), Threads: int64(threads), Words: like(words), Most: int64(most),
	})
	if err != nil {
		return nil, err
	}
	return messagesOf(rowsOf(rows, func(r db.MessagesFoundRow) db.MessagesBeforeRow {
		return db.MessagesBeforeRow{
			ThreadID: r.ThreadID, No: r.No, Seq: r.Seq, AuthorID: r.AuthorID, At: r.At, Kind: r.Kind, Text: r.Text, Files: r.Files,
		}
	}))
}

func beforeNo(no int) int64 {
	if no <= 0 {
		return math.MaxInt64
	}
	return int64(no)
}

func messagesOf(rows []db.MessagesBeforeRow) ([]talk.Message, error) {
	list := make([]talk.Message, len(rows))
	for i, r := range rows {
		var err error
		if list[i], err = messageOf(r); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func messageOf(r db.MessagesBeforeRow) (talk.Message, error) {
	m := talk.Message{
		Thread: ident.Thread(r.ThreadID), No: int(r.No), Seq: int(r.Seq), Author: ident.Member(r.AuthorID), At: fromMicros(r.At),
		Kind: talk.Kind(r.Kind), Text: r.Text,
	}
	if err := json.Unmarshal([]byte(r.Files), &m.Files); err != nil {
		return m, fmt.Errorf("store: files of message %s %d: %w", r.ThreadID, r.No, err)
	}
	return m, nil
}

// SaidAfter is how many messages came after a number, those of a reader apart.
func (tx *Tx) SaidAfter(id ident.Thread, no int, reader ident.Member) (int, error) {
	n, err := tx.q.MessagesAfter(tx.ctx, string(id), int64(no), string(reader))
	return int(n), err
}

// LastSaid is when somebody last wrote to another, at or before an instant.
func (tx *Tx) LastSaid(author, other ident.Member, notAfter time.Time) (time.Time, bool, error) {
	id, err := tx.ThreadOf(author, other)
	if isNotFound(err) {
		return time.Time{}, false, nil
	}
	if err != nil {
		return time.Time{}, false, err
	}
	at, err := tx.q.MessageLastOf(tx.ctx, string(id), string(author), micros(notAfter))
	if isNotFound(err) {
		return time.Time{}, false, nil
	}
	return fromMicros(at), err == nil, err
}

// AddReport writes somebody's word about a message.
func (tx *Tx) AddReport(r talk.Report) error {
	if err := tx.q.MessageReportInsert(tx.ctx, db.MessageReportInsertParams{
		ThreadID: string(r.Thread), No: int64(r.No), MemberID: string(r.By), Reason: string(r.Reason), Text: r.Text, At: micros(r.At),
	}); err != nil {
		return err
	}
	return tx.flush()
}

// Unanswered are conversations that somebody began since an instant, to which no
// answer came and could still come, in the order of their ids behind one of them.
func (tx *Tx) Unanswered(asker ident.Member, since time.Time, after ident.Thread, most int) ([]ident.Thread, error) {
	rows, err := tx.q.ThreadsUnanswered(tx.ctx, db.ThreadsUnansweredParams{MemberID: string(asker), Since: micros(since), After: string(after), Most: int64(most)})
	return rowsOf(rows, func(id string) ident.Thread { return ident.Thread(id) }), err
}

// ReportsOf are the reports of messages of a thread, from a number to another.
func (tx *Tx) ReportsOf(id ident.Thread, from, to int) ([]talk.Report, error) {
	rows, err := tx.q.MessageReportsOf(tx.ctx, string(id), int64(from), int64(to))
	return rowsOf(rows, reportOf), err
}

func reportOf(r db.MessageReport) talk.Report {
	return talk.Report{
		Thread: ident.Thread(r.ThreadID), No: int(r.No), By: ident.Member(r.MemberID), Reason: talk.Reason(r.Reason),
		Text: r.Text, At: fromMicros(r.At),
	}
}
