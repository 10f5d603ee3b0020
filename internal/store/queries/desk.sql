-- name: CaseInsert :exec
INSERT INTO cases (id, ref, kind, state, about, subject, order_id, opener_id, other_id, told, agent_id, policy_id,
    opened_at, answer_by, answered_at, overdue, decided_at, appeal_until, closed_at, next_at, words, matter, seq, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, 1);

-- name: CaseUpdate :one
UPDATE cases SET state = $3, told = $4, agent_id = $5, answered_at = $6, overdue = $7, decided_at = $8,
    appeal_until = $9, closed_at = $10, next_at = $11, matter = $12, seq = $13, version = version + 1
WHERE id = $1 AND version = $2 RETURNING 1;

-- name: CaseByID :one
SELECT id, ref, kind, state, about, subject, order_id, opener_id, other_id, told, agent_id, policy_id, opened_at, answer_by,
    answered_at, overdue, decided_at, appeal_until, closed_at, next_at, words, matter, seq, version
FROM cases WHERE id = $1;

-- name: CasesQueue :many
SELECT id, ref, kind, state, about, subject, order_id, opener_id, other_id, told, agent_id, policy_id, opened_at, answer_by,
    answered_at, overdue, decided_at, appeal_until, closed_at, next_at, words, matter, seq, version
FROM cases
WHERE state = $1 AND id > $2 AND (CAST(@kind AS TEXT) = '' OR kind = CAST(@kind AS TEXT)) AND words LIKE CAST(@words AS TEXT) ESCAPE '\'
ORDER BY id LIMIT CAST(@most AS BIGINT);

-- name: CasesLate :many
SELECT id, ref, kind, state, about, subject, order_id, opener_id, other_id, told, agent_id, policy_id, opened_at, answer_by,
    answered_at, overdue, decided_at, appeal_until, closed_at, next_at, words, matter, seq, version
FROM cases
WHERE overdue AND state = $1 AND id > $2 AND (CAST(@kind AS TEXT) = '' OR kind = CAST(@kind AS TEXT)) AND words LIKE CAST(@words AS TEXT) ESCAPE '\'
ORDER BY id LIMIT CAST(@most AS BIGINT);

-- name: CasesOfAgent :many
SELECT id, ref, kind, state, about, subject, order_id, opener_id, other_id, told, agent_id, policy_id, opened_at, answer_by,
    answered_at, overdue, decided_at, appeal_until, closed_at, next_at, words, matter, seq, version
FROM cases
WHERE agent_id = @agent AND state = $1 AND id > $2 AND (overdue OR NOT CAST(@late AS BOOLEAN)) AND (CAST(@kind AS TEXT) = '' OR kind = CAST(@kind AS TEXT)) AND words LIKE CAST(@words AS TEXT) ESCAPE '\'
ORDER BY id LIMIT CAST(@most AS BIGINT);

-- name: CasesOpened :many
SELECT id, ref, kind, state, about, subject, order_id, opener_id, other_id, told, agent_id, policy_id, opened_at, answer_by,
    answered_at, overdue, decided_at, appeal_until, closed_at, next_at, words, matter, seq, version
FROM cases WHERE opener_id = $1 AND id < $2 ORDER BY id DESC LIMIT CAST($3 AS BIGINT);

-- name: CasesAcross :many
SELECT id, ref, kind, state, about, subject, order_id, opener_id, other_id, told, agent_id, policy_id, opened_at, answer_by,
    answered_at, overdue, decided_at, appeal_until, closed_at, next_at, words, matter, seq, version
FROM cases WHERE other_id = $1 AND told AND id < $2 ORDER BY id DESC LIMIT CAST($3 AS BIGINT);

-- name: CasesOfOrder :many
SELECT id, ref, kind, state, about, subject, order_id, opener_id, other_id, told, agent_id, policy_id, opened_at, answer_by,
    answered_at, overdue, decided_at, appeal_until, closed_at, next_at, words, matter, seq, version
FROM cases WHERE order_id = $1 ORDER BY id DESC LIMIT CAST($2 AS BIGINT);

-- name: CaseAgainst :one
SELECT id FROM cases WHERE other_id = $1 AND kind = $2 AND state IN ('waiting', 'answered', 'seconding') ORDER BY id LIMIT 1;

-- name: CasesDue :many
SELECT id FROM cases WHERE next_at IS NOT NULL AND next_at <= $1 ORDER BY next_at, id LIMIT CAST($2 AS BIGINT);

-- name: CaseEarliestDue :one
SELECT next_at FROM cases WHERE next_at IS NOT NULL ORDER BY next_at, id LIMIT 1;

-- name: CaseReadInsert :exec
INSERT INTO case_reads (case_id, id, agent_id, order_id, what, at) VALUES ($1, $2, $3, $4, $5, $6);

-- name: CaseReads :many
SELECT case_id, id, agent_id, order_id, what, at FROM case_reads WHERE case_id = $1 ORDER BY id DESC LIMIT CAST($2 AS BIGINT);

-- name: OrderReads :many
SELECT case_id, id, agent_id, order_id, what, at FROM case_reads WHERE order_id = $1 ORDER BY id DESC LIMIT CAST($2 AS BIGINT);

-- name: TalkReads :many
SELECT r.case_id, r.id, r.agent_id, r.order_id, r.what, r.at
FROM cases c JOIN case_reads r ON r.case_id = c.id
WHERE c.opener_id IN ($1, $2) AND c.other_id IN ($1, $2) AND (r.what = $3 OR r.order_id = '')
ORDER BY r.id DESC LIMIT CAST($4 AS BIGINT);

-- name: WarningInsert :exec
INSERT INTO warnings (id, member_id, case_id, why, given_at, until) VALUES ($1, $2, $3, $4, $5, $6);

-- name: WarningsOf :many
SELECT id, member_id, case_id, why, given_at, until, lifted_at FROM warnings WHERE member_id = $1 AND until > $2 ORDER BY id DESC;

-- name: WarningsPage :many
SELECT id, member_id, case_id, why, given_at, until, lifted_at FROM warnings
WHERE member_id = $1 AND (given_at, id) < (CAST($2 AS BIGINT), CAST($3 AS TEXT))
ORDER BY given_at DESC, id DESC LIMIT CAST(@most AS BIGINT);

-- name: WarningsOfCase :many
SELECT id, member_id, case_id, why, given_at, until, lifted_at FROM warnings WHERE case_id = $1 ORDER BY id;

-- name: WarningLift :one
UPDATE warnings SET lifted_at = $2 WHERE id = $1 AND lifted_at IS NULL RETURNING 1;

-- name: LinkInsert :exec
INSERT INTO account_links (member_id, linked_id, why, made_by, made_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (member_id, linked_id) DO NOTHING;

-- name: LinkDrop :exec
DELETE FROM account_links WHERE member_id = $1 AND linked_id = $2;

-- name: LinksOf :many
SELECT member_id, linked_id, why, made_by, made_at FROM account_links WHERE member_id = $1 ORDER BY linked_id;

-- name: Links :many
SELECT member_id, linked_id, why, made_by, made_at FROM account_links
WHERE (member_id, linked_id) > (CAST($1 AS TEXT), CAST($2 AS TEXT)) ORDER BY member_id, linked_id LIMIT CAST($3 AS BIGINT);

-- name: MembersSuspended :many
SELECT id, name, handle, suspended_at, suspended_why FROM members
WHERE suspended_at IS NOT NULL AND (suspended_at, id) < (CAST($1 AS BIGINT), CAST($2 AS TEXT))
ORDER BY suspended_at DESC, id DESC LIMIT CAST($3 AS BIGINT);

-- name: AuditCaseStates :many
SELECT c.id, c.state, e.to_state FROM cases c JOIN events e ON e.stream = c.id AND e.seq = c.seq
WHERE e.to_state <> c.state ORDER BY c.id LIMIT 100;

-- name: AuditCaseReads :many
SELECT r.case_id, r.agent_id FROM case_reads r LEFT JOIN cases c ON c.id = r.case_id
WHERE c.id IS NULL OR c.opener_id = r.agent_id OR c.other_id = r.agent_id ORDER BY r.case_id, r.id LIMIT 100;

-- name: AuditOwnDecisions :many
SELECT e.stream, e.seq, e.actor_id FROM events e JOIN cases c ON c.id = e.stream
WHERE e.kind IN ('case.answered', 'case.proposed', 'case.decided', 'case.second_refused') AND (e.actor_id = c.opener_id OR e.actor_id = c.other_id)
ORDER BY e.stream, e.seq LIMIT 100;

-- name: AuditWarnings :many
SELECT w.id FROM warnings w LEFT JOIN cases c ON c.id = w.case_id
WHERE c.id IS NULL OR (c.opener_id <> w.member_id AND c.other_id <> w.member_id) ORDER BY w.id LIMIT 100;

-- name: AuditLinks :many
SELECT a.member_id, a.linked_id FROM account_links a
LEFT JOIN account_links b ON b.member_id = a.linked_id AND b.linked_id = a.member_id
WHERE b.member_id IS NULL ORDER BY a.member_id, a.linked_id LIMIT 100;
