package store

import (
	"math"
	"time"

	"guildhall/internal/ident"
	"guildhall/internal/store/db"
)

// CaseRead is one look of the desk at other people's affairs.
type CaseRead struct {
	Case  ident.Case
	ID    ident.Event
	Agent ident.Member
	Order ident.Order // empty for none
	What  string
	At    time.Time
}

// AddCaseRead writes down that an agent read something through a case.
func (tx *Tx) AddCaseRead(r CaseRead) error {
	if r.Order != "" {
		tx.Notify(string(r.Order))
	}
	return tx.q.CaseReadInsert(tx.ctx, db.CaseReadInsertParams{
		CaseID: string(r.Case), ID: string(r.ID), AgentID: string(r.Agent), OrderID: string(r.Order), What: r.What, At: micros(r.At),
	})
}

// CaseReads are the newest looks through a case.
func (tx *Tx) CaseReads(id ident.Case, most int) ([]CaseRead, error) {
	rows, err := tx.q.CaseReads(tx.ctx, string(id), int64(most))
	return rowsOf(rows, caseReadOf), err
}

// OrderReads are the newest looks at an order, through whichever case.
func (tx *Tx) OrderReads(id ident.Order, most int) ([]CaseRead, error) {
	rows, err := tx.q.OrderReads(tx.ctx, string(id), int64(most))
	return rowsOf(rows, caseReadOf), err
}

// TalkReads are the newest looks at the conversation of two people, through whichever
// case of theirs: those that are called what, and those at its files.
func (tx *Tx) TalkReads(a, b ident.Member, what string, most int) ([]CaseRead, error) {
	rows, err := tx.q.TalkReads(tx.ctx, db.TalkReadsParams{OpenerID: string(a), OpenerID_2: string(b), What: what, Column4: int64(most)})
	return rowsOf(rows, caseReadOf), err
}

func caseReadOf(r db.CaseRead) CaseRead {
	return CaseRead{
		Case: ident.Case(r.CaseID), ID: ident.Event(r.ID), Agent: ident.Member(r.AgentID), Order: ident.Order(r.OrderID), What: r.What, At: fromMicros(r.At),
	}
}

// Warning is one warning with its end.
type Warning struct {
	ID     ident.Warning
	Member ident.Member
	Case   ident.Case
	Why    string
	Given  time.Time
	Until  time.Time
	Lifted time.Time // zero unless it was taken back
}

// Active tells whether the warning stands at that moment.
func (w Warning) Active(now time.Time) bool { return w.Lifted.IsZero() && now.Before(w.Until) }

// AddWarning writes a warning down.
func (tx *Tx) AddWarning(w Warning) error {
	return tx.q.WarningInsert(tx.ctx, db.WarningInsertParams{
		ID: string(w.ID), MemberID: string(w.Member), CaseID: string(w.Case), Why: w.Why, GivenAt: micros(w.Given), Until: micros(w.Until),
	})
}

// LiftWarning takes a warning back; ErrStale when it was taken back already.
func (tx *Tx) LiftWarning(id ident.Warning, at time.Time) error {
	_, err := tx.fenced.WarningLift(tx.ctx, string(id), microsOrNull(at))
	return stale(err)
}

// Warnings are all of a member's warnings that did not end by an instant, newest
// first, those that were taken back too: they are a number, so none is left out.
func (tx *Tx) Warnings(m ident.Member, since time.Time) ([]Warning, error) {
	rows, err := tx.q.WarningsOf(tx.ctx, string(m), micros(since))
	return rowsOf(rows, warningOf), err
}

// WarningsPage are a member's warnings until an instant, newest first and behind
// a place, active or not: of the query the figure, the mark and since say nothing.
func (tx *Tx) WarningsPage(q BehindQuery) ([]Warning, error) {
	at, id := q.place()
	rows, err := tx.q.WarningsPage(tx.ctx, db.WarningsPageParams{MemberID: string(q.Member), Column2: at, Column3: id, Most: int64(q.Most)})
	return rowsOf(rows, warningOf), err
}

// WarningsOfCase are the warnings that a case's decision gave.
func (tx *Tx) WarningsOfCase(id ident.Case) ([]Warning, error) {
	rows, err := tx.q.WarningsOfCase(tx.ctx, string(id))
	return rowsOf(rows, warningOf), err
}

func warningOf(r db.Warning) Warning {
	return Warning{
		ID: ident.Warning(r.ID), Member: ident.Member(r.MemberID), Case: ident.Case(r.CaseID), Why: r.Why,
		Given: fromMicros(r.GivenAt), Until: fromMicros(r.Until), Lifted: fromMicrosOrNull(r.LiftedAt),
	}
}

// Link ties two accounts together, so that neither works on cases of the other.
type Link struct {
	Member, Linked ident.Member
	Why            string
	By             ident.Member
	At             time.Time
}

// AddLink ties two accounts both ways round; tied once they stay so.
func (tx *Tx) AddLink(l Link) error {
	for _, pair := range [][2]ident.Member{{l.Member, l.Linked}, {l.Linked, l.Member}} {
		if err := tx.q.LinkInsert(tx.ctx, db.LinkInsertParams{
			MemberID: string(pair[0]), LinkedID: string(pair[1]), Why: l.Why, MadeBy: string(l.By), MadeAt: micros(l.At),
		}); err != nil {
			return err
		}
	}
	return nil
}

// DropLink unties two accounts.
func (tx *Tx) DropLink(a, b ident.Member) error {
	if err := tx.q.LinkDrop(tx.ctx, string(a), string(b)); err != nil {
		return err
	}
	return tx.q.LinkDrop(tx.ctx, string(b), string(a))
}

// LinksOf are the accounts tied to one.
func (tx *Tx) LinksOf(m ident.Member) ([]Link, error) {
	rows, err := tx.q.LinksOf(tx.ctx, string(m))
	return rowsOf(rows, linkOf), err
}

// Links lists all ties after a pair, each both ways round.
func (tx *Tx) Links(after, and ident.Member, most int) ([]Link, error) {
	rows, err := tx.q.Links(tx.ctx, string(after), string(and), int64(most))
	return rowsOf(rows, linkOf), err
}

func linkOf(r db.AccountLink) Link {
	return Link{Member: ident.Member(r.MemberID), Linked: ident.Member(r.LinkedID), Why: r.Why, By: ident.Member(r.MadeBy), At: fromMicros(r.MadeAt)}
}

// Suspended is somebody whom the house keeps out now.
type Suspended struct {
	ID           ident.Member
	Name, Handle string
	Since        time.Time
	Why          string
}

// SuspendedMembers lists who is kept out, the newest first, before a place.
func (tx *Tx) SuspendedMembers(before time.Time, id ident.Member, most int) ([]Suspended, error) {
	at := int64(math.MaxInt64)
	if !before.IsZero() {
		at = micros(before)
	}
	rows, err := tx.q.MembersSuspended(tx.ctx, at, string(id), int64(most))
	return rowsOf(rows, func(r db.MembersSuspendedRow) Suspended {
		return Suspended{ID: ident.Member(r.ID), Name: r.Name, Handle: r.Handle, Since: fromMicrosOrNull(r.SuspendedAt), Why: r.SuspendedWhy}
	}), err
}
