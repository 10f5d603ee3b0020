-- +goose Up

-- Marks of the house itself: rehearsal, clock offset and the like.
CREATE TABLE house (
    key   TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

-- The answer given to each key-bearing request, so that asking twice acts once.
CREATE TABLE idempotency (
    member_id  TEXT   NOT NULL,
    key        TEXT   NOT NULL,
    body_hash  TEXT   NOT NULL,
    status     BIGINT NOT NULL,
    answer     BYTEA  NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (member_id, key)
);

CREATE INDEX idempotency_created ON idempotency (created_at);

-- +goose Down
DROP TABLE idempotency;
DROP TABLE house;
