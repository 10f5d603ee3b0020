package store

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// pg is the PostgreSQL engine.
type pg struct {
	log      *slog.Logger
	pool     *pgxpool.Pool
	readOnly bool
	hub      hub

	listening sync.Once
	ready     chan struct{} // closed after the first attempt to listen
	life      context.Context
	end       context.CancelFunc
	loops     sync.WaitGroup
}

func openPostgres(ctx context.Context, url string, o Options) (*pg, error) {
	cfg, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	if !strings.Contains(url, "pool_max_conns") {
		cfg.MaxConns = int32(o.MaxReaders + 8)
	}
	params := cfg.ConnConfig.RuntimeParams
	params["application_name"] = "guildhall"
	params["statement_timeout"] = fmt.Sprint(budget.Milliseconds())
	params["idle_in_transaction_session_timeout"] = fmt.Sprint(2 * budget.Milliseconds())
	if o.ReadOnly {
		params["default_transaction_read_only"] = "on"
	}
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("store: cannot reach the database: %w", err)
	}
	e := &pg{log: o.Logger, pool: pool, readOnly: o.ReadOnly, ready: make(chan struct{})}
	e.life, e.end = context.WithCancel(context.Background())
	return e, nil
}

func (e *pg) name() string { return "postgres" }

func (e *pg) close() error {
	e.end()
	e.loops.Wait()
	e.pool.Close()
	return nil
}

func (e *pg) migrator(context.Context) (*migrator, error) {
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return nil, err
	}
	db := stdlib.OpenDBFromPool(e.pool)
	m, err := newMigrator(goose.DialectPostgres, db, goose.WithSessionLocker(locker))
	if err != nil {
		_ = db.Close()
		return nil, err
	}
	m.close = db.Close
	return m, nil
}

func (e *pg) update(ctx context.Context, fn func(*Tx) error) error {
	if e.readOnly {
		return ErrReadOnly
	}
	conn, err := e.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	ctx, cancel := begun(ctx)
	defer cancel()
	t := &pgTx{conn: conn.Conn(), begin: "BEGIN"}
	defer t.rollback(ctx)
	tx := newTx(ctx, t, pgDialect)
	if err := guard(e.log, tx, fn); err != nil {
		return err
	}
	return t.commit(ctx, tx.topics)
}

func (e *pg) view(ctx context.Context, fn func(*Tx) error) error {
	conn, err := e.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	t := &pgTx{conn: conn.Conn(), begin: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"}
	defer t.rollback(context.WithoutCancel(ctx))
	tx := newTx(ctx, t, pgDialect)
	if err := guard(e.log, tx, fn); err != nil {
		return err
	}
	return t.flush(ctx) // a write that slipped in is refused here
}

const channel = "guildhall"

func (e *pg) listen(ctx context.Context, wake func(string)) {
	e.hub.listen(ctx, wake)
	e.listening.Do(func() {
		e.loops.Add(1)
		go e.listenLoop()
	})
	select {
	case <-e.ready:
	case <-ctx.Done():
	case <-e.life.Done():
	}
}

// listenLoop keeps one connection that hears the notifications of all
// processes, and makes a new one when it is lost.
func (e *pg) listenLoop() {
	defer e.loops.Done()
	var first sync.Once
	heard := func() { first.Do(func() { close(e.ready) }) }
	for wait := 50 * time.Millisecond; e.life.Err() == nil; wait = min(2*wait, 2*time.Second) {
		err := e.hear(heard, func() { wait = 50 * time.Millisecond })
		heard() // nobody waits for a server that is away
		if e.life.Err() != nil {
			return
		}
		e.log.Warn("lost the connection for wake-ups", "error", err)
		select {
		case <-e.life.Done():
		case <-time.After(wait):
		}
	}
}

func (e *pg) hear(heard, ok func()) error {
	conn, err := pgx.ConnectConfig(e.life, e.pool.Config().ConnConfig)
	if err != nil {
		return err
	}
	defer func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		_ = conn.Close(ctx)
	}()
	if _, err := conn.Exec(e.life, "LISTEN "+channel); err != nil {
		return err
	}
	select {
	case <-e.ready: // not the first time: something may have been missed
		e.hub.publish([]string{""})
	default:
		heard()
	}
	ok()
	for {
		n, err := conn.WaitForNotification(e.life)
		if err != nil {
			return err
		}
		e.hub.publish(strings.Split(n.Payload, "\n"))
	}
}
