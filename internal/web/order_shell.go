package web

import (
	"cmp"
	"errors"
	"slices"

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

// firstReason is the one reason of a fault with one field.
func firstReason(err error) string {
	var f *fault.Error
	if errors.As(err, &f) {
		for _, why := range f.Fields {
			return why
		}
	}
	return err.Error()
}
