package market

import (
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

// drawCards draws the cards of one kind of thing that two people share, for a
// reader, from a stretch of time. The reader may be on either side.
type drawCards func(m *Market, tx *store.Tx, reader, other ident.Member, in span) ([]Card, error)

// cardDrawers are all the kinds of things that stand between messages.
var cardDrawers = []drawCards{orderCards, offerCards}

// How much of what two people share is looked at for one part of a conversation.
const (
	cardOrders = 100
	cardEvents = 400
)

// orderCards are the orders of the two, in both directions, and what asked
// something of one of them.
func orderCards(_ *Market, tx *store.Tx, reader, other ident.Member, in span) ([]Card, error) {
	var cards []Card
	for _, pair := range [][2]ident.Member{{reader, other}, {other, reader}} {
		orders, err := tx.OrdersBetween(pair[0], pair[1], cardOrders)
		if err != nil {
			return nil, err
		}
		if len(orders) == 0 {
			continue
		}
		known := map[string]order.Order{}
		for _, o := range orders {
			known[string(o.ID)] = o
		}
		events, err := tx.OrderEventsBetween(pair[0], pair[1], in.from, in.before, cardEvents)
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
