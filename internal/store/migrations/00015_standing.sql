-- +goose Up

-- Figures of conversations, reviews and earnings stand beside those of orders.
-- The house makes all of them anew from their sources when it starts next.
DROP TABLE contributions;
CREATE TABLE contributions (
    member_id  TEXT   NOT NULL,
    figure     TEXT   NOT NULL CHECK (figure = 'completion' OR figure = 'on_time' OR figure = 'response' OR figure = 'rating' OR figure = 'earned' OR figure = 'buyer_record'),
    subject_id TEXT   NOT NULL, -- the order or the thread that it is about
    peer_id    TEXT   NOT NULL, -- the other party
    value      BIGINT NOT NULL, -- minor units, or parts of a star
    ref        TEXT   NOT NULL,
    at         BIGINT NOT NULL, -- from when it counts; it may be still to come
    mark       TEXT   NOT NULL CHECK (mark = 'for' OR mark = 'against' OR mark = 'excluded'),
    rule       TEXT   NOT NULL,
    class      TEXT   NOT NULL,
    cause      TEXT   NOT NULL,
    fault      TEXT   NOT NULL,
    PRIMARY KEY (member_id, figure, subject_id)
);
CREATE INDEX contributions_at ON contributions (member_id, figure, at, subject_id, mark, value); -- counts and sums read nothing else
CREATE INDEX contributions_peer ON contributions (member_id, peer_id, at, subject_id) WHERE figure = 'completion' AND mark = 'for';

-- Where each seller stands on the ladder, and what is kept of a whole life so
-- that nobody adds it up again. Whatever adds to a seller's figures says here
-- from when they are to be looked at.
CREATE TABLE standings (
    member_id    TEXT   NOT NULL PRIMARY KEY,
    from_at      BIGINT, -- the shop was opened
    level        TEXT   NOT NULL, -- name in the policy; empty for none
    since_at     BIGINT,
    warned_at    BIGINT,
    demotes_at   BIGINT,
    ready        TEXT   NOT NULL, -- the level that waits for a person's yes
    ready_at     BIGINT,
    words        TEXT   NOT NULL, -- what was said to that
    completed    BIGINT NOT NULL, -- orders
    earned       BIGINT NOT NULL, -- minor units
    rated        BIGINT NOT NULL, -- reviews that are shown
    stars        BIGINT NOT NULL, -- their sum, in parts of a star
    removed      BIGINT NOT NULL, -- reviews with a tombstone in their place
    quiet_at     BIGINT NOT NULL, -- nothing can move before
    evaluated_at BIGINT,
    next_at      BIGINT, -- to be looked at then; never by itself where it is missing
    seq          BIGINT NOT NULL CHECK (seq >= 0),
    version      BIGINT NOT NULL CHECK (version > 0)
);
CREATE INDEX standings_next ON standings (next_at, member_id) WHERE next_at IS NOT NULL;
CREATE INDEX standings_ready ON standings (ready_at, member_id) WHERE ready_at IS NOT NULL;
CREATE INDEX standings_level ON standings (level, member_id) WHERE level <> '';

-- Links that show somebody's figures to a helper until they end.
CREATE TABLE standing_shares (
    id         TEXT   NOT NULL PRIMARY KEY,
    hash       TEXT   NOT NULL UNIQUE, -- of the secret in the link
    member_id  TEXT   NOT NULL,
    made_at    BIGINT NOT NULL,
    until      BIGINT NOT NULL,
    revoked_at BIGINT
);
CREATE INDEX standing_shares_member ON standing_shares (member_id, id);

-- +goose Down
DROP TABLE standing_shares;
DROP TABLE standings;
DROP TABLE contributions;
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
CREATE INDEX contributions_at ON contributions (member_id, figure, at, order_id, mark);
