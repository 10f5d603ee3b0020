package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"sync"

	"github.com/pressly/goose/v3"
)

// building is SQLite while a market is made up: one connection for reading and
// writing, one call after the other, and a commit now and then. It is for one
// who throws the file away and begins anew if the machine stops meanwhile; all
// of it is durable once close has returned without an error. A View inside an
// Update would wait for itself.
type building struct {
	log *slog.Logger
	db  *sql.DB // one connection
	hub hub

	mu    sync.Mutex
	conn  *sql.Conn // nil unless a transaction is open
	turns int       // in it
	lost  error     // why a transaction is gone; nothing is done any more
}

// turnsPerCommit bounds what has to be written at once.
const turnsPerCommit = 100_000

func openBuilding(ctx context.Context, path string, o Options) (*building, error) {
	// Without a log, what is committed is written once.
	db, err := openLite(ctx, path, 1, "mode=rwc", "journal_mode(MEMORY)", "synchronous(FULL)", "cache_size(-64000)")
	if err != nil {
		return nil, err
	}
	return &building{log: o.Logger, db: db}, nil
}

func (e *building) name() string { return "sqlite" }

func (e *building) listen(ctx context.Context, wake func(string)) { e.hub.listen(ctx, wake) }

// migrator ends what is open, since it comes with transactions of its own.
func (e *building) migrator() (*migrator, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if err := e.commit(); err != nil {
		return nil, err
	}
	return newMigrator(goose.DialectSQLite3, e.db)
}

func (e *building) update(ctx context.Context, fn func(*Tx) error) error {
	var result error
	err := e.turn(ctx, func(c *liteConn) error {
		var topics []string
		var lost error
		result, lost = inSavepoint(context.WithoutCancel(ctx), c, func(tx *Tx) error {
			err := guard(e.log, tx, fn)
			topics = tx.topics
			return err
		})
		if lost == nil && result == nil {
			e.hub.publish(topics)
		}
		return lost
	})
	if err != nil {
		return err
	}
	return result
}

func (e *building) view(ctx context.Context, fn func(*Tx) error) error {
	var result error
	err := e.turn(ctx, func(c *liteConn) error {
		t := &liteTx{conn: c}
		if result = guard(e.log, newTx(ctx, t, liteDialect), fn); result == nil {
			result = t.fail
		}
		t.fail = errTxDone
		return nil
	})
	if err != nil {
		return err
	}
	return result
}

// turn hands over the connection, with a transaction open on it. The error of
// do means that the transaction is gone, and with it what was answered before.
func (e *building) turn(ctx context.Context, do func(*liteConn) error) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := e.begin(); err != nil {
		return err
	}
	lost := errExit
	defer func() {
		if lost != nil {
			e.lost = fmt.Errorf("store: what was built is lost: %w", lost)
		}
	}()
	if lost = e.conn.Raw(func(raw any) error { return do(raw.(*liteConn)) }); lost != nil {
		return lost
	}
	if e.turns++; e.turns >= turnsPerCommit {
		return e.commit()
	}
	return nil
}

// begin opens a transaction unless one is open.
func (e *building) begin() error {
	if e.conn != nil || e.lost != nil {
		return e.lost
	}
	conn, err := e.db.Conn(context.Background())
	if err != nil {
		return err
	}
	if err := alone(conn, "BEGIN IMMEDIATE"); err != nil {
		return errors.Join(err, conn.Close())
	}
	e.conn, e.turns = conn, 0
	return nil
}

// commit ends the open transaction, if there is one.
func (e *building) commit() error {
	if e.conn == nil || e.lost != nil {
		return e.lost
	}
	e.lost = alone(e.conn, "COMMIT")
	err := errors.Join(e.lost, e.conn.Close())
	e.conn = nil
	return err
}

func (e *building) close() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	err := e.commit()
	if e.conn != nil { // lost: closing it rolls back
		err = errors.Join(err, e.conn.Close())
	}
	return errors.Join(err, e.db.Close())
}

// alone executes a statement that has no arguments.
func alone(conn *sql.Conn, text string) error {
	return conn.Raw(func(raw any) error { return raw.(*liteConn).run(context.Background(), text) })
}
