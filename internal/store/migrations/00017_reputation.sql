-- +goose Up

-- Signed records of sellers' figures, as they were given out. The words of a
-- record are nowhere but with its seller; the house knows it by its digest.
CREATE TABLE reputation_records (
    id            TEXT   NOT NULL PRIMARY KEY,
    member_id     TEXT   NOT NULL,
    key_id        TEXT   NOT NULL, -- thumbprint of the key that signed it
    digest        TEXT   NOT NULL,
    issued_at     BIGINT NOT NULL,
    expires_at    BIGINT NOT NULL,
    superseded_at BIGINT, -- the seller made a newer one then
    revoked_at    BIGINT,
    reason        TEXT   NOT NULL, -- why it was revoked
    CHECK (expires_at > issued_at),
    CHECK ((revoked_at IS NULL) = (reason = ''))
);
CREATE INDEX reputation_records_member ON reputation_records (member_id, id);
CREATE INDEX reputation_records_live ON reputation_records (member_id, issued_at) WHERE revoked_at IS NULL;
CREATE INDEX reputation_records_newest ON reputation_records (member_id) WHERE superseded_at IS NULL;
CREATE INDEX reputation_records_revoked ON reputation_records (id) WHERE revoked_at IS NOT NULL;

-- +goose Down
DROP TABLE reputation_records;
