package market

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/rehearsal"
)

// A rehearsal of a large house takes minutes. It runs beside the request that
// started it and is kept in memory, by the process that ran it, until newer ones
// take its place: it can be made again at any time, so it is written nowhere.

// RehearsalJob is one rehearsal that runs or has run.
type RehearsalJob struct {
	ID      string
	By      ident.Member
	Started time.Time
	Ended   time.Time // zero while it runs
	Step    RehearsalStep
	Failed  error // why it came to nothing
	In      Rehearsing
	Report  PolicyRehearsal // its sums only once it has ended
}

// Running tells whether it is still under way.
func (j RehearsalJob) Running() bool { return j.Ended.IsZero() }

// Why says, to whoever began it, why it came to nothing.
func (j RehearsalJob) Why() string {
	var f *fault.Error
	if errors.As(j.Failed, &f) {
		return f.Text
	}
	return "Something went wrong on our side. The log of the house says what."
}

// rehearsals keeps what runs and the newest of what has run.
type rehearsals struct {
	mu   sync.Mutex
	jobs []*rehearsalJob // newest last
}

type rehearsalJob struct {
	RehearsalJob
	stop context.CancelFunc
}

const (
	rehearsalsKept   = 5
	rehearsalLongest = time.Hour
	noRehearsal      = "There is no such rehearsal any more: the house keeps only the newest, and none across a restart. Start it again."
)

// errStopped is how a rehearsal ends that an operator stopped.
var errStopped = fault.Conflict("This rehearsal was stopped.")

// StartRehearsal begins a rehearsal and returns at once. Errors: those of
// RehearsePolicy; fault.Conflict while another one runs.
func (m *Market) StartRehearsal(ctx context.Context, who member.Actor, in Rehearsing) (RehearsalJob, error) {
	draft, err := m.rehearsalOf(who, in)
	if err != nil {
		return RehearsalJob{}, err
	}
	in.At = draft.At
	background, stop := context.WithTimeout(context.WithoutCancel(ctx), rehearsalLongest)
	j := &rehearsalJob{stop: stop, RehearsalJob: RehearsalJob{
		ID: ident.Secret()[:20], By: who.Member, Started: m.Now(), In: in, Report: draft,
	}}
	if err := m.rehearsals.begin(j); err != nil {
		stop()
		return RehearsalJob{}, err
	}
	go func() {
		defer stop()
		report, err := m.RehearsePolicy(background, who, in, func(s RehearsalStep) { m.rehearsals.step(j, s) })
		m.rehearsals.end(j, m.Now(), report, err)
	}()
	return m.rehearsals.copy(j), nil
}

func (r *rehearsals) begin(j *rehearsalJob) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if slices.ContainsFunc(r.jobs, func(o *rehearsalJob) bool { return o.Running() }) {
		return fault.Conflict("Another rehearsal is under way. Wait for it, or stop it first.")
	}
	r.jobs = append(r.jobs, j)
	r.jobs = r.jobs[max(0, len(r.jobs)-rehearsalsKept):]
	return nil
}

func (r *rehearsals) step(j *rehearsalJob, s RehearsalStep) {
	r.mu.Lock()
	defer r.mu.Unlock()
	j.Step = s
}

func (r *rehearsals) end(j *rehearsalJob, now time.Time, report PolicyRehearsal, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	j.Ended, j.Failed = now, err
	if err == nil {
		j.Report, j.Step.Share = report, 100
	}
	if errors.Is(err, context.Canceled) {
		j.Failed = errStopped
	}
}

func (r *rehearsals) copy(j *rehearsalJob) RehearsalJob {
	r.mu.Lock()
	defer r.mu.Unlock()
	return j.RehearsalJob
}

func (r *rehearsals) find(id string) (*rehearsalJob, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	i := slices.IndexFunc(r.jobs, func(j *rehearsalJob) bool { return j.ID == id })
	if i < 0 {
		return nil, fault.NotFound(noRehearsal)
	}
	return r.jobs[i], nil
}

// Rehearsals lists what runs and what has run lately, newest first. Errors:
// fault.NotFound unless the actor runs the house.
func (m *Market) Rehearsals(_ context.Context, who member.Actor) ([]RehearsalJob, error) {
	if err := who.NeedOperator(); err != nil {
		return nil, err
	}
	r := &m.rehearsals
	r.mu.Lock()
	defer r.mu.Unlock()
	var list []RehearsalJob
	for _, j := range slices.Backward(r.jobs) {
		list = append(list, j.RehearsalJob)
	}
	return list, nil
}

// RehearsalJob is one of them. Errors: fault.NotFound.
func (m *Market) RehearsalJob(_ context.Context, who member.Actor, id string) (RehearsalJob, error) {
	if err := who.NeedOperator(); err != nil {
		return RehearsalJob{}, err
	}
	j, err := m.rehearsals.find(id)
	if err != nil {
		return RehearsalJob{}, err
	}
	return m.rehearsals.copy(j), nil
}

// StopRehearsal ends one that runs. Errors: fault.NotFound.
func (m *Market) StopRehearsal(_ context.Context, who member.Actor, id string) error {
	if err := who.NeedOperator(); err != nil {
		return err
	}
	j, err := m.rehearsals.find(id)
	if err != nil {
		return err
	}
	j.stop()
	return nil
}

// RehearsedRow is one seller of a rehearsal with their name.
type RehearsedRow struct {
	rehearsal.Row
	Seller member.Member
}

// RehearsedSellers lists sellers of a rehearsal that has ended: those of one
// kind, in the order of their ids. Errors: fault.NotFound; fault.Conflict while
// it runs; fault.Invalid for a list that there is not.
func (m *Market) RehearsedSellers(ctx context.Context, who member.Actor, id string, only rehearsal.Only, after Cursor, most int) (rows []RehearsedRow, next Cursor, err error) {
	j, err := m.RehearsalJob(ctx, who, id)
	switch {
	case err != nil:
		return nil, "", err
	case j.Running():
		return nil, "", fault.Conflict("This rehearsal is still under way.")
	case j.Failed != nil:
		return nil, "", j.Failed
	case !only.Known():
		return nil, "", fault.Invalid("only", "There is no such list.")
	}
	parts, err := after.parts(1)
	if err != nil {
		return nil, "", err
	}
	from := ident.Member("")
	if len(parts) == 1 {
		from = ident.Member(parts[0])
	}
	list, more := j.Report.Rows(only, from, pageSize(most))
	for _, r := range list {
		seller, err := m.Member(ctx, r.Member)
		if err != nil {
			return nil, "", err
		}
		rows = append(rows, RehearsedRow{r, seller})
	}
	if more {
		next = cursorOf(string(list[len(list)-1].Member))
	}
	return rows, next, nil
}
