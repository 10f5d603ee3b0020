package web

import "guildhall/internal/front"

// live keeps a page's line open; see front.Hub. Topics are streams: the member
// themselves, or an order, an offer, a conversation or a case of theirs.
func (w *Web) live(c *call) error {
	topics, err := front.Topics(c.r)
	if err != nil {
		return err
	}
	if err := w.Market.MayWatch(c.ctx(), c.actor, topics...); err != nil {
		return err
	}
	return w.Front.Hub.Serve(c.w, c.r, topics)
}
