package market_test

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/gig"
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/money"
	"guildhall/internal/notice"
	"guildhall/internal/offer"
	"guildhall/internal/order"
	"guildhall/internal/store"
	"guildhall/internal/store/storetest"
)

// terms is an offer of $120.00.
func terms(questions ...gig.Question) offer.Terms {
	return offer.Terms{
		Title: "Logo and a sign for the door", Scope: "A logo in two colours, and a sign one metre wide.",
		Price: money.Of(12000, "USD"), Days: 7, Revisions: 2, Questions: questions,
	}
}

// talks lets the buyer begin the conversation in which offers are made.
func (p *post) talks() {
	p.t.Helper()
	_, err := p.Write(p.t.Context(), p.buyer, "hello", market.Words{To: p.seller.Member, Text: "Could you do a sign as well?"})
	p.must(err)
}

// offers makes an offer to the buyer.
func (p *post) offers(beside bool) ident.Offer {
	p.t.Helper()
	p.talks()
	made, err := p.MakeOffer(p.t.Context(), p.seller, "", market.NewOffer{To: p.buyer.Member, Gig: p.gig.ID, Terms: terms(), Beside: beside})
	p.must(err)
	return made.Offer
}

func (p *post) payOffer(who member.Actor, key market.Key, id ident.Offer, number string) (market.Placed, error) {
	return p.PayOffer(p.t.Context(), who, key, market.PaidOffer{Offer: id, Shown: money.Of(12000, "USD"), Again: true}, card(number))
}

// approve is the buyer's yes at the bank.
func (p *post) approve(placed market.Placed) {
	p.t.Helper()
	_, err := p.bank.AnswerStep(p.t.Context(), path.Base(placed.Step), true)
	p.must(err)
}

func (p *post) stands(id ident.Offer, want offer.State) market.OfferPage {
	p.t.Helper()
	v, err := p.OfferPage(p.t.Context(), p.buyer, id)
	p.must(err)
	if v.Offer.State != want {
		p.t.Errorf("the offer is %s, want %s", v.Offer.State, want)
	}
	return v
}

// sound lets everything happen that is due and looks for contradictions.
func (p *post) sound() {
	p.t.Helper()
	p.drain()
	p.hear()
	p.drain()
	p.must(p.SweepAll(p.t.Context()))
	found, err := p.Audit(p.t.Context(), nil)
	p.must(err)
	for _, f := range found {
		p.t.Errorf("audit: %+v", f)
	}
}

// through lists the buyer's orders that were ever paid through an offer.
func (p *post) through(id ident.Offer) (orders, kept int) {
	p.t.Helper()
	list, err := p.OrderList(p.t.Context(), p.buyer, market.ListQuery{Side: order.Buyer, Most: 100})
	p.must(err)
	for _, row := range list.Rows {
		v := p.page(p.buyer, row.Order.ID)
		if v.Order.Agreement.Offer != id {
			continue
		}
		orders++
		for _, pm := range v.Payments {
			if pm.State == order.PaymentSucceeded {
				kept++
			}
		}
	}
	return orders, kept
}

func blames(t *testing.T, err error, field string) {
	t.Helper()
	var f *fault.Error
	if fault.KindOf(err) != fault.KindInvalid || !errors.As(err, &f) || f.Fields[field] == "" {
		t.Errorf("got %v, want %s blamed", err, field)
	}
}

func TestOfferFromMakingToPayment(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		id := p.offers(false)
		v := p.stands(id, offer.Open)
		if v.Quote.Total != money.Of(12000, "USD") || v.Offer.ExpiresAt != p.clock.Now().Add(24*time.Hour) || len(v.Options) != 2 {
			t.Errorf("the buyer sees %+v", v)
		}
		stranger := p.join("Eve Lind", false)
		for who, want := range map[*member.Actor]fault.Kind{&stranger: fault.KindNotFound, &p.operator: fault.KindNotFound, {}: fault.KindSignIn, &p.seller: ""} {
			if _, err := p.OfferPage(t.Context(), *who, id); fault.KindOf(err) != want {
				t.Errorf("%v sees the offer: %v, want %q", who, err, want)
			}
			if want == "" {
				want = fault.KindForbidden
			}
			if _, err := p.payOffer(*who, "", id, visa); fault.KindOf(err) != want {
				t.Errorf("%v pays the offer: %v, want %q", who, err, want)
			}
		}
		placed, err := p.payOffer(p.buyer, "k", id, visa)
		p.must(err)
		if placed.State != order.InProgress || placed.Paid != order.PaymentSucceeded {
			t.Errorf("paid: %+v", placed)
		}
		if again, err := p.payOffer(p.buyer, "k", id, visa); err != nil || again != placed {
			t.Errorf("the same key: %+v, %v", again, err)
		}
		if _, err := p.payOffer(p.buyer, "", id, visa); fault.KindOf(err) != fault.KindConflict {
			t.Errorf("paid twice: %v", err)
		}
		v = p.stands(id, offer.Accepted)
		o := p.page(p.seller, v.Offer.Order).Order
		if o.ID != placed.Order || o.Agreement.Offer != id || o.Agreement.Days != 7 || o.RevisionsLeft() != 2 || o.Total.Minor != 12000 || o.Gig != p.gig.ID {
			t.Errorf("the order is %+v", o)
		}
		p.sound()
		if told := p.told(p.buyer); !slices.Contains(told, offer.Made) || slices.Contains(told, offer.RanOut) {
			t.Errorf("the buyer was told %v", told)
		}
	})
}

func TestOfferIsDeadAfterADay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		id := p.offers(false)
		p.clock.move(24*time.Hour - time.Microsecond)
		placed, err := p.payOffer(p.buyer, "", id, declines)
		p.must(err)
		p.stands(id, offer.Open)
		p.clock.move(time.Microsecond)
		for _, swept := range []bool{false, true} {
			if swept {
				p.must(p.SweepAll(t.Context()))
			}
			if v := p.stands(id, offer.Expired); len(v.Options) != 0 || v.Step.Whose != offer.Nobody {
				t.Errorf("still to be done: %+v", v.Options)
			}
			if _, err := p.payOffer(p.buyer, "", id, visa); fault.KindOf(err) != fault.KindExpired {
				t.Errorf("paid after the end: %v", err)
			}
			if _, err := p.PayOrder(t.Context(), p.buyer, "", placed.Order, card(visa)); fault.KindOf(err) != fault.KindExpired {
				t.Errorf("its order paid after the end: %v", err)
			}
			if _, err := p.DeclineOffer(t.Context(), p.buyer, "", id, ""); fault.KindOf(err) != fault.KindExpired {
				t.Errorf("declined after the end: %v", err)
			}
		}
		p.sound()
		if told := p.told(p.buyer); !slices.Contains(told, offer.RanOut) {
			t.Errorf("the buyer was told %v", told)
		}
	})
}

func TestPaymentBegunInTimeIsHonoured(t *testing.T) {
	for _, c := range []struct {
		name          string
		began, passes time.Duration // before the end; until the bank has said yes
		want          order.State
	}{
		{"within the grace", time.Second, 30*time.Minute - time.Second, order.InProgress},
		{"as the grace ends", time.Second, 30*time.Minute + time.Second, order.Abandoned},
		{"long begun, finished before the end", 20 * time.Hour, 19 * time.Hour, order.InProgress},
		{"long begun, finished within the grace", 20 * time.Hour, 20*time.Hour + 10*time.Minute, order.InProgress},
	} {
		for _, sweep := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, swept %v", c.name, sweep), func(t *testing.T) {
				p := newPost(t, storetest.SQLite(t), nil)
				id := p.offers(false)
				p.clock.move(24*time.Hour - c.began)
				placed, err := p.payOffer(p.buyer, "", id, asks)
				p.must(err)
				p.clock.move(c.passes)
				if sweep {
					p.must(p.SweepAll(t.Context()))
				}
				p.approve(placed)
				_, err = p.Confirmed(t.Context(), p.buyer, placed.Payment)
				p.must(err)
				p.state(placed.Order, c.want)
				want := offer.Accepted
				if c.want == order.Abandoned {
					want = offer.Expired
				}
				p.stands(id, want)
				p.sound()
				page, err := p.Notices(t.Context(), p.buyer, "", 10)
				p.must(err)
				ended := slices.ContainsFunc(page.Notices, func(n notice.Notice) bool {
					return strings.Contains(n.Body, "had ended before your payment arrived")
				})
				if ended != (c.want == order.Abandoned) {
					t.Errorf("told that the offer had ended: %t; %+v", ended, page.Notices)
				}
			})
		}
	}
}

func TestOfferIsPaidThroughOneOrder(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		id := p.offers(false)
		first, err := p.payOffer(p.buyer, "", id, declines)
		p.must(err)
		if _, err := p.PayOffer(t.Context(), p.buyer, "", market.PaidOffer{Offer: id, Shown: money.Of(11900, "USD")}, card(visa)); fault.KindOf(err) != fault.KindConflict {
			t.Errorf("paid at another price: %v", err)
		}
		second, err := p.payOffer(p.buyer, "", id, visa)
		p.must(err)
		if first.Order != second.Order || second.State != order.InProgress {
			t.Errorf("first %+v, then %+v", first, second)
		}
		p.sound()
	})
}

func TestOfferToOneWhoHasOneOpen(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		p.talks()
		in := market.NewOffer{To: p.buyer.Member, Gig: p.gig.ID, Terms: terms()}
		made := crowd(10, func(int) (string, error) {
			_, err := p.MakeOffer(t.Context(), p.seller, "", in)
			return "made", err
		})
		if made["made"] != 1 {
			t.Errorf("ten at once, none of them beside another: %v", made)
		}
		_, err := p.MakeOffer(t.Context(), p.seller, "", in)
		blames(t, err, "beside")
		if !strings.Contains(err.Error(), "Logo and a sign") {
			t.Errorf("the open one is not named: %v", err)
		}
		rows, _, err := p.Offers(t.Context(), p.seller, offer.Seller, false, "", 0)
		p.must(err)
		old := rows[0].Offer.ID
		second := p.offers(true)
		in.Supersedes = old
		newest, err := p.MakeOffer(t.Context(), p.seller, "", in)
		p.must(err)
		v := p.stands(old, offer.Superseded)
		if v.Offer.SupersededBy != newest.Offer {
			t.Errorf("it was superseded by %s", v.Offer.SupersededBy)
		}
		p.stands(second, offer.Open)
		if _, err := p.payOffer(p.buyer, "", old, visa); fault.KindOf(err) != fault.KindConflict {
			t.Errorf("paid a superseded offer: %v", err)
		}
		_, err = p.MakeOffer(t.Context(), p.seller, "", in)
		blames(t, err, "supersedes")
		p.sound()
	})
}

func TestOfferTheWrongWay(t *testing.T) {
	p := newPost(t, storetest.SQLite(t), nil)
	p.talks()
	in := market.NewOffer{To: p.buyer.Member, Gig: p.gig.ID, Terms: terms()}
	for name, c := range map[string]struct {
		who    member.Actor
		change func(*market.NewOffer)
		field  string
	}{
		"to oneself":      {p.seller, func(n *market.NewOffer) { n.To = p.seller.Member }, "to"},
		"to nobody":       {p.seller, func(n *market.NewOffer) { n.To = "member_none" }, "to"},
		"of no gig":       {p.seller, func(n *market.NewOffer) { n.Gig = "gig_none" }, "gig"},
		"cheap":           {p.seller, func(n *market.NewOffer) { n.Terms.Price.Minor = 1 }, "price"},
		"in other money":  {p.seller, func(n *market.NewOffer) { n.Terms.Price.Currency = "EUR" }, "price"},
		"without end":     {p.seller, func(n *market.NewOffer) { n.Terms.Days = 1000 }, "days"},
		"without a scope": {p.seller, func(n *market.NewOffer) { n.Terms.Scope = "as said" }, "scope"},
		"without choices": {p.seller, func(n *market.NewOffer) {
			n.Terms.Questions = []gig.Question{{Text: "Which?", Kind: gig.QuestionChoice}}
		}, "questions.0.choices"},
	} {
		t.Run(name, func(t *testing.T) {
			mine := in
			c.change(&mine)
			_, err := p.MakeOffer(t.Context(), c.who, "", mine)
			blames(t, err, c.field)
		})
	}
	in.To = p.seller.Member
	if _, err := p.MakeOffer(t.Context(), p.buyer, "", in); fault.KindOf(err) != fault.KindForbidden {
		t.Errorf("made without a seller profile: %v", err)
	}
}

func TestOfferIsNotBoundByCapacity(t *testing.T) {
	p := newPost(t, storetest.SQLite(t), nil)
	p.gig.Body.Capacity = 1
	_, err := p.SaveGig(t.Context(), p.seller, "", p.gig.ID, p.gig.Version, market.GigInput{Category: p.gig.Category, Body: p.gig.Body})
	p.must(err)
	p.place()
	if placed, err := p.payOffer(p.buyer, "", p.offers(false), visa); err != nil || placed.State != order.InProgress {
		t.Errorf("a full gig's offer: %+v, %v", placed, err)
	}
	if _, err := p.buy(p.buyer, "", visa); fault.KindOf(err) != fault.KindConflict {
		t.Errorf("the load of an offer does not count: %v", err)
	}
	p.sound()
}

func TestOfferOfOneWhoWasSuspended(t *testing.T) {
	p := newPost(t, storetest.SQLite(t), nil)
	id := p.offers(false)
	placed, err := p.payOffer(p.buyer, "", id, asks)
	p.must(err)
	_, err = p.Suspend(t.Context(), p.operator, "", p.seller.Member, "fraud")
	p.must(err)
	p.approve(placed)
	_, err = p.Confirmed(t.Context(), p.buyer, placed.Payment)
	p.must(err)
	p.state(placed.Order, order.Abandoned)
	p.sound()
}

// TestOfferOfAGigThatIsGone: what the house took down is not sold by a link that
// was made before, and whoever deletes a gig takes its offers back with it. What is
// being paid at that moment goes back, and the page of the removal says so before.
func TestOfferOfAGigThatIsGone(t *testing.T) {
	const why = "It sells what is forbidden."
	for name, end := range map[string]func(*post) error{
		"removed": func(p *post) error {
			_, err := p.RemoveGig(p.t.Context(), p.operator, "", p.gig.ID, why)
			return err
		},
		"deleted": func(p *post) error {
			_, err := p.DeleteGig(p.t.Context(), p.seller, "", p.gig.ID)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, s *store.Store) {
				p := newPost(t, s, nil)
				id := p.offers(false)
				paying, err := p.payOffer(p.buyer, "", id, asks)
				p.must(err)
				before, err := p.Removal(t.Context(), p.operator, "gig", p.gig.Slug)
				p.must(err)
				if before.Offers != 1 {
					t.Errorf("%d open offers are foretold to end", before.Offers)
				}
				p.must(end(p))
				page := p.stands(id, offer.Withdrawn)
				if strings.Contains(page.Step.Says, why) != (name == "removed") {
					t.Errorf("the offer's page says %q", page.Step.Says)
				}
				if _, err := p.payOffer(p.buyer, "", id, visa); fault.KindOf(err) != fault.KindConflict {
					t.Errorf("paid anew: %v", err)
				}
				p.approve(paying)
				_, err = p.Confirmed(t.Context(), p.buyer, paying.Payment)
				p.must(err)
				p.state(paying.Order, order.Abandoned)
				p.sound()
				p.verified()
			})
		})
	}
}

func TestOfferWithQuestionsStartsWithTheAnswers(t *testing.T) {
	p := newPost(t, storetest.SQLite(t), nil)
	p.talks()
	in := market.NewOffer{To: p.buyer.Member, Gig: p.gig.ID, Terms: terms(gig.Question{Text: "How wide is the door?", Kind: gig.QuestionNumber, Required: true})}
	made, err := p.MakeOffer(t.Context(), p.seller, "", in)
	p.must(err)
	placed, err := p.payOffer(p.buyer, "", made.Offer, visa)
	p.must(err)
	p.state(placed.Order, order.AwaitingRequirements)
	key := p.page(p.buyer, placed.Order).Order.Agreement.Questions[0].Key
	p.move(p.buyer, placed.Order, order.Submit{Answers: []order.Answer{{Question: key, Text: "1.2"}}})
	p.sound()
}

func TestOneOfferLinkAndAHundredPayers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		id := p.offers(false)
		paid := crowd(100, func(i int) (string, error) {
			placed, err := p.payOffer(p.buyer, market.Key(fmt.Sprint("k", i)), id, visa)
			return string(placed.Order), err
		})
		if len(paid) != 1 {
			t.Errorf("a hundred payers made %v", paid)
		}
		p.sound()
		if orders, kept := p.through(id); orders != 1 || kept != 1 {
			t.Errorf("%d orders, paid %d times", orders, kept)
		}
	})
}

func TestOfferRaces(t *testing.T) {
	for name, rival := range map[string]func(*post, ident.Offer) error{
		"withdraw": func(p *post, id ident.Offer) error {
			_, err := p.WithdrawOffer(p.t.Context(), p.seller, "", id)
			return err
		},
		"decline": func(p *post, id ident.Offer) error {
			_, err := p.DeclineOffer(p.t.Context(), p.buyer, "", id, "no, thanks")
			return err
		},
		"supersede": func(p *post, id ident.Offer) error {
			_, err := p.MakeOffer(p.t.Context(), p.seller, "", market.NewOffer{To: p.buyer.Member, Gig: p.gig.ID, Terms: terms(), Supersedes: id})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, s *store.Store) {
				p := newPost(t, s, nil)
				for range 6 {
					p.clock.move(2 * time.Hour)
					id := p.offers(true)
					won := crowd(12, func(i int) (string, error) {
						if i%2 == 0 {
							return "rival", rival(p, id)
						}
						placed, err := p.payOffer(p.buyer, "", id, visa)
						if err == nil && placed.State != order.InProgress {
							return "went back", nil
						}
						return "paid", err
					})
					if won["rival"]+won["paid"] != 1 || won["went back"] > 1 {
						t.Errorf("won: %v", won)
					}
					if v, err := p.OfferPage(t.Context(), p.buyer, id); err != nil || (v.Offer.State == offer.Accepted) != (won["paid"] == 1) {
						t.Errorf("%v, and the offer is %s, %v", won, v.Offer.State, err)
					}
				}
				p.sound()
			})
		})
	}
}

func TestOfferPaidAsItEnds(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		for _, early := range []time.Duration{0, time.Microsecond} {
			p.clock.move(2 * time.Hour)
			id := p.offers(true)
			p.clock.move(24*time.Hour - early)
			paid := crowd(20, func(i int) (string, error) {
				if i%2 == 0 {
					return "swept", p.SweepAll(t.Context())
				}
				placed, err := p.payOffer(p.buyer, "", id, visa)
				return "paid " + string(placed.State), err
			})
			want := 0
			if early > 0 {
				want = 1
			}
			if paid["paid in_progress"] != want || len(paid) > 1+want {
				t.Errorf("%v before its end: %v", early, paid)
			}
		}
		p.sound()
	})
}

func TestOffersAreListedForBothSides(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		var all []ident.Offer
		for range 7 {
			p.clock.move(time.Second)
			all = append(all, p.offers(true))
		}
		_, err := p.WithdrawOffer(t.Context(), p.seller, "", all[0])
		p.must(err)
		for _, side := range []struct {
			who  member.Actor
			side offer.Party
		}{{p.seller, offer.Seller}, {p.buyer, offer.Buyer}} {
			var seen []ident.Offer
			for after := market.Cursor(""); ; {
				rows, next, err := p.Offers(t.Context(), side.who, side.side, false, after, 4)
				p.must(err)
				for _, r := range rows {
					seen = append(seen, r.Offer.ID)
				}
				if after = next; next == "" {
					break
				}
			}
			want := slices.Clone(all[1:])
			slices.Reverse(want)
			if !slices.Equal(seen, want) {
				t.Errorf("the %s sees %v", side.side, seen)
			}
			ended, _, err := p.Offers(t.Context(), side.who, side.side, true, "", 0)
			if err != nil || len(ended) != 1 || ended[0].Offer.ID != all[0] {
				t.Errorf("ended for the %s: %v, %v", side.side, ended, err)
			}
		}
	})
}
