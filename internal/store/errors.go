package store

import (
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

var (
	// ErrNotFound says that a query for one row found none. It is also
	// pgx.ErrNoRows to errors.Is.
	ErrNotFound = fmt.Errorf("store: no such row: %w", pgx.ErrNoRows)

	// ErrStale says that a guarded write matched no row: somebody else wrote
	// first. Update answers it by running the function again.
	ErrStale = errors.New("store: the row has changed since it was read")

	// ErrReadOnly says that a write was tried in a View or in a store that was
	// opened to be read.
	ErrReadOnly = errors.New("store: read-only")

	// ErrBroken says that the disk failed beneath a write. What the operating
	// system still holds in memory cannot be trusted after that, so every
	// further write is refused until the process is started anew.
	ErrBroken = errors.New("store: the disk failed; no more writes until a restart")
)

// Duplicate says that a unique key is taken.
type Duplicate struct {
	Key   string // "table.column", or "table.column,column" in the order of the key
	cause error
}

func (d *Duplicate) Error() string { return "store: duplicate " + d.Key }
func (d *Duplicate) Unwrap() error { return d.cause }

// IsDuplicate reports whether err says that the unique key is taken. The key
// is written "members.email" or "idempotency.member_id,key".
func IsDuplicate(err error, key string) bool {
	var d *Duplicate
	return errors.As(err, &d) && d.Key == key
}

// Violation says that a row would break a CHECK, a NOT NULL or a foreign key:
// a defect in the program, since the rules should have refused it before.
type Violation struct {
	Kind  string // "check", "not null" or "foreign key"
	What  string // the engine's name of the constraint or column; may be empty
	cause error
}

func (v *Violation) Error() string {
	return fmt.Sprintf("store: %s violated: %s: %v", v.Kind, v.What, v.cause)
}
func (v *Violation) Unwrap() error { return v.cause }

// stale turns "no row" of a guarded write into ErrStale.
func stale(err error) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return ErrStale
	}
	return err
}

// errRetry marks failures after which the same transaction may succeed.
var errRetry = errors.New("lost against another transaction")

// places are the keys under which a history and a chain of entries count their
// rows, and those of what an import has brought in. Nobody chooses such a
// number: when it is taken, another writer of the same history, or another
// import of the same listing, came first.
var places = []string{"events.stream,seq", "entries.stream,no", "gig_sources.source,source_ref"}

// beaten reports whether another transaction came first.
func beaten(err error) bool {
	var d *Duplicate
	return errors.Is(err, ErrStale) || errors.Is(err, errRetry) || errors.As(err, &d) && contains(places, d.Key)
}

// translate is the one place where the engines' errors become ours. sql is the
// statement that failed; its name makes the error readable.
func translate(err error, sql string) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, pgx.ErrNoRows) {
		return ErrNotFound
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return named(fromPostgres(pg), sql)
	}
	return named(fromSQLite(err), sql)
}

// named adds the name of the query, which sqlc writes into its first line.
func named(err error, sql string) error {
	if name, ok := strings.CutPrefix(sql, "-- name: "); ok {
		name, _, _ = strings.Cut(name, " ")
		return fmt.Errorf("%s: %w", name, err)
	}
	return err
}

func contains(list []string, s string) bool { return slices.Contains(list, s) }

func stack() string { return string(debug.Stack()) }
