package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"zombiezen.com/go/sqlite"
)

// liteConn is a connection to an SQLite file that remembers its prepared
// statements. One goroutine uses it at a time, and SQLite does not lock it.
type liteConn struct {
	db     *sqlite.Conn
	writes bool // it may create the file, and heeds no context
	stmts  map[string]*liteStmt
}

// busyTimeout is how long a statement waits for another process to let go of
// the file.
const busyTimeout = 10 * time.Second

// settings are what every connection to an SQLite file starts with.
var settings = []string{"foreign_keys(1)", "temp_store(2)", "mmap_size(0)"}

// openConn opens a connection and sets it up with more settings, written as
// "name(value)".
func openConn(path string, writes bool, more ...string) (*liteConn, error) {
	flags := sqlite.OpenReadWrite
	if writes {
		flags |= sqlite.OpenCreate
	}
	db, err := sqlite.OpenConn(path, flags)
	if err != nil {
		return nil, fmt.Errorf("store: cannot open %s: %w", path, err)
	}
	// The library would wait for ever.
	db.SetBusyTimeout(busyTimeout)
	c := &liteConn{db: db, writes: writes, stmts: make(map[string]*liteStmt)}
	for _, list := range [][]string{settings, more} {
		for _, s := range list {
			if err := c.once("PRAGMA " + s); err != nil {
				return nil, errors.Join(fmt.Errorf("store: cannot open %s: %w", path, err), c.close())
			}
		}
	}
	return c, nil
}

// manyStatements bounds what is kept; filters put together at run time could
// make ever new texts.
const manyStatements = 1000

// prepare returns a statement that is free to be used.
func (c *liteConn) prepare(sql string) (*liteStmt, error) {
	kept := c.stmts[sql]
	if kept != nil && !kept.busy {
		return kept, nil
	}
	// What the library knows to stay, it looks through whenever it is told
	// whom to heed.
	s, err := compile(c.db, sql, kept == nil && c.writes)
	if err != nil {
		return nil, err
	}
	if kept != nil {
		s.extra = true
		return s, nil
	}
	if len(c.stmts) >= manyStatements {
		c.forget()
	}
	c.stmts[sql] = s
	return s, nil
}

// once executes a statement that is not needed again.
func (c *liteConn) once(sql string, args ...any) error {
	s, err := compile(c.db, sql, false)
	if err != nil {
		return err
	}
	return errors.Join(s.exec(args), s.stmt.Finalize())
}

// run executes a statement that has no arguments, such as BEGIN.
func (c *liteConn) run(sql string) error {
	s, err := c.prepare(sql)
	if err == nil {
		err = s.exec(nil)
		s.release()
	}
	return translate(err, sql)
}

// idle tells whether no transaction is open.
func (c *liteConn) idle() bool { return c.db.AutocommitEnabled() }

// heed interrupts what runs on the connection, and refuses what comes later,
// once ctx ends. The returned function has it heed ctx no longer.
func (c *liteConn) heed(ctx context.Context) (leave func()) {
	end := ctx.Done()
	if end == nil {
		return func() {}
	}
	c.db.SetInterrupt(end)
	return func() { c.db.SetInterrupt(nil) }
}

func (c *liteConn) forget() {
	for sql, s := range c.stmts {
		if !s.busy {
			_ = s.stmt.Finalize() // tells once more what its last use told
			delete(c.stmts, sql)
		}
	}
}

// close rolls back what is open.
func (c *liteConn) close() error {
	for _, s := range c.stmts {
		_ = s.stmt.Finalize()
	}
	return c.db.Close()
}
