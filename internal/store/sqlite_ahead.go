package store

import (
	"context"
	"errors"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// aheadTx is an Update of a market in the making. Like one on PostgreSQL it runs
// ahead of what it writes: the statements wait for its end and are then executed
// at once, inside a savepoint. What it reads meanwhile is what others have written
// up to then, and its guarded writes fence them off. Once it has to know what came
// of a statement that waits, it borrows the connection until its end.
type aheadTx struct {
	apartTx
	back    func() // gives the connection back; nil until it is borrowed
	wait    []waiting
	holds   func() bool // asked where the connection is, before anything is written
	written func()      // called there once all is written
}

// waiting is a statement that writes later.
type waiting struct {
	sql    string
	args   []any
	fenced bool // that it touches no row means that somebody was first
}

func (t *aheadTx) Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	if t.back != nil || t.fail != nil {
		return t.liteTx.Exec(ctx, sql, args...)
	}
	t.wait = append(t.wait, waiting{sql: sql, args: args})
	return pgconn.CommandTag{}, nil
}

func (t *aheadTx) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	if t.mayRead(sql) {
		return t.apartTx.QueryRow(ctx, sql, args...)
	}
	if err := t.flush(ctx); err != nil {
		return touched{err: err}
	}
	return t.liteTx.QueryRow(ctx, sql, args...)
}

func (t *aheadTx) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	if t.mayRead(sql) {
		return t.apartTx.Query(ctx, sql, args...)
	}
	if err := t.flush(ctx); err != nil {
		return nil, err
	}
	return t.liteTx.Query(ctx, sql, args...)
}

// fence is an aheadTx for guarded writes that miss only where somebody was first:
// until then they are taken for done.
type fence struct{ *aheadTx }

func (f fence) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	if f.back != nil || f.fail != nil {
		return f.aheadTx.QueryRow(ctx, sql, args...)
	}
	f.wait = append(f.wait, waiting{sql: strings.TrimSuffix(sql, whether), args: args, fenced: true})
	return touched{rows: 1}
}

// mayRead tells whether the builder can execute a statement in between: one that
// reads what nothing that waits can have changed.
func (t *aheadTx) mayRead(sql string) bool {
	return t.back == nil && t.fail == nil && len(t.wait) == 0 && selects(sql)
}

// flush borrows the connection and writes what waits.
func (t *aheadTx) flush(context.Context) error {
	if t.fail != nil || t.back != nil {
		return t.fail
	}
	back, err := t.e.borrow()
	if err != nil {
		return t.failed(err, "")
	}
	t.back = back
	return t.write()
}

func (t *aheadTx) write() error {
	for _, w := range t.wait {
		stmt, err := t.ready(w.sql)
		if err != nil {
			return err
		}
		err = stmt.exec(w.args)
		stmt.release()
		switch {
		case err != nil:
			return t.failed(err, w.sql)
		case w.fenced && t.conn.db.Changes() == 0:
			return t.failed(ErrStale, w.sql)
		}
	}
	t.wait = nil
	return nil
}

// end writes what waits of an update that succeeded, and takes back what was
// written of one that did not. Once it has ended it does nothing more.
func (t *aheadTx) end(result error) error {
	if errors.Is(t.fail, errTxDone) {
		return nil
	}
	if result == nil {
		result = t.fail
	}
	switch {
	case t.back != nil:
		defer t.back()
		return t.settled(result)
	case result == nil && len(t.wait) > 0:
		return t.e.have(func() error {
			if err := t.e.begin(); err != nil {
				return err
			}
			return t.settled(nil)
		})
	}
	t.fail = errTxDone
	return result
}

// settled is the end of an update that has the connection.
func (t *aheadTx) settled(result error) error {
	if result == nil && !t.holds() {
		result = t.failed(ErrStale, "")
	}
	if result == nil {
		result = t.write()
	}
	result, lost := t.settle(result)
	if lost == nil {
		lost = t.e.wrote()
	}
	if lost != nil {
		return t.e.lose(lost)
	}
	if result == nil {
		t.written()
	}
	return result
}
