// Package bench measures the house from inside: seeded workloads against a
// database of its own, told as JSON (quality, section 4).
//
// It owns the workloads, the crowd that makes them and the sums. Figures are
// only worth something as ratios in one run, so a yardstick (pgbench) can be
// run between the rounds of ours.
//
// It is a roof room beside app: it opens a house, fills it through the market
// and measures.
package bench

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Plan says what to measure and how long.
type Plan struct {
	Callers int           // at once
	Rounds  int           // the median of them counts
	Round   time.Duration // of measuring, each
	HTTP    bool          // through sessions and forms instead of market calls
	Seed    uint64
	Pgbench string // libpq address of an empty database; "" runs no yardstick
	Log     func(format string, args ...any)
}

// Result is what a run found.
type Result struct {
	Workload  string  `json:"workload"`
	Engine    string  `json:"engine"`
	HTTP      bool    `json:"http"`
	Callers   int     `json:"callers"`
	Rounds    []Round `json:"rounds"`
	PerSecond float64 `json:"per_second"`           // median of the rounds
	P50       float64 `json:"p50_ms"`               // of the median round
	P99       float64 `json:"p99_ms"`               // of the median round
	Yardstick float64 `json:"pgbench_tps,omitzero"` // median of its rounds
	Ratio     float64 `json:"ratio,omitzero"`       // per_second over pgbench_tps
}

// Round is one stretch of measuring.
type Round struct {
	Done      int     `json:"done"`
	Failed    int     `json:"failed"`
	PerSecond float64 `json:"per_second"`
	P50       float64 `json:"p50_ms"`
	P99       float64 `json:"p99_ms"`
	Yardstick float64 `json:"pgbench_tps,omitzero"`
}

// workload is one caller's one action, told its number among the callers.
type workload func(ctx context.Context, caller int) error

// run measures a workload for all rounds, the yardstick after each.
func run(ctx context.Context, p Plan, name, engine string, do workload) (Result, error) {
	r := Result{Workload: name, Engine: engine, HTTP: p.HTTP, Callers: p.Callers}
	if err := warm(ctx, p, do); err != nil {
		return r, err
	}
	for i := range p.Rounds {
		round, err := measure(ctx, p, do)
		if err != nil {
			return r, err
		}
		if p.Pgbench != "" {
			if round.Yardstick, err = pgbench(ctx, p.Pgbench, p.Round); err != nil {
				return r, err
			}
		}
		p.Log("round %d: %.0f/s, p50 %.1f ms, p99 %.1f ms, %d failed; pgbench %.0f/s", i+1, round.PerSecond, round.P50, round.P99, round.Failed, round.Yardstick)
		r.Rounds = append(r.Rounds, round)
	}
	r.sum()
	return r, nil
}

// warm lets every caller act once, so that caches are filled and a workload
// that cannot work says so.
func warm(ctx context.Context, p Plan, do workload) error {
	failures := make([]error, p.Callers)
	var crowd sync.WaitGroup
	for i := range p.Callers {
		crowd.Go(func() { failures[i] = do(ctx, i) })
	}
	crowd.Wait()
	return errors.Join(failures...)
}

func measure(ctx context.Context, p Plan, do workload) (Round, error) {
	var failed atomic.Int64
	times := make([][]time.Duration, p.Callers)
	began := time.Now()
	until := began.Add(p.Round)
	var crowd sync.WaitGroup
	for i := range p.Callers {
		crowd.Go(func() {
			for time.Now().Before(until) && ctx.Err() == nil {
				at := time.Now()
				if do(ctx, i) != nil {
					failed.Add(1)
					continue
				}
				times[i] = append(times[i], time.Since(at))
			}
		})
	}
	crowd.Wait()
	took := time.Since(began)
	if err := ctx.Err(); err != nil {
		return Round{}, err
	}
	all := slices.Concat(times...)
	slices.Sort(all)
	return Round{
		Done: len(all), Failed: int(failed.Load()), PerSecond: float64(len(all)) / took.Seconds(),
		P50: percentile(all, 50), P99: percentile(all, 99),
	}, nil
}

// percentile is in milliseconds; 0 of nothing.
func percentile(sorted []time.Duration, p int) float64 {
	if len(sorted) == 0 {
		return 0
	}
	return float64(sorted[min(len(sorted)-1, len(sorted)*p/100)]) / float64(time.Millisecond)
}

// sum takes the median round.
func (r *Result) sum() {
	byRate := slices.SortedFunc(slices.Values(r.Rounds), func(a, b Round) int { return cmp.Compare(a.PerSecond, b.PerSecond) })
	if len(byRate) == 0 {
		return
	}
	median := byRate[len(byRate)/2]
	r.PerSecond, r.P50, r.P99 = median.PerSecond, median.P50, median.P99
	yard := slices.SortedFunc(slices.Values(r.Rounds), func(a, b Round) int { return cmp.Compare(a.Yardstick, b.Yardstick) })
	if r.Yardstick = yard[len(yard)/2].Yardstick; r.Yardstick > 0 {
		r.Ratio = r.PerSecond / r.Yardstick
	}
}

// errStatus is an answer that a browser would not have got.
func errStatus(what string, resp *http.Response) error {
	return fmt.Errorf("bench: %s answered %s", what, resp.Status)
}
