package sim

import (
	"context"
	"fmt"
	"math"
	"time"

	"guildhall/internal/gig"
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
