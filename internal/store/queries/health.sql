-- name: OrderDays :many
SELECT day, what, CAST(sum(n) AS BIGINT) AS n FROM order_days WHERE day >= $1 AND day < $2 GROUP BY day, what ORDER BY day, what;

-- name: MoneySealed :many
SELECT CAST(x.day AS BIGINT) AS day, CAST(x.pot AS TEXT) AS pot, x.currency, CAST(sum(x.minor) AS BIGINT) AS minor FROM (
    SELECT p.at / 86400000000 AS day, CASE WHEN p.account LIKE 'house:%' THEN substr(p.account, 7) WHEN p.account LIKE 'escrow:%' THEN 'escrow' WHEN p.account LIKE 'pending:%' THEN 'pending'
        WHEN p.account LIKE 'available:%' THEN 'available' WHEN p.account LIKE 'refunding:%' THEN 'refunding' WHEN p.account LIKE 'paying_out:%' THEN 'paying_out'
        WHEN p.account LIKE 'receivable:%' THEN 'receivable' ELSE 'clearing' END AS pot, e.currency, p.minor
    FROM entries e JOIN postings p ON p.stream = e.stream AND p.no = e.no WHERE e.seal = $1
) AS x GROUP BY x.day, x.pot, x.currency ORDER BY x.day, x.pot, x.currency;

-- name: MoneyDayAdd :exec
INSERT INTO money_days (day, pot, currency, minor) VALUES ($1, $2, $3, $4)
ON CONFLICT (day, pot, currency) DO UPDATE SET minor = money_days.minor + excluded.minor;

-- name: MoneyBefore :many
SELECT pot, CAST(sum(minor) AS BIGINT) AS minor FROM money_days WHERE day < $1 AND currency = $2 GROUP BY pot ORDER BY pot;

-- name: MoneyDays :many
SELECT day, pot, minor FROM money_days WHERE day >= $1 AND day < $2 AND currency = $3 ORDER BY day, pot;

-- name: MattersBetween :many
SELECT e.stream, e.seq, e.kind, e.at, o.ref, o.title, o.state, o.class, o.currency, o.total
FROM events e JOIN orders o ON o.id = e.stream
WHERE (e.kind = 'order.request_asked' OR e.kind = 'order.request_agreed' OR e.kind = 'order.request_declined' OR e.kind = 'order.request_withdrawn'
    OR e.kind = 'order.request_expired' OR e.kind = 'order.request_overtaken' OR e.kind = 'order.request_to_desk' OR e.kind = 'order.dispute_opened'
    OR e.kind = 'order.dispute_won' OR e.kind = 'order.dispute_lost') AND e.kind = @kind AND e.at >= $1 AND (e.at, e.stream, e.seq) < (CAST($2 AS BIGINT), CAST($3 AS TEXT), CAST($4 AS BIGINT))
ORDER BY e.at DESC, e.stream DESC, e.seq DESC LIMIT CAST(@most AS BIGINT);

-- name: OrdersPlaced :many
SELECT id, ref, title, currency, total, state, class, created_at, paid_at, ended_at FROM orders
WHERE id >= $1 AND id < $2 AND state <> 'unpaid' AND (state = 'abandoned') = CAST(@abandoned AS BOOLEAN)
ORDER BY id DESC LIMIT CAST(@most AS BIGINT);

-- name: OrdersEnded :many
SELECT id, ref, title, currency, total, state, class, created_at, paid_at, ended_at FROM orders
WHERE state = $1 AND class = $2 AND ended_at >= $3 AND (ended_at, id) < (CAST($4 AS BIGINT), CAST($5 AS TEXT))
ORDER BY ended_at DESC, id DESC LIMIT CAST(@most AS BIGINT);

-- name: CasesOpenedByDay :many
SELECT CAST(x.day AS BIGINT) AS day, x.kind, count(*) AS n FROM (
    SELECT opened_at / 86400000000 AS day, kind FROM cases WHERE opened_at >= $1 AND opened_at < $2
) AS x GROUP BY x.day, x.kind ORDER BY x.day, x.kind;

-- name: CasesDecidedByDay :many
SELECT CAST(x.day AS BIGINT) AS day, x.kind, count(*) AS n FROM (
    SELECT decided_at / 86400000000 AS day, kind FROM cases WHERE decided_at >= $1 AND decided_at < $2
) AS x GROUP BY x.day, x.kind ORDER BY x.day, x.kind;

-- name: FirstAnswers :one
SELECT count(*) AS opened, count(answered_at) AS answered,
    CAST(COALESCE(sum(CASE WHEN answered_at <= answer_by THEN 1 ELSE 0 END), 0) AS BIGINT) AS within,
    CAST(COALESCE(sum(CASE WHEN answered_at IS NULL AND overdue THEN 1 ELSE 0 END), 0) AS BIGINT) AS late
FROM cases WHERE opened_at >= $1 AND opened_at < $2;

-- name: FirstAnswerTook :one
SELECT CAST(answered_at - opened_at AS BIGINT) AS took FROM cases
WHERE opened_at >= $1 AND opened_at < $2 AND answered_at IS NOT NULL
ORDER BY answered_at - opened_at, id LIMIT 1 OFFSET CAST($3 AS BIGINT);

-- name: CasesOpenedBetween :many
SELECT id, ref, kind, state, about, subject, order_id, opener_id, other_id, told, agent_id, policy_id, opened_at, answer_by,
    answered_at, overdue, decided_at, appeal_until, closed_at, next_at, words, matter, seq, version
FROM cases
WHERE opened_at >= $1 AND (opened_at, id) < (CAST($2 AS BIGINT), CAST($3 AS TEXT)) AND (CAST(@kind AS TEXT) = '' OR kind = CAST(@kind AS TEXT))
    AND (CAST(@answer AS TEXT) = '' OR (CAST(@answer AS TEXT) = 'within' AND answered_at <= answer_by)
        OR (CAST(@answer AS TEXT) = 'late' AND (answered_at > answer_by OR (answered_at IS NULL AND overdue)))
        OR (CAST(@answer AS TEXT) = 'waiting' AND answered_at IS NULL AND NOT overdue))
ORDER BY opened_at DESC, id DESC LIMIT CAST(@most AS BIGINT);

-- name: CasesDecidedBetween :many
SELECT id, ref, kind, state, about, subject, order_id, opener_id, other_id, told, agent_id, policy_id, opened_at, answer_by,
    answered_at, overdue, decided_at, appeal_until, closed_at, next_at, words, matter, seq, version
FROM cases
WHERE decided_at >= $1 AND (decided_at, id) < (CAST($2 AS BIGINT), CAST($3 AS TEXT)) AND (CAST(@kind AS TEXT) = '' OR kind = CAST(@kind AS TEXT))
ORDER BY decided_at DESC, id DESC LIMIT CAST(@most AS BIGINT);

-- name: HouseReadInsert :exec
INSERT INTO house_reads (id, member_id, what, found, at) VALUES ($1, $2, $3, $4, $5);

-- name: HouseReads :many
SELECT id, member_id, what, CAST(found AS BIGINT) AS found, at FROM house_reads WHERE id < $1 ORDER BY id DESC LIMIT CAST($2 AS BIGINT);

-- name: AuditOrderDays :many
SELECT CAST(x.day AS BIGINT) AS day, CAST(x.what AS TEXT) AS what, CAST(sum(x.kept) AS BIGINT) AS kept, CAST(sum(x.there) AS BIGINT) AS there FROM (
    SELECT day, what, n AS kept, 0 AS there FROM order_days
    UNION ALL
    SELECT created_at / 86400000000, CASE WHEN state = 'abandoned' THEN 'abandoned' ELSE 'paid' END, 0, 1 FROM orders WHERE state <> 'unpaid'
    UNION ALL
    SELECT ended_at / 86400000000, CASE WHEN class <> '' THEN class ELSE state END, 0, 1 FROM orders WHERE ended_at IS NOT NULL AND state <> 'abandoned'
    UNION ALL
    SELECT at / 86400000000, kind, 0, 1 FROM events WHERE kind IN ('order.request_asked', 'order.request_agreed', 'order.request_declined', 'order.request_withdrawn', 'order.request_expired',
    'order.request_overtaken', 'order.request_to_desk', 'order.dispute_opened', 'order.dispute_won', 'order.dispute_lost')
) AS x GROUP BY x.day, x.what HAVING sum(x.kept) <> sum(x.there) ORDER BY x.day, x.what LIMIT 100;

-- name: AuditMoneyDays :many
SELECT CAST(x.day AS BIGINT) AS day, CAST(x.pot AS TEXT) AS pot, CAST(sum(x.kept) AS BIGINT) AS kept, CAST(sum(x.posted) AS BIGINT) AS posted FROM (
    SELECT day, pot, currency, minor AS kept, 0 AS posted FROM money_days
    UNION ALL
    SELECT p.at / 86400000000, CASE WHEN p.account LIKE 'house:%' THEN substr(p.account, 7) WHEN p.account LIKE 'escrow:%' THEN 'escrow' WHEN p.account LIKE 'pending:%' THEN 'pending'
        WHEN p.account LIKE 'available:%' THEN 'available' WHEN p.account LIKE 'refunding:%' THEN 'refunding' WHEN p.account LIKE 'paying_out:%' THEN 'paying_out'
        WHEN p.account LIKE 'receivable:%' THEN 'receivable' ELSE 'clearing' END, e.currency, 0, p.minor
    FROM entries e JOIN postings p ON p.stream = e.stream AND p.no = e.no WHERE e.seal IS NOT NULL
) AS x GROUP BY x.day, x.pot, x.currency HAVING sum(x.kept) <> sum(x.posted) ORDER BY x.day, x.pot LIMIT 100;

-- name: SellersByLevel :many
SELECT level, count(*) AS n FROM standings WHERE level <> '' GROUP BY level ORDER BY level;

-- name: SellersPlain :one
SELECT count(*) AS n FROM standings WHERE level = '' AND from_at IS NOT NULL;

-- name: SellersOnLevelAfter :many
SELECT m.id, m.name, m.handle, s.since_at, s.completed FROM standings s JOIN members m ON m.id = s.member_id
WHERE s.level = CAST(@level AS TEXT) AND s.level <> '' AND s.member_id > @after ORDER BY s.member_id LIMIT CAST(@most AS BIGINT);

-- name: SellersPlainAfter :many
SELECT m.id, m.name, m.handle, s.from_at, s.completed FROM standings s JOIN members m ON m.id = s.member_id
WHERE s.level = '' AND s.from_at IS NOT NULL AND s.member_id > $1 ORDER BY s.member_id LIMIT CAST($2 AS BIGINT);

-- name: HeldRunning :many
SELECT x.id, x.ref, x.title, x.currency, x.total, x.state, x.class, x.created_at, x.paid_at, x.ended_at, CAST(x.part AS BIGINT) AS part FROM (
    SELECT o.id, o.ref, o.title, o.currency, o.total, o.state, o.class, o.created_at, o.paid_at, o.ended_at,
        (SELECT sum(p.minor) FROM postings p WHERE p.account = 'escrow:' || o.id AND p.at < CAST(@before AS BIGINT)) AS part
    FROM orders o WHERE o.ended_at IS NULL AND o.state <> 'unpaid' AND o.id < @up_to AND o.currency = @currency
) AS x WHERE x.part > 0 ORDER BY x.id DESC LIMIT CAST(@most AS BIGINT);

-- name: HeldEnded :many
SELECT x.id, x.ref, x.title, x.currency, x.total, x.state, x.class, x.created_at, x.paid_at, x.ended_at, CAST(x.part AS BIGINT) AS part FROM (
    SELECT o.id, o.ref, o.title, o.currency, o.total, o.state, o.class, o.created_at, o.paid_at, o.ended_at,
        (SELECT sum(p.minor) FROM postings p WHERE p.account = 'escrow:' || o.id AND p.at < CAST(@before AS BIGINT)) AS part
    FROM orders o WHERE o.state = @state AND o.class = @class AND o.ended_at >= CAST(@before AS BIGINT)
        AND (o.ended_at, o.id) > (CAST(@after_at AS BIGINT), CAST(@after_id AS TEXT)) AND o.id < @up_to AND o.currency = @currency
) AS x WHERE x.part > 0 ORDER BY x.ended_at, x.id LIMIT CAST(@most AS BIGINT);

-- name: HouseMoved :many
SELECT p.stream, p.no, p.minor, p.at, e.kind, o.ref, o.title, o.currency, o.total, o.state, o.class
FROM postings p JOIN entries e ON e.stream = p.stream AND e.no = p.no JOIN orders o ON o.id = p.stream
WHERE p.account = $1 AND p.at >= $2 AND (p.at, p.stream, p.no) < (CAST($3 AS BIGINT), CAST($4 AS TEXT), CAST($5 AS BIGINT)) AND e.currency = @currency
ORDER BY p.at DESC, p.stream DESC, p.no DESC LIMIT CAST(@most AS BIGINT);

-- name: BalancesAt :many
SELECT x.id, x.name, x.handle, CAST(x.minor AS BIGINT) AS minor FROM (
    SELECT m.id, m.name, m.handle,
        b.minor - COALESCE((SELECT sum(p.minor) FROM postings p WHERE p.account = b.account AND p.at >= CAST(@before AS BIGINT)), 0) AS minor
    FROM balances b JOIN members m ON m.id = substr(b.account, CAST(@tail AS INTEGER))
    WHERE b.account > @after AND b.account < @up_to
) AS x WHERE x.minor <> 0 ORDER BY x.id LIMIT CAST(@most AS BIGINT);
