package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
)

// building is SQLite while a market is made up: one connection for reading and
// writing, one call after the other, and a commit now and then. It is for one
// who throws the file away and begins anew if the machine stops meanwhile; all
// of it is durable once close has returned without an error. A View inside an
// Update would wait for itself.
type building struct {
	log  *slog.Logger
	path string
	hub  hub

	mu    sync.Mutex
	conn  *liteConn
	open  bool  // a transaction
	turns int   // in it
	lost  error // why a transaction is gone; nothing is done any more
}

// turnsPerCommit bounds what has to be written at once.
const turnsPerCommit = 100_000

// unlogged keeps what would undo a commit in memory instead of a log, so that
// what is committed is written once.
const unlogged = "journal_mode(MEMORY)"

func openBuilding(path string, o Options) (*building, error) {
	c, err := openConn(path, true, unlogged, durable, "cache_size(-64000)")
	if err != nil {
		return nil, err
	}
	return &building{log: o.Logger, path: path, conn: c}, nil
}

func (e *building) name() string { return "sqlite" }

func (e *building) listen(ctx context.Context, wake func(string)) { e.hub.listen(ctx, wake) }

// migrator ends what is open, since it comes with transactions of its own.
func (e *building) migrator(ctx context.Context) (*migrator, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if err := e.commit(); err != nil {
		return nil, err
	}
	return liteMigrator(ctx, e.path, unlogged, durable)
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
	if lost = do(e.conn); lost != nil {
		return lost
	}
	if e.turns++; e.turns >= turnsPerCommit {
		return e.commit()
	}
	return nil
}

// begin opens a transaction unless one is open.
func (e *building) begin() error {
	if e.open || e.lost != nil {
		return e.lost
	}
	err := e.conn.run("BEGIN IMMEDIATE")
	e.open, e.turns = err == nil, 0
	return err
}

// commit ends the open transaction, if there is one.
func (e *building) commit() error {
	if !e.open || e.lost != nil {
		return e.lost
	}
	e.lost = e.conn.run("COMMIT")
	e.open = false
	return e.lost
}

// close rolls back what is lost.
func (e *building) close() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if errors.Is(e.lost, errClosed) {
		return nil
	}
	err := errors.Join(e.commit(), e.conn.close())
	e.lost = errClosed
	return err
}
