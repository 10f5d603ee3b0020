-- name: AuditOrders :many
SELECT o.id, o.ref, o.buyer_id, o.seller_id, o.gig_id, o.policy_id, o.title, o.currency, o.total, o.state, o.class,
    o.version, o.seq, o.books_no, o.books_hash, o.created_at, o.paid_at, o.due_at, o.ended_at, o.life, o.bucket, o.rank_at,
    o.next_at, a.body
FROM orders o LEFT JOIN order_agreements a ON a.order_id = o.id
WHERE o.id > $1 ORDER BY o.id LIMIT CAST($2 AS BIGINT);

-- name: AuditEvents :many
SELECT stream, seq, kind, at, actor_id, role, from_state, to_state, detail FROM events
WHERE stream >= $1 AND stream <= $2 ORDER BY stream, seq;

-- name: AuditEntries :many
SELECT stream, no, kind, at, currency, provider, prev, hash FROM entries
WHERE stream >= $1 AND stream <= $2 ORDER BY stream, no;

-- name: AuditPostings :many
SELECT stream, no, line, account, minor, at FROM postings
WHERE stream >= $1 AND stream <= $2 ORDER BY stream, no, line;

-- name: AuditPayments :many
SELECT id, order_id, member_id, provider, method, ref, amount, currency, state, reason, step, created_at, settled_at, refunded_at, version, request
FROM payments WHERE order_id >= $1 AND order_id <= $2 ORDER BY order_id, id;

-- name: AuditUnbalanced :many
SELECT stream, no, CAST(sum(minor) AS BIGINT) AS total, CAST(count(*) AS BIGINT) AS n FROM postings
GROUP BY stream, no HAVING sum(minor) <> 0 OR count(*) < 2 ORDER BY stream, no LIMIT 100;

-- name: AuditPostingsAlone :many
SELECT p.stream, p.no FROM postings p LEFT JOIN entries e ON e.stream = p.stream AND e.no = p.no
WHERE e.stream IS NULL ORDER BY p.stream, p.no, p.line LIMIT 100;

-- name: AuditEntriesAlone :many
SELECT e.stream, e.no FROM entries e LEFT JOIN postings p ON p.stream = e.stream AND p.no = e.no
WHERE p.stream IS NULL ORDER BY e.stream, e.no LIMIT 100;

-- name: AuditBalances :many
SELECT account, CAST(sum(kept) AS BIGINT) AS kept, CAST(sum(posted) AS BIGINT) AS posted FROM (
    SELECT account, minor AS kept, 0 AS posted FROM balances
    UNION ALL
    SELECT account, 0 AS kept, minor AS posted FROM postings
    WHERE account LIKE 'pending:%' OR account LIKE 'available:%' OR account LIKE 'paying_out:%' OR account LIKE 'receivable:%'
) AS both_sides
GROUP BY account HAVING sum(kept) <> sum(posted) ORDER BY account LIMIT 100;

-- name: AuditNegative :many
SELECT account, CAST(sum(minor) AS BIGINT) AS minor FROM postings
WHERE account NOT LIKE 'clearing:%' AND account NOT LIKE 'house:%' AND account NOT LIKE 'receivable:%'
GROUP BY account HAVING sum(minor) < 0 ORDER BY account LIMIT 100;

-- name: AuditDebts :many
SELECT r.account, r.minor AS owed, CAST(COALESCE(a.minor, 0) AS BIGINT) AS available
FROM balances r LEFT JOIN balances a ON a.account = 'available:' || substr(r.account, 12)
WHERE r.account LIKE 'receivable:%' AND (r.minor > 0 OR r.minor < 0 AND a.minor > 0)
ORDER BY r.account LIMIT 100;

-- name: AuditOrderCounts :many
SELECT member_id, side, bucket, CAST(sum(kept) AS BIGINT) AS kept, CAST(sum(there) AS BIGINT) AS there FROM (
    SELECT member_id, side, bucket, n AS kept, 0 AS there FROM order_counts
    UNION ALL
    SELECT buyer_id, 'buyer', bucket, 0, 1 FROM orders WHERE bucket NOT IN ('unpaid', 'abandoned')
    UNION ALL
    SELECT seller_id, 'seller', bucket, 0, 1 FROM orders WHERE bucket NOT IN ('unpaid', 'abandoned')
) AS both_sides
GROUP BY member_id, side, bucket HAVING sum(kept) <> sum(there) ORDER BY member_id, side, bucket LIMIT 100;

-- name: AuditGigLoads :many
SELECT gig_id, CAST(sum(kept) AS BIGINT) AS kept, CAST(sum(there) AS BIGINT) AS there FROM (
    SELECT gig_id, n AS kept, 0 AS there FROM gig_loads
    UNION ALL
    SELECT gig_id, 0, 1 FROM orders WHERE bucket IN ('pending', 'revision')
) AS both_sides
GROUP BY gig_id HAVING sum(kept) <> sum(there) ORDER BY gig_id LIMIT 100;

-- name: AuditNoticeCounts :many
SELECT member_id, CAST(sum(kept) AS BIGINT) AS kept, CAST(sum(there) AS BIGINT) AS there FROM (
    SELECT member_id, unread AS kept, 0 AS there FROM notice_counts
    UNION ALL
    SELECT member_id, 0, 1 FROM notices WHERE read_at IS NULL
) AS both_sides
GROUP BY member_id HAVING sum(kept) <> sum(there) ORDER BY member_id LIMIT 100;

-- name: AuditNoticesAlone :many
SELECT n.member_id, n.stream, n.seq FROM notices n LEFT JOIN events e ON e.stream = n.stream AND e.seq = n.seq
WHERE e.stream IS NULL ORDER BY n.member_id, n.id LIMIT 100;

-- name: AuditEventGaps :many
SELECT stream, CAST(count(*) AS BIGINT) AS n, CAST(max(seq) AS BIGINT) AS last FROM events
GROUP BY stream HAVING max(seq) <> count(*) OR min(seq) <> 1 ORDER BY stream LIMIT 100;

-- name: AuditEventsAlone :many
SELECT e.stream, e.kind FROM events e
LEFT JOIN orders o ON o.id = e.stream LEFT JOIN members m ON m.id = e.stream LEFT JOIN gigs g ON g.id = e.stream
LEFT JOIN threads t ON t.id = e.stream LEFT JOIN offers f ON f.id = e.stream LEFT JOIN cases c ON c.id = e.stream
LEFT JOIN review_pairs r ON r.id = e.stream
LEFT JOIN standings s ON s.member_id = 'member_' || substr(e.stream, 10) AND substr(e.stream, 1, 9) = 'standing_'
WHERE o.id IS NULL AND m.id IS NULL AND g.id IS NULL AND t.id IS NULL AND f.id IS NULL AND c.id IS NULL AND r.id IS NULL AND s.member_id IS NULL
ORDER BY e.stream, e.seq LIMIT 100;

-- name: AuditSubjects :many
SELECT id, CAST(seq AS BIGINT) AS seq, CAST((SELECT count(*) FROM events e WHERE e.stream = id) AS BIGINT) AS n FROM (
    SELECT m.id AS id, m.seq AS seq FROM members m
    UNION ALL
    SELECT g.id AS id, g.version AS seq FROM gigs g
    UNION ALL
    SELECT t.id AS id, t.seq AS seq FROM threads t
    UNION ALL
    SELECT f.id AS id, f.seq AS seq FROM offers f
    UNION ALL
    SELECT c.id AS id, c.seq AS seq FROM cases c
    UNION ALL
    SELECT r.id AS id, r.seq AS seq FROM review_pairs r
    UNION ALL
    SELECT 'standing_' || substr(s.member_id, 8) AS id, s.seq AS seq FROM standings s
) AS subjects
WHERE seq <> (SELECT count(*) FROM events e WHERE e.stream = id) ORDER BY id LIMIT 100;

-- name: AuditListings :many
SELECT g.id, g.state FROM gigs g LEFT JOIN gig_places p ON p.category_id = '' AND p.gig_id = g.id
WHERE (g.state = 'active' AND p.gig_id IS NULL) OR (g.state <> 'active' AND p.gig_id IS NOT NULL) ORDER BY g.id LIMIT 100;

-- name: AuditSeals :many
SELECT no, at, entries, prev, hash FROM seals WHERE no > $1 ORDER BY no LIMIT 100;

-- name: AuditSealed :many
SELECT hash FROM entries WHERE seal = $1 ORDER BY stream, no;

-- name: AuditSealless :many
SELECT e.stream, e.no, e.seal FROM entries e LEFT JOIN seals s ON s.no = e.seal
WHERE e.seal IS NOT NULL AND s.no IS NULL ORDER BY e.stream, e.no LIMIT 100;

-- name: AuditClearing :many
SELECT ref, CAST(kind AS TEXT) AS kind, CAST(sum(booked) AS BIGINT) AS booked, CAST(sum(moved) AS BIGINT) AS moved FROM (
    SELECT e.provider AS ref, CASE e.kind WHEN 'hold' THEN 'charge' WHEN 'refund_sent' THEN 'refund' WHEN 'payout_sent' THEN 'payout'
        ELSE e.kind END AS kind, -p.minor AS booked, 0 AS moved
    FROM postings p JOIN entries e ON e.stream = p.stream AND e.no = p.no WHERE p.account = 'clearing:sandbox'
    UNION ALL
    SELECT CASE kind WHEN 'refund' THEN about WHEN 'chargeback' THEN about WHEN 'payout_return' THEN 'po_' || substr(id, 4) ELSE id END,
        CASE kind WHEN 'payout_return' THEN 'payout' ELSE kind END, 0, minor FROM sandbox_moves
) AS lines
GROUP BY ref, kind HAVING sum(booked) <> sum(moved) ORDER BY ref, kind LIMIT 100;

-- name: AuditWithdrawals :many
SELECT member_id, CAST(kind AS TEXT) AS kind, CAST(sum(asked) AS BIGINT) AS asked, CAST(sum(booked) AS BIGINT) AS booked FROM (
    SELECT member_id, 'payout' AS kind, amount AS asked, 0 AS booked FROM withdrawals
    UNION ALL
    SELECT member_id, CASE state WHEN 'sent' THEN 'payout_sent' ELSE 'payout_back' END, amount, 0 FROM withdrawals WHERE state <> 'asked'
    UNION ALL
    SELECT e.stream, e.kind, 0, CASE e.kind WHEN 'payout' THEN p.minor ELSE -p.minor END
    FROM postings p JOIN entries e ON e.stream = p.stream AND e.no = p.no WHERE p.account LIKE 'paying_out:%'
) AS both_sides
GROUP BY member_id, kind HAVING sum(asked) <> sum(booked) ORDER BY member_id, kind LIMIT 100;

-- name: AuditPayoutRefs :many
SELECT provider, CAST(count(*) AS BIGINT) AS n FROM entries WHERE kind IN ('payout_sent', 'payout_back')
GROUP BY provider HAVING count(*) > 1 ORDER BY provider LIMIT 100;

-- name: AuditPurse :one
SELECT stream FROM entries WHERE stream > $1 AND stream < 'n' ORDER BY stream LIMIT 1;

-- name: AuditMessage :many
SELECT id FROM sandbox_messages WHERE id >= $1 AND id <= $2 AND next_at IS NOT NULL ORDER BY id LIMIT 1;

-- name: AuditFiles :many
SELECT f.id, f.owner_id, f.name, f.sha256 FROM files f WHERE f.id > $1 ORDER BY f.id LIMIT 500;

-- name: AuditFileSizes :many
SELECT file_id, label, sha256 FROM file_sizes WHERE (file_id, label) > (CAST($1 AS TEXT), CAST($2 AS TEXT))
ORDER BY file_id, label LIMIT 500;

-- name: AuditAnswers :many
SELECT member_id, key, body_hash, answer FROM idempotency
WHERE (member_id, key) > (CAST($1 AS TEXT), CAST($2 AS TEXT)) ORDER BY member_id, key LIMIT 500;

-- name: AuditPlainSecrets :many
SELECT 'tokens' AS place, id FROM tokens WHERE length(token_hash) <> 64
UNION ALL
SELECT 'resets', member_id FROM resets WHERE length(token_hash) <> 64
ORDER BY place, id LIMIT 100;

-- name: AuditOpenDoors :many
SELECT s.member_id FROM sessions s JOIN members m ON m.id = s.member_id WHERE m.suspended_at IS NOT NULL
ORDER BY s.member_id LIMIT 100;

-- name: AuditOpenTokens :many
SELECT t.member_id FROM tokens t JOIN members m ON m.id = t.member_id
WHERE m.suspended_at IS NOT NULL AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > m.suspended_at)
ORDER BY t.member_id LIMIT 100;

-- name: AuditDeadJobs :many
SELECT key, last_error FROM jobs WHERE state = 'dead' ORDER BY id LIMIT 100;
