package desk

import (
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"guildhall/internal/effect"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/policy"
)

// turn is one transition in the making.
type turn struct {
	now time.Time
	c   *Case
	who member.Actor
	p   policy.Version
	set effect.Set
}

// Draft is what a new case is made from.
type Draft struct {
	ID      ident.Case
	Ref     string
	Kind    Kind
	Subject Subject
	Order   ident.Order
	Opener  ident.Member // empty where the house asks by itself
	Other   ident.Member
	Label   string // of the subject, one line
	Record  string // what the house attaches by itself
	Kept    string // and what of it only the desk reads

	Filed    ident.Member // who challenges the review that it is about
	DecideBy time.Time    // the target of the decision; zero for none

	Question bool // a seller reported what they were asked first as spam

	AppealOf ident.Case
}

// Words is what somebody says in a case.
type Words struct {
	Text  string
	Files []ident.File
}

// Open opens a case in somebody's words. Errors: fault.Invalid beside kind,
// text and files.
func Open(now time.Time, d Draft, w Words, who member.Actor, p policy.Version) (Case, effect.Set, error) {
	bad := fault.Fields{}
	bad.Need(slices.Contains(Kinds(), d.Kind), "kind", "Choose what it is about.")
	bad.Need(d.Kind != Cancel || d.Order != "", "kind", "Ask from the page of the order that should end.")
	bad.Need(d.Kind != Challenge || d.Subject.About == AboutReview, "kind", "Challenge a review on the page where it stands, so that its record comes along.")
	w.check(bad, p)
	if err := bad.Err(); err != nil {
		return Case{}, effect.Set{}, err
	}
	d.Opener = who.Member
	c, set := begin(now, d, w, who, p)
	return c, set, nil
}

// OpenReport opens a case about a message, in the words of whoever reported it:
// the reason that they chose, and what they added, which room talk has bounded.
// The reason stands before it and takes nothing from its length.
func OpenReport(now time.Time, d Draft, reason, text string, who member.Actor, p policy.Version) (Case, effect.Set) {
	d.Kind, d.Opener = Breach, who.Member
	words := "A message was reported: " + reason + "."
	if text != "" {
		words += "\n" + text
	}
	return begin(now, d, Words{Text: words}, who, p)
}

// OpenForHouse opens a case that nobody wrote: why says what the clock or the
// house saw.
func OpenForHouse(now time.Time, d Draft, why string, p policy.Version) (Case, effect.Set) {
	return begin(now, d, Words{Text: why}, member.Clock(), p)
}

func begin(now time.Time, d Draft, w Words, who member.Actor, p policy.Version) (Case, effect.Set) {
	c := Case{
		ID: d.ID, Ref: d.Ref, Kind: d.Kind, State: Waiting, Subject: d.Subject, Order: d.Order,
		Opener: d.Opener, Other: d.Other, Told: d.Other != "" && d.Kind.Shared(), Policy: p.ID,
		OpenedAt: now, AnswerBy: now.Add(p.Desk.FirstAnswer.D()), Matter: Matter{Title: d.Label, AppealOf: d.AppealOf, Question: d.Question, Filed: d.Filed, DecideBy: d.DecideBy},
	}
	t := turn{now: now, c: &c, who: who, p: p}
	to := ToDesk
	if c.Told {
		to = ToBoth
	}
	facts := map[string]string{FactTo: to, FactKind: string(c.Kind)}
	if d.AppealOf != "" {
		facts[FactAppealOf] = string(d.AppealOf)
	}
	if d.Record != "" {
		facts[FactRecord] = d.Record
	}
	if d.Kept != "" {
		facts[FactKept] = d.Kept
	}
	t.happen(Opened, effect.Detail{Text: member.Text(w.Text), Files: w.Files, Until: c.AnswerBy, Facts: facts})
	return c, t.set
}

// minText is the fewest characters that can say something.
const minText = 10

func (w Words) check(bad fault.Fields, p policy.Version) {
	n := utf8.RuneCountInString(member.Text(w.Text))
	bad.Need(n >= minText, "text", fmt.Sprintf("Write at least %d characters, so that somebody else can understand it.", minText))
	bad.Need(n <= p.Limits.TextRunes, "text", fmt.Sprintf("At most %d characters, please.", p.Limits.TextRunes))
	bad.Need(len(w.Files) <= p.Limits.FilesPerPost, "files", fmt.Sprintf("At most %d files at once.", p.Limits.FilesPerPost))
}

// happen records an event in the state the case is in.
func (t *turn) happen(kind effect.Kind, d effect.Detail) { t.move(kind, t.c.State, d) }

// move records an event that takes the case to a state.
func (t *turn) move(kind effect.Kind, to State, d effect.Detail) {
	t.c.Seq++
	from := t.c.State
	if t.c.Seq == 1 {
		from = ""
	}
	t.set.Events = append(t.set.Events, effect.Event{
		Stream: string(t.c.ID), Seq: t.c.Seq, Kind: kind, At: t.now, Actor: t.who.Member, Role: t.role(),
		From: string(from), To: string(to), Detail: d,
	})
	t.c.State = to
}

// role is the capacity shown in the story: a person of the case is one, whatever
// else they do in the house.
func (t *turn) role() member.Role {
	if _, party := t.c.SideOf(t.who.Member); party {
		return member.RoleMember
	}
	return t.who.Role
}

// begun starts a transition: what is past by then happens first.
func begun(now time.Time, c Case, who member.Actor, p policy.Version) turn {
	next := c
	next.Matter.Warnings = slices.Clone(c.Matter.Warnings)
	t := turn{now: now, c: &next, who: who, p: p}
	t.catchUp()
	return t
}

// catchUp fires the deadlines that are past, each at its own instant.
func (t *turn) catchUp() {
	at, who := t.now, t.who
	defer func() { t.now, t.who = at, who }()
	t.who = member.Clock()
	for {
		due := t.c.Next()
		if due.IsZero() || due.After(at) {
			return
		}
		t.now = due
		if t.c.State == Decided {
			t.c.ClosedAt = due
			t.move(ClosedByTime, Closed, effect.Detail{Facts: map[string]string{FactTo: t.c.readers()}})
			continue
		}
		if due.Equal(t.c.Matter.DecideBy) && !t.c.Matter.Late {
			t.c.Matter.Late = true
			t.happen(DecisionLate, effect.Detail{})
			continue
		}
		t.c.Overdue = true
		t.happen(FirstOverdue, effect.Detail{})
	}
}

// Tick fires what is due and does nothing else.
func Tick(now time.Time, c Case, p policy.Version) (Case, effect.Set) {
	t := begun(now, c, member.Clock(), p)
	return *t.c, t.set
}
