-- +goose Up

-- One purchase each. The headline stands in columns, the rest of its life in
-- one document; what was bought never changes and lies beside it.
CREATE TABLE orders (
    id         TEXT   NOT NULL PRIMARY KEY,
    ref        TEXT   NOT NULL UNIQUE,
    buyer_id   TEXT   NOT NULL,
    seller_id  TEXT   NOT NULL,
    gig_id     TEXT   NOT NULL,
    policy_id  TEXT   NOT NULL,
    title      TEXT   NOT NULL,
    currency   TEXT   NOT NULL,
    total      BIGINT NOT NULL CHECK (total > 0 AND total <= 1000000000000000 AND total = CAST(total AS BIGINT)),
    state      TEXT   NOT NULL CHECK (state = 'unpaid' OR state = 'awaiting_requirements' OR state = 'in_progress' OR state = 'delivered' OR state = 'in_revision' OR state = 'completed' OR state = 'cancelled' OR state = 'refunded' OR state = 'abandoned'),
    class      TEXT   NOT NULL,
    bucket     TEXT   NOT NULL,
    words      TEXT   NOT NULL, -- lower case, what the lists search in
    version    BIGINT NOT NULL CHECK (version > 0),
    seq        BIGINT NOT NULL CHECK (seq > 0),
    books_no   BIGINT NOT NULL CHECK (books_no >= 0),
    books_hash TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    paid_at    BIGINT,
    due_at     BIGINT,
    ended_at   BIGINT,
    rank_at    BIGINT NOT NULL, -- what lists are sorted by
    next_at    BIGINT,          -- the earliest deadline
    life       TEXT   NOT NULL,
    CHECK ((state = 'cancelled') = (class <> '')),
    CHECK (buyer_id <> seller_id)
);
CREATE INDEX orders_sales ON orders (seller_id, bucket, rank_at, id);
CREATE INDEX orders_purchases ON orders (buyer_id, bucket, rank_at, id);
CREATE INDEX orders_again ON orders (buyer_id, gig_id, created_at);
CREATE INDEX orders_next ON orders (next_at, id) WHERE next_at IS NOT NULL;

CREATE TABLE order_agreements (
    order_id TEXT NOT NULL PRIMARY KEY,
    body     TEXT NOT NULL
);

-- How many orders lie in each bucket, kept in the transaction that moves them.
-- Those that were never paid are not in it.
CREATE TABLE order_counts (
    member_id TEXT   NOT NULL,
    side      TEXT   NOT NULL CHECK (side IN ('buyer', 'seller')),
    bucket    TEXT   NOT NULL,
    n         BIGINT NOT NULL,
    PRIMARY KEY (member_id, side, bucket)
);

-- How many places of a gig are taken.
CREATE TABLE gig_loads (
    gig_id TEXT   NOT NULL PRIMARY KEY,
    n      BIGINT NOT NULL
);

-- Everything that happened, and the outbox: what the courier has not seen yet.
CREATE TABLE events (
    stream       TEXT   NOT NULL,
    seq          BIGINT NOT NULL CHECK (seq > 0),
    kind         TEXT   NOT NULL,
    at           BIGINT NOT NULL,
    actor_id     TEXT   NOT NULL,
    role         TEXT   NOT NULL,
    from_state   TEXT   NOT NULL,
    to_state     TEXT   NOT NULL,
    detail       TEXT   NOT NULL,
    couriered_at BIGINT,
    PRIMARY KEY (stream, seq)
);
CREATE INDEX events_outbox ON events (at, stream, seq) WHERE couriered_at IS NULL;

-- The ledger. Append-only; each stream is a chain.
CREATE TABLE entries (
    stream   TEXT   NOT NULL,
    no       BIGINT NOT NULL CHECK (no > 0),
    kind     TEXT   NOT NULL,
    at       BIGINT NOT NULL,
    currency TEXT   NOT NULL,
    provider TEXT   NOT NULL,
    prev     TEXT   NOT NULL,
    hash     TEXT   NOT NULL,
    seal     BIGINT,
    PRIMARY KEY (stream, no)
);
CREATE INDEX entries_unsealed ON entries (stream, no) WHERE seal IS NULL;
CREATE INDEX entries_sealed ON entries (seal, stream, no) WHERE seal IS NOT NULL;

CREATE TABLE postings (
    stream  TEXT   NOT NULL,
    no      BIGINT NOT NULL,
    line    BIGINT NOT NULL,
    account TEXT   NOT NULL,
    minor   BIGINT NOT NULL CHECK (minor <> 0 AND minor BETWEEN -1000000000000000 AND 1000000000000000 AND minor = CAST(minor AS BIGINT)),
    at      BIGINT NOT NULL,
    PRIMARY KEY (stream, no, line)
);
CREATE INDEX postings_account ON postings (account, at, stream, no, line);

-- Balances of members' accounts, kept beside the postings so that two
-- withdrawals cannot both take the last dollar. Never clamped: a movement that
-- would go below nothing is refused.
CREATE TABLE balances (
    account TEXT   NOT NULL PRIMARY KEY,
    minor   BIGINT NOT NULL CHECK (minor BETWEEN -1000000000000000 AND 1000000000000000 AND minor = CAST(minor AS BIGINT)),
    CHECK (minor >= 0 OR account LIKE 'receivable:%')
);

CREATE TABLE seals (
    no      BIGINT NOT NULL PRIMARY KEY,
    at      BIGINT NOT NULL,
    entries BIGINT NOT NULL,
    prev    TEXT   NOT NULL,
    hash    TEXT   NOT NULL
);

-- Attempts to pay.
CREATE TABLE payments (
    id         TEXT   NOT NULL PRIMARY KEY,
    order_id   TEXT   NOT NULL,
    member_id  TEXT   NOT NULL,
    provider   TEXT   NOT NULL,
    method     TEXT   NOT NULL,
    ref        TEXT   NOT NULL, -- the provider's name of it
    amount     BIGINT NOT NULL CHECK (amount > 0 AND amount <= 1000000000000000 AND amount = CAST(amount AS BIGINT)),
    currency   TEXT   NOT NULL,
    state      TEXT   NOT NULL CHECK (state = 'created' OR state = 'pending' OR state = 'needs_step' OR state = 'succeeded' OR state = 'declined' OR state = 'refunding' OR state = 'refunded'),
    reason     TEXT   NOT NULL, -- why it was declined
    step       TEXT   NOT NULL, -- where the buyer goes for the second step
    created_at BIGINT NOT NULL,
    settled_at BIGINT, -- the money was taken
    refunded_at BIGINT, -- and sent back
    version    BIGINT NOT NULL CHECK (version > 0)
);
CREATE INDEX payments_order ON payments (order_id, id);
CREATE INDEX payments_member ON payments (member_id, id) WHERE settled_at IS NOT NULL;

-- +goose Down
DROP TABLE payments;
DROP TABLE seals;
DROP TABLE balances;
DROP TABLE postings;
DROP TABLE entries;
DROP TABLE events;
DROP TABLE gig_loads;
DROP TABLE order_counts;
DROP TABLE order_agreements;
DROP TABLE orders;
