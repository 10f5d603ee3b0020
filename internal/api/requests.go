package api

import (
	"context"
	"math"
	"net/http"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/gig"
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/money"
	"guildhall/internal/order"
	"guildhall/internal/policy"
	"guildhall/internal/resolution"
)

// Proposal is what somebody asks of the other party of an order. Each kind
// needs the fields that name it.
type Proposal struct {
	Kind   resolution.Kind `json:"kind" enum:"cancel,extend,add_extra,discount,swap"`
	Reason string          `json:"reason" maxLength:"100000" doc:"Words to the other side."`
	Cause  string          `json:"cause,omitempty" maxLength:"60" doc:"cancel: one of the causes of GET /endings."`
	Share  *float64        `json:"share,omitempty" minimum:"0" maximum:"100" doc:"cancel, discount: the percent of what is held that goes back to the buyer. A cancellation without it sends everything back."`
	Days   int             `json:"days,omitempty" minimum:"0" maximum:"10000" doc:"extend: more days. add_extra: the days it takes."`
	Extra  string          `json:"extra,omitempty" maxLength:"1000" doc:"add_extra: the work."`
	Price  *Money          `json:"price,omitempty" doc:"add_extra: what it costs; nothing makes it a gift."`
	Into   *SwapInto       `json:"into,omitempty" doc:"swap: what comes in the order's place."`

	IntoOffer ident.Offer `json:"into_offer,omitempty" pattern:"^offer_[0-9a-z]{26}$" doc:"swap: an open offer of the seller's to the buyer, instead of into."`
}

// SwapInto is a gig of the same seller and what of it.
type SwapInto struct {
	Gig ident.Gig `json:"gig" pattern:"^gig_[0-9a-z]{26}$"`
	Pick
}

// proposal reads it. Errors: fault.Invalid beside the field.
func (p Proposal) proposal(in money.Currency) (resolution.Proposal, error) {
	out := resolution.Proposal{Kind: p.Kind, Reason: p.Reason, Cause: p.Cause, Days: p.Days, Extra: p.Extra}
	if p.Kind == resolution.Cancel {
		out.Share = money.Whole
	}
	if p.Share != nil {
		out.Share = money.BasisPoints(math.Round(*p.Share * 100))
	}
	if p.Price != nil {
		if money.Currency(p.Price.Currency) != in {
			return out, fault.Invalid("price", "This house counts in "+string(in)+".")
		}
		out.Price = p.Price.Minor
	}
	if p.IntoOffer != "" {
		out.Into = &resolution.Into{Quote: gig.Quote{Offer: p.IntoOffer}}
	} else if p.Into != nil {
		q := p.Into.pick()
		out.Into = &resolution.Into{Gig: p.Into.Gig, Quote: gig.Quote{Tier: q.Tier, Extras: q.Extras, Quantity: q.Quantity}}
	}
	return out, nil
}

// Request is the open request of an order.
type Request struct {
	No       int             `json:"no" doc:"Answer it by this number."`
	By       policy.Party    `json:"by" enum:"buyer,seller"`
	Waits    policy.Party    `json:"waits_for" enum:"buyer,seller" doc:"Whose answer, or whose payment, is awaited."`
	Kind     resolution.Kind `json:"kind" enum:"cancel,extend,add_extra,discount,swap"`
	Asks     string          `json:"asks" doc:"What it wants, to be read after \"asks\"."`
	Reason   string          `json:"reason"`
	Cause    *Cause          `json:"cause,omitempty"`
	Share    *float64        `json:"share,omitempty" doc:"Percent of what is held that would go back."`
	Days     int             `json:"days,omitempty"`
	Extra    string          `json:"extra,omitempty"`
	Price    *Money          `json:"price,omitempty"`
	Into     *SwapView       `json:"into,omitempty"`
	Asked    time.Time       `json:"asked_at"`
	Ends     time.Time       `json:"ends_at" doc:"Silence until then decides."`
	Silence  order.Silence   `json:"silence" enum:"nothing,cancels,desk,applies" doc:"What silence does."`
	Counters int             `json:"counters,omitempty" doc:"The request in whose place it came."`
	Owed     *Money          `json:"owed,omitempty" doc:"It is agreed on; the buyer pays this before it takes effect."`
}

// SwapView is what would come in the order's place.
type SwapView struct {
	Gig   ident.Gig `json:"gig"`
	Quote Quote     `json:"quote"`
}

// SwapChoice is something that may come in an order's place.
type SwapChoice struct {
	Gig    ident.Gig   `json:"gig" doc:"The gig, or the one that the offer is about."`
	Offer  ident.Offer `json:"offer,omitempty" doc:"An open offer: ask with into_offer. Absent: ask with into."`
	Title  string      `json:"title"`
	Quotes []Quote     `json:"quotes" doc:"What each package alone costs now by the order's rules, or the offer."`
}

func swapChoiceOf(c market.SwapChoice) SwapChoice {
	w := SwapChoice{Gig: c.Gig, Title: c.Title, Quotes: make([]Quote, len(c.Quotes))}
	for i, q := range c.Quotes {
		w.Offer, w.Quotes[i] = q.Offer, quoteOf(q)
	}
	return w
}

// Refund is a part of a payment on its way back.
type Refund struct {
	Amount    Money      `json:"amount"`
	Method    string     `json:"method" doc:"Like Visa ending 4242."`
	Booked    time.Time  `json:"booked_at"`
	Sent      *time.Time `json:"sent_at,omitempty" doc:"The payment provider has taken it on."`
	Confirmed *time.Time `json:"confirmed_at,omitempty" doc:"The payment provider has sent it."`
	Waits     *time.Time `json:"waits_since,omitempty" doc:"It waited, or still waits, for the bank to decide about the payment."`
	ByBank    *time.Time `json:"by_bank_at,omitempty" doc:"The bank has paid the money back itself, so it is not sent again."`
}

// Added is work that was agreed on after the purchase.
type Added struct {
	Label string    `json:"label"`
	Price Money     `json:"price"`
	Days  int       `json:"days,omitempty"`
	At    time.Time `json:"at"`
}

func requestOf(v market.OrderPage) *Request {
	r := v.Order.Life.Request
	if r == nil {
		return nil
	}
	a, c := r.Proposal, v.Order.Total.Currency
	w := &Request{
		No: r.No, By: r.By, Waits: r.Waits(), Kind: a.Kind, Asks: a.Asks(c, v.Policy), Reason: a.Reason, Cause: causeOf(a.Cause, v.Policy),
		Days: a.Days, Extra: a.Extra, Asked: r.Asked.UTC(), Ends: r.Ends.UTC(), Silence: v.Order.IfSilent(v.Policy), Counters: r.Counters,
	}
	if a.Kind == resolution.Cancel || a.Kind == resolution.Discount {
		share := float64(a.Share) / 100
		w.Share = &share
	}
	if a.Kind == resolution.AddExtra {
		price := moneyOf(money.Of(a.Price, c))
		w.Price = &price
	}
	if a.Into != nil {
		w.Into = &SwapView{a.Into.Gig, quoteOf(a.Into.Quote)}
	}
	if r.Agreed() {
		owed := moneyOf(money.Of(r.Owed, c))
		w.Owed = &owed
	}
	return w
}

func refundsOf(o order.Order) []Refund {
	list := make([]Refund, len(o.Life.Refunds))
	for i, r := range o.Life.Refunds {
		list[i] = Refund{moneyOf(money.Of(r.Minor, o.Total.Currency)), r.Method, r.At.UTC(), instant(r.Sent), instant(r.Confirmed), instant(r.Waits), instant(r.ByBank)}
	}
	return list
}

func addedOf(o order.Order) []Added {
	list := make([]Added, len(o.Life.Added))
	for i, x := range o.Life.Added {
		list[i] = Added{x.Label, moneyOf(x.Price), x.Days, x.At.UTC()}
	}
	return list
}

// pausedOf is why the clocks stand still now; nil while they run.
func pausedOf(o order.Order) *Hold {
	if !o.Paused() {
		return nil
	}
	return &Hold{"a request to " + o.Life.Request.Proposal.Kind.About() + " is open", o.Life.PausedAt.UTC()}
}

// RequestAt is the address of a request.
type RequestAt struct {
	OrderAt
	No int `path:"no" minimum:"1" maximum:"1000000" doc:"The number of the request."`
}

type askIn struct {
	Keyed
	OrderAt
	Body struct {
		Seen
		Proposal
	}
}

type agreeIn struct {
	Keyed
	RequestAt
	Body *struct {
		Seen
		Cause string `json:"cause,omitempty" maxLength:"60" doc:"The cause as you see it; absent confirms the one that was declared."`
	}
}

type declineIn struct {
	Keyed
	RequestAt
	Body *struct {
		Seen
		Text string `json:"text,omitempty" maxLength:"100000"`
	}
}

type counterIn struct {
	Keyed
	RequestAt
	Body struct {
		Seen
		Proposal
	}
}

type takeBackIn struct {
	Keyed
	RequestAt
	Body *Seen
}

type remindIn struct {
	Keyed
	OrderAt
	Body *struct {
		Seen
		Text string `json:"text,omitempty" maxLength:"100000"`
	}
}

type causeIn struct {
	Keyed
	OrderAt
	Body struct {
		Seen
		Cause string `json:"cause" maxLength:"60" doc:"One of the causes of GET /endings."`
	}
}

type payRequestIn struct {
	Keyed
	RequestAt
	Body struct {
		Card Card `json:"card"`
	}
}

// requests registers what the parties of an order ask of each other.
func (a *API) requests() {
	currency := a.Market.Policy().Currency
	act(a, "requests", "ask", either, "Ask the other side to cancel, to move the due date, to add work, to refund a part or to swap", func(in *askIn) deed {
		p, err := in.Body.proposal(currency)
		return deed{in.Key, in.ID, in.Body.Digest, order.Ask{Proposal: p}, err}
	})
	serve(a, route{
		method: http.MethodGet, path: "/orders/{id}/swaps", id: "list-swaps", tag: "Order moves", who: signedIn, scopes: reading,
		does: "What may come in an order's place: the seller's open offers to the buyer, then what the seller has for sale",
	}, func(ctx context.Context, in *OrderAt) (*answer[List[SwapChoice]], error) {
		list, err := a.Market.SwapChoices(ctx, actor(ctx), in.ID)
		return ok(listOf(list, "", swapChoiceOf), err)
	})
	act(a, "requests/{no}/agree", "agree", either, "Agree to the other side's request", func(in *agreeIn) deed {
		d := deed{key: in.Key, order: in.ID, move: order.Agree{No: in.No}}
		if b := in.Body; b != nil {
			d.digest, d.move = b.Digest, order.Agree{No: in.No, Cause: b.Cause}
		}
		return d
	})
	act(a, "requests/{no}/decline", "decline", either, "Decline the other side's request; the order goes on as before", func(in *declineIn) deed {
		d := deed{key: in.Key, order: in.ID, move: order.Decline{No: in.No}}
		if b := in.Body; b != nil {
			d.digest, d.move = b.Digest, order.Decline{No: in.No, Text: b.Text}
		}
		return d
	})
	act(a, "requests/{no}/counter", "counter", either, "Propose something else in the place of the other side's request", func(in *counterIn) deed {
		p, err := in.Body.proposal(currency)
		return deed{in.Key, in.ID, in.Body.Digest, order.Counter{No: in.No, Proposal: p}, err}
	})
	act(a, "requests/{no}/withdraw", "withdraw-request", either, "Take your own request back", func(in *takeBackIn) deed {
		d := deed{key: in.Key, order: in.ID, move: order.Withdraw{No: in.No}}
		if in.Body != nil {
			d.digest = in.Body.Digest
		}
		return d
	})
	act(a, "reminders", "remind", selling, "Remind a buyer who does not answer", func(in *remindIn) deed {
		d := deed{key: in.Key, order: in.ID, move: order.Nudge{}}
		if b := in.Body; b != nil {
			d.digest, d.move = b.Digest, order.Nudge{Text: b.Text}
		}
		return d
	})
	act(a, "cause", "say-cause", either, "Name the cause of an ending, beside the other side's", func(in *causeIn) deed {
		return deed{key: in.Key, order: in.ID, digest: in.Body.Digest, move: order.SayCause{Cause: in.Body.Cause}}
	})
	serve(a, route{
		method: http.MethodPost, path: "/orders/{id}/requests/{no}/pay", id: "pay-request", tag: "Order moves", status: http.StatusCreated,
		who: signedIn, scopes: []member.Scope{member.ScopeBuy}, does: "Pay for an agreed request, which takes effect with it", errors: []int{http.StatusGone},
	}, func(ctx context.Context, in *payRequestIn) (*answer[Placed], error) {
		placed, err := a.Market.PayRequest(ctx, actor(ctx), in.Key, in.ID, in.No, in.Body.Card.card())
		return ok(placedOf(placed), err)
	})
}
