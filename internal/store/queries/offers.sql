-- name: OfferInsert :exec
INSERT INTO offers (id, seller_id, buyer_id, gig_id, policy_id, title, currency, price, state, bucket, order_id,
    made_at, expires_at, honoured_until, ended_at, next_at, version, seq, life)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 1, $17, $18);

-- name: OfferUpdate :one
UPDATE offers SET state = $3, bucket = $4, order_id = $5, ended_at = $6, next_at = $7, version = version + 1, seq = $8, life = $9
WHERE id = $1 AND version = $2 RETURNING 1;

-- name: OfferPair :one
INSERT INTO offer_pairs (seller_id, buyer_id, n) VALUES ($1, $2, 1)
ON CONFLICT (seller_id, buyer_id) DO UPDATE SET n = offer_pairs.n + 1
RETURNING n;

-- name: OfferByID :one
SELECT id, seller_id, buyer_id, gig_id, policy_id, title, currency, price, state, bucket, order_id,
    made_at, expires_at, honoured_until, ended_at, next_at, version, seq, life
FROM offers WHERE id = $1;

-- name: OffersOpen :many
SELECT id, seller_id, buyer_id, gig_id, policy_id, title, currency, price, state, bucket, order_id,
    made_at, expires_at, honoured_until, ended_at, next_at, version, seq, life
FROM offers WHERE seller_id = $1 AND buyer_id = $2 AND state = 'open' ORDER BY id;

-- name: OffersOpenOf :many
SELECT id, seller_id, buyer_id, gig_id, policy_id, title, currency, price, state, bucket, order_id,
    made_at, expires_at, honoured_until, ended_at, next_at, version, seq, life
FROM offers WHERE seller_id = $1 AND bucket = 'open' AND gig_id = $2 ORDER BY id;

-- name: OffersBetween :many
SELECT id, seller_id, buyer_id, gig_id, policy_id, title, currency, price, state, bucket, order_id,
    made_at, expires_at, honoured_until, ended_at, next_at, version, seq, life
FROM offers WHERE seller_id = $1 AND buyer_id = $2 AND made_at >= $3 AND made_at < $4
ORDER BY made_at, id LIMIT CAST(@most AS BIGINT);

-- name: OffersMade :many
SELECT id, seller_id, buyer_id, gig_id, policy_id, title, currency, price, state, bucket, order_id,
    made_at, expires_at, honoured_until, ended_at, next_at, version, seq, life
FROM offers WHERE seller_id = $1 AND bucket = $2 AND id < $3
ORDER BY id DESC LIMIT CAST(@most AS BIGINT);

-- name: OffersGot :many
SELECT id, seller_id, buyer_id, gig_id, policy_id, title, currency, price, state, bucket, order_id,
    made_at, expires_at, honoured_until, ended_at, next_at, version, seq, life
FROM offers WHERE buyer_id = $1 AND bucket = $2 AND id < $3
ORDER BY id DESC LIMIT CAST(@most AS BIGINT);

-- name: OffersDue :many
SELECT id FROM offers WHERE next_at IS NOT NULL AND next_at <= $1 ORDER BY next_at, id LIMIT CAST($2 AS BIGINT);

-- name: OfferEarliestDue :one
SELECT next_at FROM offers WHERE next_at IS NOT NULL ORDER BY next_at, id LIMIT 1;

-- name: AuditOffers :many
SELECT id, seller_id, buyer_id, gig_id, policy_id, title, currency, price, state, bucket, order_id,
    made_at, expires_at, honoured_until, ended_at, next_at, version, seq, life
FROM offers WHERE id > $1 ORDER BY id LIMIT CAST($2 AS BIGINT);
