-- name: OrderInsert :exec
INSERT INTO orders (id, ref, buyer_id, seller_id, gig_id, policy_id, title, currency, total, state, class, bucket,
    words, version, seq, books_no, books_hash, created_at, paid_at, due_at, ended_at, rank_at, next_at, life)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24);

-- name: OrderUpdate :one
UPDATE orders SET state = $3, class = $4, bucket = $5, version = version + 1, seq = $6, books_no = $7, books_hash = $8,
    paid_at = $9, due_at = $10, ended_at = $11, rank_at = $12, next_at = $13, life = $14
WHERE id = $1 AND version = $2
RETURNING 1;

-- name: OrderUpdateInPlace :one
UPDATE orders SET state = $3, class = $4, version = version + 1, seq = $5, books_no = $6, books_hash = $7,
    paid_at = $8, due_at = $9, ended_at = $10, next_at = $11, life = $12
WHERE id = $1 AND version = $2
RETURNING 1;

-- name: OrderRewrite :one
UPDATE orders SET gig_id = $2, title = $3, total = $4, words = words || $5 WHERE id = $1
RETURNING 1;

-- name: OrderAgreementReplace :one
UPDATE order_agreements SET body = $2 WHERE order_id = $1
RETURNING 1;

-- name: OrdersOfGig :many
SELECT id, due_at, paid_at, life FROM orders
WHERE gig_id = $1 AND state <> 'unpaid' AND state <> 'abandoned'
ORDER BY created_at DESC, id DESC LIMIT CAST($2 AS BIGINT);

-- name: OrdersRunning :many
SELECT id FROM orders WHERE gig_id = $1 AND bucket IN ('pending', 'revision', 'delivered') ORDER BY created_at, id;

-- name: OrderByID :one
SELECT o.id, o.ref, o.buyer_id, o.seller_id, o.gig_id, o.policy_id, o.title, o.currency, o.total, o.state, o.class,
    o.version, o.seq, o.books_no, o.books_hash, o.created_at, o.paid_at, o.due_at, o.ended_at, o.life, a.body
FROM orders o JOIN order_agreements a ON a.order_id = o.id
WHERE o.id = $1;

-- name: OrderAgreementInsert :exec
INSERT INTO order_agreements (order_id, body) VALUES ($1, $2);

-- name: OrdersDue :many
SELECT id FROM orders WHERE next_at IS NOT NULL AND next_at <= $1 ORDER BY next_at, id LIMIT CAST($2 AS BIGINT);

-- name: OrderEarliestDue :one
SELECT next_at FROM orders WHERE next_at IS NOT NULL ORDER BY next_at, id LIMIT 1;

-- name: OrderAgain :one
SELECT id, ref, created_at FROM orders
WHERE buyer_id = $1 AND gig_id = $2 AND created_at > $3 AND state <> 'abandoned'
ORDER BY created_at DESC, id DESC LIMIT 1;

-- name: OrderCounts :many
SELECT bucket, n FROM order_counts WHERE member_id = $1 AND side = $2 ORDER BY bucket;

-- name: GigLoadAdd :exec
INSERT INTO gig_loads (gig_id, n) VALUES ($1, $2)
ON CONFLICT (gig_id) DO UPDATE SET n = gig_loads.n + excluded.n;

-- name: GigLoad :one
SELECT n FROM gig_loads WHERE gig_id = $1;

-- name: SalesSoonest :many
SELECT id, ref, buyer_id, seller_id, gig_id, policy_id, title, currency, total, state, class,
    version, seq, books_no, books_hash, created_at, paid_at, due_at, ended_at, life, rank_at
FROM orders
WHERE seller_id = $1 AND bucket = $2 AND (rank_at, id) > (CAST($3 AS BIGINT), CAST($4 AS TEXT))
    AND created_at >= $5 AND created_at < $6 AND words LIKE CAST(@words AS TEXT) ESCAPE '\'
ORDER BY rank_at, id LIMIT CAST(@most AS BIGINT);

-- name: SalesNewest :many
SELECT id, ref, buyer_id, seller_id, gig_id, policy_id, title, currency, total, state, class,
    version, seq, books_no, books_hash, created_at, paid_at, due_at, ended_at, life, rank_at
FROM orders
WHERE seller_id = $1 AND bucket = $2 AND (rank_at, id) < (CAST($3 AS BIGINT), CAST($4 AS TEXT))
    AND created_at >= $5 AND created_at < $6 AND words LIKE CAST(@words AS TEXT) ESCAPE '\'
ORDER BY rank_at DESC, id DESC LIMIT CAST(@most AS BIGINT);

-- name: PurchasesSoonest :many
SELECT id, ref, buyer_id, seller_id, gig_id, policy_id, title, currency, total, state, class,
    version, seq, books_no, books_hash, created_at, paid_at, due_at, ended_at, life, rank_at
FROM orders
WHERE buyer_id = $1 AND bucket = $2 AND (rank_at, id) > (CAST($3 AS BIGINT), CAST($4 AS TEXT))
    AND created_at >= $5 AND created_at < $6 AND words LIKE CAST(@words AS TEXT) ESCAPE '\'
ORDER BY rank_at, id LIMIT CAST(@most AS BIGINT);

-- name: PurchasesNewest :many
SELECT id, ref, buyer_id, seller_id, gig_id, policy_id, title, currency, total, state, class,
    version, seq, books_no, books_hash, created_at, paid_at, due_at, ended_at, life, rank_at
FROM orders
WHERE buyer_id = $1 AND bucket = $2 AND (rank_at, id) < (CAST($3 AS BIGINT), CAST($4 AS TEXT))
    AND created_at >= $5 AND created_at < $6 AND words LIKE CAST(@words AS TEXT) ESCAPE '\'
ORDER BY rank_at DESC, id DESC LIMIT CAST(@most AS BIGINT);

-- name: SalesEndedAfter :many
SELECT id, ref, buyer_id, seller_id, gig_id, policy_id, title, currency, total, state, class,
    version, seq, books_no, books_hash, created_at, paid_at, due_at, ended_at, life, rank_at
FROM orders
WHERE seller_id = $1 AND bucket IN ('completed', 'cancelled') AND rank_at > $2
ORDER BY rank_at DESC, id DESC;

-- name: PurchasesEndedAfter :many
SELECT id, ref, buyer_id, seller_id, gig_id, policy_id, title, currency, total, state, class,
    version, seq, books_no, books_hash, created_at, paid_at, due_at, ended_at, life, rank_at
FROM orders
WHERE buyer_id = $1 AND bucket IN ('completed', 'cancelled') AND rank_at > $2
ORDER BY rank_at DESC, id DESC;

-- name: SalesCounted :many
SELECT bucket, CAST(count(*) AS BIGINT) AS n FROM orders
WHERE seller_id = $1 AND created_at >= $2 AND created_at < $3 AND words LIKE CAST(@words AS TEXT) ESCAPE '\'
GROUP BY bucket ORDER BY bucket;

-- name: PurchasesCounted :many
SELECT bucket, CAST(count(*) AS BIGINT) AS n FROM orders
WHERE buyer_id = $1 AND created_at >= $2 AND created_at < $3 AND words LIKE CAST(@words AS TEXT) ESCAPE '\'
GROUP BY bucket ORDER BY bucket;

-- name: PurchasesIn :one
SELECT CAST(count(*) AS BIGINT) AS n FROM orders WHERE buyer_id = $1 AND bucket = $2;

-- name: SaleOf :one
SELECT g.version, g.state, m.away_until, m.suspended_at, CAST(COALESCE(l.n, 0) AS BIGINT) AS taken
FROM gigs g JOIN members m ON m.id = g.seller_id LEFT JOIN gig_loads l ON l.gig_id = g.id
WHERE g.id = $1;
