package bench

import (
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
