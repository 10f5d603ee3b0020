package store_test

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"guildhall/internal/store"
	"guildhall/internal/store/storetest"
)

// TestSchemasAgree compares what the two engines made of the one schema.
func TestSchemasAgree(t *testing.T) {
	lite, pg := storetest.SQLite(t), storetest.Postgres(t)
	for _, c := range []struct {
		what string
		sql  func(*store.Tx) string
	}{
		{"column (nullable, place in key)", (*store.Tx).ColumnsSQL},
		{"index (unique, partial)", (*store.Tx).IndexesSQL},
	} {
		onLite, onPG := introspect(t, lite, c.sql), introspect(t, pg, c.sql)
		if len(onLite) == 0 {
			t.Errorf("no %s at all", c.what)
		}
		for _, row := range onLite {
			if !slices.Contains(onPG, row) {
				t.Errorf("%s only on SQLite: %s", c.what, row)
			}
		}
		for _, row := range onPG {
			if !slices.Contains(onLite, row) {
				t.Errorf("%s only on PostgreSQL: %s", c.what, row)
			}
		}
	}
}

// TestNoListInTheSchema: SQLite makes a table of a list of three or more behind
// IN, anew for each row that a CHECK or a partial index holds against it, which
// costs more than the row itself. A chain of OR means the same.
func TestNoListInTheSchema(t *testing.T) {
	list := regexp.MustCompile(`\bIN \([^()]*,[^()]*,`)
	must(t, storetest.SQLite(t).View(t.Context(), func(tx *store.Tx) error {
		rows, err := tx.Conn().Query(tx.Context(), "SELECT name, COALESCE(sql, '') FROM sqlite_master")
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var name, sql string
			if err := rows.Scan(&name, &sql); err != nil {
				return err
			}
			if found := list.FindString(sql); found != "" {
				t.Errorf("%s asks for one of a list: %s", name, found)
			}
		}
		return rows.Err()
	}))
}

func introspect(t *testing.T, s *store.Store, sql func(*store.Tx) string) (list []string) {
	must(t, s.View(t.Context(), func(tx *store.Tx) error {
		rows, err := tx.Conn().Query(tx.Context(), sql(tx))
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var (
				table, name string
				a, b        int64
			)
			if err := rows.Scan(&table, &name, &a, &b); err != nil {
				return err
			}
			list = append(list, fmt.Sprintf("%s %s (%d, %d)", table, name, a, b))
		}
		return rows.Err()
	}))
	return list
}

func TestMigrateTwiceAndPending(t *testing.T) {
	for engine, url := range map[string]string{"sqlite": t.TempDir() + "/new.db", "postgres": ""} {
		t.Run(engine, func(t *testing.T) {
			if url == "" {
				url = storetest.PostgresURL(t) // already migrated
			}
			s := storetest.Open(t, url)
			for range 2 {
				must(t, s.Migrate(t.Context()))
				if pending, err := s.Pending(t.Context()); pending || err != nil {
					t.Errorf("pending after a migration: %v, %v", pending, err)
				}
			}
		})
	}
}

// TestDriverVersions: the SQLite driver works with exactly one version of the
// library beneath it, and a newer one compiles just as well.
func TestDriverVersions(t *testing.T) {
	mod, err := os.ReadFile("../../go.mod")
	must(t, err)
	for _, want := range []string{"modernc.org/sqlite v1.61.1", "modernc.org/libc v1.79.0"} {
		if !strings.Contains(string(mod), "\t"+want+"\n") && !strings.Contains(string(mod), "\t"+want+" // indirect\n") {
			t.Errorf("go.mod does not ask for %s", want)
		}
	}
}
