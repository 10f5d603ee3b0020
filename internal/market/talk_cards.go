package market

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"guildhall/internal/effect"
	"guildhall/internal/ident"
	"guildhall/internal/offer"
	"guildhall/internal/order"
	"guildhall/internal/store"
)

// Card is something that happened between two people beside their messages: an
// order, a request on it, an offer. It is drawn from the thing itself whenever
// the conversation is read, so it shows where the thing stands now, and nothing
// is written twice.
type Card struct {
	At    time.Time    // its place among the messages
	Event effect.Event // what happened; its kind decides how the card looks
	Order order.Order  // as it stands now; the zero Order when it is about something else
	Offer offer.Offer  // likewise
}

// span is a stretch of a conversation. A zero end is open.
type span struct{ from, before time.Time }

// How much of what two people share is looked at for one part of a conversation.
const (
	cardOrders = 100
	cardEvents = 400
)

// dealings are the newest orders that one of two people paid the other for.
type dealings struct {
	buyer, seller ident.Member
	orders        []order.Order
}

// dealingsOf are those of two people, in both directions.
func dealingsOf(tx *store.Tx, a, b ident.Member) (both [2]dealings, err error) {
	both[0].buyer, both[0].seller = a, b
	both[1].buyer, both[1].seller = b, a
	for i, d := range both {
		if both[i].orders, err = tx.OrdersBetween(d.buyer, d.seller, cardOrders); err != nil {
			return both, err
		}
	}
	return both, nil
}

// running are the orders of two people that have not ended, the newest first.
func running(between [2]dealings) []order.Order {
	list := slices.DeleteFunc(slices.Concat(between[0].orders, between[1].orders), func(o order.Order) bool { return o.State.Ended() })
	slices.SortFunc(list, func(a, b order.Order) int { return cmp.Or(b.PaidAt.Compare(a.PaidAt), cmp.Compare(a.ID, b.ID)) })
	return list
}

// orderCards are the orders of the two, in both directions, and what asked
// something of one of them.
func orderCards(tx *store.Tx, between [2]dealings, in span) ([]Card, error) {
	var cards []Card
	for _, d := range between {
		if len(d.orders) == 0 {
			continue
		}
		known := map[string]order.Order{}
		for _, o := range d.orders {
			known[string(o.ID)] = o
		}
		events, err := tx.OrderEventsBetween(d.buyer, d.seller, in.from, in.before, cardEvents)
		if err != nil {
			return nil, err
		}
		for _, e := range events {
			if o, ok := known[e.Stream]; ok && carded(e.Kind) {
				cards = append(cards, Card{At: e.At, Event: e, Order: o})
			}
		}
	}
	sortCards(cards)
	return cards, nil
}

// carded tells which events of an order stand between messages: those that
// begin it, hand something over, ask or answer a request, or end it.
func carded(k effect.Kind) bool {
	switch k {
	case order.Paid, order.DeliveredWork, order.RevisionAsked, order.Accepted, order.CompletedByTime,
		order.Undone, order.CancelledLate, order.CancelledStale, order.RefundedStale,
		order.CancelledMutual, order.CancelledUnanswered, order.ForcedCancel, order.ForcedComplete, order.RefundedInFull, order.ModeratedAway:
		return true
	}
	return strings.HasPrefix(string(k), "order.request_")
}

// searchable is what somebody looks for, in one line and not without end.
func searchable(words string) string {
	words = strings.Join(strings.Fields(words), " ")
	if runes := []rune(words); len(runes) > 100 {
		return string(runes[:100])
	}
	return words
}

func contains(s, words string) bool {
	return strings.Contains(strings.ToLower(s), strings.ToLower(words))
}
