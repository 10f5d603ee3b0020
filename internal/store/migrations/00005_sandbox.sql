-- +goose Up

-- The play provider's own memory, apart from the house's books as a real
-- provider's would be. No card number is here, only its brand and last digits.
CREATE TABLE sandbox_charges (
    payment    TEXT   NOT NULL PRIMARY KEY,
    state      TEXT   NOT NULL CHECK (state = 'succeeded' OR state = 'declined' OR state = 'needs_step' OR state = 'pending'),
    verdict    TEXT   NOT NULL, -- what a pending charge will become
    reason     TEXT   NOT NULL, -- why it was declined, or will be
    brand      TEXT   NOT NULL,
    last4      TEXT   NOT NULL,
    amount     BIGINT NOT NULL CHECK (amount > 0 AND amount <= 1000000000000000 AND amount = CAST(amount AS BIGINT)),
    refunded   BIGINT NOT NULL CHECK (refunded >= 0 AND refunded <= amount AND refunded = CAST(refunded AS BIGINT)),
    currency   TEXT   NOT NULL,
    about      TEXT   NOT NULL,
    back       TEXT   NOT NULL, -- where the second step leads back to
    settles_at BIGINT,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);
CREATE INDEX sandbox_charges_settling ON sandbox_charges (settles_at, payment) WHERE settles_at IS NOT NULL;

-- Its statement: what it took for the house is positive, what it gave is negative.
CREATE TABLE sandbox_moves (
    id       TEXT   NOT NULL PRIMARY KEY, -- its reference
    kind     TEXT   NOT NULL CHECK (kind = 'charge' OR kind = 'refund' OR kind = 'payout' OR kind = 'payout_return' OR kind = 'chargeback'),
    about    TEXT   NOT NULL, -- the reference or member that it concerns
    minor    BIGINT NOT NULL CHECK (minor <> 0 AND minor BETWEEN -1000000000000000 AND 1000000000000000 AND minor = CAST(minor AS BIGINT)),
    currency TEXT   NOT NULL,
    at       BIGINT NOT NULL
);
CREATE INDEX sandbox_moves_at ON sandbox_moves (at, id);

-- What it has to tell the house. next_at is empty once told or given up.
CREATE TABLE sandbox_messages (
    id           TEXT   NOT NULL PRIMARY KEY,
    body         TEXT   NOT NULL,
    born_at      BIGINT NOT NULL,
    attempts     BIGINT NOT NULL,
    next_at      BIGINT,
    delivered_at BIGINT,
    problem      TEXT   NOT NULL -- of the last attempt
);
CREATE INDEX sandbox_messages_waiting ON sandbox_messages (born_at, id) WHERE next_at IS NOT NULL;

-- +goose Down
DROP TABLE sandbox_messages;
DROP TABLE sandbox_moves;
DROP TABLE sandbox_charges;
