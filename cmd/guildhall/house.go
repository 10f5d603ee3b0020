package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/netip"
	"os"
	"strings"

	"github.com/alecthomas/kong"

	"guildhall/internal/app"
	"guildhall/internal/mail"
)

// houseFlags say which house a command is about.
type houseFlags struct {
	Data     string `default:"data" help:"Folder of the files, and of the SQLite database." type:"path"`
	Database string `help:"postgres://… or the path of an SQLite file. Default: guildhall.db in the data folder."`
	LogLevel string `default:"info" enum:"debug,info,warn,error" help:"How much is logged (${enum})."`
	LogJSON  bool   `name:"log-json" help:"Log as JSON, one line each."`
}

func (h houseFlags) config() app.Config {
	return app.Config{Data: h.Data, Database: h.Database, Log: h.logger()}
}

func (h houseFlags) logger() *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(h.LogLevel)); err != nil {
		level = slog.LevelInfo
	}
	options := &slog.HandlerOptions{Level: level}
	if h.LogJSON {
		return slog.New(slog.NewJSONHandler(os.Stderr, options))
	}
	return slog.New(slog.NewTextHandler(os.Stderr, options))
}

// open opens the house for a tool: no address, no letters sent, little said.
func (h houseFlags) open(ctx context.Context) (*app.App, error) {
	c := h.config()
	if h.LogLevel == "info" {
		c.Log = slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	}
	return app.Open(ctx, c)
}

// mailFlags say how letters leave.
type mailFlags struct {
	Host     string `name:"smtp-host" help:"Mail server. Without one, letters are kept in the outbox for an operator to read."`
	Port     int    `name:"smtp-port" help:"Its port. Default: 587, 465 with tls, 25 with none."`
	Security string `name:"smtp-security" default:"starttls" enum:"starttls,tls,none" help:"How the line is protected (${enum})."`
	User     string `name:"smtp-user" help:"Name to sign in with; empty: none."`
	Password string `name:"smtp-password" help:"Better given as GUILDHALL_SMTP_PASSWORD."`
	From     string `name:"mail-from" default:"guildhall@localhost" help:"Address that letters come from."`
	FromName string `name:"mail-from-name" default:"Guildhall" help:"Name beside it."`
}

func (m mailFlags) smtp() mail.SMTP {
	return mail.SMTP{
		Host: m.Host, Port: m.Port, Security: mail.Security(m.Security),
		User: m.User, Password: m.Password, From: m.From, Name: m.FromName,
	}
}

// prefixes reads a list of networks; a plain address is a network of one.
func prefixes(list []string) ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, text := range list {
		if addr, err := netip.ParseAddr(text); err == nil {
			out = append(out, netip.PrefixFrom(addr, addr.BitLen()))
			continue
		}
		p, err := netip.ParsePrefix(text)
		if err != nil {
			return nil, fmt.Errorf("trusted proxy %q: write an address or a network like 10.0.0.0/8", text)
		}
		out = append(out, p.Masked())
	}
	return out, nil
}

// settings reads a file of "flag = value" lines; # begins a comment. A name
// that no flag of the command has is passed over: one file serves all.
func settings(r io.Reader) (kong.Resolver, error) {
	values := map[string]string{}
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, value, ok := strings.Cut(line, "=")
		if !ok {
			return nil, fmt.Errorf("line %d: write it as: flag = value", n)
		}
		values[strings.TrimSpace(name)] = strings.TrimSpace(value)
	}
	return kong.ResolverFunc(func(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
		if value, ok := values[flag.Name]; ok {
			return value, nil
		}
		return nil, nil
	}), lines.Err()
}
