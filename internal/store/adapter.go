package store

import (
	"context"
	"errors"
	"fmt"
	"reflect"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
	sqlite3 "modernc.org/sqlite/lib"
)

// liteTx lets the generated queries, which speak pgx, run on a SQLite
// connection. It prepares each text once per connection and binds $n by its
// number.
type liteTx struct {
	conn *liteConn
	fail error        // the first failure; after it nothing runs any more
	save func() error // called once, before the first statement that writes; may be nil
}

func (t *liteTx) flush(context.Context) error { return t.fail }

func (t *liteTx) failed(ctx context.Context, err error, sql string) error {
	var lite *liteError
	if errors.As(err, &lite) && lite.code == sqlite3.SQLITE_INTERRUPT && ctx.Err() != nil {
		err = ctx.Err()
	}
	err = translate(err, sql)
	if t.fail == nil {
		t.fail = err
	}
	return err
}

// ready prepares a statement, unless nothing runs any more.
func (t *liteTx) ready(ctx context.Context, sql string) (*liteStmt, error) {
	if t.fail != nil {
		return nil, t.fail
	}
	if err := ctx.Err(); err != nil {
		return nil, t.failed(ctx, err, sql)
	}
	stmt, err := t.conn.prepare(sql)
	if err == nil && stmt.writes && t.save != nil {
		err = t.save()
		t.save = nil
	}
	if err != nil {
		return nil, t.failed(ctx, err, sql)
	}
	return stmt, nil
}

// Exec runs a statement at once.
func (t *liteTx) Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	stmt, err := t.ready(ctx, sql)
	if err != nil {
		return pgconn.CommandTag{}, err
	}
	err = stmt.exec(args)
	stmt.release()
	if err != nil {
		return pgconn.CommandTag{}, t.failed(ctx, err, sql)
	}
	return pgconn.CommandTag{}, nil
}

// Query starts a statement that returns rows.
func (t *liteTx) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	stmt, err := t.ready(ctx, sql)
	if err != nil {
		return nil, err
	}
	r := &liteRows{tx: t, ctx: ctx, stmt: stmt, sql: sql}
	stmt.busy = true
	switch {
	case stmt.whether:
		err = stmt.exec(args)
		r.columns, r.ones = 1, t.conn.changed()
	default:
		if err = stmt.bind(args); err == nil {
			r.first, err = stmt.step()
		}
		r.columns, r.last = stmt.columns(), !r.first
	}
	if err != nil {
		r.end()
		return nil, t.failed(ctx, err, sql)
	}
	return r, nil
}

// QueryRow starts a statement of which the first row is wanted.
func (t *liteTx) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	rows, err := t.Query(ctx, sql, args...)
	return firstRow{rows: rows, err: err}
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
	tx      *liteTx
	ctx     context.Context
	stmt    *liteStmt
	sql     string
	columns int
	first   bool  // the first row is there, and was not asked for yet
	last    bool  // there are no more
	ones    int64 // rows left of a statement that tells whether it touched any
	closed  bool
	err     error
}

func (r *liteRows) Next() bool {
	if r.closed {
		return false
	}
	switch {
	case r.first:
		r.first = false
		return true
	case r.ones > 0:
		r.ones--
		return true
	case !r.last && !r.stmt.whether:
		more, err := r.stmt.step()
		if more {
			return true
		}
		if err != nil {
			r.err = r.tx.failed(r.ctx, err, r.sql)
		}
	}
	r.Close()
	return false
}

func (r *liteRows) Scan(dest ...any) error {
	if len(dest) != r.columns {
		return r.give(fmt.Errorf("%d columns into %d places", r.columns, len(dest)))
	}
	if r.stmt.whether {
		return place(dest[0], int64(1))
	}
	for i, d := range dest {
		if err := r.stmt.into(d, i); err != nil {
			return r.give(fmt.Errorf("column %s: %w", r.stmt.columnName(i), err))
		}
	}
	return nil
}

// give ends the walk with an error.
func (r *liteRows) give(err error) error {
	r.err = r.tx.failed(r.ctx, err, r.sql)
	r.Close()
	return r.err
}

func (r *liteRows) Close() {
	if !r.closed {
		r.end()
	}
}

func (r *liteRows) end() {
	r.closed = true
	r.stmt.reset()
	r.stmt.release()
}

func (r *liteRows) Values() ([]any, error) {
	values := make([]any, r.columns)
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

// place puts a value of SQLite (int64, float64, string, []byte or nil) where
// the generated code wants it.
func place(dest any, v any) error {
	switch d := dest.(type) {
	case *string:
		if s, ok := v.(string); ok {
			*d = s
			return nil
		}
	case *int64:
		if n, ok := v.(int64); ok {
			*d = n
			return nil
		}
	case *[]byte:
		switch b := v.(type) {
		case nil:
			*d = nil
			return nil
		case []byte:
			if *d = b; b == nil {
				*d = []byte{} // an empty value, not a missing one
			}
			return nil
		}
	case **string:
		if s, ok := v.(string); ok {
			*d = &s
			return nil
		}
	case **int64:
		if n, ok := v.(int64); ok {
			*d = &n
			return nil
		}
	case *bool:
		if n, ok := v.(int64); ok && n>>1 == 0 {
			*d = n == 1
			return nil
		}
	case *any:
		*d = v
		return nil
	}
	return placeKind(reflect.ValueOf(dest).Elem(), v)
}

// placeKind is the slow path: nulls, named and rare types.
func placeKind(d reflect.Value, v any) error {
	if d.Kind() == reflect.Pointer {
		if v == nil {
			d.SetZero()
			return nil
		}
		d.Set(reflect.New(d.Type().Elem()))
		return place(d.Interface(), v)
	}
	switch n := v.(type) {
	case string:
		if d.Kind() == reflect.String {
			d.SetString(n)
			return nil
		}
	case int64:
		switch {
		case d.CanInt() && !d.OverflowInt(n):
			d.SetInt(n)
			return nil
		case d.Kind() == reflect.Bool && (n == 0 || n == 1):
			d.SetBool(n == 1)
			return nil
		case d.CanFloat():
			d.SetFloat(float64(n))
			return nil
		}
	case float64:
		if d.CanFloat() {
			d.SetFloat(n)
			return nil
		}
	case []byte:
		if d.Kind() == reflect.Slice && d.Type().Elem().Kind() == reflect.Uint8 {
			d.SetBytes(n)
			return nil
		}
	}
	return fmt.Errorf("cannot put %T into %s", v, d.Type())
}

// value turns an argument into one of SQLite's: int64, float64, bool, string,
// []byte or nil.
func value(arg any) (any, error) {
	switch a := arg.(type) {
	case nil, string, int64, bool, float64:
		return arg, nil
	case *int64:
		if a == nil {
			return nil, nil
		}
		return *a, nil
	case []byte:
		if a == nil {
			return nil, nil
		}
		return arg, nil
	}
	v := reflect.ValueOf(arg)
	switch {
	case v.Kind() == reflect.Pointer:
		if v.IsNil() {
			return nil, nil
		}
		return value(v.Elem().Interface())
	case v.Kind() == reflect.String:
		return v.String(), nil
	case v.Kind() == reflect.Bool:
		return v.Bool(), nil
	case v.CanInt():
		return v.Int(), nil
	case v.CanFloat():
		return v.Float(), nil
	}
	return nil, fmt.Errorf("cannot bind %T", arg)
}
