-- +goose Up

-- The conversation of two people; there is one for each pair.
CREATE TABLE threads (
    id         TEXT   NOT NULL PRIMARY KEY,
    a_id       TEXT   NOT NULL,
    b_id       TEXT   NOT NULL,
    said       BIGINT NOT NULL CHECK (said > 0), -- number of the last message
    seq        BIGINT NOT NULL CHECK (seq >= said),
    last_at    BIGINT NOT NULL,
    last_by    TEXT   NOT NULL,
    last_words TEXT   NOT NULL,
    last_files BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    version    BIGINT NOT NULL CHECK (version > 0),
    CHECK (a_id < b_id),
    UNIQUE (a_id, b_id)
);

-- One side of a thread: what its member has read.
CREATE TABLE thread_seats (
    thread_id  TEXT   NOT NULL,
    member_id  TEXT   NOT NULL,
    other_id   TEXT   NOT NULL,
    unread     BIGINT NOT NULL CHECK (unread >= 0),
    read_no    BIGINT NOT NULL,
    read_seq   BIGINT NOT NULL,
    read_at    BIGINT,
    blocked_at BIGINT, -- takes no messages from the other since then
    last_at    BIGINT NOT NULL,
    PRIMARY KEY (thread_id, member_id)
);
CREATE INDEX thread_seats_inbox ON thread_seats (member_id, last_at, thread_id);
CREATE INDEX thread_seats_unread ON thread_seats (member_id, last_at, thread_id) WHERE unread > 0;

-- What was said. Rows are never changed.
CREATE TABLE messages (
    thread_id TEXT   NOT NULL,
    no        BIGINT NOT NULL CHECK (no > 0),
    seq       BIGINT NOT NULL, -- of its event
    author_id TEXT   NOT NULL,
    at        BIGINT NOT NULL,
    kind      TEXT   NOT NULL CHECK (kind IN ('text', 'files')),
    text      TEXT   NOT NULL,
    words     TEXT   NOT NULL, -- the text as it is searched
    files     TEXT   NOT NULL, -- names, sizes and hashes of what is attached
    PRIMARY KEY (thread_id, no)
);
CREATE INDEX messages_author ON messages (thread_id, author_id, at);

CREATE TABLE message_reports (
    thread_id TEXT   NOT NULL,
    no        BIGINT NOT NULL,
    member_id TEXT   NOT NULL,
    reason    TEXT   NOT NULL,
    text      TEXT   NOT NULL,
    at        BIGINT NOT NULL,
    PRIMARY KEY (thread_id, no, member_id)
);
CREATE INDEX message_reports_at ON message_reports (at, thread_id, no, member_id);

-- First messages and their answers, for the response rate.
CREATE TABLE thread_firsts (
    thread_id   TEXT    NOT NULL PRIMARY KEY,
    asker_id    TEXT    NOT NULL,
    asked_id    TEXT    NOT NULL,
    at          BIGINT  NOT NULL,
    answered_at BIGINT,
    selling     BOOLEAN NOT NULL, -- asked as a seller
    away        BOOLEAN NOT NULL, -- out of office at that moment
    spam_at     BIGINT            -- reported as spam by the one who was asked
);
CREATE INDEX thread_firsts_asked ON thread_firsts (asked_id, at, thread_id);

-- Files may belong to a conversation.
CREATE TABLE files_wider (
    id         TEXT   NOT NULL PRIMARY KEY,
    owner_id   TEXT   NOT NULL,
    purpose    TEXT   NOT NULL CHECK (purpose = 'gig_picture' OR purpose = 'avatar' OR purpose = 'order' OR purpose = 'message'),
    subject    TEXT   NOT NULL, -- what it belongs to once it is in use: a gig, a member, an order, a thread
    name       TEXT   NOT NULL,
    mime       TEXT   NOT NULL,
    size       BIGINT NOT NULL CHECK (size >= 0),
    sha256     TEXT   NOT NULL,
    created_at BIGINT NOT NULL
);
INSERT INTO files_wider (id, owner_id, purpose, subject, name, mime, size, sha256, created_at)
SELECT id, owner_id, purpose, subject, name, mime, size, sha256, created_at FROM files;
DROP TABLE files;
ALTER TABLE files_wider RENAME TO files;
CREATE INDEX files_sha256 ON files (sha256);

-- +goose Down
CREATE TABLE files_narrower (
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
INSERT INTO files_narrower (id, owner_id, purpose, subject, name, mime, size, sha256, created_at)
SELECT id, owner_id, purpose, subject, name, mime, size, sha256, created_at FROM files WHERE purpose <> 'message';
DROP TABLE files;
ALTER TABLE files_narrower RENAME TO files;
CREATE INDEX files_sha256 ON files (sha256);
DROP TABLE thread_firsts;
DROP TABLE message_reports;
DROP TABLE messages;
DROP TABLE thread_seats;
DROP TABLE threads;
