-- +goose Up

-- A payment may be for a request that the parties agreed on, by the number of
-- the event that asked; 0 is the order itself.
ALTER TABLE payments ADD COLUMN request BIGINT NOT NULL DEFAULT 0;

-- The newest orders of a gig: how often they needed more time.
CREATE INDEX orders_gig ON orders (gig_id, created_at, id);

-- +goose Down
DROP INDEX orders_gig;
ALTER TABLE payments DROP COLUMN request;
