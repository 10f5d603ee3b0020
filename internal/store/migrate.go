package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
)

// The schema, one file per change; a file that was released never changes.
//
//go:embed migrations/*.sql
var migrations embed.FS

// Schema returns the migration files.
func Schema() fs.FS { return migrations }

type migrator struct {
	*goose.Provider
	close func() error
}

func newMigrator(d goose.Dialect, db *sql.DB, options ...goose.ProviderOption) (*migrator, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	p, err := goose.NewProvider(d, db, files, append(options, goose.WithDisableGlobalRegistry(true))...)
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	return &migrator{Provider: p, close: func() error { return nil }}, nil
}

// Migrate brings the schema to this program's version. Several processes may
// try at once on PostgreSQL; one of them does it.
func (s *Store) Migrate(ctx context.Context) error {
	m, err := s.engine.migrator(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = m.close() }()
	done, err := m.Up(ctx)
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	for _, r := range done {
		s.log.InfoContext(ctx, "migrated", "version", r.Source.Version, "took", r.Duration)
	}
	return nil
}

// Pending reports whether Migrate has something to do.
func (s *Store) Pending(ctx context.Context) (bool, error) {
	m, err := s.engine.migrator(ctx)
	if err != nil {
		return false, err
	}
	defer func() { _ = m.close() }()
	return m.HasPending(ctx)
}
