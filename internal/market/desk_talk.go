package market

import (
	"context"
	"errors"
	"time"

	"guildhall/internal/desk"
	"guildhall/internal/effect"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/policy"
	"guildhall/internal/review"
	"guildhall/internal/store"
)

// transition is one step of a case, as room desk decides it.
type transition func(tx *store.Tx, now time.Time, c desk.Case, by desk.Worker, p policy.Version) (desk.Case, effect.Set, error)

// step loads a case, lets do decide, and saves.
func (m *Market) step(ctx context.Context, tx *store.Tx, who member.Actor, id ident.Case, do transition) (desk.Case, error) {
	c, err := tx.Case(id)
	if err != nil {
		return c, missing(err, noCase)
	}
	by, err := worker(tx, who)
	if err != nil {
		return c, err
	}
	p, err := m.PolicyVersion(ctx, c.Policy)
	if err != nil {
		return c, err
	}
	next, set, err := do(tx, m.Now(), c, by, p)
	if err != nil {
		return c, err
	}
	return m.saveCase(tx, next, set)
}

// saveCase guards the case first, so that of two deciding at the same moment
// one starts anew, and then writes what happened.
func (m *Market) saveCase(tx *store.Tx, next desk.Case, set effect.Set) (desk.Case, error) {
	if len(set.Events) == 0 {
		return next, nil
	}
	if err := tx.SaveCase(next); err != nil {
		return next, err
	}
	next.Version++
	return next, tx.Carry(set)
}

// CaseWords is what somebody says in a case.
type CaseWords struct {
	Text  string       `json:"text"`
	Files []ident.File `json:"files,omitempty"`
	To    string       `json:"to,omitempty"` // of an answer of the desk: both, opener or other
}

func (w CaseWords) words() desk.Words { return desk.Words{Text: w.Text, Files: w.Files} }

// act runs one transition of a person or an agent under a key.
func (m *Market) act(ctx context.Context, who member.Actor, key Key, what string, id ident.Case, input any, do transition) (desk.Case, error) {
	all := struct {
		Case  ident.Case
		Input any
	}{id, input}
	return once(ctx, m, who, key, what, all, func(tx *store.Tx) (desk.Case, error) {
		return m.step(ctx, tx, who, id, do)
	})
}

// SayInCase adds words of one of its people. Errors: fault.NotFound for anybody
// else, fault.Conflict once it is decided, fault.Invalid beside text and files.
func (m *Market) SayInCase(ctx context.Context, who member.Actor, key Key, id ident.Case, in CaseWords) (desk.Case, error) {
	if err := who.Need(member.ScopeManage); err != nil {
		return desk.Case{}, err
	}
	return m.act(ctx, who, key, "case.say", id, in, func(tx *store.Tx, now time.Time, c desk.Case, _ desk.Worker, p policy.Version) (desk.Case, effect.Set, error) {
		next, set, err := desk.Say(now, c, in.words(), who, p)
		if err == nil {
			err = attachToCase(tx, who, id, in.Files)
		}
		return next, set, err
	})
}

// WithdrawCase closes a case that its opener no longer needs. Errors: those of
// desk.Withdraw.
func (m *Market) WithdrawCase(ctx context.Context, who member.Actor, key Key, id ident.Case) (desk.Case, error) {
	if err := who.Need(member.ScopeManage); err != nil {
		return desk.Case{}, err
	}
	return m.act(ctx, who, key, "case.withdraw", id, nil, func(tx *store.Tx, now time.Time, c desk.Case, _ desk.Worker, p policy.Version) (desk.Case, effect.Set, error) {
		next, set, err := desk.Withdraw(now, c, who, p)
		if err != nil {
			return c, set, err
		}
		if err := m.takeBackReport(tx, who, c); err != nil {
			return c, set, err
		}
		return next, set, m.followCase(ctx, tx, who, c, func(by review.Side) review.Move { return review.Keep{By: by, Withdrawn: true} })
	})
}

// AppealCase asks another agent to look again; it answers with the new case.
// Errors: those of desk.Appeal.
func (m *Market) AppealCase(ctx context.Context, who member.Actor, key Key, id ident.Case, in CaseWords) (desk.Case, error) {
	if err := who.Need(member.ScopeManage); err != nil {
		return desk.Case{}, err
	}
	input := struct {
		Case ident.Case
		In   CaseWords
	}{id, in}
	return once(ctx, m, who, key, "case.appeal", input, func(tx *store.Tx) (desk.Case, error) {
		return m.appeal(ctx, tx, who, id, in)
	})
}

func (m *Market) appeal(ctx context.Context, tx *store.Tx, who member.Actor, id ident.Case, in CaseWords) (desk.Case, error) {
	c, err := tx.Case(id)
	if err != nil {
		return c, missing(err, noCase)
	}
	p, err := m.PolicyVersion(ctx, c.Policy)
	if err != nil {
		return c, err
	}
	now := m.Now()
	draft := desk.Draft{ID: ident.New[ident.Case](m.ids, now)}
	draft.Ref = ident.RefOf(draft.ID)
	if !c.Matter.DecideBy.IsZero() {
		draft.DecideBy = review.DecideBy(now, p.Reviews.DecisionDays)
	}
	was, made, set, err := desk.Appeal(now, c, draft, in.words(), who, p)
	if err != nil {
		return c, err
	}
	if err := attachToCase(tx, who, made.ID, in.Files); err != nil {
		return c, err
	}
	if err := tx.SaveCase(was); err != nil {
		return c, err
	}
	words := []string{c.Ref}
	names := map[ident.Member]string{}
	if err := nameAll(tx, names, c.People()...); err != nil {
		return c, err
	}
	for _, m := range c.People() {
		words = append(words, names[m])
	}
	if err := tx.AddCase(made, words...); err != nil {
		return c, err
	}
	if err := m.followCase(ctx, tx, who, made, func(by review.Side) review.Move {
		return review.Reopen{By: by, Case: made.ID, DecideBy: made.Matter.DecideBy}
	}); err != nil {
		return c, err
	}
	return made, tx.Carry(set)
}

// TakeCase makes the agent the one who works on a case. Errors: fault.NotFound,
// fault.Conflict.
func (m *Market) TakeCase(ctx context.Context, who member.Actor, key Key, id ident.Case) (desk.Case, error) {
	return m.work(ctx, who, key, "case.take", id, nil, func(_ *store.Tx, now time.Time, c desk.Case, by desk.Worker, p policy.Version) (desk.Case, effect.Set, error) {
		return desk.Take(now, c, by, p)
	})
}

// PutCaseBack leaves a case to whoever takes it next. Errors: fault.NotFound,
// fault.Conflict.
func (m *Market) PutCaseBack(ctx context.Context, who member.Actor, key Key, id ident.Case) (desk.Case, error) {
	return m.work(ctx, who, key, "case.put_back", id, nil, func(_ *store.Tx, now time.Time, c desk.Case, by desk.Worker, p policy.Version) (desk.Case, effect.Set, error) {
		return desk.PutBack(now, c, by, p)
	})
}

// AnswerCase adds words of the desk. Errors: those of desk.Answer.
func (m *Market) AnswerCase(ctx context.Context, who member.Actor, key Key, id ident.Case, in CaseWords) (desk.Case, error) {
	return m.work(ctx, who, key, "case.answer", id, in, func(tx *store.Tx, now time.Time, c desk.Case, by desk.Worker, p policy.Version) (desk.Case, effect.Set, error) {
		next, set, err := desk.Answer(now, c, in.To, in.words(), by, p)
		if err == nil {
			err = attachToCase(tx, who, id, in.Files)
		}
		return next, set, err
	})
}

// NoteCase adds words that only the desk reads. Errors: those of desk.Note.
func (m *Market) NoteCase(ctx context.Context, who member.Actor, key Key, id ident.Case, text string) (desk.Case, error) {
	return m.work(ctx, who, key, "case.note", id, text, func(_ *store.Tx, now time.Time, c desk.Case, by desk.Worker, p policy.Version) (desk.Case, effect.Set, error) {
		return desk.Note(now, c, text, by, p)
	})
}

func (m *Market) work(ctx context.Context, who member.Actor, key Key, what string, id ident.Case, input any, do transition) (desk.Case, error) {
	if err := who.NeedAgent(); err != nil {
		return desk.Case{}, err
	}
	return m.act(ctx, who, key, what, id, input, do)
}

func ignoreMissing(err error) error {
	if errors.Is(err, store.ErrNotFound) || fault.KindOf(err) == fault.KindNotFound {
		return nil
	}
	return err
}

// tickCase lets the clock make its move on one case.
func (m *Market) tickCase(ctx context.Context, id ident.Case) error {
	return m.store.Update(ctx, func(tx *store.Tx) error {
		_, err := m.step(ctx, tx, member.Clock(), id, func(_ *store.Tx, now time.Time, c desk.Case, _ desk.Worker, p policy.Version) (desk.Case, effect.Set, error) {
			next, set := desk.Tick(now, c, p)
			return next, set, nil
		})
		return err
	})
}

// sweepCases fires what is due in cases.
func (m *Market) sweepCases(ctx context.Context) (int, error) {
	var due []ident.Case
	err := m.store.View(ctx, func(tx *store.Tx) error {
		var err error
		due, err = tx.CasesDue(m.Now(), sweepBatch)
		return err
	})
	if err != nil {
		return 0, err
	}
	return len(due), eachAtOnce(due, func(id ident.Case) error { return m.tickCase(ctx, id) })
}
