package sim

import (
	"context"
	"hash/fnv"
	"math/rand/v2"
	"time"

	"guildhall/internal/desk"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/order"
	"guildhall/internal/review"
)

// rating is what people say about each other, by how content they are: 1 to 5
// stars of an honest buyer, and of a seller. Several write nothing at all.
type rating struct {
	Buyer  [5][]string `yaml:"buyer"`
	Seller [5][]string `yaml:"seller"`
	Reply  []string    `yaml:"reply"`  // to a poor one
	Thanks []string    `yaml:"thanks"` // to a good one
	Amend  []string    `yaml:"amend"`
	Demand []string    `yaml:"demand"` // in the conversation
	Report []string    `yaml:"report"`
	Object []string    `yaml:"object"`
}

// opinion is what becomes of an order in reviews. It draws apart from everything
// else, so that a market is otherwise the same with reviews as without.
type opinion struct {
	*deal
	rnd *rand.Rand
}

func (d *deal) opinion() *opinion {
	h := fnv.New64a()
	_, _ = h.Write([]byte(d.id))                                       // never fails
	return &opinion{d, rand.New(rand.NewPCG(d.l.w.c.Seed, h.Sum64()))} // play
}

func (o *opinion) chance(percent int) bool { return o.rnd.IntN(100) < percent }

func (o *opinion) between(from, to time.Duration) time.Duration {
	return from + time.Duration(o.rnd.Int64N(int64(to-from)))
}

// finished is an order that is over: most buyers rate, many sellers rate back,
// some of either never say a word.
func (d *deal) finished() { d.opinions(0) }

// forgotten is one that silence completes some time later.
func (d *deal) forgotten() {
	o := d.opinion()
	if o.chance(40) {
		d.opinions(d.l.m.Policy().Order.ReviewPeriod.D() + d.l.w.c.Fence)
	}
}

func (d *deal) opinions(after time.Duration) {
	o := d.opinion()
	if o.buyer.crook {
		return
	}
	rates := o.rates
	if after > 0 {
		rates = o.ratesIfOpen // silence may have ended in something else
	}
	buyer, seller := o.chance(52), o.chance(33)
	if buyer {
		o.soon(after+o.between(hour, 60*hour), o.buyer, func(ctx context.Context) error { return rates(ctx, review.Buyer) })
	}
	if seller {
		o.soon(after+o.between(2*hour, 66*hour), o.shelf.seller, func(ctx context.Context) error { return rates(ctx, review.Seller) })
	}
	if buyer && o.chance(22) {
		o.l.in(after+14*day+2*o.l.w.c.Fence, o.answers)
	}
}

func (o *opinion) soon(after time.Duration, p *person, do func(context.Context) error) {
	at := o.l.now().Add(after)
	if h := at.In(p.zone).Hour(); h < 8 || h > 22 { // asleep
		at = at.Add(time.Duration((32-h)%24) * hour)
	}
	o.l.at(at, do)
}

// ratesIfOpen looks first whether there is anything to write.
func (o *opinion) ratesIfOpen(ctx context.Context, by review.Side) error {
	page, err := o.l.m.ReviewOf(ctx, o.by(by).who, o.id)
	if _, may := page.May(review.MoveWrite); err != nil || !may {
		return err
	}
	return o.rates(ctx, by)
}

func (o *opinion) by(side review.Side) *person {
	if side == review.Buyer {
		return o.buyer
	}
	return o.shelf.seller
}

// rates writes a review.
func (o *opinion) rates(ctx context.Context, by review.Side) error {
	who, n := o.by(by), o.content()
	if by == review.Seller {
		n = o.pleased()
	}
	d := o.draft(by, n)
	if _, err := o.l.m.WriteReview(ctx, who.who, "", o.id, d); err != nil || by == review.Seller {
		return o.l.honest("write a review", err)
	}
	if n <= 3 && o.chance(12) { // the seller made it good
		o.soon(o.between(day, 9*day), who, func(ctx context.Context) error {
			d := o.draft(by, n+1)
			d.Text = pick(o.rnd, o.l.w.words.Review.Amend)
			_, err := o.l.m.AmendReview(ctx, who.who, "", o.id, d)
			return o.l.honest("amend a review", err)
		})
	}
	return nil
}

// draft is a review of about n stars.
func (o *opinion) draft(by review.Side, n int) review.Draft {
	d, say, asked := review.Draft{Stars: map[string]int{}}, o.l.w.words.Review.Buyer[n-1], o.l.m.Policy().Reviews.Criteria
	if by == review.Seller {
		say, asked = o.l.w.words.Review.Seller[n-1], review.OneScore()
	}
	for _, c := range asked {
		at := n
		if o.chance(14) {
			at += 1 - 2*o.rnd.IntN(2)
		}
		if c.Name == review.StartTime && o.fate.start == "prompt" {
			at = max(at, n)
		}
		d.Stars[c.Name] = min(max(at, 1), review.MostStars)
	}
	if o.chance(64) || n <= 2 {
		d.Text = pick(o.rnd, say)
	}
	return d
}

// content is how a buyer felt about it: some sellers are better than others,
// and what came late, or never, is forgiven by few.
func (o *opinion) content() int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(o.shelf.seller.Name)) // never fails
	poor := 4 + int(h.Sum32()%17)               // of a hundred buyers of this seller
	n := review.MostStars
	switch roll := o.rnd.IntN(100); {
	case roll < poor/5:
		n = 1
	case roll < poor/2:
		n = 3
	case roll < 2*poor:
		n = 4
	}
	switch {
	case o.fate.never:
		n = min(n, 1+o.rnd.IntN(2))
	case o.fate.deliver > 1, o.fate.judge == "fault":
		n = max(1, n-o.rnd.IntN(3))
	}
	return n
}

// pleased is how a seller felt about the buyer.
func (o *opinion) pleased() int {
	switch roll := o.rnd.IntN(100); {
	case roll < 3:
		return 2
	case roll < 7:
		return 3
	case roll < 20:
		return 4
	}
	return review.MostStars
}

// answers is a seller who reads what was said and replies, or asks whether the
// work may be shown beside it.
func (o *opinion) answers(ctx context.Context) error {
	seller, m := o.shelf.seller, o.l.m
	page, err := m.ReviewOf(ctx, seller.who, o.id)
	if err != nil || page.Theirs == nil {
		return err
	}
	if len(page.Samples) > 0 && page.Theirs.Overall().Whole() >= 4 {
		return o.sample(ctx, page.Samples[0].ID)
	}
	if _, may := page.May(review.MoveAnswer); !may {
		return nil
	}
	say := o.l.w.words.Review.Thanks
	if page.Theirs.Overall().Whole() < 4 {
		say = o.l.w.words.Review.Reply
	}
	_, err = m.ReplyReview(ctx, seller.who, "", o.id, pick(o.rnd, say))
	return o.l.honest("reply to a review", err)
}

func (o *opinion) sample(ctx context.Context, f ident.File) error {
	if _, err := o.l.m.OfferSample(ctx, o.shelf.seller.who, "", o.id, f); err != nil {
		return o.l.honest("offer a work sample", err)
	}
	o.soon(o.between(2*hour, 50*hour), o.buyer, func(ctx context.Context) error {
		_, err := o.l.m.AnswerSample(ctx, o.buyer.who, "", o.id, o.chance(75))
		return o.l.honest("answer about a work sample", err)
	})
	return nil
}

// reviewTurns are about reviews, and about the names that they make.
func reviewTurns() []turn {
	return append(famedTurns(), turn{name: "challenge kept", when: delivered, play: (*deal).challengeKept})
}

const ruleReview = "Section 8, reviews"

// challengeKept is a seller who does not like what is true: the desk lets it
// stand.
func (d *deal) challengeKept(context.Context) error {
	l, o := d.l, d.opinion()
	d.later(l.between(hour, 8*hour), d.buyer, order.Accept{}, func() {
		l.in(l.between(hour, 9*hour), func(ctx context.Context) error {
			bad := o.draft(review.Buyer, 1)
			bad.Text = pick(o.rnd, l.w.words.Review.Buyer[0])
			if _, err := l.m.WriteReview(ctx, d.buyer.who, "", d.id, bad); err != nil {
				return l.honest("write a review", err)
			}
			if err := o.meddle(ctx, bad); err != nil {
				return err
			}
			if err := o.rates(ctx, review.Seller); err != nil {
				return err
			}
			return d.challenged(ctx, bad.Text)
		})
	})
	return nil
}

func (d *deal) challenged(ctx context.Context, passage string) error {
	l, m := d.l, d.l.m
	e := review.Evidence{Text: pick(l.rnd, l.w.words.Review.Object), Passage: passage}
	_, err := m.ChallengeReview(ctx, d.buyer.who, "", d.id, "unrelated", e) // of the seller's review, whose words these are not
	if err := l.cheat("challenge with made-up words", err, fault.KindInvalid); err != nil {
		return err
	}
	moved, err := m.ChallengeReview(ctx, d.shelf.seller.who, "", d.id, "unrelated", e)
	if err != nil {
		return l.honest("challenge a review", err)
	}
	d.before(moved.Case).decides(desk.Decision{Dismiss: true}, ruleReview, nil)
	return nil
}

// before is a case of the deal before one of the two agents.
func (d *deal) before(id ident.Case) *matter {
	x := &matter{deal: d, id: id}
	x.agent, x.other = d.l.w.agents(d.l.seq)
	return x
}

// meddle tries what nobody may do with a review that is still closed.
func (o *opinion) meddle(ctx context.Context, d review.Draft) error {
	m, l, seller := o.l.m, o.l, o.shelf.seller
	_, err := m.ReviewOf(ctx, o.stranger(), o.id)
	if err := l.cheat("read another's reviews before the reveal", err, fault.KindNotFound); err != nil {
		return err
	}
	page, err := m.ReviewOf(ctx, seller.who, o.id)
	if err == nil && page.Theirs != nil {
		l.gain("a blind review", "the other side reads it")
	}
	_, err = m.AmendReview(ctx, seller.who, "", o.id, d)
	if err := l.cheat("change another's review", err, fault.KindConflict); err != nil {
		return err
	}
	_, err = m.WriteReview(ctx, o.buyer.who, "", o.id, d)
	if err := l.cheat("review twice", err, fault.KindConflict); err != nil {
		return err
	}
	_, err = m.WriteReview(ctx, o.stranger(), "", o.id, d)
	return l.cheat("review another's order", err, fault.KindNotFound)
}
