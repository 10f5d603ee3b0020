package store

import (
	"encoding/json"
	"fmt"
	"math"
	"time"

	"guildhall/internal/ident"
	"guildhall/internal/standing"
	"guildhall/internal/store/db"
)

// Totals are what is kept of a seller's whole life.
type Totals struct {
	Completed int
	Earned    int64 // minor units
	Rated     int
	Stars     int64 // parts of a star
	Removed   int   // reviews with a tombstone in their place
}

// Seller is where somebody stands, with the totals of their life.
type Seller struct {
	standing.State
	Totals
	From    time.Time // the shop was opened
	QuietAt time.Time // nothing can move before; zero for no such instant
}

// OpenStanding begins a seller's standing, once, as of when they opened their
// shop. next is when it is to be looked at; zero for not by time alone.
func (tx *Tx) OpenStanding(m ident.Member, from, next time.Time) error {
	return tx.q.StandingOpen(tx.ctx, string(m), microsOrNull(from), microsOrNull(next))
}

// CreditSeller moves a seller's totals and has their level looked at as of an
// instant, unless they have none and fewer completed orders than the lowest
// asks for.
func (tx *Tx) CreditSeller(m ident.Member, more Totals, at time.Time, least int) error {
	return tx.q.StandingCredit(tx.ctx, db.StandingCreditParams{
		MemberID: string(m), Completed: int64(more.Completed), Earned: more.Earned, Rated: int64(more.Rated), Stars: more.Stars,
		Removed: int64(more.Removed), NextAt: microsOrNull(at), Column8: int64(least),
	})
}

// RecountSeller makes a seller's totals anew from their contributions and has
// their level looked at.
func (tx *Tx) RecountSeller(m ident.Member, at time.Time) error {
	return tx.q.StandingRecount(tx.ctx, string(m), microsOrNull(at))
}

// said is what people of the house said about somebody's way up.
type said struct {
	Approved standing.Word `json:"approved,omitzero"`
	Declined standing.Word `json:"declined,omitzero"`
}

// Seller reads where somebody stands. Errors: ErrNotFound for who never sold.
func (tx *Tx) Seller(m ident.Member) (Seller, error) {
	r, err := tx.q.StandingOf(tx.ctx, string(m))
	if err != nil {
		return Seller{}, err
	}
	return sellerOf(r)
}

// Level is the name of a seller's level; "" for none.
func (tx *Tx) Level(m ident.Member) (string, error) {
	return known(tx, levelOf(m), func() (string, error) {
		s, err := tx.Seller(m)
		if isNotFound(err) {
			err = nil
		}
		return s.Level, err
	})
}

// levelOf is under what a level is recalled.
func levelOf(m ident.Member) string { return "level of " + string(m) }

func sellerOf(r db.Standing) (Seller, error) {
	s := Seller{
		State: standing.State{
			Member: ident.Member(r.MemberID), Level: r.Level, Since: fromMicrosOrNull(r.SinceAt), WarnedAt: fromMicrosOrNull(r.WarnedAt),
			DemotesAt: fromMicrosOrNull(r.DemotesAt), Ready: r.Ready, ReadyAt: fromMicrosOrNull(r.ReadyAt),
			EvaluatedAt: fromMicrosOrNull(r.EvaluatedAt), NextAt: fromMicrosOrNull(r.NextAt), Seq: int(r.Seq), Version: int(r.Version),
		},
		Totals: Totals{Completed: int(r.Completed), Earned: r.Earned, Rated: int(r.Rated), Stars: r.Stars, Removed: int(r.Removed)},
		From:   fromMicrosOrNull(r.FromAt),
	}
	if r.QuietAt != 0 {
		s.QuietAt = fromMicros(r.QuietAt)
	}
	if r.Words == "{}" {
		return s, nil // nothing was said, as to nearly everybody
	}
	var words said
	if err := json.Unmarshal([]byte(r.Words), &words); err != nil {
		return s, fmt.Errorf("store: standing of %s: %w", r.MemberID, err)
	}
	s.Approved, s.Declined = words.Approved, words.Declined
	return s, nil
}

func sellersOf(rows []db.Standing, err error) ([]Seller, error) {
	if err != nil {
		return nil, err
	}
	list := make([]Seller, len(rows))
	for i, r := range rows {
		if list[i], err = sellerOf(r); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func (s Seller) words() (string, error) {
	if s.Approved == (standing.Word{}) && s.Declined == (standing.Word{}) {
		return "{}", nil
	}
	words, err := json.Marshal(said{s.Approved, s.Declined})
	if err != nil {
		return "", fmt.Errorf("store: standing of %s: %w", s.Member, err)
	}
	return string(words), nil
}

func (s Seller) quiet() int64 {
	if s.QuietAt.IsZero() {
		return 0
	}
	return micros(s.QuietAt)
}

// SaveSeller writes what an evaluation changed; ErrStale when somebody else
// wrote first, or something was added to the figures meanwhile.
func (tx *Tx) SaveSeller(s Seller) error {
	words, err := s.words()
	if err != nil {
		return err
	}
	tx.Notify(string(s.Member))
	tx.leaves(levelOf(s.Member), nil)
	_, err = tx.fenced.StandingSave(tx.ctx, db.StandingSaveParams{
		MemberID: string(s.Member), Version: int64(s.Version), Level: s.Level, SinceAt: microsOrNull(s.Since), WarnedAt: microsOrNull(s.WarnedAt),
		DemotesAt: microsOrNull(s.DemotesAt), Ready: s.Ready, ReadyAt: microsOrNull(s.ReadyAt), Words: words,
		QuietAt: s.quiet(), EvaluatedAt: microsOrNull(s.EvaluatedAt), NextAt: microsOrNull(s.NextAt), Seq: int64(s.Seq),
	})
	return stale(err)
}

// SaveSellers writes what evaluations changed and returns whose: those are not
// among them whom somebody else wrote first, or to whose figures something was
// added meanwhile.
func (tx *Tx) SaveSellers(list []Seller) (map[ident.Member]bool, error) {
	values := make([]any, 0, len(list)*standingRows.width)
	for _, s := range list {
		words, err := s.words()
		if err != nil {
			return nil, err
		}
		tx.leaves(levelOf(s.Member), nil)
		values = append(values, string(s.Member), s.Level, microsOrNull(s.Since), microsOrNull(s.WarnedAt), microsOrNull(s.DemotesAt),
			s.Ready, microsOrNull(s.ReadyAt), words, int64(s.Completed), s.Earned, int64(s.Rated), s.Stars, int64(s.Removed),
			s.quiet(), microsOrNull(s.EvaluatedAt), microsOrNull(s.NextAt), int64(s.Seq), int64(s.Version))
	}
	written, err := tx.insertSome(standingRows, values)
	saved := make(map[ident.Member]bool, len(written))
	for _, id := range written {
		saved[ident.Member(id)] = true
	}
	return saved, err
}

var standingRows = insertOf("StandingsSave",
	`standings (member_id, level, since_at, warned_at, demotes_at, ready, ready_at, words, completed, earned, rated, stars, removed,
    quiet_at, evaluated_at, next_at, seq, version)`,
	`ON CONFLICT (member_id) DO UPDATE SET level = excluded.level, since_at = excluded.since_at, warned_at = excluded.warned_at,
    demotes_at = excluded.demotes_at, ready = excluded.ready, ready_at = excluded.ready_at, words = excluded.words,
    quiet_at = excluded.quiet_at, evaluated_at = excluded.evaluated_at, next_at = excluded.next_at, seq = excluded.seq,
    version = standings.version + 1
WHERE standings.version = excluded.version RETURNING member_id`)

// StandingsDue are the sellers to be looked at by now, earliest first, at most n.
func (tx *Tx) StandingsDue(now time.Time, n int) ([]ident.Member, error) {
	rows, err := tx.q.StandingsDue(tx.ctx, microsOrNull(now), int64(n))
	return rowsOf(rows, func(id string) ident.Member { return ident.Member(id) }), err
}

// StandingEarliestDue is when the first of all sellers is to be looked at; zero
// when nobody is.
func (tx *Tx) StandingEarliestDue() (time.Time, error) {
	at, err := tx.q.StandingEarliestDue(tx.ctx)
	if isNotFound(err) {
		return time.Time{}, nil
	}
	return fromMicrosOrNull(at), err
}

// WakeStandings has every seller looked at as of an instant: the rules change.
func (tx *Tx) WakeStandings(at time.Time) error { return tx.q.StandingsWake(tx.ctx, micros(at)) }

// StandingsReady are the sellers who wait for a person's yes, who waits longest
// first, behind a place.
func (tx *Tx) StandingsReady(after time.Time, id ident.Member, most int) ([]Seller, error) {
	at := int64(math.MinInt64)
	if !after.IsZero() {
		at = micros(after)
	}
	return sellersOf(tx.q.StandingsReady(tx.ctx, at, string(id), int64(most)))
}

var levelsSQL = manyOf("StandingLevels", `SELECT s.member_id, s.level FROM standings s
WHERE s.member_id IN ($ids) AND s.level <> '' AND (SELECT m.suspended_at FROM members m WHERE m.id = s.member_id) IS NULL`)

// Levels are the levels of those of the sellers who have one and may show it.
func (tx *Tx) Levels(ids ...ident.Member) (map[ident.Member]string, error) {
	found := map[ident.Member]string{}
	err := askMany(tx, levelsSQL, ids, func(scan func(...any) error) error {
		var id, level string
		err := scan(&id, &level)
		found[ident.Member(id)] = level
		return err
	})
	return found, err
}

// Share is a link that shows somebody's figures to a helper.
type Share struct {
	ID      ident.Share
	Member  ident.Member
	Made    time.Time
	Until   time.Time
	Revoked time.Time // zero unless it was
}

// AddShare writes a link down by the hash of its secret.
func (tx *Tx) AddShare(s Share, hash string) error {
	return tx.q.StandingShareInsert(tx.ctx, db.StandingShareInsertParams{
		ID: string(s.ID), Hash: hash, MemberID: string(s.Member), MadeAt: micros(s.Made), Until: micros(s.Until),
	})
}

// ShareBy finds a link by the hash of its secret. Errors: ErrNotFound.
func (tx *Tx) ShareBy(hash string) (Share, error) {
	r, err := tx.q.StandingShareOf(tx.ctx, hash)
	return shareOf(db.StandingSharesRow(r)), err
}

// Shares are somebody's links that were not revoked, newest first.
func (tx *Tx) Shares(m ident.Member, most int) ([]Share, error) {
	rows, err := tx.q.StandingShares(tx.ctx, string(m), int64(most))
	return rowsOf(rows, shareOf), err
}

func shareOf(r db.StandingSharesRow) Share {
	return Share{
		ID: ident.Share(r.ID), Member: ident.Member(r.MemberID), Made: fromMicros(r.MadeAt), Until: fromMicros(r.Until),
		Revoked: fromMicrosOrNull(r.RevokedAt),
	}
}

// RevokeShare ends one of somebody's links. Errors: ErrNotFound.
func (tx *Tx) RevokeShare(id ident.Share, m ident.Member, at time.Time) error {
	_, err := tx.q.StandingShareRevoke(tx.ctx, string(id), string(m), microsOrNull(at))
	return err
}
