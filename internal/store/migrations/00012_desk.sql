-- +goose Up

-- Matters before the support desk. What is said in one lies in its events.
CREATE TABLE cases (
    id           TEXT    NOT NULL PRIMARY KEY,
    ref          TEXT    NOT NULL,
    kind         TEXT    NOT NULL,
    state        TEXT    NOT NULL CHECK (state = 'waiting' OR state = 'answered' OR state = 'seconding' OR state = 'decided' OR state = 'closed'),
    about        TEXT    NOT NULL,
    subject      TEXT    NOT NULL, -- id or path of what it is about
    order_id     TEXT    NOT NULL, -- empty for none
    opener_id    TEXT    NOT NULL, -- empty where the house opened it
    other_id     TEXT    NOT NULL, -- empty for nobody
    told         BOOLEAN NOT NULL, -- the other party has been brought in
    agent_id     TEXT    NOT NULL, -- empty for nobody
    policy_id    TEXT    NOT NULL,
    opened_at    BIGINT  NOT NULL,
    answer_by    BIGINT  NOT NULL,
    answered_at  BIGINT,
    overdue      BOOLEAN NOT NULL,
    decided_at   BIGINT,
    appeal_until BIGINT,
    closed_at    BIGINT,
    next_at      BIGINT, -- the earliest deadline
    words        TEXT    NOT NULL, -- lower case, what the desk searches in
    matter       TEXT    NOT NULL,
    seq          BIGINT  NOT NULL CHECK (seq > 0),
    version      BIGINT  NOT NULL CHECK (version > 0),
    CHECK (opener_id <> '' OR other_id <> ''),
    CHECK (opener_id <> other_id)
);
CREATE INDEX cases_queue ON cases (state, id);
CREATE INDEX cases_late ON cases (state, id) WHERE overdue;
CREATE INDEX cases_agent ON cases (agent_id, state, id);
CREATE INDEX cases_opener ON cases (opener_id, id);
CREATE INDEX cases_other ON cases (other_id, id);
CREATE INDEX cases_order ON cases (order_id, id);
CREATE INDEX cases_next ON cases (next_at, id) WHERE next_at IS NOT NULL;

-- What the desk read of other people's affairs, each time.
CREATE TABLE case_reads (
    case_id  TEXT   NOT NULL,
    id       TEXT   NOT NULL,
    agent_id TEXT   NOT NULL,
    order_id TEXT   NOT NULL, -- empty for none
    what     TEXT   NOT NULL,
    at       BIGINT NOT NULL,
    PRIMARY KEY (case_id, id)
);
CREATE INDEX case_reads_order ON case_reads (order_id, id);

-- Warnings end by themselves.
CREATE TABLE warnings (
    id        TEXT   NOT NULL PRIMARY KEY,
    member_id TEXT   NOT NULL,
    case_id   TEXT   NOT NULL,
    why       TEXT   NOT NULL,
    given_at  BIGINT NOT NULL,
    until     BIGINT NOT NULL,
    lifted_at BIGINT
);
CREATE INDEX warnings_member ON warnings (member_id, id);
CREATE INDEX warnings_case ON warnings (case_id, id);

-- Accounts of one person, or of people who must not judge each other; each pair
-- stands here both ways round.
CREATE TABLE account_links (
    member_id TEXT   NOT NULL,
    linked_id TEXT   NOT NULL,
    why       TEXT   NOT NULL,
    made_by   TEXT   NOT NULL,
    made_at   BIGINT NOT NULL,
    PRIMARY KEY (member_id, linked_id),
    CHECK (member_id <> linked_id)
);

-- Who is kept out now, for the house's own list.
CREATE INDEX members_suspended ON members (suspended_at, id) WHERE suspended_at IS NOT NULL;

-- +goose Down
DROP INDEX members_suspended;
DROP TABLE account_links;
DROP TABLE warnings;
DROP TABLE case_reads;
DROP TABLE cases;
