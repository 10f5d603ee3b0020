-- +goose Up

-- What sellers take out.
CREATE TABLE withdrawals (
    id        TEXT   NOT NULL PRIMARY KEY,
    member_id TEXT   NOT NULL,
    amount    BIGINT NOT NULL CHECK (amount > 0 AND amount <= 1000000000000000 AND amount = CAST(amount AS BIGINT)),
    currency  TEXT   NOT NULL,
    account   TEXT   NOT NULL,
    state     TEXT   NOT NULL CHECK (state = 'asked' OR state = 'sent' OR state = 'returned'),
    why       TEXT   NOT NULL,
    asked_at  BIGINT NOT NULL,
    ended_at  BIGINT,
    version   BIGINT NOT NULL CHECK (version > 0)
);
CREATE INDEX withdrawals_member ON withdrawals (member_id, id);

-- +goose Down
DROP TABLE withdrawals;
