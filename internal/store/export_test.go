package store

import (
	"context"

	"guildhall/internal/review"
	"guildhall/internal/store/db"
)

// Tests live outside the package, since storetest imports it; these are the
// inner parts that they look at.

func (tx *Tx) Q() *db.Queries           { return tx.q }
func (tx *Tx) Context() context.Context { return tx.ctx }
func (tx *Tx) Conn() db.DBTX            { return tx.conn }

// ParamTypes returns what PostgreSQL takes the arguments of sql for.
func (tx *Tx) ParamTypes(sql string) ([]uint32, error) {
	described, err := tx.conn.(*pgTx).conn.Prepare(tx.ctx, "", sql)
	if err != nil {
		return nil, err
	}
	return described.ParamOIDs, nil
}

func (tx *Tx) SumReviews(subject, role string, s review.Sums) error {
	return tx.addSums(subject, role, s)
}
func (tx *Tx) Flush() error       { return tx.flush() }
func (tx *Tx) ColumnsSQL() string { return tx.dialect.columns }
func (tx *Tx) IndexesSQL() string { return tx.dialect.indexes }

// Kept is how many prepared statements the connection keeps.
func (tx *Tx) Kept() int { return len(tx.conn.(*liteTx).conn.stmts) }

func (s *Store) Broken() bool { return s.engine.(*lite).broken.Load() }

// ManyTexts are the statements that ask about many.
func ManyTexts() []string { return manyTexts }

const ManyStatements = manyStatements

var (
	Stale            = stale
	Micros           = micros
	FromMicros       = fromMicros
	MicrosOrNull     = microsOrNull
	FromMicrosOrNull = fromMicrosOrNull
)
