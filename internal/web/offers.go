package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"guildhall/internal/fault"
	"guildhall/internal/gig"
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/money"
	"guildhall/internal/offer"
	"guildhall/internal/order"
	"guildhall/internal/web/page"
)

// offering is making a price for one person, and answering it.
var offering = []Route{
	{get, "/offers", SignedIn, (*Web).offersPage},
	{get, "/offers/new", Seller, (*Web).newOfferPage},
	{post, "/offers", Seller, (*Web).makeOffer},
	{get, "/offers/{id}", SignedIn, (*Web).offerPage},
	{get, "/offers/{id}/pay", SignedIn, (*Web).payOfferPage},
	{post, "/offers/{id}/pay", SignedIn, (*Web).payOffer},
	{get, "/offers/{id}/decline", SignedIn, endOfferPage(offer.MoveDecline)},
	{post, "/offers/{id}/decline", SignedIn, endOffer(offer.MoveDecline)},
	{get, "/offers/{id}/withdraw", SignedIn, endOfferPage(offer.MoveWithdraw)},
	{post, "/offers/{id}/withdraw", SignedIn, endOffer(offer.MoveWithdraw)},
}

func (w *Web) offersPage(c *call) error {
	v := page.OffersProps{Side: offer.Buyer, Seller: c.actor.Seller}
	at := "/offers"
	if c.query("side") == "made" && c.actor.Seller {
		v.Side, at = offer.Seller, at+"?side=made"
	}
	var err error
	var next market.Cursor
	after := market.Cursor(c.query("after"))
	openAfter := market.Cursor(c.query("open"))
	if after == "" {
		if v.Open, next, err = w.Market.Offers(c.ctx(), c.actor, v.Side, false, openAfter, 0); err != nil {
			return err
		}
		v.OlderOpen = further(at, "open", next)
	} else {
		v.Newer = at
	}
	if v.Ended, next, err = w.Market.Offers(c.ctx(), c.actor, v.Side, true, after, 0); err != nil {
		return err
	}
	v.Older = further(at, "after", next)
	p := c.page("Offers")
	p.Topics = append(p.Topics, string(c.actor.Member))
	return c.render(http.StatusOK, page.Offers(p, v))
}

// further is the address of the next page of a list; empty on the last one.
func further(at, name string, next market.Cursor) string {
	if next == "" {
		return ""
	}
	sign := "?"
	if strings.Contains(at, "?") {
		sign = "&"
	}
	return at + sign + name + "=" + url.QueryEscape(string(next))
}

func (w *Web) offerPage(c *call) error {
	v, err := w.offer(c)
	if err != nil {
		return err
	}
	p := c.page("Offer: " + v.Offer.Title)
	p.Topics = append(p.Topics, string(v.Offer.ID))
	p.Path = "/offers/" + string(v.Offer.ID)
	var record *market.BuyerHistory
	if v.Party == offer.Seller {
		if record, err = c.buyerRecord(v.Buyer.ID); err != nil {
			return err
		}
	}
	return c.render(http.StatusOK, page.Offer(p, v, record))
}

func (w *Web) offer(c *call) (market.OfferPage, error) {
	return w.Market.OfferPage(c.ctx(), c.actor, ident.Offer(c.path("id")))
}

// offerOption finds the button that an address is about, or the words why there
// is none.
func (w *Web) offerOption(c *call, m offer.Name) (market.OfferPage, offer.Option, error) {
	v, err := w.offer(c)
	if err != nil {
		return v, offer.Option{}, err
	}
	for _, opt := range v.Options {
		if opt.Move == m {
			return v, opt, nil
		}
	}
	if v.Offer.State == offer.Open || v.Offer.State == offer.Expired {
		if v.Offer.Payable(w.Market.Now()) {
			return v, offer.Option{}, fault.Forbidden("This is not yours to do.")
		}
		return v, offer.Option{}, fault.Expired("The time to pay this offer is over. A new offer can be made at any time.")
	}
	return v, offer.Option{}, fault.Conflict("This is not possible now: " + v.Offer.State.Words() + ".")
}

func (w *Web) payOfferPage(c *call) error {
	v, _, err := w.offerOption(c, offer.MovePay)
	if err != nil {
		return err
	}
	return c.render(http.StatusOK, page.PayOffer(c.page("Pay an offer"), v, c.fill("name", c.me.Name)))
}

func (w *Web) payOffer(c *call) error {
	shown, err := strconv.ParseInt(c.text("shown"), 10, 64)
	if err != nil {
		shown = 0 // no price at all: refused by the market, in its words
	}
	placed, err := w.Market.PayOffer(c.ctx(), c.actor, c.key(), market.PaidOffer{
		Offer: ident.Offer(c.path("id")), Shown: money.Of(shown, w.Market.Policy().Currency), Again: c.ticked("again"),
	}, c.card())
	if refused(err) || fault.KindOf(err) == fault.KindConflict {
		return w.payOfferAgain(c, err)
	}
	if err != nil {
		return err
	}
	if placed.Paid == order.PaymentDeclined {
		return c.declined("/offers/"+c.path("id")+"/pay", placed.Reason)
	}
	return c.paid(placed)
}

// payOfferAgain shows the checkout again with what is true now.
func (w *Web) payOfferAgain(c *call, why error) error {
	v, _, err := w.offerOption(c, offer.MovePay)
	if err != nil {
		return err
	}
	p, status := c.page("Pay an offer"), http.StatusUnprocessableEntity
	if !refused(why) {
		p.Flash, status = warn(why), http.StatusConflict
		c.renewKey() // another price is another payment
	}
	return c.render(status, page.PayOffer(p, v, c.form(why)))
}

func endOfferPage(m offer.Name) func(*Web, *call) error {
	return func(w *Web, c *call) error {
		v, opt, err := w.offerOption(c, m)
		if err != nil {
			return err
		}
		return c.render(http.StatusOK, page.EndOffer(c.page(opt.Verb), v, opt, c.fill()))
	}
}

func endOffer(m offer.Name) func(*Web, *call) error {
	return func(w *Web, c *call) error {
		id := ident.Offer(c.path("id"))
		var err error
		done := "The offer is taken back."
		if m == offer.MoveDecline {
			done = "You declined the offer."
			_, err = w.Market.DeclineOffer(c.ctx(), c.actor, c.key(), id, c.text("text"))
		} else {
			_, err = w.Market.WithdrawOffer(c.ctx(), c.actor, c.key(), id)
		}
		if refused(err) {
			v, opt, missing := w.offerOption(c, m)
			if missing != nil {
				return missing
			}
			return c.render(http.StatusUnprocessableEntity, page.EndOffer(c.page(opt.Verb), v, opt, c.form(err)))
		}
		if err != nil {
			return err
		}
		return c.redirect("/offers/"+string(id), done)
	}
}

// newOfferPage is the form, empty or filled from a package or an older offer.
func (w *Web) newOfferPage(c *call) error {
	v, err := w.Market.OfferForm(c.ctx(), c.actor, ident.Member(c.query("to")), ident.Gig(c.query("gig")))
	if refused(err) {
		return fault.NotFound("There is nobody here by that name.")
	}
	if err != nil {
		return err
	}
	f := c.fill()
	switch from := ident.Offer(c.query("from")); {
	case from != "":
		old, err := w.Market.OfferPage(c.ctx(), c.actor, from)
		if err != nil {
			return err
		}
		if old.Offer.Payable(w.Market.Now()) {
			f.Values.Set("beside", string(from))
		}
		fillOffer(f, string(old.Offer.Gig), old.Offer.Terms)
	case v.Gig.ID != "":
		terms := offer.Terms{Title: v.Gig.Title, Questions: v.Gig.Questions}
		if pack, ok := v.Gig.Package(gig.Tier(c.query("tier"))); ok {
			terms.Scope, terms.Price, terms.Days, terms.Revisions = pack.Description, v.Price(pack), pack.Days, pack.Revisions
		}
		fillOffer(f, string(v.Gig.ID), terms)
	}
	return w.showNewOffer(c, http.StatusOK, v, f)
}

func fillOffer(f page.Form, gig string, t offer.Terms) {
	lines := make([]string, len(t.Questions))
	for i, q := range t.Questions {
		lines[i] = q.Text
	}
	for name, value := range map[string]string{
		"gig": gig, "title": t.Title, "scope": t.Scope, "questions": strings.Join(lines, "\n"),
	} {
		f.Values.Set(name, value)
	}
	if t.Days > 0 {
		f.Values.Set("price", t.Price.Decimal())
		f.Values.Set("days", strconv.Itoa(t.Days))
		f.Values.Set("revisions", strconv.Itoa(t.Revisions))
	}
}

// showNewOffer shows the form beside what the seller may know of the buyer.
func (w *Web) showNewOffer(c *call, status int, v market.OfferForm, f page.Form) error {
	record, err := c.buyerRecord(v.Buyer.ID)
	if err != nil {
		return err
	}
	return c.render(status, page.NewOffer(c.page("An offer for "+v.Buyer.Name), v, record, f))
}

func (w *Web) makeOffer(c *call) error {
	v, err := w.Market.OfferForm(c.ctx(), c.actor, ident.Member(c.text("to")), "")
	if refused(err) {
		return fault.NotFound("There is nobody here by that name.")
	}
	if err != nil {
		return err
	}
	in, err := w.offerFrom(c, v)
	var made market.OfferMoved
	if err == nil {
		made, err = w.Market.MakeOffer(c.ctx(), c.actor, c.key(), in)
	}
	if refused(err) {
		return w.showNewOffer(c, http.StatusUnprocessableEntity, v, offerFaults(c.form(err)))
	}
	if err != nil {
		return err
	}
	return c.redirect("/offers/"+string(made.Offer), "The offer is made. "+v.Buyer.Name+" was told.")
}

// offerFrom reads the form. A question that the gig asks too keeps its kind.
func (w *Web) offerFrom(c *call, v market.OfferForm) (market.NewOffer, error) {
	bad := fault.Fields{}
	in := market.NewOffer{To: v.Buyer.ID, Gig: ident.Gig(c.text("gig"))}
	price, err := money.Parse(c.text("price"), v.Policy.Currency)
	bad.Need(err == nil, "price", "Type an amount like 80.00.")
	in.Terms = offer.Terms{Title: c.text("title"), Scope: c.text("scope"), Price: price}
	in.Terms.Days, in.Terms.Revisions = c.whole(bad, "days"), c.whole(bad, "revisions")
	switch place := c.text("beside"); place {
	case "":
	case "yes":
		in.Beside = true
	default:
		in.Supersedes = ident.Offer(place)
	}
	known := map[string]gig.Question{}
	if in.Gig != "" {
		if form, err := w.Market.OfferForm(c.ctx(), c.actor, v.Buyer.ID, in.Gig); err == nil {
			for _, q := range form.Gig.Questions {
				known[q.Text] = q
			}
		}
	}
	for line := range strings.Lines(c.text("questions")) {
		text := strings.TrimSpace(line)
		if text == "" {
			continue
		}
		q, asked := known[text]
		if !asked {
			q = gig.Question{Kind: gig.QuestionLong, Text: text, Required: true}
		}
		q.Key = ""
		in.Terms.Questions = append(in.Terms.Questions, q)
	}
	return in, bad.Err()
}

// whole reads a whole number and says beside its field when it is none.
func (c *call) whole(bad fault.Fields, name string) int {
	n, err := strconv.Atoi(c.text(name))
	bad.Need(err == nil, name, "Write a whole number.")
	return n
}

// offerFaults gathers what is wrong with single questions beside their one field.
func offerFaults(f page.Form) page.Form {
	faults := map[string]string{}
	for field, why := range f.Faults {
		switch {
		case strings.HasPrefix(field, "questions"):
			field = "questions"
		case field == "supersedes":
			field = "beside"
		}
		faults[field] = why
	}
	f.Faults = faults
	return f
}
