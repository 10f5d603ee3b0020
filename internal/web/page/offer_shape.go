package page

import (
	"net/url"
	"strconv"
	"time"

	"guildhall/internal/gig"
	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/offer"
	"guildhall/internal/web/kit"
)

// OffersProps is the list of somebody's offers.
type OffersProps struct {
	Side         offer.Party
	Seller       bool // the reader sells, so there are two sides
	Open, Ended  []market.OfferRow
	OlderOpen    string
	Newer, Older string
}

func offerPath(o offer.Offer, what string) string { return "/offers/" + string(o.ID) + what }

func offersLink(side offer.Party) kit.Link {
	if side == offer.Seller {
		return kit.Link{Label: "Offers", Href: "/offers?side=made"}
	}
	return kit.Link{Label: "Offers", Href: "/offers"}
}

func offerTabs(v OffersProps) []kit.Tab {
	return []kit.Tab{
		{Label: "Made to you", Href: "/offers", Current: v.Side == offer.Buyer, NoCount: true},
		{Label: "Made by you", Href: "/offers?side=made", Current: v.Side == offer.Seller, NoCount: true},
	}
}

// offerState says where an offer stands in words with its tone.
func offerState(o offer.Offer, now time.Time) kit.State {
	switch {
	case o.Payable(now):
		return kit.State{Tone: kit.Lapis, Icon: "hand-coins", Text: "Open"}
	case o.State == offer.Open:
		return kit.State{Tone: kit.Warn, Icon: "hourglass", Text: "Payment under way"}
	case o.State == offer.Accepted:
		return kit.State{Tone: kit.Good, Icon: "circle-check", Text: "Paid"}
	case o.State == offer.Declined:
		return kit.State{Tone: kit.Neutral, Icon: "circle-x", Text: "Declined"}
	case o.State == offer.Withdrawn:
		return kit.State{Tone: kit.Neutral, Icon: "undo-2", Text: "Taken back"}
	case o.State == offer.Superseded:
		return kit.State{Tone: kit.Neutral, Icon: "repeat", Text: "Replaced"}
	}
	return kit.State{Tone: kit.Neutral, Icon: "timer-off", Text: "Ended unpaid"}
}

func offerRow(r market.OfferRow, side offer.Party, l kit.Local) kit.RowProps {
	row := kit.RowProps{
		Href: offerPath(r.Offer, ""), Title: sentence(r.Offer.Title), Party: r.Other.Name,
		Picture: PictureURL(r.Other.Picture, market.PictureAvatar), Amount: r.Offer.Price.String(), State: offerState(r.Offer, l.Now),
	}
	switch {
	case r.Offer.Payable(l.Now):
		row.Clock = &kit.ClockProps{Label: "Ends", Due: r.Offer.ExpiresAt, Local: l, Compact: true}
		if row.Mine = side == offer.Buyer; row.Mine {
			row.Move = "Your move"
		} else {
			row.Move = r.Other.Name + "’s move"
		}
	case !r.Offer.EndedAt.IsZero():
		row.Note = l.At(r.Offer.EndedAt)
	}
	return row
}

func offerOther(v market.OfferPage) member.Member {
	if v.Party == offer.Buyer {
		return v.Seller
	}
	return v.Buyer
}

// offerOtherPart is what they are in the offer.
func offerOtherPart(v market.OfferPage) string {
	if v.Party == offer.Buyer {
		return "Seller"
	}
	return "Buyer"
}

func offerLead(v market.OfferPage) string {
	if v.Party == offer.Buyer {
		return "An offer from " + v.Seller.Name + ", for you alone"
	}
	return "Your offer to " + v.Buyer.Name + ", for nobody else"
}

func offerAnswerer(v market.OfferPage) string {
	if v.Party == offer.Buyer {
		return "you"
	}
	return v.Buyer.Name
}

// offerStep is the top of the offer's page.
func offerStep(p kit.Page, v market.OfferPage) kit.NextStepProps {
	other := offerOther(v)
	n := kit.NextStepProps{Move: kit.TheirMove, Who: other.Name, Say: said(v.Step.Says, other.Name, v.Step.Until, p.Local)}
	switch v.Step.Whose {
	case v.Party:
		n.Move = kit.YourMove
	case offer.Nobody:
		n.Move, n.Heading = kit.NobodysTurn, "Where it stands"
	}
	if v.Offer.State == offer.Open {
		n.Clock = &kit.ClockProps{
			Label: "The time to pay ends", Due: v.Step.Until, Local: p.Local, OtherName: other.Name, OtherZone: other.Location(),
		}
		if v.Step.Whose == offer.Nobody {
			n.Clock.Label = "The waiting ends"
		}
	}
	for _, opt := range v.Options {
		a := kit.Action{Label: opt.Verb, Href: offerPath(v.Offer, "/"+string(opt.Move)), Hurts: opt.Move == offer.MoveWithdraw}
		switch opt.Move {
		case offer.MovePay:
			a.Label += " · " + v.Quote.Total.String()
		case offer.MoveSupersede:
			a.Href = "/offers/new?" + url.Values{"to": {string(v.Buyer.ID)}, "from": {string(v.Offer.ID)}}.Encode()
		}
		if opt.Primary {
			n.Primary = &a
		} else {
			n.Others = append(n.Others, a)
		}
	}
	switch {
	case v.Paid:
		n.Primary = &kit.Action{Label: "Go to the order", Href: "/orders/" + string(v.Offer.Order)}
	case v.Offer.SupersededBy != "":
		n.Primary = &kit.Action{Label: "Look at the newer offer", Href: "/offers/" + string(v.Offer.SupersededBy)}
	case v.Party == offer.Seller && v.Offer.State.Ended():
		n.Others = []kit.Action{{Label: "Make a new one like it", Href: "/offers/new?" + url.Values{"to": {string(v.Buyer.ID)}, "from": {string(v.Offer.ID)}}.Encode()}}
	}
	if v.Party == offer.Buyer || !v.Offer.State.Ended() {
		n.Others = append(n.Others, kit.Action{Label: "Write to " + other.Name, Href: "/messages/new?to=" + string(other.ID)})
	}
	return n
}

func offerFacts(v market.OfferPage) []kit.Fact {
	facts := []kit.Fact{
		{Name: "Delivery", Value: daysWords(v.Offer.Days) + " after the start"},
		{Name: "Revisions", Value: strconv.Itoa(v.Offer.Revisions)},
		{Name: "Gig", Body: offerGig(v)},
	}
	if id := v.Offer.Supersedes; id != "" {
		facts = append(facts, kit.Fact{Name: "In the place of", Body: offerInstead(string(id), "an earlier offer")})
	}
	return facts
}

func offerAsks(v market.OfferPage) string {
	if v.Party == offer.Buyer {
		return "What " + v.Seller.Name + " asks you before work starts"
	}
	return "What you ask before work starts"
}

func offerPeople(v market.OfferPage, l kit.Local) []kit.Fact {
	return []kit.Fact{
		{Name: "Seller", Body: personLink(v.Seller.Name, v.Seller.Handle)},
		{Name: "Buyer", Value: v.Buyer.Name},
		{Name: offerOtherPart(v) + "’s time zone", Value: l.Of(offerOther(v).Location())},
	}
}

// offerMoney is the price as the reader's own money.
func offerMoney(v market.OfferPage) []kit.LedgerRow {
	if v.Party == offer.Buyer {
		return quoteRows(v.Quote)
	}
	rows := []kit.LedgerRow{{Label: v.Quote.Package, Amount: v.Offer.Price.String()}}
	if v.Shares.Commission.IsZero() {
		return rows
	}
	percent := v.Policy.Money.Commission.String()
	return append(rows, kit.LedgerRow{Label: "Commission", Note: percent + " of " + v.Offer.Price.String(), Amount: v.Shares.Commission.Neg().String()})
}

func offerSum(v market.OfferPage) kit.LedgerRow {
	if v.Party == offer.Buyer {
		return kit.LedgerRow{Label: "You pay", Amount: v.Quote.Total.String()}
	}
	return kit.LedgerRow{Label: "To you", Amount: v.Shares.Seller.String()}
}

func offerMoneyWords(v market.OfferPage) string {
	if v.Offer.State.Ended() && !v.Paid {
		return "It can no longer be paid."
	}
	if v.Paid {
		return "It is paid. The order shows where the money is."
	}
	if v.Party == offer.Buyer {
		return "Nothing is charged before you confirm. What you pay is held by the house until you accept the work."
	}
	return "What " + v.Buyer.Name + " pays is held by the house until the work is accepted."
}

// offerNext is the life of the order to come, with the policy's numbers.
func offerNext(v market.OfferPage) []string {
	order := v.Policy.Order
	start := "It asks no questions: work starts at once, and the delivery is due " + daysWords(v.Offer.Days) + " from now."
	for _, q := range v.Offer.Questions {
		if q.Required {
			start = "You can undo the order, with everything back, until you have answered the seller’s questions and work has started."
		}
	}
	return []string{
		v.Quote.Total.String() + " is held by the house, not by the seller.",
		start,
		"After a delivery you have " + order.ReviewPeriod.Words() + " to accept it or to ask for a revision. Silence accepts it.",
		"If nothing is delivered " + order.LateCancel.Words() + " after it was due, you can cancel by yourself and get everything back.",
		"A payment begun in time is taken if your bank confirms it within " + v.Made.Offers.PaymentGrace.Words() + " after the end; later it goes back to you.",
	}
}

func openLegend(v market.OfferForm) string {
	if len(v.Open) == 1 {
		return v.Buyer.Name + " has an open offer of yours"
	}
	return v.Buyer.Name + " has " + strconv.Itoa(len(v.Open)) + " open offers of yours"
}

func openChoices(v market.OfferForm, l kit.Local) []kit.Choice {
	var list []kit.Choice
	for _, o := range v.Open {
		list = append(list, kit.Choice{
			Value: string(o.ID), Label: "In the place of “" + o.Title + "”", Note: "It can no longer be paid then. Open until " + l.At(o.ExpiresAt) + ".", Aside: o.Price.String(),
		})
	}
	return append(list, kit.Choice{Value: "yes", Label: "Beside what is open", Note: v.Buyer.Name + " can pay each of them."})
}

func gigOptions(v market.OfferForm) []kit.Option {
	list := []kit.Option{{Value: "", Label: "Choose a gig"}}
	known := v.Gig.ID == ""
	for _, g := range v.Gigs {
		list = append(list, kit.Option{Value: string(g.ID), Label: sentence(g.Title)})
		known = known || g.ID == v.Gig.ID
	}
	if !known {
		list = append(list, kit.Option{Value: string(v.Gig.ID), Label: sentence(v.Gig.Title)})
	}
	return list
}

func newOfferPath(v market.OfferForm, gig, tier string) string {
	q := url.Values{"to": {string(v.Buyer.ID)}}
	if gig != "" {
		q.Set("gig", gig)
	}
	if tier != "" {
		q.Set("tier", tier)
	}
	return "/offers/new?" + q.Encode()
}

func packageWords(v market.OfferForm, pack gig.Package) string {
	return v.Price(pack).String() + " · " + daysWords(pack.Days) + " · " + revisionsWords(pack.Revisions)
}

func revisionsWords(n int) string {
	if n == 1 {
		return "1 revision"
	}
	return strconv.Itoa(n) + " revisions"
}
