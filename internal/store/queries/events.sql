-- name: EventsOf :many
SELECT stream, seq, kind, at, actor_id, role, from_state, to_state, detail FROM events
WHERE stream = $1 ORDER BY seq;

-- name: EventOf :one
SELECT stream, seq, kind, at, actor_id, role, from_state, to_state, detail FROM events
WHERE stream = $1 AND seq = $2;
