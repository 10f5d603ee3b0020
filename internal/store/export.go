package store

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// secrets are what an export leaves out: whoever holds it must not be able to
// sign in, answer a payment's second step or guess at a password. "" stands for
// the whole table.
var secrets = map[string][]string{
	"passwords": {"hash"},
	"sessions":  {""},
	"resets":    {""},
	"tokens":    {"token_hash"},
	"payments":  {"step"},

	"standing_shares": {"hash"},
}

// secretRows are the rows that an export leaves out, by the beginning of their
// key: keys of the house, letters that carry a link of one use.
var secretRows = map[string][]string{
	"house":   {"secret_", "set_up"},
	"letters": {"reset-"},
}

// Record is one row of an export.
type Record struct {
	Table  string
	Fields map[string]any // int64, string, or nil; truths are 0 and 1, bytes base64
}

// MarshalJSON writes the table first and the fields in the order of their names.
func (r Record) MarshalJSON() ([]byte, error) {
	fields, err := json.Marshal(r.Fields)
	if err != nil {
		return nil, err
	}
	return fmt.Appendf(nil, `{"table":%q,"row":%s}`, r.Table, fields), nil
}

// Export hands every row of every table to each, as of one moment: by table,
// within it by key, byte for byte the same on both engines. Secrets and hashes
// of secrets are left out. Where the connection breaks before the last row the
// export fails: what was handed out cannot be taken back and begun again.
func (s *Store) Export(ctx context.Context, each func(Record) error) error {
	begun := false
	return s.View(ctx, func(tx *Tx) error {
		tables, err := tx.tables()
		if err != nil {
			return err
		}
		if begun {
			return errors.New("store: the connection broke in the middle of an export: what was written is not whole, begin again")
		}
		begun = true
		for _, t := range tables {
			if err := tx.export(t, each); err != nil {
				return fmt.Errorf("store: export of %s: %w", t.name, err)
			}
		}
		return nil
	})
}

// table is what the database knows about one of its tables.
type table struct {
	name    string
	columns []string
	key     []string        // in the order of the primary key
	text    map[string]bool // columns that have to be told to sort by their bytes
}

// tables asks the database for its own shape, so that no table is forgotten.
func (tx *Tx) tables() ([]table, error) {
	rows, err := tx.conn.Query(tx.ctx, tx.dialect.columns)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	found := map[string]*table{}
	places := map[string]map[int64]string{}
	for rows.Next() {
		var name, column string
		var nullable, place int64
		if err := rows.Scan(&name, &column, &nullable, &place); err != nil {
			return nil, err
		}
		if found[name] == nil {
			found[name], places[name] = &table{name: name, text: map[string]bool{}}, map[int64]string{}
		}
		found[name].columns = append(found[name].columns, column)
		if place > 0 {
			places[name][place] = column
		}
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	if err := tx.markTexts(found); err != nil {
		return nil, err
	}
	list := make([]table, 0, len(found))
	for name, t := range found {
		slices.Sort(t.columns)
		for i := int64(1); places[name][i] != ""; i++ {
			t.key = append(t.key, places[name][i])
		}
		list = append(list, *t)
	}
	slices.SortFunc(list, func(a, b table) int { return strings.Compare(a.name, b.name) })
	return list, nil
}

func (tx *Tx) markTexts(found map[string]*table) error {
	if tx.dialect.texts == "" {
		return nil
	}
	rows, err := tx.conn.Query(tx.ctx, tx.dialect.texts)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var name, column string
		if err := rows.Scan(&name, &column); err != nil {
			return err
		}
		if t := found[name]; t != nil {
			t.text[column] = true
		}
	}
	return rows.Err()
}

func (tx *Tx) export(t table, each func(Record) error) error {
	hidden := secrets[t.name]
	if slices.Contains(hidden, "") {
		return nil
	}
	columns := slices.DeleteFunc(slices.Clone(t.columns), func(c string) bool { return slices.Contains(hidden, c) })
	order := make([]string, len(t.key))
	for i, column := range t.key {
		if order[i] = column; t.text[column] {
			order[i] += tx.dialect.textOrder
		}
	}
	sql := "-- name: Export :many\nSELECT " + strings.Join(columns, ", ") + " FROM " + t.name + " ORDER BY " + strings.Join(order, ", ")
	rows, err := tx.conn.Query(tx.ctx, sql)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		values, err := rows.Values()
		if err != nil {
			return err
		}
		r := Record{Table: t.name, Fields: make(map[string]any, len(columns))}
		for i, c := range columns {
			r.Fields[c] = plain(values[i])
		}
		if key, _ := r.Fields[t.key[0]].(string); secretRow(t.name, key) {
			continue
		}
		if err := each(r); err != nil {
			return err
		}
	}
	return rows.Err()
}

func secretRow(table, key string) bool {
	return slices.ContainsFunc(secretRows[table], func(start string) bool { return strings.HasPrefix(key, start) })
}

// plain says a value in the words that both engines share.
func plain(v any) any {
	switch v := v.(type) {
	case bool:
		if v {
			return int64(1)
		}
		return int64(0)
	case []byte:
		return base64.StdEncoding.EncodeToString(v)
	case int32:
		return int64(v)
	case int16:
		return int64(v)
	}
	return v
}
