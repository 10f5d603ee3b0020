package app

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"
)

// Listen takes the address, so that URL is known before the first request.
func (a *App) Listen(ctx context.Context) error {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", a.config.Listen)
	if err != nil {
		return err
	}
	a.listener = l
	return nil
}

// URL is where the house answers, once it listens.
func (a *App) URL() string {
	if a.listener == nil {
		return ""
	}
	return "http://" + a.listener.Addr().String()
}

// Run serves until ctx ends, then lets what is under way finish. It listens
// first if Listen was not called.
func (a *App) Run(ctx context.Context) error {
	if a.listener == nil {
		if err := a.Listen(ctx); err != nil {
			return err
		}
	}
	a.server = &http.Server{
		Handler:           a.Handler(),
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       5 * time.Minute, // an upload over a slow line
		WriteTimeout:      5 * time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          serverLog(a.log),
	}
	work, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	var group errgroup.Group
	for _, l := range a.loops() {
		group.Go(func() error { a.repeat(work, l); return nil })
	}
	a.store.Listen(work, a.wake)
	group.Go(func() error {
		if err := a.server.Serve(a.listener); !errors.Is(err, http.ErrServerClosed) {
			stop()
			return err
		}
		return nil
	})
	group.Go(func() error {
		select {
		case <-ctx.Done():
		case <-work.Done():
		}
		return a.end(ctx, stop)
	})
	return group.Wait()
}

// end drains: no new requests, live lines closed, the rest may finish.
func (a *App) end(ctx context.Context, stop context.CancelFunc) error {
	defer stop()
	a.log.InfoContext(ctx, "closing", "at most", drain)
	limit, cancel := context.WithTimeout(context.WithoutCancel(ctx), drain)
	defer cancel()
	a.Front.Hub.Close()
	if err := a.server.Shutdown(limit); err != nil {
		return errors.Join(err, a.server.Close())
	}
	return nil
}
