package store

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
	"zombiezen.com/go/sqlite"
)

// liteTx lets the generated queries, which speak pgx, run on a SQLite
// connection.
type liteTx struct {
	conn *liteConn
	ctx  context.Context // whose end interrupts statements; nil: none does
	fail error           // the first failure; after it nothing runs any more
	// unsaved says that the first statement that writes begins a savepoint.
	unsaved bool
	// still says that nothing may be written.
	still bool
}

var errNoRow = errors.New("there is no row to be read")

func (t *liteTx) flush(context.Context) error { return t.fail }

func (t *liteTx) failed(err error, sql string) error {
	if t.ctx != nil && t.ctx.Err() != nil && sqlite.ErrCode(err) == sqlite.ResultInterrupt {
		err = t.ctx.Err()
	}
	err = translate(err, sql)
	if t.fail == nil {
		t.fail = err
	}
	return err
}

// ready prepares a statement, unless nothing runs any more.
func (t *liteTx) ready(sql string) (*liteStmt, error) {
	if t.fail != nil {
		return nil, t.fail
	}
	stmt, err := t.conn.prepare(sql)
	switch {
	case err != nil || !stmt.writes:
	case t.still:
		err = fmt.Errorf("%w: a View writes nothing", ErrReadOnly)
	case t.unsaved:
		t.unsaved = false
		err = t.conn.run("SAVEPOINT turn")
	}
	if err != nil {
		return nil, t.failed(err, sql)
	}
	return stmt, nil
}

// Exec runs a statement at once.
func (t *liteTx) Exec(_ context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	stmt, err := t.ready(sql)
	if err != nil {
		return pgconn.CommandTag{}, err
	}
	err = stmt.exec(args)
	stmt.release()
	if err != nil {
		return pgconn.CommandTag{}, t.failed(err, sql)
	}
	return pgconn.CommandTag{}, nil
}

// Query starts a statement that returns rows.
func (t *liteTx) Query(_ context.Context, sql string, args ...any) (pgx.Rows, error) {
	r, err := t.query(sql, args)
	if err != nil {
		return nil, err
	}
	return r, nil
}

// whether ends a guarded write that is to tell nothing but whether it touched
// its row. SQLite makes a table of what is to be returned, even of this, so it
// is asked how many rows there were instead.
const whether = "RETURNING 1\n"

// QueryRow starts a statement of which the first row is wanted.
func (t *liteTx) QueryRow(_ context.Context, sql string, args ...any) pgx.Row {
	if write, guarded := strings.CutSuffix(sql, whether); guarded {
		return t.touch(write, args)
	}
	rows, err := t.query(sql, args)
	return firstRow{rows: rows, err: err}
}

func (t *liteTx) query(sql string, args []any) (*liteRows, error) {
	stmt, err := t.ready(sql)
	if err != nil {
		return nil, err
	}
	r := &liteRows{tx: t, stmt: stmt, sql: sql}
	stmt.busy = true
	if err = stmt.bind(args); err == nil {
		r.ahead, err = stmt.stmt.Step()
	}
	if !r.ahead {
		err = r.end(err)
	}
	if err != nil {
		return nil, err
	}
	return r, nil
}

// touch runs a guarded write.
func (t *liteTx) touch(sql string, args []any) pgx.Row {
	stmt, err := t.ready(sql)
	if err != nil {
		return touched{err: err}
	}
	err = stmt.exec(args)
	stmt.release()
	if err != nil {
		return touched{err: t.failed(err, sql)}
	}
	return touched{rows: t.conn.db.Changes()}
}

// touched is the answer to RETURNING 1.
type touched struct {
	rows int
	err  error
}

func (r touched) Scan(dest ...any) error {
	switch {
	case r.err != nil:
		return r.err
	case r.rows == 0:
		return ErrNotFound
	}
	return placeKind(reflect.ValueOf(dest[0]).Elem(), int64(1))
}

// firstRow is the first row of rows, for both engines.
type firstRow struct {
	rows pgx.Rows
	err  error
}

func (r firstRow) Scan(dest ...any) error {
	if r.err != nil {
		return r.err
	}
	defer r.rows.Close()
	if !r.rows.Next() {
		r.rows.Close()
		if err := r.rows.Err(); err != nil {
			return err
		}
		return ErrNotFound
	}
	if err := r.rows.Scan(dest...); err != nil {
		return err
	}
	// The last step of a statement may still fail (a deferred constraint,
	// the rest of an UPDATE … RETURNING): it has to be run to its end.
	for r.rows.Next() {
		continue
	}
	return r.rows.Err()
}

// liteRows walks over a result.
type liteRows struct {
	tx     *liteTx
	stmt   *liteStmt
	sql    string
	ahead  bool // the statement is at a row that was not asked for yet
	closed bool
	err    error
}

func (r *liteRows) Next() bool {
	if r.ahead {
		r.ahead = false
		return true
	}
	if r.closed {
		return false
	}
	more, err := r.stmt.stmt.Step()
	if !more {
		_ = r.end(err)
	}
	return more
}

func (r *liteRows) Scan(dest ...any) error {
	switch {
	case r.closed:
		return r.end(errNoRow)
	case len(dest) != r.stmt.columns:
		return r.end(fmt.Errorf("%d columns into %d places", r.stmt.columns, len(dest)))
	}
	for i, d := range dest {
		if err := r.stmt.place(d, i); err != nil {
			return r.end(fmt.Errorf("column %s: %w", r.stmt.stmt.ColumnName(i), err))
		}
	}
	return nil
}

func (r *liteRows) Close() { _ = r.end(nil) }

// end ends the walk, with an error or without.
func (r *liteRows) end(err error) error {
	r.ahead = false
	if !r.closed {
		r.closed = true
		err = r.stmt.reset(err)
		r.stmt.release()
	}
	if err != nil {
		r.err = r.tx.failed(err, r.sql)
	}
	return r.err
}

func (r *liteRows) Values() ([]any, error) {
	if r.closed {
		return nil, r.end(errNoRow)
	}
	values := make([]any, r.stmt.columns)
	for i := range values {
		values[i] = r.stmt.value(i)
	}
	return values, nil
}

func (r *liteRows) Err() error                                   { return r.err }
func (r *liteRows) CommandTag() pgconn.CommandTag                { return pgconn.CommandTag{} }
func (r *liteRows) FieldDescriptions() []pgconn.FieldDescription { return nil }
func (r *liteRows) RawValues() [][]byte                          { return nil }
func (r *liteRows) Conn() *pgx.Conn                              { return nil }
func (r *liteRows) TypeMap() *pgtype.Map                         { return nil }
