-- +goose Up

-- path is made of the slugs from the root down, each followed by a slash.
CREATE TABLE categories (
    id        TEXT   NOT NULL PRIMARY KEY,
    parent_id TEXT   NOT NULL, -- empty for a root
    name      TEXT   NOT NULL,
    slug      TEXT   NOT NULL,
    path      TEXT   NOT NULL UNIQUE,
    position  BIGINT NOT NULL
);

-- What a card shows; the body is the truth, and the same save writes both.
CREATE TABLE gigs (
    id          TEXT   NOT NULL PRIMARY KEY,
    seller_id   TEXT   NOT NULL,
    category_id TEXT   NOT NULL, -- empty while a draft has none
    state       TEXT   NOT NULL CHECK (state = 'draft' OR state = 'active' OR state = 'paused' OR state = 'deleted'),
    slug        TEXT   NOT NULL UNIQUE,
    title       TEXT   NOT NULL,
    from_price  BIGINT NOT NULL CHECK (from_price BETWEEN 0 AND 1000000000000000 AND from_price = CAST(from_price AS BIGINT)),
    currency    TEXT   NOT NULL,
    days        BIGINT NOT NULL,
    cover       TEXT   NOT NULL, -- a file, empty for none
    source      TEXT   NOT NULL, -- empty for a gig made here
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    version     BIGINT NOT NULL CHECK (version > 0)
);
CREATE INDEX gigs_of_seller ON gigs (seller_id, state, id);

CREATE TABLE gig_bodies (
    gig_id TEXT NOT NULL PRIMARY KEY,
    body   TEXT NOT NULL
);

-- Only listed gigs stand in the next two: one row for the category and for
-- each of those above it ('' is the whole market), one for each word.
CREATE TABLE gig_places (
    category_id TEXT NOT NULL,
    gig_id      TEXT NOT NULL,
    PRIMARY KEY (category_id, gig_id)
);
CREATE INDEX gig_places_gig ON gig_places (gig_id);

CREATE TABLE gig_words (
    word   TEXT NOT NULL,
    gig_id TEXT NOT NULL,
    PRIMARY KEY (word, gig_id)
);
CREATE INDEX gig_words_gig ON gig_words (gig_id, word);

-- Where an imported gig came from. The key makes an import repeatable; the
-- detail keeps what the other site said and this one does not show.
CREATE TABLE gig_sources (
    source     TEXT   NOT NULL,
    source_ref TEXT   NOT NULL,
    gig_id     TEXT   NOT NULL,
    line       BIGINT NOT NULL,
    PRIMARY KEY (source, source_ref)
);

-- Bytes lie in the blob room under their hash; this says whose they are.
CREATE TABLE files (
    id         TEXT   NOT NULL PRIMARY KEY,
    owner_id   TEXT   NOT NULL,
    purpose    TEXT   NOT NULL CHECK (purpose = 'gig_picture' OR purpose = 'avatar' OR purpose = 'order'),
    subject    TEXT   NOT NULL, -- what it belongs to once it is in use: a gig, a member, an order
    name       TEXT   NOT NULL,
    mime       TEXT   NOT NULL,
    size       BIGINT NOT NULL CHECK (size >= 0),
    sha256     TEXT   NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX files_sha256 ON files (sha256);

-- A picture in the sizes that pages show.
CREATE TABLE file_sizes (
    file_id TEXT   NOT NULL,
    label   TEXT   NOT NULL,
    width   BIGINT NOT NULL,
    height  BIGINT NOT NULL,
    size    BIGINT NOT NULL,
    sha256  TEXT   NOT NULL,
    PRIMARY KEY (file_id, label)
);

-- +goose Down
DROP TABLE file_sizes;
DROP TABLE files;
DROP TABLE gig_sources;
DROP TABLE gig_words;
DROP TABLE gig_places;
DROP TABLE gig_bodies;
DROP TABLE gigs;
DROP TABLE categories;
