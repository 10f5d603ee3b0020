package web

import (
	"net/http"
	"net/url"
	"time"

	"guildhall/internal/market"
	"guildhall/internal/order"
	"guildhall/internal/policy"
	"guildhall/internal/web/kit"
	"guildhall/internal/web/page"
)

func (w *Web) salesPage(c *call) error     { return w.orderList(c, order.Seller, "Sales") }
func (w *Web) purchasesPage(c *call) error { return w.orderList(c, order.Buyer, "Purchases") }

func (w *Web) orderList(c *call, side order.Party, title string) error {
	from, to := c.day("from", 0), c.day("to", 1) // the day itself counts
	needs, err := c.needs()
	if err != nil {
		return err
	}
	v, err := w.Market.OrderList(c.ctx(), c.actor, market.ListQuery{
		Side: side, Tab: c.query("tab"), Class: policy.Class(c.query("class")), Words: c.query("q"), From: from, To: to, After: market.Cursor(c.query("after")),
	})
	if err != nil {
		return err
	}
	p := c.page(title)
	p.Topics = append(p.Topics, string(c.actor.Member))
	return c.render(http.StatusOK, page.Orders(p, side, v, needs.Of(side), c.asked("q", "from", "to", "after")))
}

func (w *Web) statementPage(c *call) error {
	after := market.Cursor(c.query("after"))
	seller := c.me.Seller != nil
	pot := market.Pot(c.query("pot"))
	if pot == "spent" || pot == "" && !seller {
		list, next, err := w.Market.Spendings(c.ctx(), c.actor, after, 0)
		if err != nil {
			return err
		}
		return c.render(http.StatusOK, page.Spendings(c.page("Statement"), seller, list, string(next), string(after)))
	}
	if pot == "" {
		pot = market.PotAvailable
	}
	v, err := w.Market.Statement(c.ctx(), c.actor, pot, after, 0)
	if err != nil {
		return err
	}
	return c.render(http.StatusOK, page.Statement(c.page("Statement"), seller, v, string(after)))
}

// day reads a date of the address, or so many days later, as its first instant in
// the reader's zone; zero when it is none.
func (c *call) day(name string, later int) time.Time {
	date, err := time.Parse(time.DateOnly, c.query(name))
	if err != nil {
		return time.Time{}
	}
	day, err := dayOf(date.AddDate(0, 0, later).Format(time.DateOnly), c.zone)
	if err != nil {
		return time.Time{} // after the last date that can be written
	}
	return day
}

// dayOf is the first instant of a day in a zone: its midnight, or where the clocks
// are put forward over that, the moment after.
func dayOf(text string, zone *time.Location) (time.Time, error) {
	at, err := time.ParseInLocation(time.DateOnly, text, zone)
	if err == nil && at.Format(time.DateOnly) != text {
		_, at = at.ZoneBounds() // it was read as an hour before, on the day before
	}
	return at, err
}

// asked is what stands in the fields of a filter.
func (c *call) asked(names ...string) page.Form {
	f := page.Form{Values: url.Values{}}
	for _, name := range names {
		f.Values.Set(name, c.query(name))
	}
	return f
}

// warn is what went wrong as a sentence above the page.
func warn(err error) *kit.Flash { return &kit.Flash{Tone: kit.Warn, Text: err.Error()} }
