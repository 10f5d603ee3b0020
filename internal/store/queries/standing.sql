-- name: ContributionDrop :exec
DELETE FROM contributions WHERE member_id = $1 AND figure = $2 AND subject_id = $3;

-- name: ContributionOf :one
SELECT member_id, figure, subject_id, peer_id, value, ref, at, mark, rule, class, cause, fault FROM contributions
WHERE member_id = $1 AND figure = $2 AND subject_id = $3;

-- name: ContributionsSince :many
SELECT c.member_id, c.figure, c.subject_id, c.peer_id, c.value, c.ref, c.at, c.mark, c.rule, c.class, c.cause, c.fault FROM contributions c
WHERE c.member_id = $1 AND c.figure IN ('completion', 'on_time', 'response') AND c.at > $2
UNION ALL
SELECT d.member_id, d.figure, d.subject_id, d.peer_id, d.value, d.ref, d.at, d.mark, d.rule, d.class, d.cause, d.fault FROM contributions d
WHERE d.member_id = $1 AND d.figure = 'rating' AND d.at > $3
UNION ALL
SELECT e.member_id, e.figure, e.subject_id, e.peer_id, e.value, e.ref, e.at, e.mark, e.rule, e.class, e.cause, e.fault FROM contributions e
WHERE e.member_id = $1 AND e.figure = 'earned' AND e.at > $4
LIMIT CAST(@most AS BIGINT);

-- name: ContributionsLean :many
SELECT c.figure, c.at, c.mark, c.value FROM contributions c
WHERE c.member_id = $1 AND c.figure IN ('completion', 'on_time', 'response') AND c.at > $2
UNION ALL
SELECT d.figure, d.at, d.mark, d.value FROM contributions d
WHERE d.member_id = $1 AND d.figure = 'rating' AND d.at > $3
UNION ALL
SELECT e.figure, e.at, e.mark, e.value FROM contributions e
WHERE e.member_id = $1 AND e.figure = 'earned' AND e.at > $4
LIMIT CAST(@most AS BIGINT);

-- name: ContributionsBetween :many
SELECT subject_id, peer_id, value, ref, at, mark, rule, class, cause, fault FROM contributions
WHERE member_id = @member AND figure = CAST(@figure AS TEXT) AND at > @since AND at <= @until
ORDER BY at DESC, subject_id DESC;

-- name: ContributionMarks :many
SELECT mark, CAST(count(*) AS BIGINT) AS n, CAST(sum(value) AS BIGINT) AS total FROM contributions
WHERE member_id = @member AND figure = CAST(@figure AS TEXT) AND at > @since AND at <= @until
GROUP BY mark ORDER BY mark;

-- name: ContributionPage :many
SELECT member_id, figure, subject_id, peer_id, value, ref, at, mark, rule, class, cause, fault FROM contributions
WHERE member_id = @member AND figure = CAST(@figure AS TEXT) AND at > @since AND (at, subject_id) < (CAST(@before_at AS BIGINT), CAST(@before AS TEXT))
    AND (mark = @mark OR CAST(@mark AS TEXT) = '')
ORDER BY at DESC, subject_id DESC LIMIT CAST(@most AS BIGINT);

-- name: ContributionFirsts :many
SELECT c.member_id, c.figure, c.subject_id, c.peer_id, c.value, c.ref, c.at, c.mark, c.rule, c.class, c.cause, c.fault FROM contributions c
WHERE c.member_id = $1 AND c.figure = 'completion' AND c.mark = 'for' AND (c.at, c.subject_id) < (CAST($2 AS BIGINT), CAST($3 AS TEXT))
    AND NOT EXISTS (SELECT 1 FROM contributions d WHERE d.member_id = c.member_id AND d.figure = 'completion' AND d.mark = 'for'
        AND d.peer_id = c.peer_id AND (d.at, d.subject_id) < (c.at, c.subject_id))
ORDER BY c.at DESC, c.subject_id DESC LIMIT CAST(@most AS BIGINT);

-- name: ContributionBuyers :one
SELECT CAST(count(*) AS BIGINT) AS n FROM (
    SELECT DISTINCT peer_id FROM contributions WHERE member_id = $1 AND figure = 'completion' AND mark = 'for' AND at <= $2
) AS buyers;

-- name: ContributionsWith :one
SELECT CAST(count(*) AS BIGINT) AS n FROM contributions
WHERE member_id = $1 AND peer_id = $2 AND figure = 'completion' AND mark = 'for' AND at <= $3;

-- name: ContributionCauses :many
SELECT class, cause, mark, CAST(count(*) AS BIGINT) AS n FROM contributions
WHERE member_id = @member AND figure = CAST(@figure AS TEXT) AND at > @since AND at <= @until
GROUP BY class, cause, mark ORDER BY class, cause, mark;

-- name: StandingOpen :exec
INSERT INTO standings (member_id, from_at, level, ready, words, completed, earned, rated, stars, removed, quiet_at, next_at, seq, version)
VALUES ($1, $2, '', '', '{}', 0, 0, 0, 0, 0, 0, $3, 0, 1)
ON CONFLICT (member_id) DO UPDATE SET from_at = excluded.from_at, next_at = excluded.next_at, version = standings.version + 1
WHERE standings.from_at IS NULL;

-- name: StandingCredit :exec
INSERT INTO standings (member_id, level, ready, words, completed, earned, rated, stars, removed, quiet_at, next_at, seq, version)
VALUES ($1, '', '', '{}', $2, $3, $4, $5, $6, 0, $7, 0, 1)
ON CONFLICT (member_id) DO UPDATE SET
    completed = standings.completed + excluded.completed, earned = standings.earned + excluded.earned,
    rated = standings.rated + excluded.rated, stars = standings.stars + excluded.stars,
    removed = standings.removed + excluded.removed, version = standings.version + 1,
    next_at = CASE
        WHEN standings.level = '' AND standings.ready = '' AND standings.completed + excluded.completed < CAST($8 AS BIGINT) THEN standings.next_at
        WHEN excluded.next_at < standings.quiet_at AND (standings.next_at IS NULL OR standings.next_at > standings.quiet_at) THEN standings.quiet_at
        WHEN excluded.next_at >= standings.quiet_at AND (standings.next_at IS NULL OR standings.next_at > excluded.next_at) THEN excluded.next_at
        ELSE standings.next_at END;

-- name: StandingRecount :exec
UPDATE standings SET
    completed = (SELECT count(*) FROM contributions c WHERE c.member_id = $1 AND c.figure = 'completion' AND c.mark = 'for'),
    earned = (SELECT CAST(coalesce(sum(c.value), 0) AS BIGINT) FROM contributions c WHERE c.member_id = $1 AND c.figure = 'earned' AND c.mark = 'for'),
    rated = (SELECT count(*) FROM contributions c WHERE c.member_id = $1 AND c.figure = 'rating' AND c.mark = 'for'),
    stars = (SELECT CAST(coalesce(sum(c.value), 0) AS BIGINT) FROM contributions c WHERE c.member_id = $1 AND c.figure = 'rating' AND c.mark = 'for'),
    removed = (SELECT count(*) FROM contributions c WHERE c.member_id = $1 AND c.figure = 'rating' AND c.mark = 'excluded'),
    next_at = $2, quiet_at = 0, version = version + 1
WHERE standings.member_id = $1;

-- name: StandingOf :one
SELECT member_id, from_at, level, since_at, warned_at, demotes_at, ready, ready_at, words, completed, earned, rated, stars, removed,
    quiet_at, evaluated_at, next_at, seq, version
FROM standings WHERE member_id = $1;

-- name: StandingSave :one
UPDATE standings SET level = $3, since_at = $4, warned_at = $5, demotes_at = $6, ready = $7, ready_at = $8, words = $9,
    quiet_at = $10, evaluated_at = $11, next_at = $12, seq = $13, version = version + 1
WHERE member_id = $1 AND version = $2 RETURNING 1;

-- name: StandingsDue :many
SELECT member_id FROM standings WHERE next_at IS NOT NULL AND next_at <= $1
ORDER BY next_at, member_id LIMIT CAST($2 AS BIGINT);

-- name: StandingEarliestDue :one
SELECT next_at FROM standings WHERE next_at IS NOT NULL ORDER BY next_at LIMIT 1;

-- name: StandingsWake :exec
UPDATE standings SET next_at = CAST($1 AS BIGINT), quiet_at = 0, version = version + 1
WHERE member_id > '' AND (next_at IS NULL OR next_at > CAST($1 AS BIGINT));

-- name: StandingsReady :many
SELECT member_id, from_at, level, since_at, warned_at, demotes_at, ready, ready_at, words, completed, earned, rated, stars, removed,
    quiet_at, evaluated_at, next_at, seq, version
FROM standings WHERE ready_at IS NOT NULL AND (ready_at, member_id) > (CAST($1 AS BIGINT), CAST($2 AS TEXT))
ORDER BY ready_at, member_id LIMIT CAST(@most AS BIGINT);

-- name: StandingShareInsert :exec
INSERT INTO standing_shares (id, hash, member_id, made_at, until) VALUES ($1, $2, $3, $4, $5);

-- name: StandingShareOf :one
SELECT id, member_id, made_at, until, revoked_at FROM standing_shares WHERE hash = $1;

-- name: StandingShares :many
SELECT id, member_id, made_at, until, revoked_at FROM standing_shares WHERE member_id = $1 AND revoked_at IS NULL
ORDER BY id DESC LIMIT CAST($2 AS BIGINT);

-- name: StandingShareRevoke :one
UPDATE standing_shares SET revoked_at = $3 WHERE id = $1 AND member_id = $2 AND revoked_at IS NULL RETURNING 1;

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

-- name: EndingLookPut :exec
INSERT INTO ending_looks (member_id, at) VALUES ($1, $2)
ON CONFLICT (member_id) DO UPDATE SET at = CASE WHEN excluded.at < ending_looks.at THEN excluded.at ELSE ending_looks.at END;

-- name: EndingLooksDue :many
SELECT member_id FROM ending_looks WHERE at <= $1 ORDER BY at, member_id LIMIT CAST($2 AS BIGINT);

-- name: EndingLookTake :one
DELETE FROM ending_looks WHERE member_id = $1 RETURNING at;

-- name: EndingsWithoutFault :many
SELECT DISTINCT at FROM contributions
WHERE member_id = $1 AND figure = 'completion' AND mark = 'excluded' AND at >= $2
ORDER BY at;

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
WHERE seller_id = $1 AND bucket = 'cancelled' AND created_at >= $2 AND created_at < $3 AND words LIKE CAST(@words AS TEXT) ESCAPE '\'
GROUP BY state, class ORDER BY state, class;

-- name: PurchasesByClass :many
SELECT state, class, CAST(count(*) AS BIGINT) AS n FROM orders
WHERE buyer_id = $1 AND bucket = 'cancelled' AND created_at >= $2 AND created_at < $3 AND words LIKE CAST(@words AS TEXT) ESCAPE '\'
GROUP BY state, class ORDER BY state, class;

-- name: SalesOfClass :many
SELECT id, ref, buyer_id, seller_id, gig_id, policy_id, title, currency, total, state, class,
    version, seq, books_no, books_hash, created_at, paid_at, due_at, ended_at, life, rank_at
FROM orders
WHERE seller_id = $1 AND bucket = 'cancelled' AND state = $2 AND class = $3 AND (rank_at, id) < (CAST($4 AS BIGINT), CAST($5 AS TEXT))
    AND created_at >= $6 AND created_at < $7 AND words LIKE CAST(@words AS TEXT) ESCAPE '\'
ORDER BY rank_at DESC, id DESC LIMIT CAST(@most AS BIGINT);

-- name: PurchasesOfClass :many
SELECT id, ref, buyer_id, seller_id, gig_id, policy_id, title, currency, total, state, class,
    version, seq, books_no, books_hash, created_at, paid_at, due_at, ended_at, life, rank_at
FROM orders
WHERE buyer_id = $1 AND bucket = 'cancelled' AND state = $2 AND class = $3 AND (rank_at, id) < (CAST($4 AS BIGINT), CAST($5 AS TEXT))
    AND created_at >= $6 AND created_at < $7 AND words LIKE CAST(@words AS TEXT) ESCAPE '\'
ORDER BY rank_at DESC, id DESC LIMIT CAST(@most AS BIGINT);

-- name: AuditStanding :many
SELECT c.member_id, c.figure, c.subject_id, c.peer_id, c.value, c.ref, c.at, c.mark, c.rule, c.class, c.cause, c.fault
FROM orders o JOIN contributions c ON c.member_id = o.seller_id AND c.figure IN ('completion', 'on_time', 'earned') AND c.subject_id = o.id
WHERE o.id >= $1 AND o.id <= $2
UNION ALL
SELECT c.member_id, c.figure, c.subject_id, c.peer_id, c.value, c.ref, c.at, c.mark, c.rule, c.class, c.cause, c.fault
FROM orders o JOIN contributions c ON c.member_id = o.buyer_id AND c.figure = 'buyer_record' AND c.subject_id = o.id
WHERE o.id >= $1 AND o.id <= $2
ORDER BY 3, 2;

-- name: AuditResponses :many
SELECT c.member_id, c.figure, c.subject_id, c.peer_id, c.value, c.ref, c.at, c.mark, c.rule, c.class, c.cause, c.fault
FROM thread_firsts f JOIN contributions c ON c.member_id = f.asked_id AND c.figure = 'response' AND c.subject_id = f.thread_id
WHERE f.thread_id >= $1 AND f.thread_id <= $2
ORDER BY c.subject_id;

-- name: AuditThreadFirsts :many
SELECT thread_id, asker_id, asked_id, at, answered_at, selling, away, spam_at, shut_at FROM thread_firsts
WHERE thread_id > $1 ORDER BY thread_id LIMIT CAST($2 AS BIGINT);

-- name: AuditRatings :many
SELECT c.member_id, c.figure, c.subject_id, c.peer_id, c.value, c.ref, c.at, c.mark, c.rule, c.class, c.cause, c.fault
FROM contributions c JOIN orders o ON o.id = c.subject_id
WHERE c.figure = 'rating' AND c.subject_id >= $1 AND c.subject_id <= $2
ORDER BY c.subject_id;

-- name: AuditContributionsAlone :many
SELECT c.member_id, c.figure, c.subject_id FROM contributions c
LEFT JOIN orders o ON o.id = c.subject_id AND c.figure <> 'response'
LEFT JOIN thread_firsts f ON f.thread_id = c.subject_id AND c.figure = 'response'
WHERE (c.figure = 'response' AND (f.thread_id IS NULL OR c.member_id <> f.asked_id))
    OR (c.figure = 'buyer_record' AND (o.id IS NULL OR c.member_id <> o.buyer_id))
    OR (c.figure <> 'buyer_record' AND c.figure <> 'response' AND (o.id IS NULL OR c.member_id <> o.seller_id))
ORDER BY c.member_id, c.figure, c.subject_id LIMIT 100;

-- name: AuditStandingSums :many
SELECT s.member_id, s.completed, s.earned, s.rated, s.stars, s.removed,
    CAST(coalesce(t.completed, 0) AS BIGINT) AS is_completed, CAST(coalesce(t.earned, 0) AS BIGINT) AS is_earned,
    CAST(coalesce(t.rated, 0) AS BIGINT) AS is_rated, CAST(coalesce(t.stars, 0) AS BIGINT) AS is_stars,
    CAST(coalesce(t.removed, 0) AS BIGINT) AS is_removed
FROM standings s LEFT JOIN (
    SELECT member_id,
        sum(CASE WHEN figure = 'completion' AND mark = 'for' THEN 1 ELSE 0 END) AS completed,
        sum(CASE WHEN figure = 'earned' AND mark = 'for' THEN value ELSE 0 END) AS earned,
        sum(CASE WHEN figure = 'rating' AND mark = 'for' THEN 1 ELSE 0 END) AS rated,
        sum(CASE WHEN figure = 'rating' AND mark = 'for' THEN value ELSE 0 END) AS stars,
        sum(CASE WHEN figure = 'rating' AND mark = 'excluded' THEN 1 ELSE 0 END) AS removed
    FROM contributions GROUP BY member_id
) AS t ON t.member_id = s.member_id
WHERE s.completed <> coalesce(t.completed, 0) OR s.earned <> coalesce(t.earned, 0) OR s.rated <> coalesce(t.rated, 0)
    OR s.stars <> coalesce(t.stars, 0) OR s.removed <> coalesce(t.removed, 0)
ORDER BY s.member_id LIMIT 100;

-- name: AuditStandingAlone :many
SELECT c.member_id FROM contributions c LEFT JOIN standings s ON s.member_id = c.member_id
WHERE c.figure <> 'buyer_record' AND s.member_id IS NULL
GROUP BY c.member_id ORDER BY c.member_id LIMIT 100;

-- name: AuditStandings :many
SELECT member_id, from_at, level, since_at, warned_at, demotes_at, ready, ready_at, words, completed, earned, rated, stars, removed,
    quiet_at, evaluated_at, next_at, seq, version
FROM standings WHERE member_id > $1 ORDER BY member_id LIMIT CAST($2 AS BIGINT);

-- name: AuditAsks :many
SELECT a.order_id, a.member_id, a.ends_at FROM order_asks a JOIN orders o ON o.id = a.order_id
WHERE o.id >= $1 AND o.id <= $2
ORDER BY a.order_id;
