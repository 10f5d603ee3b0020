package proof_test

import (
	"context"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"guildhall/internal/store/storetest"
)

// cycles is how often something is hurt: as usual on each change, 25 times as
// often in the night, or as often as GUILDHALL_PROOF_CYCLES says.
func cycles(t testing.TB, usual int) int {
	t.Helper()
	if text := os.Getenv("GUILDHALL_PROOF_CYCLES"); text != "" {
		n, err := strconv.Atoi(text)
		must(t, err)
		return n
	}
	switch {
	case os.Getenv("GUILDHALL_NIGHTLY") != "":
		return 25 * usual
	case testing.Short():
		return min(usual, 3)
	}
	return usual
}

// TestKilledUnderLoad kills the program again and again while people order,
// answer, deliver, accept and withdraw.
func TestKilledUnderLoad(t *testing.T) {
	for name, c := range map[string]struct {
		database func(testing.TB) string
		cycles   int
	}{
		"sqlite":   {func(testing.TB) string { return "" }, 20},
		"postgres": {storetest.PostgresURL, 5},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			killed(t, found(t, t.TempDir(), c.database(t), 6), cycles(t, c.cycles))
		})
	}
}

func killed(t *testing.T, town town, cycles int) {
	h := town.house(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Duration(cycles+6)*generous)
	defer cancel()
	l := town.load(t, h.url)
	readies := []time.Duration{h.start()}
	l.begin(ctx)
	for range cycles {
		l.awaitMore(ctx, 10)
		rest(ctx, rand.N(150*time.Millisecond))
		h.kill()
		readies = append(readies, h.start())
	}
	l.finish()
	h.stop()
	h.audit()
	l.judge(h.export(), true)
	slices.Sort(readies)
	t.Logf("%d times killed; ready again after %s (median), %s (longest)", cycles,
		readies[len(readies)/2].Round(time.Millisecond), readies[len(readies)-1].Round(time.Millisecond))
}

// awaitMore waits until so many more answers were written down.
func (l *load) awaitMore(ctx context.Context, more int64) {
	l.t.Helper()
	from := l.count.Load()
	for l.count.Load() < from+more {
		if ctx.Err() != nil || l.t.Failed() {
			l.t.Fatalf("stuck after %d answers", l.count.Load())
		}
		rest(ctx, 5*time.Millisecond)
	}
}
