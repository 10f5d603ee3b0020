-- name: RehearsalSellers :many
SELECT member_id, from_at, level, since_at, warned_at, demotes_at, ready, ready_at, words, completed, earned, rated, stars, removed,
    quiet_at, evaluated_at, next_at, seq, version
FROM standings WHERE member_id > $1 ORDER BY member_id LIMIT CAST($2 AS BIGINT);

-- name: RehearsalLines :many
SELECT member_id, figure, at, mark, value FROM contributions
WHERE member_id >= $1 AND member_id <= $2 AND figure <> 'buyer_record'
ORDER BY member_id, figure, at, subject_id;

-- name: RehearsalBuyers :many
SELECT member_id, CAST(count(DISTINCT peer_id) AS BIGINT) AS n FROM contributions
WHERE member_id >= $1 AND member_id <= $2 AND figure = 'completion' AND mark = 'for'
GROUP BY member_id ORDER BY member_id;

-- name: RehearsalWarnings :many
SELECT id, member_id, case_id, why, given_at, until, lifted_at FROM warnings
WHERE member_id >= $1 AND member_id <= $2
ORDER BY member_id, id;

-- name: RehearsalOrders :many
SELECT id, ref, buyer_id, seller_id, gig_id, policy_id, title, currency, total, state, class,
    version, seq, books_no, books_hash, created_at, paid_at, due_at, ended_at, life, rank_at
FROM orders WHERE id > $1 AND id < $2
ORDER BY id LIMIT CAST($3 AS BIGINT);
