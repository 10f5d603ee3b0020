package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"guildhall/internal/bench"
)

type benchCmd struct {
	Workload string        `arg:"" enum:"place-order,order-life,standing,reviews,rehearsal" help:"What to measure: place-order, order-life, standing, reviews or rehearsal."`
	Database string        `help:"postgres://… to measure on; it is filled with play data. Default: SQLite in a folder that is removed afterwards."`
	Data     string        `help:"Folder to work in. Default: a temporary one."`
	HTTP     bool          `name:"http" help:"Through sessions and forms instead of direct calls."`
	Callers  int           `default:"64" help:"How many act at once."`
	Rounds   int           `default:"5" help:"Rounds of measuring; the median counts."`
	Round    time.Duration `default:"5s" help:"How long a round takes."`
	Sellers  int           `default:"100000" help:"Of standing and rehearsal: how many sellers are looked at."`
	Each     int           `default:"20" help:"Of standing and rehearsal: how many orders every one of them has."`
	Orders   int           `default:"10000" help:"Of standing: how many the busy seller has."`
	Reviews  int           `default:"100000" help:"Of reviews: how many the gig has."`
	Seed     uint64        `default:"1" help:"Fixes every random choice but secrets."`
	Pgbench  string        `placeholder:"URL" help:"Run pgbench on this PostgreSQL database after each round, as the yardstick."`
}

// Run measures and writes the result as JSON.
func (b *benchCmd) Run(ctx context.Context) (err error) {
	tune()
	data := b.Data
	if data == "" {
		if data, err = os.MkdirTemp("", "guildhall-bench-"); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(data)) }()
	}
	database := b.Database
	if database == "" {
		database = filepath.Join(data, "guildhall.db")
	}
	p := bench.Plan{
		Callers: b.Callers, Rounds: b.Rounds, Round: b.Round, HTTP: b.HTTP, Seed: b.Seed, Pgbench: b.Pgbench,
		Log: func(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) },
	}
	if b.Pgbench != "" {
		if err := bench.PreparePgbench(ctx, b.Pgbench); err != nil {
			return err
		}
	}
	result, err := b.measure(ctx, data, database, p)
	if err != nil {
		return err
	}
	out := json.NewEncoder(os.Stdout)
	out.SetIndent("", "  ")
	return out.Encode(result)
}

func (b *benchCmd) measure(ctx context.Context, data, database string, p bench.Plan) (any, error) {
	switch b.Workload {
	case "standing":
		return bench.Standing(ctx, data, database, bench.Sizes{Sellers: b.Sellers, Each: b.Each, Orders: b.Orders}, p)
	case "reviews":
		return bench.Reviews(ctx, data, database, bench.Sizes{Reviews: b.Reviews}, p)
	case "rehearsal":
		return bench.Rehearsal(ctx, data, database, bench.Sizes{Sellers: b.Sellers, Each: b.Each}, p)
	case "order-life":
		return bench.OrderLife(ctx, data, database, p)
	default:
		return bench.PlaceOrder(ctx, data, database, p)
	}
}
