-- +goose Up

-- Both reviews of one order, made by the first act. What the window needs
-- stands in columns, what was asked and what was reported in one document.
CREATE TABLE review_pairs (
    id          TEXT   NOT NULL PRIMARY KEY,
    order_id    TEXT   NOT NULL UNIQUE,
    gig_id      TEXT   NOT NULL,
    buyer_id    TEXT   NOT NULL,
    seller_id   TEXT   NOT NULL,
    policy_id   TEXT   NOT NULL,
    closes_at   BIGINT, -- the window ends
    revealed_at BIGINT,
    next_at     BIGINT, -- when the window's end reveals what is in
    version     BIGINT NOT NULL CHECK (version > 0),
    seq         BIGINT NOT NULL CHECK (seq > 0),
    body        TEXT   NOT NULL,
    CHECK (buyer_id <> seller_id),
    CHECK (next_at IS NULL OR revealed_at IS NULL)
);
CREATE INDEX review_pairs_next ON review_pairs (next_at, id) WHERE next_at IS NOT NULL;

-- What one party says of the other, one row for each. What lists are read by
-- stands in columns; a removed review has no stars in them.
CREATE TABLE reviews (
    review_id   TEXT   NOT NULL,
    side        TEXT   NOT NULL CHECK (side IN ('buyer', 'seller')), -- who wrote it
    order_id    TEXT   NOT NULL,
    gig_id      TEXT   NOT NULL,
    author_id   TEXT   NOT NULL,
    of_id       TEXT   NOT NULL, -- who was rated
    written_at  BIGINT NOT NULL,
    revealed_at BIGINT, -- in no list before
    overall     BIGINT NOT NULL CHECK (overall >= 0),
    stars       BIGINT NOT NULL CHECK (stars BETWEEN 0 AND 5), -- full ones; 0 for a tombstone
    removed     BIGINT NOT NULL CHECK (removed IN (0, 1)),
    worded      BIGINT NOT NULL CHECK (worded IN (0, 1)),
    sample_id   TEXT, -- the file that everybody may read beside it
    body        TEXT   NOT NULL,
    PRIMARY KEY (review_id, side),
    CHECK (author_id <> of_id),
    CHECK ((removed = 1) = (stars = 0)),
    CHECK (removed = 0 OR revealed_at IS NOT NULL)
);
CREATE INDEX reviews_gig ON reviews (gig_id, side, revealed_at, review_id) WHERE revealed_at IS NOT NULL;
CREATE INDEX reviews_gig_stars ON reviews (gig_id, side, stars, revealed_at, review_id) WHERE revealed_at IS NOT NULL;
CREATE INDEX reviews_of ON reviews (of_id, side, revealed_at, review_id) WHERE revealed_at IS NOT NULL;
CREATE INDEX reviews_of_stars ON reviews (of_id, side, stars, revealed_at, review_id) WHERE revealed_at IS NOT NULL;
CREATE INDEX reviews_author ON reviews (author_id, written_at, review_id);
CREATE INDEX reviews_sample ON reviews (sample_id) WHERE sample_id IS NOT NULL;

-- What a gig, a seller and a buyer got, kept in the transaction that reveals,
-- changes or removes. shown and tombs together are the count that is printed.
CREATE TABLE review_sums (
    subject_id TEXT   NOT NULL,
    role       TEXT   NOT NULL CHECK (role = 'gig' OR role = 'seller' OR role = 'buyer'),
    shown      BIGINT NOT NULL,
    tombs      BIGINT NOT NULL,
    total      BIGINT NOT NULL, -- overalls of the shown ones
    stars_1    BIGINT NOT NULL,
    stars_2    BIGINT NOT NULL,
    stars_3    BIGINT NOT NULL,
    stars_4    BIGINT NOT NULL,
    stars_5    BIGINT NOT NULL,
    PRIMARY KEY (subject_id, role)
);

-- +goose Down
DROP TABLE review_sums;
DROP TABLE reviews;
DROP TABLE review_pairs;
