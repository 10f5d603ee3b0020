-- +goose Up

-- A login that is closed ends its API tokens too; those of logins that were
-- closed before would have opened again with them.
UPDATE tokens SET revoked_at = (SELECT m.suspended_at FROM members m WHERE m.id = tokens.member_id)
WHERE revoked_at IS NULL AND member_id IN (SELECT m.id FROM members m WHERE m.suspended_at IS NOT NULL);

-- +goose Down
SELECT 1; -- what has ended stays ended
