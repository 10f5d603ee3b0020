-- name: EventsPassOver :exec
UPDATE events SET couriered_at = $2 WHERE couriered_at IS NULL AND at < $1;
