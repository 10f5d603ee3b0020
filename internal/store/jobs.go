package store

import (
	"math"
	"time"

	"guildhall/internal/ident"
	"guildhall/internal/job"
	"guildhall/internal/store/db"
)

// TopicJobs wakes the workers.
const TopicJobs = "jobs"

var jobRows = insertOf("JobInsert", "jobs (id, kind, key, payload, run_at, attempts, state, last_error, created_at)", "ON CONFLICT DO NOTHING")

// AddJobs puts errands down, but for those of a key that is there already.
func (tx *Tx) AddJobs(list ...job.Job) error {
	var values []any
	for _, j := range list {
		values = append(values, string(j.ID), string(j.Kind), j.Key, j.Payload, micros(j.RunAt), int64(0), string(job.Waiting), "", micros(j.Created))
		tx.Notify(TopicJobs)
	}
	return tx.insert(jobRows, values)
}

// jobsToClaim is the claim of a worker: with its dialect's suffix it passes
// over what another worker is claiming.
const jobsToClaim = `-- name: JobsToClaim :many
SELECT id FROM jobs WHERE state = 'waiting' AND run_at <= CAST($1 AS BIGINT) ORDER BY run_at, id LIMIT CAST($2 AS BIGINT)`

// ClaimJobs hands the jobs that are due to this worker, at most n. Nobody else
// gets one before its lease ends; after that it is due again.
func (tx *Tx) ClaimJobs(now, lease time.Time, n int) ([]job.Job, error) {
	ids, err := tx.jobsToClaim(now, n)
	if err != nil {
		return nil, err
	}
	list := make([]job.Job, len(ids))
	for i, id := range ids {
		row, err := tx.q.JobLease(tx.ctx, micros(lease), id)
		if err != nil {
			return nil, stale(err)
		}
		list[i] = jobOf(row)
	}
	return list, nil
}

func (tx *Tx) jobsToClaim(now time.Time, n int) ([]string, error) {
	rows, err := tx.conn.Query(tx.ctx, jobsToClaim+tx.dialect.skipLocked, micros(now), int64(n))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var ids []string
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}

// EndJob records what came of a run. A worker whose lease ended and whose job
// another has begun since is told false, and its word does not count.
func (tx *Tx) EndJob(j job.Job) (bool, error) {
	_, err := tx.q.JobSave(tx.ctx, db.JobSaveParams{
		ID: string(j.ID), Attempts: int64(j.Attempts), RunAt: micros(j.RunAt),
		State: string(j.State), LastError: j.LastError, DoneAt: microsOrNull(j.Done),
	})
	if isNotFound(err) {
		return false, nil
	}
	return err == nil, err
}

// RetryJob has a dead job tried again from the beginning. Errors: ErrNotFound
// when there is none or it is not dead.
func (tx *Tx) RetryJob(id ident.Job, now time.Time) error {
	tx.Notify(TopicJobs)
	_, err := tx.q.JobRetry(tx.ctx, string(id), micros(now))
	return err
}

// Job reads one job. Errors: ErrNotFound.
func (tx *Tx) Job(id ident.Job) (job.Job, error) {
	r, err := tx.q.JobByID(tx.ctx, string(id))
	return jobOf(r), err
}

// DeadJobs lists jobs that were given up, before one of them ("" is from the
// newest), at most limit.
func (tx *Tx) DeadJobs(before ident.Job, limit int) ([]job.Job, error) {
	if before == "" {
		before = "~"
	}
	rows, err := tx.q.JobsDead(tx.ctx, string(before), int64(limit))
	return rowsOf(rows, jobOf), err
}

// WaitingJobs lists jobs that are to be done after a place in the line (zero
// and "" is its head), the earliest due first, at most limit.
func (tx *Tx) WaitingJobs(after time.Time, id ident.Job, limit int) ([]job.Job, error) {
	from := int64(math.MinInt64)
	if !after.IsZero() {
		from = micros(after)
	}
	rows, err := tx.q.JobsWaiting(tx.ctx, from, string(id), int64(limit))
	return rowsOf(rows, jobOf), err
}

// ForgetJobs drops the jobs that were done before the instant.
func (tx *Tx) ForgetJobs(before time.Time) error {
	return tx.q.JobsForget(tx.ctx, microsOrNull(before))
}

func jobOf(r db.Job) job.Job {
	j := job.Job{
		ID: ident.Job(r.ID), Kind: job.Kind(r.Kind), Key: r.Key, Payload: r.Payload,
		Attempts: int(r.Attempts), State: job.State(r.State), LastError: r.LastError,
		Lease: fromMicrosOrNull(r.LeaseUntil), Done: fromMicrosOrNull(r.DoneAt),
	}
	if r.ID != "" {
		j.RunAt, j.Created = fromMicros(r.RunAt), fromMicros(r.CreatedAt)
	}
	return j
}
