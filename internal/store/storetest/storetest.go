// Package storetest gives tests a fresh, migrated store on each engine.
//
// It owns the search for a PostgreSQL server to test against and the life of
// the one it starts itself. The flow: the first test of a process makes an
// empty migrated database once, on each engine; every test gets a copy of it,
// which takes milliseconds. Several test binaries may share a server, since
// every test has a database of its own.
//
// The server is looked for in this order: the URL in GUILDHALL_TEST_PG; an
// initdb on PATH or in the distribution's folder, started for this process
// without durability; else PostgreSQL is skipped with a loud line, or fails
// where CI is set. Only tests and storetest/pg import it.
package storetest

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"guildhall/internal/store"
)

// Each runs the test once on a fresh SQLite and once on a fresh PostgreSQL
// database, as subtests named after the engines.
func Each(t *testing.T, test func(t *testing.T, s *store.Store)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { test(t, Postgres(t)) })
}

// EachWay is Each, and runs the test once more on an SQLite database that is
// being built.
func EachWay(t *testing.T, test func(t *testing.T, s *store.Store)) {
	t.Helper()
	Each(t, test)
	t.Run("building", func(t *testing.T) { test(t, Building(t, SQLitePath(t))) })
}

// Building opens an SQLite database for making up a market in it.
func Building(t testing.TB, path string) *store.Store {
	t.Helper()
	return open(t, path, store.Options{Logger: slog.New(slog.DiscardHandler), Building: true})
}

// SQLite returns a fresh store in a directory of the test.
func SQLite(t testing.TB) *store.Store {
	t.Helper()
	return Open(t, SQLitePath(t))
}

// SQLitePath returns the path of a fresh, migrated database.
func SQLitePath(t testing.TB) string {
	t.Helper()
	image, err := sqliteImage()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "guildhall.db")
	if err := os.WriteFile(path, image, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// Postgres returns a fresh store on a server; see the package about which.
func Postgres(t testing.TB) *store.Store {
	t.Helper()
	return Open(t, PostgresURL(t))
}

// Open opens the database for the length of the test.
func Open(t testing.TB, url string) *store.Store {
	t.Helper()
	return open(t, url, store.Options{Logger: slog.New(slog.DiscardHandler)})
}

func open(t testing.TB, url string, o store.Options) *store.Store {
	t.Helper()
	s, err := store.Open(context.Background(), url, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("closing the store: %v", err)
		}
	})
	return s
}

// sqliteImage is the file of an empty migrated database.
var sqliteImage = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "guildhall-sqlite-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	path := filepath.Join(dir, "image.db")
	if err := migrate(path); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

func migrate(url string) error {
	ctx := context.Background()
	s, err := store.Open(ctx, url, store.Options{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	if err := s.Migrate(ctx); err != nil {
		_ = s.Close()
		return err
	}
	return s.Close()
}
