-- name: ThreadInsert :exec
INSERT INTO threads (id, a_id, b_id, said, seq, last_at, last_by, last_words, last_files, created_at, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1);

-- name: ThreadTake :one
UPDATE threads SET version = version + 1 WHERE id = $1
RETURNING id, a_id, b_id, said, seq, last_at, last_by, last_words, last_files, created_at, version;

-- name: ThreadUpdate :one
UPDATE threads SET said = $3, seq = $4, last_at = $5, last_by = $6, last_words = $7, last_files = $8, version = version + 1
WHERE id = $1 AND version = $2
RETURNING 1;

-- name: ThreadByID :one
SELECT id, a_id, b_id, said, seq, last_at, last_by, last_words, last_files, created_at, version FROM threads WHERE id = $1;

-- name: ThreadOf :one
SELECT id FROM threads WHERE a_id = $1 AND b_id = $2;

-- name: ThreadSeats :many
SELECT thread_id, member_id, other_id, unread, read_no, read_seq, read_at, blocked_at, last_at
FROM thread_seats WHERE thread_id = $1 ORDER BY member_id;

-- name: ThreadSeatSet :exec
INSERT INTO thread_seats (thread_id, member_id, other_id, unread, read_no, read_seq, read_at, blocked_at, last_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (thread_id, member_id) DO UPDATE SET unread = excluded.unread, read_no = excluded.read_no,
    read_seq = excluded.read_seq, read_at = excluded.read_at, blocked_at = excluded.blocked_at, last_at = excluded.last_at;

-- name: ThreadFirst :one
SELECT thread_id, asker_id, asked_id, at, answered_at, selling, away, spam_at, shut_at FROM thread_firsts WHERE thread_id = $1;

-- name: ThreadFirstSet :exec
INSERT INTO thread_firsts (thread_id, asker_id, asked_id, at, answered_at, selling, away, spam_at, shut_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (thread_id) DO UPDATE SET answered_at = excluded.answered_at, spam_at = excluded.spam_at, shut_at = excluded.shut_at;

-- name: ThreadsUnanswered :many
SELECT f.thread_id FROM thread_seats s JOIN thread_firsts f ON f.thread_id = s.thread_id
WHERE s.member_id = $1 AND s.last_at >= CAST(@since AS BIGINT) AND f.asker_id = s.member_id AND f.at >= CAST(@since AS BIGINT)
    AND f.answered_at IS NULL AND f.shut_at IS NULL AND f.thread_id > CAST(@after AS TEXT)
ORDER BY f.thread_id LIMIT CAST(@most AS BIGINT);

-- name: Inbox :many
SELECT s.thread_id, s.other_id, s.unread, s.blocked_at, s.last_at, t.last_by, t.last_words, t.last_files,
    m.name, m.handle, m.picture
FROM thread_seats s JOIN threads t ON t.id = s.thread_id JOIN members m ON m.id = s.other_id
WHERE s.member_id = $1 AND (s.last_at, s.thread_id) < (CAST($2 AS BIGINT), CAST($3 AS TEXT))
ORDER BY s.last_at DESC, s.thread_id DESC LIMIT CAST(@most AS BIGINT);

-- name: InboxUnread :one
SELECT CAST(count(*) AS BIGINT) AS n FROM (
    SELECT s.thread_id FROM thread_seats s WHERE s.member_id = $1 AND s.unread > 0 LIMIT CAST(@most AS BIGINT)
) AS unread;

-- name: MessageInsert :exec
INSERT INTO messages (thread_id, no, seq, author_id, at, kind, text, words, files)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: MessageByNo :one
SELECT thread_id, no, seq, author_id, at, kind, text, files FROM messages WHERE thread_id = $1 AND no = $2;

-- name: MessagesBefore :many
SELECT thread_id, no, seq, author_id, at, kind, text, files FROM messages
WHERE thread_id = $1 AND no < $2 ORDER BY no DESC LIMIT CAST($3 AS BIGINT);

-- name: MessagesAfter :one
SELECT CAST(count(*) AS BIGINT) AS n FROM messages WHERE thread_id = $1 AND no > $2 AND author_id <> $3;

-- name: MessagesMatching :many
SELECT thread_id, no, seq, author_id, at, kind, text, files FROM messages
WHERE thread_id = $1 AND no < $2 AND words LIKE CAST(@words AS TEXT) ESCAPE '\' ORDER BY no DESC LIMIT CAST(@most AS BIGINT);

-- name: MessagesFound :many
SELECT x.thread_id, x.no, x.seq, x.author_id, x.at, x.kind, x.text, x.files, n.other_id
FROM (
    SELECT s.thread_id, s.other_id FROM thread_seats s WHERE s.member_id = $1
    ORDER BY s.last_at DESC, s.thread_id DESC LIMIT CAST(@threads AS BIGINT)
) AS n JOIN messages x ON x.thread_id = n.thread_id
WHERE x.words LIKE CAST(@words AS TEXT) ESCAPE '\'
ORDER BY x.at DESC, x.thread_id DESC, x.no DESC LIMIT CAST(@most AS BIGINT);

-- name: MessageLastOf :one
SELECT at FROM messages WHERE thread_id = $1 AND author_id = $2 AND at <= $3
ORDER BY at DESC, no DESC LIMIT 1;

-- name: MessageReportInsert :exec
INSERT INTO message_reports (thread_id, no, member_id, reason, text, at) VALUES ($1, $2, $3, $4, $5, $6);

-- name: MessageReportsOf :many
SELECT thread_id, no, member_id, reason, text, at FROM message_reports
WHERE thread_id = $1 AND no >= $2 AND no <= $3 ORDER BY thread_id, no, member_id;

-- name: NoticesReadOfStream :many
UPDATE notices SET read_at = @read_at
WHERE member_id = @member_id AND stream = @stream AND seq > @after AND seq <= @up_to AND read_at IS NULL RETURNING id;

-- name: OrdersBetween :many
SELECT id, ref, buyer_id, seller_id, gig_id, policy_id, title, currency, total, state, class,
    version, seq, books_no, books_hash, created_at, paid_at, due_at, ended_at, life, rank_at
FROM orders
WHERE buyer_id = $1 AND seller_id = $2 AND paid_at IS NOT NULL AND bucket <> 'abandoned'
ORDER BY paid_at DESC, id DESC LIMIT CAST(@most AS BIGINT);

-- name: OrderEventsBetween :many
SELECT e.stream, e.seq, e.kind, e.at, e.actor_id, e.role, e.from_state, e.to_state, e.detail
FROM orders o JOIN events e ON e.stream = o.id
WHERE o.buyer_id = $1 AND o.seller_id = $2 AND o.paid_at IS NOT NULL AND o.paid_at < CAST(@upto AS BIGINT)
    AND e.at >= CAST(@since AS BIGINT) AND e.at < CAST(@upto AS BIGINT)
ORDER BY e.at DESC, e.stream DESC, e.seq DESC LIMIT CAST(@most AS BIGINT);

-- name: AuditMessages :many
SELECT t.id, t.said, CAST(count(m.no) AS BIGINT) AS n, CAST(COALESCE(max(m.no), 0) AS BIGINT) AS last
FROM threads t LEFT JOIN messages m ON m.thread_id = t.id
GROUP BY t.id, t.said HAVING count(m.no) <> t.said OR max(m.no) <> t.said ORDER BY t.id LIMIT 100;

-- name: AuditMessagesAlone :many
SELECT m.thread_id, m.no FROM messages m
LEFT JOIN threads t ON t.id = m.thread_id LEFT JOIN events e ON e.stream = m.thread_id AND e.seq = m.seq AND e.kind = 'talk.said'
WHERE t.id IS NULL OR e.stream IS NULL OR e.at <> m.at OR e.actor_id <> m.author_id OR (m.author_id <> t.a_id AND m.author_id <> t.b_id)
ORDER BY m.thread_id, m.no LIMIT 100;

-- name: AuditSaid :many
SELECT m.thread_id, m.no, m.seq, m.author_id, m.at, m.kind, m.text, m.files, e.detail
FROM messages m JOIN events e ON e.stream = m.thread_id AND e.seq = m.seq
WHERE (m.thread_id, m.no) > (CAST($1 AS TEXT), CAST($2 AS BIGINT)) ORDER BY m.thread_id, m.no LIMIT 500;

-- name: AuditSeats :many
SELECT s.thread_id, s.member_id, s.unread, CAST(count(m.no) AS BIGINT) AS n
FROM thread_seats s LEFT JOIN messages m ON m.thread_id = s.thread_id AND m.no > s.read_no AND m.author_id <> s.member_id
GROUP BY s.thread_id, s.member_id, s.unread HAVING count(m.no) <> s.unread ORDER BY s.thread_id, s.member_id LIMIT 100;
