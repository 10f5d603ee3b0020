package store

import (
	"encoding/json"
	"fmt"
	"math"
	"time"

	"guildhall/internal/effect"
	"guildhall/internal/ident"
	"guildhall/internal/order"
	"guildhall/internal/store/db"
	"guildhall/internal/talk"
)

// Letterbox is one of somebody's threads as their inbox shows it.
type Letterbox struct {
	Thread  ident.Thread
	Other   ident.Member
	Name    string // of the other, as they are now
	Handle  string
	Picture ident.File
	Unread  int
	Blocked bool // by the reader
	Last    talk.Last
}

// InboxPlace is where a page of an inbox ends.
type InboxPlace struct {
	At     time.Time
	Thread ident.Thread
}

// Inbox is one page of somebody's threads, the newest message first.
func (tx *Tx) Inbox(of ident.Member, after InboxPlace, most int) ([]Letterbox, error) {
	p := db.InboxParams{MemberID: string(of), Column2: math.MaxInt64, Column3: lastID("thread"), Most: int64(most)}
	if after.Thread != "" {
		p.Column2, p.Column3 = micros(after.At), string(after.Thread)
	}
	rows, err := tx.q.Inbox(tx.ctx, p)
	return rowsOf(rows, func(r db.InboxRow) Letterbox {
		return Letterbox{
			Thread: ident.Thread(r.ThreadID), Other: ident.Member(r.OtherID), Name: r.Name, Handle: r.Handle,
			Picture: ident.File(r.Picture), Unread: int(r.Unread), Blocked: r.BlockedAt != nil,
			Last: talk.Last{At: fromMicros(r.LastAt), By: ident.Member(r.LastBy), Words: r.LastWords, Files: int(r.LastFiles)},
		}
	}), err
}

// UnreadThreads is how many threads hold something that somebody has not read,
// counted to most.
func (tx *Tx) UnreadThreads(of ident.Member, most int) (int, error) {
	n, err := tx.q.InboxUnread(tx.ctx, string(of), int64(most))
	return int(n), err
}

// ReadNoticesOf marks a member's notices of a stream as read, those of events
// after one number up to another.
func (tx *Tx) ReadNoticesOf(of ident.Member, stream string, after, upTo int, at time.Time) error {
	ids, err := tx.q.NoticesReadOfStream(tx.ctx, db.NoticesReadOfStreamParams{
		MemberID: string(of), Stream: stream, After: int64(after), UpTo: int64(upTo), ReadAt: microsOrNull(at),
	})
	if err != nil || len(ids) == 0 {
		return err
	}
	return tx.lessUnread(of, len(ids))
}

// OrdersBetween are the newest orders that a buyer paid a seller for, without
// their agreements.
func (tx *Tx) OrdersBetween(buyer, seller ident.Member, most int) ([]order.Order, error) {
	rows, err := tx.q.OrdersBetween(tx.ctx, string(buyer), string(seller), int64(most))
	if err != nil {
		return nil, err
	}
	list := make([]order.Order, len(rows))
	for i, r := range rows {
		if list[i], err = orderOf(db.SalesSoonestRow(r)); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// OrderEventsBetween are the newest events of the orders that a buyer paid a
// seller for, at or after one instant and before another.
func (tx *Tx) OrderEventsBetween(buyer, seller ident.Member, since, before time.Time, most int) ([]effect.Event, error) {
	from, to := window(since, before)
	rows, err := tx.q.OrderEventsBetween(tx.ctx, db.OrderEventsBetweenParams{
		BuyerID: string(buyer), SellerID: string(seller), Since: from, Upto: to, Most: int64(most),
	})
	if err != nil {
		return nil, err
	}
	list := make([]effect.Event, len(rows))
	for i, r := range rows {
		if list[i], err = eventOf(db.EventsOfRow(r)); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// auditTalks: messages are numbered without a gap, each is in its thread's
// history as its author's, and what counts as unread is not read.
func (tx *Tx) auditTalks(odd *[]Odd) error {
	if err := oddities(tx, odd, tx.q.AuditMessages, func(r db.AuditMessagesRow) Odd {
		return Odd{"messages", r.ID, fmt.Sprintf("it says that %d messages were said, it has %d, numbered up to %d", r.Said, r.N, r.Last)}
	}); err != nil {
		return err
	}
	if err := oddities(tx, odd, tx.q.AuditMessagesAlone, func(r db.AuditMessagesAloneRow) Odd {
		return Odd{"messages", r.ThreadID, fmt.Sprintf("message %d was never said by one of the two", r.No)}
	}); err != nil {
		return err
	}
	return oddities(tx, odd, tx.q.AuditSeats, func(r db.AuditSeatsRow) Odd {
		return Odd{"messages", r.ThreadID, fmt.Sprintf("%s is said to have %d unread messages and has %d", r.MemberID, r.Unread, r.N)}
	})
}

// Said is a message with the fingerprint that its event keeps of it.
type Said struct {
	talk.Message
	Digest string
}

// AuditSaid are messages of the house behind one of them, by thread and number.
func (tx *Tx) AuditSaid(after talk.Message) ([]Said, error) {
	rows, err := tx.q.AuditSaid(tx.ctx, string(after.Thread), int64(after.No))
	if err != nil {
		return nil, err
	}
	list := make([]Said, len(rows))
	for i, r := range rows {
		m, err := messageOf(db.MessagesBeforeRow{
			ThreadID: r.ThreadID, No: r.No, Seq: r.Seq, AuthorID: r.AuthorID, At: r.At, Kind: r.Kind, Text: r.Text, Files: r.Files,
		})
		if err != nil {
			return nil, err
		}
		var d effect.Detail
		if err := json.Unmarshal([]byte(r.Detail), &d); err != nil {
			return nil, err
		}
		list[i] = Said{m, d.Facts["digest"]}
	}
	return list, nil
}
