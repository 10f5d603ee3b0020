package sim

import (
	"context"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/money"
	"guildhall/internal/offer"
	"guildhall/internal/order"
	"guildhall/internal/pay"
	"guildhall/internal/talk"
)

// talkTurns are conversations, most of them before an order, and the offers
// that are made in them.
func talkTurns() []turn {
	return []turn{
		{name: "asked, answered, ordered", play: talking(2*hour, 20*hour, (*deal).order)},
		{name: "asked, answered, ordered, again", play: talking(20*time.Minute, 9*hour, (*deal).order)},
		{name: "asked, answered late", play: talking(26*hour, 60*hour, (*deal).thanked)},
		{name: "asked, never answered", play: talking(0, 0, nil)},
		{name: "spam", play: (*deal).spam},
		{name: "talk beside the work", when: working, play: (*deal).chat},
		{name: "offer paid", play: offering((*deal).payOffer)},
		{name: "offer paid, again", play: offering((*deal).payOffer)},
		{name: "offer declined", play: offering((*deal).declineOffer)},
		{name: "offer expired", play: offering((*deal).forgetOffer)},
		{name: "offer withdrawn", play: offering((*deal).withdrawOffer)},
		{name: "offer superseded", play: offering((*deal).betterOffer)},
	}
}

// say writes a message from one to the other and tells where it stands.
func (d *deal) say(ctx context.Context, from, to *person, texts []string) (market.Written, error) {
	d.l.spoke[from] = d.l.now()
	return d.l.m.Write(ctx, from.who, "", market.Words{To: to.who.Member, Text: pick(d.l.rnd, texts)})
}

// talking is a first question, its answer after a while, and what follows. With
// no time for an answer there is none.
func talking(from, to time.Duration, then func(*deal, context.Context) error) func(*deal, context.Context) error {
	return func(d *deal, ctx context.Context) error {
		d.turn = nil
		l, seller := d.l, d.shelf.seller
		l.set(l.awake(l.now(), d.buyer.zone))
		if _, err := d.say(ctx, d.buyer, seller, l.w.words.Talk.First); err != nil {
			return l.turnedAway(err) // they may have blocked each other
		}
		if to == 0 {
			return nil
		}
		l.in(l.between(from, to), func(ctx context.Context) error {
			if _, err := d.say(ctx, seller, d.buyer, l.w.words.Talk.Answer); err != nil {
				return l.turnedAway(err)
			}
			l.in(l.between(10*time.Minute, 20*hour), func(ctx context.Context) error { return then(d, ctx) })
			return nil
		})
		return nil
	}
}

func (d *deal) thanked(ctx context.Context) error {
	_, err := d.say(ctx, d.buyer, d.shelf.seller, d.l.w.words.Talk.After)
	return d.l.turnedAway(err)
}

// chat is a few words beside the work.
func (d *deal) chat(ctx context.Context) error {
	d.goOn()
	words := d.l.w.words.Talk
	if _, err := d.say(ctx, d.shelf.seller, d.buyer, words.Answer); err != nil {
		return d.l.turnedAway(err)
	}
	d.l.in(d.l.between(10*time.Minute, 2*hour), d.thanked)
	return nil
}

// spam is advertising. It is reported, its writer blocked, and deaf to neither.
func (d *deal) spam(ctx context.Context) error {
	l, seller := d.l, d.shelf.seller
	sent, err := d.say(ctx, d.buyer, seller, l.w.words.Talk.Spam)
	if err != nil {
		return l.turnedAway(err)
	}
	l.in(l.between(hour, 30*hour), func(ctx context.Context) error {
		report := market.Complaint{Thread: sent.Thread, No: sent.No, Reason: talk.Spam}
		if _, err := l.m.ReportMessage(ctx, d.buyer.who, "", report); l.cheat("report one's own message", err, fault.KindNotFound) != nil {
			return err
		}
		if _, err := l.m.ReportMessage(ctx, seller.who, "", report); err != nil {
			return l.honest("report a message", err)
		}
		if _, err := l.m.ReportMessage(ctx, seller.who, "", report); l.cheat("report a message twice", err, fault.KindConflict) != nil {
			return err
		}
		if _, err := l.m.Block(ctx, seller.who, "", sent.Thread); err != nil {
			return l.honest("block", err)
		}
		_, err := d.say(ctx, d.buyer, seller, l.w.words.Talk.Spam)
		l.in(3*day, func(ctx context.Context) error {
			_, err := l.m.Unblock(ctx, seller.who, "", sent.Thread)
			return l.honest("unblock", err)
		})
		return l.cheat("write to somebody who does not listen", err, fault.KindForbidden)
	})
	return nil
}

// offering is a conversation that leads to an offer.
func offering(then func(d *deal, ctx context.Context, id ident.Offer) error) func(*deal, context.Context) error {
	return func(d *deal, ctx context.Context) error {
		d.turn = nil
		l := d.l
		l.set(l.awake(l.now(), d.buyer.zone))
		if _, err := d.say(ctx, d.buyer, d.shelf.seller, l.w.words.Talk.First); err != nil {
			return l.turnedAway(err)
		}
		l.in(l.between(hour, 22*hour), func(ctx context.Context) error {
			made, err := d.makeOffer(ctx, market.NewOffer{Beside: true})
			if err != nil {
				return l.turnedAway(err) // paused, or blocked meanwhile
			}
			l.in(l.between(hour, 15*hour), func(ctx context.Context) error { return then(d, ctx, made.Offer) })
			return nil
		})
		return nil
	}
}

func (d *deal) makeOffer(ctx context.Context, in market.NewOffer) (market.OfferMoved, error) {
	g := d.shelf.gig
	price := g.Packages[0].Price * int64(8+d.l.rnd.IntN(10)) / 10 / 50 * 50
	in.To, in.Gig = d.buyer.who.Member, g.ID
	in.Terms = offer.Terms{
		Title: g.Title, Scope: pick(d.l.rnd, d.l.w.words.Talk.Offer), Price: money.Of(max(price, 500), g.Currency),
		Days: g.Packages[0].Days + d.l.rnd.IntN(3), Revisions: 1,
	}
	return d.l.m.MakeOffer(ctx, d.shelf.seller.who, "", in)
}

// payOffer pays within the day; the order then goes its usual way.
func (d *deal) payOffer(ctx context.Context, id ident.Offer) error {
	l := d.l
	page, err := l.m.OfferPage(ctx, d.buyer.who, id)
	if err != nil {
		return l.honest("look at an offer", err)
	}
	in := market.PaidOffer{Offer: id, Shown: page.Quote.Total, Again: true}
	if err := d.cheatAtOffer(ctx, in); err != nil {
		return err
	}
	key, card := l.key("offer"), d.card()
	placed, err := l.m.PayOffer(ctx, d.buyer.who, key, in, card)
	if err != nil {
		return l.honest("pay an offer", err)
	}
	d.id, d.payment, d.quote = placed.Order, placed.Payment, page.Quote
	l.tally.Orders++
	if err := d.cheatByOfferAgain(ctx, key, in, card, placed); err != nil {
		return err
	}
	return d.paid(ctx, placed)
}

func (d *deal) declineOffer(ctx context.Context, id ident.Offer) error {
	_, err := d.l.m.DeclineOffer(ctx, d.buyer.who, "", id, pick(d.l.rnd, d.l.w.words.Talk.Dear))
	if err := d.l.honest("decline an offer", err); err != nil {
		return err
	}
	return d.cheatAtDeadOffer(ctx, id, fault.KindConflict)
}

func (d *deal) forgetOffer(_ context.Context, id ident.Offer) error {
	d.l.in(day, func(ctx context.Context) error { return d.cheatAtDeadOffer(ctx, id, fault.KindExpired) })
	return nil
}

func (d *deal) withdrawOffer(ctx context.Context, id ident.Offer) error {
	_, err := d.l.m.WithdrawOffer(ctx, d.buyer.who, "", id)
	if err := d.l.cheat("withdraw another's offer", err, fault.KindForbidden); err != nil {
		return err
	}
	_, err = d.l.m.WithdrawOffer(ctx, d.shelf.seller.who, "", id)
	if err := d.l.honest("withdraw an offer", err); err != nil {
		return err
	}
	return d.cheatAtDeadOffer(ctx, id, fault.KindConflict)
}

// betterOffer makes another offer in the place of the first, which is paid.
func (d *deal) betterOffer(ctx context.Context, id ident.Offer) error {
	made, err := d.makeOffer(ctx, market.NewOffer{Supersedes: id})
	if err != nil {
		return d.l.turnedAway(err)
	}
	if err := d.cheatAtDeadOffer(ctx, id, fault.KindConflict); err != nil {
		return err
	}
	d.l.in(d.l.between(hour, 9*hour), func(ctx context.Context) error { return d.payOffer(ctx, made.Offer) })
	return nil
}

// cheatAtOffer tries an offer's link as somebody else, and for less.
func (d *deal) cheatAtOffer(ctx context.Context, in market.PaidOffer) error {
	l, stranger := d.l, d.stranger()
	_, err := l.m.OfferPage(ctx, stranger, in.Offer)
	if err := l.cheat("open another's offer", err, fault.KindNotFound); err != nil {
		return err
	}
	_, err = l.m.PayOffer(ctx, stranger, "", in, d.card())
	if err := l.cheat("pay another's offer", err, fault.KindNotFound); err != nil {
		return err
	}
	_, err = l.m.PayOffer(ctx, d.shelf.seller.who, "", in, d.card())
	if err := l.cheat("pay one's own offer", err, fault.KindForbidden); err != nil {
		return err
	}
	in.Shown.Minor /= 2
	_, err = l.m.PayOffer(ctx, d.buyer.who, "", in, d.card())
	return l.cheat("price of an offer edited", err, fault.KindConflict)
}

// cheatByOfferAgain wants a second order through one link.
func (d *deal) cheatByOfferAgain(ctx context.Context, key market.Key, in market.PaidOffer, card pay.Card, first market.Placed) error {
	l := d.l
	again, err := l.m.PayOffer(ctx, d.buyer.who, key, in, card)
	if err != nil || again.Order != first.Order || again.Payment != first.Payment {
		l.gain("an offer paid twice with one key", "another answer")
	}
	if first.Paid != order.PaymentSucceeded {
		return nil
	}
	_, err = l.m.PayOffer(ctx, d.buyer.who, l.key("offer"), in, card)
	return l.cheat("a second order through one offer", err, fault.KindConflict)
}

// cheatAtDeadOffer pays an offer that has ended.
func (d *deal) cheatAtDeadOffer(ctx context.Context, id ident.Offer, want fault.Kind) error {
	l := d.l
	page, err := l.m.OfferPage(ctx, d.buyer.who, id)
	if err != nil {
		return l.honest("look at an offer", err)
	}
	_, err = l.m.PayOffer(ctx, d.buyer.who, "", market.PaidOffer{Offer: id, Shown: page.Quote.Total, Again: true}, d.card())
	return l.cheat("pay an offer that has ended", err, want)
}
