package market

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"guildhall/internal/effect"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/reputation"
	"guildhall/internal/review"
	"guildhall/internal/standing"
	"guildhall/internal/store"
)

// keyNote is what is written down of a key that signs records; the key itself is
// a secret of the house of that number.
type keyNote struct {
	No         int       `json:"no"`
	Made       time.Time `json:"made,omitzero"`
	Distrusted time.Time `json:"distrusted,omitzero"` // its records are not believed any more
}

// A rehearsal is a copy, secrets and all. It signs with keys of its own, so that
// nothing that was played there can ever be taken for the real house's word.
func keyMark(play bool) string {
	if play {
		return "reputation_keys_rehearsal"
	}
	return "reputation_keys"
}

func keyPurpose(play bool, no int) string {
	if play {
		return fmt.Sprintf("reputation_rehearsal_%d", no)
	}
	return fmt.Sprintf("reputation_%d", no)
}

// keyNotes are the keys so far, oldest first. The first one needs no note: it
// is made where it is first needed.
func keyNotes(value string) ([]keyNote, error) {
	if value == "" {
		return []keyNote{{No: 1}}, nil
	}
	var notes []keyNote
	err := json.Unmarshal([]byte(value), &notes)
	return notes, err
}

// RecordKeys are the public keys of this house: those whose records are to be
// believed.
func (m *Market) RecordKeys(ctx context.Context) (reputation.Keys, error) {
	play, err := m.Rehearsal(ctx)
	if err != nil {
		return reputation.Keys{}, err
	}
	keys, err := m.recordKeys(ctx, play)
	return reputation.Publish(keys...), err
}

// recordKeys are the trusted keys, oldest first; the last one signs.
func (m *Market) recordKeys(ctx context.Context, play bool) ([]reputation.Key, error) {
	value, err := m.mark(ctx, keyMark(play))
	if err != nil {
		return nil, err
	}
	notes, err := keyNotes(value)
	if err != nil {
		return nil, err
	}
	var keys []reputation.Key
	for _, n := range notes {
		if !n.Distrusted.IsZero() {
			continue
		}
		purpose := keyPurpose(play, n.No)
		secret, err := m.mark(ctx, "secret_"+purpose)
		if err == nil && secret == "" { // reading is cheaper than asking to write, and anybody may ask
			secret, err = m.HouseSecret(ctx, purpose)
		}
		if err != nil {
			return nil, err
		}
		k, err := reputation.NewKey(secret)
		if err != nil {
			return nil, err
		}
		keys = append(keys, k)
	}
	return keys, nil
}

// RotateRecordKey lets a new key sign from now on. Records of the keys before
// stay good until their end, unless distrust says that those keys may be in
// other hands: then nothing they signed is believed any more.
// Errors: fault.NotFound unless the actor runs the house.
func (m *Market) RotateRecordKey(ctx context.Context, who member.Actor, distrust bool) (reputation.Keys, error) {
	if err := who.NeedOperator(); err != nil {
		return reputation.Keys{}, err
	}
	play, err := m.Rehearsal(ctx)
	if err != nil {
		return reputation.Keys{}, err
	}
	err = m.store.Update(ctx, func(tx *store.Tx) error {
		value, _, err := tx.Mark(keyMark(play))
		if err != nil {
			return err
		}
		notes, err := keyNotes(value)
		if err != nil {
			return err
		}
		now := m.Now()
		for i := range notes {
			if distrust && notes[i].Distrusted.IsZero() {
				notes[i].Distrusted = now
			}
		}
		notes = append(notes, keyNote{No: notes[len(notes)-1].No + 1, Made: now})
		text, err := json.Marshal(notes)
		if err != nil {
			return err
		}
		if value == "" {
			return tx.FirstMark(keyMark(play), string(text))
		}
		return tx.MoveMark(keyMark(play), value, string(text))
	})
	if err != nil {
		return reputation.Keys{}, err
	}
	return m.RecordKeys(ctx)
}

// RevokeRecord takes a record back, in words for whoever checks it. Errors:
// fault.NotFound unless the actor runs the house; fault.Invalid beside record
// and why; fault.Conflict where it was taken back before.
func (m *Market) RevokeRecord(ctx context.Context, who member.Actor, key Key, id ident.Record, why string) error {
	if err := who.NeedOperator(); err != nil {
		return err
	}
	why = member.Text(why)
	bad := fault.Fields{}
	bad.Need(ident.Valid(id), "record", "A record has a name like record_01k…; it stands in the record.")
	bad.Need(why != "", "why", "Say why, in words that whoever checks it will read.")
	bad.Need(len(why) <= mostWhy, "why", "Say it a little shorter, please.")
	if err := bad.Err(); err != nil {
		return err
	}
	_, err := once(ctx, m, who, key, "record.revoke", []string{string(id), why}, func(tx *store.Tx) (bool, error) {
		r, err := tx.Record(id)
		if err != nil {
			return false, missing(err, noRecord)
		}
		if !r.Revoked.IsZero() {
			return false, fault.Conflict("This record was taken back before.")
		}
		return true, m.takeBack(tx, r, who, why)
	})
	return err
}

// mostWhy bounds the words of a revocation, in bytes.
const mostWhy = 600

func (m *Market) takeBack(tx *store.Tx, r SignedRecord, who member.Actor, why string) error {
	if err := tx.RevokeRecord(r.ID, m.Now(), why); err != nil {
		return err
	}
	return m.recordHappens(tx, r.Member, who, member.RecordRevoked, effect.Detail{Text: why, Facts: map[string]string{"record": string(r.ID)}})
}

// correct takes back the records of a seller that stand on something which was
// corrected to their disadvantage, in the transaction that corrected it. Most
// changes correct nothing and cost nothing here.
func (m *Market) correct(tx *store.Tx, was, put, drop []standing.Contribution) error {
	if c, is := reputation.Corrected(was, put, drop); is {
		if err := m.takeBackSince(tx, c); err != nil {
			return err
		}
	}
	for _, c := range put {
		i := slices.IndexFunc(was, func(w standing.Contribution) bool {
			return w.Figure == standing.Rating && w.Mark == standing.For && w.Member == c.Member && w.Subject == c.Subject
		})
		if c.Figure != standing.Rating || c.Mark != standing.Excluded || i < 0 {
			continue
		}
		c.Value = was[i].Value // a tombstone has no stars
		left, err := m.sheetOf(tx, c.Member, m.Now())
		if err != nil {
			return err
		}
		if found, is := reputation.RatingCorrected(c, left.Rating); is {
			if err := m.takeBackSince(tx, found); err != nil {
				return err
			}
		}
	}
	return nil
}

// correctRestored does so where a review stands again that was removed: was is the
// pair of before, put what it adds to figures anew.
func (m *Market) correctRestored(tx *store.Tx, was review.Pair, put []standing.Contribution) error {
	if was.ByBuyer == nil || was.ByBuyer.Removal == nil {
		return nil
	}
	for _, c := range put {
		with, err := m.sheetOf(tx, c.Member, m.Now())
		if err != nil {
			return err
		}
		if found, is := reputation.RatingRestored(c, was.ByBuyer.Removal.At, with.Rating); is {
			if err := m.takeBackSince(tx, found); err != nil {
				return err
			}
		}
	}
	return nil
}

func (m *Market) takeBackSince(tx *store.Tx, c reputation.Correction) error {
	made, err := tx.RecordsStanding(c.Member, c.Since.Truncate(time.Second), m.Now())
	if err != nil {
		return err
	}
	for _, r := range made {
		if err := m.takeBack(tx, r, member.House(), c.Words); err != nil {
			return err
		}
	}
	return nil
}
