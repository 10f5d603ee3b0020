-- name: MemberInsert :exec
INSERT INTO members (id, email, handle, name, zone, about, picture, theme, seller_since, tagline, skills, away_until, agent, operator, suspended_at, suspended_why, created_at, seq, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19);

-- name: MemberByID :one
SELECT id, email, handle, name, zone, about, picture, theme, seller_since, tagline, skills, away_until, agent, operator, suspended_at, suspended_why, created_at, seq, version
FROM members WHERE id = $1;

-- name: MemberByEmail :one
SELECT id, email, handle, name, zone, about, picture, theme, seller_since, tagline, skills, away_until, agent, operator, suspended_at, suspended_why, created_at, seq, version
FROM members WHERE email = $1;

-- name: MemberByHandle :one
SELECT id, email, handle, name, zone, about, picture, theme, seller_since, tagline, skills, away_until, agent, operator, suspended_at, suspended_why, created_at, seq, version
FROM members WHERE handle = $1;

-- name: MemberUpdate :one
UPDATE members SET
    email = $3, name = $4, zone = $5, about = $6, picture = $7, theme = $8,
    seller_since = $9, tagline = $10, skills = $11, away_until = $12,
    agent = $13, operator = $14, suspended_at = $15, suspended_why = $16,
    seq = $17, version = version + 1
WHERE id = $1 AND version = $2
RETURNING 1;

-- name: MemberOperator :one
SELECT id FROM members WHERE operator ORDER BY id LIMIT 1;

-- name: MembersPage :many
SELECT id, email, handle, name, zone, about, picture, theme, seller_since, tagline, skills, away_until, agent, operator, suspended_at, suspended_why, created_at, seq, version
FROM members WHERE id > $1 ORDER BY id LIMIT CAST($2 AS BIGINT);

-- name: PasswordSet :exec
INSERT INTO passwords (member_id, hash, changed_at) VALUES ($1, $2, $3)
ON CONFLICT (member_id) DO UPDATE SET hash = excluded.hash, changed_at = excluded.changed_at;

-- name: PasswordStands :one
UPDATE passwords SET hash = hash WHERE member_id = $1 AND hash = $2
RETURNING 1;

-- name: PasswordHold :exec
UPDATE passwords SET hash = hash WHERE member_id = $1;

-- name: PasswordOf :one
SELECT hash FROM passwords WHERE member_id = $1;

-- name: SessionWithMember :one
SELECT s.data, sqlc.embed(m)
FROM sessions s JOIN members m ON m.id = s.member_id
WHERE s.token_hash = $1 AND s.expires_at > $2 AND m.suspended_at IS NULL;

-- name: SessionOfGuest :one
SELECT data FROM sessions WHERE token_hash = $1 AND expires_at > $2 AND member_id = '';

-- name: SessionSave :exec
INSERT INTO sessions (token_hash, member_id, data, expires_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (token_hash) DO UPDATE SET member_id = excluded.member_id, data = excluded.data, expires_at = excluded.expires_at;

-- name: SessionKeep :exec
UPDATE sessions SET member_id = $2, data = $3, expires_at = $4 WHERE token_hash = $1;

-- name: SessionDrop :exec
DELETE FROM sessions WHERE token_hash = $1;

-- name: SessionsOfMemberDrop :exec
DELETE FROM sessions WHERE member_id = $1;

-- name: SessionsExpire :exec
DELETE FROM sessions WHERE expires_at <= $1;

-- name: ResetInsert :exec
INSERT INTO resets (token_hash, member_id, expires_at) VALUES ($1, $2, $3);

-- name: ResetFind :one
SELECT member_id, expires_at FROM resets WHERE token_hash = $1;

-- name: ResetTake :one
DELETE FROM resets WHERE token_hash = $1 RETURNING member_id, expires_at;

-- name: ResetsOfMemberDrop :exec
DELETE FROM resets WHERE member_id = $1;

-- name: ResetsExpire :exec
DELETE FROM resets WHERE expires_at <= $1;

-- name: TokenInsert :exec
INSERT INTO tokens (id, member_id, token_hash, name, scopes, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: TokenByHash :one
SELECT id, member_id, name, scopes, created_at, expires_at, used_at, revoked_at
FROM tokens WHERE token_hash = $1;

-- name: TokensOf :many
SELECT id, member_id, name, scopes, created_at, expires_at, used_at, revoked_at
FROM tokens WHERE member_id = $1 ORDER BY id DESC LIMIT 100;

-- name: TokenRevoke :one
UPDATE tokens SET revoked_at = $3 WHERE id = $1 AND member_id = $2 AND revoked_at IS NULL
RETURNING 1;

-- name: TokensOfMemberRevoke :exec
UPDATE tokens SET revoked_at = $2
WHERE member_id = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2);

-- name: TokenUsed :exec
UPDATE tokens SET used_at = $2 WHERE id = $1;

-- name: LetterKeep :exec
INSERT INTO letters (id, recipient, subject, body, html, created_at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (id) DO NOTHING;

-- name: LettersBefore :many
SELECT id, recipient, subject, created_at FROM letters
WHERE (created_at, id) < (CAST($1 AS BIGINT), CAST($2 AS TEXT))
ORDER BY created_at DESC, id DESC LIMIT CAST($3 AS BIGINT);

-- name: LetterByID :one
SELECT id, recipient, subject, body, html, created_at FROM letters WHERE id = $1;

-- name: PolicyInsert :exec
INSERT INTO policy_versions (id, profile, source, effective_at, created_at, created_by) VALUES ($1, $2, $3, $4, $5, $6);

-- name: PoliciesAll :many
SELECT id, profile, source, effective_at, created_at, created_by
FROM policy_versions ORDER BY effective_at, created_at, id;

-- name: MarkSwap :one
UPDATE house SET value = $3 WHERE key = $1 AND value = $2 RETURNING 1;

-- name: MarkFirst :one
INSERT INTO house (key, value) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING 1;
