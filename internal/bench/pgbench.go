package bench

import (
	"context"
	"fmt"
	"os/exec"
	"regexp"
	"strconv"
	"time"
)

// PreparePgbench fills a database for pgbench: TPC-B at scale 50.
func PreparePgbench(ctx context.Context, url string) error {
	out, err := exec.CommandContext(ctx, "pgbench", "--initialize", "--quiet", "--scale=50", url).CombinedOutput() // the operator's own address
	if err != nil {
		return fmt.Errorf("bench: pgbench: %w\n%s", err, out)
	}
	return nil
}

var tps = regexp.MustCompile(`(?m)^tps = ([0-9.]+)`)

// pgbench is the yardstick: TPC-B, 32 clients, durable.
func pgbench(ctx context.Context, url string, d time.Duration) (float64, error) {
	out, err := exec.CommandContext(ctx, "pgbench", "--client=32", "--jobs=2", "--protocol=prepared", // the operator's own address
		"--time="+strconv.Itoa(max(1, int(d.Seconds()))), url).CombinedOutput()
	if err != nil {
		return 0, fmt.Errorf("bench: pgbench: %w\n%s", err, out)
	}
	found := tps.FindSubmatch(out)
	if found == nil {
		return 0, fmt.Errorf("bench: pgbench said nothing of its speed:\n%s", out)
	}
	return strconv.ParseFloat(string(found[1]), 64)
}
