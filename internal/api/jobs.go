package api

import (
	"context"
	"net/http"
	"time"

	"guildhall/internal/ident"
	"guildhall/internal/job"
)

// Job is one errand in the outside world: a letter, a refund.
type Job struct {
	ID       ident.Job `json:"id" pattern:"^job_[0-9a-z]{26}$"`
	Kind     job.Kind  `json:"kind"`
	Key      string    `json:"key"`
	State    job.State `json:"state"`
	Attempts int       `json:"attempts"`
	RunAt    time.Time `json:"run_at"`
	Error    string    `json:"error,omitempty" doc:"Of the last attempt."`
	Created  time.Time `json:"created_at"`
}

// JobList is what waits and what was given up.
type JobList struct {
	Dead    []Job `json:"dead" doc:"Given up, newest first."`
	Waiting []Job `json:"waiting" doc:"Earliest first."`
}

func jobOf(j job.Job) Job {
	return Job{
		ID: j.ID, Kind: j.Kind, Key: j.Key, State: j.State, Attempts: j.Attempts, RunAt: j.RunAt.UTC(), Error: j.LastError, Created: j.Created.UTC(),
	}
}

type jobsIn struct {
	Limit int `query:"limit" minimum:"1" maximum:"100" default:"25" doc:"How many of each at most."`
}

type jobAt struct {
	ID ident.Job `path:"id" pattern:"^job_[0-9a-z]{26}$"`
}

func (a *API) jobs() {
	serve(a, route{
		method: http.MethodGet, path: "/jobs", id: "list-jobs", tag: "House", who: operator,
		does: "Errands of the house that wait or were given up",
	}, func(ctx context.Context, in *jobsIn) (*answer[JobList], error) {
		dead, waiting, err := a.Market.Jobs(ctx, actor(ctx), in.Limit)
		return ok(JobList{listOf(dead, "", jobOf).Items, listOf(waiting, "", jobOf).Items}, err)
	})
	serve(a, route{
		method: http.MethodPost, path: "/jobs/{id}/retry", id: "retry-job", tag: "House", who: operator, status: http.StatusNoContent,
		does: "Have an errand that was given up tried again",
	}, func(ctx context.Context, in *jobAt) (*none, error) {
		return &none{}, a.Market.RetryJob(ctx, actor(ctx), in.ID)
	})
}
