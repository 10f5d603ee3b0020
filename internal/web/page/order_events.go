package page

import (
	"strings"

	events "guildhall/internal/effect"
	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/money"
	"guildhall/internal/order"
	"guildhall/internal/resolution"
	"guildhall/internal/web/kit"
)

// requestWords are the titles of what the parties asked of each other, and of
// endings by an answer, a silence, support or a bank.
var requestWords = map[events.Kind]eventWord{
	order.RequestAsked:        {"handshake", kit.Lapis, "{who} asked {asks}; an answer is awaited until {until}"},
	order.RequestAgreed:       {"check", kit.Good, "{who} agreed{to pay}"},
	order.RequestDeclined:     {"x", kit.Neutral, "{who} declined; everything stays as it was"},
	order.RequestWithdrawn:    {"undo-2", kit.Neutral, "{who} took the request back; everything stays as it was"},
	order.RequestExpired:      {"timer-off", kit.Neutral, "{expired}"},
	order.RequestOvertaken:    {"circle-x", kit.Neutral, "The open request ended, because the order went on without it"},
	order.RequestToDesk:       {"gavel", kit.Warn, "Nobody answered in time: support looks at the request and every clock stands still"},
	order.RequestPaid:         {"credit-card", kit.Good, "{amount} more was paid and is held until the work is accepted"},
	order.RemindRequest:       {"bell", kit.Neutral, "{reminded}"},
	order.ClocksRunOn:         {"play", kit.Neutral, "The clocks run on: a seller’s requests pause them only so long"},
	order.DueMoved:            {"calendar", kit.Neutral, "The due date is now {until}"},
	order.ExtraAdded:          {"plus", kit.Good, "Work was added {for}"},
	order.PartRefunded:        {"percent", kit.Neutral, "{amount} goes back to {method}{decided}"},
	order.Swapped:             {"repeat", kit.Lapis, "“{before}” was swapped for “{after}”{and back}; it is due {until}"},
	order.Nudged:              {"bell", kit.Neutral, "{who} reminded {buyer}"},
	order.CauseSaid:           {"tag", kit.Neutral, "{who} named the cause: {cause}"},
	order.RefundHanded:        {"clock", kit.Neutral, "The payment provider has taken a refund of {amount} on"},
	order.RefundWaits:         {"landmark", kit.Neutral, "A refund of {amount} waits until {buyer’s} bank has decided about the payment"},
	order.RefundByBank:        {"landmark", kit.Neutral, "{Buyer’s} bank has paid {amount} back itself, so this refund is not sent again"},
	order.CancelledMutual:     {"circle-x", kit.Neutral, "Cancelled, as both agreed{and back}"},
	order.CancelledUnanswered: {"circle-x", kit.Warn, "Cancelled: nobody answered the request{and back}"},
	order.ForcedCancel:        {"gavel", kit.Warn, "Support cancelled the order{fault}{and back}"},
	order.ForcedComplete:      {"gavel", kit.Good, "Support completed the order"},
	order.RefundedInFull:      {"gavel", kit.Warn, "Support sent everything back{fault}{and back}"},
	order.ModeratedAway:       {"ban", kit.Warn, "Cancelled: the gig or an account was removed by the house{and back}"},
	order.DisputeOpened:       {"landmark", kit.Warn, "{Buyer’s} bank disputes {the payment}"},
	order.DisputeWasWon:       {"landmark", kit.Good, "The bank let the payment stand"},
	order.DisputeWasLost:      {"landmark", kit.Bad, "The bank took {amount} back"},
}

// wordOf is the word for an event.
func wordOf(k events.Kind) eventWord {
	if w, known := eventWords[k]; known {
		return w
	}
	return requestWords[k]
}

// requestSlots fill what requestWords leave open, for one reader.
func requestSlots(v market.OrderPage, e events.Event, l kit.Local) []string {
	d := e.Detail
	amount := money.Of(d.Amount, v.Order.Total.Currency).String()
	back, gift := "", "as a gift"
	if d.Amount > 0 {
		back, gift = "; "+amount+" goes back to "+wayBack(v, d.Facts["method"]), "for "+amount
	}
	pay := ""
	if d.Facts["waits"] == "payment" {
		pay = "; " + named(v, order.Buyer, "you") + " pay"
		if v.Party != order.Buyer {
			pay += "s"
		}
		pay += " " + amount + " until " + l.At(d.Until)
	}
	decided := ""
	if d.Facts["share"] != "" {
		decided = ", as support decided"
	}
	whose, whoses := named(v, order.Buyer, "Your"), named(v, order.Buyer, "your")
	if v.Party != order.Buyer {
		whose, whoses = whose+"’s", whoses+"’s"
	}
	disputed := "the payment; every clock stands still"
	if d.Facts["straight_back"] != "" {
		disputed = "a payment that goes straight back; the order goes on"
	}
	return []string{
		"{asks}", d.Facts["asks"], "{to pay}", pay, "{expired}", expiredWords(d), "{reminded}", remindedWords(v, d),
		"{for}", gift, "{decided}", decided, "{before}", d.Facts["before"], "{after}", d.Facts["after"], "{and back}", back,
		"{cause}", strings.ToLower(resolution.CauseWords(d.Facts["cause"], v.Policy)), "{fault}", faultTail(v, d), "{Buyer’s}", whose, "{buyer’s}", whoses,
		"{the payment}", disputed,
	}
}

func expiredWords(d events.Detail) string {
	switch {
	case d.Facts["why"] == "not_paid":
		return "It was not paid in time; everything stays as it was"
	case d.Facts["silence"] == string(order.SilenceNothing):
		return "Nobody answered in time; everything stays as it was"
	}
	return "Nobody answered in time"
}

func remindedWords(v market.OrderPage, d events.Detail) string {
	who := was(v, order.Party(d.Facts["to"]))
	if d.Facts["waits"] == "payment" {
		return who + " reminded to pay what was agreed on"
	}
	return who + " reminded to answer the request"
}

// wayBack names where money goes: what the buyer paid with is the buyer's own affair.
func wayBack(v market.OrderPage, method string) string {
	if v.Party == order.Buyer {
		return method
	}
	return v.Buyer.Name
}

// faultTail says whose fault a decision holds an ending to be.
func faultTail(v market.OrderPage, d events.Detail) string {
	switch f := order.Fault(d.Facts["fault"]); f {
	case "":
		return ""
	case order.FaultNobody:
		return ", holding nobody at fault"
	case order.FaultPlatform:
		return ", holding the house at fault"
	default:
		return ", holding " + named(v, order.Party(f), "you") + " at fault"
	}
}

// actorOf is who did it, as the reader calls them.
func actorOf(v market.OrderPage, e events.Event) string {
	switch {
	case e.Actor == v.Buyer.ID:
		return named(v, order.Buyer, "You")
	case e.Actor == v.Seller.ID:
		return named(v, order.Seller, "You")
	case e.Role == member.RoleProvider:
		return "The payment provider"
	case e.Actor != "":
		return "Support"
	}
	return "The clock"
}
