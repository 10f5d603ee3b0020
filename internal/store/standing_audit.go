package store

import (
	"fmt"

	"guildhall/internal/ident"
	"guildhall/internal/standing"
	"guildhall/internal/store/db"
)

// AuditStanding reads what is kept of the orders between two ids, both
// included, by order: what the orders themselves add, without what is said of
// them afterwards.
func (tx *Tx) AuditStanding(first, last ident.Order) (map[ident.Order][]standing.Contribution, error) {
	rows, err := tx.q.AuditStanding(tx.ctx, string(first), string(last))
	kept := map[ident.Order][]standing.Contribution{}
	for _, r := range rows {
		c := contributionOf(r)
		kept[c.Order] = append(kept[c.Order], c)
	}
	return kept, err
}

// AuditRatings reads what is kept of reviews of the orders between two ids,
// both included, by order.
func (tx *Tx) AuditRatings(first, last ident.Order) (map[ident.Order][]standing.Contribution, error) {
	rows, err := tx.q.AuditRatings(tx.ctx, string(first), string(last))
	kept := map[ident.Order][]standing.Contribution{}
	for _, r := range rows {
		c := contributionOf(r)
		kept[c.Order] = append(kept[c.Order], c)
	}
	return kept, err
}

// AllFirstMessages reads first messages in the order of their threads' ids.
func (tx *Tx) AllFirstMessages(after ident.Thread, most int) ([]Asked, error) {
	rows, err := tx.q.AuditThreadFirsts(tx.ctx, string(after), int64(most))
	return rowsOf(rows, func(r db.ThreadFirst) Asked { return Asked{ident.Thread(r.ThreadID), firstOf(r)} }), err
}

// AuditResponses reads what is kept of the threads between two ids, both
// included.
func (tx *Tx) AuditResponses(first, last ident.Thread) (map[ident.Thread][]standing.Contribution, error) {
	rows, err := tx.q.AuditResponses(tx.ctx, string(first), string(last))
	kept := map[ident.Thread][]standing.Contribution{}
	for _, r := range rows {
		c := contributionOf(r)
		kept[ident.Thread(c.Subject)] = append(kept[ident.Thread(c.Subject)], c)
	}
	return kept, err
}

// AllSellers reads where sellers stand in the order of their ids.
func (tx *Tx) AllSellers(after ident.Member, most int) ([]Seller, error) {
	return sellersOf(tx.q.AuditStandings(tx.ctx, string(after), int64(most)))
}

// auditAlone looks for what figures keep of things that do not exist, or of
// people who are no party to them, and for totals that are not their sums.
func (tx *Tx) auditAlone(odd *[]Odd) error {
	if err := oddities(tx, odd, tx.q.AuditContributionsAlone, func(r db.AuditContributionsAloneRow) Odd {
		return Odd{"standing", r.MemberID, "their figure " + r.Figure + " keeps something that is not theirs: " + r.SubjectID}
	}); err != nil {
		return err
	}
	if err := oddities(tx, odd, tx.q.AuditStandingAlone, func(id string) Odd {
		return Odd{"standing", id, "they have figures of a seller and no standing"}
	}); err != nil {
		return err
	}
	return oddities(tx, odd, tx.q.AuditStandingSums, func(r db.AuditStandingSumsRow) Odd {
		return Odd{"standing", r.MemberID, fmt.Sprintf("their totals are kept as %d completed, %d earned, %d reviews of %d and %d tombstones; their contributions add up to %d, %d, %d of %d and %d",
			r.Completed, r.Earned, r.Rated, r.Stars, r.Removed, r.IsCompleted, r.IsEarned, r.IsRated, r.IsStars, r.IsRemoved)}
	})
}
