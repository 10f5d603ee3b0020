package store

import (
	"context"
	"errors"
	"sync"
)

// litePool is a bounded set of reading connections, opened when they are
// needed. The one used last is used next: its pages are still in memory.
type litePool struct {
	open  func() (*liteConn, error)
	seats chan struct{} // one for each connection in use

	mu     sync.Mutex
	spare  []*liteConn
	closed bool
}

func newPool(most int, open func() (*liteConn, error)) (*litePool, error) {
	c, err := open() // so that what cannot be opened is known at once
	if err != nil {
		return nil, err
	}
	return &litePool{open: open, seats: make(chan struct{}, most), spare: []*liteConn{c}}, nil
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
	c, err := p.last()
	if c == nil && err == nil {
		c, err = p.open()
	}
	if err != nil {
		<-p.seats
	}
	return c, err
}

// last takes the connection used last, or nil when all are in use.
func (p *litePool) last() (*liteConn, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := len(p.spare) - 1
	switch {
	case p.closed:
		return nil, errClosed
	case n < 0:
		return nil, nil
	}
	c := p.spare[n]
	p.spare = p.spare[:n]
	return c, nil
}

// give takes a connection back. One that is still in the midst of something is
// of no use to anybody.
func (p *litePool) give(c *liteConn) error {
	defer func() { <-p.seats }()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed || !c.idle() {
		return c.close()
	}
	p.spare = append(p.spare, c)
	return nil
}

// close closes the connections, those in use once they are given back.
func (p *litePool) close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	var err error
	for _, c := range p.spare {
		err = errors.Join(err, c.close())
	}
	p.spare, p.closed = nil, true
	return err
}
