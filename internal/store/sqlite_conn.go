package store

import (
	"context"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
	"time"

	"modernc.org/libc"
	"modernc.org/libc/sys/types"
	sqlite3 "modernc.org/sqlite/lib"
)

// liteConn is a connection to an SQLite file that speaks to the library itself:
// the driver for database/sql asks for the name of each parameter and the name
// and declared type of each column with every statement, which costs more than
// most statements do. It remembers its prepared statements. One goroutine uses
// it at a time, so SQLite need not lock it.
type liteConn struct {
	tls    *libc.TLS
	db     uintptr
	out    uintptr // room for two pointers that a call returns
	stmts  map[string]*liteStmt
	values []any // of the statement that is being bound
}

// word is the size of a pointer.
const word = strconv.IntSize / 8

// openConn opens a connection and sets it up with pragmas, as "name(value)".
func openConn(path string, create bool, pragmas ...string) (*liteConn, error) {
	c := &liteConn{tls: libc.NewTLS(), stmts: make(map[string]*liteStmt)}
	err := c.open(path, create)
	for _, p := range append([]string{"busy_timeout(10000)", "foreign_keys(1)", "temp_store(2)", "mmap_size(0)"}, pragmas...) {
		if err == nil {
			err = c.once("PRAGMA " + p)
		}
	}
	if err != nil {
		c.close()
		return nil, fmt.Errorf("store: cannot open %s: %w", path, err)
	}
	return c, nil
}

func (c *liteConn) open(path string, create bool) error {
	name, err := libc.CString(path)
	if err != nil {
		return err
	}
	defer libc.Xfree(c.tls, name)
	if c.out = libc.Xmalloc(c.tls, 2*word); c.out == 0 {
		return &liteError{code: sqlite3.SQLITE_NOMEM}
	}
	flags := int32(sqlite3.SQLITE_OPEN_READWRITE | sqlite3.SQLITE_OPEN_NOMUTEX)
	if create {
		flags |= sqlite3.SQLITE_OPEN_CREATE
	}
	rc := sqlite3.Xsqlite3_open_v2(c.tls, name, c.out, flags, 0)
	c.db = pointer(c.out)
	if rc != sqlite3.SQLITE_OK {
		return c.failure(rc)
	}
	sqlite3.Xsqlite3_extended_result_codes(c.tls, c.db, 1)
	return nil
}

// pointer reads what a call wrote.
func pointer(at uintptr) uintptr {
	b := libc.GoBytes(at, word)
	if word == 8 {
		return uintptr(binary.NativeEndian.Uint64(b))
	}
	return uintptr(binary.NativeEndian.Uint32(b))
}

// liteError is a code of SQLite with its words.
type liteError struct {
	code int
	text string
}

func (e *liteError) Error() string { return fmt.Sprintf("%s (%d)", e.text, e.code) }

// Code is the extended code.
func (e *liteError) Code() int { return e.code }

// failure is the last error on the connection.
func (c *liteConn) failure(rc int32) error {
	text := libc.GoString(sqlite3.Xsqlite3_errstr(c.tls, rc))
	if c.db != 0 {
		if more := libc.GoString(sqlite3.Xsqlite3_errmsg(c.tls, c.db)); more != text {
			text += ": " + more
		}
	}
	return &liteError{code: int(rc), text: text}
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
	s, err := c.compile(sql)
	if err != nil {
		return nil, err
	}
	s.extra = kept != nil
	if !s.extra {
		if len(c.stmts) >= manyStatements {
			c.forget()
		}
		c.stmts[sql] = s
	}
	return s, nil
}

// onlyWhether ends a write that is to tell whether it touched its row. SQLite
// knows that anyway: with such a clause it would build a table for the answer,
// and keep what undoes the statement.
const onlyWhether = "\nRETURNING 1"

func (c *liteConn) compile(sql string) (*liteStmt, error) {
	sql, whether := strings.CutSuffix(strings.TrimSpace(sql), onlyWhether)
	whether = whether && !strings.HasPrefix(sql, "EXPLAIN")
	text, err := libc.CString(sql)
	if err != nil {
		return nil, err
	}
	defer libc.Xfree(c.tls, text)
	rc := sqlite3.Xsqlite3_prepare_v3(c.tls, c.db, text, int32(len(sql)+1), sqlite3.SQLITE_PREPARE_PERSISTENT, c.out, c.out+word)
	if rc != sqlite3.SQLITE_OK {
		return nil, c.failure(rc)
	}
	s := &liteStmt{conn: c, handle: pointer(c.out), whether: whether}
	if rest := sql[pointer(c.out+word)-text:]; s.handle == 0 || strings.TrimSpace(rest) != "" {
		s.close()
		return nil, fmt.Errorf("not one statement, but %q", sql)
	}
	s.writes = sqlite3.Xsqlite3_stmt_readonly(c.tls, s.handle) == 0
	return s, s.nameArguments()
}

// once executes a statement that has no arguments and is not needed again.
func (c *liteConn) once(sql string) error {
	s, err := c.compile(sql)
	if err != nil {
		return err
	}
	defer s.close()
	return s.exec(nil)
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
func (c *liteConn) idle() bool { return sqlite3.Xsqlite3_get_autocommit(c.tls, c.db) != 0 }

// interruptEvery is the pause between two interrupts: SQLite forgets one that
// comes between two statements.
const interruptEvery = 5 * time.Millisecond

// changed is how many rows the last statement that writes has touched.
func (c *liteConn) changed() int64 { return sqlite3.Xsqlite3_changes64(c.tls, c.db) }

// heed interrupts what runs on the connection once ctx ends. The returned
// function has it heed no longer.
func (c *liteConn) heed(ctx context.Context) (leave func()) {
	if ctx.Done() == nil {
		return func() {}
	}
	over, gone := make(chan struct{}), make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(gone)
		tls := libc.NewTLS() // that of the connection is in use
		defer tls.Close()
		again := time.NewTicker(interruptEvery)
		defer again.Stop()
		for {
			sqlite3.Xsqlite3_interrupt(tls, c.db)
			select {
			case <-over:
				return
			case <-again.C:
			}
		}
	})
	return func() {
		if !stop() {
			close(over)
			<-gone
		}
	}
}

func (c *liteConn) forget() {
	for sql, stmt := range c.stmts {
		if !stmt.busy {
			stmt.close()
			delete(c.stmts, sql)
		}
	}
}

// close rolls back what is open.
func (c *liteConn) close() {
	for _, stmt := range c.stmts {
		stmt.close()
	}
	if c.db != 0 {
		sqlite3.Xsqlite3_close_v2(c.tls, c.db)
	}
	libc.Xfree(c.tls, c.out)
	c.tls.Close()
}

// room is memory of SQLite's side, at least n bytes of it.
func (c *liteConn) room(n int) (uintptr, error) {
	p := libc.Xmalloc(c.tls, types.Size_t(n))
	if p == 0 {
		return 0, &liteError{code: sqlite3.SQLITE_NOMEM, text: "out of memory"}
	}
	return p, nil
}
