// Package store is the memory of the house and the only room that speaks SQL.
//
// It owns the database file or server, its schema (migrations/), its one SQL
// text (queries/, generated into package db) and the two ways in: [Store.Update]
// and [Store.View]. Both take a function that is handed a [Tx]; the methods of
// Tx, one file per subject, turn rows into values of the domain and back.
//
// The flow of a write: the market calls Update, its function loads, lets the
// rules decide, saves; the store commits and only then answers. The function
// may run more than once, so it must not touch the outside world. On SQLite
// waiting functions share one durable commit (sqlite_writer.go); on PostgreSQL
// the statements of a function travel together (postgres_tx.go); a market that is
// made up has its writes executed beside the rules (sqlite_build.go). Guarded
// statements (… WHERE id = $1 AND version = $2 RETURNING 1) are the
// fence against lost updates on both; the isolation level is only the second.
//
// An error of a statement dooms its transaction on both engines: nothing of it
// is kept, even when the function goes on and returns nil. "No such row" is an
// answer and dooms nothing.
//
// Neighbours: market calls it, app opens and closes it, storetest gives tests
// a fresh one. It knows the ground rooms and the rules' types, nothing above.
package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/store/db"
)

// Store is an open database. It is safe for concurrent use.
type Store struct {
	engine engine
	log    *slog.Logger
	told   time.Time // Options.Told
}

// engine is what differs between the two databases.
type engine interface {
	name() string
	update(ctx context.Context, fn func(*Tx) error) error
	view(ctx context.Context, fn func(*Tx) error) error
	listen(ctx context.Context, wake func(topic string))
	migrator(ctx context.Context) (*migrator, error)
	close() error
}

// Tx is one transaction. It lives as long as the function it was handed to and
// must not be used by several goroutines at once.
type Tx struct {
	ctx     context.Context // of this transaction; give it to every query
	q       *db.Queries     // the generated queries
	fenced  *db.Queries     // the same, for a guarded write that may miss only because somebody was first
	conn    statements      // beneath q, for the few fragments that sqlc cannot write
	dialect dialect
	topics  []string
	told    time.Time // Options.Told
	recall  *recall   // nil unless a market is made up
	left    map[string]any
	relied  map[string]int
}

// statements is the engine's side of a transaction.
type statements interface {
	db.DBTX
	// flush makes sure that everything asked for so far has been done.
	flush(ctx context.Context) error
}

func newTx(ctx context.Context, conn statements, d dialect) *Tx {
	q := db.New(conn)
	return &Tx{ctx: ctx, q: q, fenced: q, conn: conn, dialect: d}
}

// Notify asks for a wake-up of every listener of every process on topics, once
// this transaction is durable. Repeated topics are sent once.
func (tx *Tx) Notify(topics ...string) {
	for _, topic := range topics {
		if topic != "" && !contains(tx.topics, topic) {
			tx.topics = append(tx.topics, topic)
		}
	}
}

// flush waits for the statements asked for so far, so that a duplicate among
// them shows here instead of at the commit. It costs PostgreSQL a round trip.
func (tx *Tx) flush() error { return tx.conn.flush(tx.ctx) }

// Engine returns "sqlite" or "postgres".
func (s *Store) Engine() string { return s.engine.name() }

// Close waits for the writes under way and closes the database.
func (s *Store) Close() error { return s.engine.close() }

// Listen calls wake with each topic notified by a committed transaction, in
// this process or another one on the same database, until ctx ends. It returns
// once it listens; wake runs on another goroutine and must be quick. The topic
// "" means that wake-ups may have been missed: look at everything.
func (s *Store) Listen(ctx context.Context, wake func(topic string)) { s.engine.listen(ctx, wake) }

// View runs fn on one consistent snapshot (but see Options.Building), in which
// nothing can be written.
func (s *Store) View(ctx context.Context, fn func(*Tx) error) error {
	return retry(ctx, func() error { return s.engine.view(ctx, fn) })
}

// Update runs fn in one transaction and returns once its effect is durable, or
// with the reason why there is none. It runs fn anew, up to eight times, when
// another transaction came first (ErrStale, a serialisation failure); after
// that the answer is a fault of kind Conflict. Once fn has begun, ctx no longer
// interrupts it: the answer tells what really happened.
func (s *Store) Update(ctx context.Context, fn func(*Tx) error) error {
	err := retry(ctx, func() error {
		return s.engine.update(ctx, func(tx *Tx) error {
			tx.told = s.told
			return fn(tx)
		})
	})
	if beaten(err) {
		s.log.WarnContext(ctx, "gave up after losing to other writers", "error", err)
		return fault.Conflict("Somebody else changed this at the same moment. Please look again and retry.")
	}
	return err
}

// guard runs fn and turns a panic into an error of its caller.
func guard(log *slog.Logger, tx *Tx, fn func(*Tx) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("store: panic in a transaction: %v", p)
			log.ErrorContext(tx.ctx, "panic in a transaction", "panic", p, "stack", stack())
		}
	}()
	return fn(tx)
}

// budget is the longest that one transaction may take once it has begun.
const budget = 30 * time.Second

// begun is the context of a transaction under way: it carries the values of
// ctx but not its cancellation, since a caller that went away must not turn a
// half-done transaction into an unknown one.
func begun(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), budget)
}

var errClosed = errors.New("store: closed")
