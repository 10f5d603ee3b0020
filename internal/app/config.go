package app

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"path/filepath"

	"guildhall/internal/mail"
)

// Config is everything that can be said about how a house runs.
type Config struct {
	Listen    string         // host:port; empty: 127.0.0.1:8080
	Data      string         // folder of files, and of the SQLite database; empty: data
	Database  string         // postgres://…, or a path; empty: guildhall.db in Data
	PublicURL string         // as browsers see the house; empty: http:// and Listen
	Proxies   []netip.Prefix // whose X-Forwarded-For is believed

	Mail           mail.SMTP // an empty Host keeps letters in the outbox
	AllowPlayMoney bool      // run in public although payments are a sandbox; never a rehearsal
	Migrate        bool      // bring an older database up to date
	Rehearse       bool      // mark the database as a rehearsal, for ever

	Log *slog.Logger
	IDs *IDs // nil: from the operating system
}

func (c *Config) complete() error {
	if c.Listen == "" {
		c.Listen = "127.0.0.1:8080"
	}
	if c.Data == "" {
		c.Data = "data"
	}
	if c.Database == "" {
		c.Database = filepath.Join(c.Data, "guildhall.db")
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.PublicURL == "" {
		c.PublicURL = "http://" + c.Listen
	}
	u, err := url.Parse(c.PublicURL)
	switch {
	case err != nil:
		return fmt.Errorf("app: public URL: %w", err)
	case u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.Path != "" && u.Path != "/" || u.RawQuery != "":
		return fmt.Errorf("app: public URL %q: write it like https://guild.example, without a path", c.PublicURL)
	}
	if c.Mail.Host != "" {
		if err := c.Mail.Check(); err != nil {
			return err
		}
	}
	return nil
}

// Why a house does not open its doors.
var (
	errPlayMoney = errors.New("payments are play money (the sandbox), and this address can be reached by others: " +
		"anybody could order for nothing. Listen on 127.0.0.1 without a public address, or say --allow-play-money")
	errRehearsal = errors.New("this database is a rehearsal, and this address can be reached by others: anybody could read its letters, " +
		"with the links that set a new password, and move its clock. A rehearsal is for this machine only, whatever --allow-play-money says: " +
		"serve it with --listen 127.0.0.1:8080 --public-url http://127.0.0.1:8080")
)

// guard keeps a rehearsal on this machine, and refuses to sell for play money to
// the world.
func (c Config) guard(rehearsal bool) error {
	switch {
	case c.local():
		return nil
	case rehearsal:
		return errRehearsal
	case !c.AllowPlayMoney:
		return errPlayMoney
	}
	return nil
}

// local tells whether only this machine can reach the house.
func (c Config) local() bool {
	u, err := url.Parse(c.PublicURL)
	if err != nil || u.Scheme == "https" || !loopback(u.Hostname()) {
		return false
	}
	host, _, err := net.SplitHostPort(c.Listen)
	return err == nil && loopback(host)
}

func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.IsLoopback()
}
