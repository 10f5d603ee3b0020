package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"reflect"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
)

// liteTx lets the generated queries, which speak pgx, run on a SQLite
// connection. It prepares each text once per connection and binds $n by its
// number.
type liteTx struct {
	conn *liteConn
	fail error // the first failure; after it nothing runs any more
}

func (t *liteTx) flush(context.Context) error { return t.fail }

func (t *liteTx) failed(err error, sql string) error {
	err = translate(err, sql)
	if t.fail == nil {
		t.fail = err
	}
	return err
}

// Exec runs a statement at once.
func (t *liteTx) Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	if t.fail != nil {
		return pgconn.CommandTag{}, t.fail
	}
	stmt, values, err := t.conn.bind(ctx, sql, args)
	if err == nil {
		_, err = stmt.ExecContext(ctx, values)
		stmt.release()
	}
	if err != nil {
		return pgconn.CommandTag{}, t.failed(err, sql)
	}
	return pgconn.CommandTag{}, nil
}

// Query starts a statement that returns rows.
func (t *liteTx) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	if t.fail != nil {
		return nil, t.fail
	}
	stmt, values, err := t.conn.bind(ctx, sql, args)
	if err != nil {
		return nil, t.failed(err, sql)
	}
	rows, err := stmt.QueryContext(ctx, values)
	if err != nil {
		stmt.release()
		return nil, t.failed(err, sql)
	}
	stmt.busy = true
	return &liteRows{tx: t, stmt: stmt, sql: sql, rows: rows, row: make([]driver.Value, len(rows.Columns()))}, nil
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
	tx     *liteTx
	stmt   *liteStmt
	sql    string
	rows   driver.Rows
	row    []driver.Value
	closed bool
	err    error
}

func (r *liteRows) Next() bool {
	if r.closed {
		return false
	}
	err := r.rows.Next(r.row)
	if err == nil {
		return true
	}
	if !errors.Is(err, io.EOF) {
		r.err = r.tx.failed(err, r.sql)
	}
	r.Close()
	return false
}

func (r *liteRows) Scan(dest ...any) error {
	if len(dest) != len(r.row) {
		r.err = r.tx.failed(fmt.Errorf("%d columns into %d places", len(r.row), len(dest)), r.sql)
		r.Close()
		return r.err
	}
	for i, d := range dest {
		if err := place(d, r.row[i]); err != nil {
			r.err = r.tx.failed(fmt.Errorf("column %s: %w", r.rows.Columns()[i], err), r.sql)
			r.Close()
			return r.err
		}
	}
	return nil
}

func (r *liteRows) Close() {
	if r.closed {
		return
	}
	r.closed = true
	if err := r.rows.Close(); err != nil && r.err == nil {
		r.err = r.tx.failed(err, r.sql)
	}
	r.stmt.release()
}

func (r *liteRows) Values() ([]any, error) {
	values := make([]any, len(r.row))
	for i, v := range r.row {
		values[i] = v
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
func place(dest any, v driver.Value) error {
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
func placeKind(d reflect.Value, v driver.Value) error {
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

// value turns an argument into one of SQLite's.
func value(arg any) (driver.Value, error) {
	switch a := arg.(type) {
	case nil:
		return nil, nil
	case string:
		return a, nil
	case int64:
		return a, nil
	case bool:
		return a, nil
	case []byte:
		if a == nil {
			return nil, nil
		}
		return a, nil
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
