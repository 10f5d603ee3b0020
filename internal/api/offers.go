package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"guildhall/internal/gig"
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/offer"
)

// OfferHead is what lists and the offer itself tell alike.
type OfferHead struct {
	ID           ident.Offer  `json:"id" pattern:"^offer_[0-9a-z]{26}$"`
	Title        string       `json:"title"`
	State        offer.State  `json:"state" enum:"open,accepted,declined,withdrawn,superseded,expired"`
	Payable      bool         `json:"payable" doc:"The buyer can begin to pay it now."`
	Price        Money        `json:"price" doc:"Of the work; the buyer's fee comes on top."`
	Days         int          `json:"days"`
	Revisions    int          `json:"revisions"`
	Gig          ident.Gig    `json:"gig"`
	Made         time.Time    `json:"made_at"`
	Expires      time.Time    `json:"expires_at" doc:"From then on nobody can begin to pay."`
	Honoured     time.Time    `json:"honoured_until" doc:"A payment begun in time is taken if it arrives before then."`
	Ended        *time.Time   `json:"ended_at,omitempty"`
	Order        *ident.Order `json:"order,omitempty" doc:"The one order that pays it."`
	Supersedes   *ident.Offer `json:"supersedes,omitempty"`
	SupersededBy *ident.Offer `json:"superseded_by,omitempty"`
}

func offerHeadOf(o offer.Offer, you offer.Party, now time.Time) OfferHead {
	h := OfferHead{
		ID: o.ID, Title: o.Title, State: o.State, Payable: o.Payable(now), Price: moneyOf(o.Price), Days: o.Days, Revisions: o.Revisions,
		Gig: o.Gig, Made: o.MadeAt.UTC(), Expires: o.ExpiresAt.UTC(), Honoured: o.HonouredUntil.UTC(), Ended: instant(o.EndedAt),
		Supersedes: given(o.Supersedes), SupersededBy: given(o.SupersededBy),
	}
	if you == offer.Buyer || o.State == offer.Accepted { // the seller sees no order that is not paid
		h.Order = given(o.Order)
	}
	return h
}

// given is nil for an empty id.
func given[T ~string](id T) *T {
	if id == "" {
		return nil
	}
	return &id
}

// Offer is everything that a party sees of a custom offer.
type Offer struct {
	OfferHead
	You       offer.Party   `json:"you" enum:"buyer,seller"`
	Seller    Person        `json:"seller"`
	Buyer     Person        `json:"buyer" doc:"Whom it is for; nobody else can pay it."`
	Scope     string        `json:"scope"`
	Questions []Question    `json:"questions" doc:"What the seller needs to know before the work starts."`
	Quote     Quote         `json:"quote" doc:"What the order would cost and promise."`
	Answer    string        `json:"answer,omitempty" doc:"The buyer's words when declining."`
	Again     *Again        `json:"again,omitempty" doc:"You ordered this gig a moment ago: to pay this offer as well send again = true."`
	Step      OfferStep     `json:"step"`
	Options   []OfferOption `json:"options" doc:"What you may do now, the primary one first."`
}

// OfferStep is where the offer is, whose move it is, and what silence will mean.
type OfferStep struct {
	Whose offer.Party `json:"whose" doc:"buyer, seller or nobody."`
	Says  string      `json:"says"`
	Until *time.Time  `json:"until,omitempty"`
}

// OfferOption is one thing a party may do.
type OfferOption struct {
	Move    offer.Name `json:"move"`
	Verb    string     `json:"verb"`
	Says    string     `json:"says" doc:"What it will do."`
	Primary bool       `json:"primary"`
}

func offerOf(v market.OfferPage, now time.Time) Offer {
	w := Offer{
		OfferHead: offerHeadOf(v.Offer, v.Party, now), You: v.Party, Seller: personOf(v.Seller, now), Buyer: personOf(v.Buyer, now),
		Scope: v.Offer.Scope, Questions: questionsOf(v.Offer.Questions), Quote: quoteOf(v.Quote), Answer: v.Offer.Answer,
		Options: make([]OfferOption, len(v.Options)),
	}
	other := v.Seller
	if v.Party == offer.Seller {
		other = v.Buyer
	}
	w.Step = OfferStep{
		Whose: v.Step.Whose, Until: instant(v.Step.Until),
		Says: strings.NewReplacer("{other}", other.Name, "{until}", moment(v.Step.Until)).Replace(v.Step.Says),
	}
	for i, x := range v.Options {
		w.Options[i] = OfferOption(x)
	}
	if v.Again != nil {
		w.Again = &Again{v.Again.Ref, v.Again.At.UTC()}
	}
	return w
}

// OfferRow is one offer in a list, with the other party.
type OfferRow struct {
	OfferHead
	Other Person `json:"other"`
}

// OfferMoved is where an offer stands after something was done with it.
type OfferMoved struct {
	Offer   ident.Offer `json:"offer"`
	State   offer.State `json:"state"`
	Expires time.Time   `json:"expires_at"`
	Version int         `json:"version"`
}

func offerMovedOf(m market.OfferMoved) OfferMoved {
	return OfferMoved{Offer: m.Offer, State: m.State, Expires: m.ExpiresAt.UTC(), Version: m.Version}
}

// OfferAt is the address of an offer.
type OfferAt struct {
	ID ident.Offer `path:"id" pattern:"^offer_[0-9a-z]{26}$"`
}

type offersIn struct {
	Page
	Side  offer.Party `query:"side" enum:"buyer,seller" default:"buyer" doc:"Offers made to you, or made by you."`
	State string      `query:"state" enum:"open,ended" default:"open"`
}

type makeOfferIn struct {
	Keyed
	Body struct {
		To         ident.Member `json:"to" pattern:"^member_[0-9a-z]{26}$" doc:"The one person whom it is for. Make it where you may write to them."`
		Gig        ident.Gig    `json:"gig" pattern:"^gig_[0-9a-z]{26}$" doc:"One of your gigs that are for sale."`
		Title      string       `json:"title" maxLength:"1000"`
		Scope      string       `json:"scope" maxLength:"100000" doc:"What the buyer gets."`
		Price      Money        `json:"price"`
		Days       int          `json:"days" minimum:"0" maximum:"100000"`
		Revisions  int          `json:"revisions" minimum:"0" maximum:"100000"`
		Questions  []Question   `json:"questions,omitempty" maxItems:"100"`
		Beside     bool         `json:"beside,omitempty" doc:"It stands beside your open offers to the same person."`
		Supersedes ident.Offer  `json:"supersedes,omitempty" pattern:"^offer_[0-9a-z]{26}$" doc:"It takes the place of this open offer to the same person."`
	}
}

type payOfferIn struct {
	Keyed
	OfferAt
	Body struct {
		Shown Money `json:"shown" doc:"The total that the buyer saw. If it is another one now, nothing is charged."`
		Again bool  `json:"again,omitempty" doc:"Yes to the question whether to order this gig once more."`
		Card  Card  `json:"card"`
	}
}

type declineOfferIn struct {
	Keyed
	OfferAt
	Body struct {
		Text string `json:"text,omitempty" maxLength:"100000" doc:"A word to the seller, if you like."`
	}
}

type withdrawOfferIn struct {
	Keyed
	OfferAt
}

func (a *API) offers() {
	gone := []int{http.StatusGone}
	serve(a, route{
		method: http.MethodPost, path: "/offers", id: "make-offer", tag: "Offers", who: signedIn, scopes: selling, status: http.StatusCreated,
		does:  "Make an offer to one person",
		about: "While an offer of yours to the same person is open, say beside = true, or name the one whose place it takes. " + offerLife,
	}, a.makeOffer)
	serve(a, route{
		method: http.MethodGet, path: "/offers", id: "list-offers", tag: "Offers", who: signedIn, scopes: reading,
		does: "Offers made to you or by you, newest first",
	}, a.listOffers)
	serve(a, route{
		method: http.MethodGet, path: "/offers/{id}", id: "get-offer", tag: "Offers", who: signedIn, scopes: []member.Scope{member.ScopeRead},
		does: "An offer of yours; to everybody but its two parties there is none",
	}, a.getOffer)
	serve(a, route{
		method: http.MethodPost, path: "/offers/{id}/pay", id: "pay-offer", tag: "Offers", who: signedIn, scopes: buying, status: http.StatusCreated,
		errors: gone, does: "Pay an offer made to you",
		about: "The first attempt opens the one order that the offer will ever have; another attempt goes on with it. " + offerLife,
	}, func(ctx context.Context, in *payOfferIn) (*answer[Placed], error) {
		placed, err := a.Market.PayOffer(ctx, actor(ctx), in.Key, market.PaidOffer{
			Offer: in.ID, Shown: in.Body.Shown.amount(), Again: in.Body.Again,
		}, in.Body.Card.card())
		return ok(placedOf(placed), err)
	})
	serve(a, route{
		method: http.MethodPost, path: "/offers/{id}/decline", id: "decline-offer", tag: "Offers", who: signedIn, scopes: either,
		errors: gone, does: "Say no to an offer made to you",
	}, func(ctx context.Context, in *declineOfferIn) (*answer[OfferMoved], error) {
		moved, err := a.Market.DeclineOffer(ctx, actor(ctx), in.Key, in.ID, in.Body.Text)
		return ok(offerMovedOf(moved), err)
	})
	serve(a, route{
		method: http.MethodPost, path: "/offers/{id}/withdraw", id: "withdraw-offer", tag: "Offers", who: signedIn, scopes: either,
		errors: gone, does: "Take back an offer of yours before it is paid",
	}, func(ctx context.Context, in *withdrawOfferIn) (*answer[OfferMoved], error) {
		moved, err := a.Market.WithdrawOffer(ctx, actor(ctx), in.Key, in.ID)
		return ok(offerMovedOf(moved), err)
	})
}

const offerLife = "It can be paid until expires_at by the person whom it is for; after that the answer is 410."

func (a *API) makeOffer(ctx context.Context, in *makeOfferIn) (*answer[OfferMoved], error) {
	b := in.Body
	terms := offer.Terms{Title: b.Title, Scope: b.Scope, Price: b.Price.amount(), Days: b.Days, Revisions: b.Revisions}
	for _, q := range b.Questions {
		q.Key = "" // the house names the questions of an offer
		terms.Questions = append(terms.Questions, gig.Question(q))
	}
	made, err := a.Market.MakeOffer(ctx, actor(ctx), in.Key, market.NewOffer{
		To: b.To, Gig: b.Gig, Terms: terms, Beside: b.Beside, Supersedes: b.Supersedes,
	})
	return ok(offerMovedOf(made), err)
}

func (a *API) listOffers(ctx context.Context, in *offersIn) (*answer[List[OfferRow]], error) {
	rows, next, err := a.Market.Offers(ctx, actor(ctx), in.Side, in.State == "ended", market.Cursor(in.Cursor), in.Limit)
	now := a.Market.Now()
	return ok(listOf(rows, string(next), func(r market.OfferRow) OfferRow {
		return OfferRow{offerHeadOf(r.Offer, in.Side, now), personOf(r.Other, now)}
	}), err)
}

func (a *API) getOffer(ctx context.Context, in *OfferAt) (*answer[Offer], error) {
	v, err := a.Market.OfferPage(ctx, actor(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return ok(offerOf(v, a.Market.Now()), nil)
}
