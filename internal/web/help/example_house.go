package help

import (
	"strconv"
	"time"

	"guildhall/internal/desk"
	"guildhall/internal/gig"
	"guildhall/internal/ledger"
	"guildhall/internal/member"
	"guildhall/internal/money"
	"guildhall/internal/notice"
	"guildhall/internal/offer"
	"guildhall/internal/policy"
	"guildhall/internal/talk"
)

// OfferExample is an offer that Mara makes to Ben.
type OfferExample struct {
	Price, Made, Until, HonouredUntil string
	Open, Over                        bool // whether it can be paid a minute before its end, and at it
}

func playOffer(e *Example, _ Lived, p policy.Version) error {
	seller := mara
	seller.Seller = true
	price := min(max(whole(120, p.Currency), int64(p.Money.MinPrice)), int64(p.Money.MaxPrice))
	o, _, err := offer.New(monday, offer.Draft{
		ID: "offer_example", Buyer: ben.Member, Gig: gig.Gig{ID: "gig_example", Seller: mara.Member, State: gig.StateActive},
		Terms: offer.Terms{
			Title: "A logo and a shop sign", Scope: "The logo, and a sign for the door made of it.",
			Price: money.Of(price, p.Currency), Days: min(days, p.Limits.PackageDays), Revisions: min(revisions, p.Limits.PackageRevisions),
		},
	}, seller, p)
	e.Offer = OfferExample{
		Price: o.Price.String(), Made: at(o.MadeAt), Until: at(o.ExpiresAt), HonouredUntil: at(o.HonouredUntil),
		Open: o.Payable(o.ExpiresAt.Add(-time.Minute)), Over: o.Payable(o.ExpiresAt),
	}
	return err
}

// SupportExample is a case that Ben opens about his order, up to its decision.
type SupportExample struct {
	Asked, AnswerBy, Decided, AppealUntil string
	Small, SmallTwo                       string // an amount that one person may move, and whether two must
	Commission                            string
}

func playSupport(e *Example, l Lived, p policy.Version) error {
	opened := l.Delivered.Life.DeliveredAt
	agent := desk.Worker{Actor: member.Actor{Member: "member_ada", Role: member.RoleAgent}}
	c, _, err := desk.Open(opened, desk.Draft{ID: "case_example", Kind: desk.Other, Order: l.Done.ID, Other: mara.Member},
		desk.Words{Text: "The files cannot be opened here."}, ben, p)
	if err != nil {
		return err
	}
	s := &e.Support
	s.Asked, s.AnswerBy = at(c.OpenedAt), at(c.AnswerBy)
	if c, _, err = desk.Take(opened.Add(time.Hour), c, agent, p); err != nil {
		return err
	}
	c, _, err = desk.Decide(opened.Add(26*time.Hour), c, desk.Decision{
		Dismiss: true, Rule: "Deliveries, revisions and faults", Facts: "The files open in every usual program.",
	}, desk.Shown{Digest: "seen", Amount: money.Zero(p.Currency), Rules: p.ID}, agent, p)
	s.Decided, s.AppealUntil = at(c.DecidedAt), at(c.AppealUntil)
	s.Small, s.SmallTwo = l.Done.Total.String(), "one person of the house may decide that"
	if desk.TwoPersons(l.Done.Total, p) {
		s.SmallTwo = "that takes two persons of the house"
	}
	if err != nil {
		return err
	}
	shares, err := ledger.Deal{Price: l.Done.Agreement.Price, Fee: l.Done.Agreement.Fee}.Shares(p.Money.Commission.BP())
	s.Commission = shares.Commission.String()
	return err
}

// TokenExample is a key that may only look.
type TokenExample struct {
	Name, Refused, Until string
}

func playToken(e *Example, _ Lived, p policy.Version) error {
	t, err := member.NewToken(monday, "Bookkeeping", []member.Scope{member.ScopeRead}, monday.Add(p.Limits.SessionLife.D()))
	if err != nil {
		return err
	}
	e.Token = TokenExample{Name: t.Name, Until: at(t.Expires)}
	if err := (member.Member{ID: ben.Member}).ActorWith(t.Scopes).Need(member.ScopeBuy); err != nil {
		e.Token.Refused = plain(err.Error())
	}
	return nil
}

// NoticeExample is what Ben is told when Mara delivers.
type NoticeExample struct {
	Title, Body string
	Once        string // how many notices the delivery makes
}

func playNotice(e *Example, l Lived, p policy.Version) error {
	facts := notice.Facts{
		Ref: l.Done.Ref, Title: l.Done.Title, Currency: p.Currency, Policy: p,
		Buyer: notice.Person{ID: ben.Member, Name: "Ben"}, Seller: notice.Person{ID: mara.Member, Name: "Mara"},
	}
	write := notice.At(monday, time.UTC)
	told := 0
	for _, event := range l.Delivery.Events {
		for _, n := range notice.For(event, facts) {
			if n.To != ben.Member {
				continue
			}
			told++
			e.Notice.Title = plain(notice.Say(n.TitleParts(), write))
			e.Notice.Body = plain(notice.Say(n.BodyParts(), write))
		}
	}
	e.Notice.Once = plural(told, "notice")
	return nil
}

// CapacityExample is a gig of a seller who takes few orders at once.
type CapacityExample struct {
	Most        string
	Free, Taken string // what the gig says with one place left, and with none
}

func playCapacity(e *Example, _ Lived, _ policy.Version) error {
	g := gig.Gig{State: gig.StateActive, Body: gig.Body{Capacity: 2}}
	says := func(busy int) string {
		if why := gig.NotForSale(g, member.Member{}, time.Time{}, busy); why != "" {
			return "“" + plain(why) + "”"
		}
		return "it can be ordered"
	}
	e.Capacity = CapacityExample{Most: plural(g.Capacity, "order"), Free: says(g.Capacity - 1), Taken: says(g.Capacity)}
	return nil
}

// MessageExample is the first message to a seller, and two answers to it.
type MessageExample struct {
	Asked, Until        string
	Early, Late         string
	EarlyGood, LateGood string
}

func playMessage(e *Example, _ Lived, p policy.Version) error {
	asked := monday
	limit := p.Standing.Response.D()
	word := func(answered time.Time) string {
		f := talk.First{Asker: ben.Member, Asked: mara.Member, At: asked, Answered: answered, Selling: true}
		if f.Counts() && f.Within(limit) {
			return "a good one"
		}
		return "too late for that"
	}
	early, late := asked.Add(limit*5/6), asked.Add(limit+90*time.Minute)
	e.Message = MessageExample{
		Asked: at(asked), Until: at(asked.Add(limit)), Early: at(early), Late: at(late),
		EarlyGood: word(early), LateGood: word(late),
	}
	return nil
}

// plural is a count with its noun.
func plural(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return strconv.Itoa(n) + " " + noun
}
