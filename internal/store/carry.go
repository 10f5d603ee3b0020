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
	for _, e := range s.Events {
		detail, err := json.Marshal(e.Detail)
		if err != nil {
			return fmt.Errorf("store: event %s %d: %w", e.Stream, e.Seq, err)
		}
		if err := tx.q.EventInsert(tx.ctx, db.EventInsertParams{
			Stream: e.Stream, Seq: int64(e.Seq), Kind: string(e.Kind), At: micros(e.At),
			ActorID: string(e.Actor), Role: string(e.Role), FromState: e.From, ToState: e.To, Detail: string(detail),
		}); err != nil {
			return err
		}
		tx.Notify(e.Stream)
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

// TopicOutbox wakes the courier.
const TopicOutbox = "outbox"

// enter writes one entry with its postings and moves the balances beside them.
func (tx *Tx) enter(e ledger.Entry) error {
	if err := tx.q.EntryInsert(tx.ctx, db.EntryInsertParams{
		Stream: e.Stream, No: int64(e.No), Kind: string(e.Kind), At: micros(e.At),
		Currency: string(e.Currency), Provider: e.Provider, Prev: e.Prev, Hash: e.Hash,
	}); err != nil {
		return err
	}
	for i, p := range e.Postings {
		if err := tx.q.PostingInsert(tx.ctx, db.PostingInsertParams{
			Stream: e.Stream, No: int64(e.No), Line: int64(i + 1),
			Account: string(p.Account), Minor: p.Minor, At: micros(e.At),
		}); err != nil {
			return err
		}
		if err := tx.balance(p); err != nil {
			return err
		}
	}
	return nil
}

// balance moves the balance kept beside a member's postings. House accounts and
// the money of one order are sums of postings only.
func (tx *Tx) balance(p ledger.Posting) error {
	switch p.Account.Kind() {
	case "pending", "available", "paying_out", "receivable":
	default:
		return nil
	}
	if p.Minor > 0 || p.Account.Kind() == "receivable" {
		return tx.q.BalanceAdd(tx.ctx, string(p.Account), p.Minor)
	}
	_, err := tx.q.BalanceTake(tx.ctx, string(p.Account), p.Minor)
	return err
}

// Balance is what an account of a member holds.
func (tx *Tx) Balance(a ledger.Account, c money.Currency) (money.Amount, error) {
	minor, err := tx.q.Balance(tx.ctx, string(a))
	if isNotFound(err) {
		return money.Zero(c), nil
	}
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
		if events[i], err = eventOf(db.EventsWaitingRow(r)); err != nil {
			return nil, err
		}
	}
	return events, nil
}

// EventsWaiting are the oldest events that the courier has not seen, at most n.
func (tx *Tx) EventsWaiting(n int) ([]effect.Event, error) {
	rows, err := tx.q.EventsWaiting(tx.ctx, int64(n))
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

// MarkCouriered records that the courier took an event; ErrStale when another
// courier was first.
func (tx *Tx) MarkCouriered(e effect.Event, at time.Time) error {
	_, err := tx.q.EventCouriered(tx.ctx, e.Stream, int64(e.Seq), microsOrNull(at))
	return stale(err)
}

func eventOf(r db.EventsWaitingRow) (effect.Event, error) {
	e := effect.Event{
		Stream: r.Stream, Seq: int(r.Seq), Kind: effect.Kind(r.Kind), At: fromMicros(r.At),
		Actor: ident.Member(r.ActorID), Role: member.Role(r.Role), From: r.FromState, To: r.ToState,
	}
	if err := json.Unmarshal([]byte(r.Detail), &e.Detail); err != nil {
		return e, fmt.Errorf("store: event %s %d: %w", r.Stream, r.Seq, err)
	}
	return e, nil
}
