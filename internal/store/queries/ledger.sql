-- name: EntryInsert :exec
INSERT INTO entries (stream, no, kind, at, currency, provider, prev, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: EntriesOf :many
SELECT stream, no, kind, at, currency, provider, prev, hash FROM entries WHERE stream = $1 ORDER BY no;

-- name: EntryLast :one
SELECT no, hash FROM entries WHERE stream = $1 ORDER BY no DESC LIMIT 1;

-- name: PostingsOf :many
SELECT stream, no, line, account, minor, at FROM postings WHERE stream = $1 ORDER BY no, line;

-- name: BalanceAdd :exec
INSERT INTO balances (account, minor) VALUES ($1, $2)
ON CONFLICT (account) DO UPDATE SET minor = balances.minor + excluded.minor;

-- name: BalanceTake :one
UPDATE balances SET minor = minor + $2 WHERE account = $1 AND minor + $2 >= 0
RETURNING 1;

-- name: BalanceSettle :one
UPDATE balances SET minor = minor + $2 WHERE account = $1 AND minor + $2 <= 0
RETURNING 1;

-- name: BalanceDebtors :many
SELECT CAST(substr(r.account, CAST(@tail AS INTEGER)) AS TEXT) AS member
FROM balances r JOIN balances a ON a.account = CAST(@available AS TEXT) || substr(r.account, CAST(@tail AS INTEGER))
WHERE r.account > @after AND r.account < @up_to AND r.minor < 0 AND a.minor > 0
ORDER BY r.account LIMIT CAST(@most AS BIGINT);

-- name: Balance :one
SELECT minor FROM balances WHERE account = $1;

-- name: StatementPage :many
SELECT p.stream, p.no, p.line, p.account, p.minor, p.at, e.kind, e.currency, e.provider
FROM postings p JOIN entries e ON e.stream = p.stream AND e.no = p.no
WHERE p.account = $1 AND (p.at, p.stream, p.no) < (CAST($2 AS BIGINT), CAST($3 AS TEXT), CAST($4 AS BIGINT))
ORDER BY p.at DESC, p.stream DESC, p.no DESC LIMIT CAST($5 AS BIGINT);

-- name: StatementBefore :one
SELECT CAST(COALESCE(sum(minor), 0) AS BIGINT) AS minor FROM postings
WHERE account = $1 AND (at, stream, no) <= (CAST($2 AS BIGINT), CAST($3 AS TEXT), CAST($4 AS BIGINT));

-- name: EntriesUnsealed :many
SELECT stream, no, hash FROM entries WHERE seal IS NULL ORDER BY stream, no LIMIT CAST($1 AS BIGINT);

-- name: EntriesSeal :many
UPDATE entries SET seal = $1 WHERE seal IS NULL AND (stream, no) <= (CAST($2 AS TEXT), CAST($3 AS BIGINT)) RETURNING no;

-- name: SealInsert :exec
INSERT INTO seals (no, at, entries, prev, hash) VALUES ($1, $2, $3, $4, $5);

-- name: SealLast :one
SELECT no, at, entries, prev, hash FROM seals ORDER BY no DESC LIMIT 1;

-- name: PaymentInsert :exec
INSERT INTO payments (id, order_id, member_id, provider, method, ref, amount, currency, state, reason, step, created_at, version, request)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1, $13);

-- name: PaymentUpdate :one
UPDATE payments SET method = $3, ref = $4, state = $5, reason = $6, step = $7, settled_at = $8, refunded_at = $9, version = version + 1
WHERE id = $1 AND version = $2
RETURNING 1;

-- name: PaymentByID :one
SELECT id, order_id, member_id, provider, method, ref, amount, currency, state, reason, step, created_at, settled_at, refunded_at, version, request
FROM payments WHERE id = $1;

-- name: PaymentsOfOrder :many
SELECT id, order_id, member_id, provider, method, ref, amount, currency, state, reason, step, created_at, settled_at, refunded_at, version, request
FROM payments WHERE order_id = $1 ORDER BY id;

-- The payments that the provider was asked for and has not answered, or answered
-- with a second step, begun after a place in the list and before an instant.
-- name: PaymentsOpen :many
SELECT id, order_id, member_id, provider, method, ref, amount, currency, state, reason, step, created_at, settled_at, refunded_at, version, request
FROM payments
WHERE (state = 'created' OR state = 'needs_step') AND created_at >= $1 AND (created_at > $1 OR id > $2) AND created_at < $3
ORDER BY created_at, id LIMIT CAST($4 AS BIGINT);

-- name: PaymentsSettled :many
SELECT id, order_id, member_id, provider, method, ref, amount, currency, state, reason, step, created_at, settled_at, refunded_at, version, request
FROM payments WHERE member_id = $1 AND settled_at IS NOT NULL AND id < $2 ORDER BY id DESC LIMIT CAST($3 AS BIGINT);
