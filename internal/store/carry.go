package store

import (
	"encoding/json"
	"fmt"
	"time"

	"guildhall/internal/effect"
	"guildhall/internal/ident"
	"guildhall/internal/ledger"
	"guildhall/internal/member"
	"guildhall/internal/money"
	"guildhall/internal/store/db"
)

// Carry turns a decision's effects into rows. It is the only place that does,
// so no use case can forget its history or its money. The events are the
// outbox as well: the courier finds them there after the commit.
func (tx *Tx) Carry(s effect.Set) error {
	var events []any
	for _, e := range s.Events {
		detail, err := json.Marshal(e.Detail)
		if err != nil {
			return fmt.Errorf("store: event %s %d: %w", e.Stream, e.Seq, err)
		}
		events = append(events, e.Stream, int64(e.Seq), string(e.Kind), micros(e.At),
			string(e.Actor), string(e.Role), e.From, e.To, string(detail), tx.couriered(e.At))
		tx.Notify(e.Stream)
	}
	if err := tx.insert(eventRows, events); err != nil {
		return err
	}
	if err := tx.tallyEvents(s.Events); err != nil {
		return err
	}
	for _, e := range s.Entries {
		if err := tx.enter(e); err != nil {
			return err
		}
	}
	if len(s.Events) > 0 {
		tx.Notify(TopicOutbox)
	}
	return nil
}

// couriered is when the courier took an event that happened at an instant: never
// yet, unless it was old news.
func (tx *Tx) couriered(at time.Time) *int64 {
	if at.Before(tx.told) {
		return microsOrNull(at)
	}
	return nil
}

// TopicOutbox wakes the courier.
const TopicOutbox = "outbox"

var (
	eventRows   = insertOf("EventInsert", "events (stream, seq, kind, at, actor_id, role, from_state, to_state, detail, couriered_at)", "")
	postingRows = insertOf("PostingInsert", "postings (stream, no, line, account, minor, at)", "")
)

// enter writes one entry with its postings and moves the balances beside them.
func (tx *Tx) enter(e ledger.Entry) error {
	if err := tx.q.EntryInsert(tx.ctx, db.EntryInsertParams{
		Stream: e.Stream, No: int64(e.No), Kind: string(e.Kind), At: micros(e.At),
		Currency: string(e.Currency), Provider: e.Provider, Prev: e.Prev, Hash: e.Hash,
	}); err != nil {
		return err
	}
	var postings []any
	for i, p := range e.Postings {
		postings = append(postings, e.Stream, int64(e.No), int64(i+1), string(p.Account), p.Minor, micros(e.At))
	}
	if err := tx.insert(postingRows, postings); err != nil {
		return err
	}
	for _, p := range e.Postings {
		if err := tx.balance(p); err != nil {
			return err
		}
	}
	return nil
}

// balance moves the balance kept beside a member's postings. House accounts and
// the money of one order are sums of postings only. A taking that finds less than
// it was decided on has met another one: ErrStale, so that it is decided anew.
func (tx *Tx) balance(p ledger.Posting) error {
	switch p.Account.Kind() {
	case "pending", "available", "paying_out", "receivable":
	default:
		return nil
	}
	tx.leaves(string(p.Account), nil)
	if p.Account.Kind() == "receivable" {
		return tx.owe(p)
	}
	if p.Minor > 0 {
		return tx.q.BalanceAdd(tx.ctx, string(p.Account), p.Minor)
	}
	_, err := tx.fenced.BalanceTake(tx.ctx, string(p.Account), p.Minor)
	return stale(err)
}

// owe moves what a member owes. What is available is the fence for both: whoever
// makes a debt holds it first, as does whoever makes money available, so that the
// later of two at the same moment sees what the earlier one did. Paying off more
// than is owed by now is ErrStale: somebody else was first.
func (tx *Tx) owe(p ledger.Posting) error {
	if p.Minor > 0 {
		_, err := tx.fenced.BalanceSettle(tx.ctx, string(p.Account), p.Minor)
		return stale(err)
	}
	fence := ledger.Available(ident.Member(p.Account.Owner()))
	if err := tx.q.BalanceAdd(tx.ctx, string(fence), 0); err != nil {
		return err
	}
	return tx.q.BalanceAdd(tx.ctx, string(p.Account), p.Minor)
}

// Balance is what an account of a member holds.
func (tx *Tx) Balance(a ledger.Account, c money.Currency) (money.Amount, error) {
	minor, err := relied(tx, a, func() (int64, error) {
		minor, err := tx.q.Balance(tx.ctx, string(a))
		if isNotFound(err) {
			return 0, nil
		}
		return minor, err
	})
	return money.Of(minor, c), err
}

// Events is the whole history of a stream, in order.
func (tx *Tx) Events(stream string) ([]effect.Event, error) {
	rows, err := tx.q.EventsOf(tx.ctx, stream)
	if err != nil {
		return nil, err
	}
	events := make([]effect.Event, len(rows))
	for i, r := range rows {
		if events[i], err = eventOf(r); err != nil {
			return nil, err
		}
	}
	return events, nil
}

// Event is one event of a stream by its number. Errors: ErrNotFound.
func (tx *Tx) Event(stream string, seq int) (effect.Event, error) {
	r, err := tx.q.EventOf(tx.ctx, stream, int64(seq))
	if err != nil {
		return effect.Event{}, err
	}
	return eventOf(db.EventsOfRow(r))
}

func eventOf(r db.EventsOfRow) (effect.Event, error) {
	e := effect.Event{
		Stream: r.Stream, Seq: int(r.Seq), Kind: effect.Kind(r.Kind), At: fromMicros(r.At),
		Actor: ident.Member(r.ActorID), Role: member.Role(r.Role), From: r.FromState, To: r.ToState,
	}
	if err := json.Unmarshal([]byte(r.Detail), &e.Detail); err != nil {
		return e, fmt.Errorf("store: event %s %d: %w", r.Stream, r.Seq, err)
	}
	return e, nil
}
