package market

import (
	"context"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/order"
	"guildhall/internal/policy"
	"guildhall/internal/rehearsal"
	"guildhall/internal/standing"
	"guildhall/internal/store"
)

// RehearsedSeller is what a policy would do to one seller, with what it is made
// of.
type RehearsedSeller struct {
	PolicyRehearsal // without sums
	Member          member.Member
	Fate            rehearsal.Fate
	Held            string // level held now
	Rungs           []RehearsedRung
	Orders          []rehearsal.Look // a page of those that would have been otherwise, newest first
	Next            Cursor
}

// RehearsedRung is one level of the new ladder, and what the seller lacks of it.
type RehearsedRung struct {
	policy.Level
	Met          bool
	Requirements []standing.Requirement
}

// RehearsedSeller shows one seller of a rehearsal, as of today where its moment
// is past. It reads and never writes.
// Errors: those of RehearsePolicy; fault.NotFound for who never sold.
func (m *Market) RehearsedSeller(ctx context.Context, who member.Actor, in Rehearsing, seller ident.Member, after Cursor, most int) (RehearsedSeller, error) {
	if in.At.Before(m.Now().Add(PolicyLead)) {
		in.At = time.Time{}
	}
	r, err := m.rehearsalOf(who, in)
	v := RehearsedSeller{PolicyRehearsal: r}
	if err != nil {
		return v, err
	}
	place, err := after.order()
	if err != nil {
		return v, err
	}
	err = m.store.View(ctx, func(tx *store.Tx) error {
		if v.Member, err = tx.Member(seller); err != nil {
			return missing(err, "There is no such seller.")
		}
		s, err := m.oneSellerAsOf(tx, seller, r)
		if err != nil {
			return err
		}
		v.Held = s.State.Level
		v.Fate = rehearsal.Foretell(s, r.At, r.Until, r.Old, r.New)
		sheet := s.Past.Sheet(r.At, r.New)
		v.Rungs = nil
		for _, l := range r.New.Standing.Levels {
			v.Rungs = append(v.Rungs, RehearsedRung{l, standing.Meets(l, sheet), standing.Requirements(l, sheet, r.New, s.State)})
		}
		v.Orders, v.Next, err = m.ordersAgain(ctx, tx, seller, r, place, pageSize(most))
		return err
	})
	return v, err
}

func (m *Market) oneSellerAsOf(tx *store.Tx, seller ident.Member, r PolicyRehearsal) (rehearsal.Seller, error) {
	if _, err := tx.Seller(seller); err != nil {
		return rehearsal.Seller{}, missing(err, "This person has never sold anything.")
	}
	page, err := m.sellersAsOf(tx, before(seller), 1, r.At)
	if err != nil {
		return rehearsal.Seller{}, err
	}
	if len(page) != 1 || page[0].Member != seller {
		return rehearsal.Seller{}, fault.NotFound("There is no such seller.")
	}
	return page[0], nil
}

// before sorts just before an id.
func before(id ident.Member) ident.Member { return id[:len(id)-1] }

// mostLooked bounds how many orders are looked at for one page of those that
// would have been otherwise.
const mostLooked = 5_000

// ordersAgain is a page of a seller's orders that would have been otherwise.
func (m *Market) ordersAgain(ctx context.Context, tx *store.Tx, seller ident.Member, r PolicyRehearsal, place store.Place, most int) (list []rehearsal.Look, next Cursor, err error) {
	over := order.Tab{Buckets: []order.Bucket{order.BucketCompleted, order.BucketCancelled}, Newest: true}
	for looked := 0; ; {
		page, err := tx.Orders(store.Wanted{Member: seller, Side: order.Seller, Tab: over, From: r.From, To: r.To, After: place, Most: ordersAtOnce})
		if err != nil {
			return nil, "", err
		}
		if err := heardAgain(tx, page); err != nil {
			return nil, "", err
		}
		for _, o := range page {
			if looked++; len(list) == most || looked > mostLooked {
				return list, orderCursor(place), nil
			}
			place = store.Place{At: o.RankAt(), ID: o.ID}
			l, is, err := m.lookAgain(ctx, o, r.New)
			if err != nil {
				return nil, "", err
			}
			if is && l.Differs() {
				list = append(list, l)
			}
		}
		if len(page) < ordersAtOnce {
			return list, "", nil
		}
	}
}
