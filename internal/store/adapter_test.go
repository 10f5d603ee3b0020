package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"guildhall/internal/store"
	"guildhall/internal/store/storetest"
)

type (
	word   string
	number int32
)

// TestValues sends values of every kind through both engines and back.
func TestValues(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		update(t, s, func(tx *store.Tx) {
			execute(t, tx, `CREATE TABLE kinds (
				id BIGINT NOT NULL PRIMARY KEY, n BIGINT, s TEXT, b BYTEA, yes BOOLEAN, f DOUBLE PRECISION)`)
			must(t, tx.Flush())
		})
		text, n, yes := "täxt\x7f", int64(-1<<62), true
		var none *string
		update(t, s, func(tx *store.Tx) {
			execute(t, tx, "INSERT INTO kinds (id, n, s, b, yes, f) VALUES ($1, $2, $3, $4, $5, $6)",
				int64(1), &n, &text, []byte{0, 255}, &yes, 1.5)
			execute(t, tx, "INSERT INTO kinds (id, n, s, b, yes, f) VALUES ($1, $2, $3, $4, $5, $6)",
				int64(2), (*int64)(nil), none, []byte(nil), (*bool)(nil), (*float64)(nil))
			execute(t, tx, "INSERT INTO kinds (id, n, s, b, yes, f) VALUES ($1, $2, $3, $4, $5, $6)",
				int64(3), int32(7), word("w"), []byte{}, false, 0.25)
		})
		type row struct {
			n   *int64
			s   *string
			b   []byte
			yes *bool
			f   *float64
		}
		get := func(id int64) (r row) {
			must(t, s.View(t.Context(), func(tx *store.Tx) error {
				return tx.Conn().QueryRow(tx.Context(), "SELECT n, s, b, yes, f FROM kinds WHERE id = $1", id).
					Scan(&r.n, &r.s, &r.b, &r.yes, &r.f)
			}))
			return r
		}
		if r := get(1); *r.n != n || *r.s != text || !bytes.Equal(r.b, []byte{0, 255}) || !*r.yes || *r.f != 1.5 {
			t.Errorf("all set: %+v", r)
		}
		if r := get(2); r.n != nil || r.s != nil || r.b != nil || r.yes != nil || r.f != nil {
			t.Errorf("all null: %+v", r)
		}
		if r := get(3); *r.n != 7 || *r.s != "w" || r.b == nil || len(r.b) != 0 || *r.yes || *r.f != 0.25 {
			t.Errorf("plain: %+v", r)
		}
		must(t, s.View(t.Context(), func(tx *store.Tx) error {
			var (
				w word
				n number
				y bool
			)
			err := tx.Conn().QueryRow(tx.Context(), "SELECT s, n, yes FROM kinds WHERE id = 3").Scan(&w, &n, &y)
			if w != "w" || n != 7 || y {
				t.Errorf("named types: %q %d %v", w, n, y)
			}
			return err
		}))
		err := s.View(t.Context(), func(tx *store.Tx) error {
			var s string
			return tx.Conn().QueryRow(tx.Context(), "SELECT s FROM kinds WHERE id = 2").Scan(&s)
		})
		if err == nil {
			t.Error("a null went into a string")
		}
	})
}

// TestNumbersOfArguments: $n means the n-th argument, wherever it stands.
func TestNumbersOfArguments(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		must(t, s.View(t.Context(), func(tx *store.Tx) error {
			var a, b, c, again string
			err := tx.Conn().QueryRow(tx.Context(),
				"SELECT CAST($3 AS TEXT), CAST($1 AS TEXT), CAST($2 AS TEXT), CAST($1 AS TEXT) WHERE CAST($2 AS TEXT) = 'two'",
				"one", "two", "three").Scan(&a, &b, &c, &again)
			if a != "three" || b != "one" || c != "two" || again != "one" {
				t.Errorf("got %s %s %s %s", a, b, c, again)
			}
			return err
		}))
	})
}

func TestNoRow(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		must(t, s.Update(t.Context(), func(tx *store.Tx) error {
			_, err := tx.Q().HouseMark(tx.Context(), "none")
			if !errors.Is(err, store.ErrNotFound) || !errors.Is(err, pgx.ErrNoRows) || !errors.Is(store.Stale(err), store.ErrStale) {
				t.Errorf("got %v", err)
			}
			return tx.SetMark("after", "yes") // no row is an answer, not a failure
		}))
		wantMark(t, s, "after", "yes")
	})
}

// TestWhether: a write may be asked for nothing but whether it touched its row.
func TestWhether(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		update(t, s, func(tx *store.Tx) { must(t, tx.SetMark("there", "1")) })
		must(t, s.Update(t.Context(), func(tx *store.Tx) error {
			const write = "UPDATE house SET value = 'new' WHERE key = $1\nRETURNING 1"
			var one int32
			if err := tx.Conn().QueryRow(tx.Context(), write, "there").Scan(&one); err != nil || one != 1 {
				t.Errorf("its row: %d %v", one, err)
			}
			if err := tx.Conn().QueryRow(tx.Context(), write, "none").Scan(&one); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("no row: %v", err)
			}
			return nil
		}))
		wantMark(t, s, "there", "new")
	})
}

// TestAReaderIsInterrupted: who goes away does not keep a connection busy, and
// whoever reads on it next hears nothing of that.
func TestAReaderIsInterrupted(t *testing.T) {
	s := storetest.SQLite(t)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	err := s.View(ctx, func(tx *store.Tx) error {
		var n int64
		return tx.Conn().QueryRow(ctx, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n").Scan(&n)
	})
	if err == nil {
		t.Error("it counted to infinity")
	}
	update(t, s, func(tx *store.Tx) { must(t, tx.SetMark("next", "yes")) })
	wantMark(t, s, "next", "yes")
}

// TestNested reads with a statement while rows of the same one are open.
func TestNested(t *testing.T) {
	s := storetest.SQLite(t)
	update(t, s, func(tx *store.Tx) { must(t, tx.SetMark("a", "1")); must(t, tx.SetMark("b", "2")) })
	must(t, s.View(t.Context(), func(tx *store.Tx) error {
		const list = "SELECT key FROM house ORDER BY key"
		seen := 0
		outer, err := tx.Conn().Query(tx.Context(), list)
		must(t, err)
		for outer.Next() {
			inner, err := tx.Conn().Query(tx.Context(), list)
			must(t, err)
			for inner.Next() {
				seen++
			}
			must(t, inner.Err())
		}
		if seen != 4 {
			t.Errorf("saw %d rows, want 2 × 2", seen)
		}
		return outer.Err()
	}))
}

// TestEverNewTexts: what is put together at run time does not pile up, and what
// is being read meanwhile stays.
func TestEverNewTexts(t *testing.T) {
	s := storetest.SQLite(t)
	update(t, s, func(tx *store.Tx) {
		rows, err := tx.Conn().Query(tx.Context(), "SELECT 1 UNION ALL SELECT 2")
		must(t, err)
		defer rows.Close()
		for i := range 2*store.ManyStatements + 1 {
			execute(t, tx, fmt.Sprintf("SELECT $1 + %d", i), int64(i))
		}
		var got []int64
		for rows.Next() {
			var n int64
			must(t, rows.Scan(&n))
			got = append(got, n)
		}
		must(t, rows.Err())
		if !slices.Equal(got, []int64{1, 2}) {
			t.Errorf("read %v", got)
		}
		if kept := tx.Kept(); kept > store.ManyStatements {
			t.Errorf("%d statements are kept", kept)
		}
	})
}

// TestWhatIsNoStatement: neither two statements nor one with a parameter that
// no number names, and none that lacks an argument.
func TestWhatIsNoStatement(t *testing.T) {
	s := storetest.SQLite(t)
	for _, sql := range []string{"SELECT 1; SELECT 2", "SELECT 1; DROP TABLE house", "SELECT $name", "SELECT $2", "SELECT ?"} {
		for _, way := range []func(context.Context, func(*store.Tx) error) error{s.View, s.Update} {
			err := way(t.Context(), func(tx *store.Tx) error {
				_, err := tx.Conn().Exec(tx.Context(), sql, "one")
				return err
			})
			if err == nil {
				t.Errorf("%s was executed", sql)
			}
		}
	}
	update(t, s, func(tx *store.Tx) { must(t, tx.SetMark("next", "yes")) })
	wantMark(t, s, "next", "yes")
}

// TestRefusedLate: an update that fails after it wrote leaves nothing behind,
// whatever it read before and after, and one that only read is no burden.
func TestRefusedLate(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		own := errors.New("own reason")
		for _, do := range []func(*store.Tx) error{
			func(tx *store.Tx) error { _, _, err := tx.Mark("late"); return errors.Join(err, own) },
			func(tx *store.Tx) error {
				_, _, err := tx.Mark("late")
				err = errors.Join(err, tx.SetMark("late", "yes"))
				_, _, again := tx.Mark("late")
				return errors.Join(err, again, own)
			},
		} {
			if err := s.Update(t.Context(), do); !errors.Is(err, own) {
				t.Errorf("got %v, want the function's own error", err)
			}
		}
		wantMark(t, s, "late", "")
		must(t, s.Update(t.Context(), func(tx *store.Tx) error { _, _, err := tx.Mark("late"); return err }))
	})
}

func TestInstants(t *testing.T) {
	at := time.Date(2026, 2, 28, 23, 59, 59, 123456000, time.FixedZone("", 3600))
	if got := store.FromMicros(store.Micros(at)); !got.Equal(at) || got.Location() != time.UTC {
		t.Errorf("%v came back as %v", at, got)
	}
	if got := store.FromMicrosOrNull(store.MicrosOrNull(at)); !got.Equal(at) {
		t.Errorf("%v came back as %v", at, got)
	}
	if store.MicrosOrNull(time.Time{}) != nil || !store.FromMicrosOrNull(nil).IsZero() {
		t.Error("the zero time is not null")
	}
	defer func() {
		if recover() == nil {
			t.Error("the zero time became a number")
		}
	}()
	store.Micros(time.Time{})
}

func update(t *testing.T, s *store.Store, do func(*store.Tx)) {
	t.Helper()
	must(t, s.Update(t.Context(), func(tx *store.Tx) error { do(tx); return nil }))
}

func execute(t *testing.T, tx *store.Tx, sql string, args ...any) {
	t.Helper()
	_, err := tx.Conn().Exec(tx.Context(), sql, args...)
	must(t, err)
}
