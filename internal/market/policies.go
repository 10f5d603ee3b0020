package market

import (
	"context"
	"fmt"
	"slices"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/policy"
	"guildhall/internal/store"
)

// Edition is one version of the rulebook together with its source text and
// who made it.
type Edition struct {
	policy.Version
	Source  string
	Created time.Time
	By      ident.Member // empty when the house itself applied it
}

// Prepare makes a new database a house: it has a first policy, in force since
// ever, before anybody comes in. It reads the policies otherwise.
func (m *Market) Prepare(ctx context.Context) error {
	err := m.store.Update(ctx, func(tx *store.Tx) error {
		rows, err := tx.Policies()
		if err != nil || len(rows) > 0 {
			return err
		}
		source, doc, err := policy.Profile(policy.Profiles()[0])
		if err != nil {
			return err
		}
		return tx.AddPolicy(store.PolicyRow{
			ID: ident.New[ident.Policy](m.ids, m.Now()), Profile: doc.Profile, Source: string(source),
			Effective: time.Unix(0, 0), Created: m.Now(),
		})
	})
	if err != nil {
		return err
	}
	if err := m.RefreshPolicy(ctx); err != nil {
		return err
	}
	return m.keepStanding(ctx)
}

// RefreshPolicy reads the versions that other processes may have applied.
func (m *Market) RefreshPolicy(ctx context.Context) error {
	editions, err := m.Editions(ctx)
	if err != nil {
		return err
	}
	versions := make([]policy.Version, len(editions))
	for i, e := range editions {
		versions[i] = e.Version
	}
	m.policy.Store(&versions)
	return nil
}

// PolicyAt is the version of the rulebook in force at a moment.
func (m *Market) PolicyAt(at time.Time) policy.Version {
	if known := m.policy.Load(); known != nil {
		if v, ok := policy.InForce(*known, at); ok {
			return v
		}
	}
	panic("market: no policy is in force; Prepare was not called")
}

// Policy is the version of the rulebook in force now.
func (m *Market) Policy() policy.Version { return m.PolicyAt(m.Now()) }

// policiesAfter are the versions that will take effect after a moment, in that
// order: of those that would do so together only the one that will rule.
func (m *Market) policiesAfter(at time.Time) []policy.Version {
	var coming []policy.Version
	for _, v := range *m.policy.Load() {
		if rules, ok := policy.InForce(*m.policy.Load(), v.Effective); ok && rules.ID == v.ID && v.Effective.After(at) {
			coming = append(coming, v)
		}
	}
	slices.SortFunc(coming, func(a, b policy.Version) int { return a.Effective.Compare(b.Effective) })
	return coming
}

// longestAnswer is the longest time that any version of the rulebook gives to
// answer a first message.
func (m *Market) longestAnswer() (most time.Duration) {
	for _, v := range *m.policy.Load() {
		most = max(most, v.Standing.Response.D())
	}
	return most
}

// PolicyVersion finds the version that an order pinned. Errors: fault.NotFound.
func (m *Market) PolicyVersion(ctx context.Context, id ident.Policy) (policy.Version, error) {
	for try := range 2 {
		if known := m.policy.Load(); known != nil {
			for _, v := range *known {
				if v.ID == id {
					return v, nil
				}
			}
		}
		if try == 0 { // another process may have applied it a moment ago
			if err := m.RefreshPolicy(ctx); err != nil {
				return policy.Version{}, err
			}
		}
	}
	return policy.Version{}, fault.NotFound("There is no such version of the policy.")
}

// Editions lists every version of the rulebook in the order of effect.
func (m *Market) Editions(ctx context.Context) ([]Edition, error) {
	var rows []store.PolicyRow
	err := m.store.View(ctx, func(tx *store.Tx) (err error) {
		rows, err = tx.Policies()
		return err
	})
	if err != nil {
		return nil, err
	}
	list := make([]Edition, len(rows))
	for i, r := range rows {
		if list[i], err = m.edition(r); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// edition reads a version that was not read before: versions never change.
func (m *Market) edition(r store.PolicyRow) (Edition, error) {
	if known := m.policy.Load(); known != nil {
		for _, v := range *known {
			if v.ID == r.ID {
				return Edition{Version: v, Source: r.Source, Created: r.Created, By: r.By}, nil
			}
		}
	}
	return edition(r)
}

func edition(r store.PolicyRow) (Edition, error) {
	doc, err := policy.Recall([]byte(r.Source))
	if err != nil {
		return Edition{}, fmt.Errorf("market: stored policy cannot be read: %w", err)
	}
	return Edition{
		Version: policy.Version{ID: r.ID, Effective: r.Effective, Document: doc},
		Source:  r.Source, Created: r.Created, By: r.By,
	}, nil
}

// PolicyLead is how far ahead a version takes effect at the earliest, so that
// every process of the house has read it by then.
const PolicyLead = time.Minute

// ApplyPolicy adds a version that takes effect at a moment to come; zero is the
// earliest possible one. Nothing can be changed or taken back: a mistake is
// mended by the next version.
// Errors: fault.Invalid beside effective or source; fault.Conflict when nothing
// differs; fault.NotFound unless the actor runs the house; policy.Faults.
func (m *Market) ApplyPolicy(ctx context.Context, who member.Actor, key Key, name, source string, effective time.Time) (Edition, error) {
	if err := who.NeedOperator(); err != nil {
		return Edition{}, err
	}
	doc, err := policy.Parse(name, []byte(source))
	if err != nil {
		return Edition{}, err
	}
	input := map[string]any{"source": source, "effective": effective}
	made, err := once(ctx, m, who, key, "apply policy", input, func(tx *store.Tx) (ident.Policy, error) {
		now := m.Now()
		earliest, from := now.Add(PolicyLead), effective // at a second try the earliest is a later one
		if from.IsZero() {
			from = earliest
		}
		rows, err := tx.Policies()
		if err != nil {
			return "", err
		}
		next := policy.Version{ID: ident.New[ident.Policy](m.ids, now), Effective: from.UTC(), Document: doc}
		if n := len(rows); n > 0 {
			last, err := edition(rows[n-1])
			if err != nil {
				return "", err
			}
			if err := policy.CheckSuccessor(earliest, last.Version, next); err != nil {
				return "", err
			}
			if err := tx.FirstMark("policy_after_"+string(last.ID), string(next.ID)); err != nil {
				return "", err // somebody else's change is the successor: this one is checked against it
			}
		}
		if err := tx.WakeStandings(next.Effective); err != nil {
			return "", err
		}
		return next.ID, tx.AddPolicy(store.PolicyRow{
			ID: next.ID, Profile: doc.Profile, Source: source,
			Effective: next.Effective, Created: now, By: who.Member,
		})
	})
	if err != nil {
		return Edition{}, err
	}
	return m.editionByID(ctx, made)
}

func (m *Market) editionByID(ctx context.Context, id ident.Policy) (Edition, error) {
	if err := m.RefreshPolicy(ctx); err != nil {
		return Edition{}, err
	}
	all, err := m.Editions(ctx)
	if err != nil {
		return Edition{}, err
	}
	for _, e := range all {
		if e.ID == id {
			return e, nil
		}
	}
	return Edition{}, fault.NotFound("There is no such version of the policy.")
}
