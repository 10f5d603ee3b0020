package web

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"guildhall/internal/fault"
	"guildhall/internal/gig"
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/money"
	"guildhall/internal/order"
	"guildhall/internal/policy"
	"guildhall/internal/resolution"
	"guildhall/internal/web/page"
)

// resolving is the resolution centre: what the parties of an order ask of each
// other. A request is typed, looked at with all its consequences, and confirmed.
var resolving = []Route{
	{get, "/orders/{id}/resolve", SignedIn, (*Web).resolvePage},
	{get, "/orders/{id}/resolve/{kind}", SignedIn, (*Web).requestPage},
	{post, "/orders/{id}/resolve/{kind}", SignedIn, (*Web).request},
	{post, "/orders/{id}/resolve/{kind}/preview", SignedIn, (*Web).requestPreview},
	{get, "/orders/{id}/counter", SignedIn, (*Web).requestPage},
	{post, "/orders/{id}/counter", SignedIn, (*Web).request},
	{post, "/orders/{id}/counter/preview", SignedIn, (*Web).requestPreview},
	{get, "/orders/{id}/pay_more", SignedIn, (*Web).payMorePage},
	{post, "/orders/{id}/pay_more", SignedIn, (*Web).payMore},
}

func (w *Web) resolvePage(c *call) error {
	v, err := w.Market.OrderPage(c.ctx(), c.actor, ident.Order(c.path("id")))
	if err != nil {
		return err
	}
	asks := order.Askables(w.Market.Now(), v.Order, v.Party, v.Policy)
	return c.render(http.StatusOK, page.Resolve(c.page("Ask for a change"), v, asks))
}

// asked is what a form of the resolution centre is about: a new request, or
// one in the place of the other side's.
type asked struct {
	market.OrderPage
	page.Request
}

func (w *Web) asked(c *call) (asked, error) {
	v, err := w.Market.OrderPage(c.ctx(), c.actor, ident.Order(c.path("id")))
	if err != nil {
		return asked{}, err
	}
	a := asked{OrderPage: v, Request: page.Request{Kind: resolution.Kind(c.path("kind"))}}
	if c.path("kind") == "" {
		r := v.Order.Life.Request
		if r == nil {
			return a, fault.Conflict("This request is not open any more.")
		}
		a.Kind, a.Counters = r.Proposal.Kind, r
	}
	if !slices.Contains(resolution.Kinds(), a.Kind) {
		return a, fault.NotFound("There is no page at this address.")
	}
	if a.Kind == resolution.Swap {
		a.Swaps, err = w.Market.SwapChoices(c.ctx(), c.actor, v.Order.ID)
	}
	if a.Counters != nil {
		return a, err
	}
	for _, k := range order.Askables(w.Market.Now(), v.Order, v.Party, v.Policy) {
		if k.Kind == a.Kind {
			a.Not = k.Not
		}
	}
	return a, err
}

func (w *Web) requestPage(c *call) error {
	a, err := w.asked(c)
	if err != nil {
		return err
	}
	return c.render(http.StatusOK, page.RequestForm(c.page(a.Title(a.OrderPage)), a.OrderPage, a.Request, c.fill(a.Filled(a.OrderPage)...)))
}

// requestPreview shows what each answer to a request would do. Nothing is done.
func (w *Web) requestPreview(c *call) error {
	a, err := w.asked(c)
	if err != nil {
		return err
	}
	if c.text("step") == "change" {
		return c.render(http.StatusOK, page.RequestForm(c.page(a.Title(a.OrderPage)), a.OrderPage, a.Request, c.form(nil)))
	}
	mv, err := a.move(c)
	if err == nil {
		a.Preview, err = w.Market.Foresee(c.ctx(), c.actor, a.Order.ID, mv)
	}
	if err != nil {
		return w.requestAgain(c, a, err)
	}
	return c.render(http.StatusOK, page.RequestCard(c.page(a.Title(a.OrderPage)), a.OrderPage, a.Request, c.form(nil)))
}

// request confirms what was shown.
func (w *Web) request(c *call) error {
	if c.text("digest") == "" {
		return w.requestPreview(c) // nobody asks for what they have not seen
	}
	a, err := w.asked(c)
	if err != nil {
		return err
	}
	mv, err := a.move(c)
	if err == nil {
		_, err = w.Market.Confirm(c.ctx(), c.actor, c.key(), a.Order.ID, mv, c.text("digest"))
	}
	if err != nil {
		return w.requestAgain(c, a, err)
	}
	return c.redirect("/orders/"+string(a.Order.ID), "Sent. The other side was told and sees what each answer means.")
}

// requestAgain shows the effect of now where it has changed, or the form with
// what is wrong. What was typed stays.
func (w *Web) requestAgain(c *call, a asked, why error) error {
	p := c.page(a.Title(a.OrderPage))
	var changed *market.Changed
	switch {
	case errors.As(why, &changed):
		p.Flash, a.Preview = warn(why), changed.Now
		return c.render(http.StatusConflict, page.RequestCard(p, a.OrderPage, a.Request, c.form(nil)))
	case refused(why):
		return c.render(http.StatusUnprocessableEntity, page.RequestForm(p, a.OrderPage, a.Request, c.form(why)))
	case fault.KindOf(why) == fault.KindConflict:
		p.Flash = warn(why)
		a.Not = ""
		return c.render(http.StatusConflict, page.RequestForm(p, a.OrderPage, a.Request, c.form(nil)))
	}
	return why
}

// move reads the form.
func (a asked) move(c *call) (order.Move, error) {
	proposal, err := a.proposal(c)
	if a.Counters != nil {
		return order.Counter{No: c.ordinal("no"), Proposal: proposal}, err
	}
	return order.Ask{Proposal: proposal}, err
}

func (a asked) proposal(c *call) (resolution.Proposal, error) {
	bad := fault.Fields{}
	p := resolution.Proposal{Kind: a.Kind, Reason: c.text("reason"), Cause: c.text("cause"), Extra: c.text("extra")}
	if a.Kind == resolution.Cancel || a.Kind == resolution.Discount {
		p.Share = percent(bad, "share", c.text("share"))
	}
	if a.Kind == resolution.Extend || a.Kind == resolution.AddExtra && c.text("days") != "" {
		days, err := strconv.Atoi(c.text("days"))
		bad.Need(err == nil, "days", "Type a whole number of days.")
		p.Days = days
	}
	if a.Kind == resolution.AddExtra {
		p.Price = c.money(bad, "price", a.Order.Total.Currency).Minor
	}
	if id, tier, ok := strings.Cut(c.text("into"), "/"); ok {
		p.Into = &resolution.Into{Gig: ident.Gig(id), Quote: gig.Quote{Tier: gig.Tier(tier), Quantity: 1}}
		if ident.Valid(ident.Offer(id)) {
			p.Into = &resolution.Into{Quote: gig.Quote{Offer: ident.Offer(id)}}
		}
	}
	if err := bad.Err(); err != nil {
		return p, err
	}
	return p, nil
}

// percent reads "50", "50 %" or "33.3".
func percent(bad fault.Fields, name, text string) money.BasisPoints {
	share, err := policy.ParsePercent(strings.ReplaceAll(strings.TrimSuffix(strings.TrimSpace(text), "%"), " ", "") + "%")
	bad.Need(err == nil, name, "Type a share like 50 or 33.3.")
	return share.BP()
}

// agreed finds the request that waits for the buyer's payment.
func (w *Web) agreed(c *call) (market.OrderPage, error) {
	v, err := w.Market.OrderPage(c.ctx(), c.actor, ident.Order(c.path("id")))
	if err == nil && (v.Party != order.Buyer || v.Order.Life.Request == nil || !v.Order.Life.Request.Agreed()) {
		err = fault.Conflict("Nothing waits for a payment here any more.")
	}
	return v, err
}

func (w *Web) payMorePage(c *call) error {
	v, err := w.agreed(c)
	if err != nil {
		return err
	}
	return c.render(http.StatusOK, page.PayRequest(c.page("Pay"), v, c.fill("name", c.me.Name)))
}

func (w *Web) payMore(c *call) error {
	id := ident.Order(c.path("id"))
	placed, err := w.Market.PayRequest(c.ctx(), c.actor, c.key(), id, c.ordinal("no"), c.card())
	if refused(err) {
		v, gone := w.agreed(c)
		if gone != nil {
			return gone
		}
		return c.render(http.StatusUnprocessableEntity, page.PayRequest(c.page("Pay"), v, c.form(err)))
	}
	if err != nil {
		return err
	}
	switch placed.Paid {
	case order.PaymentDeclined:
		return c.declined("/orders/"+string(id)+"/pay_more", placed.Reason)
	case order.PaymentSucceeded:
		return c.redirect("/orders/"+string(id), "Paid. What you agreed on is part of the order now.")
	}
	return c.paid(placed)
}
