package store

import (
	"context"
	"sync"
)

// litePool is a bounded set of reading connections, opened when they are
// needed. The one used last is used next: its pages are still in memory.
type litePool struct {
	open  func() (*liteConn, error)
	seats chan struct{} // one for each connection in use

	mu     sync.Mutex
	idle   []*liteConn
	closed bool
}

func newPool(most int, open func() (*liteConn, error)) (*litePool, error) {
	p := &litePool{open: open, seats: make(chan struct{}, most)}
	c, err := open() // so that what cannot be opened is known at once
	if err != nil {
		return nil, err
	}
	p.idle = append(p.idle, c)
	return p, nil
}

// take waits for a connection.
func (p *litePool) take(ctx context.Context) (*liteConn, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	select {
	case p.seats <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	p.mu.Lock()
	closed, n := p.closed, len(p.idle)
	var c *liteConn
	if n > 0 && !closed {
		c = p.idle[n-1]
		p.idle = p.idle[:n-1]
	}
	p.mu.Unlock()
	var err error
	switch {
	case closed:
		err = errClosed
	case c == nil:
		c, err = p.open()
	}
	if err != nil {
		<-p.seats
	}
	return c, err
}

// give takes a connection back. One that is still in the midst of something is
// of no use to anybody.
func (p *litePool) give(c *liteConn) {
	p.mu.Lock()
	if p.closed || !c.idle() {
		c.close()
	} else {
		p.idle = append(p.idle, c)
	}
	p.mu.Unlock()
	<-p.seats
}

// close closes the connections, those in use once they are given back.
func (p *litePool) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.idle {
		c.close()
	}
	p.idle, p.closed = nil, true
}
