package store

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
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

// How a served database is kept.
const (
	logged    = "journal_mode(WAL)"
	durable   = "synchronous(FULL)"
	onlyReads = "query_only(1)"
)

func openSQLite(path string, o Options) (*lite, error) {
	e := &lite{
		log: o.Logger, path: path,
		queue: make(chan *turn, waitingTurns), quit: make(chan struct{}), dead: make(chan struct{}),
	}
	var err error
	if !o.ReadOnly {
		if e.write, err = openConn(path, true, logged, durable, "wal_autocheckpoint(16000)", "cache_size(-16000)"); err != nil {
			return nil, err
		}
	}
	e.read, err = newPool(o.MaxReaders, func() (*liteConn, error) {
		return openConn(path, false, onlyReads, "cache_size(-4000)")
	})
	if err != nil {
		if e.write != nil {
			err = errors.Join(err, e.write.close())
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

func (e *lite) name() string { return "sqlite" }

func (e *lite) listen(ctx context.Context, wake func(string)) { e.hub.listen(ctx, wake) }

func (e *lite) migrator(ctx context.Context) (*migrator, error) {
	if e.write == nil {
		return liteMigrator(ctx, e.path, onlyReads)
	}
	return liteMigrator(ctx, e.path, logged, durable)
}

func (e *lite) close() (err error) {
	e.once.Do(func() {
		close(e.quit)
		<-e.dead
		err = e.read.close()
		if e.write != nil {
			// The last connection to close folds the log back into the file.
			err = errors.Join(err, e.write.close())
		}
	})
	return err
}

// view reads within one deferred transaction, which is a snapshot.
func (e *lite) view(ctx context.Context, fn func(*Tx) error) error {
	c, err := e.read.take(ctx)
	if err != nil {
		return err
	}
	defer func() {
		if err := e.read.give(c); err != nil {
			e.log.WarnContext(ctx, "could not close a reading connection", "error", err)
		}
	}()
	if err := c.run("BEGIN"); err != nil {
		return err
	}
	t := &liteTx{conn: c, ctx: ctx}
	leave := c.heed(ctx)
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
