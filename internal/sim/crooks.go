package sim

import (
	"bytes"
	"context"
	"net/http"

	"guildhall/internal/fault"
	"guildhall/internal/gig"
	"guildhall/internal/market"
	"guildhall/internal/order"
	"guildhall/internal/pay"
)

// cheatAtCheckout edits the price and the amounts in the request.
func (d *deal) cheatAtCheckout(ctx context.Context, in market.NewOrder) error {
	l, who := d.l, d.buyer.who
	cheaper := in
	cheaper.Shown.Minor = 1
	_, err := l.m.PlaceOrder(ctx, who, "", cheaper, d.card())
	if err := l.cheat("price edited in the request", err, fault.KindConflict); err != nil {
		return err
	}
	for _, n := range []int{0, -1, 1 << 40} {
		odd := in
		odd.Pick.Quantity = n
		_, err := l.m.PlaceOrder(ctx, who, "", odd, d.card())
		if err := l.cheat("odd quantity", err, fault.KindInvalid); err != nil {
			return err
		}
	}
	odd := in
	odd.Pick.Tier, odd.Pick.Extras = gig.Tier("free"), []string{"nothing"}
	_, err = l.m.PlaceOrder(ctx, who, "", odd, d.card())
	return l.cheat("package that is not offered", err, fault.KindInvalid)
}

// cheatByRepeating sends the same request twice, and another under its key.
func (d *deal) cheatByRepeating(ctx context.Context, key market.Key, in market.NewOrder, card pay.Card, first market.Placed) error {
	l, who := d.l, d.buyer.who
	again, err := l.m.PlaceOrder(ctx, who, key, in, card)
	l.tally.Cheats["same key twice"]++
	switch {
	case err != nil && fault.KindOf(err) == "":
		return err
	case err != nil:
		l.gain("same key twice", "refused: "+err.Error())
	case again.Order != first.Order || again.Payment != first.Payment:
		l.gain("same key twice", "another order or payment")
	}
	other := in
	other.Pick.Quantity++
	_, err = l.m.PlaceOrder(ctx, who, key, other, card)
	if err := l.cheat("same key for another order", err, fault.KindConflict); err != nil {
		return err
	}
	_, err = l.m.PlaceOrder(ctx, who, l.key("place"), market.NewOrder{Gig: in.Gig, Pick: in.Pick, Shown: in.Shown}, d.card())
	if first.Paid == order.PaymentSucceeded || !in.Again {
		return l.cheat("the same order a moment later, unasked", err, fault.KindInvalid, fault.KindConflict)
	}
	return l.honest("order again", err)
}

// cheatWhileWaiting touches an order that has not started.
func (d *deal) cheatWhileWaiting(ctx context.Context) error {
	l := d.l
	_, err := l.m.Move(ctx, d.shelf.seller.who, "", d.id, order.Deliver{Text: "Done."})
	if err := l.cheat("deliver before the start", err, fault.KindConflict); err != nil {
		return err
	}
	_, err = l.m.Move(ctx, d.buyer.who, "", d.id, order.CancelLate{})
	if err := l.cheat("cancel as late before the start", err, fault.KindConflict); err != nil {
		return err
	}
	_, err = l.m.PayOrder(ctx, d.buyer.who, l.key("pay"), d.id, d.card())
	return l.cheat("pay a paid order", err, fault.KindConflict)
}

// cheatWhileWorking tries the moves of others and the orders of others.
func (d *deal) cheatWhileWorking(ctx context.Context) error {
	l, stranger := d.l, d.stranger()
	for _, try := range []struct {
		what string
		do   func() error
		want fault.Kind
	}{
		{"undo after the start", func() error { return d.try(ctx, d.buyer, order.Undo{}) }, fault.KindConflict},
		{"cancel as late before it is", func() error { return d.try(ctx, d.buyer, order.CancelLate{}) }, fault.KindConflict},
		{"accept before the delivery", func() error { return d.try(ctx, d.buyer, order.Accept{}) }, fault.KindConflict},
		{"deliver as the buyer", func() error { return d.try(ctx, d.buyer, order.Deliver{Text: "Done."}) }, fault.KindForbidden},
		{"deliver nothing", func() error { return d.try(ctx, d.shelf.seller, order.Deliver{Text: "  "}) }, fault.KindInvalid},
		{"hold as a party", func() error { return d.try(ctx, d.buyer, order.HoldOrder{Reason: "I say so"}) }, fault.KindForbidden},
		{"act as the clock", func() error { return d.try(ctx, d.buyer, order.Tick{}) }, fault.KindForbidden},
		{"look at another's order", func() error {
			_, err := l.m.OrderPage(ctx, stranger, d.id)
			return err
		}, fault.KindNotFound},
		{"move another's order", func() error {
			_, err := l.m.Move(ctx, stranger, "", d.id, order.Accept{})
			return err
		}, fault.KindNotFound},
		{"confirm another's payment", func() error {
			_, err := l.m.Confirmed(ctx, stranger, d.payment)
			return err
		}, fault.KindNotFound},
		{"edit another's gig", func() error {
			_, err := l.m.PauseGig(ctx, d.buyer.who, "", d.shelf.gig.ID)
			return err
		}, fault.KindForbidden},
		{"forge the provider's word", func() error { return d.forge(ctx) }, fault.KindForbidden},
	} {
		if err := l.cheat(try.what, try.do(), try.want); err != nil {
			return err
		}
	}
	return nil
}

// cheatAfterDelivery downloads the work and wants the money back.
func (d *deal) cheatAfterDelivery(ctx context.Context) error {
	l := d.l
	page, err := l.m.OrderPage(ctx, d.buyer.who, d.id)
	if err != nil {
		return l.honest("look", err)
	}
	for id := range page.Files {
		_, bytes, err := l.m.OpenFile(ctx, d.buyer.who, id)
		if err != nil {
			return l.honest("download", err)
		}
		if err := bytes.Close(); err != nil {
			return err
		}
		_, _, err = l.m.OpenFile(ctx, d.stranger(), id)
		if err := l.cheat("open another's file", err, fault.KindNotFound); err != nil {
			return err
		}
	}
	if err := l.cheat("undo after the delivery", d.try(ctx, d.buyer, order.Undo{}), fault.KindConflict); err != nil {
		return err
	}
	if err := l.cheat("cancel as late after the delivery", d.try(ctx, d.buyer, order.CancelLate{}), fault.KindConflict); err != nil {
		return err
	}
	if err := l.cheat("accept as the seller", d.try(ctx, d.shelf.seller, order.Accept{}), fault.KindForbidden); err != nil {
		return err
	}
	bad := order.Revise{Text: "All of it.", Lines: []int{99}, Fault: true}
	return l.cheat("a fault against no requirement", d.try(ctx, d.buyer, bad), fault.KindInvalid, fault.KindConflict)
}

func (d *deal) try(ctx context.Context, p *person, m order.Move) error {
	_, err := d.l.m.Move(ctx, p.who, "", d.id, m)
	return err
}

// forge tells the house that a refund was sent, in the provider's name.
func (d *deal) forge(ctx context.Context) error {
	body := []byte(`{"id":"msg_1","kind":"` + string(pay.RefundSent) + `","outcome":{"payment":"` + string(d.payment) + `"}}`)
	header := http.Header{}
	header.Set("webhook-id", "msg_1")
	header.Set("webhook-timestamp", "1700000000")
	header.Set("webhook-signature", "v1,"+string(bytes.Repeat([]byte("A"), 43))+"=")
	return d.l.m.ProviderSays(ctx, header, body)
}

// rush is a crowd that orders one gig in the same minute: no more may get in
// than there are places.
func (l *lane) rush(ctx context.Context, s *shelf) error {
	if s.gig.Capacity == 0 {
		return (&deal{l: l, shelf: s, buyer: l.customer(s), fate: l.fate()}).order(ctx)
	}
	l.tally.Cheats["capacity rush"]++
	for range s.gig.Capacity + 2 {
		d := &deal{l: l, shelf: s, buyer: l.customer(s), fate: l.fate()}
		d.fate.at, d.fate.pay = l.now(), "ok"
		if err := d.order(ctx); err != nil {
			return err
		}
	}
	view, err := l.m.GigPage(ctx, s.seller.who, string(s.gig.ID))
	if err != nil {
		return l.honest("look at the gig", err)
	}
	if view.Busy > s.gig.Capacity {
		l.gain("capacity rush", "more orders in progress than places")
	}
	return nil
}
