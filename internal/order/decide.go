package order

import (
	"maps"
	"slices"
	"strings"
	"time"

	"guildhall/internal/effect"
	"guildhall/internal/fault"
	"guildhall/internal/gig"
	"guildhall/internal/ident"
	"guildhall/internal/ledger"
	"guildhall/internal/member"
	"guildhall/internal/policy"
)

// turn is one decision in the making.
type turn struct {
	now   time.Time
	o     *Order
	who   member.Actor
	party Party
	p     policy.Version // the version the order pins
	set   effect.Set
}

// Draft is what a new order is made from.
type Draft struct {
	ID     ident.Order
	Ref    string
	Buyer  ident.Member
	Seller ident.Member
	Gig    ident.Gig
	Quote  gig.Quote
}

// New opens an unpaid order. Errors: fault.Forbidden for a seller buying from
// themselves.
func New(now time.Time, d Draft, who member.Actor, p policy.Version) (Order, effect.Set, error) {
	if d.Buyer == d.Seller {
		return Order{}, effect.Set{}, fault.Forbidden("This is your own gig: you cannot order it from yourself.")
	}
	o := Order{
		ID: d.ID, Ref: d.Ref, Buyer: d.Buyer, Seller: d.Seller, Gig: d.Gig, Policy: p.ID,
		Title: d.Quote.Title, Total: d.Quote.Total, State: Unpaid, CreatedAt: now, Agreement: d.Quote,
	}
	t := turn{now: now, o: &o, who: who, party: Buyer, p: p}
	t.happen(Ordered, effect.Detail{Amount: o.Total.Minor, Until: o.LapsesAt(p)})
	t.set.Events[0].To = string(Unpaid)
	return o, t.set, nil
}

// Decide is the one function that changes an order. It first fires every
// deadline that is past, then makes the move. The policy handed in must be the
// version the order pins. Errors: fault.NotFound for somebody who is no party,
// fault.Forbidden for the wrong party, fault.Conflict for the wrong state,
// fault.Invalid beside the fields of the move.
func Decide(now time.Time, o Order, who member.Actor, m Move, p policy.Version) (Order, effect.Set, error) {
	party := o.PartyOf(who)
	if party == Nobody {
		return o, effect.Set{}, fault.NotFound("There is no such order.")
	}
	next := o
	next.Life = o.Life.clone()
	t := turn{now: now, o: &next, who: who, party: party, p: p}
	if err := t.catchUp(); err != nil {
		return o, effect.Set{}, err
	}
	row, ok := table[m.Name()]
	if !ok {
		return o, effect.Set{}, fault.NotFound("There is no such move.")
	}
	if err := t.may(row); err != nil {
		return o, effect.Set{}, err
	}
	if err := row.do(&t, m); err != nil {
		return o, effect.Set{}, err
	}
	t.heard()
	return next, t.set, nil
}

// clone copies what a decision may write into, so that the order it was handed
// stays as it was.
func (l Life) clone() Life {
	l.Fired = slices.Clone(l.Fired)
	l.Pauses = slices.Clone(l.Pauses)
	l.More = slices.Clone(l.More)
	l.Refunds = slices.Clone(l.Refunds)
	l.Reminders = slices.Clone(l.Reminders)
	l.Asked = maps.Clone(l.Asked)
	if l.Request != nil {
		r := *l.Request
		l.Request = &r
	}
	if l.Ending != nil {
		e := *l.Ending
		l.Ending = &e
	}
	return l
}

// heard remembers that the buyer has acted: a silence begins anew.
func (t *turn) heard() {
	if t.party == Buyer {
		t.o.Life.HeardAt, t.o.Life.Reminders = t.now, nil
	}
}

// may checks the table: party, hold, state.
func (t *turn) may(r Row) error {
	switch {
	case !slices.Contains(r.By, t.party):
		return fault.Forbidden("Only the " + joinedOr(r.By) + " can do this.")
	case !slices.Contains(r.From, t.o.State):
		return fault.Conflict("This is not possible now: " + t.o.State.Words() + ".")
	case t.o.Held() && !r.held:
		return fault.Conflict("This order is on hold: " + t.o.Life.Hold.Reason + ". Every clock stands still until it is released.")
	}
	return nil
}

// catchUp fires every deadline that is past, in order, each at its instant.
func (t *turn) catchUp() error {
	at, who, party := t.now, t.who, t.party
	defer func() { t.now, t.who, t.party = at, who, party }()
	t.who, t.party = member.Clock(), Clock
	for {
		d, ok := Next(*t.o, t.p)
		if !ok || d.At.After(at) {
			return nil
		}
		t.now = d.At
		if err := d.fire(t, d); err != nil {
			return err
		}
	}
}

// happen records an event in the state the order is in.
func (t *turn) happen(kind effect.Kind, d effect.Detail) {
	t.move(kind, t.o.State, d)
}

// move records an event that takes the order to a state.
func (t *turn) move(kind effect.Kind, to State, d effect.Detail) {
	t.o.Seq++
	e := effect.Event{
		Stream: string(t.o.ID), Seq: t.o.Seq, Kind: kind, At: t.now,
		Actor: t.who.Member, Role: t.role(), From: string(t.o.State), To: string(to), Detail: d,
	}
	if to != t.o.State {
		t.o.State = to
		t.o.Life.Fired = slices.DeleteFunc(t.o.Life.Fired, func(name string) bool { return !strings.HasPrefix(name, "remind_request") })
	}
	t.set.Events = append(t.set.Events, e)
}

// role is the capacity shown in the history: the party, not the login.
func (t *turn) role() member.Role {
	switch t.party {
	case Agent:
		return member.RoleAgent
	case Clock:
		return member.RoleClock
	case Provider:
		return member.RoleProvider
	}
	return member.RoleMember
}

// book appends an entry to the order's chain.
func (t *turn) book(kind ledger.Kind, provider string, postings []ledger.Posting) error {
	e, head, err := ledger.Next(t.o.Books, ledger.Entry{
		Stream: string(t.o.ID), Kind: kind, At: t.now, Currency: t.o.Total.Currency,
		Provider: provider, Postings: postings,
	})
	if err != nil {
		return err
	}
	t.o.Books = head
	t.set.Entries = append(t.set.Entries, e)
	return nil
}

// Words say where the order stands, for a sentence.
func (s State) Words() string {
	switch s {
	case Unpaid:
		return "the order is not paid yet"
	case AwaitingRequirements:
		return "the order waits for the buyer's answers"
	case InProgress:
		return "the seller is at work"
	case Delivered:
		return "the work is delivered"
	case InRevision:
		return "the seller is revising the work"
	case Completed:
		return "the order is completed"
	case Cancelled:
		return "the order is cancelled"
	case Refunded:
		return "the order is refunded"
	default:
		return "the order was never paid and is closed"
	}
}

func joinedOr(parties []Party) string {
	words := make([]string, len(parties))
	for i, p := range parties {
		words[i] = map[Party]string{Buyer: "buyer", Seller: "seller", Agent: "house", Clock: "clock", Provider: "payment provider"}[p]
	}
	return strings.Join(words, " or the ")
}
