package desk

import (
	"slices"
	"strings"
	"time"

	"guildhall/internal/effect"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/money"
	"guildhall/internal/policy"
)

// Shown is what an agent saw of a decision's effect before confirming it, and
// what the letter says beyond the decision itself.
type Shown struct {
	Digest   string
	Amount   money.Amount    // that it moves
	Names    map[Side]string // of the people
	Rules    ident.Policy    // the version it was decided under
	Warnings []Warned        // it gives
}

// Decide decides a case, or, above the amount of the policy, proposes the
// decision to a second person: then the case is Seconding and nothing has
// happened yet. Errors: those of Answer; fault.Invalid beside the parts.
func Decide(now time.Time, c Case, d Decision, s Shown, by Worker, p policy.Version) (Case, effect.Set, error) {
	t, err := working(now, c, by, p)
	if err != nil {
		return c, effect.Set{}, err
	}
	if t.c.State == Seconding {
		return c, effect.Set{}, fault.Conflict("A decision waits for a second person already.")
	}
	d.Rule, d.Facts, d.Hold = strings.TrimSuffix(member.Line(d.Rule), "."), member.Text(d.Facts), member.Line(d.Hold)
	if err := d.Check(c, p); err != nil {
		return c, effect.Set{}, err
	}
	r := Ruling{Decision: d, By: by.Actor.Member, At: now, Digest: s.Digest, Amount: s.Amount}
	t.c.Matter.Ruling = &r
	if TwoPersons(s.Amount, p) {
		t.move(Proposed, Seconding, effect.Detail{
			Text: d.Facts, Amount: s.Amount.Minor,
			Facts: map[string]string{FactTo: ToDesk, FactRule: d.Rule, FactDoes: strings.Join(d.Does(s.Names, p), "; ")},
		})
		return *t.c, t.set, nil
	}
	t.settle(s)
	return *t.c, t.set, nil
}

// TwoPersons tells whether a decision that moves so much needs a second person.
func TwoPersons(moved money.Amount, p policy.Version) bool {
	return moved.Minor > int64(p.Desk.TwoPersonsAbove)
}

// Second is the word of the second person: yes makes the decision happen, no
// sends it back. Errors: fault.NotFound, fault.Conflict, fault.Forbidden for the
// one who proposed it, fault.Invalid beside text for a no without a reason.
func Second(now time.Time, c Case, yes bool, text string, s Shown, by Worker, p policy.Version) (Case, effect.Set, error) {
	if !c.MayWork(by) {
		return c, effect.Set{}, fault.NotFound(noCase)
	}
	t := begun(now, c, by.Actor, p)
	r := t.c.Matter.Ruling
	switch {
	case t.c.State != Seconding || r == nil:
		return c, effect.Set{}, fault.Conflict("No decision of this case waits for a second person.")
	case by.Actor.Is(r.By):
		return c, effect.Set{}, fault.Forbidden("This is your own decision: another person must look at it.")
	}
	text = member.Text(text)
	if !yes {
		bad := fault.Fields{}
		Words{Text: text}.check(bad, p)
		if err := bad.Err(); err != nil {
			return c, effect.Set{}, err
		}
		t.c.Matter.Ruling = nil
		t.move(SecondRefused, Waiting, effect.Detail{Text: text, Facts: map[string]string{FactTo: ToDesk}})
		return *t.c, t.set, nil
	}
	agreed := *r
	agreed.Second, agreed.At = by.Actor.Member, now
	t.c.Matter.Ruling = &agreed
	t.settle(s)
	return *t.c, t.set, nil
}

// settle makes the ruling final: the letter goes out and the appeal runs.
func (t *turn) settle(s Shown) {
	c, r := t.c, t.c.Matter.Ruling
	heard := c.Told
	c.DecidedAt, c.Told = t.now, c.Told || c.Other != "" && r.Decision.concerns(Across)
	if c.AnsweredAt.IsZero() {
		c.AnsweredAt = t.now
	}
	c.Matter.Warnings = s.Warnings
	to := Decided
	if c.Matter.AppealOf == "" {
		c.AppealUntil = t.now.Add(t.p.Desk.Appeal.D())
	} else {
		to, c.ClosedAt = Closed, t.now // the last word
	}
	t.move(DecidedCase, to, effect.Detail{
		Text: r.Decision.Facts, Until: c.AppealUntil, Amount: r.Amount.Minor,
		Facts: map[string]string{
			FactTo: c.readers(), FactRule: r.Decision.Rule, FactRole: DecidedBy(t.who, r.Second != ""),
			FactDoes: strings.Join(r.Decision.Does(c.called(s.Names, heard), t.p), "; "), FactPolicy: string(s.Rules),
		},
	})
}

// called is what a letter calls the people of the case. Where both read it, and one
// must not learn who the other is, it says by what they did. heard tells whether the
// other side was told of the case before: only then can it be them who appealed.
func (c Case) called(names map[Side]string, heard bool) map[Side]string {
	called := map[Side]string{Opener: names[Opener], Across: names[Across]}
	switch appeal := c.Matter.AppealOf != ""; {
	case !c.Told || !c.Shields(Across):
	case appeal && heard:
		called[Opener], called[Across] = "the one who appealed", "the one who did not appeal"
	case appeal:
		called[Opener] = "the one who appealed"
	default:
		called[Opener] = "the one who opened the case"
	}
	return called
}

// DecidedBy names in which capacity a case is decided, by somebody or by a second
// person too; never by whom.
func DecidedBy(who member.Actor, second bool) string {
	switch {
	case second:
		return "two support agents"
	case who.Role == member.RoleOperator:
		return "an operator of the house"
	}
	return "a support agent"
}

// Appeal asks another agent to look again. It closes the case and opens one that
// follows it, on which nobody who decided the first may work, and in which
// everybody is heard who was told of the decision: there is no other. Errors:
// fault.NotFound, fault.Conflict, fault.Expired, fault.Invalid beside text.
func Appeal(now time.Time, c Case, next Draft, w Words, who member.Actor, p policy.Version) (was, made Case, set effect.Set, err error) {
	side, ok := c.SideOf(who.Member)
	if !ok || !c.Reads(who) {
		return c, made, set, fault.NotFound(noCase)
	}
	switch {
	case c.Matter.AppealOf != "":
		return c, made, set, fault.Conflict("This was decided on appeal already: the house has spoken its last word.")
	case c.Matter.Appeal != "":
		return c, made, set, fault.Conflict("An appeal against this decision is open already.")
	case c.DecidedAt.IsZero():
		return c, made, set, fault.Conflict("There is no decision yet to appeal against.")
	case !c.Appealable(now):
		return c, made, set, fault.Expired("The time to appeal is over: the decision stands.")
	}
	bad := fault.Fields{}
	w.check(bad, p)
	if err := bad.Err(); err != nil {
		return c, made, set, err
	}
	t := begun(now, c, who, p)
	t.c.ClosedAt, t.c.Matter.Appeal = now, next.ID
	t.move(Appealed, Closed, effect.Detail{Facts: map[string]string{FactTo: t.c.readers(), "appeal": string(next.ID)}})
	next.Kind, next.Subject, next.Order, next.Label = c.Kind, c.Subject, c.Order, c.Matter.Title
	next.Opener, next.Other, next.AppealOf = who.Member, c.At(side.Other()), c.ID
	next.Filed, next.Question = c.Matter.Filed, c.Matter.Question
	made, more := begin(now, next, w, who, p)
	made.Matter.Barred, made.Told = barred(c), made.Other != "" && c.Told
	t.set.Add(more)
	return *t.c, made, t.set, nil
}

// barred are those who decided, or worked on, the first decision.
func barred(c Case) []ident.Member {
	var list []ident.Member
	if r := c.Matter.Ruling; r != nil {
		list = append(list, r.By, r.Second)
	}
	list = append(list, c.Agent)
	slices.Sort(list)
	return slices.DeleteFunc(slices.Compact(list), func(m ident.Member) bool { return m == "" })
}
