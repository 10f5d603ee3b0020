package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/pressly/goose/v3"
	driver "modernc.org/sqlite"
)

// liteMigrator opens the file once more, through database/sql, since that is
// what goose speaks; nothing else does.
func liteMigrator(ctx context.Context, path string, more ...string) (*migrator, error) {
	db, err := openDriver(ctx, path, more...)
	if err != nil {
		return nil, err
	}
	m, err := newMigrator(goose.DialectSQLite3, db)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	m.close = db.Close
	return m, nil
}

var escapePath = strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23")

func openDriver(ctx context.Context, path string, more ...string) (*sql.DB, error) {
	query := fmt.Sprintf("mode=rw&_txlock=immediate&_pragma=busy_timeout(%d)", busyTimeout.Milliseconds())
	for _, list := range [][]string{settings, more} {
		for _, s := range list {
			query += "&_pragma=" + url.QueryEscape(s)
		}
	}
	connector, err := driver.NewConnector("file:" + escapePath.Replace(path) + "?" + query)
	if err != nil {
		return nil, fmt.Errorf("store: %s: %w", path, err)
	}
	db := sql.OpenDB(connector)
	db.SetMaxOpenConns(1)
	if err := db.PingContext(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("store: cannot open %s: %w", path, err), db.Close())
	}
	return db, nil
}
