-- name: HelpVote :exec
INSERT INTO help_votes (article, revised, answered, missed) VALUES ($1, $2, $3, $4)
ON CONFLICT (article, revised) DO UPDATE SET
    answered = help_votes.answered + excluded.answered,
    missed = help_votes.missed + excluded.missed;

-- name: HelpVotes :many
SELECT article, revised, answered, missed FROM help_votes ORDER BY article, revised;
