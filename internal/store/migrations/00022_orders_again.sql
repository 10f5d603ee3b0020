-- +goose Up

-- "Did you order this gig a moment ago?" is asked with every order. Without the
-- id, which the answer is sorted by, SQLite took the orders of the whole gig
-- instead of the buyer's, so that a gig which sells a lot was slow to order.
DROP INDEX orders_again;
CREATE INDEX orders_again ON orders (buyer_id, gig_id, created_at, id);

-- +goose Down
DROP INDEX orders_again;
CREATE INDEX orders_again ON orders (buyer_id, gig_id, created_at);
