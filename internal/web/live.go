package web

import (
	"guildhall/internal/fault"
	"guildhall/internal/front"
	"guildhall/internal/ident"
)

// live keeps a page's line open; see front.Hub. Topics are streams: the member
// themselves, or an order, an offer or a conversation they are a party of.
func (w *Web) live(c *call) error {
	topics, err := front.Topics(c.r)
	if err != nil {
		return err
	}
	for _, t := range topics {
		if err := w.mayWatch(c, t); err != nil {
			return err
		}
	}
	return w.Front.Hub.Serve(c.w, c.r, topics)
}

func (w *Web) mayWatch(c *call, topic string) error {
	switch {
	case topic == string(c.actor.Member):
		return nil
	case ident.Valid(ident.Order(topic)):
		_, err := w.Market.OrderPage(c.ctx(), c.actor, ident.Order(topic))
		return err
	case ident.Valid(ident.Offer(topic)):
		_, err := w.Market.OfferPage(c.ctx(), c.actor, ident.Offer(topic))
		return err
	case ident.Valid(ident.Thread(topic)):
		_, err := w.Market.Talk(c.ctx(), c.actor, ident.Thread(topic), 0, 1)
		return err
	case ident.Valid(ident.Case(topic)):
		_, err := w.Market.CasePage(c.ctx(), c.actor, ident.Case(topic))
		return err
	}
	return fault.NotFound("There is nothing to watch here.")
}
