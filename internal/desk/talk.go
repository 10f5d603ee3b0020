package desk

import (
	"time"

	"guildhall/internal/effect"
	"guildhall/internal/fault"
	"guildhall/internal/member"
	"guildhall/internal/policy"
)

const noCase = "There is no such case."

// Say adds words of one of the people. Errors: fault.NotFound for anybody else,
// fault.Conflict once it is decided, fault.Invalid beside text.
func Say(now time.Time, c Case, w Words, who member.Actor, p policy.Version) (Case, effect.Set, error) {
	if !c.Reads(who) {
		return c, effect.Set{}, fault.NotFound(noCase)
	}
	t := begun(now, c, who, p)
	if err := t.running(); err != nil {
		return c, effect.Set{}, err
	}
	bad := fault.Fields{}
	w.check(bad, p)
	if err := bad.Err(); err != nil {
		return c, effect.Set{}, err
	}
	to, state := ToDesk, t.c.State
	if c.Kind.Shared() && c.Other != "" && c.Opener != "" {
		to = ToBoth
	}
	if state == Answered {
		state = Waiting
	}
	t.move(Said, state, effect.Detail{Text: member.Text(w.Text), Files: w.Files, Facts: map[string]string{FactTo: to}})
	return *t.c, t.set, nil
}

// Answer adds words of the desk to one of the people, or both. The first one
// meets the target. Errors: fault.NotFound for who may not work on it,
// fault.Conflict where somebody else does, fault.Invalid beside to and text.
func Answer(now time.Time, c Case, to string, w Words, by Worker, p policy.Version) (Case, effect.Set, error) {
	t, err := working(now, c, by, p)
	if err != nil {
		return c, effect.Set{}, err
	}
	bad := fault.Fields{}
	w.check(bad, p)
	bad.Need(to == ToBoth || to == ToOpener || to == ToOther, "to", "Choose who reads it.")
	bad.Need(to == ToOther || c.Opener != "", "to", "Nobody opened this case: write to the person it is about.")
	bad.Need(to == ToOpener || c.Other != "", "to", "There is no other party in this case.")
	if err := bad.Err(); err != nil {
		return c, effect.Set{}, err
	}
	if t.c.AnsweredAt.IsZero() {
		t.c.AnsweredAt = now
	}
	if to != ToOpener {
		t.c.Told = true
	}
	state := Answered
	if t.c.State == Seconding {
		state = Seconding
	}
	t.move(Replied, state, effect.Detail{Text: member.Text(w.Text), Files: w.Files, Facts: map[string]string{FactTo: to}})
	return *t.c, t.set, nil
}

// Note adds words that only the desk reads.
func Note(now time.Time, c Case, text string, by Worker, p policy.Version) (Case, effect.Set, error) {
	if !c.MayWork(by) {
		return c, effect.Set{}, fault.NotFound(noCase)
	}
	t := begun(now, c, by.Actor, p)
	bad := fault.Fields{}
	Words{Text: text}.check(bad, p)
	if err := bad.Err(); err != nil {
		return c, effect.Set{}, err
	}
	t.happen(Noted, effect.Detail{Text: member.Text(text), Facts: map[string]string{FactTo: ToDesk}})
	return *t.c, t.set, nil
}

// Take makes the agent the one who works on the case, also in the place of
// somebody else: the story says so.
func Take(now time.Time, c Case, by Worker, p policy.Version) (Case, effect.Set, error) {
	if !c.MayWork(by) {
		return c, effect.Set{}, fault.NotFound(noCase)
	}
	t := begun(now, c, by.Actor, p)
	if err := t.running(); err != nil {
		return c, effect.Set{}, err
	}
	if t.c.Agent == by.Actor.Member {
		return c, effect.Set{}, fault.Conflict("You work on this case already.")
	}
	t.take()
	return *t.c, t.set, nil
}

// PutBack leaves the case to whoever takes it next.
func PutBack(now time.Time, c Case, by Worker, p policy.Version) (Case, effect.Set, error) {
	if !c.MayWork(by) {
		return c, effect.Set{}, fault.NotFound(noCase)
	}
	t := begun(now, c, by.Actor, p)
	if err := t.running(); err != nil {
		return c, effect.Set{}, err
	}
	if t.c.Agent != by.Actor.Member {
		return c, effect.Set{}, fault.Conflict("You do not work on this case.")
	}
	t.c.Agent = ""
	t.happen(Left, effect.Detail{})
	return *t.c, t.set, nil
}

// Withdraw closes a case that its opener no longer needs. Errors: fault.NotFound
// for anybody else, fault.Conflict once it is decided or the house opened it.
func Withdraw(now time.Time, c Case, who member.Actor, p policy.Version) (Case, effect.Set, error) {
	if !c.Reads(who) {
		return c, effect.Set{}, fault.NotFound(noCase)
	}
	t := begun(now, c, who, p)
	if err := t.running(); err != nil {
		return c, effect.Set{}, err
	}
	switch {
	case !who.Is(c.Opener):
		return c, effect.Set{}, fault.Forbidden("Only the person who opened the case can close it.")
	case c.Kind == Unheard:
		return c, effect.Set{}, fault.Conflict("This case is about a request that was not answered. It ends with a decision of the desk.")
	case c.OwesDecision():
		return c, effect.Set{}, fault.Conflict("There is one appeal for both sides, so it ends with a decision of the desk.")
	case t.c.State == Seconding:
		return c, effect.Set{}, fault.Conflict("A decision is being looked at by a second person. It cannot be withdrawn now.")
	}
	t.c.ClosedAt = now
	to := ToDesk
	if c.Told {
		to = ToBoth
	}
	t.move(WithdrawnCase, Closed, effect.Detail{Facts: map[string]string{FactTo: to}})
	return *t.c, t.set, nil
}

// running refuses what can only be done before the decision.
func (t *turn) running() error {
	switch t.c.State {
	case Decided:
		return fault.Conflict("This case is decided. Whoever does not agree can appeal.")
	case Closed:
		return fault.Conflict("This case is closed. Open a new one if there is something new.")
	}
	return nil
}

// working starts a transition of the agent who works on the case. A case of
// nobody becomes theirs.
func working(now time.Time, c Case, by Worker, p policy.Version) (turn, error) {
	if !c.MayWork(by) {
		return turn{}, fault.NotFound(noCase)
	}
	t := begun(now, c, by.Actor, p)
	if err := t.running(); err != nil {
		return t, err
	}
	switch t.c.Agent {
	case by.Actor.Member:
	case "":
		t.take()
	default:
		return t, fault.Conflict("Somebody else works on this case. Take it over first.")
	}
	return t, nil
}

func (t *turn) take() {
	from := string(t.c.Agent)
	t.c.Agent = t.who.Member
	var facts map[string]string
	if from != "" {
		facts = map[string]string{"from": from}
	}
	t.happen(Taken, effect.Detail{Facts: facts})
}
