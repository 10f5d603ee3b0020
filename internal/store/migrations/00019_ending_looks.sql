-- +goose Up

-- Sellers of whom an order ended without fault, from when on: the house has yet
-- to count how their orders end. It does so once everything that ended before
-- that instant is known, so that it does not matter what was written first.
CREATE TABLE ending_looks (
    member_id TEXT   NOT NULL PRIMARY KEY,
    at        BIGINT NOT NULL
);
CREATE INDEX ending_looks_at ON ending_looks (at, member_id);

-- +goose Down
DROP TABLE ending_looks;
