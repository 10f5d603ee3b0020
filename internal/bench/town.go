package bench

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/order"
	"guildhall/internal/standing"
	"guildhall/internal/store"
)

// town is a hall that grows to the size of a large house: copies of what
// happened in it once, written through the store.
type town struct {
	*hall
	sample
	ids    *ident.Source
	chance *rand.Rand
	now    time.Time
	people []ident.Member // who buy
}

// crowd is how many different people buy in a town.
const crowd = 5000

func build(ctx context.Context, data, database string, p Plan) (*town, error) {
	h, err := open(ctx, data, database, p)
	if err != nil {
		return nil, err
	}
	t := &town{hall: h, ids: ident.NewSeeded(p.Seed + 1), chance: rand.New(rand.NewPCG(p.Seed, 10)), now: time.Now().UTC().Truncate(time.Microsecond)}
	if t.sample, err = h.sample(ctx); err == nil {
		err = t.settle(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, h.Close())
	}
	return t, nil
}

// settle lets those who buy move in.
func (t *town) settle(ctx context.Context) error {
	return t.write(ctx, crowd, func(i int) func(*store.Tx) error {
		m := t.newcomer(fmt.Sprintf("guest-%d", i))
		t.people = append(t.people, m.ID)
		return func(tx *store.Tx) error { return tx.AddMember(m) }
	})
}

func (t *town) newcomer(name string) member.Member {
	since := t.ago(800)
	return member.Member{
		ID: ident.New[ident.Member](t.ids, since), Email: name + "@bench.example", Name: name, Handle: name, Zone: "UTC", Created: since, Version: 1,
	}
}

// ago is some instant of the last days.
func (t *town) ago(days int) time.Time {
	return t.now.Add(-time.Duration(t.chance.Int64N(int64(days) * int64(24*time.Hour)))).Truncate(time.Microsecond)
}

// write has so many things written, in small transactions that share their
// commits. Each is prepared in its turn, so that chance falls the same way
// whoever comes first.
func (t *town) write(ctx context.Context, n int, prepare func(i int) func(*store.Tx) error) error {
	const hands = 64
	work, failures := make(chan func(*store.Tx) error), make([]error, hands)
	var all sync.WaitGroup
	for i := range hands {
		all.Go(func() {
			for do := range work {
				if failures[i] == nil {
					failures[i] = t.Store().Update(ctx, do)
				}
			}
		})
	}
	for i := range n {
		work <- prepare(i)
	}
	close(work)
	all.Wait()
	return errors.Join(failures...)
}

// anybody is one of those who buy.
func (t *town) anybody() ident.Member { return t.people[t.chance.IntN(len(t.people))] }

// sold is one more order of a seller, of the last two years: one in twenty-five
// was lost, one in twenty delivered late.
func (t *town) sold(seller ident.Member, g ident.Gig) order.Order {
	like := t.done
	if t.chance.IntN(25) == 0 {
		like = t.lost
	}
	o := t.copied(t.ids, like, parties{seller, t.anybody(), g}, t.ago(700))
	if !o.Life.FirstDeliveredAt.IsZero() {
		o.Life.OnTime = t.chance.IntN(20) > 0
	}
	return o
}

// behind is what an order adds to figures, with the question before it and the
// review after it.
func (t *town) behind(o order.Order) []standing.Contribution {
	list := standing.Of(o, t.policy)
	add := func(f standing.Figure, m standing.Mark, value int64, rule string) {
		list = append(list, standing.Contribution{
			Figure: f, Member: o.Seller, Subject: string(o.ID), Order: o.ID, Peer: o.Buyer, Ref: o.Ref, At: o.EndedAt, Mark: m, Value: value, Rule: rule,
		})
	}
	if t.chance.IntN(20) > 0 {
		add(standing.Response, standing.For, 0, standing.RuleAnswered)
	} else {
		add(standing.Response, standing.Against, 0, standing.RuleUnanswered)
	}
	if o.State == order.Completed {
		add(standing.Rating, standing.For, int64(5-t.chance.IntN(6)/5)*standing.Star, standing.RuleReviewed)
	}
	return list
}

// shops opens so many shops and gives each so many orders: all that figures are
// made of, and the orders themselves where they are read too.
func (t *town) shops(ctx context.Context, n, each int, rows bool) error {
	return t.write(ctx, n, func(i int) func(*store.Tx) error {
		m := t.newcomer(fmt.Sprintf("shop-%d", i))
		m.Seller = &member.Seller{Since: m.Created}
		var orders []order.Order
		var figures []standing.Contribution
		for range each {
			o := t.sold(m.ID, t.gigs[i%len(t.gigs)].ID)
			orders, figures = append(orders, o), append(figures, t.behind(o)...)
		}
		return func(tx *store.Tx) error {
			if err := tx.AddMember(m); err != nil {
				return err
			}
			for i := 0; rows && i < len(orders); i++ {
				if err := tx.AddOrder(orders[i], t.policy, m.Name); err != nil {
					return err
				}
			}
			if err := tx.SaveContributions(figures, nil); err != nil {
				return err
			}
			if err := tx.OpenStanding(m.ID, m.Seller.Since, t.now); err != nil {
				return err
			}
			return tx.RecountSeller(m.ID, t.now)
		}
	})
}

// fame gives one seller so many orders.
func (t *town) fame(ctx context.Context, seller ident.Member, g ident.Gig, orders int) error {
	err := t.write(ctx, orders, func(int) func(*store.Tx) error {
		o := t.sold(seller, g)
		figures := t.behind(o)
		return func(tx *store.Tx) error {
			if err := tx.AddOrder(o, t.policy, "bench"); err != nil {
				return err
			}
			return tx.SaveContributions(figures, nil)
		}
	})
	if err != nil {
		return err
	}
	return t.Store().Update(ctx, func(tx *store.Tx) error { return tx.RecountSeller(seller, t.now) })
}
