-- +goose Up

-- Which payments were begun and have no end? The house asks the provider about
-- them once an hour; nearly all have one, so the index holds hardly any.
CREATE INDEX payments_open ON payments (created_at, id) WHERE state = 'created' OR state = 'needs_step';

-- +goose Down
DROP INDEX payments_open;
