-- +goose Up

CREATE TABLE members (
    id              TEXT    NOT NULL PRIMARY KEY,
    email           TEXT    NOT NULL UNIQUE,
    handle          TEXT    NOT NULL UNIQUE,
    name            TEXT    NOT NULL,
    zone            TEXT    NOT NULL,
    about           TEXT    NOT NULL,
    picture         TEXT    NOT NULL,
    theme           TEXT    NOT NULL,
    seller_since    BIGINT,
    tagline         TEXT    NOT NULL,
    skills          TEXT    NOT NULL, -- one a line
    away_until      BIGINT,
    agent           BOOLEAN NOT NULL,
    operator        BOOLEAN NOT NULL,
    suspended_at    BIGINT,
    suspended_why   TEXT    NOT NULL,
    created_at      BIGINT  NOT NULL,
    seq             BIGINT  NOT NULL,
    version         BIGINT  NOT NULL
);

CREATE INDEX members_operators ON members (id) WHERE operator;
CREATE INDEX members_agents ON members (id) WHERE agent;

-- Apart from members, so that no list of people ever reads a hash.
CREATE TABLE passwords (
    member_id  TEXT   NOT NULL PRIMARY KEY REFERENCES members (id),
    hash       TEXT   NOT NULL,
    changed_at BIGINT NOT NULL
);

-- member_id is empty while nobody is signed in.
CREATE TABLE sessions (
    token_hash TEXT   NOT NULL PRIMARY KEY,
    member_id  TEXT   NOT NULL,
    data       BYTEA  NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE INDEX sessions_member ON sessions (member_id);
CREATE INDEX sessions_expires ON sessions (expires_at);

-- Links of one use: a forgotten password, the set-up of the house.
CREATE TABLE resets (
    token_hash TEXT   NOT NULL PRIMARY KEY,
    member_id  TEXT   NOT NULL REFERENCES members (id),
    expires_at BIGINT NOT NULL
);

CREATE INDEX resets_member ON resets (member_id);
CREATE INDEX resets_expires ON resets (expires_at);

CREATE TABLE tokens (
    id         TEXT   NOT NULL PRIMARY KEY,
    member_id  TEXT   NOT NULL REFERENCES members (id),
    token_hash TEXT   NOT NULL UNIQUE,
    name       TEXT   NOT NULL,
    scopes     TEXT   NOT NULL, -- with spaces between
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    used_at    BIGINT,
    revoked_at BIGINT
);

CREATE INDEX tokens_member ON tokens (member_id, id);

-- Letters kept instead of sent; the id is the letter's own, so that sending
-- twice keeps one.
CREATE TABLE letters (
    id         TEXT   NOT NULL PRIMARY KEY,
    recipient  TEXT   NOT NULL,
    subject    TEXT   NOT NULL,
    body       TEXT   NOT NULL,
    html       TEXT   NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE INDEX letters_created ON letters (created_at, id);

CREATE TABLE policy_versions (
    id           TEXT   NOT NULL PRIMARY KEY,
    profile      TEXT   NOT NULL,
    source       TEXT   NOT NULL,
    effective_at BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    created_by   TEXT   NOT NULL
);

CREATE INDEX policy_versions_effective ON policy_versions (effective_at, created_at, id);

-- +goose Down
DROP TABLE policy_versions;
DROP TABLE letters;
DROP TABLE tokens;
DROP TABLE resets;
DROP TABLE sessions;
DROP TABLE passwords;
DROP TABLE members;
