-- +goose Up

-- Whoever began the conversation took no more messages from then on, before there
-- was an answer.
ALTER TABLE thread_firsts ADD COLUMN shut_at BIGINT;

-- +goose Down
ALTER TABLE thread_firsts DROP COLUMN shut_at;
