package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"guildhall/internal/app"
	"guildhall/internal/store"
)

type rehearseCmd struct {
	From  string `help:"The SQLite database of a real house, to be copied."`
	Files string `help:"Its folder of files. Default: files beside the database." type:"path"`
	Mark  string `help:"A PostgreSQL database that is a copy already: only mark it, for ever."`
	Data  string `default:"rehearsal" help:"Folder for the copy; it must not hold a database yet." type:"path"`
}

// errServer says how a server's database is rehearsed on.
var errServer = errors.New(`a PostgreSQL database is copied with its own tools; then mark the copy, for example:

    createdb rehearsal && pg_dump REAL | psql rehearsal
    guildhall rehearse --mark postgres:///rehearsal --data FOLDER
    guildhall serve --database postgres:///rehearsal --data FOLDER

and copy the folder "files" of the real house into FOLDER. A database that is marked can never be a real house again`)

// Run copies a house and marks the copy as a rehearsal, for ever. The real one
// is only read, and may be open meanwhile.
func (c *rehearseCmd) Run(ctx context.Context) error {
	switch {
	case c.Mark != "":
		return markHouse(ctx, app.Config{Data: c.Data, Database: c.Mark})
	case c.From == "":
		return errors.New("say which database to rehearse on: --from FILE, or --mark postgres://… for a copy made already")
	case strings.HasPrefix(c.From, "postgres://"), strings.HasPrefix(c.From, "postgresql://"):
		return errServer
	}
	if _, err := os.Stat(c.From); err != nil {
		return err
	}
	copied := filepath.Join(c.Data, databaseFile)
	if _, err := os.Stat(copied); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s exists already; choose another folder with --data", copied)
	}
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return err
	}
	if err := copyHouse(ctx, c.From, copied); err != nil {
		return errors.Join(err, os.RemoveAll(copied))
	}
	if c.Files == "" {
		c.Files = filepath.Join(filepath.Dir(c.From), "files")
	}
	if err := copyFiles(c.Files, filepath.Join(c.Data, "files")); err != nil {
		return err
	}
	return markHouse(ctx, app.Config{Data: c.Data})
}

func markHouse(ctx context.Context, config app.Config) error {
	config.Migrate, config.Rehearse, config.Log = true, true, silent
	a, err := app.Open(ctx, config)
	if err != nil {
		return err
	}
	fmt.Printf("%s is a rehearsal for ever: its clock can be moved, and it writes to nobody.\n", a.Config().Database)
	return a.Close()
}

func copyHouse(ctx context.Context, from, to string) error {
	real, err := store.Open(ctx, from, store.Options{Logger: silent})
	if err != nil {
		return err
	}
	return errors.Join(real.CopyTo(ctx, to), real.Close())
}

func copyFiles(from, to string) error {
	if _, err := os.Stat(from); errors.Is(err, fs.ErrNotExist) {
		fmt.Fprintf(os.Stderr, "There is no folder %s: the copy has no files.\n", from)
		return nil
	}
	return os.CopyFS(to, os.DirFS(from))
}
