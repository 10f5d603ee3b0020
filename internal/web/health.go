package web

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"guildhall/internal/desk"
	"guildhall/internal/fault"
	"guildhall/internal/market"
	"guildhall/internal/web/page"
)

// health is how the market does, for those who run it.
var health = []Route{
	{get, "/house/health", Operator, (*Web).healthPage},
	{get, "/house/orders", Operator, (*Web).healthOrders},
	{get, "/house/cases", Operator, (*Web).healthCases},
	{get, "/house/sellers", Operator, (*Web).healthSellers},
	{get, "/house/balances", Operator, (*Web).healthBalances},
}

func (w *Web) healthPage(c *call) error {
	r, err := c.houseDays()
	var h market.Health
	if err == nil {
		h, err = w.Market.Health(c.ctx(), c.actor, r)
	}
	f := c.asked("from", "to")
	if refused(err) {
		f.Faults = faults(err)
		return c.render(http.StatusUnprocessableEntity, page.Health(c.page("Market health"), nil, f))
	}
	if err != nil {
		return err
	}
	return c.render(http.StatusOK, page.Health(c.page("Market health"), &h, f))
}

func (w *Web) healthOrders(c *call) error {
	r, err := c.houseDays()
	f := c.asked("what", "from", "to", "after")
	if f.Get("what") == "" {
		f.Values.Set("what", market.ListedPaid)
	}
	var list market.HealthList
	if err == nil {
		list, err = w.Market.HealthList(c.ctx(), c.actor, market.HealthQuery{Range: r, What: f.Get("what"), After: market.Cursor(c.query("after"))})
	}
	if refused(err) {
		f.Faults = faults(err)
		return c.render(http.StatusUnprocessableEntity, page.HealthOrders(c.page("Orders"), nil, f))
	}
	if err != nil {
		return err
	}
	c.private()
	return c.render(http.StatusOK, page.HealthOrders(c.page("Orders"), &list, f))
}

func (w *Web) healthCases(c *call) error {
	r, err := c.houseDays()
	q := market.CasesQuery{
		Range: r, Decided: c.query("by") == "decided", Kind: desk.Kind(c.query("kind")), Answer: c.query("answer"), After: market.Cursor(c.query("after")),
	}
	var list market.HealthCaseList
	if err == nil {
		list, err = w.Market.HealthCases(c.ctx(), c.actor, q)
	}
	f := c.asked("by", "kind", "answer", "from", "to", "after")
	if refused(err) {
		f.Faults = faults(err)
		return c.render(http.StatusUnprocessableEntity, page.HealthCases(c.page("Cases"), nil, f))
	}
	if err != nil {
		return err
	}
	c.private()
	return c.render(http.StatusOK, page.HealthCases(c.page("Cases"), &list, f))
}

// healthSellers lists sellers by level: the lowest where none is named.
func (w *Web) healthSellers(c *call) error {
	h, err := w.Market.Health(c.ctx(), c.actor, market.Range{})
	if err != nil {
		return err
	}
	v := page.SellersView{Levels: h.Levels, Level: c.query("level"), After: c.query("after")}
	if v.Level == "" {
		v.Level = market.NoLevel
	}
	list, next, err := w.Market.SellersOn(c.ctx(), c.actor, v.Level, market.Cursor(v.After), 0)
	if refused(err) {
		return fault.NotFound("There is no such list.")
	}
	if err != nil {
		return err
	}
	v.List, v.Next = list, string(next)
	return c.render(http.StatusOK, page.HealthSellers(c.page("Sellers by level"), v))
}

func (w *Web) healthBalances(c *call) error {
	r, err := c.houseDays()
	f := c.asked("pot", "from", "to", "after")
	if f.Get("pot") == "" {
		f.Values.Set("pot", market.BalancePots()[0])
	}
	var list market.HealthBalanceList
	if err == nil {
		list, err = w.Market.HealthBalances(c.ctx(), c.actor, f.Get("pot"), r, market.Cursor(c.query("after")), 0)
	}
	if refused(err) {
		f.Faults = faults(err)
		return c.render(http.StatusUnprocessableEntity, page.HealthBalances(c.page("Sellers’ money"), nil, f))
	}
	if err != nil {
		return err
	}
	c.private()
	return c.render(http.StatusOK, page.HealthBalances(c.page("Sellers’ money"), &list, f))
}

// faults are what is wrong with the fields of a form.
func faults(err error) map[string]string {
	var e *fault.Error
	if errors.As(err, &e) {
		return e.Fields
	}
	return nil
}

// houseDays reads the range of the address, in days of the house.
func (c *call) houseDays() (r market.Range, err error) {
	bad := fault.Fields{}
	for name, day := range map[string]*time.Time{"from": &r.From, "to": &r.To} {
		text := strings.TrimSpace(c.query(name))
		if text == "" {
			continue
		}
		*day, err = time.Parse(time.DateOnly, text)
		bad.Need(err == nil, name, "Write a day as 2026-11-30.")
	}
	return r, bad.Err()
}
