package store

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"guildhall/internal/effect"
	"guildhall/internal/ident"
	"guildhall/internal/money"
	"guildhall/internal/notice"
	"guildhall/internal/store/db"
)

// eventsTake is the claim of the courier: with its dialect's suffix it passes
// over what another courier has in hand.
const (
	eventsTake = `-- name: EventsTake :many
WITH due AS MATERIALIZED (
    SELECT stream, seq FROM events WHERE couriered_at IS NULL ORDER BY at, stream, seq LIMIT CAST($2 AS BIGINT)`
	eventsTaken = `
)
UPDATE events SET couriered_at = CAST($1 AS BIGINT) FROM due WHERE events.stream = due.stream AND events.seq = due.seq
RETURNING events.stream, events.seq, kind, at, actor_id, role, from_state, to_state, detail`
)

// TakeEvents hands the oldest events that no courier has seen to this one and
// marks them, at most n. They stay untaken when the transaction fails.
func (tx *Tx) TakeEvents(now time.Time, n int) ([]effect.Event, error) {
	rows, err := tx.conn.Query(tx.ctx, eventsTake+tx.dialect.skipLocked+eventsTaken, micros(now), int64(n))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var events []effect.Event
	for rows.Next() {
		var r db.EventsOfRow
		if err := rows.Scan(&r.Stream, &r.Seq, &r.Kind, &r.At, &r.ActorID, &r.Role, &r.FromState, &r.ToState, &r.Detail); err != nil {
			return nil, err
		}
		e, err := eventOf(r)
		if err != nil {
			return nil, err
		}
		events = append(events, e)
	}
	slices.SortFunc(events, func(a, b effect.Event) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Stream, b.Stream), cmp.Compare(a.Seq, b.Seq))
	})
	return events, rows.Err()
}

// NoticeFacts is the headline of an order as its notices need it, without the
// policy, of which it returns the id. Errors: ErrNotFound.
func (tx *Tx) NoticeFacts(id ident.Order) (notice.Facts, ident.Policy, error) {
	r, err := tx.q.NoticeOrder(tx.ctx, string(id))
	return notice.Facts{
		Ref: r.Ref, Title: r.Title, Currency: money.Currency(r.Currency),
		Buyer:  notice.Person{ID: ident.Member(r.BuyerID), Name: r.BuyerName},
		Seller: notice.Person{ID: ident.Member(r.SellerID), Name: r.SellerName},
	}, ident.Policy(r.PolicyID), err
}

var (
	noticeRows = insertOf("NoticeInsert", "notices (member_id, id, stream, seq, kind, at, data)", "ON CONFLICT DO NOTHING RETURNING member_id")
	unreadRows = insertOf("NoticeCountAdd", "notice_counts (member_id, unread)",
		"ON CONFLICT (member_id) DO UPDATE SET unread = notice_counts.unread + excluded.unread")
)

// AddNotices writes notices, but for those that are there already, counts them
// as unread and wakes the pages of those they are for.
func (tx *Tx) AddNotices(list []notice.Notice) error {
	var values []any
	for _, n := range list {
		data, err := json.Marshal(n.Content)
		if err != nil {
			return fmt.Errorf("store: notice %s: %w", n.ID, err)
		}
		values = append(values, string(n.To), string(n.ID), n.Stream, int64(n.Seq), string(n.Kind), micros(n.At), string(data))
		tx.Notify(string(n.To))
	}
	written, err := tx.insertSome(noticeRows, values)
	if err != nil {
		return err
	}
	fresh := map[string]int64{}
	for _, to := range written {
		fresh[to]++
	}
	var unread []any
	for _, to := range slices.Sorted(maps.Keys(fresh)) { // in one order, as all who write them
		unread = append(unread, to, fresh[to])
	}
	return tx.insert(unreadRows, unread)
}

// Notices lists a member's notices before one of them ("" is from the newest),
// the newest first, at most limit.
func (tx *Tx) Notices(of ident.Member, before ident.Notice, limit int) ([]notice.Notice, error) {
	if before == "" {
		before = "~"
	}
	rows, err := tx.q.NoticesBefore(tx.ctx, string(of), string(before), int64(limit))
	if err != nil {
		return nil, err
	}
	list := make([]notice.Notice, len(rows))
	for i, r := range rows {
		if list[i], err = noticeOf(r); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// Notice reads one of a member's notices. Errors: ErrNotFound.
func (tx *Tx) Notice(of ident.Member, id ident.Notice) (notice.Notice, error) {
	r, err := tx.q.NoticeByID(tx.ctx, string(of), string(id))
	if err != nil {
		return notice.Notice{}, err
	}
	return noticeOf(r)
}

// ReadNotice marks a notice as read. It tells whether it was unread.
func (tx *Tx) ReadNotice(of ident.Member, id ident.Notice, at time.Time) (bool, error) {
	_, err := tx.q.NoticeRead(tx.ctx, string(of), string(id), microsOrNull(at))
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, tx.lessUnread(of, 1)
}

// ReadNotices marks the oldest unread notices of a member as read, at most
// limit, and returns how many there were.
func (tx *Tx) ReadNotices(of ident.Member, limit int, at time.Time) (int, error) {
	ids, err := tx.q.NoticesReadSome(tx.ctx, microsOrNull(at), string(of), int64(limit))
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	return len(ids), tx.lessUnread(of, len(ids))
}

func (tx *Tx) lessUnread(of ident.Member, n int) error {
	tx.Notify(string(of))
	return tx.q.NoticeCountLess(tx.ctx, string(of), int64(n))
}

// Unread is how many notices a member has not read.
func (tx *Tx) Unread(of ident.Member) (int, error) {
	n, err := tx.q.NoticeCount(tx.ctx, string(of))
	if errors.Is(err, ErrNotFound) {
		return 0, nil
	}
	return int(n), err
}

func noticeOf(r db.Notice) (notice.Notice, error) {
	n := notice.Notice{
		ID: ident.Notice(r.ID), To: ident.Member(r.MemberID), Stream: r.Stream, Seq: int(r.Seq),
		Kind: effect.Kind(r.Kind), At: fromMicros(r.At), Read: fromMicrosOrNull(r.ReadAt),
	}
	if err := json.Unmarshal([]byte(r.Data), &n.Content); err != nil {
		return n, fmt.Errorf("store: notice %s: %w", r.ID, err)
	}
	return n, nil
}
