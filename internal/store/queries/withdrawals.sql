-- name: WithdrawalInsert :exec
INSERT INTO withdrawals (id, member_id, amount, currency, account, state, why, asked_at, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1);

-- name: WithdrawalUpdate :one
UPDATE withdrawals SET state = $3, why = $4, ended_at = $5, version = version + 1
WHERE id = $1 AND version = $2 RETURNING 1;

-- name: WithdrawalByID :one
SELECT id, member_id, amount, currency, account, state, why, asked_at, ended_at, version FROM withdrawals WHERE id = $1;

-- name: WithdrawalsOf :many
SELECT id, member_id, amount, currency, account, state, why, asked_at, ended_at, version FROM withdrawals
WHERE member_id = $1 AND id < $2 ORDER BY id DESC LIMIT CAST($3 AS BIGINT);
