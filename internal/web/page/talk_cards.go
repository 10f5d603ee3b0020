package page

import (
	"strings"

	events "guildhall/internal/effect"
	"guildhall/internal/market"
	"guildhall/internal/offer"
	"guildhall/internal/order"
	"guildhall/internal/web/kit"
)

// cardFace is how a card looks between messages.
type cardFace struct {
	icon  string
	tone  kit.Tone
	says  string // one sentence; {who} is the one who acted
	words string // their own words; may be empty
	now   bool   // shows where the order stands now
}

// cardFaces are the faces of cards by the kind of what happened.
var cardFaces = map[events.Kind]cardFace{
	offer.Made:            {icon: "hand-coins", tone: kit.Lapis, says: "{who} made an offer"},
	order.Paid:            {icon: "shopping-bag", tone: kit.Lapis, says: "{who} ordered", now: true},
	order.DeliveredWork:   {icon: "package-check", tone: kit.Lapis, says: "{who} delivered"},
	order.RevisionAsked:   {icon: "repeat", tone: kit.Neutral, says: "{who} asked for a revision"},
	order.Accepted:        {icon: "circle-check", tone: kit.Good, says: "{who} accepted the work"},
	order.CompletedByTime: {icon: "circle-check", tone: kit.Good, says: "The order completed by itself"},
	order.Undone:          {icon: "circle-x", tone: kit.Neutral, says: "{who} undid the order before it started"},
	order.CancelledLate:   {icon: "circle-x", tone: kit.Neutral, says: "{who} cancelled: nothing was delivered in time"},
	order.CancelledStale:  {icon: "circle-x", tone: kit.Neutral, says: "{who} ended the order, which never started"},
	order.RefundedStale:   {icon: "circle-x", tone: kit.Neutral, says: "The order never started and was refunded"},

	order.RequestAsked:     {icon: "hand-coins", tone: kit.Warn, says: "{who} asked {asks}", now: true},
	order.RequestAgreed:    {icon: "handshake", tone: kit.Good, says: "{who} agreed"},
	order.RequestDeclined:  {icon: "circle-x", tone: kit.Neutral, says: "{who} declined"},
	order.RequestWithdrawn: {icon: "undo-2", tone: kit.Neutral, says: "{who} withdrew the request"},
	order.RequestExpired:   {icon: "timer-off", tone: kit.Neutral, says: "The request ended without an answer"},
	order.RequestOvertaken: {icon: "circle-x", tone: kit.Neutral, says: "The request ended, because something else did"},
	order.RequestToDesk:    {icon: "gavel", tone: kit.Neutral, says: "The request had no answer and went to support"},
	order.RequestPaid:      {icon: "credit-card", tone: kit.Good, says: "{who} paid what was agreed"},

	order.CancelledMutual:     {icon: "circle-x", tone: kit.Neutral, says: "The order is canceled, as you both agreed"},
	order.CancelledUnanswered: {icon: "circle-x", tone: kit.Neutral, says: "The order is canceled: the request had no answer"},
	order.ForcedCancel:        {icon: "gavel", tone: kit.Neutral, says: "Support ended the order"},
	order.ForcedComplete:      {icon: "gavel", tone: kit.Good, says: "Support completed the order"},
	order.RefundedInFull:      {icon: "undo-2", tone: kit.Neutral, says: "The order was refunded in full"},
	order.ModeratedAway:       {icon: "ban", tone: kit.Neutral, says: "The house removed the order"},
}

func cardFaceOf(c market.Card, v market.TalkPage) cardFace {
	face, known := cardFaces[c.Event.Kind]
	if !known {
		face = cardFace{icon: "activity", tone: kit.Neutral, says: "Something happened on the order", now: true}
	}
	who := v.Other.Name
	switch {
	case c.Event.Actor == v.Me.ID, bought(c.Event.Kind) && c.Order.Buyer == v.Me.ID:
		who = "You"
	}
	asks := c.Event.Detail.Facts["asks"]
	if asks == "" {
		asks = "for something"
	}
	face.says = strings.NewReplacer("{who}", who, "{asks}", asks).Replace(face.says)
	if strings.HasPrefix(string(c.Event.Kind), "order.request_") {
		face.words = c.Event.Detail.Text
	}
	return face
}

// bought tells whether the buyer did it, though the payment provider said so.
func bought(k events.Kind) bool { return k == order.Paid || k == order.RequestPaid }
