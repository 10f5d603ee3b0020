package notice

import (
	"maps"
	"time"

	"guildhall/internal/effect"
	"guildhall/internal/order"
	"guildhall/internal/policy"
)

// variant makes a sample of a kind that differs from the first one.
type variant func(k effect.Kind, name string, change func(*effect.Event))

// with adds facts to a sample.
func with(pairs ...string) func(*effect.Event) {
	return func(e *effect.Event) {
		e.Detail.Facts = maps.Clone(e.Detail.Facts)
		if e.Detail.Facts == nil {
			e.Detail.Facts = map[string]string{}
		}
		for i := 0; i < len(pairs); i += 2 {
			e.Detail.Facts[pairs[i]] = pairs[i+1]
		}
	}
}

func by(side string, more ...string) func(*effect.Event) {
	return func(e *effect.Event) {
		with(append(more, "by", side)...)(e)
		if e.Actor = facts.Seller.ID; side == "buyer" {
			e.Actor = facts.Buyer.ID
		}
	}
}

func times(changes ...func(*effect.Event)) func(*effect.Event) {
	return func(e *effect.Event) {
		for _, change := range changes {
			change(e)
		}
	}
}

func noMoney(e *effect.Event) { e.Detail.Amount = 0 }
func noWords(e *effect.Event) { e.Detail.Text = "" }
func answers(no int) func(*effect.Event) {
	return func(e *effect.Event) { e.Detail.Of = no }
}

const (
	asksCancel = "to cancel the order (ordered by mistake); everything goes back to the buyer"
	asksDays   = "to give the delivery 3 more days"
	asksExtra  = "to add “A second logo” for $15.00"
)

// requestSamples are the things that can be said about requests.
func requestSamples(list map[string]effect.Event, vary variant) {
	for _, k := range []effect.Kind{
		order.RequestAsked, order.RequestAgreed, order.RequestDeclined, order.RequestWithdrawn, order.RequestExpired,
		order.RequestToDesk, order.RequestPaid, order.RemindRequest, order.PartRefunded, order.Swapped,
	} {
		e := list[string(k)]
		by("seller", "kind", "extend", "asks", asksDays, "silence", "nothing", "again", "yes", "method", "Visa ending 4242", "before", "Business card")(&e)
		list[string(k)] = e
	}
	cancel := []string{"kind", "cancel", "asks", asksCancel, "silence", "cancels"}
	vary(order.RequestAsked, "to cancel by the buyer", by("buyer", cancel...))
	vary(order.RequestAsked, "to cancel by the seller", by("seller", cancel...))
	vary(order.RequestAsked, "to cancel after a delivery", by("buyer", "kind", "cancel", "asks", asksCancel, "silence", "desk"))
	vary(order.RequestAsked, "instead of another", times(answers(7), by("buyer")))
	vary(order.RequestAgreed, "waits for the buyer who asked", by("buyer", "waits", "payment", "asks", asksExtra))
	vary(order.RequestAgreed, "waits for the buyer who agreed", times(by("seller", "waits", "payment", "asks", asksExtra), func(e *effect.Event) { e.Actor = facts.Buyer.ID }))
	vary(order.RequestDeclined, "for the last time", times(by("buyer", "again", ""), noWords))
	vary(order.RequestExpired, "unpaid", with("why", "not_paid", "asks", asksExtra))
	vary(order.RequestExpired, "of the buyer", by("buyer"))
	vary(order.RequestExpired, "and cancels", with(cancel...))
	vary(order.RequestToDesk, "after a delivery", by("buyer", "kind", "cancel", "asks", asksCancel, "silence", "desk"))
	vary(order.RemindRequest, "to the buyer", with(append([]string{"to", "buyer"}, cancel...)...))
	vary(order.RemindRequest, "to the seller", by("buyer", append([]string{"to", "seller"}, cancel...)...))
	vary(order.RemindRequest, "to pay", with("to", "buyer", "waits", "payment", "asks", asksExtra))
	vary(order.ExtraAdded, "as a gift", noMoney)
	vary(order.PartRefunded, "agreed on", answers(7))
	vary(order.PartRefunded, "by decision", with("fault", "nobody", "share", "25%"))
	vary(order.PartRefunded, "by decision after the end", with("fault", "seller", "taken", "$72.00", "share", "25%"))
	vary(order.Swapped, "for the same price", noMoney)
	vary(order.Nudged, "without a word", noWords)
	vary(order.CauseSaid, "by the buyer", by("buyer", "cause", "quality"))
	delete(list, order.CauseSaid)
	returned := with("why", "request_over", "method", "Visa ending 4242")
	vary(order.PaymentReturned, "request_over", returned)
}

// decisionSamples are the things that can be said about endings by an answer, a
// silence, support or a bank.
func decisionSamples(list map[string]effect.Event, vary variant) {
	ends := func(c policy.Class, seller, buyer string, more ...string) func(*effect.Event) {
		return func(e *effect.Event) {
			e.Detail.Class, e.Detail.Text, e.Detail.Until = string(c), "", time.Time{}
			with(append(more, "seller", seller, "buyer", buyer, "method", "Visa ending 4242")...)(e)
		}
	}
	vary(order.CancelledMutual, "with all going back", ends(policy.ClassMutual, "nothing", "nothing", "by", "buyer"))
	vary(order.CancelledMutual, "with a part", ends(policy.ClassMutual, "nothing", "nothing", "by", "seller", "paid", "$36.00"))
	vary(order.CancelledMutual, "with nothing going back", times(noMoney, ends(policy.ClassMutual, "nothing", "nothing", "by", "seller", "paid", "$72.00")))
	vary(order.CancelledUnanswered, "asked by the buyer", ends(policy.ClassUnanswered, "counts", "nothing", "by", "buyer"))
	vary(order.CancelledUnanswered, "asked by the seller", ends(policy.ClassUnanswered, "counts", "counts", "by", "seller"))
	vary(order.CancelledUnanswered, "asked by the seller, excused", ends(policy.ClassUnanswered, "nothing", "counts", "by", "seller",
		"excused", "the buyer was silent for 3 days, through 2 reminders"))
	for _, f := range order.Faults() {
		vary(order.ForcedCancel, "fault of "+string(f), ends(policy.ClassForced, map[bool]string{true: "counts", false: "nothing"}[f == order.FaultSeller],
			map[bool]string{true: "counts", false: "nothing"}[f == order.FaultBuyer], "fault", string(f), "cause", "quality", "share", "60%", "paid", "$28.80"))
	}
	vary(order.RefundedInFull, "fault of seller", ends(policy.ClassRefunded, "counts", "nothing", "fault", "seller", "taken", "$72.00"))
	vary(order.ModeratedAway, "in the middle", ends(policy.ClassModerated, "nothing", "nothing", "fault", "nobody"))
	for _, k := range []effect.Kind{order.CancelledMutual, order.CancelledUnanswered, order.ForcedCancel, order.RefundedInFull, order.ModeratedAway} {
		delete(list, string(k)) // no such event comes without its facts
	}
	vary(order.DisputeOpened, "without a date", times(noWords, func(e *effect.Event) { e.Detail.Until = time.Time{} }))
	vary(order.DisputeWasWon, "after days", with("stood", "9d2h"))
	for _, k := range []effect.Kind{order.DisputeOpened, order.DisputeWasWon, order.DisputeWasLost} {
		vary(k, "about a payment that goes straight back", times(noWords, with("straight_back", "yes", "method", "Visa ending 4242")))
	}
	vary(order.DisputeWasLost, "while it ran", times(noWords, func(e *effect.Event) { e.From = "in_progress" }, ends(policy.ClassChargeback, "nothing", "counts")))
	vary(order.DisputeWasLost, "after completion", times(noWords, func(e *effect.Event) { e.From = "completed" }, ends(policy.ClassChargeback, "nothing", "counts")))
}
