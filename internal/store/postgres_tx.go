package store

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// pgTx is a transaction whose statements travel together. A statement that
// returns nothing waits until the next one that returns rows, or the commit,
// and goes with it in one message; BEGIN and COMMIT travel the same way. A use
// case that reads once and writes ten rows takes two round trips.
type pgTx struct {
	conn  *pgx.Conn
	begin string
	open  bool       // BEGIN has been queued
	sent  bool       // … and sent
	batch *pgx.Batch // what waits
	fail  error      // the first failure; after it nothing runs any more
}

// errLost says that the connection broke before the commit was asked for.
var errLost = errors.New("store: lost the connection to the database")

// manyQueued bounds what waits in memory.
const manyQueued = 500

func (t *pgTx) queue(sql string, args []any) {
	if t.batch == nil {
		t.batch = &pgx.Batch{}
		if !t.open {
			t.open = true
			t.batch.Queue(t.begin)
		}
	}
	t.batch.Queue(sql, args...)
}

func (t *pgTx) failed(err error, sql string) error {
	err = translate(err, sql)
	if t.conn.IsClosed() && !errors.Is(err, errLost) {
		err = fmt.Errorf("%w: %w", errLost, err)
	}
	if t.fail == nil {
		t.fail = err
	}
	return err
}

// Exec puts a statement into the queue. Its error, if any, comes with a later
// statement or the commit; how many rows it touched is never known.
func (t *pgTx) Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	if t.fail != nil {
		return pgconn.CommandTag{}, t.fail
	}
	t.queue(sql, args)
	if t.batch.Len() >= manyQueued {
		return pgconn.CommandTag{}, t.flush(ctx)
	}
	return pgconn.CommandTag{}, nil
}

// flush sends what waits.
func (t *pgTx) flush(ctx context.Context) error {
	if t.fail != nil || t.batch == nil {
		return t.fail
	}
	_, err := t.send(ctx, t.batch.Len())
	return err
}

// send sends the queue and reads the results of its first n statements. What
// is left to read is returned.
func (t *pgTx) send(ctx context.Context, n int) (pgx.BatchResults, error) {
	batch := t.batch
	t.batch, t.sent = nil, true
	results := t.conn.SendBatch(ctx, batch)
	for _, q := range batch.QueuedQueries[:n] {
		if _, err := results.Exec(); err != nil {
			_ = results.Close()
			return nil, t.failed(err, q.SQL)
		}
	}
	if n == batch.Len() {
		if err := results.Close(); err != nil {
			return nil, t.failed(err, "")
		}
	}
	return results, nil
}

// Query sends what waits together with a statement that returns rows.
func (t *pgTx) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	if t.fail != nil {
		return nil, t.fail
	}
	if t.sent && t.batch == nil {
		rows, err := t.conn.Query(ctx, sql, args...)
		if err != nil {
			return nil, t.failed(err, sql)
		}
		return &pgRows{Rows: rows, tx: t, sql: sql}, nil
	}
	t.queue(sql, args)
	results, err := t.send(ctx, t.batch.Len()-1)
	if err != nil {
		return nil, err
	}
	rows, err := results.Query()
	if err != nil {
		_ = results.Close()
		return nil, t.failed(err, sql)
	}
	return &pgRows{Rows: rows, tx: t, sql: sql, results: results}, nil
}

// QueryRow is Query for the first row.
func (t *pgTx) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	rows, err := t.Query(ctx, sql, args...)
	return firstRow{rows: rows, err: err}
}

// pgRows closes the batch together with its rows and names their errors.
type pgRows struct {
	pgx.Rows
	tx      *pgTx
	sql     string
	results pgx.BatchResults
	closed  bool
	err     error
}

func (r *pgRows) Next() bool {
	if r.Rows.Next() {
		return true
	}
	r.Close()
	return false
}

func (r *pgRows) Scan(dest ...any) error {
	if err := r.Rows.Scan(dest...); err != nil {
		return r.tx.failed(err, r.sql)
	}
	return nil
}

func (r *pgRows) Close() {
	if r.closed {
		return
	}
	r.closed = true
	r.Rows.Close()
	err := r.Rows.Err()
	if r.results != nil {
		if cerr := r.results.Close(); err == nil {
			err = cerr
		}
	}
	if err != nil {
		r.err = r.tx.failed(err, r.sql)
	}
}

func (r *pgRows) Err() error { return r.err }

// longNotify is what fits into a notification; what is longer says "look at
// everything".
const longNotify = 7000

// commit sends what waits, the wake-ups and COMMIT.
func (t *pgTx) commit(ctx context.Context, topics []string) error {
	if t.fail != nil {
		return t.fail
	}
	if !t.open && len(topics) == 0 {
		return nil // it asked for nothing
	}
	if len(topics) > 0 {
		payload := strings.Join(topics, "\n")
		if len(payload) > longNotify {
			payload = ""
		}
		t.queue("SELECT pg_notify($1, $2)", []any{channel, payload})
	}
	t.queue("COMMIT", nil)
	_, err := t.send(ctx, t.batch.Len())
	if errors.Is(err, errLost) {
		// COMMIT may have been done before the connection broke; to run the
		// function again could do its work twice.
		return fmt.Errorf("store: the outcome of a commit is unknown: %v", err) //nolint:errorlint // must not be errLost
	}
	if err == nil {
		t.open, t.sent, t.fail = false, false, errTxDone
	}
	return err
}

// rollback ends a transaction that was not committed, if it still can.
func (t *pgTx) rollback(ctx context.Context) {
	t.batch = nil
	if t.sent && !t.conn.IsClosed() {
		_, _ = t.conn.Exec(ctx, "ROLLBACK") // else the pool drops the connection
	}
	t.open, t.sent, t.fail = false, false, errTxDone
}
