package bench

import (
	"context"
	"errors"
	"time"

	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/policy"
)

// Rehearsal measures what it takes to rehearse other rules on a large house.
func Rehearsal(ctx context.Context, data, database string, size Sizes, p Plan) (f Figures, err error) {
	t, err := build(ctx, data, database, p)
	if err != nil {
		return f, err
	}
	defer func() { err = errors.Join(err, t.Close()) }()
	f = Figures{Workload: "rehearsal", Engine: t.Store().Engine(), Sizes: size}
	began := time.Now()
	if err := t.shops(ctx, size.Sellers, size.Each, true); err != nil {
		return f, err
	}
	if err := t.Market.SweepAll(ctx); err != nil {
		return f, err
	}
	p.Log("%d sellers with %d orders each made in %s", size.Sellers, size.Each, time.Since(began).Round(time.Second))
	in := market.Rehearsing{Name: "stricter.yaml", Source: string(stricter(t.policy.Document).Marshal())}
	err = f.run(ctx, p, "orders and sellers under other rules", size.Sellers*size.Each, func(ctx context.Context) (steps int, err error) {
		r, err := t.Market.RehearsePolicy(ctx, member.House(), in, func(market.RehearsalStep) { steps++ })
		if err != nil {
			return steps, err
		}
		p.Log("%d sellers and %d orders were looked at; %v would happen, %d orders would have been otherwise", r.Sellers, r.Totals.Orders, r.Turns, r.Totals.Differ)
		if r.Sellers < size.Sellers || r.Totals.Orders < size.Sellers*size.Each {
			err = errors.New("bench: not everything was looked at")
		}
		return steps, err
	})
	return f, err
}

// stricter asks more of everybody, and takes more.
func stricter(d policy.Document) policy.Document {
	d.Money.Commission += 100
	d.Order.ReviewPeriod += policy.Duration(24 * time.Hour)
	d.Standing.Levels = append([]policy.Level{}, d.Standing.Levels...)
	for i := range d.Standing.Levels {
		l := &d.Standing.Levels[i]
		l.Completed, l.Rating, l.OnTime = l.Completed+2, l.Rating+10, l.OnTime+200
	}
	return d
}
