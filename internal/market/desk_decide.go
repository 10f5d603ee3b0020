package market

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"time"

	"guildhall/internal/desk"
	"guildhall/internal/effect"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/ledger"
	"guildhall/internal/member"
	"guildhall/internal/money"
	"guildhall/internal/order"
	"guildhall/internal/policy"
	"guildhall/internal/review"
	"guildhall/internal/standing"
	"guildhall/internal/store"
)

// DecisionPreview is what a decision would do, decided by the very code that
// will do it, and not saved.
type DecisionPreview struct {
	Digest   string // the same until the effect would differ
	Amount   money.Amount
	Second   bool         // it needs a second person
	Was      *order.Order // before; nil where no order is concerned
	Next     *order.Order // after
	Moved    map[ledger.Account]int64
	Figures  []standing.Change       // of both parties, those that the order touches
	Level    *standing.LevelChange   // of the order's seller; nil where no order is concerned
	Warned   map[desk.Side]time.Time // until when
	Suspends []desk.Side
	Lifts    []desk.Side
	Names    map[desk.Side]string
	People   map[desk.Side]ident.Member
	Does     []string // in words
	Rated    *Rated   // what becomes of the review that the case is about
}

// verdict is a decision worked out in a transaction, ready to be shown or saved.
type verdict struct {
	shown   DecisionPreview
	set     effect.Set
	policy  policy.Version // of the order
	members map[desk.Side]member.Member

	reviewed  reviewed // that the case is about …
	review    review.Pair
	reviewSet effect.Set // … and what becomes of it
}

// PreviewDecision shows an agent what a decision would do to both parties.
// Errors: fault.NotFound, fault.Invalid beside the parts, and what the order's
// own table refuses.
func (m *Market) PreviewDecision(ctx context.Context, who member.Actor, id ident.Case, d desk.Decision) (DecisionPreview, error) {
	if err := who.NeedAgent(); err != nil {
		return DecisionPreview{}, err
	}
	var v verdict
	err := m.store.View(ctx, func(tx *store.Tx) error {
		c, _, err := m.workOn(tx, who, id)
		if err != nil {
			return err
		}
		p, err := m.PolicyVersion(ctx, c.Policy)
		if err != nil {
			return err
		}
		if err := d.Check(c, p); err != nil {
			return err
		}
		v, err = m.weigh(ctx, tx, who, c, d, p)
		return err
	})
	return v.shown, err
}

// ProposedDecision is the preview of what waits for a second person, as its
// effect would be now. Errors: fault.NotFound, fault.Conflict.
func (m *Market) ProposedDecision(ctx context.Context, who member.Actor, id ident.Case) (DecisionPreview, error) {
	if err := who.NeedAgent(); err != nil {
		return DecisionPreview{}, err
	}
	var v verdict
	err := m.store.View(ctx, func(tx *store.Tx) error {
		c, _, err := m.workOn(tx, who, id)
		if err != nil {
			return err
		}
		if c.State != desk.Seconding {
			return fault.Conflict("No decision of this case waits for a second person.")
		}
		p, err := m.PolicyVersion(ctx, c.Policy)
		if err != nil {
			return err
		}
		v, err = m.weigh(ctx, tx, who, c, c.Matter.Ruling.Decision, p)
		return err
	})
	return v.shown, err
}

// errOtherEffect refuses a confirmation of something that is no longer so.
var errOtherEffect = fault.Conflict("What this decision would do has changed since it was shown. Nothing happened: look at the effect again.")

// DecideCase confirms a decision whose effect was shown: everything in it
// happens in one transaction, or nothing. Above the amount of the policy it
// waits for a second person instead. Errors: those of desk.Decide and of the
// order's moves; fault.Conflict when the effect would now differ.
func (m *Market) DecideCase(ctx context.Context, who member.Actor, key Key, id ident.Case, d desk.Decision, digest string) (desk.Case, error) {
	input := struct {
		Decision desk.Decision
		Digest   string
	}{d, digest}
	return m.work(ctx, who, key, "case.decide", id, input, func(tx *store.Tx, now time.Time, c desk.Case, by desk.Worker, p policy.Version) (desk.Case, effect.Set, error) {
		if !c.MayWork(by) {
			return c, effect.Set{}, fault.NotFound(noCase)
		}
		if err := d.Check(c, p); err != nil {
			return c, effect.Set{}, err
		}
		return m.settleCase(ctx, tx, who, c, d, digest, p, func(s desk.Shown) (desk.Case, effect.Set, error) {
			return desk.Decide(now, c, d, s, by, p)
		})
	})
}

// SecondCase is the second person's word on a proposed decision. Errors: those
// of desk.Second; fault.Conflict when the effect would now differ from digest.
func (m *Market) SecondCase(ctx context.Context, who member.Actor, key Key, id ident.Case, yes bool, text, digest string) (desk.Case, error) {
	input := struct {
		Yes          bool
		Text, Digest string
	}{yes, text, digest}
	return m.work(ctx, who, key, "case.second", id, input, func(tx *store.Tx, now time.Time, c desk.Case, by desk.Worker, p policy.Version) (desk.Case, effect.Set, error) {
		if !yes || c.State != desk.Seconding || !c.MayWork(by) || c.Matter.Ruling == nil {
			return desk.Second(now, c, yes, text, desk.Shown{}, by, p)
		}
		return m.settleCase(ctx, tx, who, c, c.Matter.Ruling.Decision, digest, p, func(s desk.Shown) (desk.Case, effect.Set, error) {
			return desk.Second(now, c, true, text, s, by, p)
		})
	})
}

// settleCase weighs a decision, lets decide say what becomes of the case, and,
// once it is decided, saves what it does to the order and to people.
func (m *Market) settleCase(ctx context.Context, tx *store.Tx, who member.Actor, c desk.Case, d desk.Decision, digest string, p policy.Version,
	decide func(desk.Shown) (desk.Case, effect.Set, error),
) (desk.Case, effect.Set, error) {
	v, err := m.weigh(ctx, tx, who, c, d, p)
	if err != nil {
		return c, effect.Set{}, err
	}
	if digest != v.shown.Digest {
		return c, effect.Set{}, errOtherEffect
	}
	s := desk.Shown{Digest: digest, Amount: v.shown.Amount, Names: v.shown.Names, Rules: p.ID}
	if v.shown.Next != nil {
		s.Rules = v.policy.ID
	}
	for _, side := range d.Warn {
		s.Warnings = append(s.Warnings, desk.Warned{Warning: ident.New[ident.Warning](m.ids, m.Now()), Side: side})
	}
	next, set, err := decide(s)
	if err != nil || next.DecidedAt.IsZero() {
		return next, set, err
	}
	if v.shown.Next != nil && v.shown.Next.Seq != v.shown.Was.Seq {
		if _, err := m.save(tx, *v.shown.Was, *v.shown.Next, v.set, v.policy); err != nil {
			return c, effect.Set{}, err
		}
	}
	if err := m.settleReview(tx, v); err != nil {
		return c, effect.Set{}, err
	}
	return next, set, m.settlePeople(tx, who, next, d, s, v)
}

// weigh works a decision out against the world as it is now.
func (m *Market) weigh(ctx context.Context, tx *store.Tx, who member.Actor, c desk.Case, d desk.Decision, p policy.Version) (v verdict, err error) {
	now := m.Now()
	v.members = map[desk.Side]member.Member{}
	v.shown = DecisionPreview{
		Amount: money.Zero(p.Currency), Names: map[desk.Side]string{}, People: map[desk.Side]ident.Member{}, Warned: map[desk.Side]time.Time{}, Suspends: d.Suspend, Lifts: d.Lift,
	}
	for _, side := range []desk.Side{desk.Opener, desk.Across} {
		if c.At(side) == "" {
			continue
		}
		if v.members[side], err = tx.Member(c.At(side)); err != nil {
			return v, err
		}
		v.shown.Names[side], v.shown.People[side] = v.members[side].Name, c.At(side)
	}
	if err := maySuspend(who, d, v.members); err != nil {
		return v, err
	}
	for _, side := range d.Warn {
		v.shown.Warned[side] = now.Add(m.Policy().Standing.WarningLife.D())
	}
	if c.Order != "" {
		if err := m.weighOrder(ctx, tx, who, c, d, &v); err != nil {
			return v, err
		}
	}
	if err := m.weighReview(ctx, tx, who, c, d, &v); err != nil {
		return v, err
	}
	v.shown.Does = d.Does(v.shown.Names, p)
	v.shown.Second = desk.TwoPersons(v.shown.Amount, p)
	v.shown.Digest = v.digest(d)
	return v, nil
}

// maySuspend keeps agents from closing the login of somebody of the house.
func maySuspend(who member.Actor, d desk.Decision, members map[desk.Side]member.Member) error {
	for _, side := range d.Suspend {
		if members[side].Staff() && who.Role != member.RoleOperator {
			return fault.Invalid("suspend", "Only an operator can suspend somebody who works for the house.")
		}
		if members[side].Suspended() {
			return fault.Invalid("suspend", "This account is suspended already.")
		}
	}
	return nil
}

// weighOrder makes the decision's moves on the order, one after the other.
func (m *Market) weighOrder(ctx context.Context, tx *store.Tx, who member.Actor, c desk.Case, d desk.Decision, v *verdict) error {
	o, err := tx.Order(c.Order)
	if err != nil {
		return err
	}
	if v.policy, err = m.PolicyVersion(ctx, o.Policy); err != nil {
		return err
	}
	available, err := tx.Balance(ledger.Available(o.Seller), o.Total.Currency)
	if err != nil {
		return err
	}
	now := m.Now()
	if err := heardOf(tx, &o, now); err != nil { // a silence that is over by now ends first
		return err
	}
	if err := levelOf(tx, &o, nil); err != nil {
		return err
	}
	next, agent := o, member.Actor{Member: who.Member, Role: member.RoleAgent}
	for _, mv := range d.Moves(available.Minor) {
		var more effect.Set
		if next, more, err = order.Decide(now, next, agent, mv, v.policy); err != nil {
			return err
		}
		v.set.Add(more)
	}
	if c.Kind == desk.Unheard && next.Held() && d.Hold == "" {
		return fault.Invalid("part", "The order is on hold because of this case. End it, or let its clocks run again.")
	}
	v.shown.Was, v.shown.Next = &o, &next
	v.shown.Amount, v.shown.Moved = moved(o.Total.Currency, v.set)
	before, err := m.figuresBefore(ctx, tx, o)
	if err != nil {
		return err
	}
	level := before.level(next, now)
	v.shown.Figures, v.shown.Level = before.after(next, now), &level
	return nil
}

// moved is how much money a set moves: the larger of what any entry carries,
// summed; and by how much each account changes.
func moved(in money.Currency, set effect.Set) (money.Amount, map[ledger.Account]int64) {
	var all int64
	sums := map[ledger.Account]int64{}
	for _, e := range set.Entries {
		for _, p := range e.Postings {
			all += max(0, p.Minor)
			sums[p.Account] += p.Minor
		}
	}
	return money.Of(all, in), sums
}

// digest names the effect: the same until it would differ. The words of the
// letter, and instants that follow from the moment of the decision, are not part
// of it.
func (v verdict) digest(d desk.Decision) string {
	type shift struct {
		Figure, Member, Before, After string
		Noted                         [2]int
	}
	var line struct {
		Decision desk.Decision
		Events   []string
		Moved    map[ledger.Account]int64
		Figures  []shift
		Barred   map[desk.Side]bool
		Level    string
	}
	if v.shown.Level != nil {
		line.Level = v.shown.Level.After
	}
	d.Rule, d.Facts = "", ""
	line.Decision, line.Moved, line.Barred = d, v.shown.Moved, map[desk.Side]bool{}
	for _, e := range slices.Concat(v.set.Events, v.reviewSet.Events) {
		line.Events = append(line.Events, string(e.Kind)+" "+e.From+" "+e.To+" "+e.Detail.Class)
	}
	for _, f := range v.shown.Figures {
		line.Figures = append(line.Figures, shift{string(f.Figure), string(f.Member), f.Before.String(), f.After.String(), f.Noted})
	}
	for side, who := range v.members {
		line.Barred[side] = who.Suspended()
	}
	text, err := json.Marshal(line)
	if err != nil {
		panic("market: an effect cannot be written: " + err.Error()) // it is plain data
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:12])
}

// settlePeople warns, suspends and lifts. Rows are touched in one order, so that
// two decisions never wait for each other in a circle.
func (m *Market) settlePeople(tx *store.Tx, who member.Actor, c desk.Case, d desk.Decision, s desk.Shown, v verdict) error {
	sides := []desk.Side{desk.Opener, desk.Across}
	slices.SortFunc(sides, func(a, b desk.Side) int {
		if c.At(a) < c.At(b) {
			return -1
		}
		return 1
	})
	for _, side := range sides {
		if _, known := v.members[side]; !known {
			continue
		}
		them, err := tx.Member(c.At(side)) // what happened to the order may have taken a record of theirs back
		if err != nil {
			return err
		}
		var set effect.Set
		then := func(kind effect.Kind, detail effect.Detail) {
			var more effect.Set
			them, more = happened(them, who, m.Now(), kind, detail)
			set.Add(more)
		}
		if err := m.lay(tx, c, d, s, side, &them, then); err != nil {
			return err
		}
		if len(set.Events) == 0 {
			continue
		}
		if _, err := tx.SaveMember(them); err != nil {
			return err
		}
		if err := tx.Carry(set); err != nil {
			return err
		}
	}
	return nil
}

// lay does to one person what the decision says.
func (m *Market) lay(tx *store.Tx, c desk.Case, d desk.Decision, s desk.Shown, side desk.Side, them *member.Member, then func(effect.Kind, effect.Detail)) error {
	now := m.Now()
	why := map[string]string{"case": string(c.ID), "ref": c.Ref, "rule": d.Rule}
	for _, w := range s.Warnings {
		if w.Side != side {
			continue
		}
		until := now.Add(m.Policy().Standing.WarningLife.D())
		if err := tx.AddWarning(store.Warning{ID: w.Warning, Member: them.ID, Case: c.ID, Why: d.Facts, Given: now, Until: until}); err != nil {
			return err
		}
		if err := m.wake(tx, them.ID, now); err != nil {
			return err
		}
		then(member.Warned, effect.Detail{Text: d.Facts, Until: until, Facts: why})
	}
	if slices.Contains(d.Suspend, side) {
		barred, err := them.Bar(now, d.Facts+" (case #"+c.Ref+")")
		if err != nil {
			return err
		}
		*them = barred
		if err := tx.DropSessions(them.ID); err != nil {
			return err
		}
		then(member.Suspended, effect.Detail{Text: d.Facts, Until: c.AppealUntil, Facts: why})
	}
	if slices.Contains(d.Lift, side) {
		return m.lift(tx, c, them, why, then)
	}
	return nil
}

// lift ends a suspension, and takes back the warnings of this case and of the
// one that it is an appeal against.
func (m *Market) lift(tx *store.Tx, c desk.Case, them *member.Member, why map[string]string, then func(effect.Kind, effect.Detail)) error {
	now := m.Now()
	for _, id := range []ident.Case{c.ID, c.Matter.AppealOf} {
		if id == "" {
			continue
		}
		given, err := tx.WarningsOfCase(id)
		if err != nil {
			return err
		}
		for _, w := range given {
			if w.Member != them.ID || !w.Lifted.IsZero() {
				continue
			}
			if err := tx.LiftWarning(w.ID, now); err != nil {
				return err
			}
			if err := m.wake(tx, them.ID, now); err != nil {
				return err
			}
			then(member.WarningLifted, effect.Detail{Facts: why})
		}
	}
	if !them.Suspended() {
		return nil
	}
	open, err := them.Unbar()
	if err != nil {
		return err
	}
	*them = open
	then(member.Restored, effect.Detail{Facts: why})
	return nil
}
