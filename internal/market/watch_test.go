package market_test

import (
	"testing"

	"guildhall/internal/desk"
	"guildhall/internal/fault"
	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/store"
	"guildhall/internal/store/storetest"
)

// TestMayWatch: whoever may read a page may watch what it is about, and nobody
// else, the people of the house included.
func TestMayWatch(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCounter(t, s)
		made, stranger := c.offers(false), c.join("Noah Stern", false)
		talks, err := c.Talks(t.Context(), c.buyer, "", 1)
		c.must(err)
		thread := talks.Rows[0].Thread
		both, alone := c.ask(c.buyer, desk.Cancel, market.CaseSubjectOrder(c.order)), c.ask(c.buyer, desk.Other, desk.Subject{})
		waits, err := c.buy(c.buyer, "declined", declines)
		c.must(err)
		for _, topic := range []struct {
			name, id string
			may      []member.Actor
			page     func(member.Actor) error
		}{
			{"oneself", string(c.buyer.Member), []member.Actor{c.buyer}, nil},
			{"an order", string(c.order), []member.Actor{c.buyer, c.seller}, func(who member.Actor) error {
				_, err := c.OrderPage(t.Context(), who, c.order)
				return err
			}},
			{"an order that was not paid", string(waits.Order), []member.Actor{c.buyer}, func(who member.Actor) error {
				_, err := c.OrderPage(t.Context(), who, waits.Order)
				return err
			}},
			{"an offer", string(made), []member.Actor{c.buyer, c.seller}, func(who member.Actor) error {
				_, err := c.OfferPage(t.Context(), who, made)
				return err
			}},
			{"a conversation", string(thread), []member.Actor{c.buyer, c.seller}, func(who member.Actor) error {
				_, err := c.Talk(t.Context(), who, thread, 0, 1)
				return err
			}},
			{"a case of both", string(both), []member.Actor{c.buyer, c.seller}, func(who member.Actor) error {
				_, err := c.CasePage(t.Context(), who, both)
				return err
			}},
			{"a case of one", string(alone), []member.Actor{c.buyer}, func(who member.Actor) error {
				_, err := c.CasePage(t.Context(), who, alone)
				return err
			}},
			{"nothing", "order_x", nil, nil},
			{"a gig", string(c.gig.ID), nil, nil},
		} {
			for _, who := range []member.Actor{c.buyer, c.seller, stranger, c.ada, c.operator, member.Guest()} {
				want := fault.KindNotFound
				for _, one := range topic.may {
					if one.Member == who.Member {
						want = ""
					}
				}
				if !who.SignedIn() {
					want = fault.KindSignIn
				}
				c.kind(c.MayWatch(t.Context(), who, topic.id), want, topic.name+" to "+string(who.Member))
				c.kind(c.MayWatch(t.Context(), who, string(who.Member), topic.id), want, topic.name+" to "+string(who.Member)+" among others")
				if topic.page != nil {
					c.kind(topic.page(who), want, "the page of "+topic.name+" to "+string(who.Member))
				}
			}
		}
		dumb := c.buyer
		dumb.Scopes = []member.Scope{member.ScopeBuy}
		c.kind(c.MayWatch(t.Context(), dumb, string(c.order)), fault.KindForbidden, "a token that reads nothing")
	})
}
