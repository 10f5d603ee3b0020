-- name: HouseMark :one
SELECT value FROM house WHERE key = $1;

-- name: HouseSetMark :exec
INSERT INTO house (key, value) VALUES ($1, $2)
ON CONFLICT (key) DO UPDATE SET value = excluded.value;

-- name: IdempotencyRecall :one
SELECT body_hash, status, answer FROM idempotency WHERE member_id = $1 AND key = $2;

-- name: IdempotencyRemember :one
INSERT INTO idempotency (member_id, key, body_hash, status, answer, created_at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT DO NOTHING
RETURNING 1;

-- name: IdempotencyForget :many
DELETE FROM idempotency WHERE (member_id, key) IN (
    SELECT i.member_id, i.key FROM idempotency i WHERE i.created_at < @before
    ORDER BY i.created_at, i.member_id, i.key LIMIT CAST(@most AS BIGINT)
) RETURNING 1;

-- name: HouseSortsByBytes :one
SELECT CAST('B' < 'a' AS BOOLEAN) AS by_bytes;
