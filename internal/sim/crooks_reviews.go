package sim

import (
	"context"
	"time"

	"guildhall/internal/desk"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/money"
	"guildhall/internal/order"
	"guildhall/internal/review"
)

// famedTurns are those in which somebody wants a name that they did not earn, or
// to take one away.
func famedTurns() []turn {
	return []turn{
		{name: "wash trader", when: working, play: washing(3, Haul{})},
		{name: "sock puppet", when: working, play: (*deal).puppets},
		{name: "extortionist", when: delivered, play: (*deal).extorts},
		{name: "review bomber", when: working, play: (*deal).bombs},
	}
}

const (
	praise = "The best work that I have ever bought, by far."
	scorn  = "Nothing of it is any good. Do not order here."
)

// rated is what a buyer's draft says of every criterion alike.
func (d *deal) rated(n int, text string) review.Draft {
	stars := map[string]int{}
	for _, c := range d.l.m.Policy().Reviews.Criteria {
		stars[c.Name] = n
	}
	return review.Draft{Stars: stars, Text: text}
}

// scored is what a seller's draft says.
func scored(n int) review.Draft {
	return review.Draft{Stars: map[string]int{review.OneScore()[0].Name: n}}
}

// rate writes somebody's review of the order. The honest meet no refusal.
func (d *deal) rate(ctx context.Context, p *person, w review.Draft) error {
	_, err := d.l.m.WriteReview(ctx, p.who, "", d.id, w)
	return d.l.honest("write a review", err)
}

// sums is what the seller's reviews add up to now.
func (d *deal) sums(ctx context.Context) (review.Sums, error) {
	id := d.shelf.seller.who.Member
	all, err := d.l.m.SellerSums(ctx, id)
	return all[id], err
}

// washing is a seller who buys from themselves through a second account, to
// climb. Every such order is real and paid: the house keeps its commission, and
// the account is one buyer however often it comes.
func washing(more int, sum Haul) func(*deal, context.Context) error {
	return func(d *deal, ctx context.Context) error {
		l, seller := d.l, d.shelf.seller
		own := market.NewOrder{Gig: d.shelf.gig.ID, Pick: d.quote.Pick(), Shown: d.quote.Total, Again: true}
		_, err := l.m.PlaceOrder(ctx, seller.who, "", own, d.card()) // conflict: the gig is fully booked
		if err := l.cheat("order from oneself", err, fault.KindForbidden, fault.KindConflict); err != nil {
			return err
		}
		m, err := d.move(ctx, seller, order.Deliver{Text: "As agreed with myself."})
		if err != nil || m.Event == 0 {
			return err
		}
		l.in(10*time.Minute, func(ctx context.Context) error { return d.washed(ctx, more, sum) })
		return nil
	}
}

func (d *deal) washed(ctx context.Context, more int, sum Haul) error {
	l := d.l
	was, err := l.m.MyStanding(ctx, d.shelf.seller.who)
	if err != nil {
		return err
	}
	if done, err := d.move(ctx, d.buyer, order.Accept{}); err != nil || done.Event == 0 {
		return err
	}
	if err := d.rate(ctx, d.buyer, d.rated(review.MostStars, praise)); err != nil {
		return err
	}
	if err := d.rate(ctx, d.shelf.seller, scored(review.MostStars)); err != nil {
		return err
	}
	is, err := l.m.MyStanding(ctx, d.shelf.seller.who)
	if err != nil {
		return err
	}
	cost := d.quote.Total.Minor - (is.Earned - was.Earned)
	sum.add(Haul{
		Orders: is.Completed - was.Completed, Buyers: is.UniqueBuyers - was.UniqueBuyers, Shown: is.Rating.LifeN - was.Rating.LifeN,
		Levels: rungs(is) - rungs(was), Cost: cost,
	})
	if cost <= 0 {
		l.gain("wash trader", "it cost nothing")
	}
	if sum.Buyers > 1 {
		l.gain("wash trader", "one account is counted as several buyers")
	}
	if more > 0 {
		l.in(2*hour, d.again(&turn{name: "wash trader", when: working, play: washing(more-1, sum)}).order)
		return nil
	}
	l.haul("wash trader", sum)
	return nil
}

// rungs is how many levels a seller holds.
func rungs(s market.Standing) int {
	held := 0
	for _, r := range s.Ladder {
		if r.Held {
			held++
		}
	}
	return held
}

// puppets are accounts of one person that praise and scorn for them. None has a
// say that did not buy, and who bought has one, once.
func (d *deal) puppets(ctx context.Context) error {
	l, m, seller := d.l, d.l.m, d.shelf.seller.who
	five := d.rated(review.MostStars, praise)
	write := func(who *person, w review.Draft) func() error {
		return func() error { _, err := m.WriteReview(ctx, who.who, "", d.id, w); return err }
	}
	if err := l.cheat("review a running order", write(d.buyer, five)(), fault.KindConflict); err != nil {
		return err
	}
	if done, err := d.move(ctx, d.shelf.seller, order.Deliver{Text: "As agreed with myself."}); err != nil || done.Event == 0 {
		return err
	}
	if done, err := d.move(ctx, d.buyer, order.Accept{}); err != nil || done.Event == 0 {
		return err
	}
	was, err := d.sums(ctx)
	if err != nil {
		return err
	}
	if err := d.rate(ctx, d.buyer, five); err != nil {
		return err
	}
	other, agent := d.stranger(), l.w.staff[1].who
	tell := review.Evidence{Text: "They praise themselves.", Passage: "best"}
	for _, try := range []struct {
		what string
		do   func() error
	}{
		{"review without buying", func() error { _, err := m.WriteReview(ctx, other, "", d.id, five); return err }},
		{"review as the house", func() error { _, err := m.WriteReview(ctx, agent, "", d.id, five); return err }},
		{"amend another's review", func() error { _, err := m.AmendReview(ctx, other, "", d.id, five); return err }},
		{"reply in another's name", func() error { _, err := m.ReplyReview(ctx, other, "", d.id, praise); return err }},
		{"challenge for somebody else", func() error { _, err := m.ChallengeReview(ctx, other, "", d.id, "unrelated", tell); return err }},
		{"report a demand among others", func() error { _, err := m.ReportDemand(ctx, other, "", d.id, tell); return err }},
		{"read a review before its time", func() error { _, err := m.ReviewOf(ctx, other, d.id); return err }},
	} {
		if err := l.cheat(try.what, try.do(), fault.KindNotFound); err != nil {
			return err
		}
	}
	if err := l.cheat("review twice", write(d.buyer, five)(), fault.KindConflict); err != nil {
		return err
	}
	if err := l.cheat("rate oneself as a buyer does", write(d.shelf.seller, five)(), fault.KindInvalid); err != nil {
		return err
	}
	if page, err := m.ReviewOf(ctx, seller, d.id); err != nil || page.Theirs != nil || page.Pair.ByBuyer != nil {
		l.gain("read a review before its time", "its words are in the page")
		return err
	}
	if is, err := d.sums(ctx); err != nil || is != was {
		l.gain("read a review before its time", "it moves the sums")
		return err
	}
	return d.puppetsSeen(ctx, was, five)
}

// puppetsSeen lets both reviews be seen: one more, whatever was tried.
func (d *deal) puppetsSeen(ctx context.Context, was review.Sums, five review.Draft) error {
	l, m := d.l, d.l.m
	if err := d.rate(ctx, d.shelf.seller, scored(review.MostStars)); err != nil {
		return err
	}
	is, err := d.sums(ctx)
	if err != nil {
		return err
	}
	if is.Count() != was.Count()+1 {
		l.gain("sock puppet", "an order has more than one review")
	}
	_, err = m.AmendReview(ctx, d.buyer.who, "", d.id, five)
	if err := l.honest("amend a review", err); err != nil {
		return err
	}
	_, err = m.AmendReview(ctx, d.buyer.who, "", d.id, five)
	if err := l.cheat("amend twice", err, fault.KindConflict); err != nil {
		return err
	}
	page, err := m.OrderPage(ctx, d.shelf.seller.who, d.id)
	if err != nil {
		return err
	}
	l.haul("sock puppet", Haul{Orders: 1, Shown: is.Shown - was.Shown, Cost: d.quote.Total.Minor - page.Order.Life.Settled.Seller})
	return nil
}

// extorts is a buyer who wants half of the price back or gives one star. The
// seller reports it the moment it is said.
func (d *deal) extorts(ctx context.Context) error {
	l, seller := d.l, d.shelf.seller
	said, err := d.say(ctx, d.buyer, seller, l.w.words.Review.Demand)
	if err != nil {
		return l.turnedAway(err)
	}
	proof := review.Evidence{Text: pick(l.rnd, l.w.words.Review.Report), Messages: []int{said.No}}
	told, err := l.m.ReportDemand(ctx, seller.who, "", d.id, proof)
	if err != nil {
		return l.honest("report a demand", err)
	}
	if page, err := l.m.ReviewOf(ctx, d.buyer.who, d.id); err != nil || page.Demand != nil || len(page.Pair.Demands) > 0 {
		l.gain("extortionist", "they learn that they were reported")
		return err
	}
	no, err := d.ask(ctx, d.buyer, discount(d))
	if err != nil || no == 0 {
		return err
	}
	d.later(l.between(hour, 5*hour), seller, order.Decline{No: no, Text: "No, and I have told the house."}, func() {
		d.later(l.between(hour, 5*hour), d.buyer, order.Accept{}, func() {
			l.in(hour, func(ctx context.Context) error { return d.avenged(ctx, proof, told.Case) })
		})
	})
	return nil
}

// avenged is the one star. The seller challenges it, the desk takes it away, and
// the other agent leaves it away.
func (d *deal) avenged(ctx context.Context, proof review.Evidence, reported ident.Case) error {
	l := d.l
	if err := d.rate(ctx, d.buyer, d.rated(1, scorn)); err != nil {
		return err
	}
	x, err := d.objected(ctx, "extortion", proof)
	if x == nil {
		return err
	}
	y := &matter{deal: d, id: reported, agent: x.agent, other: x.other}
	l.in(l.between(2*hour, 40*hour), func(ctx context.Context) error {
		h, err := x.removed(ctx, "extortionist", "extortion")
		if err != nil {
			return err
		}
		if err := y.decide(ctx, l.ruling(desk.Decision{Warn: []desk.Side{desk.Across}}, ruleReview), nil); err != nil {
			return err
		}
		o, err := d.seen(ctx)
		if err != nil {
			return err
		}
		if h.Got = d.quote.Price.Minor - o.Life.Settled.Seller - o.Life.Settled.Commission; h.Got != 0 {
			l.gain("extortionist", "they paid less")
		}
		l.haul("extortionist", h)
		return x.appeal(ctx, d.buyer, func(y *matter) error {
			return y.decide(ctx, l.ruling(desk.Decision{Dismiss: true}, ruleReview), func(ctx context.Context) error { return d.gone(ctx, "extortionist") })
		})
	})
	return nil
}

// objected lets the seller rate the buyer, so that both reviews are out, and
// ask for the removal of the one about them.
func (d *deal) objected(ctx context.Context, reason string, proof review.Evidence) (*matter, error) {
	l, seller := d.l, d.shelf.seller
	if err := d.rate(ctx, seller, scored(2)); err != nil {
		return nil, err
	}
	_, err := l.m.ChallengeReview(ctx, seller.who, "", d.id, "too_bad", proof)
	if err := l.cheat("challenge for no reason of the list", err, fault.KindInvalid); err != nil {
		return nil, err
	}
	moved, err := l.m.ChallengeReview(ctx, seller.who, "", d.id, reason, proof)
	if err != nil {
		return nil, l.honest("challenge a review", err)
	}
	_, err = l.m.ChallengeReview(ctx, seller.who, "", d.id, reason, proof)
	if err := l.cheat("challenge twice", err, fault.KindConflict); err != nil {
		return nil, err
	}
	return d.before(moved.Case), nil
}

// removed decides for the removal and holds what all views say afterwards
// against what they said before.
func (x *matter) removed(ctx context.Context, what, reason string) (Haul, error) {
	l, m := x.l, x.l.m
	warn := l.ruling(desk.Decision{RemoveReview: reason, Warn: []desk.Side{desk.Opener}}, ruleReview)
	_, err := m.PreviewDecision(ctx, x.agent.who, x.id, warn)
	if err := l.cheat("warn somebody for challenging", err, fault.KindInvalid); err != nil {
		return Haul{}, err
	}
	was, err := x.sums(ctx)
	if err != nil {
		return Haul{}, err
	}
	if err := x.decide(ctx, l.ruling(desk.Decision{RemoveReview: reason}, ruleReview), nil); err != nil {
		return Haul{}, err
	}
	is, err := x.sums(ctx)
	if err != nil {
		return Haul{}, err
	}
	if is.Count() != was.Count() || is.Tombs != was.Tombs+1 || is.Total != was.Total-review.Unit || is.Rows[0] != was.Rows[0]-1 {
		l.gain(what, "the removed star still counts, or is not counted as removed")
	}
	return Haul{Shown: is.Count() - was.Count(), Tombs: is.Tombs - was.Tombs}, x.gone(ctx, what)
}

// gone looks for the removed review where the seller's rating is made, and for
// its words where everybody reads.
func (d *deal) gone(ctx context.Context, what string) error {
	l := d.l
	behind, err := l.m.Behind(ctx, d.shelf.seller.who, "rating", "for", "", 100)
	if err != nil {
		return err
	}
	for _, c := range behind.Lines {
		if c.Order == d.id {
			l.gain(what, "the removed star counts in the rating")
		}
	}
	list, err := l.m.SellerReviews(ctx, d.shelf.seller.who.Member, market.ReviewFilter{}, "", 100)
	if err != nil {
		return err
	}
	for _, item := range list.Items {
		if item.Pair == review.Named(d.id) && (item.Review.Removal == nil || item.Review.Text != "" || len(item.Review.Stars) > 0) {
			l.gain(what, "the removed review can still be read")
		}
	}
	_, err = l.m.AmendReview(ctx, d.buyer.who, "", d.id, d.rated(1, scorn))
	return l.cheat("write in the place of a tombstone", err, fault.KindConflict)
}

// bombs is a competitor who orders, has the order ended and leaves one star. One
// that was agreed away before anything came has no review.
func (d *deal) bombs(ctx context.Context) error {
	l := d.l
	no, err := d.ask(ctx, d.buyer, cancelling("mistake", money.Whole)(d))
	if err != nil || no == 0 {
		return err
	}
	d.later(l.between(10*time.Minute, 2*hour), d.shelf.seller, order.Agree{No: no}, func() {
		d.cancelled()
		next := d.again(&turn{name: "review bomber", when: delivered, play: (*deal).bombsPaid})
		l.in(2*hour, func(ctx context.Context) error {
			_, err := l.m.WriteReview(ctx, d.buyer.who, "", d.id, d.rated(1, scorn))
			if err := l.cheat("review what was agreed away", err, fault.KindConflict); err != nil {
				return err
			}
			next.fate.at = l.now()
			return next.order(ctx)
		})
	})
	return nil
}

// bombsPaid takes the work, and the money back through the desk, and leaves one
// star for it.
func (d *deal) bombsPaid(ctx context.Context) error {
	l := d.l
	if done, err := d.move(ctx, d.buyer, order.Accept{}); err != nil || done.Event == 0 {
		return err
	}
	x, err := d.open(ctx, d.buyer, desk.Payment, d.subject())
	if x == nil {
		return err
	}
	back := desk.Decision{Refund: &desk.Ending{Fault: order.FaultNobody, Share: money.Whole}}
	if err := x.decide(ctx, l.ruling(back, ruleMoney), nil); err != nil {
		return err
	}
	if out, err := d.leftOut(ctx); err != nil || !out {
		l.gain("review bomber", "a refund without fault counts against the seller")
		return err
	}
	if err := d.rate(ctx, d.buyer, d.rated(1, scorn)); err != nil {
		return err
	}
	x, err = d.objected(ctx, "competitor_attack", review.Evidence{Text: "They sell the same and bought nothing but this star.", Passage: "Do not order here"})
	if x == nil {
		return err
	}
	l.in(l.between(2*hour, 60*hour), func(ctx context.Context) error {
		h, err := x.removed(ctx, "review bomber", "competitor_attack")
		if err != nil {
			return err
		}
		l.haul("review bomber", h)
		return nil
	})
	return nil
}
