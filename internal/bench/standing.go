package bench

import (
	"context"
	"errors"
	"fmt"
	"time"

	"guildhall/internal/standing"
	"guildhall/internal/store"
)

// calls is how often a single call is repeated.
const calls = 100

// Standing measures the figures of a seller with very many orders, and how long
// it takes to look at every seller's level anew (workload 10).
func Standing(ctx context.Context, data, database string, size Sizes, p Plan) (f Figures, err error) {
	t, err := build(ctx, data, database, p)
	if err != nil {
		return f, err
	}
	defer func() { err = errors.Join(err, t.Close()) }()
	f = Figures{Workload: "standing", Engine: t.Store().Engine(), Sizes: size}
	if err := t.lookAtOne(ctx, &f, p); err != nil {
		return f, err
	}
	began := time.Now()
	if err := t.shops(ctx, size.Sellers, size.Each, false); err != nil {
		return f, err
	}
	p.Log("%d sellers made in %s", size.Sellers, time.Since(began).Round(time.Second))
	for _, what := range []string{"levels, the first time", "levels, anew", "levels, anew"} {
		err := f.run(ctx, p, what, size.Sellers, func(ctx context.Context) (int, error) { return 0, t.reevaluate(ctx) })
		if err != nil {
			return f, err
		}
	}
	return f, nil
}

// reevaluate has every level looked at, as a change of the rules does.
func (t *town) reevaluate(ctx context.Context) error {
	if err := t.Store().Update(ctx, func(tx *store.Tx) error { return tx.WakeStandings(t.now) }); err != nil {
		return err
	}
	return t.Market.SweepAll(ctx)
}

// lookAtOne measures what a busy seller sees.
func (t *town) lookAtOne(ctx context.Context, f *Figures, p Plan) error {
	busy := t.sellers[0]
	if err := t.fame(ctx, busy.Member, t.gigs[0].ID, f.Sizes.Orders); err != nil {
		return err
	}
	if err := t.Market.SweepAll(ctx); err != nil {
		return err
	}
	for _, c := range []struct {
		what string
		do   func(context.Context) error
	}{
		{"sheet", func(ctx context.Context) error { _, err := t.Market.MySheet(ctx, busy.Actor); return err }},
		{"standing page", func(ctx context.Context) error { _, err := t.Market.MyStanding(ctx, busy.Actor); return err }},
		{"orders behind a figure", func(ctx context.Context) error {
			_, err := t.Market.Behind(ctx, busy.Actor, standing.Completion, "", "", 0)
			return err
		}},
	} {
		if err := f.call(ctx, p, c.what, c.do); err != nil {
			return fmt.Errorf("%s: %w", c.what, err)
		}
	}
	return t.serve(ctx, func(ctx context.Context) error {
		if err := t.signIn(ctx, t.sellers[:1]); err != nil {
			return err
		}
		return f.call(ctx, p, "GET /standing", func(ctx context.Context) error { return t.get(ctx, t.sellers[0], "/standing") })
	})
}
