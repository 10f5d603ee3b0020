package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/debug"

	"guildhall/internal/app"
)

type serveCmd struct {
	houseFlags
	mailFlags
	Listen         string   `default:"127.0.0.1:8080" help:"Address to listen on."`
	PublicURL      string   `name:"public-url" help:"The address that browsers use, like https://guild.example. Default: http:// and the address listened on."`
	TrustedProxy   []string `name:"trusted-proxy" help:"Address or network of a proxy whose X-Forwarded-For is believed. May be repeated."`
	Migrate        string   `default:"auto" enum:"auto,never" help:"Bring an older database up to date at the start (${enum})."`
	AllowPlayMoney bool     `name:"allow-play-money" help:"Serve in public although payments are play money; never a rehearsal."`
}

// Run serves until it is interrupted.
func (s *serveCmd) Run(ctx context.Context) error {
	proxies, err := prefixes(s.TrustedProxy)
	if err != nil {
		return err
	}
	c := s.config()
	c.Listen, c.PublicURL, c.Proxies = s.Listen, s.PublicURL, proxies
	c.Mail, c.AllowPlayMoney, c.Migrate = s.smtp(), s.AllowPlayMoney, s.Migrate == "auto"
	return serve(ctx, c)
}

// serve opens a house, says where it is, and runs it.
func serve(ctx context.Context, c app.Config) error {
	tune()
	a, err := app.Open(ctx, c)
	if err != nil {
		return err
	}
	if err := greet(ctx, a); err != nil {
		return errors.Join(err, a.Close())
	}
	return errors.Join(a.Run(ctx), a.Close())
}

func greet(ctx context.Context, a *app.App) error {
	if err := a.Listen(ctx); err != nil {
		return err
	}
	public := a.Config().PublicURL
	fmt.Fprintln(os.Stderr, "Guildhall is open at "+public)
	secret, err := a.Market.SetUp(ctx)
	if err != nil || secret == "" {
		return err
	}
	fmt.Fprintln(os.Stderr, "\nNobody runs this house yet. Open this link once to make the first operator:\n\n    "+
		public+"/setup?token="+secret+"\n")
	return nil
}

// tune gives the collector a little more room than Go's default, which suits a
// server of small requests, unless the environment says otherwise.
func tune() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(200)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(1 << 30)
	}
}
