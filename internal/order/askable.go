package order

import (
	"slices"
	"time"

	"guildhall/internal/policy"
	"guildhall/internal/resolution"
)

// Askable is one kind of request as a party may make it now, or the words that
// say why not.
type Askable struct {
	Kind    resolution.Kind
	Left    int    // how often the party may still ask for it on this order
	Not     string // why it is not possible now; "" when it is
	Silence Silence
}

// Askables lists what a party may ask for, by the same guards that Decide obeys.
func Askables(now time.Time, o Order, party Party, p policy.Version) []Askable {
	var list []Askable
	for _, k := range resolution.Kinds() {
		list = append(list, o.askable(now, party, k, p))
	}
	return list
}

func (o Order) askable(now time.Time, party Party, k resolution.Kind, p policy.Version) Askable {
	a := Askable{Kind: k, Left: max(0, p.Requests.PerKind-o.Requests(party, k))}
	then := o
	then.Life.Request = &resolution.Request{By: policy.Party(party), Proposal: resolution.Proposal{Kind: k, Into: &resolution.Into{}}}
	a.Silence = then.IfSilent(p)
	switch {
	case o.Held():
		a.Not = "This order is on hold: " + o.Life.Hold.Reason + "."
	case !slices.Contains(running, o.State):
		a.Not = "Something can be asked while an order is running; now " + o.State.Words() + "."
	case o.Life.Request != nil && o.Life.Request.Ends.After(now):
		a.Not = "There is an open request to " + o.about() + ". One at a time: this can be asked once that has ended."
	case a.Left == 0:
		a.Not = "You have asked for this " + times(p.Requests.PerKind) + " on this order, which is as often as possible."
	case k == resolution.Extend && o.State != InProgress:
		a.Not = "The due date is for the first delivery, and that is there."
	}
	return a
}
