-- name: SandboxChargeInsert :one
INSERT INTO sandbox_charges (payment, state, verdict, reason, brand, last4, amount, refunded, currency, about, back,
    settles_at, created_at, changed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8, $9, $10, $11, $12, $12)
ON CONFLICT (payment) DO NOTHING
RETURNING 1;

-- name: SandboxCharge :one
SELECT payment, state, verdict, reason, brand, last4, amount, refunded, currency, about, back, settles_at, created_at, changed_at
FROM sandbox_charges WHERE payment = $1;

-- name: SandboxChargesSettling :many
SELECT payment FROM sandbox_charges
WHERE settles_at IS NOT NULL AND settles_at <= $1
ORDER BY settles_at, payment LIMIT CAST($2 AS BIGINT);

-- name: SandboxChargeSettle :one
UPDATE sandbox_charges SET state = @state, reason = @reason, settles_at = NULL, changed_at = @changed_at
WHERE payment = @payment AND state = @was
RETURNING 1;

-- name: SandboxChargeDispute :one
UPDATE sandbox_charges SET verdict = @verdict, settles_at = @settles_at, changed_at = @changed_at
WHERE payment = @payment AND state = 'succeeded' AND verdict = @was
RETURNING 1;

-- name: SandboxChargeGiveBack :one
UPDATE sandbox_charges SET refunded = refunded + CAST(@minor AS BIGINT), changed_at = @changed_at
WHERE payment = @payment AND state = 'succeeded' AND currency = @currency AND refunded + CAST(@minor AS BIGINT) <= amount
RETURNING 1;

-- name: SandboxMoveInsert :exec
INSERT INTO sandbox_moves (id, kind, about, minor, currency, at) VALUES ($1, $2, $3, $4, $5, $6);

-- name: SandboxMoveOnce :one
INSERT INTO sandbox_moves (id, kind, about, minor, currency, at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (id) DO NOTHING
RETURNING 1;

-- name: SandboxMove :one
SELECT id, kind, about, minor, currency, at FROM sandbox_moves WHERE id = $1;

-- name: SandboxMovesBefore :many
SELECT id, kind, about, minor, currency, at FROM sandbox_moves
WHERE (at, id) < (CAST($1 AS BIGINT), CAST($2 AS TEXT))
ORDER BY at DESC, id DESC LIMIT CAST($3 AS BIGINT);

-- name: SandboxTotalsBefore :many
SELECT currency, CAST(SUM(minor) AS BIGINT) AS minor FROM sandbox_moves
WHERE (at, id) < (CAST($1 AS BIGINT), CAST($2 AS TEXT))
GROUP BY currency ORDER BY currency;

-- name: SandboxMessageInsert :exec
INSERT INTO sandbox_messages (id, body, born_at, attempts, next_at, problem) VALUES ($1, $2, $3, 0, $4, '');

-- name: SandboxMessageByID :one
SELECT body FROM sandbox_messages WHERE id = $1;

-- name: SandboxMessagesClaim :many
UPDATE sandbox_messages SET attempts = attempts + 1, next_at = @lease
WHERE sandbox_messages.next_at <= @now AND sandbox_messages.id IN (
    SELECT m.id FROM sandbox_messages m
    WHERE m.next_at IS NOT NULL AND m.next_at <= @now
    ORDER BY m.born_at, m.id LIMIT CAST(@most AS BIGINT))
RETURNING id, body, born_at, attempts;

-- name: SandboxMessageDelivered :exec
UPDATE sandbox_messages SET next_at = NULL, delivered_at = $2, problem = '' WHERE id = $1;

-- name: SandboxMessageFailed :exec
UPDATE sandbox_messages SET next_at = $2, problem = $3 WHERE id = $1 AND delivered_at IS NULL;

-- name: SandboxNextMessage :one
SELECT next_at FROM sandbox_messages WHERE next_at IS NOT NULL ORDER BY next_at, id LIMIT 1;

-- name: SandboxNextSettling :one
SELECT settles_at FROM sandbox_charges WHERE settles_at IS NOT NULL ORDER BY settles_at, payment LIMIT 1;
