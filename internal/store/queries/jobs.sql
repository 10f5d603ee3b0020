-- name: JobLease :one
UPDATE jobs SET attempts = attempts + 1, run_at = CAST(@until AS BIGINT), lease_until = CAST(@until AS BIGINT)
WHERE id = @id AND state = 'waiting'
RETURNING id, kind, key, payload, run_at, attempts, state, last_error, lease_until, created_at, done_at;

-- name: JobSave :one
UPDATE jobs SET run_at = $3, state = $4, last_error = $5, lease_until = NULL, done_at = $6
WHERE id = $1 AND attempts = $2 AND state = 'waiting'
RETURNING 1;

-- name: JobRetry :one
UPDATE jobs SET state = 'waiting', attempts = 0, run_at = $2, done_at = NULL
WHERE id = $1 AND state = 'dead' RETURNING 1;

-- name: JobByID :one
SELECT id, kind, key, payload, run_at, attempts, state, last_error, lease_until, created_at, done_at FROM jobs WHERE id = $1;

-- name: JobsDead :many
SELECT id, kind, key, payload, run_at, attempts, state, last_error, lease_until, created_at, done_at FROM jobs
WHERE state = 'dead' AND id < $1 ORDER BY id DESC LIMIT CAST($2 AS BIGINT);

-- name: JobsWaiting :many
SELECT id, kind, key, payload, run_at, attempts, state, last_error, lease_until, created_at, done_at FROM jobs
WHERE state = 'waiting' AND (run_at, id) > (CAST($1 AS BIGINT), CAST($2 AS TEXT)) ORDER BY run_at, id LIMIT CAST($3 AS BIGINT);

-- name: JobsForget :exec
DELETE FROM jobs WHERE state = 'done' AND done_at < $1;
