package market

import (
	"context"
	"errors"
	"slices"
	"time"

	"guildhall/internal/effect"
	"guildhall/internal/fault"
	"guildhall/internal/gig"
	"guildhall/internal/ident"
	"guildhall/internal/ledger"
	"guildhall/internal/member"
	"guildhall/internal/money"
	"guildhall/internal/offer"
	"guildhall/internal/policy"
	"guildhall/internal/store"
	"guildhall/internal/talk"
)

const noOffer = "There is no such offer."

// NewOffer is what a seller offers to one buyer.
type NewOffer struct {
	To         ident.Member `json:"to"`
	Gig        ident.Gig    `json:"gig"`
	Terms      offer.Terms  `json:"terms"`
	Beside     bool         `json:"beside"`     // it stands beside the open ones
	Supersedes ident.Offer  `json:"supersedes"` // it takes the place of this one
}

// OfferMoved is where an offer stands after something was done with it.
type OfferMoved struct {
	Offer     ident.Offer `json:"offer"`
	State     offer.State `json:"state"`
	ExpiresAt time.Time   `json:"expires_at"`
	Version   int         `json:"version"`
}

// MakeOffer offers something to one buyer, and ends the offer whose place it
// takes in the same moment. Errors: fault.Forbidden without a seller profile,
// fault.Invalid beside to, gig, the terms, beside and supersedes.
func (m *Market) MakeOffer(ctx context.Context, who member.Actor, key Key, in NewOffer) (OfferMoved, error) {
	if err := who.Need(member.ScopeSell); err != nil {
		return OfferMoved{}, err
	}
	return once(ctx, m, who, key, "offer.make", in, func(tx *store.Tx) (OfferMoved, error) {
		now := m.Now()
		d := offer.Draft{
			ID: ident.New[ident.Offer](m.ids, now), Buyer: in.To, Terms: in.Terms, Beside: in.Beside, Supersedes: in.Supersedes,
		}
		if err := m.draftOffer(tx, who, in, &d); err != nil {
			return OfferMoved{}, err
		}
		o, set, err := offer.New(now, d, who, m.PolicyAt(now))
		if err != nil {
			return OfferMoved{}, err
		}
		for _, old := range d.Open {
			if old.ID != o.Supersedes {
				continue
			}
			if _, err := m.offerMove(ctx, tx, who, old, offer.Supersede{By: o.ID}); err != nil {
				return OfferMoved{}, err
			}
		}
		if err := tx.AddOffer(o); err != nil {
			return OfferMoved{}, err
		}
		o.Version = 1
		return movedOffer(o), m.carryOffer(tx, o, set)
	})
}

// draftOffer finds what a draft is about. Whoever makes an offer to somebody
// takes turns with themselves, so that no open one is overlooked.
func (m *Market) draftOffer(tx *store.Tx, who member.Actor, in NewOffer, d *offer.Draft) error {
	if err := m.inTalk(tx, who, in.To); err != nil {
		return err
	}
	g, err := tx.Gig(in.Gig)
	if err != nil && fault.KindOf(missing(err, "gone")) != fault.KindNotFound {
		return err
	}
	d.Gig = g
	if err := tx.PairOffers(who.Member, in.To); err != nil {
		return err
	}
	d.Open, err = tx.OpenOffers(who.Member, in.To)
	return err
}

// inTalk holds an offer to the manners of a conversation: whom one may not
// write to, one makes no offer either. It answers their first message.
func (m *Market) inTalk(tx *store.Tx, who member.Actor, to ident.Member) error {
	id, err := tx.ThreadOf(who.Member, to)
	var t talk.Thread
	switch {
	case err == nil:
		t, err = tx.TakeThread(id)
	case errors.Is(err, store.ErrNotFound):
		t, err = talk.New("", who.Member, to)
	}
	if err != nil {
		return err
	}
	scene, err := sceneOf(tx, t, who.Member)
	if fault.KindOf(err) == fault.KindNotFound {
		return fault.Invalid("to", "There is nobody here by that name.")
	}
	if err != nil {
		return err
	}
	if err := talk.MayWrite(t, who.Member, scene); err != nil {
		return err
	}
	if t.Said == 0 || !t.First.Answered.IsZero() {
		return nil
	}
	asked := t.First
	t.Answer(m.Now(), who.Member)
	return m.saveThread(tx, asked, t, effect.Set{})
}

// WithdrawOffer takes an offer back. Errors: those of offer.Decide.
func (m *Market) WithdrawOffer(ctx context.Context, who member.Actor, key Key, id ident.Offer) (OfferMoved, error) {
	return m.moveOffer(ctx, who, key, id, offer.Withdraw{})
}

// DeclineOffer says no to an offer, with or without a word about it.
// Errors: those of offer.Decide.
func (m *Market) DeclineOffer(ctx context.Context, who member.Actor, key Key, id ident.Offer, words string) (OfferMoved, error) {
	return m.moveOffer(ctx, who, key, id, offer.Decline{Text: words})
}

func (m *Market) moveOffer(ctx context.Context, who member.Actor, key Key, id ident.Offer, mv offer.Move) (OfferMoved, error) {
	if !who.SignedIn() {
		return OfferMoved{}, fault.SignIn("Please sign in first.")
	}
	input := struct {
		Offer ident.Offer
		Name  offer.Name
		Move  offer.Move
	}{id, mv.Name(), mv}
	return once(ctx, m, who, key, "offer.move", input, func(tx *store.Tx) (OfferMoved, error) {
		o, err := m.offerFor(tx, who, id)
		if err != nil {
			return OfferMoved{}, err
		}
		if err := who.Need(offerScope(o.PartyOf(who))); err != nil {
			return OfferMoved{}, err
		}
		next, err := m.offerMove(ctx, tx, who, o, mv)
		return movedOffer(next), err
	})
}

// offerScope is what a token needs to act as a party.
func offerScope(p offer.Party) member.Scope {
	if p == offer.Seller {
		return member.ScopeSell
	}
	return member.ScopeBuy
}

func movedOffer(o offer.Offer) OfferMoved {
	return OfferMoved{Offer: o.ID, State: o.State, ExpiresAt: o.ExpiresAt, Version: o.Version}
}

// offerFor loads an offer for one of its two parties; to anybody else it does
// not exist.
func (m *Market) offerFor(tx *store.Tx, who member.Actor, id ident.Offer) (offer.Offer, error) {
	o, err := tx.Offer(id)
	if err != nil {
		return o, missing(err, noOffer)
	}
	if p := o.PartyOf(who); p != offer.Buyer && p != offer.Seller {
		return offer.Offer{}, fault.NotFound(noOffer)
	}
	return o, nil
}

// offerMove decides and saves.
func (m *Market) offerMove(ctx context.Context, tx *store.Tx, who member.Actor, o offer.Offer, mv offer.Move) (offer.Offer, error) {
	p, err := m.PolicyVersion(ctx, o.Policy)
	if err != nil {
		return o, err
	}
	next, set, err := offer.Decide(m.Now(), o, who, mv, p)
	if err != nil || next.Seq == o.Seq {
		return o, err
	}
	if err := tx.SaveOffer(next); err != nil {
		return o, err
	}
	next.Version++
	return next, m.carryOffer(tx, next, set)
}

func (m *Market) carryOffer(tx *store.Tx, o offer.Offer, set effect.Set) error {
	tx.Notify(string(o.Buyer), string(o.Seller)) // their lists show it
	return tx.Carry(set)
}

// OfferPage is everything one party sees of an offer.
type OfferPage struct {
	Offer   offer.Offer
	Party   offer.Party
	Buyer   member.Member
	Seller  member.Member
	Gig     gig.Gig
	Quote   gig.Quote      // what an order made of it now would cost
	Policy  policy.Version // of now, that such an order would pin
	Made    policy.Version // that the offer pins
	Shares  ledger.Split   // what such an order would pay to whom
	Paid    bool           // an order stands behind it that the seller sees as well
	Again   *Again         // an order of the same gig a moment ago
	Step    offer.Step
	Options []offer.Option
}

// OfferPage loads an offer for one of its parties. To anybody else, whoever
// gave them the link, there is none. Errors: fault.SignIn, fault.NotFound.
func (m *Market) OfferPage(ctx context.Context, who member.Actor, id ident.Offer) (OfferPage, error) {
	if err := who.Need(member.ScopeRead); err != nil {
		return OfferPage{}, err
	}
	now := m.Now()
	page := OfferPage{Policy: m.PolicyAt(now)}
	err := m.store.View(ctx, func(tx *store.Tx) error {
		o, err := m.offerFor(tx, who, id)
		if err != nil {
			return err
		}
		page.Offer, page.Party = o.AsOf(now), o.PartyOf(who)
		return m.fillOffer(ctx, tx, &page)
	})
	if err != nil {
		return OfferPage{}, err
	}
	page.Step = offer.NextStep(now, page.Offer, page.Party)
	page.Options = offer.Options(now, page.Offer, page.Party)
	return page, nil
}

func (m *Market) fillOffer(ctx context.Context, tx *store.Tx, page *OfferPage) error {
	o := page.Offer
	var err error
	if page.Buyer, err = tx.Member(o.Buyer); err != nil {
		return err
	}
	if page.Seller, err = tx.Member(o.Seller); err != nil {
		return err
	}
	if page.Gig, err = tx.Gig(o.Gig); err != nil {
		return err
	}
	if page.Made, err = m.PolicyVersion(ctx, o.Policy); err != nil {
		return err
	}
	if page.Quote, err = offer.Quote(o, page.Policy); err != nil {
		return err
	}
	deal := ledger.Deal{Order: o.Order, Seller: o.Seller, Price: page.Quote.Price, Fee: page.Quote.Fee}
	if page.Shares, err = deal.Shares(page.Policy.Money.Commission.BP()); err != nil {
		return err
	}
	page.Paid = o.State == offer.Accepted
	if page.Party == offer.Buyer && o.Order == "" {
		page.Again, err = again(tx, o.Buyer, o.Gig, page.Policy, m.Now())
	}
	return err
}

// OfferRow is one offer in a list with the other party's public face.
type OfferRow struct {
	Offer offer.Offer
	Other member.Member
}

// Offers are the offers that the actor got, or made as a seller: the open ones
// or the ended ones, newest first. Errors: fault.Invalid for a broken cursor.
func (m *Market) Offers(ctx context.Context, who member.Actor, side offer.Party, ended bool, after Cursor, most int) (rows []OfferRow, next Cursor, err error) {
	if err := who.Need(member.ScopeRead); err != nil {
		return nil, "", err
	}
	var before ident.Offer
	parts, err := after.parts(1)
	if err != nil {
		return nil, "", err
	}
	if parts != nil {
		before = ident.Offer(parts[0])
	}
	size := pageSize(most)
	err = m.store.View(ctx, func(tx *store.Tx) error {
		rows, next = nil, ""
		list, err := tx.OffersOf(who.Member, side, ended, before, size+1)
		if err != nil {
			return err
		}
		if len(list) > size {
			list = list[:size]
			next = cursorOf(string(list[size-1].ID))
		}
		rows, err = m.offerRows(tx, who, list)
		return err
	})
	return rows, next, err
}

func (m *Market) offerRows(tx *store.Tx, who member.Actor, list []offer.Offer) ([]OfferRow, error) {
	known := map[ident.Member]member.Member{}
	rows := make([]OfferRow, len(list))
	for i, o := range list {
		id := o.Seller
		if who.Is(id) {
			id = o.Buyer
		}
		if _, ok := known[id]; !ok {
			other, err := tx.Member(id)
			if err != nil {
				return nil, err
			}
			known[id] = other
		}
		rows[i] = OfferRow{o.AsOf(m.Now()), known[id]}
	}
	return rows, nil
}

// offerCards are the offers that two people made each other in a stretch of
// their conversation, each once, as it stands now.
func (m *Market) offerCards(tx *store.Tx, reader, other ident.Member, in span) ([]Card, error) {
	list, err := tx.OffersBetween(reader, other, in.from, in.before, cardOrders)
	cards := make([]Card, len(list))
	for i, o := range list {
		cards[i] = Card{
			At: o.MadeAt, Offer: o.AsOf(m.Now()),
			Event: effect.Event{Stream: string(o.ID), Seq: 1, Kind: offer.Made, At: o.MadeAt, Actor: o.Seller, Role: member.RoleMember},
		}
	}
	return cards, err
}

// OfferForm is what somebody needs who is about to make an offer.
type OfferForm struct {
	Buyer  member.Member
	Gigs   []gig.Card    // the seller's live ones, newest first
	Gig    gig.Gig       // the chosen one; empty when none is
	Open   []offer.Offer // of theirs to this buyer
	Policy policy.Version
}

// Price is what a package of the chosen gig costs.
func (f OfferForm) Price(pack gig.Package) money.Amount { return money.Of(pack.Price, f.Gig.Currency) }

// OfferForm prepares an offer to somebody. Errors: fault.Forbidden without a
// seller profile and where one may not write, fault.Invalid beside "to".
func (m *Market) OfferForm(ctx context.Context, who member.Actor, to ident.Member, chosen ident.Gig) (OfferForm, error) {
	if err := who.Need(member.ScopeSell); err != nil {
		return OfferForm{}, err
	}
	now := m.Now()
	f := OfferForm{Policy: m.PolicyAt(now)}
	mine, err := m.MyGigs(ctx, who, gig.StateActive, "")
	if err != nil {
		return f, err
	}
	f.Gigs = mine.List
	err = m.store.View(ctx, func(tx *store.Tx) error {
		t, err := threadOf(tx, who.Member, to)
		if err != nil {
			return err
		}
		scene, err := sceneOf(tx, t, who.Member)
		if err != nil {
			return err
		}
		if err := talk.MayWrite(t, who.Member, scene); err != nil {
			return err
		}
		f.Buyer = scene.Other
		if f.Open, err = tx.OpenOffers(who.Member, to); err != nil {
			return err
		}
		f.Open = slices.DeleteFunc(f.Open, func(o offer.Offer) bool { return !o.Payable(now) })
		if chosen == "" {
			return nil
		}
		f.Gig, err = tx.Gig(chosen)
		if err == nil && (!who.Is(f.Gig.Seller) || f.Gig.State != gig.StateActive) {
			f.Gig, err = gig.Gig{}, store.ErrNotFound
		}
		return missing(err, noGig)
	})
	return f, err
}
