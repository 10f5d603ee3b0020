package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"

	"guildhall/internal/store/db"
)

// building is SQLite while a market is made up: one connection for reading and
// writing, and a commit now and then. It is for one who throws the file away and
// begins anew if the machine stops meanwhile; all of it is durable once close
// has returned without an error.
//
// The connection belongs to one goroutine, the builder, which runs one errand
// after the other: a statement that reads, or all that an update writes. So the
// rules of many updates go on while SQLite works for another (sqlite_ahead.go),
// and Views are read among them (sqlite_apart.go). An Update inside another may
// wait for itself.
type building struct {
	log  *slog.Logger
	path string
	hub  hub

	recall  recall
	errands chan func()
	quit    chan struct{} // closed to ask the builder to end
	dead    chan struct{} // closed when it has ended
	once    sync.Once

	// The builder's own, and of whoever borrows its connection.
	conn  *liteConn
	open  bool  // a transaction
	turns int   // updates that wrote in it
	lost  error // why a transaction is gone; nothing is done any more
}

// turnsPerCommit bounds what has to be written at once.
const turnsPerCommit = 100_000

// unlogged keeps what would undo a commit in memory instead of a log, so that
// what is committed is written once.
const unlogged = "journal_mode(MEMORY)"

func openBuilding(path string, o Options) (*building, error) {
	c, err := openConn(path, true, unlogged, durable, "cache_size(-64000)")
	if err != nil {
		return nil, err
	}
	e := &building{
		log: o.Logger, path: path, conn: c,
		errands: make(chan func(), waitingTurns), quit: make(chan struct{}), dead: make(chan struct{}),
	}
	go e.builder()
	return e, nil
}

func (e *building) name() string { return "sqlite" }

func (e *building) listen(ctx context.Context, wake func(string)) { e.hub.listen(ctx, wake) }

// migrator ends what is open, since it comes with transactions of its own.
func (e *building) migrator(ctx context.Context) (*migrator, error) {
	if err := e.have(e.commit); err != nil {
		return nil, err
	}
	return liteMigrator(ctx, e.path, unlogged, durable)
}

func (e *building) update(ctx context.Context, fn func(*Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	t := &aheadTx{apartTx: apartTx{e: e, liteTx: liteTx{conn: e.conn, unsaved: true}}}
	tx := newTx(context.WithoutCancel(ctx), t, liteDialect)
	tx.fenced, tx.recall = db.New(fence{t}), &e.recall
	t.holds = func() bool { return e.recall.holds(tx.relied) }
	t.written = func() { e.recall.take(tx.left) }
	err := errExit // unless fn returns
	defer func() { _ = t.end(err) }()
	if err = t.end(guard(e.log, tx, fn)); err == nil {
		e.hub.publish(tx.topics)
	}
	return err
}

func (e *building) view(ctx context.Context, fn func(*Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	t := &apartTx{e: e, liteTx: liteTx{conn: e.conn, still: true}}
	tx := newTx(ctx, t, liteDialect)
	tx.recall = &e.recall
	err := guard(e.log, tx, fn)
	if err == nil {
		err = t.fail
	}
	t.fail = errTxDone
	return err
}

func (e *building) builder() {
	defer close(e.dead)
	for {
		select {
		case errand := <-e.errands:
			errand()
		case <-e.quit:
			return
		}
	}
}

// have lets the builder run an errand, and waits for its answer.
func (e *building) have(errand func() error) error {
	answer := make(chan error, 1)
	select {
	case e.errands <- func() { answer <- errand() }:
	case <-e.dead:
		return errClosed
	}
	select {
	case err := <-answer:
		return err
	case <-e.dead:
		return errClosed
	}
}

// borrow takes the connection from the builder until it is given back.
func (e *building) borrow() (back func(), err error) {
	over := make(chan struct{})
	back = sync.OnceFunc(func() { close(over) })
	lent := make(chan error, 1)
	select {
	case e.errands <- func() { lent <- e.begin(); <-over }:
	case <-e.dead:
		return nil, errClosed
	}
	select {
	case err = <-lent:
	case <-e.dead:
		err = errClosed
	}
	if err != nil {
		back()
	}
	return back, err
}

// begin opens a transaction unless one is open.
func (e *building) begin() error {
	if e.open || e.lost != nil {
		return e.lost
	}
	err := e.conn.run("BEGIN IMMEDIATE")
	e.open, e.turns = err == nil, 0
	return err
}

// wrote counts an update, and commits now and then.
func (e *building) wrote() error {
	if e.turns++; e.turns >= turnsPerCommit {
		return e.commit()
	}
	return nil
}

// commit ends the open transaction, if there is one.
func (e *building) commit() error {
	if !e.open || e.lost != nil {
		return e.lost
	}
	if err := e.conn.run("COMMIT"); err != nil {
		return e.lose(err)
	}
	e.open = false
	return nil
}

// lose ends the building: the transaction is gone, and with it what was answered
// before.
func (e *building) lose(err error) error {
	e.lost = fmt.Errorf("store: what was built is lost: %w", err)
	return e.lost
}

// close rolls back what is lost.
func (e *building) close() (err error) {
	e.once.Do(func() {
		err = e.have(func() error { return errors.Join(e.commit(), e.conn.close()) })
		close(e.quit)
		<-e.dead
	})
	return err
}
