package bench

import (
	"context"
	"path/filepath"
	"testing"
	"time"
)

// TestWorkloads lets each workload work for a moment, so that a measurement
// never measures refusals. How fast they were is not its affair.
func TestWorkloads(t *testing.T) {
	for name, measure := range map[string]func(string, Plan) (Result, error){
		"place-order": func(data string, p Plan) (Result, error) {
			return PlaceOrder(t.Context(), data, filepath.Join(data, "guildhall.db"), p)
		},
		"order-life": func(data string, p Plan) (Result, error) {
			return OrderLife(t.Context(), data, filepath.Join(data, "guildhall.db"), p)
		},
	} {
		for _, http := range []bool{false, true} {
			r, err := measure(t.TempDir(), Plan{Callers: 3, Rounds: 1, Round: 100 * time.Millisecond, HTTP: http, Seed: 1, Log: t.Logf})
			if err != nil {
				t.Fatalf("%s, http %t: %v", name, http, err)
			}
			if round := r.Rounds[0]; round.Done == 0 || round.Failed > 0 || r.PerSecond != round.PerSecond {
				t.Errorf("%s, http %t: %+v", name, http, r)
			}
		}
	}
}

// TestLargeHouses builds small ones and measures them: whatever is measured
// works, and tells how long it took.
func TestLargeHouses(t *testing.T) {
	size := Sizes{Sellers: 30, Each: 12, Orders: 600, Reviews: 240}
	for name, measure := range map[string]func(context.Context, string, string, Sizes, Plan) (Figures, error){
		"standing": Standing, "reviews": Reviews, "rehearsal": Rehearsal,
	} {
		data := t.TempDir()
		f, err := measure(t.Context(), data, filepath.Join(data, "guildhall.db"), size, Plan{Callers: 1, Seed: 1, Log: t.Logf})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, c := range f.Calls {
			if c.P50 <= 0 || c.P99 < c.P50 {
				t.Errorf("%s: %+v", name, c)
			}
		}
		for _, r := range f.Runs {
			if r.Things == 0 || r.Seconds <= 0 {
				t.Errorf("%s: %+v", name, r)
			}
		}
		if len(f.Runs) == 0 {
			t.Errorf("%s: nothing was run", name)
		}
	}
}
