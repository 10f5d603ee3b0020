package page

import (
	"slices"
	"strconv"
	"strings"

	"guildhall/internal/gig"
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/money"
	"guildhall/internal/order"
	"guildhall/internal/policy"
	"guildhall/internal/resolution"
	"guildhall/internal/web/kit"
)

// Request is a form of the resolution centre on its way to being sent.
type Request struct {
	Kind     resolution.Kind
	Counters *resolution.Request // in whose place it would come
	Swaps    []market.SwapChoice
	Not      string // why it cannot be asked now
	Preview  market.Preview
}

// Title is what the form asks for, as a heading and a button say it.
func (r Request) Title(v market.OrderPage) string {
	if r.Counters != nil {
		return "Propose something else"
	}
	return r.Kind.For(policy.Party(v.Party))
}

// address is where the form is sent.
func (r Request) address(o order.Order) string {
	if r.Counters != nil {
		return orderPath(o, "counter")
	}
	return orderPath(o, "resolve/"+string(r.Kind))
}

func (r Request) back(o order.Order) string {
	if r.Counters != nil {
		return "/orders/" + string(o.ID)
	}
	return orderPath(o, "resolve")
}

// Filled is what stands in the form before anything is typed: what the other
// side proposed, or what is usual.
func (r Request) Filled(v market.OrderPage) []string {
	if r.Counters == nil {
		if r.Kind == resolution.Cancel {
			return []string{"share", "100"}
		}
		return nil
	}
	a := r.Counters.Proposal
	pairs := []string{"cause", a.Cause, "extra", a.Extra}
	if a.Kind == resolution.Cancel || a.Kind == resolution.Discount {
		pairs = append(pairs, "share", strings.TrimSuffix(policy.Percent(a.Share).String(), "%"))
	}
	if a.Days > 0 {
		pairs = append(pairs, "days", strconv.Itoa(a.Days))
	}
	if a.Kind == resolution.AddExtra {
		pairs = append(pairs, "price", money.Of(a.Price, v.Order.Total.Currency).Decimal())
	}
	if a.Into != nil {
		pairs = append(pairs, "into", swapValue(a.Into.Gig, a.Into.Quote))
	}
	return pairs
}

// typed are the fields that travel with the card, so that nothing is lost.
func typed(f Form) []kit.Hidden {
	var list []kit.Hidden
	for _, name := range requestFields {
		if value := f.Get(name); value != "" {
			list = append(list, kit.Hidden{Name: name, Value: value})
		}
	}
	return list
}

var requestFields = []string{"cause", "share", "days", "extra", "price", "into", "reason", "no"}

// kindIcon is how a kind looks in a list.
var kindIcon = map[resolution.Kind]string{
	resolution.Cancel: "circle-x", resolution.Extend: "timer-reset", resolution.AddExtra: "plus", resolution.Discount: "percent", resolution.Swap: "repeat",
}

// kindSays explains a kind in one sentence.
func kindSays(v market.OrderPage, k resolution.Kind) string {
	q := v.Policy.Requests
	switch k {
	case resolution.Cancel:
		return "End the order. You say the cause and how much goes back to " + named(v, order.Buyer, "you") + "."
	case resolution.Extend:
		return "Give the delivery up to " + strconv.Itoa(q.MaxExtensionDays) + " more days."
	case resolution.AddExtra:
		return "Add work to this order, at a price or as a gift to make up for something."
	case resolution.Discount:
		return "A part of the money, up to " + q.MaxDiscountPercent.String() + ", goes back to " + named(v, order.Buyer, "you") + " and the order goes on."
	case resolution.Swap:
		return "Put another gig of " + named(v, order.Seller, "yours") + " in its place. The money moves along and no cancellation is recorded."
	}
	return ""
}

func leftWords(a order.Askable, p policy.Version) string {
	return strconv.Itoa(a.Left) + " of " + strconv.Itoa(p.Requests.PerKind) + " left"
}

func causeOptions(p policy.Version) []kit.Option {
	list := []kit.Option{{Value: "", Label: "Choose the cause"}}
	for _, c := range p.Cancellation.Causes {
		list = append(list, kit.Option{Value: c.Name, Label: sentence(c.Words)})
	}
	return list
}

func swapOptions(r Request, v market.OrderPage) []kit.Option {
	list := []kit.Option{{Value: "", Label: "Choose what comes in its place"}}
	for _, s := range r.Swaps {
		for _, q := range s.Quotes {
			list = append(list, kit.Option{
				Value: swapValue(s.Gig, q), Group: sentence(s.Title),
				Label: q.Package + ", " + daysWords(q.Days) + ", " + q.Total.String() + differs(q.Total, v.Order.Resting()),
			})
		}
	}
	return list
}

// swapValue names a package of a gig, or an offer, in a form.
func swapValue(id ident.Gig, q gig.Quote) string {
	if q.Offer != "" {
		return string(q.Offer) + "/"
	}
	return string(id) + "/" + string(q.Tier)
}

// differs says how much a swap would charge or send back.
func differs(total, held money.Amount) string {
	switch diff, err := total.Minus(held); {
	case err != nil || diff.IsZero():
		return ""
	case diff.Minor > 0:
		return " (" + diff.String() + " more)"
	default:
		return " (" + diff.Neg().String() + " back)"
	}
}

func shareHint(v market.OrderPage, k resolution.Kind) string {
	held := v.Order.Resting()
	if k == resolution.Discount {
		most := v.Policy.Requests.MaxDiscountPercent
		if part, err := held.Share(most.BP()); err == nil {
			return "Of the " + held.String() + " that is held, up to " + most.String() + ": at most " + part.String() + "."
		}
	}
	return "Of the " + held.String() + " that is held. 100 sends everything back; what is left pays " + named(v, order.Seller, "you") + "."
}

func reasonHint(v market.OrderPage) string {
	return other(v).Name + " reads it with the request. It stays with the order."
}

// requestClocks are the time to answer and the clocks that wait meanwhile.
func requestClocks(v market.OrderPage, l kit.Local) []kit.ClockProps {
	r := v.Order.Life.Request
	label := "Time to answer"
	if r.Agreed() {
		label = "Time to pay"
	}
	clock := kit.ClockProps{Label: label, Due: r.Ends, Local: l, OtherName: other(v).Name, OtherZone: other(v).Location()}
	if h := v.Order.Life.Hold; h != nil {
		clock.Paused = &kit.Pause{Why: h.Reason, Since: h.Since}
	}
	return append([]kit.ClockProps{clock}, clocksOf(v, l)...)
}

// requestFacts are what is asked, line by line.
func requestFacts(v market.OrderPage) []kit.Fact {
	r := v.Order.Life.Request
	a, o := r.Proposal, v.Order
	held := o.Resting()
	var facts []kit.Fact
	switch a.Kind {
	case resolution.Cancel, resolution.Discount:
		if a.Cause != "" {
			facts = append(facts, kit.Fact{Name: "Cause", Value: sentence(resolution.CauseWords(a.Cause, v.Policy))})
		}
		if back, err := held.Share(a.Share); err == nil {
			facts = append(facts, kit.Fact{Name: "Back to " + named(v, order.Buyer, "you"), Value: back.String() + " (" + policy.Percent(a.Share).String() + " of " + held.String() + ")"})
		}
	case resolution.Extend:
		facts = append(facts, kit.Fact{Name: "More time", Value: daysWords(a.Days)})
	case resolution.AddExtra:
		price := money.Of(a.Price, o.Total.Currency).String()
		if a.Price == 0 {
			price = "A gift"
		}
		facts = append(facts, kit.Fact{Name: "Work", Value: a.Extra}, kit.Fact{Name: "Price", Value: price})
		if a.Days > 0 {
			facts = append(facts, kit.Fact{Name: "More time", Value: daysWords(a.Days)})
		}
	case resolution.Swap:
		facts = append(facts, kit.Fact{Name: "In its place", Value: sentence(a.Into.Quote.Title) + ", " + a.Into.Quote.Package},
			kit.Fact{Name: "Price", Value: a.Into.Quote.Total.String() + differs(a.Into.Quote.Total, held)},
			kit.Fact{Name: "Delivery", Value: daysWords(a.Into.Quote.Days) + " from then"})
	}
	return facts
}

func requestBy(v market.OrderPage) string {
	if order.Party(v.Order.Life.Request.By) == v.Party {
		return "You wrote"
	}
	return other(v).Name + " wrote"
}

func partyOf(v market.OrderPage) policy.Party { return policy.Party(v.Party) }

// counterNo names the request that a counter-proposal answers.
func counterNo(r Request) []kit.Hidden {
	if r.Counters == nil {
		return nil
	}
	return []kit.Hidden{{Name: "no", Value: strconv.Itoa(r.Counters.No)}}
}

// moveHidden are what the form of a button carries along: which request it is
// about, and which effect was shown.
func moveHidden(v market.OrderPage, m order.Name, w *market.Preview) []kit.Hidden {
	var list []kit.Hidden
	switch m {
	case order.MoveAgree, order.MoveDecline, order.MoveWithdraw:
		if r := v.Order.Life.Request; r != nil {
			list = append(list, kit.Hidden{Name: "no", Value: strconv.Itoa(r.No)})
		}
	}
	if w != nil {
		list = append(list, kit.Hidden{Name: "digest", Value: w.Digest})
	}
	return list
}

func askButton(r Request) kit.ButtonKind {
	if r.Kind == resolution.Cancel {
		return kit.HurtButton
	}
	return kit.PrimaryButton
}

// waitsMeanwhile says what the clocks do while the request is open.
func waitsMeanwhile(v market.OrderPage) string {
	text := "While it is open every other clock of the order stands still. You can withdraw it until it is answered."
	if v.Party == order.Seller {
		left := v.Policy.Requests.SellerPause.Words()
		text = "While it is open every other clock of the order stands still; your own requests can hold them for " + left + " in all. You can withdraw it until it is answered."
	}
	return text
}

func agreeCauses(v market.OrderPage) []kit.Option {
	declared := v.Order.Life.Request.Proposal.Cause
	list := []kit.Option{{Value: "", Label: "Yes: " + resolution.CauseWords(declared, v.Policy)}}
	for _, c := range v.Policy.Cancellation.Causes {
		if c.Name != declared {
			list = append(list, kit.Option{Value: c.Name, Label: "No: " + c.Words})
		}
	}
	return list
}

// payMoreTerms are the payment of an agreed request as a line that adds up.
func payMoreTerms(v market.OrderPage) []kit.Term {
	o := v.Order
	owed := money.Of(o.Life.Request.Owed, o.Total.Currency)
	held := o.Resting()
	sum, err := money.Sum(held, owed)
	if err != nil {
		return nil // amounts are checked when they are agreed on
	}
	return []kit.Term{
		{Amount: held.String(), Words: "held"}, {Op: "+", Amount: owed.String(), Words: "now"}, {Op: "=", Amount: sum.String(), Words: "held"},
	}
}

// pauseLines are the pause log, the running pause first.
func pauseLines(v market.OrderPage, l kit.Local) []string {
	var lines []string
	if p := pauseOf(v.Order); p != nil {
		lines = append(lines, "Since "+l.At(p.Since)+": "+p.Why)
	}
	for _, p := range slices.Backward(v.Order.Life.Pauses) {
		lines = append(lines, l.At(p.From)+" to "+l.At(p.Until)+": "+p.Why)
	}
	return lines
}
