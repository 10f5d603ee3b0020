package offer

import (
	"errors"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"guildhall/internal/effect"
	"guildhall/internal/fault"
	"guildhall/internal/gig"
	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/money"
	"guildhall/internal/policy"
)

// Draft is what an offer is made from.
type Draft struct {
	ID    ident.Offer
	Buyer ident.Member
	Gig   gig.Gig
	Terms Terms

	// Open are the seller's open offers to the same buyer. One who has some says
	// what becomes of them: the new one stands beside them, or in the place of one.
	Open       []Offer
	Beside     bool
	Supersedes ident.Offer
}

// New makes an offer. The one that it takes the place of is ended apart, by the
// move Supersede. Errors: fault.Forbidden without a seller profile,
// fault.Invalid beside "to", "gig", the fields of the terms, "beside" and
// "supersedes".
func New(now time.Time, d Draft, who member.Actor, p policy.Version) (Offer, effect.Set, error) {
	var none effect.Set
	switch {
	case !who.Seller:
		return Offer{}, none, fault.Forbidden("Open a seller profile first, then you can make offers.")
	case who.Is(d.Buyer):
		return Offer{}, none, fault.Invalid("to", "This is you: choose whom the offer is for.")
	}
	d.Terms = d.Terms.trimmed()
	bad := fault.Fields{}
	bad.Need(who.Is(d.Gig.Seller) && d.Gig.State == gig.StateActive, "gig", "Choose one of your gigs that are for sale now.")
	check(d.Terms, p, bad)
	d.others(bad, now)
	if err := bad.Err(); err != nil {
		return Offer{}, none, err
	}
	o := Offer{
		ID: d.ID, Seller: d.Gig.Seller, Buyer: d.Buyer, Gig: d.Gig.ID, Policy: p.ID, Terms: d.Terms, State: Open,
		MadeAt: now, ExpiresAt: now.Add(p.Offers.Life.D()), Supersedes: d.Supersedes,
	}
	o.HonouredUntil = o.ExpiresAt.Add(p.Offers.PaymentGrace.D())
	t := turn{now: now, o: &o, who: who, party: Seller, p: p}
	detail := effect.Detail{Amount: o.Price.Minor, Until: o.ExpiresAt}
	if o.Supersedes != "" {
		detail.Facts = map[string]string{"supersedes": string(o.Supersedes)}
	}
	t.happen(Made, detail)
	t.set.Events[0].From, t.set.Events[0].To = "", string(Open)
	return o, t.set, nil
}

// others holds the draft against the open offers to the same buyer.
func (d Draft) others(bad fault.Fields, now time.Time) {
	named := ""
	known := false
	for _, o := range d.Open {
		if !o.Payable(now) {
			continue
		}
		known = known || o.ID == d.Supersedes
		if named != "" {
			named += "; "
		}
		named += "“" + o.Title + "” for " + o.Price.String() + " (" + string(o.ID) + ")"
	}
	switch {
	case d.Supersedes != "" && !known:
		bad.Need(false, "supersedes", "The offer it should take the place of is not open any more.")
	case named != "" && d.Supersedes == "" && !d.Beside:
		bad.Need(false, "beside", "This buyer has an open offer of yours: "+named+". Say whether the new one stands beside it or takes its place.")
	}
}

func (t Terms) trimmed() Terms {
	t.Title = strings.Join(strings.Fields(t.Title), " ")
	t.Scope = strings.TrimSpace(strings.ReplaceAll(t.Scope, "\r\n", "\n"))
	questions := make([]gig.Question, len(t.Questions))
	for i, q := range t.Questions {
		q.Text = strings.TrimSpace(q.Text)
		questions[i] = q
	}
	t.Questions = gig.WithKeys(gig.Body{Questions: questions}, 1).Questions
	return t
}

// minScope keeps "see above" from being all that was agreed.
const minScope = 10

// check holds the terms against the bounds that a gig's package keeps too.
func check(t Terms, p policy.Version, bad fault.Fields) {
	runes := utf8.RuneCountInString(t.Scope)
	bad.Need(runes >= minScope, "scope", "Say in at least "+strconv.Itoa(minScope)+" characters what the buyer gets.")
	bad.Need(runes <= p.Limits.TextRunes, "scope", "At most "+strconv.Itoa(p.Limits.TextRunes)+" characters.")
	bad.Need(t.Price.Currency == p.Currency, "price", "Prices here are in "+string(p.Currency)+".")
	var wrong *fault.Error
	if errors.As(gig.Check(t.body(p.Currency), p), &wrong) {
		for field, why := range wrong.Fields {
			if field == "description" {
				field = "scope"
			}
			bad.Need(false, strings.TrimPrefix(field, "packages.0."), why)
		}
	}
}

// packageName is what stands where a gig's order names its package.
const packageName = "Custom offer"

// body is the terms as a gig with one package would have them.
func (t Terms) body(c money.Currency) gig.Body {
	return gig.Body{
		Title: t.Title, Description: t.Scope, Currency: c, Questions: t.Questions,
		Packages: []gig.Package{{
			Tier: gig.Basic, Name: packageName, Description: packageName, Price: t.Price.Minor, Days: t.Days, Revisions: t.Revisions,
		}},
	}
}

// Quote is what an order made from the offer agrees to under a policy: the
// offered price and the buyer's fee.
func Quote(o Offer, p policy.Version) (gig.Quote, error) {
	q, err := gig.NewQuote(o.body(o.Price.Currency), gig.Pick{Tier: gig.Basic, Quantity: 1}, p)
	if err != nil {
		return q, err
	}
	q.Tier, q.Scope = "", o.Scope
	q.Offer, q.PayBy = o.ID, o.HonouredUntil
	return q, nil
}
