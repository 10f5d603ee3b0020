package store

import (
	"encoding/json"
	"fmt"
	"time"

	"guildhall/internal/effect"
	"guildhall/internal/ident"
	"guildhall/internal/ledger"
	"guildhall/internal/money"
	"guildhall/internal/order"
	"guildhall/internal/store/db"
)

// Case is everything that is written down about one order, unjudged.
type Case struct {
	Order    order.Order
	Bucket   order.Bucket
	Rank     time.Time
	Next     time.Time // zero: no deadline
	Events   []effect.Event
	Entries  []ledger.Entry
	Payments []order.Payment
	Broken   string // what of it cannot even be read
}

// AuditOrders reads the cases of the orders after one, at most n, by id.
func (tx *Tx) AuditOrders(after ident.Order, n int) ([]Case, error) {
	rows, err := tx.q.AuditOrders(tx.ctx, string(after), int64(n))
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	cases := make([]Case, len(rows))
	at := map[string]*Case{}
	for i, r := range rows {
		cases[i] = caseOf(r)
		at[r.ID] = &cases[i]
	}
	first, last := rows[0].ID, rows[len(rows)-1].ID
	if err := tx.auditEvents(at, first, last); err != nil {
		return nil, err
	}
	if err := tx.auditEntries(at, first, last); err != nil {
		return nil, err
	}
	payments, err := tx.q.AuditPayments(tx.ctx, first, last)
	for _, p := range payments {
		if c := at[p.OrderID]; c != nil {
			c.Payments = append(c.Payments, paymentOf(p))
		}
	}
	return cases, err
}

func caseOf(r db.AuditOrdersRow) Case {
	o, err := orderOf(db.SalesSoonestRow{
		ID: r.ID, Ref: r.Ref, BuyerID: r.BuyerID, SellerID: r.SellerID, GigID: r.GigID, PolicyID: r.PolicyID,
		Title: r.Title, Currency: r.Currency, Total: r.Total, State: r.State, Class: r.Class, Version: r.Version,
		Seq: r.Seq, BooksNo: r.BooksNo, BooksHash: r.BooksHash, CreatedAt: r.CreatedAt, PaidAt: r.PaidAt,
		DueAt: r.DueAt, EndedAt: r.EndedAt, Life: r.Life,
	})
	c := Case{Order: o, Bucket: order.Bucket(r.Bucket), Rank: fromMicros(r.RankAt), Next: fromMicrosOrNull(r.NextAt)}
	switch {
	case err != nil:
		c.Broken = "its life cannot be read: " + err.Error()
	case r.Body == nil:
		c.Broken = "what was agreed is missing"
	default:
		if err := json.Unmarshal([]byte(*r.Body), &c.Order.Agreement); err != nil {
			c.Broken = "what was agreed cannot be read: " + err.Error()
		}
	}
	return c
}

func (tx *Tx) auditEvents(at map[string]*Case, first, last string) error {
	rows, err := tx.q.AuditEvents(tx.ctx, first, last)
	for _, r := range rows {
		c := at[r.Stream]
		if c == nil {
			continue
		}
		e, err := eventOf(db.EventsOfRow(r))
		if err != nil {
			c.Broken = fmt.Sprintf("event %d cannot be read: %v", r.Seq, err)
		}
		c.Events = append(c.Events, e)
	}
	return err
}

func (tx *Tx) auditEntries(at map[string]*Case, first, last string) error {
	rows, err := tx.q.AuditEntries(tx.ctx, first, last)
	if err != nil {
		return err
	}
	for _, r := range rows {
		if c := at[r.Stream]; c != nil {
			c.Entries = append(c.Entries, ledger.Entry{
				Stream: r.Stream, No: int(r.No), Kind: ledger.Kind(r.Kind), At: fromMicros(r.At),
				Currency: money.Currency(r.Currency), Provider: r.Provider, Prev: r.Prev, Hash: r.Hash,
			})
		}
	}
	postings, err := tx.q.AuditPostings(tx.ctx, first, last)
	for _, p := range postings {
		c := at[p.Stream]
		if c == nil {
			continue
		}
		for i := range c.Entries {
			if e := &c.Entries[i]; int64(e.No) == p.No {
				e.Postings = append(e.Postings, ledger.Posting{Account: ledger.Account(p.Account), Minor: p.Minor})
			}
		}
	}
	return err
}

// AuditFile is a stored upload, or one size of a picture, by its hash.
type AuditFile struct {
	ID   ident.File
	Name string // of a size: its label
	Hash string
}

// AuditFiles lists uploads after one, by id.
func (tx *Tx) AuditFiles(after ident.File) ([]AuditFile, error) {
	rows, err := tx.q.AuditFiles(tx.ctx, string(after))
	return rowsOf(rows, func(r db.AuditFilesRow) AuditFile { return AuditFile{ident.File(r.ID), r.Name, r.Sha256} }), err
}

// AuditSizes lists sizes of pictures after one.
func (tx *Tx) AuditSizes(after ident.File, label string) ([]AuditFile, error) {
	rows, err := tx.q.AuditFileSizes(tx.ctx, string(after), label)
	return rowsOf(rows, func(r db.AuditFileSizesRow) AuditFile {
		return AuditFile{ident.File(r.FileID), r.Label, r.Sha256}
	}), err
}

// Kept is an answer remembered under an idempotency key.
type Kept struct {
	Member ident.Member
	Key    string
	Hash   string
	Answer []byte
}

// AuditAnswers lists remembered answers after one.
func (tx *Tx) AuditAnswers(after Kept) ([]Kept, error) {
	rows, err := tx.q.AuditAnswers(tx.ctx, string(after.Member), after.Key)
	return rowsOf(rows, func(r db.AuditAnswersRow) Kept {
		return Kept{ident.Member(r.MemberID), r.Key, r.BodyHash, r.Answer}
	}), err
}

// Sealed is a seal with the hashes of the entries that carry its number.
type Sealed struct {
	ledger.Seal
	Hashes []string
}

// AuditSeals lists seals after a number.
func (tx *Tx) AuditSeals(after int) ([]Sealed, error) {
	rows, err := tx.q.AuditSeals(tx.ctx, int64(after))
	if err != nil {
		return nil, err
	}
	list := make([]Sealed, len(rows))
	for i, r := range rows {
		list[i].Seal = ledger.Seal{No: int(r.No), At: fromMicros(r.At), Entries: int(r.Entries), Prev: r.Prev, Hash: r.Hash}
		if list[i].Hashes, err = tx.q.AuditSealed(tx.ctx, &r.No); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// MessageWaits tells whether the play provider has yet to say something: a
// message whose name begins so.
func (tx *Tx) MessageWaits(about string) (bool, error) {
	ids, err := tx.q.AuditMessage(tx.ctx, about, about+"~")
	return len(ids) > 0, err
}

// AuditPurse is the next member after one who has entries of their own, with
// those entries; "" when there is none.
func (tx *Tx) AuditPurse(after string) (stream string, entries []ledger.Entry, err error) {
	if stream, err = tx.q.AuditPurse(tx.ctx, after); err != nil {
		if isNotFound(err) {
			err = nil
		}
		return "", nil, err
	}
	at := map[string]*Case{stream: {}}
	err = tx.auditEntries(at, stream, stream)
	return stream, at[stream].Entries, err
}
