package storetest

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"guildhall/internal/store"
)

// PostgresURL returns the URL of a fresh, migrated database that is dropped at
// the end of the test.
func PostgresURL(t testing.TB) string {
	t.Helper()
	server, err := sharedServer()
	if errors.Is(err, errNoServer) && os.Getenv("CI") != "true" {
		t.Skip("SKIPPED, NOT PASSED: no PostgreSQL here; set GUILDHALL_TEST_PG or install the server")
	}
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	admin, err := pgx.Connect(ctx, server.url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = admin.Close(ctx) }()
	name := "test_" + strings.ToLower(rand.Text())
	if _, err := admin.Exec(ctx, "CREATE DATABASE "+name+" TEMPLATE "+server.template); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { drop(t, server.url, name) })
	return database(server.url, name)
}

// Cut breaks every connection to a database, as a restart of the server does.
func Cut(t testing.TB, url string) {
	t.Helper()
	ctx := context.Background()
	admin, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = admin.Close(ctx) }()
	if _, err := admin.Exec(ctx, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
		WHERE datname = current_database() AND pid <> pg_backend_pid()`); err != nil {
		t.Fatal(err)
	}
}

func drop(t testing.TB, server, name string) {
	ctx := context.Background()
	admin, err := pgx.Connect(ctx, server)
	if err != nil {
		t.Errorf("dropping %s: %v", name, err)
		return
	}
	defer func() { _ = admin.Close(ctx) }()
	if _, err := admin.Exec(ctx, "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
		t.Errorf("dropping %s: %v", name, err)
	}
}

// database returns the URL of another database of the same server.
func database(server, name string) string {
	u, err := url.Parse(server)
	if err != nil {
		panic(err) // it was used to connect before
	}
	u.Path = "/" + name
	return u.String()
}

type server struct {
	own      *Server // kept here, since a forgotten one would be collected and end
	url      string  // of a database from which others can be made
	template string  // the migrated database to copy
}

var sharedServer = sync.OnceValues(func() (server, error) {
	s := server{url: os.Getenv("GUILDHALL_TEST_PG")}
	var err error
	if s.url == "" {
		if s.own, err = Start(); err != nil {
			return server{}, err
		}
		s.url = s.own.URL
	}
	s.template, err = makeTemplate(s.url)
	return s, err
})

// makeTemplate makes the migrated database, once per server and schema, also
// when several processes want it at the same moment.
func makeTemplate(server string) (string, error) {
	ctx := context.Background()
	name, err := templateName()
	if err != nil {
		return "", err
	}
	admin, err := pgx.Connect(ctx, server)
	if err != nil {
		return "", fmt.Errorf("storetest: %w", err)
	}
	defer func() { _ = admin.Close(ctx) }() // ends the lock too
	if _, err := admin.Exec(ctx, "SELECT pg_advisory_lock(1868851564)"); err != nil {
		return "", err
	}
	var ready bool
	err = admin.QueryRow(ctx, "SELECT datistemplate FROM pg_database WHERE datname = $1", name).Scan(&ready)
	if ready || err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return name, err
	}
	// A half-made one is left behind by a process that was killed.
	for _, sql := range []string{"DROP DATABASE IF EXISTS " + name + " WITH (FORCE)", "CREATE DATABASE " + name} {
		if _, err := admin.Exec(ctx, sql); err != nil {
			return "", err
		}
	}
	if err := migrate(database(server, name)); err != nil {
		return "", err
	}
	_, err = admin.Exec(ctx, "ALTER DATABASE "+name+" IS_TEMPLATE true ALLOW_CONNECTIONS false")
	return name, err
}

// templateName changes with the schema.
func templateName() (string, error) {
	sum := sha256.New()
	err := fs.WalkDir(store.Schema(), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(store.Schema(), path)
		fmt.Fprintf(sum, "%s\n%s\n", path, text)
		return err
	})
	return "guildhall_" + hex.EncodeToString(sum.Sum(nil)[:8]), err
}
