-- +goose Up

-- How the market does, by day (UTC, counted from 1970): orders by the day they
-- were placed on, once they were paid or abandoned, endings by the day and the
-- way they came, requests and disputes by the day of the event. Kept in the
-- transaction that moves the order; each number is the sum of a few parts, so
-- that those who move orders at the same moment do not all wait for one row.
CREATE TABLE order_days (
    day  BIGINT NOT NULL,
    what TEXT   NOT NULL, -- paid, abandoned; completed, refunded, or the class of a cancellation; a kind of event
    part BIGINT NOT NULL,
    n    BIGINT NOT NULL,
    PRIMARY KEY (day, what, part)
);
INSERT INTO order_days (day, what, part, n)
SELECT x.day, x.what, 0, count(*) FROM (
    SELECT created_at / 86400000000 AS day, CASE WHEN state = 'abandoned' THEN 'abandoned' ELSE 'paid' END AS what FROM orders WHERE state <> 'unpaid'
    UNION ALL
    SELECT ended_at / 86400000000, CASE WHEN class <> '' THEN class ELSE state END FROM orders WHERE ended_at IS NOT NULL AND state <> 'abandoned'
    UNION ALL
    SELECT at / 86400000000, kind FROM events WHERE kind IN ('order.request_asked', 'order.request_agreed', 'order.request_declined', 'order.request_withdrawn', 'order.request_expired',
    'order.request_overtaken', 'order.request_to_desk', 'order.dispute_opened', 'order.dispute_won', 'order.dispute_lost')
) AS x GROUP BY x.day, x.what;

-- What each kind of account gained and lost on each day, of all entries that are
-- sealed; kept in the transaction that seals them.
CREATE TABLE money_days (
    day      BIGINT NOT NULL,
    pot      TEXT   NOT NULL, -- escrow, pending, available …, and the house's commission, fees and losses
    currency TEXT   NOT NULL,
    minor    BIGINT NOT NULL,
    PRIMARY KEY (day, pot, currency)
);
INSERT INTO money_days (day, pot, currency, minor)
SELECT x.day, x.pot, x.currency, CAST(sum(x.minor) AS BIGINT) FROM (
    SELECT p.at / 86400000000 AS day, CASE WHEN p.account LIKE 'house:%' THEN substr(p.account, 7) WHEN p.account LIKE 'escrow:%' THEN 'escrow' WHEN p.account LIKE 'pending:%' THEN 'pending'
        WHEN p.account LIKE 'available:%' THEN 'available' WHEN p.account LIKE 'refunding:%' THEN 'refunding' WHEN p.account LIKE 'paying_out:%' THEN 'paying_out'
        WHEN p.account LIKE 'receivable:%' THEN 'receivable' ELSE 'clearing' END AS pot, e.currency, p.minor
    FROM entries e JOIN postings p ON p.stream = e.stream AND p.no = e.no WHERE e.seal IS NOT NULL
) AS x GROUP BY x.day, x.pot, x.currency;

-- The lists behind the numbers. An order's name begins with the moment it was
-- placed, so those by that day need no index.
CREATE INDEX orders_ended ON orders (state, class, ended_at, id) WHERE ended_at IS NOT NULL;
CREATE INDEX events_matters ON events (at, stream, seq, kind) WHERE kind IN ('order.request_asked', 'order.request_agreed', 'order.request_declined', 'order.request_withdrawn', 'order.request_expired',
    'order.request_overtaken', 'order.request_to_desk', 'order.dispute_opened', 'order.dispute_won', 'order.dispute_lost');
CREATE INDEX cases_opened ON cases (opened_at, id, kind, answered_at, answer_by, overdue); -- counts read nothing else
CREATE INDEX cases_decided ON cases (decided_at, id, kind) WHERE decided_at IS NOT NULL;

-- What an operator listed of other people's affairs, each time.
CREATE TABLE house_reads (
    id        TEXT   NOT NULL PRIMARY KEY,
    member_id TEXT   NOT NULL,
    what      TEXT   NOT NULL,
    found     BIGINT NOT NULL,
    at        BIGINT NOT NULL
);

-- +goose Down
DROP TABLE house_reads;
DROP INDEX cases_decided;
DROP INDEX cases_opened;
DROP INDEX events_matters;
DROP INDEX orders_ended;
DROP TABLE money_days;
DROP TABLE order_days;
