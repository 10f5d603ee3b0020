package store_test

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgtype"

	"guildhall/internal/store"
	"guildhall/internal/store/storetest"
)

// small tables do not grow with the market and may be read whole.
var small = []string{"house", "policy_versions", "categories", "help_votes"}

// whole lists the beginnings of the names of queries whose work it is to read
// everything: they run by night or by hand, never for a page.
var whole = []string{"Audit", "Export"}

type query struct{ name, kind, sql string }

// queries returns every query of the generated package, and those about many.
func queries(t *testing.T) (list []query) {
	t.Helper()
	files, err := filepath.Glob("db/*.go")
	must(t, err)
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		must(t, err)
		ast.Inspect(parsed, func(n ast.Node) bool {
			if text, ok := n.(*ast.BasicLit); ok && text.Kind == token.STRING {
				sql, err := strconv.Unquote(text.Value)
				must(t, err)
				if head, found := strings.CutPrefix(sql, "-- name: "); found {
					name, rest, _ := strings.Cut(head, " ")
					kind, _, _ := strings.Cut(rest, "\n")
					list = append(list, query{name, kind, sql})
				}
			}
			return true
		})
	}
	if len(list) == 0 {
		t.Fatal("found no queries")
	}
	for _, sql := range store.ManyTexts() {
		head, _ := strings.CutPrefix(sql, "-- name: ")
		name, _, _ := strings.Cut(head, " ")
		list = append(list, query{name + "Many", ":many", sql})
	}
	return list
}

// TestEveryQuery runs every query on both engines with empty arguments and
// asks for its plan: none may read a growing table whole.
func TestEveryQuery(t *testing.T) {
	lite, pg := storetest.SQLite(t), storetest.Postgres(t)
	litePartial, pgPartial := partialIndexes(t, lite), partialIndexes(t, pg)
	tables := tablesOf(t, lite)
	for _, q := range queries(t) {
		t.Run(q.name, func(t *testing.T) {
			args, err := runOnPostgres(t, pg, q, pgPartial)
			if err != nil {
				t.Errorf("PostgreSQL: %v", err)
			}
			if err := runOnSQLite(t, lite, q, args, tables, litePartial); err != nil {
				t.Errorf("SQLite: %v", err)
			}
		})
	}
}

var errUndo = errors.New("undo")

// undone runs do in a transaction that leaves nothing behind. That a row of
// empty values breaks a constraint is no fault of the query.
func undone(t *testing.T, s *store.Store, do func(*store.Tx) error) error {
	err := s.Update(t.Context(), func(tx *store.Tx) error { return cmp.Or(do(tx), errUndo) })
	var v *store.Violation
	var d *store.Duplicate
	if errors.Is(err, errUndo) || errors.As(err, &v) || errors.As(err, &d) {
		return nil
	}
	return err
}

func runOnPostgres(t *testing.T, s *store.Store, q query, partial []string) (args []any, err error) {
	err = undone(t, s, func(tx *store.Tx) error {
		types, err := tx.ParamTypes(q.sql)
		if err != nil {
			return err
		}
		for i, oid := range types {
			arg, ok := empty[oid]
			if !ok {
				return fmt.Errorf("$%d has type %d: CAST it to one that both engines know", i+1, oid)
			}
			args = append(args, arg)
		}
		_, err = readAll(tx, q.sql, args)
		return err
	})
	if err != nil {
		return args, err
	}
	return args, undone(t, s, func(tx *store.Tx) error {
		if _, err := readAll(tx, "SET LOCAL enable_seqscan = off", nil); err != nil {
			return err
		}
		rows, err := readAll(tx, "EXPLAIN (FORMAT JSON) "+q.sql, args)
		if err != nil {
			return err
		}
		raw, err := json.Marshal(rows[0][0])
		if err != nil {
			return err
		}
		var plans []struct{ Plan plan }
		if err := json.Unmarshal(raw, &plans); err != nil {
			return err
		}
		return plans[0].Plan.check(q, partial, "")
	})
}

var empty = map[uint32]any{
	pgtype.Int8OID: int64(0), pgtype.Int4OID: int64(0), pgtype.Int2OID: int64(0), pgtype.TextOID: "", pgtype.VarcharOID: "",
	pgtype.BoolOID: false, pgtype.ByteaOID: []byte{}, pgtype.Float8OID: 0.0, pgtype.NumericOID: 0.0,
}

// plan is one node of PostgreSQL's plan.
type plan struct {
	Node      string `json:"Node Type"`
	Table     string `json:"Relation Name"`
	Index     string `json:"Index Name"`
	Condition string `json:"Index Cond"`
	Filter    string `json:"Filter"`
	Plans     []plan
}

// check looks for nodes that read a table whole; a node on a bitmap knows its
// table only from the one above.
func (p plan) check(q query, partial []string, above string) error {
	p.Table = cmp.Or(p.Table, above)
	if !mayScan(q, p.Table) {
		switch {
		case p.Node == "Seq Scan":
			return fmt.Errorf("reads %s whole", p.Table)
		case p.Index != "" && p.Condition == "" && !limited(q) && !slices.Contains(partial, p.Index):
			return fmt.Errorf("reads %s whole, along %s", p.Table, p.Index)
		}
	}
	for _, child := range p.Plans {
		if err := child.check(q, partial, p.Table); err != nil {
			return err
		}
	}
	return nil
}

func mayScan(q query, table string) bool {
	return slices.Contains(small, table) ||
		slices.ContainsFunc(whole, func(start string) bool { return strings.HasPrefix(q.name, start) })
}

// limited says that a walk along an index ends early.
func limited(q query) bool { return strings.Contains(strings.ToUpper(q.sql), "LIMIT") }

func runOnSQLite(t *testing.T, s *store.Store, q query, args []any, tables, partial []string) error {
	if err := undone(t, s, func(tx *store.Tx) error { _, err := readAll(tx, q.sql, args); return err }); err != nil {
		return err
	}
	return undone(t, s, func(tx *store.Tx) error {
		rows, err := readAll(tx, "EXPLAIN QUERY PLAN "+q.sql, args)
		if err != nil {
			return err
		}
		for _, row := range rows {
			step := fmt.Sprint(row[3])
			words := strings.Fields(step)
			if words[0] != "SCAN" {
				continue
			}
			table := unalias(q.sql, words[1])
			along := slices.ContainsFunc(words, func(w string) bool { return slices.Contains(partial, w) }) ||
				limited(q) && strings.Contains(step, " INDEX ")
			if slices.Contains(tables, table) && !along && !mayScan(q, table) {
				return fmt.Errorf("reads %s whole: %s", table, step)
			}
		}
		return nil
	})
}

// unalias finds the table that is called name in sql.
func unalias(sql, name string) string {
	m := regexp.MustCompile(`(?i)\b(?:from|join|update|into|,)\s+(\w+)\s+(?:as\s+)?` + regexp.QuoteMeta(name) + `\b`).FindStringSubmatch(sql)
	if m == nil {
		return name
	}
	return m[1]
}

func readAll(tx *store.Tx, sql string, args []any) (list [][]any, err error) {
	rows, err := tx.Conn().Query(tx.Context(), sql, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		row, err := rows.Values()
		if err != nil {
			return nil, err
		}
		list = append(list, row)
	}
	return list, rows.Err()
}

func tablesOf(t *testing.T, s *store.Store) (names []string) {
	for _, column := range introspect(t, s, (*store.Tx).ColumnsSQL) {
		names = append(names, strings.Fields(column)[0])
	}
	return slices.Compact(names)
}

func partialIndexes(t *testing.T, s *store.Store) (names []string) {
	sql := "SELECT indexname FROM pg_indexes WHERE indexdef LIKE '% WHERE %'"
	if s.Engine() == "sqlite" {
		sql = "SELECT name FROM sqlite_master WHERE type = 'index' AND sql LIKE '% WHERE %'"
	}
	must(t, s.View(context.Background(), func(tx *store.Tx) error {
		rows, err := readAll(tx, sql, nil)
		for _, row := range rows {
			names = append(names, fmt.Sprint(row[0]))
		}
		return err
	}))
	return names
}

// TestSpeechOfQueries: the common subset of the two engines, and what the
// pipeline of PostgreSQL relies on.
func TestSpeechOfQueries(t *testing.T) {
	for _, q := range queries(t) {
		for _, ban := range []struct{ pattern, why string }{
			{`::`, "write CAST"},
			{`(?i)\bnow\(\)|current_timestamp`, "instants come in as arguments"},
			{`(?i)select \*|returning \*`, "name the columns"},
			{`(?i)\bany\s*\(|\barray\b`, "SQLite has no arrays"},
			{`(?i)with .*\b(insert|update|delete)\b`, "a WITH may only read"},
			{`(?i)\bfor update\b`, "guard the write instead"},
		} {
			if regexp.MustCompile(ban.pattern).MatchString(q.sql) {
				t.Errorf("%s: %s: %s", q.name, ban.pattern, ban.why)
			}
		}
		if !slices.Contains([]string{":one", ":many", ":exec"}, q.kind) {
			t.Errorf("%s is %s: what a deferred statement touched is unknown; use :one with RETURNING", q.name, q.kind)
		}
	}
	files, err := filepath.Glob("migrations/*.sql")
	must(t, err)
	for _, file := range files {
		text, err := os.ReadFile(file)
		must(t, err)
		if m := regexp.MustCompile(`(?i)\b(timestamptz?|serial|bigserial|jsonb?|uuid|autoincrement|without rowid|create trigger)\b`).Find(text); m != nil {
			t.Errorf("%s: %s is not in the common subset", file, m)
		}
	}
}
