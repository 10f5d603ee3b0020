package store

import (
	"fmt"

	"guildhall/internal/store/db"
)

// auditDesk compares cases with their histories, and looks for agents at their
// own cases.
func (tx *Tx) auditDesk(odd *[]Odd) error {
	if err := oddities(tx, odd, tx.q.AuditCaseStates, func(r db.AuditCaseStatesRow) Odd {
		return Odd{"history", r.ID, fmt.Sprintf("it stands at %s, its history ends at %s", r.State, r.ToState)}
	}); err != nil {
		return err
	}
	if err := oddities(tx, odd, tx.q.AuditCaseReads, func(r db.AuditCaseReadsRow) Odd {
		return Odd{"access", r.CaseID, r.AgentID + " read through a case that does not exist, or is their own"}
	}); err != nil {
		return err
	}
	if err := oddities(tx, odd, tx.q.AuditOwnDecisions, func(r db.AuditOwnDecisionsRow) Odd {
		return Odd{"access", r.Stream, fmt.Sprintf("event %d is of %s, whose own case it is", r.Seq, r.ActorID)}
	}); err != nil {
		return err
	}
	if err := oddities(tx, odd, tx.q.AuditWarnings, func(id string) Odd {
		return Odd{"history", id, "the warning comes from no case of its member"}
	}); err != nil {
		return err
	}
	return oddities(tx, odd, tx.q.AuditLinks, func(r db.AuditLinksRow) Odd {
		return Odd{"access", r.MemberID, "it is linked to " + r.LinkedID + ", but not the other way round"}
	})
}
