package bench

import (
	"context"
	"slices"
	"time"
)

// Figures is what a workload found that is not a rate of callers: single calls,
// one after the other, and long runs over very many things.
type Figures struct {
	Workload string `json:"workload"`
	Engine   string `json:"engine"`
	Sizes    Sizes  `json:"sizes"`
	Calls    []Call `json:"calls"`
	Runs     []Run  `json:"runs,omitempty"`
}

// Sizes is how large the house is that is measured.
type Sizes struct {
	Sellers int `json:"sellers,omitzero"` // beside the busy one
	Each    int `json:"each,omitzero"`    // orders of every one of them
	Orders  int `json:"orders,omitzero"`  // of the busy seller
	Reviews int `json:"reviews,omitzero"` // of one gig
}

// Call is one thing done many times, nobody else being there.
type Call struct {
	What  string  `json:"what"`
	Times int     `json:"times"`
	P50   float64 `json:"p50_ms"`
	P99   float64 `json:"p99_ms"`
	CPU   float64 `json:"cpu_ms"` // user and system, of the whole process, for one
}

// Run is one long piece of work.
type Run struct {
	What      string  `json:"what"`
	Things    int     `json:"things"`
	Seconds   float64 `json:"s"`
	CPU       float64 `json:"cpu_s"` // user and system, of the whole process
	PerSecond float64 `json:"per_second"`
	Steps     int     `json:"steps,omitzero"` // how often it told how far it was
}

// call times something that is done again and again.
func (f *Figures) call(ctx context.Context, p Plan, what string, do func(context.Context) error) error {
	if err := do(ctx); err != nil { // the first time fills caches
		return err
	}
	took := make([]time.Duration, calls)
	before := cpu()
	for i := range took {
		at := time.Now()
		if err := do(ctx); err != nil {
			return err
		}
		took[i] = time.Since(at)
	}
	spent := cpu() - before
	slices.Sort(took)
	c := Call{What: what, Times: calls, P50: percentile(took, 50), P99: percentile(took, 99), CPU: millis(spent) / calls}
	p.Log("%s: p50 %.2f ms, p99 %.2f ms, CPU %.2f ms", what, c.P50, c.P99, c.CPU)
	f.Calls = append(f.Calls, c)
	return nil
}

// run times one long piece of work over so many things.
func (f *Figures) run(ctx context.Context, p Plan, what string, things int, do func(context.Context) (steps int, err error)) error {
	began, before := time.Now(), cpu()
	steps, err := do(ctx)
	if err != nil {
		return err
	}
	r := Run{What: what, Things: things, Seconds: time.Since(began).Seconds(), CPU: (cpu() - before).Seconds(), Steps: steps}
	r.PerSecond = float64(things) / r.Seconds
	p.Log("%s: %d in %.1f s, CPU %.1f s", what, things, r.Seconds, r.CPU)
	f.Runs = append(f.Runs, r)
	return nil
}

func millis(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
