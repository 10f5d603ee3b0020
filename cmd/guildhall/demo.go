package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	"guildhall/internal/app"
	"guildhall/internal/blob"
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/pay"
	"guildhall/internal/sim"
	"guildhall/internal/store"
)

type demoCmd struct {
	Data        string    `default:"demo" help:"Folder of the demo." type:"path"`
	Database    string    `help:"postgres://… of an empty database to make the market in. Default: an SQLite file in the folder."`
	Listen      string    `default:"127.0.0.1:8080" help:"Address to listen on; of this machine only."`
	Credentials string    `help:"Also write the logins and API tokens to this file, as JSON." type:"path"`
	Seed        uint64    `default:"1" help:"Decides every random choice but secrets."`
	Until       time.Time `format:"2006-01-02" help:"The present of the market. Default: today."`
	Small       bool      `help:"A tenth of the market, in a tenth of the time."`
	Fresh       bool      `help:"Throw the demo of the last time away and make a new one."`
	BuildOnly   bool      `help:"Only make the market, do not serve it."`
}

// Run makes the market, or finds the one of the last time, and serves it.
func (d *demoCmd) Run(ctx context.Context) error {
	host, _, err := net.SplitHostPort(d.Listen)
	if err != nil || host != "localhost" && !net.ParseIP(host).IsLoopback() {
		return fmt.Errorf("a demo is for this machine only: listen on 127.0.0.1, not on %q", d.Listen)
	}
	debug.SetGCPercent(400) // building is worth some memory
	people, err := d.prepare(ctx)
	if err != nil {
		return err
	}
	if d.Credentials != "" {
		if err := people.write(d.Credentials); err != nil {
			return err
		}
	}
	if d.BuildOnly {
		return nil
	}
	people.print(os.Stdout, "http://"+d.Listen)
	quiet := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	return serve(ctx, app.Config{Data: d.Data, Database: d.database(), Listen: d.Listen, Migrate: true, Rehearse: true, Log: quiet})
}

// What lies in the folder of a demo.
const (
	databaseFile = "guildhall.db"
	loginsFile   = "demo.json"
)

// prepare finds the market of the last time or makes one.
func (d *demoCmd) prepare(ctx context.Context) (logins, error) {
	kept := filepath.Join(d.Data, loginsFile)
	people, err := readLogins(kept)
	switch {
	case err == nil && !d.Fresh:
		fmt.Fprintf(os.Stderr, "This is the demo of the last time, from %s. Make a new one with --fresh.\n", d.Data)
		return people, nil
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return people, err
	case err == nil && d.Database != "":
		return people, errors.New("a demo on PostgreSQL is made anew in a new empty database: drop the old one, create another, and choose another folder with --data")
	case err == nil:
		if err := d.clear(); err != nil {
			return people, err
		}
	}
	if _, err := os.Stat(filepath.Join(d.Data, databaseFile)); err == nil {
		return people, fmt.Errorf("%s holds a database that no demo made; choose another folder with --data", d.Data)
	}
	if people, err = d.build(ctx); err != nil {
		return people, errors.Join(err, d.clear())
	}
	return people, people.write(kept)
}

// database is where the market lies.
func (d *demoCmd) database() string {
	if d.Database != "" {
		return d.Database
	}
	return filepath.Join(d.Data, databaseFile)
}

// clear removes what an earlier demo left in its folder, and nothing else.
func (d *demoCmd) clear() error {
	var errs []error
	for _, name := range []string{loginsFile, databaseFile, databaseFile + "-wal", databaseFile + "-shm", "files"} {
		errs = append(errs, os.RemoveAll(filepath.Join(d.Data, name)))
	}
	return errors.Join(errs...)
}

// empty brings a new database up to date and refuses one in which somebody lives.
func (d *demoCmd) empty(ctx context.Context, st *store.Store) error {
	if err := st.Migrate(ctx); err != nil {
		return err
	}
	house := market.New(market.Parts{Store: st, Log: silent})
	if lived, err := house.LivedIn(ctx); err != nil || !lived {
		return err
	}
	return fmt.Errorf("%s holds a market already; a demo is made in an empty database", d.database())
}

func (d *demoCmd) build(ctx context.Context) (people logins, err error) {
	if err := os.MkdirAll(d.Data, 0o700); err != nil {
		return people, err
	}
	began := time.Now()
	config := d.market()
	st, err := store.Open(ctx, d.database(), store.Options{Logger: silent, Building: true, Told: config.Told})
	if err != nil {
		return people, err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	blobs, err := blob.Open(filepath.Join(d.Data, "files"))
	if err != nil {
		return people, err
	}
	defer func() { err = errors.Join(err, blobs.Close()) }()
	if err := d.empty(ctx, st); err != nil {
		return people, err
	}
	house := market.New(market.Parts{Store: st, Blobs: blobs, Log: silent})
	if err := house.MarkRehearsal(ctx); err != nil {
		return people, err
	}
	secret, err := house.HouseSecret(ctx, "payments")
	if err != nil {
		return people, err
	}
	people.Password = strings.Join([]string{"demo", ident.Secret()[:4], ident.Secret()[:4], ident.Secret()[:4]}, "-")
	if config.Hash, err = house.HashPassword(ctx, people.Password); err != nil {
		return people, err
	}
	world, err := sim.New(config)
	if err != nil {
		return people, err
	}
	door := func(ids *ident.Source, now func() time.Time) (*market.Market, *pay.Sandbox) {
		till := pay.NewSandbox(st, now, []byte(secret), time.Nanosecond)
		return market.New(market.Parts{Store: st, Now: now, IDs: ids, Pay: till, Blobs: blobs, Log: silent}), till
	}
	err = live(ctx, world, door, config.Until)
	wipe()
	if err != nil {
		return people, err
	}
	fmt.Fprintf(os.Stderr, "%d orders of six months in %.1f s.\n", world.Tally().Orders, time.Since(began).Seconds())
	if gains := world.Tally().Gains; len(gains) > 0 {
		return people, fmt.Errorf("a cheat gained something: %s", gains[0])
	}
	present, _ := door(ident.NewLane(d.Seed, ident.Lanes-2), func() time.Time { return config.Until })
	return people, people.introduce(ctx, present, world)
}

// market is how large a market is made.
func (d *demoCmd) market() sim.Config {
	until := d.Until
	if until.IsZero() {
		until = time.Now().UTC().Truncate(24 * time.Hour)
	}
	c := sim.Config{
		Seed: d.Seed, From: until.AddDate(0, -6, 0), Until: until, Told: until.AddDate(0, 0, -7),
		Sellers: 200, Buyers: 1000, Orders: 5250, Say: showProgress,
	}
	if d.Small {
		c.Sellers, c.Buyers, c.Orders = 24, 100, 500
	}
	return c
}

var silent = slog.New(slog.DiscardHandler)

func showProgress(p sim.Progress) {
	if !watched() {
		return
	}
	bar := strings.Repeat("█", p.Done/4) + strings.Repeat("░", 25-p.Done/4)
	fmt.Fprintf(os.Stderr, "\r\033[K%s %s  %s", bar, p.At.Format("2 January 2006"), p.Stage)
}

// wipe clears the line of the progress.
func wipe() {
	if watched() {
		fmt.Fprint(os.Stderr, "\r\033[K")
	}
}

// watched tells whether a person looks at the progress.
func watched() bool {
	info, err := os.Stderr.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

func live(ctx context.Context, w *sim.World, door sim.Door, until time.Time) error {
	if err := w.Open(ctx, door); err != nil {
		return err
	}
	if err := w.Populate(ctx); err != nil {
		return err
	}
	return w.Live(ctx, until)
}

// logins is what --credentials writes.
type logins struct {
	Password string  `json:"password"`
	People   []login `json:"people"`
}

type login struct {
	Role     string `json:"role"`
	Name     string `json:"name"`
	Email    string `json:"email"`
	Password string `json:"password"`
	Token    string `json:"token"`
}

// introduce makes an API token for each of the cast.
func (l *logins) introduce(ctx context.Context, house *market.Market, w *sim.World) error {
	for _, p := range w.Cast() {
		_, token, err := house.MakeToken(ctx, p.Member, market.NewToken{
			Name:   "Demo",
			Scopes: []member.Scope{member.ScopeRead, member.ScopeBuy, member.ScopeSell, member.ScopeManage},
		})
		if err != nil {
			return err
		}
		l.People = append(l.People, login{Role: p.Role, Name: p.Name, Email: p.Email, Password: l.Password, Token: token})
	}
	return nil
}

func (l logins) print(out *os.File, url string) {
	fmt.Fprintf(out, "\nA living market for play, at %s\n\n", url)
	for _, p := range l.People {
		fmt.Fprintf(out, "  %-9s %-36s %s\n", p.Role, p.Email, p.Name)
	}
	fmt.Fprintf(out, "\n  password of all of them: %s\n  play card: 4242 4242 4242 4242, any date to come, any three digits\n\n", l.Password)
}

func (l logins) write(path string) error {
	body, err := json.MarshalIndent(l, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(body, '\n'), 0o600)
}

func readLogins(path string) (logins, error) {
	var l logins
	body, err := os.ReadFile(path)
	if err != nil {
		return l, err
	}
	return l, json.Unmarshal(body, &l)
}
