package order

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"time"

	"guildhall/internal/effect"
	"guildhall/internal/ledger"
	"guildhall/internal/member"
	"guildhall/internal/money"
	"guildhall/internal/policy"
	"guildhall/internal/resolution"
)

// Reply is what the other side may do after a move; Now stands for the move
// that needs nobody's answer.
type Reply string

// The closed list of replies.
const (
	Now          Reply = "now"
	WhenAccepted Reply = "accepted"
	WhenDeclined Reply = "declined"
	WhenSilent   Reply = "silence"
)

// Foresight is what would come of a move, for every reply (rulebook section
// 10.1). Each row was decided by Decide, and not saved.
type Foresight struct {
	Move  Name
	Rows  []Foreseen
	about *resolution.Proposal // that is made or answered
}

// Foreseen is one row of an effect card.
type Foreseen struct {
	Reply Reply
	At    time.Time  // when it would take effect
	After Order      // as it would stand then
	Set   effect.Set // all that would happen from now until then
}

// Foresee decides a move and every reply to it. The errors are those of Decide:
// what may not be done has no consequences to show.
func Foresee(now time.Time, o Order, who member.Actor, m Move, p policy.Version) (Foresight, error) {
	next, set, err := Decide(now, o, who, m, p)
	if err != nil {
		return Foresight{}, err
	}
	f := Foresight{Move: m.Name()}
	switch m.(type) {
	case Ask, Counter:
		f.about = &next.Life.Request.Proposal
		f.Rows, err = replies(now, next, set, p)
		return f, err
	case Agree, Decline: // beside the answer stands what none would do
		f.about = &o.Life.Request.Proposal
		row, err := paid(now, next, set, p)
		if err != nil {
			return f, err
		}
		row.Reply = Now
		silent, err := silence(o, effect.Set{}, p)
		f.Rows = []Foreseen{row, silent}
		return f, err
	}
	f.Rows = []Foreseen{{Now, now, next, set}}
	return f, nil
}

// replies are the rows of a request that has just been made.
func replies(now time.Time, o Order, set effect.Set, p policy.Version) ([]Foreseen, error) {
	r := *o.Life.Request
	other := member.Actor{Member: o.Buyer, Role: member.RoleMember}
	if r.By == policy.PartyBuyer {
		other.Member = o.Seller
	}
	yes, more, err := Decide(now, o, other, Agree{No: r.No}, p)
	if err != nil {
		return nil, err
	}
	accepted, err := paid(now, yes, both(set, more), p)
	if err != nil {
		return nil, err
	}
	no, more, err := Decide(now, o, other, Decline{No: r.No}, p)
	if err != nil {
		return nil, err
	}
	rows := []Foreseen{accepted, {WhenDeclined, now, no, both(set, more)}}
	silent, err := silence(o, set, p)
	return append(rows, silent), err
}

// paid goes on to the payment where an agreed request waits for one.
func paid(now time.Time, o Order, set effect.Set, p policy.Version) (Foreseen, error) {
	r := o.Life.Request
	if r == nil || !r.Agreed() {
		return Foreseen{WhenAccepted, now, o, set}, nil
	}
	charge := o.Life.Charge
	charge.Payment, charge.Amount, charge.Back = "", o.amount(r.Owed), 0
	next, more, err := Decide(now, o, member.Provider(), PayMore{Charge: charge, No: r.No}, p)
	return Foreseen{WhenAccepted, now, next, both(set, more)}, err
}

// silence lets the clock run until the open request ends.
func silence(o Order, set effect.Set, p policy.Version) (Foreseen, error) {
	ends := o.Life.Request.Ends
	next, more, err := Decide(ends, o, member.Clock(), Tick{}, p)
	return Foreseen{WhenSilent, ends, next, both(set, more)}, err
}

func both(a, b effect.Set) effect.Set {
	return effect.Set{Events: slices.Concat(a.Events, b.Events), Entries: slices.Concat(a.Entries, b.Entries)}
}

// Moved sums the money of a row by account, in minor units.
func (f Foreseen) Moved() map[ledger.Account]int64 {
	sums := map[ledger.Account]int64{}
	for _, e := range f.Set.Entries {
		for _, p := range e.Postings {
			sums[p.Account] += p.Minor
		}
	}
	return sums
}

// Digest names the effect on this order: the same until it would differ.
// Instants that follow from the moment of the move are not part of it.
func (f Foresight) Digest() string {
	type line struct {
		Reply  Reply
		State  State
		Class  policy.Class
		Ending *Ending
		OnTime bool
		Money  map[ledger.Account]int64
		Rest   Rest
		Total  money.Amount
		Title  string
		Held   bool
		Late   bool
		Open   *resolution.Proposal
	}
	var lines []line
	for _, r := range f.Rows {
		l := line{
			Reply: r.Reply, State: r.After.State, Class: r.After.Class, OnTime: r.After.Life.OnTime, Money: r.Moved(),
			Rest: r.After.Life.Rest, Total: r.After.Total, Title: r.After.Title, Held: r.After.Held(), Late: r.After.Late(r.At),
		}
		if e := r.After.Life.Ending; e != nil {
			kept := *e
			kept.Why = ""                              // its hours follow from the moment
			kept.OtherCause, kept.Disputed = "", false // the words of whoever confirms, kept beside the others
			l.Ending = &kept
		}
		if q := r.After.Life.Request; q != nil {
			l.Open = &q.Proposal
		}
		lines = append(lines, l)
	}
	slices.SortFunc(lines, func(a, b line) int { return cmp.Compare(a.Reply, b.Reply) })
	text, err := json.Marshal(struct {
		Move  Name
		About *resolution.Proposal
		Lines []line
	}{f.Move, f.about, lines})
	if err != nil {
		panic("order: a foresight cannot be written: " + err.Error()) // it is plain data
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:12])
}
