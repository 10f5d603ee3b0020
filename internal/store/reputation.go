package store

import (
	"time"

	"guildhall/internal/ident"
	"guildhall/internal/store/db"
)

// SignedRecord is what is kept of a record that a seller was given: never its
// words, only by what they are known again and what has become of it.
type SignedRecord struct {
	ID         ident.Record
	Member     ident.Member
	Key        string // thumbprint of the key that signed it
	Digest     string
	Issued     time.Time
	Expires    time.Time
	Superseded time.Time // zero while it is the seller's newest
	Revoked    time.Time // zero while the house stands by it
	Reason     string    // why it was revoked
}

func signedRecordOf(r db.ReputationRecord) SignedRecord {
	return SignedRecord{
		ID: ident.Record(r.ID), Member: ident.Member(r.MemberID), Key: r.KeyID, Digest: r.Digest,
		Issued: fromMicros(r.IssuedAt), Expires: fromMicros(r.ExpiresAt),
		Superseded: fromMicrosOrNull(r.SupersededAt), Revoked: fromMicrosOrNull(r.RevokedAt), Reason: r.Reason,
	}
}

// AddRecord keeps a record that was signed; it takes the place of the seller's
// newest so far.
func (tx *Tx) AddRecord(r SignedRecord) error {
	if err := tx.q.RecordSupersede(tx.ctx, string(r.Member), microsOrNull(r.Issued)); err != nil {
		return err
	}
	return tx.q.RecordInsert(tx.ctx, db.RecordInsertParams{
		ID: string(r.ID), MemberID: string(r.Member), KeyID: r.Key, Digest: r.Digest,
		IssuedAt: micros(r.Issued), ExpiresAt: micros(r.Expires),
	})
}

// Record finds one. Errors: ErrNotFound.
func (tx *Tx) Record(id ident.Record) (SignedRecord, error) {
	r, err := tx.q.RecordByID(tx.ctx, string(id))
	return signedRecordOf(r), err
}

// RecordsOf lists a seller's records before one, newest first; from the newest
// where before is empty.
func (tx *Tx) RecordsOf(m ident.Member, before ident.Record, n int) ([]SignedRecord, error) {
	if before == "" {
		before = ident.Record(lastID("record"))
	}
	rows, err := tx.q.RecordsOf(tx.ctx, string(m), string(before), int64(n))
	return rowsOf(rows, signedRecordOf), err
}

// RecordsStanding are the seller's records that were made since an instant, have
// not ended by now, and are not taken back.
func (tx *Tx) RecordsStanding(m ident.Member, since, now time.Time) ([]SignedRecord, error) {
	rows, err := tx.q.RecordsStanding(tx.ctx, string(m), micros(since), micros(now))
	return rowsOf(rows, signedRecordOf), err
}

// RecordsRevoked lists what was taken back and has not ended by now, by id.
func (tx *Tx) RecordsRevoked(after ident.Record, now time.Time, n int) ([]SignedRecord, error) {
	rows, err := tx.q.RecordsRevoked(tx.ctx, string(after), micros(now), int64(n))
	return rowsOf(rows, signedRecordOf), err
}

// RevokeRecord takes a record back. Errors: ErrNotFound where that was done
// before, or there is none.
func (tx *Tx) RevokeRecord(id ident.Record, at time.Time, reason string) error {
	_, err := tx.q.RecordRevoke(tx.ctx, string(id), microsOrNull(at), reason)
	return err
}
