package store

import (
	"context"
	"reflect"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// apartTx is a View of a market in the making. The builder executes each of its
// statements by itself, among those of others: what it reads is what was written
// up to then.
type apartTx struct {
	liteTx
	e *building
}

func (t *apartTx) Exec(_ context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	return pgconn.CommandTag{}, t.read(sql, args, (*liteRows).Err)
}

func (t *apartTx) QueryRow(_ context.Context, sql string, args ...any) pgx.Row {
	return lateRow{t, sql, args}
}

// read has the builder execute a statement that reads.
func (t *apartTx) read(sql string, args []any, take func(*liteRows) error) error {
	return t.e.have(func() error {
		if err := t.e.begin(); err != nil {
			return t.failed(err, sql)
		}
		rows, err := t.query(sql, args)
		if err != nil {
			return err
		}
		defer rows.Close()
		return take(rows)
	})
}

// lateRow is read when it is scanned.
type lateRow struct {
	t    *apartTx
	sql  string
	args []any
}

func (r lateRow) Scan(dest ...any) error {
	return r.t.read(r.sql, r.args, func(rows *liteRows) error { return firstRow{rows: rows}.Scan(dest...) })
}

// Query reads all rows at once.
func (t *apartTx) Query(_ context.Context, sql string, args ...any) (pgx.Rows, error) {
	l := &gathered{}
	err := t.read(sql, args, func(rows *liteRows) error {
		for rows.Next() {
			values, err := rows.Values()
			if err != nil {
				return err
			}
			l.ahead = append(l.ahead, values)
		}
		return rows.Err()
	})
	return l, err
}

// gathered are rows that have been read.
type gathered struct {
	liteRows // only for what nobody asks of it
	ahead    [][]any
	row      []any
}

func (g *gathered) Next() bool {
	if len(g.ahead) == 0 {
		return false
	}
	g.row, g.ahead = g.ahead[0], g.ahead[1:]
	return true
}

func (g *gathered) Scan(dest ...any) error {
	for i, d := range dest {
		if err := placeKind(reflect.ValueOf(d).Elem(), g.row[i]); err != nil {
			return err
		}
	}
	return nil
}

func (g *gathered) Values() ([]any, error) { return g.row, nil }
func (g *gathered) Err() error             { return nil }
func (g *gathered) Close()                 { g.ahead = nil }
