package store

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"
)

const (
	tries     = 8
	firstWait = time.Millisecond
	longWait  = 50 * time.Millisecond
)

// retry calls once until it no longer loses against other transactions or
// its connection, with
// a growing random pause in between so that the losers do not meet again.
func retry(ctx context.Context, once func() error) error {
	wait := firstWait
	for try := 1; ; try++ {
		err := once()
		if try == tries || !(beaten(err) || errors.Is(err, errLost)) {
			return err
		}
		pause := time.NewTimer(rand.N(wait) + wait/4)
		select {
		case <-ctx.Done():
			pause.Stop()
			return ctx.Err()
		case <-pause.C:
		}
		wait = min(2*wait, longWait)
	}
}
