package store

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"guildhall/internal/desk"
	"guildhall/internal/ident"
	"guildhall/internal/store/db"
)

// AddCase writes a new case. words are what the desk finds it by, beside its
// ref: names, the order's ref and title.
func (tx *Tx) AddCase(c desk.Case, words ...string) error {
	matter, err := json.Marshal(c.Matter)
	if err != nil {
		return fmt.Errorf("store: case %s: %w", c.ID, err)
	}
	tx.Notify(TopicDesk)
	return tx.q.CaseInsert(tx.ctx, db.CaseInsertParams{
		ID: string(c.ID), Ref: c.Ref, Kind: string(c.Kind), State: string(c.State), About: string(c.Subject.About), Subject: c.Subject.ID,
		OrderID: string(c.Order), OpenerID: string(c.Opener), OtherID: string(c.Other), Told: c.Told, AgentID: string(c.Agent),
		PolicyID: string(c.Policy), OpenedAt: micros(c.OpenedAt), AnswerBy: micros(c.AnswerBy), AnsweredAt: microsOrNull(c.AnsweredAt),
		Overdue: c.Overdue, DecidedAt: microsOrNull(c.DecidedAt), AppealUntil: microsOrNull(c.AppealUntil), ClosedAt: microsOrNull(c.ClosedAt),
		NextAt: microsOrNull(c.Next()), Words: strings.ToLower(strings.Join(append([]string{c.Ref}, words...), " ")),
		Matter: string(matter), Seq: int64(c.Seq),
	})
}

// TopicDesk tells of whatever changed in the desk's queue.
const TopicDesk = "desk"

// SaveCase writes what a transition changed; ErrStale when somebody was first.
func (tx *Tx) SaveCase(c desk.Case) error {
	matter, err := json.Marshal(c.Matter)
	if err != nil {
		return fmt.Errorf("store: case %s: %w", c.ID, err)
	}
	tx.Notify(TopicDesk)
	_, err = tx.fenced.CaseUpdate(tx.ctx, db.CaseUpdateParams{
		ID: string(c.ID), Version: int64(c.Version), State: string(c.State), Told: c.Told, AgentID: string(c.Agent),
		AnsweredAt: microsOrNull(c.AnsweredAt), Overdue: c.Overdue, DecidedAt: microsOrNull(c.DecidedAt),
		AppealUntil: microsOrNull(c.AppealUntil), ClosedAt: microsOrNull(c.ClosedAt), NextAt: microsOrNull(c.Next()),
		Matter: string(matter), Seq: int64(c.Seq),
	})
	return stale(err)
}

// Case reads one case. Errors: ErrNotFound.
func (tx *Tx) Case(id ident.Case) (desk.Case, error) {
	r, err := tx.q.CaseByID(tx.ctx, string(id))
	if err != nil {
		return desk.Case{}, err
	}
	return deskCaseOf(r)
}

func deskCaseOf(r db.Case) (desk.Case, error) {
	c := desk.Case{
		ID: ident.Case(r.ID), Ref: r.Ref, Kind: desk.Kind(r.Kind), State: desk.State(r.State),
		Subject: desk.Subject{About: desk.About(r.About), ID: r.Subject}, Order: ident.Order(r.OrderID),
		Opener: ident.Member(r.OpenerID), Other: ident.Member(r.OtherID), Told: r.Told, Agent: ident.Member(r.AgentID), Policy: ident.Policy(r.PolicyID),
		OpenedAt: fromMicros(r.OpenedAt), AnswerBy: fromMicros(r.AnswerBy), AnsweredAt: fromMicrosOrNull(r.AnsweredAt), Overdue: r.Overdue,
		DecidedAt: fromMicrosOrNull(r.DecidedAt), AppealUntil: fromMicrosOrNull(r.AppealUntil), ClosedAt: fromMicrosOrNull(r.ClosedAt),
		Seq: int(r.Seq), Version: int(r.Version),
	}
	if err := json.Unmarshal([]byte(r.Matter), &c.Matter); err != nil {
		return c, fmt.Errorf("store: case %s: %w", r.ID, err)
	}
	return c, nil
}

func deskCasesOf(rows []db.Case, err error) ([]desk.Case, error) {
	if err != nil {
		return nil, err
	}
	list := make([]desk.Case, len(rows))
	for i, r := range rows {
		if list[i], err = deskCaseOf(r); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// Agents says whose cases a queue shows.
type Agents struct {
	Any  bool
	Only ident.Member // unless Any: theirs, or, empty, those of nobody
}

// Queue says which cases the desk looks at.
type Queue struct {
	State desk.State
	Kind  desk.Kind // empty for any
	Agent Agents
	Late  bool       // only where the first answer's target has passed
	Words string     // part of ref, order or a name; empty for all
	After ident.Case // the last one of the page before
	Most  int
}

// CaseQueue is one page of the desk's queue, the oldest first.
func (tx *Tx) CaseQueue(w Queue) ([]desk.Case, error) {
	switch {
	case !w.Agent.Any:
		return deskCasesOf(tx.q.CasesOfAgent(tx.ctx, db.CasesOfAgentParams{
			Agent: string(w.Agent.Only), State: string(w.State), ID: string(w.After), Late: w.Late, Kind: string(w.Kind), Words: like(w.Words), Most: int64(w.Most),
		}))
	case w.Late:
		return deskCasesOf(tx.q.CasesLate(tx.ctx, db.CasesLateParams{
			State: string(w.State), ID: string(w.After), Kind: string(w.Kind), Words: like(w.Words), Most: int64(w.Most),
		}))
	}
	return deskCasesOf(tx.q.CasesQueue(tx.ctx, db.CasesQueueParams{
		State: string(w.State), ID: string(w.After), Kind: string(w.Kind), Words: like(w.Words), Most: int64(w.Most),
	}))
}

// CasesOf are the cases that a member opened or was brought into, newest first.
func (tx *Tx) CasesOf(m ident.Member, before ident.Case, most int) ([]desk.Case, error) {
	if before == "" {
		before = ident.Case(lastID("case"))
	}
	opened, err := deskCasesOf(tx.q.CasesOpened(tx.ctx, string(m), string(before), int64(most)))
	if err != nil {
		return nil, err
	}
	across, err := deskCasesOf(tx.q.CasesAcross(tx.ctx, string(m), string(before), int64(most)))
	if err != nil {
		return nil, err
	}
	all := slices.Concat(opened, across)
	slices.SortFunc(all, func(a, b desk.Case) int { return strings.Compare(string(b.ID), string(a.ID)) })
	return all[:min(len(all), most)], nil
}

// CasesOfOrder are the newest cases about an order.
func (tx *Tx) CasesOfOrder(id ident.Order, most int) ([]desk.Case, error) {
	return deskCasesOf(tx.q.CasesOfOrder(tx.ctx, string(id), int64(most)))
}

// CaseAgainst finds a case of a kind about a member that is not decided yet.
func (tx *Tx) CaseAgainst(m ident.Member, k desk.Kind) (id ident.Case, found bool, err error) {
	got, err := tx.q.CaseAgainst(tx.ctx, string(m), string(k))
	if isNotFound(err) {
		return "", false, nil
	}
	return ident.Case(got), err == nil, err
}

// CasesDue are cases whose earliest deadline is at or before now, at most n.
func (tx *Tx) CasesDue(now time.Time, n int) ([]ident.Case, error) {
	rows, err := tx.q.CasesDue(tx.ctx, microsOrNull(now), int64(n))
	return rowsOf(rows, func(id string) ident.Case { return ident.Case(id) }), err
}

// CaseEarliestDue is the instant of the earliest deadline of all cases; zero
// when there is none.
func (tx *Tx) CaseEarliestDue() (time.Time, error) {
	at, err := tx.q.CaseEarliestDue(tx.ctx)
	if isNotFound(err) {
		return time.Time{}, nil
	}
	return fromMicrosOrNull(at), err
}
