package store

import (
	"cmp"
	"context"
	"errors"
	"sync/atomic"
)

// Group commit. Every Update queues a turn. The writer opens a transaction,
// gives the turns that wait their turn one after the other, each inside a
// savepoint, commits once for all, and only then tells each caller what became
// of its own function. The function itself runs on its caller's goroutine,
// which owns the connection meanwhile: a panic, a stack trace and a test's
// FailNow stay where they belong.

const groupSize = 64

// turn is one waiting Update.
type turn struct {
	ctx   context.Context
	state atomic.Int32  // waiting → running, or waiting → gone
	now   chan *Tx      // the writer says: now
	ran   chan error    // the caller says: done, keep it (nil) or not
	done  chan struct{} // the writer says: result holds
	// result is written before done is closed.
	result error
	err    error // what the function itself returned
	topics []string
}

const (
	turnWaiting = iota
	turnRunning
	turnGone
)

var (
	errTxDone  = errors.New("store: transaction used after its end")
	errGivenUp = errors.New("store: SQLite gave up the transaction")
	errExit    = errors.New("store: the goroutine of the transaction ended")
)

func (t *turn) finish(err error) {
	t.result = err
	close(t.done)
}

// leave gives up a turn that has not begun.
func (t *turn) leave() bool { return t.state.CompareAndSwap(turnWaiting, turnGone) }

func (e *lite) update(ctx context.Context, fn func(*Tx) error) error {
	switch {
	case e.write == nil:
		return ErrReadOnly
	case e.broken.Load():
		return ErrBroken
	case ctx.Err() != nil:
		return ctx.Err()
	}
	t := &turn{
		ctx: context.WithoutCancel(ctx), now: make(chan *Tx, 1),
		ran: make(chan error, 1), done: make(chan struct{}),
	}
	select {
	case e.queue <- t:
	case <-ctx.Done():
		return ctx.Err()
	case <-e.quit:
		return errClosed
	}
	return e.await(ctx, t, fn)
}

func (e *lite) await(ctx context.Context, t *turn, fn func(*Tx) error) error {
	cancelled, dead := ctx.Done(), e.dead
	for {
		select {
		case tx := <-t.now:
			e.play(t, tx, fn)
		case <-t.done:
			return t.result
		case <-cancelled:
			if t.leave() {
				return ctx.Err()
			}
			cancelled = nil // too late: it runs, and the truth will be told
		case <-dead:
			if t.leave() {
				return errClosed
			}
			dead = nil
		}
	}
}

// play runs the function on the caller's goroutine and reports even when that
// goroutine is ended from within.
func (e *lite) play(t *turn, tx *Tx, fn func(*Tx) error) {
	err := errExit
	defer func() { t.ran <- err }()
	err = guard(e.log, tx, fn)
}

func (e *lite) writer() {
	defer close(e.dead)
	for {
		select {
		case t := <-e.queue:
			e.group(t)
		case <-e.quit:
			for { // what was queued before the end is still done
				t := e.next()
				if t == nil {
					return
				}
				e.group(t)
			}
		}
	}
}

// next returns a turn that waits, or nil.
func (e *lite) next() *turn {
	select {
	case t := <-e.queue:
		return t
	default:
		return nil
	}
}

// group runs first and whatever waits behind it in one durable transaction.
func (e *lite) group(first *turn) {
	if e.broken.Load() { // it waited while the disk failed; the next sync might not tell
		e.failGroup(first, nil, ErrBroken)
		return
	}
	var members []*turn
	err := e.together(first, &members)
	if err != nil {
		e.failGroup(first, members, err)
		return
	}
	for _, t := range members {
		if t.err == nil {
			e.hub.publish(t.topics)
		}
		t.finish(t.err)
	}
}

// together is the transaction of a group.
func (e *lite) together(first *turn, members *[]*turn) error {
	if err := e.write.run("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	err := e.runTurns(e.write, first, members)
	if err == nil {
		err = e.write.run("COMMIT")
	}
	if err != nil {
		_ = e.write.run("ROLLBACK") // often SQLite has done so already
	}
	return err
}

// failGroup gives everybody the reason why nothing of the group was kept. Even
// a function that failed by itself hears it: what it based its refusal on may
// have been a neighbour's write that is now gone.
func (e *lite) failGroup(first *turn, members []*turn, err error) {
	if errors.Is(err, ErrBroken) && !e.broken.Swap(true) {
		e.log.Error("the disk failed; refusing further writes until a restart", "error", err)
	}
	if len(members) == 0 { // it did not even begin: nor would those who wait
		for t := first; t != nil && len(members) < groupSize; t = e.next() {
			if t.state.CompareAndSwap(turnWaiting, turnRunning) {
				members = append(members, t)
			}
		}
	}
	for _, t := range members {
		t.finish(err)
	}
}

// runTurns returns an error only when the whole transaction is lost.
func (e *lite) runTurns(c *liteConn, first *turn, members *[]*turn) error {
	for t := first; t != nil; {
		if t.state.CompareAndSwap(turnWaiting, turnRunning) {
			*members = append(*members, t)
			if err := e.runTurn(c, t); err != nil {
				return err
			}
		}
		if t = nil; len(*members) < groupSize {
			t = e.next()
		}
	}
	return nil
}

// runTurn gives t the connection. It returns an error only when the whole
// transaction is lost.
func (e *lite) runTurn(c *liteConn, t *turn) (lost error) {
	t.err, lost = inSavepoint(t.ctx, c, func(tx *Tx) error {
		t.now <- tx
		err := <-t.ran
		t.topics = tx.topics
		return err
	})
	return lost
}

// inSavepoint runs a function inside a savepoint of the open transaction, begun
// when it first writes, and takes back what it wrote when it fails. When SQLite
// gave up the whole transaction by itself (a full disk, no memory) the savepoint
// is gone too: lost is the reason.
func inSavepoint(ctx context.Context, c *liteConn, fn func(*Tx) error) (result, lost error) {
	t := &liteTx{conn: c, unsaved: true}
	return t.settle(fn(newTx(ctx, t, liteDialect)))
}

// settle ends a savepoint: what it holds is kept, or taken back where the
// function failed.
func (t *liteTx) settle(result error) (_, lost error) {
	c, failure := t.conn, t.fail
	if result == nil {
		result = failure
	}
	t.fail = errTxDone
	switch {
	case errors.Is(failure, ErrBroken):
		return result, failure
	case c.idle():
		return result, cmp.Or(failure, errGivenUp)
	case t.unsaved:
		return result, nil
	}
	if result != nil {
		if err := c.run("ROLLBACK TO turn"); err != nil {
			return result, cmp.Or(failure, err) // the cause, rather than "no such savepoint"
		}
	}
	return result, c.run("RELEASE turn")
}
