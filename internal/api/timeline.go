package api

import (
	"time"

	"guildhall/internal/effect"
	"guildhall/internal/ident"
	"guildhall/internal/ledger"
	"guildhall/internal/market"
	"guildhall/internal/money"
	"guildhall/internal/order"
)

// Event is one thing that happened to an order.
type Event struct {
	No     int         `json:"no"`
	Kind   effect.Kind `json:"kind"`
	At     time.Time   `json:"at"`
	By     string      `json:"by" enum:"buyer,seller,house,clock,provider"`
	From   order.State `json:"from,omitempty" doc:"The state before, where it changed."`
	To     order.State `json:"to,omitempty"`
	Text   string      `json:"text,omitempty"`
	Files  []File      `json:"files"`
	Lines  []int       `json:"lines" doc:"Requirement lines that a revision points at, from 1."`
	On     int         `json:"on,omitempty" doc:"The number of the event that is commented on."`
	Until  *time.Time  `json:"until,omitempty" doc:"The deadline that runs from here."`
	Amount *Money      `json:"amount,omitempty"`
	OnTime *bool       `json:"on_time,omitempty" doc:"Of a delivery."`
	Count  *bool       `json:"counted,omitempty" doc:"Of a revision: whether it uses one of the package's."`
}

func eventOf(v market.OrderPage, e effect.Event) Event {
	d := e.Detail
	w := Event{
		No: e.Seq, Kind: e.Kind, At: e.At.UTC(), By: byOf(v, e), Text: d.Text, Lines: filled(d.Lines), On: d.Of,
		Files: make([]File, len(d.Files)), Until: instant(d.Until), OnTime: fact(d, "on_time"), Count: fact(d, "counted"),
	}
	if e.From != e.To {
		w.From, w.To = order.State(e.From), order.State(e.To)
	}
	for i, id := range d.Files {
		w.Files[i] = fileOf(v.Files[id])
	}
	if d.Amount != 0 {
		amount := moneyOf(money.Of(d.Amount, v.Order.Total.Currency))
		w.Amount = &amount
	}
	return w
}

func fact(d effect.Detail, name string) *bool {
	text, known := d.Facts[name]
	if !known {
		return nil
	}
	yes := text == "true"
	return &yes
}

// byOf names who did it by their part in the order.
func byOf(v market.OrderPage, e effect.Event) string {
	switch e.Actor {
	case v.Buyer.ID:
		return "buyer"
	case v.Seller.ID:
		return "seller"
	case "":
		if e.Role == "provider" {
			return "provider"
		}
		return "clock"
	}
	return "house"
}

// MoneyLine is one movement of an order's money, as its reader may see it.
type MoneyLine struct {
	No    int         `json:"no"`
	Kind  ledger.Kind `json:"kind" enum:"hold,release,clear,refund,refund_sent,take_back,chargeback"`
	At    time.Time   `json:"at"`
	Says  string      `json:"says"`
	Parts []MoneyPart `json:"parts" doc:"From and to; they add up to nothing."`
}

// MoneyPart is what one pot lost or gained.
type MoneyPart struct {
	Pot    string `json:"pot" enum:"payment,escrow,refunding,pending,available,owed,commission,fees,house,paid_out"`
	Amount Money  `json:"amount"`
}

var moneyWords = map[ledger.Kind]string{
	ledger.KindHold:       "The payment is held by the house until the work is accepted.",
	ledger.KindRelease:    "The work is accepted: the money is passed on.",
	ledger.KindClear:      "The money has cleared for the seller.",
	ledger.KindRefund:     "The money is on its way back to the buyer.",
	ledger.KindRefundSent: "The payment provider has sent it back.",
	ledger.KindTakeBack:   "By decision it is taken back from where it went, on its way to the buyer.",
	ledger.KindChargeback: "The bank has taken it back for the buyer.",
}

// pots are the plain words for accounts.
var pots = map[string]string{
	"clearing": "payment", "escrow": "escrow", "refunding": "refunding", "pending": "pending", "available": "available",
	"receivable": "owed", "house": "house",
}

// buyersPot tells which pots a buyer sees; the others are one: paid out.
var buyersPot = map[string]bool{"payment": true, "escrow": true, "refunding": true}

// moneyLines are the entries of an order. What the seller earns of it is no
// business of the buyer, who sees it paid out.
func moneyLines(v market.OrderPage) []MoneyLine {
	lines := []MoneyLine{}
	for _, e := range v.Entries {
		if v.Party == order.Buyer && e.Kind == ledger.KindClear {
			continue
		}
		w := MoneyLine{No: e.No, Kind: e.Kind, At: e.At.UTC(), Says: moneyWords[e.Kind]}
		out := money.Zero(e.Currency)
		for _, p := range e.Postings {
			pot := potOf(p.Account)
			if v.Party == order.Buyer && !buyersPot[pot] {
				out.Minor += p.Minor
				continue
			}
			w.Parts = append(w.Parts, MoneyPart{pot, moneyOf(money.Of(p.Minor, e.Currency))})
		}
		if !out.IsZero() {
			w.Parts = append(w.Parts, MoneyPart{"paid_out", moneyOf(out)})
		}
		lines = append(lines, w)
	}
	return lines
}

func potOf(a ledger.Account) string {
	switch a {
	case ledger.Commission:
		return "commission"
	case ledger.Fees:
		return "fees"
	}
	return pots[a.Kind()]
}

// StatementLine is one movement of a member's own money.
type StatementLine struct {
	At       time.Time   `json:"at"`
	Kind     ledger.Kind `json:"kind"`
	Amount   Money       `json:"amount"`
	Balance  Money       `json:"balance" doc:"Of the pot, after this line."`
	Order    ident.Order `json:"order,omitempty"`
	OrderRef string      `json:"order_ref,omitempty"`
	Title    string      `json:"title,omitempty"`
	Clears   *time.Time  `json:"clears_at,omitempty" doc:"When pending money becomes available."`
}
