package sim

import (
	"context"
	"fmt"
	"strings"
	"time"

	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/order"
	"guildhall/internal/pay"
)

// card is what the buyer pays with, as the fate of the payment wants it.
func (d *deal) card() pay.Card {
	number := map[string]string{
		"declined": "4000 0000 0000 0002", "gone": "4000 0000 0000 9995", "step": "4000 0025 0000 3155", "left": "4000 0025 0000 3155",
		"refused": "4000 0025 0000 3155", "slow": "4000 0000 0000 0077", "lost": "4000 0000 0000 0341", "unsure": "4000 0000 0000 0259",
		"disputed, lost": "4000 0000 0000 2685", "disputed, won": "4000 0000 0000 2784",
	}[d.fate.pay]
	if number == "" || d.tries > 0 {
		number = "4242 4242 4242 4242"
		if d.l.chance(30) {
			number = "5555 5555 5555 4444"
		}
	}
	return pay.Card{Number: number, Expiry: fmt.Sprintf("12/%d", d.l.now().Year()+3), CVC: "123", Name: d.buyer.Name}
}

// paid goes on as the answer to a payment says.
func (d *deal) paid(ctx context.Context, p market.Placed) error {
	l := d.l
	switch p.Paid {
	case order.PaymentSucceeded:
		return d.placed(ctx, p.State)
	case order.PaymentDeclined:
		if d.fate.pay == "gone" || d.tries > 1 {
			return nil // never paid: the clock puts it away
		}
		l.in(l.between(2*time.Minute, 4*hour), d.payAgain)
	case order.PaymentNeedsStep:
		if d.fate.pay != "left" {
			l.in(l.between(20*time.Second, 3*time.Minute), func(ctx context.Context) error { return d.confirm(ctx, p.Step) })
		}
	default:
		l.in(l.between(30*time.Second, 2*time.Minute), d.comeBack)
	}
	return nil
}

func (d *deal) payAgain(ctx context.Context) error {
	d.tries++
	p, err := d.l.m.PayOrder(ctx, d.buyer.who, d.l.key("pay"), d.id, d.card())
	if err != nil {
		return d.l.honest("pay again", err)
	}
	d.payment = p.Payment
	return d.paid(ctx, p)
}

// confirm answers the second step and comes back to the house.
func (d *deal) confirm(ctx context.Context, step string) error {
	token := strings.TrimPrefix(step, pay.StepPath)
	if _, err := d.l.till.AnswerStep(ctx, token, d.fate.pay != "refused"); err != nil {
		return d.l.honest("second step", err)
	}
	return d.comeBack(ctx)
}

// comeBack asks where the payment stands.
func (d *deal) comeBack(ctx context.Context) error {
	pm, err := d.l.m.Confirmed(ctx, d.buyer.who, d.payment)
	if err != nil {
		return d.l.honest("confirm", err)
	}
	if pm.State == order.PaymentDeclined {
		d.l.in(d.l.between(time.Minute, hour), d.payAgain)
		return nil
	}
	page, err := d.l.m.OrderPage(ctx, d.buyer.who, d.id)
	if err != nil {
		return d.l.honest("look", err)
	}
	return d.placed(ctx, page.Order.State)
}

// refundLater does the courier's errand where no courier is told.
func (l *lane) refundLater(o ident.Order) {
	if l.quiet() {
		l.in(l.between(10*time.Second, 90*time.Second), func(ctx context.Context) error { return l.m.SendRefunds(ctx, o) })
	}
}
