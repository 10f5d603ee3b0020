package bench

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"time"

	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/standing"
	"guildhall/internal/store"
)

// StandingResult is how fast figures and levels are (workload 10).
type StandingResult struct {
	Workload   string  `json:"workload"`
	Engine     string  `json:"engine"`
	Orders     int     `json:"orders"` // of the busy seller
	SheetP50   float64 `json:"sheet_p50_ms"`
	SheetP99   float64 `json:"sheet_p99_ms"`
	PageP50    float64 `json:"page_p50_ms"` // with ladder, forecast and recovery
	PageP99    float64 `json:"page_p99_ms"`
	Sellers    int     `json:"sellers"`
	Levels     int     `json:"with_a_level"`
	Reevaluate float64 `json:"reevaluate_s"` // all of them, with the writing
	PerSecond  float64 `json:"per_second"`
}

// town is a house with very many sellers for measuring figures in.
type town struct {
	*market.Market
	store  *store.Store
	ids    *ident.Source
	chance *rand.Rand
	now    time.Time
	busy   member.Actor
	all    []ident.Member
}

// Standing measures the figures of a seller with very many orders, and how long
// it takes to look at every seller's level anew.
func Standing(ctx context.Context, database string, sellers, orders int, p Plan) (r StandingResult, err error) {
	t := &town{ids: ident.NewSeeded(p.Seed), chance: rand.New(rand.NewPCG(p.Seed, 10)), now: time.Now().UTC().Truncate(time.Microsecond)}
	if t.store, err = store.Open(ctx, database, store.Options{Logger: slog.New(slog.DiscardHandler)}); err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, t.store.Close()) }()
	if err := t.store.Migrate(ctx); err != nil {
		return r, err
	}
	t.Market = market.New(market.Parts{Store: t.store, IDs: t.ids, Now: func() time.Time { return t.now }, Log: slog.New(slog.DiscardHandler)})
	if err := t.Prepare(ctx); err != nil {
		return r, err
	}
	r = StandingResult{Workload: "standing", Engine: t.store.Engine(), Orders: orders, Sellers: sellers}
	if err := t.fill(ctx, sellers, orders, p); err != nil {
		return r, err
	}
	if err := t.reevaluate(ctx, &r); err != nil { // the first time everybody is promoted
		return r, err
	}
	p.Log("first evaluation of %d sellers: %.1f s", sellers, r.Reevaluate)
	for name, m := range map[string]struct {
		do       func(context.Context, member.Actor) error
		p50, p99 *float64
	}{
		"sheet": {func(ctx context.Context, who member.Actor) error { _, err := t.MySheet(ctx, who); return err }, &r.SheetP50, &r.SheetP99},
		"page":  {func(ctx context.Context, who member.Actor) error { _, err := t.MyStanding(ctx, who); return err }, &r.PageP50, &r.PageP99},
	} {
		if *m.p50, *m.p99, err = t.repeat(ctx, m.do); err != nil {
			return r, fmt.Errorf("%s: %w", name, err)
		}
	}
	badges, err := t.Levels(ctx, t.all...)
	r.Levels = len(badges)
	if err != nil {
		return r, err
	}
	return r, t.reevaluate(ctx, &r)
}

// fill writes sellers with what stands behind their figures, twenty orders
// each, and one who is busy.
func (t *town) fill(ctx context.Context, sellers, orders int, p Plan) error {
	began := time.Now()
	for len(t.all) < sellers+1 {
		n := min(200, sellers+1-len(t.all))
		var page []ident.Member
		err := t.store.Update(ctx, func(tx *store.Tx) error {
			page = page[:0]
			for i := range n {
				id, err := t.join(tx, len(t.all)+i)
				if err != nil {
					return err
				}
				done := 20
				if len(t.all)+i == 0 {
					done = orders
				}
				if err := t.work(tx, id, done); err != nil {
					return err
				}
				page = append(page, id)
			}
			return nil
		})
		if err != nil {
			return err
		}
		t.all = append(t.all, page...)
	}
	t.busy = member.Actor{Member: t.all[0], Role: member.RoleMember, Seller: true}
	p.Log("%d sellers, one with %d orders, made in %s", sellers, orders, time.Since(began).Round(time.Second))
	return nil
}

func (t *town) join(tx *store.Tx, n int) (ident.Member, error) {
	since := t.now.Add(-400 * 24 * time.Hour)
	id := ident.New[ident.Member](t.ids, since)
	name := fmt.Sprintf("seller-%d", n)
	return id, tx.AddMember(member.Member{
		ID: id, Email: name + "@bench.example", Name: name, Handle: name, Zone: "UTC", Seller: &member.Seller{Since: since}, Created: since, Version: 1,
	})
}

// work writes what so many orders over two years leave behind.
func (t *town) work(tx *store.Tx, who ident.Member, orders int) error {
	var put []standing.Contribution
	for range orders {
		at := t.now.Add(-time.Duration(t.chance.Int64N(int64(700 * 24 * time.Hour)))).Truncate(time.Microsecond)
		id := ident.New[ident.Order](t.ids, at)
		add := func(f standing.Figure, m standing.Mark, value int64) {
			put = append(put, standing.Contribution{
				Figure: f, Member: who, Subject: string(id), Order: id, Ref: "BENCH1", At: at, Mark: m, Value: value, Rule: "measured",
				Peer: ident.Member(fmt.Sprintf("member_%026d", t.chance.IntN(1+orders/2))),
			})
		}
		mark := standing.For
		if t.chance.IntN(25) == 0 {
			mark = []standing.Mark{standing.Against, standing.Excluded}[t.chance.IntN(2)]
		}
		add(standing.Completion, mark, 0)
		add(standing.OnTime, []standing.Mark{standing.For, standing.Against}[t.chance.IntN(20)/19], 0)
		add(standing.Response, []standing.Mark{standing.For, standing.Against}[t.chance.IntN(20)/19], 0)
		if mark == standing.For {
			add(standing.Earned, standing.For, 7200)
			add(standing.Rating, standing.For, int64(5-t.chance.IntN(6)/5)*standing.Star)
		}
	}
	if err := tx.SaveContributions(put, nil); err != nil {
		return err
	}
	if err := tx.OpenStanding(who, t.now.Add(-400*24*time.Hour), t.now); err != nil {
		return err
	}
	return tx.RecountSeller(who, t.now)
}

// repeat times one call for the busy seller.
func (t *town) repeat(ctx context.Context, do func(context.Context, member.Actor) error) (p50, p99 float64, err error) {
	const times = 100
	var took []time.Duration
	for range times {
		at := time.Now()
		if err := do(ctx, t.busy); err != nil {
			return 0, 0, err
		}
		took = append(took, time.Since(at))
	}
	slices.Sort(took)
	return percentile(took, 50), percentile(took, 99), nil
}

// reevaluate has every level looked at, as a change of the rules does.
func (t *town) reevaluate(ctx context.Context, r *StandingResult) error {
	if err := t.store.Update(ctx, func(tx *store.Tx) error { return tx.WakeStandings(t.now) }); err != nil {
		return err
	}
	began := time.Now()
	if err := t.SweepAll(ctx); err != nil {
		return err
	}
	took := time.Since(began).Seconds()
	r.Reevaluate, r.PerSecond = took, float64(r.Sellers)/took
	return nil
}
