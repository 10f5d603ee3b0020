package sim

import (
	"context"
	"fmt"
	"math"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/gig"
	"guildhall/internal/market"
	"guildhall/internal/pay"
)

// Populate makes the first policy, the categories, everybody's account, the
// shops and their gigs, and puts all orders to come on the agenda.
func (w *World) Populate(ctx context.Context) error {
	if err := w.house.m.Prepare(ctx); err != nil {
		return err
	}
	if err := w.each(func(l *lane) error { return l.m.RefreshPolicy(ctx) }); err != nil {
		return err
	}
	for _, p := range w.staff {
		if err := w.house.signUp(ctx, p); err != nil {
			return err
		}
	}
	categories, err := w.categories(ctx)
	if err != nil {
		return err
	}
	err = w.each(func(l *lane) error {
		for i := l.no; i < len(w.buyers); i += lanes {
			if err := l.signUp(ctx, w.buyers[i]); err != nil {
				return fmt.Errorf("sim: sign-up of %s: %w", w.buyers[i].Email, err)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	w.c.Say(Progress{"buyers", w.c.From, 100})
	err = w.each(func(l *lane) error {
		for i := l.no; i < len(w.sellers); i += lanes {
			if err := l.signUp(ctx, w.sellers[i]); err != nil {
				return fmt.Errorf("sim: sign-up of %s: %w", w.sellers[i].Email, err)
			}
			if err := l.openShop(ctx, i, w.sellers[i], categories); err != nil {
				return fmt.Errorf("sim: shop of %s: %w", w.sellers[i].Email, err)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	w.c.Say(Progress{"sellers", w.c.From, 100})
	w.plan()
	return nil
}

// categories makes the tree; the result lists the subs of each category.
func (w *World) categories(ctx context.Context) ([][]gig.Category, error) {
	w.house.set(w.c.From)
	operator := w.staff[0].who
	tree := make([][]gig.Category, len(w.words.Categories))
	for i, t := range w.words.Categories {
		root, err := w.house.m.AddCategory(ctx, operator, "", "", t.Name)
		if err != nil {
			return nil, err
		}
		for _, s := range t.Subs {
			sub, err := w.house.m.AddCategory(ctx, operator, "", root.ID, s.Name)
			if err != nil {
				return nil, err
			}
			tree[i] = append(tree[i], sub)
		}
	}
	return tree, nil
}

// plan puts every order to come, and what else sellers do, on the agendas. A
// market grows: later days see more orders.
func (w *World) plan() {
	all := 0
	for _, l := range w.lanes {
		all += l.shopped
	}
	span := w.c.Until.Sub(w.c.From)
	for _, l := range w.lanes {
		n := 0
		if all > 0 {
			n = (w.c.Orders*l.shopped + all/2) / all
		}
		for range n {
			part := 0.02 + 0.98*math.Pow(l.rnd.Float64(), 0.75)
			l.at(w.c.From.Add(time.Duration(part*float64(span))), l.shop)
		}
		l.planAbsences(span)
		l.planWithdrawals()
	}
	w.planCast()
}

// planAbsences sends some sellers away for a while, and has some gigs paused.
func (l *lane) planAbsences(span time.Duration) {
	for i := l.no; i < len(l.w.sellers); i += lanes {
		p := l.w.sellers[i]
		if i < cast || !l.chance(25) {
			continue
		}
		from := p.joined.Add(l.between(48*time.Hour, max(72*time.Hour, span)))
		until := from.Add(l.between(3*24*time.Hour, 12*24*time.Hour))
		l.at(from, func(ctx context.Context) error {
			_, err := l.m.GoAway(ctx, p.who, "", until)
			return l.honest("go away", err)
		})
		if l.chance(50) {
			l.at(until.Add(-20*time.Hour), func(ctx context.Context) error {
				_, err := l.m.ComeBack(ctx, p.who, "")
				return l.honest("come back", err)
			})
		}
	}
	for _, s := range l.gigs {
		if !l.chance(6) || s.weight > 6 {
			continue
		}
		from := s.since.Add(l.between(10*24*time.Hour, max(11*24*time.Hour, span)))
		l.at(from, func(ctx context.Context) error {
			_, err := l.m.PauseGig(ctx, s.seller.who, "", s.gig.ID)
			return l.honest("pause", err)
		})
		l.at(from.Add(l.between(24*time.Hour, 240*time.Hour)), func(ctx context.Context) error {
			_, err := l.m.ResumeGig(ctx, s.seller.who, "", s.gig.ID)
			return l.honest("resume", err)
		})
	}
}

// planWithdrawals has some sellers look after their money every month.
func (l *lane) planWithdrawals() {
	for i := l.no; i < len(l.w.sellers); i += lanes {
		p := l.w.sellers[i]
		if i >= cast && !l.chance(40) {
			continue
		}
		for at := p.joined.Add(l.between(18*day, 40*day)); at.Before(l.w.c.Until); at = at.Add(l.between(25*day, 40*day)) {
			l.at(l.awake(at, p.zone), func(ctx context.Context) error { return l.withdraw(ctx, p) })
		}
	}
}

// withdraw takes out a good part of what is there, now and then to an account
// that the bank does not know.
func (l *lane) withdraw(ctx context.Context, p *person) error {
	s, err := l.m.Statement(ctx, p.who, market.PotAvailable, "", 1)
	if err != nil {
		return err
	}
	amount := s.Free()
	amount.Minor = amount.Minor * 9 / 10 / 100 * 100
	if amount.Minor < int64(l.m.Policy().Money.MinWithdrawal) {
		return nil
	}
	more := amount
	more.Minor = s.Free().Minor + 1
	_, err = l.m.Withdraw(ctx, p.who, "", more, account)
	if err := l.cheat("withdraw more than there is", err, fault.KindInvalid); err != nil {
		return err
	}
	to := account
	if l.chance(4) {
		to = pay.PlayAccountThatFails
	}
	w, err := l.m.Withdraw(ctx, p.who, l.key("withdraw"), amount, to)
	if err != nil {
		return l.honest("withdraw", err)
	}
	if l.quiet() {
		l.in(l.between(time.Minute, hour), func(ctx context.Context) error { return l.m.SendPayout(ctx, w.ID) })
	}
	return nil
}

// account is where sellers want their money: nobody's.
const account = "AT00 1234 5678 9012 3456"
