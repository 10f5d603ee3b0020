package store_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"zombiezen.com/go/sqlite"

	"guildhall/internal/store"
	"guildhall/internal/store/storetest"
)

// TestPlansAreKept: SQLite plans a query once, not anew with each value that is
// bound to it. It does the latter where a plan may hang on the value: in "LIMIT
// $1", and where a partial index or a LIKE asks for a value of the same column. A CAST
// around the value says that no plan hangs on it.
func TestPlansAreKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "plans.db")
	s, err := store.Open(t.Context(), path, store.Options{})
	must(t, err)
	must(t, s.Migrate(t.Context()))
	must(t, s.Close())
	db, err := sqlite.OpenConn(path, sqlite.OpenReadWrite)
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })

	asked := 0 // while a statement is prepared, about everything it touches
	must(t, db.SetAuthorizer(sqlite.AuthorizeFunc(func(sqlite.Action) sqlite.AuthResult {
		asked++
		return sqlite.AuthResultOK
	})))
	for _, q := range queries(t) {
		stmt, _, err := db.PrepareTransient(q.sql)
		must(t, err)
		if asked == 0 {
			t.Fatalf("nobody asked whether %s may be prepared", q.name)
		}
		asked = 0
		for value := range int64(3) {
			for i := range stmt.BindParamCount() {
				stmt.BindInt64(i+1, 7+value)
			}
			_, _ = stmt.Step() // that such a row breaks a constraint is no fault of the query
			_ = stmt.Reset()
		}
		if asked > 0 {
			t.Errorf("%s is planned anew with each value bound to it: CAST the one its plan hangs on", q.name)
		}
		must(t, stmt.Finalize())
	}
}

// TestOrderingAgainLooksAtTheBuyer: a gig that sells a thousand times an hour is
// ordered as fast as any other.
func TestOrderingAgainLooksAtTheBuyer(t *testing.T) {
	s := storetest.SQLite(t)
	for _, q := range queries(t) {
		if q.name != "OrderAgain" {
			continue
		}
		must(t, undone(t, s, func(tx *store.Tx) error {
			rows, err := readAll(tx, "EXPLAIN QUERY PLAN "+q.sql, []any{"", "", int64(0)})
			if err == nil && (len(rows) != 1 || !strings.Contains(fmt.Sprint(rows[0][3]), "orders_again (buyer_id=? AND gig_id=? AND created_at>?)")) {
				t.Errorf("its plan: %v", rows)
			}
			return err
		}))
		return
	}
	t.Error("there is no such query")
}
