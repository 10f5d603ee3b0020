package market

import (
	"slices"

	"guildhall/internal/desk"
	"guildhall/internal/effect"
	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/store"
)

// settlePeople warns, suspends and lifts. Rows are touched in one order, so that
// two decisions never wait for each other in a circle.
func (m *Market) settlePeople(tx *store.Tx, who member.Actor, c desk.Case, d desk.Decision, s desk.Shown, v verdict) error {
	sides := []desk.Side{desk.Opener, desk.Across}
	slices.SortFunc(sides, func(a, b desk.Side) int {
		if c.At(a) < c.At(b) {
			return -1
		}
		return 1
	})
	for _, side := range sides {
		if _, known := v.members[side]; !known {
			continue
		}
		them, err := tx.Member(c.At(side)) // what happened to the order may have taken a record of theirs back
		if err != nil {
			return err
		}
		var set effect.Set
		then := func(kind effect.Kind, detail effect.Detail) {
			var more effect.Set
			them, more = happened(them, who, m.Now(), kind, detail)
			set.Add(more)
		}
		if err := m.lay(tx, who, c, d, s, side, &them, then); err != nil {
			return err
		}
		if len(set.Events) == 0 {
			continue
		}
		if _, err := tx.SaveMember(them); err != nil {
			return err
		}
		if err := tx.Carry(set); err != nil {
			return err
		}
	}
	return nil
}

// lay does to one person what the decision says.
func (m *Market) lay(tx *store.Tx, who member.Actor, c desk.Case, d desk.Decision, s desk.Shown, side desk.Side, them *member.Member, then func(effect.Kind, effect.Detail)) error {
	now := m.Now()
	why := map[string]string{"case": string(c.ID), "ref": c.Ref, "rule": d.Rule}
	for _, w := range s.Warnings {
		if w.Side != side {
			continue
		}
		until := m.Policy().Standing.WarningUntil(now)
		if err := tx.AddWarning(store.Warning{ID: w.Warning, Member: them.ID, Case: c.ID, Why: d.Facts, Given: now, Until: until}); err != nil {
			return err
		}
		if err := m.wake(tx, them.ID, now); err != nil {
			return err
		}
		then(member.Warned, effect.Detail{Text: d.Facts, Until: until, Facts: why})
	}
	if slices.Contains(d.Suspend, side) {
		barred, err := them.Bar(now, d.Facts+" (case #"+c.Ref+")")
		if err != nil {
			return err
		}
		*them = barred
		if err := m.closeDoors(tx, them.ID, who); err != nil {
			return err
		}
		then(member.Suspended, effect.Detail{Text: d.Facts, Until: c.AppealUntil, Facts: why})
	}
	if slices.Contains(d.Lift, side) {
		return m.lift(tx, c, them, why, then)
	}
	return nil
}

// lift ends a suspension, and takes back the warnings of this case and of the
// one that it is an appeal against.
func (m *Market) lift(tx *store.Tx, c desk.Case, them *member.Member, why map[string]string, then func(effect.Kind, effect.Detail)) error {
	now := m.Now()
	given, err := liftable(tx, c, them.ID)
	if err != nil {
		return err
	}
	for _, w := range given {
		if err := tx.LiftWarning(w.ID, now); err != nil {
			return err
		}
		if err := m.wake(tx, them.ID, now); err != nil {
			return err
		}
		then(member.WarningLifted, effect.Detail{Facts: why})
	}
	if !them.Suspended() {
		return nil
	}
	open, err := them.Unbar()
	if err != nil {
		return err
	}
	*them = open
	then(member.Restored, effect.Detail{Facts: why})
	return nil
}

// liftable are the warnings of somebody that this case gave, and the one that it
// is an appeal against.
func liftable(tx *store.Tx, c desk.Case, who ident.Member) (list []store.Warning, err error) {
	for _, id := range []ident.Case{c.ID, c.Matter.AppealOf} {
		if id == "" {
			continue
		}
		given, err := tx.WarningsOfCase(id)
		if err != nil {
			return nil, err
		}
		for _, w := range given {
			if w.Member == who && w.Lifted.IsZero() {
				list = append(list, w)
			}
		}
	}
	return list, nil
}
