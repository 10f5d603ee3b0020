package store

import (
	"strconv"
	"strings"
)

// manyIDs is how many things one statement asks about, of which sqlc can write
// only those about one.
const manyIDs = 24

// manyTexts are the statements that ask about many, for the tests of all queries.
var manyTexts []string

// manyOf is such a statement. $ids stands for the places of the ids; what else it
// is told follows them.
func manyOf(name, sql string) string {
	places := make([]string, manyIDs)
	for i := range places {
		places[i] = "$" + strconv.Itoa(i+1)
	}
	text := "-- name: " + name + " :many\n" + strings.Replace(sql, "$ids", strings.Join(places, ", "), 1)
	manyTexts = append(manyTexts, text)
	return text
}

// manyAtOnce asks about any number of things in parts of manyIDs; the last is
// filled up with ids that nothing has.
func manyAtOnce[N ~string](ids []N, ask func(args []any) error) error {
	for len(ids) > 0 {
		n := min(len(ids), manyIDs)
		args := make([]any, manyIDs)
		for i := range args {
			args[i] = ""
			if i < n {
				args[i] = string(ids[i])
			}
		}
		if err := ask(args); err != nil {
			return err
		}
		ids = ids[n:]
	}
	return nil
}

// askMany hands every row about some things to take.
func askMany[N ~string](tx *Tx, text string, ids []N, take func(scan func(dest ...any) error) error, more ...any) error {
	return manyAtOnce(ids, func(args []any) error {
		rows, err := tx.conn.Query(tx.ctx, text, append(args, more...)...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			if err := take(rows.Scan); err != nil {
				return err
			}
		}
		return rows.Err()
	})
}

// whole tells whether each of the things was found.
func whole[N ~string, V any](ids []N, found map[N]V) error {
	for _, id := range ids {
		if _, ok := found[id]; !ok {
			return ErrNotFound
		}
	}
	return nil
}
