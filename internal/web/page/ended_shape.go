package page

import (
	"guildhall/internal/market"
	"guildhall/internal/order"
	"guildhall/internal/policy"
	"guildhall/internal/resolution"
	"guildhall/internal/standing"
	"guildhall/internal/web/kit"
)

// endedFacts are how an order ended, for one of its parties: the same for both,
// but for the names.
func endedFacts(v market.OrderPage, l kit.Local) []kit.Fact {
	o := v.Order
	facts := []kit.Fact{{Name: "Ended", Value: sentence(standing.Label(o.EndingClass())) + ", " + l.At(o.EndedAt)}}
	for _, c := range standing.Of(o, v.Policy) {
		if c.Figure == standing.Completion {
			facts = append(facts, kit.Fact{Name: "How", Value: c.Why()})
		}
	}
	if e := o.Life.Ending; e != nil {
		facts = append(facts, causeFacts(v, *e)...)
		if e.Fault != "" {
			facts = append(facts, kit.Fact{Name: "Fault", Value: faultWords(v, e.Fault)})
		}
	}
	return append(facts, effectFacts(v)...)
}

// causeFacts are what each side says the cause was.
func causeFacts(v market.OrderPage, e order.Ending) []kit.Fact {
	var facts []kit.Fact
	words := func(cause string) string { return resolution.CauseWords(cause, v.Policy) }
	by, other := "Cause, as it was declared", "Cause, as the other side says"
	switch e.By {
	case policy.PartyBuyer:
		by, other = "Cause, says "+named(v, order.Buyer, "your side"), "Cause, says "+named(v, order.Seller, "your side")
	case policy.PartySeller:
		by, other = "Cause, says "+named(v, order.Seller, "your side"), "Cause, says "+named(v, order.Buyer, "your side")
	}
	if e.Cause != "" {
		facts = append(facts, kit.Fact{Name: by, Value: words(e.Cause)})
	}
	switch {
	case e.OtherCause == "":
	case e.Disputed:
		facts = append(facts, kit.Fact{Name: other, Value: words(e.OtherCause) + " (they see it differently)"})
	case e.OtherCause == e.Cause:
		facts = append(facts, kit.Fact{Name: other, Value: "The same: confirmed"})
	default:
		facts = append(facts, kit.Fact{Name: other, Value: words(e.OtherCause)})
	}
	return facts
}

// effectFacts are what the ending does to both parties: each sees both.
func effectFacts(v market.OrderPage) []kit.Fact {
	var facts []kit.Fact
	for _, c := range standing.Of(v.Order, v.Policy) {
		against := c.Mark == standing.Against
		switch c.Figure {
		case standing.Completion:
			value := "Does not count in " + whose(v, order.Seller) + " completion rate."
			if against {
				value = "Counts in " + whose(v, order.Seller) + " completion rate as an order that was not completed."
			}
			facts = append(facts, kit.Fact{Name: "Effect on the seller", Value: value})
		case standing.BuyerRecord:
			value := "Not noted in " + whose(v, order.Buyer) + " record as a buyer."
			if against {
				value = "Noted in " + whose(v, order.Buyer) + " record as a buyer."
			}
			facts = append(facts, kit.Fact{Name: "Effect on the buyer", Value: value})
		}
	}
	return facts
}

func whose(v market.OrderPage, side order.Party) string {
	if side == v.Party {
		return "your"
	}
	return named(v, side, "") + "’s"
}

func faultWords(v market.OrderPage, f order.Fault) string {
	switch f {
	case order.FaultSeller:
		return sentence(named(v, order.Seller, "your side"))
	case order.FaultBuyer:
		return sentence(named(v, order.Buyer, "your side"))
	case order.FaultPlatform:
		return "The house"
	}
	return "Nobody"
}
