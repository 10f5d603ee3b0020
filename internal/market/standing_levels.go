package market

import (
	"time"

	"guildhall/internal/effect"
	"guildhall/internal/ident"
	"guildhall/internal/policy"
	"guildhall/internal/standing"
	"guildhall/internal/store"
)

// credit writes what something newly adds to figures, takes back what it adds
// no longer, and has the levels of the sellers concerned looked at as of at, the
// instant of the change. was is what the thing added before, as it is kept.
func (m *Market) credit(tx *store.Tx, at time.Time, was, put, drop []standing.Contribution) error {
	if err := tx.SaveContributions(put, drop); err != nil {
		return err
	}
	sums := map[ident.Member]store.Totals{}
	var sellers []ident.Member
	count := func(c standing.Contribution, n int) {
		if c.Figure == standing.BuyerRecord {
			return
		}
		t, known := sums[c.Member]
		if !known {
			sellers = append(sellers, c.Member)
		}
		sums[c.Member] = counted(t, c, n)
	}
	for _, c := range put {
		count(c, 1)
		for _, w := range was {
			if w.Figure == c.Figure && w.Member == c.Member && w.Subject == c.Subject {
				count(w, -1)
			}
		}
	}
	for _, c := range drop {
		count(c, -1)
	}
	for _, who := range sellers {
		if err := tx.CreditSeller(who, sums[who], at, leastCompleted(m.PolicyAt(at))); err != nil {
			return err
		}
	}
	return m.correct(tx, was, put, drop)
}

// counted adds a contribution to totals, or takes it away.
func counted(t store.Totals, c standing.Contribution, n int) store.Totals {
	switch {
	case c.Figure == standing.Rating && c.Mark == standing.Excluded:
		t.Removed += n
	case c.Mark != standing.For:
	case c.Figure == standing.Completion:
		t.Completed += n
	case c.Figure == standing.Earned:
		t.Earned += c.Value * int64(n)
	case c.Figure == standing.Rating:
		t.Rated, t.Stars = t.Rated+n, t.Stars+c.Value*int64(n)
	}
	return t
}

// leastCompleted is how many orders the lowest level asks for.
func leastCompleted(p policy.Version) int {
	if len(p.Standing.Levels) == 0 {
		return 0
	}
	return p.Standing.Levels[0].Completed
}

// wake has a seller’s level looked at as of an instant: something other than their work
// changed what it asks for. It does nothing to somebody who never sold.
func (m *Market) wake(tx *store.Tx, who ident.Member, at time.Time) error {
	if _, err := tx.Seller(who); err != nil {
		return ignoreMissing(missing(err, "There is no such seller."))
	}
	return tx.CreditSeller(who, store.Totals{}, at, 0)
}

// openStanding begins the standing of a new seller.
func (m *Market) openStanding(tx *store.Tx, who ident.Member, from time.Time) error {
	next, quiet := standing.Early(standing.State{}, from, 0, from, m.PolicyAt(from))
	if !quiet {
		next = from
	}
	return tx.OpenStanding(who, from, next)
}

// evaluate moves a seller's level as of every instant that is due, each with
// the figures and the policy of that instant, and writes what came of it.
func (m *Market) evaluate(tx *store.Tx, who ident.Member, upTo time.Time) (store.Seller, error) {
	s, err := tx.Seller(who)
	if err != nil || !due(s, upTo) {
		return s, err
	}
	set, err := m.settleLevel(tx, &s, upTo)
	if err != nil {
		return s, err
	}
	if err := tx.SaveSeller(s); err != nil {
		return s, err
	}
	s.Version++
	return s, tx.Carry(set)
}

func due(s store.Seller, now time.Time) bool { return !s.NextAt.IsZero() && !s.NextAt.After(now) }

// settleLevel is evaluate without the writing: the state of a seller as of now,
// whether or not a sweep has been there.
func (m *Market) settleLevel(tx *store.Tx, s *store.Seller, upTo time.Time) (set effect.Set, err error) {
	var past standing.Past
	var read ident.Policy // by which it was read; empty for not yet
	for due(*s, upTo) {
		at := s.NextAt
		if at.Before(s.EvaluatedAt) {
			at = s.EvaluatedAt
		}
		p := m.PolicyAt(at)
		if next, quiet := standing.Early(s.State, s.From, s.Completed, at, p); quiet {
			s.EvaluatedAt, s.QuietAt, s.NextAt = at, next, m.byPolicy(at, next)
			continue
		}
		if read != p.ID || !past.Firm.IsZero() {
			r := reader{tx: tx, seller: *s, now: at, ahead: ahead(p), lean: true, p: p}
			if past, err = r.read(); err != nil {
				return set, err
			}
			read = p.ID
		}
		next, more := standing.Settle(past, s.State, at, p)
		next.NextAt = m.byPolicy(at, next.NextAt)
		s.State, s.QuietAt = next, time.Time{}
		set.Add(more)
	}
	return set, nil
}

// ahead is how far the past of a busy seller is read for: no preview looks
// further ahead than an answer takes.
func ahead(p policy.Version) time.Duration { return 2 * p.Requests.Answer.D() }

// byPolicy brings the next look at a level forward to the instant at which the
// rules change.
func (m *Market) byPolicy(now, next time.Time) time.Time {
	for _, v := range *m.policy.Load() {
		if v.Effective.After(now) && (next.IsZero() || v.Effective.Before(next)) {
			next = v.Effective
		}
	}
	return next
}
