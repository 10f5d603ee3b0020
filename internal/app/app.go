// Package app is the whole house as one value: Config in, App out.
//
// It owns the putting together (store, files, payments, mail, market, front,
// faces), the loops that run beside the requests, the clock, the health probes
// and an orderly end. It is the only reader of configuration; the command line
// fills a Config, tests fill another one and listen on port 0.
//
// The flow of a life: [Open] opens and migrates, [App.Run] listens, starts the
// loops and serves until its context ends, then lets what is under way finish
// for at most ten seconds, [App.Close] closes the store.
package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"guildhall/internal/blob"
	"guildhall/internal/front"
	"guildhall/internal/ident"
	"guildhall/internal/mail"
	"guildhall/internal/market"
	"guildhall/internal/pay"
	"guildhall/internal/store"
	"guildhall/internal/web"
)

// App is an open house.
type App struct {
	Market  *market.Market
	Front   *front.Front
	Web     *web.Web
	Clock   *Clock
	Sandbox *pay.Sandbox

	config   Config
	log      *slog.Logger
	store    *store.Store
	blobs    *blob.Store
	listener net.Listener
	server   *http.Server
	ready    *readiness

	news, errands chan struct{} // wake the courier and the jobs
}

// Open opens the house that the configuration describes; it does not listen.
func Open(ctx context.Context, c Config) (*App, error) {
	if err := c.complete(); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return nil, fmt.Errorf("app: the data folder: %w", err)
	}
	a := &App{config: c, log: c.Log, ready: &readiness{data: c.Data}, news: make(chan struct{}, 1), errands: make(chan struct{}, 1)}
	if err := a.open(ctx); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return a, nil
}

func (a *App) open(ctx context.Context) error {
	var err error
	if a.store, err = store.Open(ctx, a.config.Database, store.Options{Logger: a.log}); err != nil {
		return err
	}
	if err := a.migrate(ctx); err != nil {
		return err
	}
	if a.blobs, err = blob.Open(filepath.Join(a.config.Data, "files")); err != nil {
		return err
	}
	a.Clock = &Clock{}
	// The market needs a provider and the provider a secret of the market's
	// house, so the house is asked before the door is opened.
	house := market.New(market.Parts{Store: a.store, Now: a.Clock.Now, Log: a.log})
	if a.config.Rehearse {
		if err := house.MarkRehearsal(ctx); err != nil {
			return err
		}
	}
	rehearsal, err := house.Rehearsal(ctx)
	if err != nil {
		return err
	}
	if rehearsal {
		if err := a.Clock.unlock(ctx, house); err != nil {
			return err
		}
	}
	if err := a.config.guard(rehearsal); err != nil {
		return err
	}
	return a.furnish(ctx, house, rehearsal)
}

// furnish puts the rooms above the store together.
func (a *App) furnish(ctx context.Context, house *market.Market, rehearsal bool) error {
	secret, err := house.HouseSecret(ctx, "payments")
	if err != nil {
		return err
	}
	a.Sandbox = pay.NewSandbox(a.store, a.Clock.Now, []byte(secret), pay.Patience)
	a.Market = market.New(market.Parts{
		Store: a.store, Now: a.Clock.Now, IDs: a.config.IDs, Pay: a.Sandbox, Blobs: a.blobs,
		Mail: a.sender(rehearsal), Site: a.config.PublicURL, Log: a.log,
	})
	if err := a.Market.Prepare(ctx); err != nil {
		return err
	}
	public, err := url.Parse(a.config.PublicURL)
	if err != nil {
		return fmt.Errorf("app: public URL: %w", err)
	}
	limits := a.Market.Policy().Limits
	a.Front = front.New(front.Parts{
		Market: a.Market, Log: a.log, PublicURL: public, Proxies: a.config.Proxies,
		SessionLife: limits.SessionLife.D(),
		MaxUpload:   limits.UploadBytes*int64(max(limits.FilesPerPost, limits.GigPictures)) + 1<<20,
	})
	parts := web.Parts{Market: a.Market, Front: a.Front, Log: a.log, Sandbox: a.Sandbox}
	if rehearsal {
		parts.MoveClock = a.MoveClock
	}
	a.Web = web.New(parts)
	return nil
}

// sender is how letters leave: by the configured server, or into the outbox. A
// rehearsal never writes to anybody.
func (a *App) sender(rehearsal bool) mail.Sender {
	if rehearsal || a.config.Mail.Host == "" {
		return nil
	}
	return a.config.Mail
}

func (a *App) migrate(ctx context.Context) error {
	if a.config.Migrate {
		return a.store.Migrate(ctx)
	}
	pending, err := a.store.Pending(ctx)
	if err == nil && pending {
		err = errors.New("app: the database is older than this program; run “guildhall migrate” first")
	}
	return err
}

// Store is for the tools that work on a whole database: export, audit, import.
func (a *App) Store() *store.Store { return a.store }

// Config is what the house was opened with, completed.
func (a *App) Config() Config { return a.config }

// Close closes what Open opened. Run must have returned.
func (a *App) Close() error {
	var errs []error
	if a.listener != nil {
		if err := a.listener.Close(); !errors.Is(err, net.ErrClosed) {
			errs = append(errs, err)
		}
	}
	if a.blobs != nil {
		errs = append(errs, a.blobs.Close())
	}
	if a.store != nil {
		errs = append(errs, a.store.Close())
	}
	return errors.Join(errs...)
}

// IDs is the source of ids that a seeded demo replaces.
type IDs = ident.Source

// drain is the longest that requests under way may take at the end.
const drain = 10 * time.Second
