package market

import (
	"context"
	"errors"
	"time"

	"guildhall/internal/effect"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/reputation"
	"guildhall/internal/standing"
	"guildhall/internal/store"
)

// SignedRecord is what the house keeps of a record that it signed.
type SignedRecord = store.SignedRecord

const (
	noRecord  = "There is no such record."
	needsShop = "A record is about what you sell. Open a seller profile first."
)

// RecordDraft is what a record would say now, for the seller to read before
// they make one, and those that they made.
type RecordDraft struct {
	reputation.Record
	Made []SignedRecord // newest first
	Next Cursor
}

// MyRecord is what a record of the actor would say now. Errors: fault.Forbidden
// for somebody who does not sell.
func (m *Market) MyRecord(ctx context.Context, who member.Actor, after Cursor, most int) (RecordDraft, error) {
	if err := who.Need(member.ScopeRead); err != nil {
		return RecordDraft{}, err
	}
	play, err := m.Rehearsal(ctx)
	if err != nil {
		return RecordDraft{}, err
	}
	var d RecordDraft
	err = m.store.View(ctx, func(tx *store.Tx) error {
		if d.Record, err = m.recordOf(tx, who.Member, play); err != nil {
			return err
		}
		parts, err := after.parts(1)
		if err != nil {
			return err
		}
		before := ident.Record("")
		if len(parts) == 1 {
			before = ident.Record(parts[0])
		}
		n := pageSize(most)
		d.Next = ""
		if d.Made, err = tx.RecordsOf(who.Member, before, n+1); err != nil {
			return err
		}
		if len(d.Made) > n {
			d.Made = d.Made[:n]
			d.Next = cursorOf(string(d.Made[n-1].ID))
		}
		return nil
	})
	return d, err
}

// MadeRecord is a record with its signed text.
type MadeRecord struct {
	reputation.Record
	Text string // JWT-VC
}

// MakeRecord signs a record of the actor's figures as they are now. It is the
// newest from then on; its words are kept nowhere but as the answer to its key,
// for as long as any answer is. Errors: those of MyRecord.
func (m *Market) MakeRecord(ctx context.Context, who member.Actor, key Key) (MadeRecord, error) {
	if err := who.Need(member.ScopeSell); err != nil {
		return MadeRecord{}, err
	}
	if m.site == "" {
		return MadeRecord{}, fault.Conflict("This house has no public address yet, so nobody could tell whose record it is. Its operator sets one.")
	}
	play, err := m.Rehearsal(ctx)
	if err != nil {
		return MadeRecord{}, err
	}
	keys, err := m.recordKeys(ctx, play)
	if err != nil {
		return MadeRecord{}, err
	}
	return once(ctx, m, who, key, "record.make", "", func(tx *store.Tx) (MadeRecord, error) {
		return m.signRecord(tx, who, play, keys[len(keys)-1])
	})
}

func (m *Market) signRecord(tx *store.Tx, who member.Actor, play bool, signer reputation.Key) (MadeRecord, error) {
	r, err := m.recordOf(tx, who.Member, play)
	if err != nil {
		return MadeRecord{}, err
	}
	text, digest, err := reputation.Sign(r, signer)
	if err != nil {
		return MadeRecord{}, err
	}
	kept := SignedRecord{ID: r.ID, Member: who.Member, Key: signer.ID, Digest: digest, Issued: r.Issued, Expires: r.Expires}
	if err := tx.AddRecord(kept); err != nil {
		return MadeRecord{}, err
	}
	made := effect.Detail{Until: r.Expires, Facts: map[string]string{"record": string(r.ID)}}
	return MadeRecord{r, text}, m.recordHappens(tx, who.Member, who, member.RecordMade, made)
}

// recordHappens writes what happened to a record into its seller's story.
func (m *Market) recordHappens(tx *store.Tx, seller ident.Member, who member.Actor, kind effect.Kind, d effect.Detail) error {
	of, err := tx.Member(seller)
	if err != nil {
		return err
	}
	_, err = save(tx, of, who, m.Now(), happening{kind, d})
	return err
}

// recordOf fills a record from the fold behind the seller's own page.
func (m *Market) recordOf(tx *store.Tx, who ident.Member, play bool) (reputation.Record, error) {
	me, err := tx.Member(who)
	if err != nil {
		return reputation.Record{}, err
	}
	if me.Seller == nil {
		return reputation.Record{}, fault.Forbidden(needsShop)
	}
	now := m.Now().Truncate(time.Second) // as exact as a record can say it
	p := m.PolicyAt(m.Now())
	sheet, err := m.sheetOf(tx, who, m.Now())
	if err != nil {
		return reputation.Record{}, err
	}
	endings, err := endingsOf(tx, who, sheet.Completion.Since, m.Now())
	if err != nil {
		return reputation.Record{}, err
	}
	s, err := sellerOf(tx, who)
	if err == nil {
		_, err = m.settleLevel(tx, &s, m.Now()) // as the page shows it, whether or not a sweep was there
	}
	if err != nil {
		return reputation.Record{}, err
	}
	level := reputation.Level{Name: s.Level, Words: standing.LevelWords(p, s.Level)}
	if s.Level != "" {
		level.Since = s.Since.UTC().Truncate(time.Second)
	}
	id := ident.New[ident.Record](m.ids, m.Now()) // lists go by it, so it is more exact than what is signed
	return reputation.Record{
		ID: id, Issuer: m.site, Issued: now, Expires: now.Add(p.Standing.Window.D()), Play: play,
		Seller: reputation.Seller{
			Handle: me.Handle, Name: me.Name, Page: m.site + "/members/" + me.Handle, Since: sheet.From.UTC().Truncate(time.Second),
		},
		Level: level, Figures: reputation.FiguresFrom(sheet, p), Endings: endings, Policy: p.ID, Profile: p.Profile,
	}, nil
}

// endingsOf counts a seller's endings of a window by class.
func endingsOf(tx *store.Tx, who ident.Member, since, until time.Time) ([]reputation.Ended, error) {
	rows, err := tx.Causes(who, standing.Completion, since, until)
	tallies := make([]reputation.Tally, len(rows))
	for i, r := range rows {
		tallies[i] = reputation.Tally{Class: r.Class, Mark: r.Mark, N: r.N}
	}
	return reputation.EndingsFrom(tallies), err
}

// CheckedRecord is what the house says about a text that somebody shows it.
type CheckedRecord struct {
	reputation.Verdict
	Status reputation.Status // what has become of it since; only of a signed one
}

// CheckRecord tells whether a text is a record that this house signed, what it
// claims, and what has become of it since. Anybody may ask.
func (m *Market) CheckRecord(ctx context.Context, text string) (CheckedRecord, error) {
	keys, err := m.RecordKeys(ctx)
	if err != nil {
		return CheckedRecord{}, err
	}
	c := CheckedRecord{Verdict: reputation.Verify(text, keys, m.site, m.Now())}
	if !c.Signed() {
		return c, nil
	}
	c.Status, err = m.RecordStatus(ctx, c.Record.ID)
	if err != nil {
		return c, err
	}
	if c.Status.State != reputation.Unknown && c.Status.Digest != c.Digest {
		c.Status = reputation.Status{ID: c.Record.ID, State: reputation.Unknown}
	}
	return c, nil
}

// RecordStatus is what has become of a record. Anybody may ask; one that was
// never made here is Unknown, and no fault.
func (m *Market) RecordStatus(ctx context.Context, id ident.Record) (reputation.Status, error) {
	trusted, err := m.RecordKeys(ctx)
	if err != nil {
		return reputation.Status{}, err
	}
	s := reputation.Status{ID: id, State: reputation.Unknown}
	if !ident.Valid(id) {
		return s, nil
	}
	err = m.store.View(ctx, func(tx *store.Tx) error {
		r, err := tx.Record(id)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		s = statusOf(r, trusted, m.Now())
		return nil
	})
	return s, err
}

func statusOf(r SignedRecord, trusted reputation.Keys, now time.Time) reputation.Status {
	s := reputation.Status{ID: r.ID, State: reputation.Valid, Issued: r.Issued, Expires: r.Expires, Digest: r.Digest}
	switch {
	case !r.Revoked.IsZero():
		s.State, s.At, s.Reason = reputation.Revoked, r.Revoked, r.Reason
	case !trusted.Has(r.Key):
		s.State, s.Reason = reputation.Revoked, "The key that signed it is not trusted any more."
	case !now.Before(r.Expires):
		s.State = reputation.Expired
	case !r.Superseded.IsZero():
		s.State, s.At = reputation.Superseded, r.Superseded
	}
	return s
}

// RevokedRecords lists what was taken back and has not ended, by id, for those
// who check many records. Anybody may ask.
func (m *Market) RevokedRecords(ctx context.Context, after ident.Record, most int) (list []reputation.Status, more bool, err error) {
	trusted, err := m.RecordKeys(ctx)
	if err != nil {
		return nil, false, err
	}
	err = m.store.View(ctx, func(tx *store.Tx) error {
		list = nil
		n := pageSize(most)
		rows, err := tx.RecordsRevoked(after, m.Now(), n+1)
		if more = len(rows) > n; more {
			rows = rows[:n]
		}
		for _, r := range rows {
			list = append(list, statusOf(r, trusted, m.Now()))
		}
		return err
	})
	return list, more, err
}
