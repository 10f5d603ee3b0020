-- name: ReviewPairInsert :one
INSERT INTO review_pairs (id, order_id, gig_id, buyer_id, seller_id, policy_id, closes_at, revealed_at, next_at, version, seq, body)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, $10, $11)
ON CONFLICT DO NOTHING RETURNING 1;

-- name: ReviewPairUpdate :one
UPDATE review_pairs SET closes_at = $3, revealed_at = $4, next_at = $5, version = version + 1, seq = $6, body = $7
WHERE id = $1 AND version = $2 RETURNING 1;

-- name: ReviewPairByID :one
SELECT id, order_id, gig_id, buyer_id, seller_id, policy_id, closes_at, revealed_at, next_at, version, seq, body
FROM review_pairs WHERE id = $1;

-- name: ReviewPut :exec
INSERT INTO reviews (review_id, side, order_id, gig_id, author_id, of_id, written_at, revealed_at, overall, stars, removed, worded, sample_id, body)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
ON CONFLICT (review_id, side) DO UPDATE SET revealed_at = excluded.revealed_at, overall = excluded.overall, stars = excluded.stars,
    removed = excluded.removed, worded = excluded.worded, sample_id = excluded.sample_id, body = excluded.body;

-- name: ReviewsOfPair :many
SELECT review_id, side, order_id, gig_id, author_id, of_id, written_at, revealed_at, overall, stars, removed, worded, sample_id, body
FROM reviews WHERE review_id = $1 ORDER BY side;

-- name: ReviewsDue :many
SELECT id FROM review_pairs WHERE next_at IS NOT NULL AND next_at <= $1 ORDER BY next_at, id LIMIT CAST($2 AS BIGINT);

-- name: ReviewEarliestDue :one
SELECT next_at FROM review_pairs WHERE next_at IS NOT NULL ORDER BY next_at, id LIMIT 1;

-- name: ReviewSample :one
SELECT review_id FROM reviews WHERE sample_id = $1 AND sample_id IS NOT NULL ORDER BY review_id LIMIT 1;

-- name: ReviewSumsAdd :exec
INSERT INTO review_sums (subject_id, role, shown, tombs, total, stars_1, stars_2, stars_3, stars_4, stars_5)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (subject_id, role) DO UPDATE SET shown = review_sums.shown + excluded.shown, tombs = review_sums.tombs + excluded.tombs,
    total = review_sums.total + excluded.total, stars_1 = review_sums.stars_1 + excluded.stars_1, stars_2 = review_sums.stars_2 + excluded.stars_2,
    stars_3 = review_sums.stars_3 + excluded.stars_3, stars_4 = review_sums.stars_4 + excluded.stars_4, stars_5 = review_sums.stars_5 + excluded.stars_5;

-- name: ReviewSumsOf :one
SELECT subject_id, role, shown, tombs, total, stars_1, stars_2, stars_3, stars_4, stars_5
FROM review_sums WHERE subject_id = $1 AND role = $2;

-- name: ReviewsOfGig :many
SELECT r.review_id, r.side, r.revealed_at, r.body, o.title, o.state, o.class, o.paid_at, o.life, r.gig_id, o.policy_id
FROM reviews r JOIN orders o ON o.id = r.order_id
WHERE r.gig_id = $1 AND r.side = 'buyer' AND r.revealed_at IS NOT NULL
    AND (r.revealed_at, r.review_id) < (CAST($2 AS BIGINT), CAST($3 AS TEXT)) AND r.worded >= CAST(@worded AS BIGINT)
ORDER BY r.revealed_at DESC, r.review_id DESC LIMIT CAST(@most AS BIGINT);

-- name: ReviewsOfGigStars :many
SELECT r.review_id, r.side, r.revealed_at, r.body, o.title, o.state, o.class, o.paid_at, o.life, r.gig_id, o.policy_id
FROM reviews r JOIN orders o ON o.id = r.order_id
WHERE r.gig_id = $1 AND r.side = 'buyer' AND r.stars = $2 AND r.revealed_at IS NOT NULL
    AND (r.revealed_at, r.review_id) < (CAST($3 AS BIGINT), CAST($4 AS TEXT)) AND r.worded >= CAST(@worded AS BIGINT)
ORDER BY r.revealed_at DESC, r.review_id DESC LIMIT CAST(@most AS BIGINT);

-- name: ReviewsOfMember :many
SELECT r.review_id, r.side, r.revealed_at, r.body, o.title, o.state, o.class, o.paid_at, o.life, r.gig_id, o.policy_id
FROM reviews r JOIN orders o ON o.id = r.order_id
WHERE r.of_id = $1 AND r.side = $2 AND r.revealed_at IS NOT NULL
    AND (r.revealed_at, r.review_id) < (CAST($3 AS BIGINT), CAST($4 AS TEXT)) AND r.worded >= CAST(@worded AS BIGINT)
ORDER BY r.revealed_at DESC, r.review_id DESC LIMIT CAST(@most AS BIGINT);

-- name: ReviewsOfMemberStars :many
SELECT r.review_id, r.side, r.revealed_at, r.body, o.title, o.state, o.class, o.paid_at, o.life, r.gig_id, o.policy_id
FROM reviews r JOIN orders o ON o.id = r.order_id
WHERE r.of_id = $1 AND r.side = $2 AND r.stars = $3 AND r.revealed_at IS NOT NULL
    AND (r.revealed_at, r.review_id) < (CAST($4 AS BIGINT), CAST($5 AS TEXT)) AND r.worded >= CAST(@worded AS BIGINT)
ORDER BY r.revealed_at DESC, r.review_id DESC LIMIT CAST(@most AS BIGINT);

-- name: ReviewsWritten :many
SELECT review_id, side, written_at FROM reviews
WHERE author_id = $1 AND (written_at, review_id) < (CAST($2 AS BIGINT), CAST($3 AS TEXT))
ORDER BY written_at DESC, review_id DESC LIMIT CAST(@most AS BIGINT);

-- name: AuditReviewPairs :many
SELECT id, order_id, gig_id, buyer_id, seller_id, policy_id, closes_at, revealed_at, next_at, version, seq, body
FROM review_pairs WHERE id > $1 ORDER BY id LIMIT CAST($2 AS BIGINT);

-- name: AuditReviewSums :many
SELECT subject_id, role, CAST(sum(shown) AS BIGINT) AS shown, CAST(sum(tombs) AS BIGINT) AS tombs, CAST(sum(total) AS BIGINT) AS total FROM (
    SELECT subject_id, role, shown, tombs, total, stars_1, stars_2, stars_3, stars_4, stars_5 FROM review_sums
    UNION ALL
    SELECT gig_id, 'gig', removed - 1, -removed, (removed - 1) * overall, -(CASE stars WHEN 1 THEN 1 ELSE 0 END), -(CASE stars WHEN 2 THEN 1 ELSE 0 END),
        -(CASE stars WHEN 3 THEN 1 ELSE 0 END), -(CASE stars WHEN 4 THEN 1 ELSE 0 END), -(CASE stars WHEN 5 THEN 1 ELSE 0 END)
    FROM reviews WHERE side = 'buyer' AND revealed_at IS NOT NULL
    UNION ALL
    SELECT of_id, CASE side WHEN 'buyer' THEN 'seller' ELSE 'buyer' END, removed - 1, -removed, (removed - 1) * overall, -(CASE stars WHEN 1 THEN 1 ELSE 0 END),
        -(CASE stars WHEN 2 THEN 1 ELSE 0 END), -(CASE stars WHEN 3 THEN 1 ELSE 0 END), -(CASE stars WHEN 4 THEN 1 ELSE 0 END), -(CASE stars WHEN 5 THEN 1 ELSE 0 END)
    FROM reviews WHERE revealed_at IS NOT NULL
) AS both_sides
GROUP BY subject_id, role HAVING sum(shown) <> 0 OR sum(tombs) <> 0 OR sum(total) <> 0 OR sum(stars_1) <> 0 OR sum(stars_2) <> 0
    OR sum(stars_3) <> 0 OR sum(stars_4) <> 0 OR sum(stars_5) <> 0
ORDER BY subject_id, role LIMIT 100;

-- name: AuditReviewsAlone :many
SELECT r.review_id, r.side FROM reviews r LEFT JOIN review_pairs p ON p.id = r.review_id
    AND p.order_id = r.order_id AND p.gig_id = r.gig_id
    AND r.author_id = CASE r.side WHEN 'buyer' THEN p.buyer_id ELSE p.seller_id END
    AND r.of_id = CASE r.side WHEN 'buyer' THEN p.seller_id ELSE p.buyer_id END
WHERE p.id IS NULL OR COALESCE(p.revealed_at, 0) <> COALESCE(r.revealed_at, 0) ORDER BY r.review_id, r.side LIMIT 100;
