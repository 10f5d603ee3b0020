-- +goose Up

-- One message to one person about one event. Its name begins with its instant,
-- so the key is the order of the list as well.
CREATE TABLE notices (
    member_id TEXT   NOT NULL,
    id        TEXT   NOT NULL,
    stream    TEXT   NOT NULL,
    seq       BIGINT NOT NULL CHECK (seq > 0),
    kind      TEXT   NOT NULL,
    at        BIGINT NOT NULL,
    data      TEXT   NOT NULL, -- the words with their slots, and what stands in them
    read_at   BIGINT,
    PRIMARY KEY (member_id, id),
    UNIQUE (member_id, stream, seq)
);
CREATE INDEX notices_unread ON notices (member_id, id) WHERE read_at IS NULL;

-- How many notices a member has not read, kept in the transaction that writes or reads one.
CREATE TABLE notice_counts (
    member_id TEXT   NOT NULL PRIMARY KEY,
    unread    BIGINT NOT NULL CHECK (unread >= 0)
);

-- Errands in the outside world. A claimed one is due again when its lease ends.
CREATE TABLE jobs (
    id          TEXT   NOT NULL PRIMARY KEY,
    kind        TEXT   NOT NULL,
    key         TEXT   NOT NULL UNIQUE, -- one errand per event, purpose and recipient
    payload     TEXT   NOT NULL,
    run_at      BIGINT NOT NULL,
    attempts    BIGINT NOT NULL CHECK (attempts >= 0),
    state       TEXT   NOT NULL CHECK (state = 'waiting' OR state = 'done' OR state = 'dead'),
    last_error  TEXT   NOT NULL,
    lease_until BIGINT, -- somebody is at it until then
    created_at  BIGINT NOT NULL,
    done_at     BIGINT
);
CREATE INDEX jobs_waiting ON jobs (run_at, id) WHERE state = 'waiting';
CREATE INDEX jobs_dead ON jobs (id) WHERE state = 'dead';
CREATE INDEX jobs_done ON jobs (done_at) WHERE state = 'done';

-- +goose Down
DROP TABLE jobs;
DROP TABLE notice_counts;
DROP TABLE notices;
