package market

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
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
	"guildhall/internal/standing"
	"guildhall/internal/store"
)

// weigh works a decision out against the world as it is now.
func (m *Market) weigh(ctx context.Context, tx *store.Tx, who member.Actor, c desk.Case, d desk.Decision, p policy.Version) (v verdict, err error) {
	now := m.Now()
	v.members = map[desk.Side]member.Member{}
	v.shown = DecisionPreview{
		Amount: money.Zero(p.Currency), Names: map[desk.Side]string{}, People: map[desk.Side]ident.Member{}, Warned: map[desk.Side]time.Time{}, Suspends: d.Suspend, Lifted: map[desk.Side]Lifted{},
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
		v.shown.Warned[side] = m.Policy().Standing.WarningUntil(now)
	}
	for _, side := range d.Lift {
		given, err := liftable(tx, c, c.At(side))
		if err != nil {
			return v, err
		}
		v.shown.Lifted[side] = Lifted{v.members[side].Suspended(), len(given)}
	}
	if c.Order != "" {
		if err := m.weighOrder(ctx, tx, who, c, d, &v); err != nil {
			return v, err
		}
	}
	if err := m.weighReview(ctx, tx, who, c, d, &v); err != nil {
		return v, err
	}
	if err := m.weighSpam(tx, who, c, d, &v); err != nil {
		return v, err
	}
	if err := m.weighFigures(tx, c, d, &v); err != nil {
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
	now := m.Now()
	if err := informed(tx, &o, nil, now); err != nil { // a silence that is over by now ends first
		return err
	}
	available, err := m.withdrawable(ctx, tx, o)
	if err != nil {
		return err
	}
	next, agent := o, member.Actor{Member: who.Member, Role: member.RoleAgent}
	for _, mv := range d.Moves(available) {
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
	return settling(tx, o.Seller, v.set, v.shown.Moved)
}

// weighFigures foretells what the decision does to the figures and the level of
// everybody concerned, by the fold that their pages show: through the order,
// through the review, through the question, and through warnings.
func (m *Market) weighFigures(tx *store.Tx, c desk.Case, d desk.Decision, v *verdict) error {
	now := m.Now()
	var all standing.Turn
	var buyer ident.Member
	people := []ident.Member{c.Opener, c.Other}
	if v.shown.Next != nil {
		all = standing.TurnOf(*v.shown.Was, *v.shown.Next, v.policy)
		buyer = v.shown.Was.Buyer
		people = []ident.Member{v.shown.Was.Seller, buyer}
	}
	if v.shown.Rated != nil {
		ref := v.reviewed.order.Ref
		all.Was = append(all.Was, standing.OfReview(v.reviewed.pair, ref)...)
		all.Next = append(all.Next, standing.OfReview(v.review, ref)...)
	}
	if len(v.judgedSet.Events) > 0 {
		all.Was = append(all.Was, m.ofTalk(v.asked)...)
		all.Next = append(all.Next, m.ofTalk(v.judged)...)
	}
	for _, who := range people {
		if who == "" {
			continue
		}
		turn, err := m.warnedTurn(tx, c, d, who, all, now)
		if err != nil {
			return err
		}
		before, err := m.outlookOf(tx, who, buyer, now)
		if err != nil {
			return err
		}
		v.shown.Figures = append(v.shown.Figures, before.after(turn, now, m.PolicyAt(now))...)
		if before.sells {
			v.shown.Levels = append(v.shown.Levels, before.level(turn, now, m.PolicyAt(now)))
		}
	}
	return nil
}

// warnedTurn adds to a turn the warnings that the decision gives somebody or
// takes back.
func (m *Market) warnedTurn(tx *store.Tx, c desk.Case, d desk.Decision, who ident.Member, t standing.Turn, now time.Time) (standing.Turn, error) {
	for _, side := range d.Warn {
		if c.At(side) == who {
			t.Warned = append(t.Warned, standing.Warning{Given: now, Until: m.Policy().Standing.WarningUntil(now)})
		}
	}
	for _, side := range d.Lift {
		if c.At(side) != who {
			continue
		}
		lifted, err := liftable(tx, c, who)
		if err != nil {
			return t, err
		}
		for _, w := range lifted {
			t.Lifted = append(t.Lifted, w.ID)
		}
	}
	return t, nil
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
		Levels   []string
	}
	for _, l := range v.shown.Levels {
		line.Levels = append(line.Levels, fmt.Sprint(l.Member, l.Before, l.After, l.Demotes[0].IsZero(), l.Demotes[1].IsZero(), l.Ready))
	}
	d.Rule, d.Facts = "", ""
	line.Decision, line.Moved, line.Barred = d, v.shown.Moved, map[desk.Side]bool{}
	for _, e := range slices.Concat(v.set.Events, v.reviewSet.Events, v.judgedSet.Events) {
		line.Events = append(line.Events, string(e.Kind)+" "+e.From+" "+e.To+" "+e.Detail.Class)
	}
	for _, f := range v.shown.Figures {
		line.Figures = append(line.Figures, shift{string(f.Figure), string(f.Member), f.Says[0], f.Says[1], f.Noted})
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
