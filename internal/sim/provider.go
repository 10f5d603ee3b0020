package sim

import (
	"context"
	"net/http"
	"sync"

	"golang.org/x/sync/errgroup"
)

// listen hears what the provider has to say. Messages concern one payment
// each, so they may arrive side by side; their commits are shared.
func (w *World) listen(ctx context.Context) error {
	var hands errgroup.Group
	hands.SetLimit(2 * lanes)
	var mu sync.Mutex
	last := map[string]chan struct{}{} // a payment's charge is told before its refund
	err := w.house.till.Deliver(ctx, func(ctx context.Context, header http.Header, body []byte) error {
		mu.Lock()
		defer mu.Unlock()
		about := aboutOf(header.Get("webhook-id"))
		before, done := last[about], make(chan struct{})
		last[about] = done
		hands.Go(func() error {
			defer close(done)
			if before != nil {
				<-before
			}
			return w.house.m.ProviderSays(ctx, header, body)
		})
		return nil
	})
	if wait := hands.Wait(); err == nil {
		err = wait
	}
	return err
}

// aboutOf is what a message concerns: the last part of its name.
func aboutOf(id string) string {
	for i := len(id) - 1; i > 0; i-- {
		if id[i] == '_' {
			return id[i:]
		}
	}
	return id
}
