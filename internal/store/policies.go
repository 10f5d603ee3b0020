package store

import (
	"time"

	"guildhall/internal/ident"
	"guildhall/internal/store/db"
)

// PolicyRow is one version of the rulebook as it is kept: its source text.
type PolicyRow struct {
	ID        ident.Policy
	Profile   string
	Source    string
	Effective time.Time
	Created   time.Time
	By        ident.Member // empty when the house itself applied it
}

// AddPolicy keeps a version for ever; there is no way to change one.
func (tx *Tx) AddPolicy(p PolicyRow) error {
	return tx.q.PolicyInsert(tx.ctx, db.PolicyInsertParams{
		ID: string(p.ID), Profile: p.Profile, Source: p.Source,
		EffectiveAt: micros(p.Effective), CreatedAt: micros(p.Created), CreatedBy: string(p.By),
	})
}

// Policies lists every version in the order in which they take effect.
func (tx *Tx) Policies() ([]PolicyRow, error) {
	rows, err := tx.q.PoliciesAll(tx.ctx)
	list := make([]PolicyRow, len(rows))
	for i, r := range rows {
		list[i] = PolicyRow{
			ID: ident.Policy(r.ID), Profile: r.Profile, Source: r.Source,
			Effective: fromMicros(r.EffectiveAt), Created: fromMicros(r.CreatedAt), By: ident.Member(r.CreatedBy),
		}
	}
	return list, err
}
