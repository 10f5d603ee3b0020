-- name: RecordInsert :exec
INSERT INTO reputation_records (id, member_id, key_id, digest, issued_at, expires_at, reason)
VALUES ($1, $2, $3, $4, $5, $6, '');

-- name: RecordSupersede :exec
UPDATE reputation_records SET superseded_at = $2 WHERE member_id = $1 AND superseded_at IS NULL;

-- name: RecordByID :one
SELECT id, member_id, key_id, digest, issued_at, expires_at, superseded_at, revoked_at, reason
FROM reputation_records WHERE id = $1;

-- name: RecordsOf :many
SELECT id, member_id, key_id, digest, issued_at, expires_at, superseded_at, revoked_at, reason
FROM reputation_records WHERE member_id = $1 AND id < $2
ORDER BY id DESC LIMIT CAST($3 AS BIGINT);

-- name: RecordsStanding :many
SELECT id, member_id, key_id, digest, issued_at, expires_at, superseded_at, revoked_at, reason
FROM reputation_records
WHERE member_id = $1 AND issued_at >= $2 AND revoked_at IS NULL AND expires_at > $3
ORDER BY issued_at, id;

-- name: RecordsRevoked :many
SELECT id, member_id, key_id, digest, issued_at, expires_at, superseded_at, revoked_at, reason
FROM reputation_records
WHERE revoked_at IS NOT NULL AND id > $1 AND expires_at > $2
ORDER BY id LIMIT CAST($3 AS BIGINT);

-- name: RecordRevoke :one
UPDATE reputation_records SET revoked_at = $2, reason = $3 WHERE id = $1 AND revoked_at IS NULL
RETURNING 1;
