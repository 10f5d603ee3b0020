package market

import (
	"context"
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
	"guildhall/internal/talk"
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
	Levels   []standing.LevelChange  // of those of them who sell
	Warned   map[desk.Side]time.Time // until when
	Suspends []desk.Side
	Lifted   map[desk.Side]Lifted
	Names    map[desk.Side]string
	People   map[desk.Side]ident.Member
	Does     []string // in words
	Rated    *Rated   // what becomes of the review that the case is about
}

// Lifted is what a decision that lifts takes from one person.
type Lifted struct {
	Opens    bool // their account, whichever case or operator closed it
	Warnings int  // that are taken back
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

	asked, judged talk.Thread // where the question was asked that the case is about …
	judgedSet     effect.Set  // … and what becomes of it
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
		if err := m.save(tx, *v.shown.Was, *v.shown.Next, v.set, v.policy); err != nil {
			return c, effect.Set{}, err
		}
	}
	if err := m.settleReview(tx, v); err != nil {
		return c, effect.Set{}, err
	}
	if err := m.settleSpam(tx, v); err != nil {
		return c, effect.Set{}, err
	}
	return next, set, m.settlePeople(tx, who, next, d, s, v)
}
