package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
)

// lite is the SQLite engine: one writing connection fed by one goroutine, and
// a bounded pool of reading ones.
type lite struct {
	log   *slog.Logger
	path  string
	write *liteConn // nil when opened read-only
	read  *litePool
	hub   hub

	queue  chan *turn
	quit   chan struct{} // closed to ask the writer to end
	dead   chan struct{} // closed when it has ended
	broken atomic.Bool
	once   sync.Once
}

// waitingTurns bounds the queue before the writer; who comes later waits with
// its own context before the queue.
const waitingTurns = 1024

func openSQLite(path string, o Options) (*lite, error) {
	e := &lite{log: o.Logger, path: path, queue: make(chan *turn, waitingTurns), quit: make(chan struct{}), dead: make(chan struct{})}
	var err error
	if !o.ReadOnly {
		if e.write, err = openConn(path, true, walMode, fullSync, "wal_autocheckpoint(16000)", "cache_size(-16000)"); err != nil {
			return nil, err
		}
	}
	e.read, err = newPool(o.MaxReaders, func() (*liteConn, error) {
		return openConn(path, false, "query_only(1)", "cache_size(-4000)")
	})
	if err != nil {
		if e.write != nil {
			e.write.close()
		}
		return nil, err
	}
	if e.write == nil {
		close(e.dead)
	} else {
		go e.writer()
	}
	return e, nil
}

// How a served database is kept.
const (
	walMode  = "journal_mode(WAL)"
	fullSync = "synchronous(FULL)"
)

var escapePath = strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23")

// openDriver opens the file through database/sql, for the migrations and for
// what is done once in a while.
func openDriver(ctx context.Context, path string, pragmas ...string) (*sql.DB, error) {
	query := "mode=rw&_txlock=immediate"
	for _, p := range append([]string{"busy_timeout(10000)", "foreign_keys(1)", "temp_store(2)", "mmap_size(0)"}, pragmas...) {
		query += "&_pragma=" + url.QueryEscape(p)
	}
	connector, err := sqlite.NewConnector("file:" + escapePath.Replace(path) + "?" + query)
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

func (e *lite) name() string { return "sqlite" }

func (e *lite) listen(ctx context.Context, wake func(string)) { e.hub.listen(ctx, wake) }

func (e *lite) migrator(ctx context.Context) (*migrator, error) {
	if e.write == nil {
		return liteMigrator(ctx, e.path, "query_only(1)")
	}
	return liteMigrator(ctx, e.path, walMode, fullSync)
}

func liteMigrator(ctx context.Context, path string, pragmas ...string) (*migrator, error) {
	db, err := openDriver(ctx, path, pragmas...)
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

func (e *lite) close() error {
	e.once.Do(func() {
		close(e.quit)
		<-e.dead
		e.read.close()
		if e.write != nil {
			e.write.close() // the last connection to close folds the log back into the file
		}
	})
	return nil
}

// view reads within one deferred transaction, which is a snapshot.
func (e *lite) view(ctx context.Context, fn func(*Tx) error) error {
	c, err := e.read.take(ctx)
	if err != nil {
		return err
	}
	defer e.read.give(c)
	if err := c.run("BEGIN"); err != nil {
		return err
	}
	leave := c.heed(ctx)
	t := &liteTx{conn: c}
	defer func() {
		leave()
		t.fail = errTxDone
		if err := c.run("ROLLBACK"); err != nil {
			e.log.WarnContext(ctx, "could not end a reading transaction", "error", err)
		}
	}()
	if err := guard(e.log, newTx(ctx, t, liteDialect), fn); err != nil {
		return err
	}
	return t.fail
}
