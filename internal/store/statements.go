package store

import (
	"math"
	"time"

	"guildhall/internal/ledger"
	"guildhall/internal/money"
	"guildhall/internal/store/db"
)

// Line is one posting of an account with the entry it belongs to.
type Line struct {
	Stream   string
	No       int
	Kind     ledger.Kind
	At       time.Time
	Amount   money.Amount
	Provider string
}

// LinePlace is where a page of a statement ends.
type LinePlace struct {
	At     time.Time
	Stream string
	No     int
}

// Statement is one page of an account, newest first, and the balance right
// after its first line.
func (tx *Tx) Statement(a ledger.Account, c money.Currency, after LinePlace, most int) ([]Line, money.Amount, error) {
	p := db.StatementPageParams{Account: string(a), Column2: math.MaxInt64, Column3: "", Column4: 0, Column5: int64(most)}
	if after.Stream != "" {
		p.Column2, p.Column3, p.Column4 = micros(after.At), after.Stream, int64(after.No)
	}
	rows, err := tx.q.StatementPage(tx.ctx, p)
	if err != nil || len(rows) == 0 {
		return nil, money.Zero(c), err
	}
	lines := rowsOf(rows, func(r db.StatementPageRow) Line {
		return Line{
			Stream: r.Stream, No: int(r.No), Kind: ledger.Kind(r.Kind), At: fromMicros(r.At),
			Amount: money.Of(r.Minor, money.Currency(r.Currency)), Provider: r.Provider,
		}
	})
	sum, err := tx.q.StatementBefore(tx.ctx, db.StatementBeforeParams{
		Account: string(a), Column2: rows[0].At, Column3: rows[0].Stream, Column4: rows[0].No,
	})
	return lines, money.Of(sum, c), err
}

// Entries are the entries of a stream with their postings, in order.
func (tx *Tx) Entries(stream string) ([]ledger.Entry, error) {
	rows, err := tx.q.EntriesOf(tx.ctx, stream)
	if err != nil {
		return nil, err
	}
	entries := rowsOf(rows, func(r db.EntriesOfRow) ledger.Entry {
		return ledger.Entry{
			Stream: r.Stream, No: int(r.No), Kind: ledger.Kind(r.Kind), At: fromMicros(r.At),
			Currency: money.Currency(r.Currency), Provider: r.Provider, Prev: r.Prev, Hash: r.Hash,
		}
	})
	postings, err := tx.q.PostingsOf(tx.ctx, stream)
	for _, p := range postings {
		e := &entries[p.No-1]
		e.Postings = append(e.Postings, ledger.Posting{Account: ledger.Account(p.Account), Minor: p.Minor})
	}
	return entries, err
}

// BooksHead is the end of a stream's chain; the zero Head when it is empty.
func (tx *Tx) BooksHead(stream string) (ledger.Head, error) {
	r, err := tx.q.EntryLast(tx.ctx, stream)
	if isNotFound(err) {
		return ledger.Head{}, nil
	}
	return ledger.Head{No: int(r.No), Hash: r.Hash}, err
}

// Seal binds at most n unsealed entries into the chain of seals. The zero Seal
// says that there were none; ErrStale, that another process sealed first.
func (tx *Tx) Seal(at time.Time, n int) (ledger.Seal, error) {
	rows, err := tx.q.EntriesUnsealed(tx.ctx, int64(n))
	if err != nil || len(rows) == 0 {
		return ledger.Seal{}, err
	}
	last, err := tx.LastSeal()
	if err != nil {
		return ledger.Seal{}, err
	}
	seal := ledger.NewSeal(last, at, rowsOf(rows, func(r db.EntriesUnsealedRow) string { return r.Hash }))
	no := int64(seal.No)
	if err := tx.q.SealInsert(tx.ctx, db.SealInsertParams{
		No: no, At: micros(at), Entries: int64(seal.Entries), Prev: seal.Prev, Hash: seal.Hash,
	}); err != nil {
		return ledger.Seal{}, err
	}
	if err := tx.flush(); IsDuplicate(err, "seals.no") {
		return ledger.Seal{}, ErrStale
	} else if err != nil {
		return ledger.Seal{}, err
	}
	end := rows[len(rows)-1]
	bound, err := tx.q.EntriesSeal(tx.ctx, &no, end.Stream, end.No)
	if err == nil && len(bound) != len(rows) {
		err = ErrStale // another has just bound one of them, or written one between
	}
	if err != nil {
		return ledger.Seal{}, err
	}
	return seal, tx.tallyMoney(no)
}

// LastSeal is the head of the chain of seals; the zero Seal when there is none.
func (tx *Tx) LastSeal() (ledger.Seal, error) {
	r, err := tx.q.SealLast(tx.ctx)
	if isNotFound(err) {
		return ledger.Seal{}, nil
	}
	if err != nil {
		return ledger.Seal{}, err
	}
	return ledger.Seal{No: int(r.No), At: fromMicros(r.At), Entries: int(r.Entries), Prev: r.Prev, Hash: r.Hash}, nil
}
