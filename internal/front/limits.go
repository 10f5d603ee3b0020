package front

import (
	"context"
	"net/http"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"guildhall/internal/fault"
)

// Limits counts attempts in token buckets. A bucket of an account always
// carries the network too, so that an attacker empties their own bucket and
// never locks the owner of the account out.
type Limits struct {
	mu      sync.Mutex
	now     func() time.Time
	buckets map[string]*bucket
}

type bucket struct {
	*rate.Limiter
	used time.Time
}

// Limit is so many at once, then one per span.
type limit struct {
	burst int
	every time.Duration
}

// kinds of attempts: per network alone, and per account and network.
var limits = map[string]limit{
	"signin":         {30, 10 * time.Second},
	"signin-account": {8, time.Minute},
	"signup":         {10, time.Minute},
	"reset":          {10, time.Minute},
	"reset-account":  {3, 10 * time.Minute},
	"token":          {30, 2 * time.Second},
	"post":           {120, 250 * time.Millisecond}, // see Front.Pace
}

// maxBuckets bounds the memory; beyond it the longest unused are dropped.
const maxBuckets = 50_000

// NewLimits makes an empty set of buckets.
func NewLimits(now func() time.Time) *Limits {
	return &Limits{now: now, buckets: map[string]*bucket{}}
}

// Attempt counts one attempt of a kind by a visitor on an account (empty when
// there is none). Errors: fault.Busy when it was one too many.
func (l *Limits) Attempt(kind string, v Visitor, account string) error {
	wait := l.take(kind, v.Network())
	if _, per := limits[kind+"-account"]; per && account != "" {
		wait = max(wait, l.take(kind+"-account", v.Network()+" "+account))
	}
	if wait > 0 {
		return fault.Busy("That was too often in a short time. Please wait " + minutes(wait) + " and try again.")
	}
	return nil
}

// minutes says a span that is long enough.
func minutes(d time.Duration) string {
	if d <= time.Minute {
		return "a minute"
	}
	return strconv.Itoa(int((d+time.Minute-1)/time.Minute)) + " minutes"
}

// Pace counts what a guest sends in order to change something. What members send
// is not counted: they are known by name and can be stopped, their programs may
// be in a hurry, and the queue of the house is bounded for all. Errors: those of
// Attempt.
func (f *Front) Pace(ctx context.Context, method string) error {
	v := In(ctx)
	if v.Actor.SignedIn() || method == http.MethodGet || method == http.MethodHead || method == http.MethodOptions {
		return nil
	}
	return f.Limits.Attempt("post", v, "")
}

// take takes from a bucket, or tells how long it stays empty.
func (l *Limits) take(kind, who string) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	b, now := l.bucket(kind, who), l.now()
	if b.AllowN(now, 1) {
		return 0
	}
	missing := 1 - b.TokensAt(now)
	return max(time.Duration(missing*float64(limits[kind].every)), 1)
}

// peek tells whether take would succeed, without taking.
func (l *Limits) peek(kind, who string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.bucket(kind, who).TokensAt(l.now()) >= 1
}

func (l *Limits) bucket(kind, who string) *bucket {
	now := l.now()
	key := kind + " " + who
	b := l.buckets[key]
	if b == nil {
		if len(l.buckets) >= maxBuckets {
			l.forget(now)
		}
		k := limits[kind]
		b = &bucket{Limiter: rate.NewLimiter(rate.Every(k.every), k.burst)}
		l.buckets[key] = b
	}
	b.used = now
	return b
}

// forget drops buckets that have filled up again: they say nothing. If all
// still say something, the oldest half goes.
func (l *Limits) forget(now time.Time) {
	for key, b := range l.buckets {
		if b.TokensAt(now) >= float64(b.Burst()) {
			delete(l.buckets, key)
		}
	}
	for age := time.Hour; len(l.buckets) >= maxBuckets/2 && age > time.Millisecond; age /= 2 {
		for key, b := range l.buckets {
			if now.Sub(b.used) > age {
				delete(l.buckets, key)
			}
		}
	}
	if len(l.buckets) >= maxBuckets {
		clear(l.buckets)
	}
}
