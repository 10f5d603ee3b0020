-- +goose Up

-- Prices made for one buyer. The headline stands in columns, the rest of what
-- was offered and of its life in one document.
CREATE TABLE offers (
    id         TEXT   NOT NULL PRIMARY KEY,
    seller_id  TEXT   NOT NULL,
    buyer_id   TEXT   NOT NULL,
    gig_id     TEXT   NOT NULL,
    policy_id  TEXT   NOT NULL,
    title      TEXT   NOT NULL,
    currency   TEXT   NOT NULL,
    price      BIGINT NOT NULL CHECK (price > 0 AND price <= 1000000000000000 AND price = CAST(price AS BIGINT)),
    state      TEXT   NOT NULL CHECK (state = 'open' OR state = 'accepted' OR state = 'declined' OR state = 'withdrawn' OR state = 'superseded' OR state = 'expired'),
    bucket     TEXT   NOT NULL CHECK (bucket IN ('open', 'ended')),
    order_id   TEXT, -- the one order that pays it, or that a swap made be about it
    made_at    BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    honoured_until BIGINT NOT NULL,
    ended_at   BIGINT,
    next_at    BIGINT, -- when it ends by itself
    version    BIGINT NOT NULL CHECK (version > 0),
    seq        BIGINT NOT NULL CHECK (seq > 0),
    life       TEXT   NOT NULL,
    CHECK (seller_id <> buyer_id),
    CHECK ((state = 'open') = (bucket = 'open')),
    CHECK ((state = 'open') = (ended_at IS NULL)),
    CHECK (state <> 'accepted' OR order_id IS NOT NULL)
);
CREATE INDEX offers_made ON offers (seller_id, bucket, id);
CREATE INDEX offers_got ON offers (buyer_id, bucket, id);
CREATE INDEX offers_pair ON offers (seller_id, buyer_id, made_at, id);
CREATE INDEX offers_open ON offers (seller_id, buyer_id, id) WHERE state = 'open';
CREATE INDEX offers_next ON offers (next_at, id) WHERE next_at IS NOT NULL;

-- How many offers somebody has made to somebody. Making one takes this row
-- first, so that of two made in the same moment the second sees the first.
CREATE TABLE offer_pairs (
    seller_id TEXT   NOT NULL,
    buyer_id  TEXT   NOT NULL,
    n         BIGINT NOT NULL CHECK (n > 0),
    PRIMARY KEY (seller_id, buyer_id)
);

-- +goose Down
DROP TABLE offer_pairs;
DROP TABLE offers;
