-- name: ContributionDrop :exec
DELETE FROM contributions WHERE member_id = $1 AND figure = $2 AND order_id = $3;

-- name: ContributionsAfter :many
SELECT member_id, figure, order_id, ref, at, mark, rule, class, cause, fault FROM contributions
WHERE member_id = $1 AND figure = $2 AND at > $3
ORDER BY at DESC, order_id DESC;

-- name: ContributionsBetween :many
SELECT member_id, figure, order_id, ref, at, mark, rule, class, cause, fault FROM contributions
WHERE member_id = $1 AND figure = $2 AND at > $3 AND at < $4
ORDER BY at DESC, order_id DESC;

-- name: ContributionMarks :many
SELECT mark, CAST(count(*) AS BIGINT) AS n FROM contributions
WHERE member_id = $1 AND figure = $2 AND at > $3
GROUP BY mark ORDER BY mark;

-- name: ContributionPage :many
SELECT member_id, figure, order_id, ref, at, mark, rule, class, cause, fault FROM contributions
WHERE member_id = $1 AND figure = $2 AND at > $3 AND (at, order_id) < (CAST($4 AS BIGINT), CAST($5 AS TEXT))
    AND (mark = @mark OR CAST(@mark AS TEXT) = '')
ORDER BY at DESC, order_id DESC LIMIT CAST(@most AS BIGINT);

-- name: AskPut :exec
INSERT INTO order_asks (order_id, member_id, ends_at) VALUES ($1, $2, $3)
ON CONFLICT (order_id) DO UPDATE SET member_id = excluded.member_id, ends_at = excluded.ends_at;

-- name: AskDrop :exec
DELETE FROM order_asks WHERE order_id = $1;

-- name: AsksOf :many
SELECT o.id, o.ref, o.buyer_id, o.seller_id, o.gig_id, o.policy_id, o.title, o.currency, o.total, o.state, o.class,
    o.version, o.seq, o.books_no, o.books_hash, o.created_at, o.paid_at, o.due_at, o.ended_at, o.life, o.rank_at
FROM order_asks a JOIN orders o ON o.id = a.order_id
WHERE a.member_id = $1
ORDER BY a.ends_at, a.order_id LIMIT CAST($2 AS BIGINT);

-- name: EndingReviewLast :one
SELECT opened_at FROM ending_reviews WHERE member_id = $1 ORDER BY opened_at DESC LIMIT 1;

-- name: EndingReviewInsert :exec
INSERT INTO ending_reviews (member_id, opened_at, ended, no_fault) VALUES ($1, $2, $3, $4);

-- name: NeedsSeller :many
SELECT id, ref, buyer_id, seller_id, gig_id, policy_id, title, currency, total, state, class,
    version, seq, books_no, books_hash, created_at, paid_at, due_at, ended_at, life, rank_at
FROM orders
WHERE seller_id = $1 AND bucket = $2 AND state = $3
ORDER BY rank_at, id LIMIT CAST(@most AS BIGINT);

-- name: NeedsBuyer :many
SELECT id, ref, buyer_id, seller_id, gig_id, policy_id, title, currency, total, state, class,
    version, seq, books_no, books_hash, created_at, paid_at, due_at, ended_at, life, rank_at
FROM orders
WHERE buyer_id = $1 AND bucket = $2 AND state = $3
ORDER BY rank_at, id LIMIT CAST(@most AS BIGINT);

-- name: SalesByClass :many
SELECT state, class, CAST(count(*) AS BIGINT) AS n FROM orders
WHERE seller_id = $1 AND bucket = 'cancelled' AND created_at >= $2 AND created_at < $3 AND words LIKE CAST(@words AS TEXT)
GROUP BY state, class ORDER BY state, class;

-- name: PurchasesByClass :many
SELECT state, class, CAST(count(*) AS BIGINT) AS n FROM orders
WHERE buyer_id = $1 AND bucket = 'cancelled' AND created_at >= $2 AND created_at < $3 AND words LIKE CAST(@words AS TEXT)
GROUP BY state, class ORDER BY state, class;

-- name: SalesOfClass :many
SELECT id, ref, buyer_id, seller_id, gig_id, policy_id, title, currency, total, state, class,
    version, seq, books_no, books_hash, created_at, paid_at, due_at, ended_at, life, rank_at
FROM orders
WHERE seller_id = $1 AND bucket = 'cancelled' AND state = $2 AND class = $3 AND (rank_at, id) < (CAST($4 AS BIGINT), CAST($5 AS TEXT))
    AND created_at >= $6 AND created_at < $7 AND words LIKE CAST(@words AS TEXT)
ORDER BY rank_at DESC, id DESC LIMIT CAST(@most AS BIGINT);

-- name: PurchasesOfClass :many
SELECT id, ref, buyer_id, seller_id, gig_id, policy_id, title, currency, total, state, class,
    version, seq, books_no, books_hash, created_at, paid_at, due_at, ended_at, life, rank_at
FROM orders
WHERE buyer_id = $1 AND bucket = 'cancelled' AND state = $2 AND class = $3 AND (rank_at, id) < (CAST($4 AS BIGINT), CAST($5 AS TEXT))
    AND created_at >= $6 AND created_at < $7 AND words LIKE CAST(@words AS TEXT)
ORDER BY rank_at DESC, id DESC LIMIT CAST(@most AS BIGINT);

-- name: AuditStanding :many
SELECT c.member_id, c.figure, c.order_id, c.ref, c.at, c.mark, c.rule, c.class, c.cause, c.fault
FROM orders o JOIN contributions c ON c.member_id = o.seller_id AND c.figure IN ('completion', 'on_time') AND c.order_id = o.id
WHERE o.id >= $1 AND o.id <= $2
UNION ALL
SELECT c.member_id, c.figure, c.order_id, c.ref, c.at, c.mark, c.rule, c.class, c.cause, c.fault
FROM orders o JOIN contributions c ON c.member_id = o.buyer_id AND c.figure = 'buyer_record' AND c.order_id = o.id
WHERE o.id >= $1 AND o.id <= $2
ORDER BY 3, 2;

-- name: AuditContributionsAlone :many
SELECT c.member_id, c.figure, c.order_id FROM contributions c LEFT JOIN orders o ON o.id = c.order_id
WHERE o.id IS NULL OR (c.figure = 'buyer_record' AND c.member_id <> o.buyer_id)
    OR (c.figure <> 'buyer_record' AND c.member_id <> o.seller_id)
ORDER BY c.member_id, c.figure, c.order_id LIMIT 100;

-- name: AuditAsks :many
SELECT a.order_id, a.member_id, a.ends_at FROM order_asks a JOIN orders o ON o.id = a.order_id
WHERE o.id >= $1 AND o.id <= $2
ORDER BY a.order_id;
