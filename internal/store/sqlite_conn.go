package store

import (
	"context"
	"database/sql/driver"
	"fmt"
)

// liteConn is a connection of the driver that remembers its prepared
// statements. It is used by one goroutine at a time: the pool of database/sql
// hands it out, and inside sql.Conn.Raw it belongs to one transaction.
type liteConn struct {
	rawConn
	stmts map[string]*liteStmt
}

// rawConn is what the driver's connection can do and the pool makes use of.
type rawConn interface {
	driver.Conn
	driver.ConnPrepareContext
	driver.ConnBeginTx
	driver.ExecerContext
	driver.QueryerContext
	driver.SessionResetter
	driver.Validator
	driver.Pinger
}

type liteStmt struct {
	rawStmt
	busy  bool // its rows are being read
	extra bool // not kept: the kept one of the same text was busy
}

type rawStmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// liteConnector opens connections of the kind above.
type liteConnector struct{ driver.Connector }

func (c liteConnector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	raw, ok := conn.(rawConn)
	if !ok {
		return nil, fmt.Errorf("store: the SQLite driver's %T lacks a method", conn)
	}
	return &liteConn{rawConn: raw, stmts: make(map[string]*liteStmt)}, nil
}

// manyStatements bounds what is kept; filters put together at run time could
// make ever new texts.
const manyStatements = 1000

func (c *liteConn) prepare(ctx context.Context, sql string) (*liteStmt, error) {
	kept := c.stmts[sql]
	if kept != nil && !kept.busy {
		return kept, nil
	}
	s, err := c.PrepareContext(ctx, sql)
	if err != nil {
		return nil, err
	}
	raw, ok := s.(rawStmt)
	if !ok {
		return nil, fmt.Errorf("store: the SQLite driver's %T lacks a method", s)
	}
	stmt := &liteStmt{rawStmt: raw, extra: kept != nil}
	if !stmt.extra {
		if len(c.stmts) >= manyStatements {
			c.forget()
		}
		c.stmts[sql] = stmt
	}
	return stmt, nil
}

// bind prepares sql and turns its arguments into values.
func (c *liteConn) bind(ctx context.Context, sql string, args []any) (*liteStmt, []driver.NamedValue, error) {
	values := make([]driver.NamedValue, len(args))
	for i, arg := range args {
		v, err := value(arg)
		if err != nil {
			return nil, nil, fmt.Errorf("$%d: %w", i+1, err)
		}
		values[i] = driver.NamedValue{Ordinal: i + 1, Value: v}
	}
	stmt, err := c.prepare(ctx, sql)
	return stmt, values, err
}

// run executes a statement that has no arguments, such as BEGIN.
func (c *liteConn) run(ctx context.Context, sql string) error {
	stmt, err := c.prepare(ctx, sql)
	if err == nil {
		_, err = stmt.ExecContext(ctx, nil)
		stmt.release()
	}
	return translate(err, sql)
}

func (c *liteConn) forget() {
	for sql, stmt := range c.stmts {
		if !stmt.busy {
			_ = stmt.Close()
			delete(c.stmts, sql)
		}
	}
}

// Close closes the statements, which the driver would leak, then the
// connection.
func (c *liteConn) Close() error {
	for _, stmt := range c.stmts {
		_ = stmt.Close()
	}
	return c.rawConn.Close()
}

func (s *liteStmt) release() {
	s.busy = false
	if s.extra {
		_ = s.Close()
	}
}
