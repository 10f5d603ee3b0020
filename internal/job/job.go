// Package job is an errand in the outside world that must not be lost: a letter
// to send, a refund to ask the payment provider for.
//
// It owns the Job, when it is tried again and when it is given up. The flow:
// the courier of market puts jobs down in the transaction that takes the event
// they follow from, under a key made of that event, so one event never makes
// two; a worker claims what is due under a lease, does the errand outside of
// every transaction, and records what came of it. A worker that dies says
// nothing: the lease ends and the job is due again. So an errand may be run
// twice, never forgotten, and each errand makes its second run harmless.
//
// It knows no errand and no database: market holds the errands, store the rows
// (docs/decisions/0003-jobs.md).
package job

import (
	"errors"
	"hash/fnv"
	"strings"
	"time"

	"guildhall/internal/ident"
)

// Kind names an errand.
type Kind string

// State is where a job stands.
type State string

// The closed list of states.
const (
	Waiting State = "waiting"
	Done    State = "done"
	Dead    State = "dead" // given up; an operator may have it tried again
)

// Job is one errand. Zero instants have not happened.
type Job struct {
	ID        ident.Job
	Kind      Kind
	Key       string // kind:stream:seq:recipient; one job each
	Payload   string // JSON of the errand
	RunAt     time.Time
	Attempts  int // begun so far
	State     State
	LastError string
	Lease     time.Time // somebody is at it until then
	Created   time.Time
	Done      time.Time
}

// New is an errand that is due at once. from is the event it follows from, as
// stream:seq, and happened the instant of that event; to is for whom it is.
func New(kind Kind, from string, happened time.Time, to, payload string, now time.Time) Job {
	key := string(kind) + ":" + from + ":" + to
	return Job{
		ID: ident.Derived[ident.Job](happened, 0, key), Kind: kind, Key: key, Payload: payload,
		RunAt: now, State: Waiting, Created: now,
	}
}

// How often and how long an errand is tried: two and a half days in all.
const (
	Tries     = 20
	firstWait = 10 * time.Second
	longWait  = 6 * time.Hour
)

// Lease is how long a worker may be at an errand before another takes it up.
const Lease = 5 * time.Minute

// Ended is the job after a run that ended with err: done, to be tried again
// later, or given up. Errors wrapped by [Never] are given up at once.
func (j Job) Ended(now time.Time, err error) Job {
	j.Lease = time.Time{}
	var never *neverError
	switch {
	case err == nil:
		j.State, j.Done, j.LastError = Done, now, ""
		return j
	case errors.As(err, &never) || j.Attempts >= Tries:
		j.State = Dead
	default:
		j.RunAt = now.Add(j.wait())
	}
	j.LastError = short(err.Error())
	return j
}

// wait doubles with each attempt. Its jitter of a quarter to either side comes
// from the key, so that a crowd that failed together does not come back
// together, and a seeded market repeats itself.
func (j Job) wait() time.Duration {
	wait := longWait
	if step := j.Attempts - 1; step < 12 {
		wait = min(firstWait<<max(0, step), longWait)
	}
	h := fnv.New32a()
	_, _ = h.Write([]byte(j.Key))
	_, _ = h.Write([]byte{byte(j.Attempts)})
	return wait*3/4 + wait/2*time.Duration(h.Sum32()%1000)/1000
}

// Never says that an errand will fail however often it is tried.
func Never(err error) error { return &neverError{err} }

type neverError struct{ cause error }

func (e *neverError) Error() string { return e.cause.Error() }
func (e *neverError) Unwrap() error { return e.cause }

// maxError bounds what is kept of an error.
const maxError = 500

func short(text string) string {
	if len(text) > maxError {
		text = text[:maxError] + " …"
	}
	return strings.ToValidUTF8(text, "")
}
