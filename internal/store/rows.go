package store

import (
	"strconv"
	"strings"
)

// rows is an INSERT of several rows in one statement, of which sqlc can write
// only those with a fixed number. The texts are put together once.
type rows struct {
	width int
	texts [mostRows]string // for one row, for two, …
}

// mostRows is how many rows travel in one statement.
const mostRows = 16

// insertOf makes the statements. into names table and columns, tail follows the
// rows.
func insertOf(name, into, tail string) *rows {
	r := &rows{width: 1 + strings.Count(into, ",")}
	var values strings.Builder
	for i := range mostRows {
		for column := range r.width {
			lead := ", "
			switch {
			case column == 0 && i == 0:
				lead = "("
			case column == 0:
				lead = ", ("
			}
			values.WriteString(lead + "$" + strconv.Itoa(i*r.width+column+1))
		}
		values.WriteByte(')')
		r.texts[i] = "-- name: " + name + " :exec\nINSERT INTO " + into + " VALUES " + values.String() + " " + tail
	}
	return r
}

// insert writes rows whose values follow each other.
func (tx *Tx) insert(r *rows, values []any) error {
	return r.each(values, func(text string, part []any) error {
		_, err := tx.conn.Exec(tx.ctx, text, part...)
		return err
	})
}

// insertSome is insert for a tail that passes over some rows and returns one
// text of each of the others; those it returns.
func (tx *Tx) insertSome(r *rows, values []any) (written []string, err error) {
	err = r.each(values, func(text string, part []any) error {
		found, err := tx.conn.Query(tx.ctx, text, part...)
		if err != nil {
			return err
		}
		defer found.Close()
		for found.Next() {
			var name string
			if err := found.Scan(&name); err != nil {
				return err
			}
			written = append(written, name)
		}
		return found.Err()
	})
	return written, err
}

func (r *rows) each(values []any, do func(text string, part []any) error) error {
	for len(values) > 0 {
		n := min(len(values)/r.width, mostRows)
		if err := do(r.texts[n-1], values[:n*r.width]); err != nil {
			return err
		}
		values = values[n*r.width:]
	}
	return nil
}
