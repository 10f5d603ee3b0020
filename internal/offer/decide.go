package offer

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"guildhall/internal/effect"
	"guildhall/internal/fault"
	"guildhall/internal/member"
	"guildhall/internal/policy"
)

// Row says who may make a move from where, and what comes of it.
type Row struct {
	Move   Name
	By     []Party
	From   []State
	Guard  string
	Result string

	inTime bool // only before the end
	do     func(*turn, Move) error
}

// Table is the whole of what can happen to an offer after it was made.
func Table() []Row {
	open := []State{Open}
	return []Row{
		{MovePay, []Party{Buyer}, open, "before the end; through one order at most", "stays open; the bank's answer is waited for", true, pay},
		{MoveFail, []Party{Provider}, States(), "", "no change; past the end it expires", false, fail},
		{MoveAccept, []Party{Provider}, open, "its own order, begun before the end, finished within the grace", "accepted", false, accept},
		{MoveTake, []Party{Buyer, Seller}, open, "before the end, no payment under way", "accepted, in place of what a running order was about", true, take},
		{MoveDecline, []Party{Buyer}, open, "before the end", "declined", true, decline},
		{MoveWithdraw, []Party{Seller}, open, "before the end", "withdrawn", true, withdraw},
		{MoveRemove, []Party{House}, open, "", "withdrawn by the house, with its gig", false, remove},
		{MoveSupersede, []Party{Seller}, open, "before the end, by a newer one", "superseded", true, supersede},
		{MoveTick, []Party{Clock}, States(), "", "expired, exactly at its end", false, func(*turn, Move) error { return nil }},
	}
}

var table = func() map[Name]Row {
	rows := map[Name]Row{}
	for _, r := range Table() {
		rows[r.Move] = r
	}
	return rows
}()

// turn is one decision in the making.
type turn struct {
	now   time.Time
	o     *Offer
	who   member.Actor
	party Party
	p     policy.Version
	set   effect.Set
}

// Decide is the one function that changes an offer. It first lets the end fire
// if it is past, then makes the move. Errors: fault.NotFound for somebody who
// is no party, fault.Forbidden for the wrong party, fault.Expired once the time
// is over, fault.Conflict for another ended offer, fault.Invalid beside the
// fields of the move.
func Decide(now time.Time, o Offer, who member.Actor, m Move, p policy.Version) (Offer, effect.Set, error) {
	party := o.PartyOf(who)
	row, known := table[m.Name()]
	if party == Nobody || !known {
		return o, effect.Set{}, fault.NotFound("There is no such offer.")
	}
	next := o
	t := turn{now: now, o: &next, who: who, party: party, p: p}
	t.catchUp()
	if err := t.may(row); err != nil {
		return o, effect.Set{}, err
	}
	if err := row.do(&t, m); err != nil {
		return o, effect.Set{}, err
	}
	return next, t.set, nil
}

// AsOf is the offer at an instant, also when no sweep has been there since its end.
func (o Offer) AsOf(now time.Time) Offer {
	t := turn{now: now, o: &o}
	t.catchUp()
	return o
}

// may checks the table: party, state, time.
func (t *turn) may(r Row) error {
	switch {
	case !slices.Contains(r.By, t.party):
		return fault.Forbidden("This is not yours to do.")
	case t.o.State == Expired && !slices.Contains(r.From, Expired), r.inTime && t.o.State == Open && !t.now.Before(t.o.ExpiresAt):
		return fault.Expired("The time to pay this offer is over. A new offer can be made at any time.")
	case !slices.Contains(r.From, t.o.State):
		return fault.Conflict("This is not possible now: " + t.o.State.Words() + ".")
	}
	return nil
}

// catchUp lets the end fire if it is past, at its own instant.
func (t *turn) catchUp() {
	at, ok := t.o.Next()
	if !ok || at.After(t.now) {
		return
	}
	now := t.now
	t.now = at
	t.expire()
	t.now = now
}

// expire is the clock's own move.
func (t *turn) expire() {
	who, party := t.who, t.party
	t.who, t.party = member.Clock(), Clock
	t.end(RanOut, Expired, effect.Detail{})
	t.who, t.party = who, party
}

func pay(t *turn, m Move) error {
	order := m.(Pay).Order
	if t.o.Order != "" && t.o.Order != order || order == "" {
		return fault.Conflict("There is an order for this offer already.")
	}
	t.o.Order = order
	t.o.Paying++
	t.happen(PaymentBegun, effect.Detail{Until: t.o.HonouredUntil, Facts: map[string]string{"order": string(order)}})
	return nil
}

func fail(t *turn, m Move) error {
	if t.o.State != Open || t.o.Paying == 0 {
		return nil
	}
	t.o.Paying--
	t.happen(PaymentFailed, effect.Detail{Facts: map[string]string{"payment": string(m.(Fail).Payment)}})
	if t.o.Paying == 0 && !t.now.Before(t.o.ExpiresAt) {
		t.expire() // nothing is waited for any more
	}
	return nil
}

func accept(t *turn, m Move) error {
	a := m.(Accept)
	if !t.o.Honours(a.Order, a.Began, t.now) {
		return fault.Conflict("This payment does not pay the offer.")
	}
	t.end(AcceptedOffer, Accepted, effect.Detail{
		Amount: t.o.Price.Minor, Facts: map[string]string{"order": string(a.Order), "payment": string(a.Payment)},
	})
	return nil
}

func take(t *turn, m Move) error {
	if t.o.Paying > 0 {
		return fault.Conflict("A payment for this offer is under way.")
	}
	t.o.Order = m.(Take).Order
	t.end(TakenOffer, Accepted, effect.Detail{Amount: t.o.Price.Minor, Facts: map[string]string{"order": string(t.o.Order)}})
	return nil
}

func decline(t *turn, m Move) error {
	text := strings.TrimSpace(m.(Decline).Text)
	if !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) && !unicode.IsSpace(r) }) {
		return fault.Invalid("text", "This text is not readable. Type it again.")
	}
	if most := t.p.Limits.TextRunes; utf8.RuneCountInString(text) > most {
		return fault.Invalid("text", "Please keep it under "+strconv.Itoa(most)+" characters.")
	}
	t.o.Answer = text
	t.end(DeclinedOffer, Declined, effect.Detail{Text: text})
	return nil
}

func withdraw(t *turn, _ Move) error {
	t.end(WithdrawnOffer, Withdrawn, effect.Detail{})
	return nil
}

func remove(t *turn, m Move) error {
	t.o.Removed = m.(Remove).Why
	t.end(RemovedOffer, Withdrawn, effect.Detail{Text: t.o.Removed})
	return nil
}

func supersede(t *turn, m Move) error {
	by := m.(Supersede).By
	if by == "" || by == t.o.ID {
		return fault.Invalid("supersedes", "Only a newer offer can take the place of another.")
	}
	t.o.SupersededBy = by
	t.end(NewerMade, Superseded, effect.Detail{Facts: map[string]string{"by": string(by)}})
	return nil
}

// end takes the offer to its last state. A payment that is still under way
// finds it ended, and the money goes back.
func (t *turn) end(kind effect.Kind, to State, d effect.Detail) {
	t.o.EndedAt, t.o.Paying = t.now, 0
	from := t.o.State
	t.o.State = to
	t.happen(kind, d)
	t.set.Events[len(t.set.Events)-1].From = string(from)
}

// happen records an event in the state that the offer is in now.
func (t *turn) happen(kind effect.Kind, d effect.Detail) {
	t.o.Seq++
	role := member.RoleMember
	switch t.party {
	case Clock:
		role = member.RoleClock
	case Provider:
		role = member.RoleProvider
	case House:
		role = member.RoleOperator
	}
	t.set.Events = append(t.set.Events, effect.Event{
		Stream: string(t.o.ID), Seq: t.o.Seq, Kind: kind, At: t.now, Actor: t.who.Member, Role: role,
		From: string(t.o.State), To: string(t.o.State), Detail: d,
	})
}
