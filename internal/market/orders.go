package market

import (
	"context"
	"errors"
	"time"

	"guildhall/internal/effect"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/ledger"
	"guildhall/internal/member"
	"guildhall/internal/order"
	"guildhall/internal/policy"
	"guildhall/internal/resolution"
	"guildhall/internal/store"
)

const noOrder = "There is no such order."

// OrderPage is everything one party sees of an order.
type OrderPage struct {
	Order    order.Order
	Party    order.Party // who the viewer is to it
	Buyer    member.Member
	Seller   member.Member
	GigSlug  string
	Policy   policy.Version // that it pins
	Events   []effect.Event
	Entries  []ledger.Entry
	Payments []order.Payment // the buyer's attempts; empty for the seller
	Files    map[ident.File]store.File
	Step     order.Step
	Options  []order.Option
	Talk     TalkPage // the newest part of what the parties wrote to each other; empty unless asked for
	Looks    []Look   // of the desk at it, newest first
}

// Shares is what the order pays to whom once it is completed, under the policy
// it pins: the same sum that the completion books.
func (p OrderPage) Shares() (ledger.Split, error) { return p.Order.Shares(p.Policy) }

// OrderPage loads an order for one of its parties. Anybody else is told that
// there is none; an order that was never paid is shown to its buyer only.
// Errors: fault.NotFound.
func (m *Market) OrderPage(ctx context.Context, who member.Actor, id ident.Order) (OrderPage, error) {
	if err := who.Need(member.ScopeRead); err != nil {
		return OrderPage{}, err
	}
	var page OrderPage
	err := m.store.View(ctx, func(tx *store.Tx) error {
		o, party, err := orderFor(tx, who, id)
		if err != nil {
			return err
		}
		page = OrderPage{Order: o, Party: party}
		if err := m.fill(ctx, tx, &page); err != nil {
			return err
		}
		if err := owedBy(tx, &page.Order, page.Party); err != nil {
			return err
		}
		page.Looks, err = orderLooks(tx, who, o.ID)
		return err
	})
	if err != nil {
		return OrderPage{}, err
	}
	now := m.Now()
	page.Step = order.NextStep(now, page.Order, page.Party, page.Policy)
	page.Options = order.Options(now, page.Order, page.Party, page.Policy)
	return page, nil
}

// orderFor loads an order for one of its parties.
func orderFor(tx *store.Tx, who member.Actor, id ident.Order) (order.Order, order.Party, error) {
	o, err := tx.Order(id)
	if err != nil {
		return o, "", missing(err, noOrder)
	}
	party := o.PartyOf(who)
	if !mayRead(o, party) {
		return order.Order{}, "", fault.NotFound(noOrder)
	}
	return o, party, nil
}

// mayRead tells whether a party sees the order. House people read a private
// conversation only through a case (rulebook section 1), so they are nobody here.
func mayRead(o order.Order, p order.Party) bool {
	switch p {
	case order.Buyer:
		return true
	case order.Seller:
		return o.State != order.Unpaid && o.State != order.Abandoned
	}
	return false
}

func (m *Market) fill(ctx context.Context, tx *store.Tx, page *OrderPage) error {
	o := page.Order
	var err error
	if page.Policy, err = m.PolicyVersion(ctx, o.Policy); err != nil {
		return err
	}
	if page.Buyer, err = tx.Member(o.Buyer); err != nil {
		return err
	}
	if page.Seller, err = tx.Member(o.Seller); err != nil {
		return err
	}
	g, err := tx.Gig(o.Gig)
	if err != nil {
		return err
	}
	page.GigSlug = g.Slug
	if page.Events, err = tx.Events(string(o.ID)); err != nil {
		return err
	}
	if page.Entries, err = tx.Entries(string(o.ID)); err != nil {
		return err
	}
	if page.Party == order.Buyer {
		if page.Payments, err = tx.PaymentsOf(o.ID); err != nil {
			return err
		}
	}
	page.Files, err = filesOf(tx, page.Events)
	return err
}

// filesOf reads the files that came with events.
func filesOf(tx *store.Tx, events []effect.Event) (map[ident.File]store.File, error) {
	var ids []ident.File
	for _, e := range events {
		ids = append(ids, e.Detail.Files...)
	}
	return tx.ManyFiles(ids...)
}

// Moved is the answer to a move: where the order stands now.
type Moved struct {
	Order   ident.Order `json:"order"`
	State   order.State `json:"state"`
	Version int         `json:"version"`
	Event   int         `json:"event"` // number of the event that the move became
}

// Move makes one move of the actor on an order. It serves every button of the
// order page; what is refused is refused by the order's table.
// Errors: those of order.Decide; fault.Forbidden for a token without the scope.
func (m *Market) Move(ctx context.Context, who member.Actor, key Key, id ident.Order, mv order.Move) (Moved, error) {
	return m.Confirm(ctx, who, key, id, mv, "")
}

// Confirm makes a move whose effect the actor has seen: seen is the digest of
// that preview. Where the effect on this order would differ by now, nothing is
// done. Errors: those of Move, *Changed.
func (m *Market) Confirm(ctx context.Context, who member.Actor, key Key, id ident.Order, mv order.Move, seen string) (Moved, error) {
	if !who.SignedIn() {
		return Moved{}, fault.SignIn("Please sign in first.")
	}
	input := struct {
		Order ident.Order
		Name  order.Name
		Move  order.Move
	}{id, mv.Name(), mv}
	return once(ctx, m, who, key, "order.move", input, func(tx *store.Tx) (Moved, error) {
		o, err := tx.Order(id)
		if err != nil {
			return Moved{}, missing(err, noOrder)
		}
		party := o.PartyOf(who)
		if !mayRead(o, party) {
			return Moved{}, fault.NotFound(noOrder)
		}
		if err := who.Need(scopeOf(party)); err != nil {
			return Moved{}, err
		}
		mv, err := m.completed(ctx, tx, who, o, mv)
		if err != nil {
			return Moved{}, err
		}
		if err := m.unchanged(ctx, tx, who, o, mv, seen); err != nil {
			return Moved{}, err
		}
		if err := attach(tx, who, o, mv); err != nil {
			return Moved{}, err
		}
		if err := m.takeSwapped(ctx, tx, who, o, mv); err != nil {
			return Moved{}, err
		}
		return m.move(ctx, tx, who, o, mv)
	})
}

// move decides and saves.
func (m *Market) move(ctx context.Context, tx *store.Tx, who member.Actor, o order.Order, mv order.Move) (Moved, error) {
	next, err := m.decided(ctx, tx, who, o, mv)
	if err != nil {
		return Moved{}, err
	}
	moved := Moved{Order: o.ID, State: next.State, Version: o.Version, Event: next.Seq}
	if next.Seq != o.Seq {
		moved.Version++
	}
	return moved, nil
}

// decided is the order after a move, saved unless nothing happened.
func (m *Market) decided(ctx context.Context, tx *store.Tx, who member.Actor, o order.Order, mv order.Move) (order.Order, error) {
	p, err := m.PolicyVersion(ctx, o.Policy)
	if err != nil {
		return o, err
	}
	now := m.Now()
	if err := informed(tx, &o, mv, now); err != nil {
		return o, err
	}
	next, set, err := order.Decide(now, o, who, mv, p)
	if err != nil || next.Seq == o.Seq {
		return o, err
	}
	return next, m.save(tx, o, next, set, p)
}

// asItStands is an order as its deadlines have left it by now, also where no
// sweep has been since, and what has come of them. Nothing is saved.
func (m *Market) asItStands(ctx context.Context, tx *store.Tx, o order.Order) (order.Order, effect.Set, error) {
	p, err := m.PolicyVersion(ctx, o.Policy)
	if err != nil {
		return o, effect.Set{}, err
	}
	now := m.Now()
	if err := informed(tx, &o, order.Tick{}, now); err != nil {
		return o, effect.Set{}, err
	}
	return order.Decide(now, o, member.Clock(), order.Tick{}, p)
}

// informed hands an order what its rules ask for and it does not hold itself.
func informed(tx *store.Tx, o *order.Order, mv order.Move, now time.Time) error {
	if err := heardOf(tx, o, now); err != nil {
		return err
	}
	return levelOf(tx, o, mv)
}

// heardOf hands an order whose seller asks to cancel the buyer's newest words
// to the seller: a silence is none if they have written.
func heardOf(tx *store.Tx, o *order.Order, now time.Time) error {
	r := o.Life.Request
	if r == nil || r.By != policy.PartySeller || r.Proposal.Kind != resolution.Cancel {
		return nil
	}
	until := r.Ends
	if now.Before(until) {
		until = now
	}
	at, said, err := tx.LastSaid(o.Buyer, o.Seller, until)
	if said {
		o.BuyerSaid = at
	}
	return err
}

// levelOf hands an order the level of its seller where the move, or a deadline
// before it, may pay something out.
func levelOf(tx *store.Tx, o *order.Order, mv order.Move) error {
	switch mv.(type) {
	case order.Place, order.Submit, order.Waive, order.Progress, order.Deliver:
		if o.State != order.Delivered && o.Life.Request == nil {
			return nil // nothing that is paid out can come of it
		}
	}
	if o.State == order.Unpaid || o.State.Ended() {
		return nil
	}
	var err error
	o.SellerLevel, err = tx.Level(o.Seller)
	return err
}

// owedBy hands an order what its seller owes the house, for the seller's eyes.
func owedBy(tx *store.Tx, o *order.Order, reader order.Party) error {
	if reader != order.Seller {
		return nil
	}
	balance, err := tx.Balance(ledger.Receivable(o.Seller), o.Total.Currency)
	o.SellerOwes = -balance.Minor
	return err
}

// completed is a move with what the house knows and its maker does not say: what
// a swap costs, and when the first file of a delivery began to arrive. What the
// move names has to be there: a file of somebody else, or one that belongs to
// another order already, is refused as missing.
func (m *Market) completed(ctx context.Context, tx *store.Tx, who member.Actor, o order.Order, mv order.Move) (order.Move, error) {
	switch v := mv.(type) {
	case order.Progress:
		_, err := began(tx, who, o, v.Files)
		return v, err
	case order.Comment:
		return v, commented(tx, o, v.On)
	case order.Deliver:
		var err error
		v.UploadBegan, err = began(tx, who, o, v.Files)
		return v, err
	}
	return m.priced(ctx, tx, o, mv)
}

// commented refuses a comment on anything but a progress update or a delivery.
func commented(tx *store.Tx, o order.Order, on int) error {
	e, err := tx.Event(string(o.ID), on)
	if errors.Is(err, store.ErrNotFound) || err == nil && !order.TakesComments(e.Kind) {
		return fault.Invalid("on", "There is no such update to comment on.")
	}
	return err
}

// began is when the first of some files began to arrive.
func began(tx *store.Tx, who member.Actor, o order.Order, files []ident.File) (first time.Time, err error) {
	for _, id := range files {
		f, err := tx.File(id)
		if errors.Is(err, store.ErrNotFound) || err == nil && !f.Fits(who.Member, store.FileOrder, string(o.ID)) {
			return first, errNoFile
		}
		if err != nil {
			return first, err
		}
		if first.IsZero() || f.Created.Before(first) {
			first = f.Created
		}
	}
	return first, nil
}

var errNoFile = fault.Invalid("files", "One of the files is not there. Please attach it again.")

// attach makes the files of a move the order's own.
func attach(tx *store.Tx, who member.Actor, o order.Order, mv order.Move) error {
	var files []ident.File
	switch v := mv.(type) {
	case order.Progress:
		files = v.Files
	case order.Deliver:
		files = v.Files
	}
	for _, id := range files {
		err := tx.AttachFile(id, who.Member, store.FileOrder, string(o.ID))
		if errors.Is(err, store.ErrNotFound) {
			return errNoFile
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// scopeOf is what a token needs to act as a party.
func scopeOf(p order.Party) member.Scope {
	if p == order.Seller {
		return member.ScopeSell
	}
	return member.ScopeBuy
}
