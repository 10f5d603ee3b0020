-- name: EventsOf :many
SELECT stream, seq, kind, at, actor_id, role, from_state, to_state, detail FROM events
WHERE stream = $1 ORDER BY seq;

-- name: EventOf :one
SELECT stream, seq, kind, at, actor_id, role, from_state, to_state, detail FROM events
WHERE stream = $1 AND seq = $2;

-- name: EventsWaiting :many
SELECT stream, seq, kind, at, actor_id, role, from_state, to_state, detail FROM events
WHERE couriered_at IS NULL ORDER BY at, stream, seq LIMIT CAST($1 AS BIGINT);

-- name: EventCouriered :one
UPDATE events SET couriered_at = $3 WHERE stream = $1 AND seq = $2 AND couriered_at IS NULL
RETURNING 1;
