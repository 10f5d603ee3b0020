package store

import (
	"context"
	"database/sql"
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
	write *sql.DB // one connection; nil when opened read-only
	read  *sql.DB
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

func openSQLite(ctx context.Context, path string, o Options) (*lite, error) {
	e := &lite{log: o.Logger, queue: make(chan *turn, waitingTurns), quit: make(chan struct{}), dead: make(chan struct{})}
	if !o.ReadOnly {
		db, err := openLite(ctx, path, 1, "mode=rwc", "journal_mode(WAL)", "synchronous(FULL)",
			"wal_autocheckpoint(16000)", "cache_size(-16000)")
		if err != nil {
			return nil, err
		}
		e.write = db
	}
	db, err := openLite(ctx, path, o.MaxReaders, "mode=rw", "query_only(1)", "cache_size(-4000)")
	if err != nil {
		if e.write != nil {
			_ = e.write.Close()
		}
		return nil, err
	}
	e.read = db
	if e.write == nil {
		close(e.dead)
	} else {
		go e.writer()
	}
	return e, nil
}

var escapePath = strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23")

func openLite(ctx context.Context, path string, conns int, mode string, pragmas ...string) (*sql.DB, error) {
	pragmas = append([]string{"busy_timeout(10000)", "foreign_keys(1)", "temp_store(2)", "mmap_size(0)"}, pragmas...)
	query := mode + "&_txlock=immediate"
	for _, p := range pragmas {
		query += "&_pragma=" + url.QueryEscape(p)
	}
	connector, err := sqlite.NewConnector("file:" + escapePath.Replace(path) + "?" + query)
	if err != nil {
		return nil, fmt.Errorf("store: %s: %w", path, err)
	}
	db := sql.OpenDB(liteConnector{connector})
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	if err := db.PingContext(ctx); err != nil {
		_ = db.Close()
		return nil, fmt.Errorf("store: cannot open %s: %w", path, err)
	}
	return db, nil
}

func (e *lite) name() string { return "sqlite" }

func (e *lite) listen(ctx context.Context, wake func(string)) { e.hub.listen(ctx, wake) }

func (e *lite) migrator() (*migrator, error) {
	if e.write == nil {
		return newMigrator(goose.DialectSQLite3, e.read)
	}
	return newMigrator(goose.DialectSQLite3, e.write)
}

func (e *lite) close() error {
	e.once.Do(func() { close(e.quit) })
	<-e.dead
	err := e.read.Close()
	if e.write != nil {
		// The last connection to close folds the log back into the file.
		if werr := e.write.Close(); err == nil {
			err = werr
		}
	}
	return err
}

// view reads within one deferred transaction, which is a snapshot.
func (e *lite) view(ctx context.Context, fn func(*Tx) error) error {
	conn, err := e.read.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	return conn.Raw(func(raw any) error {
		c := raw.(*liteConn)
		if err := c.run(ctx, "BEGIN"); err != nil {
			return err
		}
		t := &liteTx{conn: c}
		defer func() {
			t.fail = errTxDone
			if err := c.run(context.WithoutCancel(ctx), "ROLLBACK"); err != nil {
				e.log.WarnContext(ctx, "could not end a reading transaction", "error", err)
			}
		}()
		tx := newTx(ctx, t, liteDialect)
		if err := guard(e.log, tx, fn); err != nil {
			return err
		}
		return t.fail
	})
}
