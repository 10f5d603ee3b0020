package market

import (
	"context"
	"time"

	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/money"
	"guildhall/internal/needs"
	"guildhall/internal/offer"
	"guildhall/internal/order"
	"guildhall/internal/store"
)

// Needed is one thing that waits for the actor. The sentences of the Need name
// the other side as {other} and the instant as {until}.
type Needed struct {
	needs.Need
	Side   order.Party // as whom the actor is needed; empty in a case
	About  About
	ID     string // of the order, offer or case
	Ref    string // its short name, where it has one
	Title  string
	Other  string       // name of the other side
	Amount money.Amount // zero where no money is at stake
}

// About is what kind of thing waits.
type About string

// The closed list.
const (
	AboutOrder About = "order"
	AboutOffer About = "offer"
	AboutCase  About = "case"
)

// Needs is what waits for one person, what is lost first at the top.
type Needs struct {
	List []Needed
	More bool // there is more of one kind than was looked at
	Now  time.Time
}

// Of is the part that waits for a side.
func (n Needs) Of(side order.Party) Needs {
	part := Needs{More: n.More, Now: n.Now}
	for _, one := range n.List {
		if one.Side == side {
			part.List = append(part.List, one)
		}
	}
	return part
}

// needsEach is how many things of one kind are looked at, unless fewer are
// asked for: whoever has more has a list for them.
const needsEach = 25

// needed are the states in which an order may wait for a side.
var needed = []struct {
	side  order.Party
	state order.State
}{
	{order.Seller, order.InProgress}, {order.Seller, order.InRevision}, {order.Seller, order.AwaitingRequirements},
	{order.Buyer, order.Delivered}, {order.Buyer, order.AwaitingRequirements}, {order.Buyer, order.Unpaid}, {order.Buyer, order.InProgress},
}

// NeedsYou is what waits for the actor as buyer and as seller, across orders,
// offers and cases: requests to answer first, then by what is lost first. It
// reads a bounded number of each kind, each or 25, from the lists that are kept
// anyway.
func (m *Market) NeedsYou(ctx context.Context, who member.Actor, each int) (Needs, error) {
	if err := who.Need(member.ScopeRead); err != nil {
		return Needs{}, err
	}
	var all Needs
	err := m.store.View(ctx, func(tx *store.Tx) error {
		n := needing{m: m, tx: tx, who: who, each: needsEach, seen: map[ident.Order]bool{}, names: map[ident.Member]string{}}
		if each > 0 {
			n.each = min(each, needsEach)
		}
		n.all.Now = m.Now()
		for _, gather := range []func(context.Context) error{n.asks, n.orders, n.offers, n.cases} {
			if err := gather(ctx); err != nil {
				return err
			}
		}
		all = n.all
		return nil
	})
	needs.Sort(all.List, func(n Needed) needs.Need { return n.Need })
	return all, err
}

// needing gathers one person's needs.
type needing struct {
	m     *Market
	tx    *store.Tx
	who   member.Actor
	each  int
	seen  map[ident.Order]bool
	names map[ident.Member]string
	all   Needs
}

// asks are the requests that wait for an answer, or for a payment.
func (n *needing) asks(ctx context.Context) error {
	list, err := n.tx.Asks(n.who.Member, n.each+1)
	if err != nil {
		return err
	}
	return n.add(ctx, "", list)
}

func (n *needing) orders(ctx context.Context) error {
	for _, k := range needed {
		if k.side == order.Seller && !n.who.Seller {
			continue
		}
		list, err := n.tx.InState(n.who.Member, k.side, k.state, n.each+1)
		if err != nil {
			return err
		}
		if err := n.add(ctx, k.side, list); err != nil {
			return err
		}
	}
	return nil
}

// add puts down what waits for a side of each order; an empty side is whichever
// the actor is.
func (n *needing) add(ctx context.Context, side order.Party, list []order.Order) error {
	if len(list) > n.each {
		list, n.all.More = list[:n.each], true
	}
	for _, o := range list {
		if n.seen[o.ID] {
			continue
		}
		party := side
		if party == "" {
			party = o.PartyOf(n.who)
		}
		p, err := n.m.PolicyVersion(ctx, o.Policy)
		if err != nil {
			return err
		}
		need, waits := needs.Of(n.all.Now, o, party, p)
		if !waits {
			continue
		}
		n.seen[o.ID] = true
		other, err := n.name(o.Other(party))
		if err != nil {
			return err
		}
		n.all.List = append(n.all.List, Needed{
			Need: need, Side: party, About: AboutOrder, ID: string(o.ID), Ref: o.Ref, Title: o.Title, Other: other, Amount: o.Total,
		})
	}
	return nil
}

// offers are the custom offers that the actor may pay.
func (n *needing) offers(context.Context) error {
	list, err := n.tx.OffersOf(n.who.Member, offer.Buyer, false, "", n.each)
	if err != nil {
		return err
	}
	for _, o := range list {
		need, waits := needs.OfOffer(n.all.Now, o)
		if !waits {
			continue
		}
		other, err := n.name(o.Seller)
		if err != nil {
			return err
		}
		n.all.List = append(n.all.List, Needed{
			Need: need, Side: order.Buyer, About: AboutOffer, ID: string(o.ID), Title: o.Title, Other: other, Amount: o.Price,
		})
	}
	return nil
}

// cases are the answers of the desk that wait for the actor's words.
func (n *needing) cases(context.Context) error {
	list, err := n.tx.CasesOf(n.who.Member, "", n.each)
	for _, c := range list {
		need, waits := needs.OfCase(c)
		if !waits {
			continue
		}
		n.all.List = append(n.all.List, Needed{
			Need: need, About: AboutCase, ID: string(c.ID), Ref: c.Ref, Title: c.Matter.Title, Other: "Support",
		})
	}
	return err
}

func (n *needing) name(id ident.Member) (string, error) {
	if name, known := n.names[id]; known {
		return name, nil
	}
	who, err := n.tx.Member(id)
	n.names[id] = who.Name
	return who.Name, err
}
