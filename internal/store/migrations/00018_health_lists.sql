-- +goose Up

-- The lists behind the money of the market's health: orders that are paid and
-- run, and sellers who stand on no level.
CREATE INDEX orders_running ON orders (id) WHERE ended_at IS NULL AND state <> 'unpaid';
CREATE INDEX standings_plain ON standings (member_id) WHERE level = '' AND from_at IS NOT NULL;

-- +goose Down
DROP INDEX standings_plain;
DROP INDEX orders_running;
