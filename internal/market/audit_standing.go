package market

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/order"
	"guildhall/internal/policy"
	"guildhall/internal/standing"
	"guildhall/internal/store"
)

// figures compares what is kept of a page of orders, to be folded into figures,
// with what the orders themselves add, and who is asked for an answer with the
// requests that are open.
func (a *audit) figures(ctx context.Context, cases []store.Case) error {
	first, last := cases[0].Order.ID, cases[len(cases)-1].Order.ID
	kept, err := a.tx.AuditStanding(first, last)
	if err != nil {
		return err
	}
	asks, err := a.tx.AuditAsks(first, last)
	if err != nil {
		return err
	}
	for _, c := range cases {
		if c.Broken != "" {
			continue
		}
		p, err := a.m.PolicyVersion(ctx, c.Order.Policy)
		if fault.KindOf(err) == fault.KindNotFound {
			continue // said elsewhere
		}
		if err != nil {
			return err
		}
		a.added(c.Order, kept[c.Order.ID], p)
		want, asked := awaited(c.Order)
		if got, there := asks[c.Order.ID]; there != asked || asked && (got.Member != want.Member || !got.Ends.Equal(want.Ends)) {
			a.finding("standing", c.Order.Ref, "who has to answer its open request is kept as %q until %s; it is %q until %s",
				got.Member, stamp(got.Ends), want.Member, stamp(want.Ends))
		}
	}
	return nil
}

func (a *audit) added(o order.Order, kept []standing.Contribution, p policy.Version) {
	want := standing.Of(o, p)
	put, drop := standing.Diff(kept, want)
	if len(put)+len(drop) > 0 {
		a.finding("standing", o.Ref, "figures keep %s of it; it adds %s", spellContributions(kept), spellContributions(want))
	}
}

func spellContributions(cs []standing.Contribution) string {
	if len(cs) == 0 {
		return "nothing"
	}
	lines := make([]string, len(cs))
	for i, c := range cs {
		lines[i] = fmt.Sprintf("%s %s by %s at %s", c.Figure, c.Mark, c.Rule, stamp(c.At))
	}
	slices.Sort(lines)
	return strings.Join(lines, ", ")
}

// awaited is who has to answer the open request of an order until when.
func awaited(o order.Order) (store.Ask, bool) {
	r := o.Life.Request
	if r == nil {
		return store.Ask{}, false
	}
	who := o.Seller
	if r.Waits() == policy.PartyBuyer {
		who = o.Buyer
	}
	return store.Ask{Order: o.ID, Member: who, Ends: r.Ends}, true
}

// standingKept is the mark of a house whose figures are kept from its first
// order on, or were made from all of them.
const standingKept = "standing_kept"

// keepStanding makes what figures are folded from out of every order there is,
// once, in a house that is older than figures are. Several processes may do it
// at once: they write the same.
func (m *Market) keepStanding(ctx context.Context) error {
	done, err := m.mark(ctx, standingKept)
	if err != nil || done != "" {
		return err
	}
	const page = 200
	var after ident.Order
	for {
		last := ident.Order("")
		err := m.store.Update(ctx, func(tx *store.Tx) error {
			last = ""
			orders, err := tx.OrdersAfter(after, page)
			if err != nil {
				return err
			}
			for _, o := range orders {
				p, err := m.PolicyVersion(ctx, o.Policy)
				if err != nil {
					return err
				}
				if err := tx.SaveContributions(standing.Of(o, p), nil); err != nil {
					return err
				}
				last = o.ID
			}
			return nil
		})
		if err != nil {
			return err
		}
		if last == "" {
			return m.setMark(ctx, standingKept, "yes")
		}
		after = last
	}
}
