-- +goose Up

-- What each order adds to the figures of its parties, written in the
-- transaction that delivers or ends it. Figures are folds over a window of these.
CREATE TABLE contributions (
    member_id TEXT   NOT NULL,
    figure    TEXT   NOT NULL CHECK (figure = 'completion' OR figure = 'on_time' OR figure = 'buyer_record'),
    order_id  TEXT   NOT NULL,
    ref       TEXT   NOT NULL,
    at        BIGINT NOT NULL,
    mark      TEXT   NOT NULL CHECK (mark = 'for' OR mark = 'against' OR mark = 'excluded'),
    rule      TEXT   NOT NULL,
    class     TEXT   NOT NULL,
    cause     TEXT   NOT NULL,
    fault     TEXT   NOT NULL,
    PRIMARY KEY (member_id, figure, order_id)
);
CREATE INDEX contributions_at ON contributions (member_id, figure, at, order_id, mark); -- counts by mark read nothing else

-- Requests that wait for somebody, beside the orders they live in, so that
-- whoever has to answer finds them. Most orders never have one.
CREATE TABLE order_asks (
    order_id  TEXT   NOT NULL PRIMARY KEY,
    member_id TEXT   NOT NULL, -- who has to answer
    ends_at   BIGINT NOT NULL
);
CREATE INDEX order_asks_member ON order_asks (member_id, ends_at, order_id);

-- When the house was asked to look at a seller's endings. A reason to look and
-- nothing more: no figure reads it.
CREATE TABLE ending_reviews (
    member_id TEXT   NOT NULL,
    opened_at BIGINT NOT NULL,
    ended     BIGINT NOT NULL,
    no_fault  BIGINT NOT NULL,
    PRIMARY KEY (member_id, opened_at)
);

-- +goose Down
DROP TABLE ending_reviews;
DROP TABLE order_asks;
DROP TABLE contributions;
