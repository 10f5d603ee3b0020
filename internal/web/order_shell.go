package web

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"strings"

	"guildhall/internal/fault"
	"guildhall/internal/market"
	"guildhall/internal/order"
	"guildhall/internal/web/kit"
	"guildhall/internal/web/page"
)

// orderShell is the shell of an order's page; it watches the order.
func (c *call) orderShell(v market.OrderPage) kit.Page {
	p := c.page("Order #" + v.Order.Ref)
	p.Topics = append(p.Topics, string(v.Order.ID))
	if v.Talk.Other.ID != "" {
		p.Topics = append(p.Topics, page.OrderTalkTopic(v.Talk))
	}
	p.Path = "/orders/" + string(v.Order.ID)
	return p
}

// sortedAnswers puts answers into a stable order, so that the same form is the
// same request.
func sortedAnswers(list []order.Answer) []order.Answer {
	slices.SortFunc(list, func(a, b order.Answer) int { return cmp.Compare(a.Question, b.Question) })
	return list
}

// reasons are what a fault says of its fields, by their names; the fault's own
// sentence where it names none.
func reasons(err error) string {
	var f *fault.Error
	if !errors.As(err, &f) || len(f.Fields) == 0 {
		return err.Error()
	}
	var list []string
	for _, field := range slices.Sorted(maps.Keys(f.Fields)) {
		if why := f.Fields[field]; !slices.Contains(list, why) {
			list = append(list, why)
		}
	}
	return strings.Join(list, " ")
}
