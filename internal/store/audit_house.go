package store

import (
	"context"
	"fmt"

	"guildhall/internal/store/db"
)

// Odd is a row that contradicts another: what no rule could have written.
type Odd struct {
	Rule    string // which invariant: money, counts, history …
	Subject string // id, account or key
	What    string // in words
}

// AuditHouse compares what is kept twice, over the whole database: entries with
// their postings, balances and counts with what they sum, histories with their
// subjects. An empty list is a sound house; each check names at most a hundred.
func (tx *Tx) AuditHouse() ([]Odd, error) {
	var odd []Odd
	for _, check := range []func(*[]Odd) error{
		tx.auditBooks, tx.auditSums, tx.auditCounts, tx.auditDays, tx.auditHistories, tx.auditNotices, tx.auditDoors, tx.auditDesk, tx.auditAlone, tx.auditTalks, tx.auditReviews,
	} {
		if err := check(&odd); err != nil {
			return nil, err
		}
	}
	return odd, nil
}

// oddities runs one query and says each of its rows in words.
func oddities[R any](tx *Tx, odd *[]Odd, run func(context.Context) ([]R, error), say func(R) Odd) error {
	rows, err := run(tx.ctx)
	for _, r := range rows {
		*odd = append(*odd, say(r))
	}
	return err
}

func (tx *Tx) auditBooks(odd *[]Odd) error {
	if err := oddities(tx, odd, tx.q.AuditUnbalanced, func(r db.AuditUnbalancedRow) Odd {
		return Odd{"money", r.Stream, fmt.Sprintf("entry %d has %d postings that sum to %d; they must be two or more and sum to nothing", r.No, r.N, r.Total)}
	}); err != nil {
		return err
	}
	if err := oddities(tx, odd, tx.q.AuditPostingsAlone, func(r db.AuditPostingsAloneRow) Odd {
		return Odd{"money", r.Stream, fmt.Sprintf("a posting belongs to entry %d, which does not exist", r.No)}
	}); err != nil {
		return err
	}
	if err := oddities(tx, odd, tx.q.AuditEntriesAlone, func(r db.AuditEntriesAloneRow) Odd {
		return Odd{"money", r.Stream, fmt.Sprintf("entry %d has no postings", r.No)}
	}); err != nil {
		return err
	}
	return oddities(tx, odd, tx.q.AuditSealless, func(r db.AuditSeallessRow) Odd {
		return Odd{"seals", r.Stream, fmt.Sprintf("entry %d carries the number of seal %d, which does not exist", r.No, *r.Seal)}
	})
}

func (tx *Tx) auditSums(odd *[]Odd) error {
	if err := oddities(tx, odd, tx.q.AuditBalances, func(r db.AuditBalancesRow) Odd {
		return Odd{"balances", r.Account, fmt.Sprintf("the balance says %d, its postings sum to %d", r.Kept, r.Posted)}
	}); err != nil {
		return err
	}
	if err := oddities(tx, odd, tx.q.AuditWithdrawals, func(r db.AuditWithdrawalsRow) Odd {
		return Odd{"money", r.MemberID, fmt.Sprintf("withdrawals ask for %d to be booked as %s, %d is", r.Asked, r.Kind, r.Booked)}
	}); err != nil {
		return err
	}
	if err := oddities(tx, odd, tx.q.AuditPayoutRefs, func(r db.AuditPayoutRefsRow) Odd {
		return Odd{"money", r.Provider, fmt.Sprintf("the provider's word about this payout was booked %d times", r.N)}
	}); err != nil {
		return err
	}
	if err := oddities(tx, odd, tx.q.AuditDebts, func(r db.AuditDebtsRow) Odd {
		if r.Owed > 0 {
			return Odd{"balances", r.Account, fmt.Sprintf("it stands at %d: more was paid off than was owed", r.Owed)}
		}
		return Odd{"balances", r.Account, fmt.Sprintf("%d is owed while %d is there that could pay it off", -r.Owed, r.Available)}
	}); err != nil {
		return err
	}
	return oddities(tx, odd, tx.q.AuditNegative, func(r db.AuditNegativeRow) Odd {
		return Odd{"balances", r.Account, fmt.Sprintf("it stands at %d, below nothing", r.Minor)}
	})
}

func (tx *Tx) auditCounts(odd *[]Odd) error {
	if err := oddities(tx, odd, tx.q.AuditOrderCounts, func(r db.AuditOrderCountsRow) Odd {
		return Odd{"counts", r.MemberID, fmt.Sprintf("as %s: %d orders counted in %s, %d are there", r.Side, r.Kept, r.Bucket, r.There)}
	}); err != nil {
		return err
	}
	if err := oddities(tx, odd, tx.q.AuditGigLoads, func(r db.AuditGigLoadsRow) Odd {
		return Odd{"counts", r.GigID, fmt.Sprintf("%d places are counted as taken, %d orders take one", r.Kept, r.There)}
	}); err != nil {
		return err
	}
	if err := oddities(tx, odd, tx.q.AuditNoticeCounts, func(r db.AuditNoticeCountsRow) Odd {
		return Odd{"counts", r.MemberID, fmt.Sprintf("%d notices are counted as unread, %d are", r.Kept, r.There)}
	}); err != nil {
		return err
	}
	return oddities(tx, odd, tx.q.AuditListings, func(r db.AuditListingsRow) Odd {
		if r.State == "active" {
			return Odd{"counts", r.ID, "the gig is for sale and stands in no list"}
		}
		return Odd{"counts", r.ID, "the gig is " + r.State + " and still stands in the lists"}
	})
}

func (tx *Tx) auditHistories(odd *[]Odd) error {
	if err := oddities(tx, odd, tx.q.AuditEventGaps, func(r db.AuditEventGapsRow) Odd {
		return Odd{"history", r.Stream, fmt.Sprintf("it has %d events, numbered up to %d: some are missing", r.N, r.Last)}
	}); err != nil {
		return err
	}
	if err := oddities(tx, odd, tx.q.AuditEventsAlone, func(r db.AuditEventsAloneRow) Odd {
		return Odd{"history", r.Stream, "the event " + r.Kind + " happened to nothing that exists"}
	}); err != nil {
		return err
	}
	return oddities(tx, odd, tx.q.AuditSubjects, func(r db.AuditSubjectsRow) Odd {
		return Odd{"history", r.ID, fmt.Sprintf("it says that %d things happened to it, its history has %d", r.Seq, r.N)}
	})
}

func (tx *Tx) auditNotices(odd *[]Odd) error {
	if err := oddities(tx, odd, tx.q.AuditNoticesAlone, func(r db.AuditNoticesAloneRow) Odd {
		return Odd{"notices", r.MemberID, fmt.Sprintf("a notice tells of event %d of %s, which never happened", r.Seq, r.Stream)}
	}); err != nil {
		return err
	}
	return oddities(tx, odd, tx.q.AuditDeadJobs, func(r db.AuditDeadJobsRow) Odd {
		return Odd{"errands", r.Key, "it was given up: " + r.LastError}
	})
}

func (tx *Tx) auditDoors(odd *[]Odd) error {
	if err := oddities(tx, odd, tx.q.AuditPlainSecrets, func(r db.AuditPlainSecretsRow) Odd {
		return Odd{"access", r.ID, "one of the " + r.Place + " is not kept as a hash"}
	}); err != nil {
		return err
	}
	if err := oddities(tx, odd, tx.q.AuditOpenDoors, func(who string) Odd {
		return Odd{"access", who, "the member is suspended and still signed in"}
	}); err != nil {
		return err
	}
	return oddities(tx, odd, tx.q.AuditOpenTokens, func(who string) Odd {
		return Odd{"access", who, "the member is suspended and has an API token that would open again"}
	})
}

// Unexplained is a reference at the payment provider of which its statement and
// the house's books tell different sums.
type Unexplained struct {
	Ref, Kind     string // charge, refund, payout …
	Booked, Moved int64
}

// AuditClearing compares the clearing account with the play provider's
// statement, line by line.
func (tx *Tx) AuditClearing() ([]Unexplained, error) {
	rows, err := tx.q.AuditClearing(tx.ctx)
	return rowsOf(rows, func(r db.AuditClearingRow) Unexplained { return Unexplained(r) }), err
}
