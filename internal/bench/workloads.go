package bench

import (
	"context"
	"errors"
	"net/url"

	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/order"
)

// PlaceOrder measures placing and paying an order, durably (workloads 1 to 3).
func PlaceOrder(ctx context.Context, data, database string, p Plan) (Result, error) {
	return with(ctx, data, database, p, "place-order", func(h *hall) workload {
		return func(ctx context.Context, caller int) error {
			g, _ := h.next()
			if p.HTTP {
				_, err := h.checkout(ctx, h.buyers[caller], g)
				return err
			}
			_, err := h.place(ctx, h.buyers[caller], g)
			return err
		}
	})
}

// OrderLife measures whole lives: placed, answered, delivered, accepted
// (workload 4).
func OrderLife(ctx context.Context, data, database string, p Plan) (Result, error) {
	return with(ctx, data, database, p, "order-life", func(h *hall) workload {
		return func(ctx context.Context, caller int) error {
			g, seller := h.next()
			if p.HTTP {
				return h.liveByForms(ctx, h.buyers[caller], seller, g.Questions[0].Key, func() (string, error) { return h.checkout(ctx, h.buyers[caller], g) })
			}
			id, err := h.place(ctx, h.buyers[caller], g)
			if err != nil {
				return err
			}
			return h.live(ctx, h.buyers[caller], seller, id, g.Questions[0].Key)
		}
	})
}

func with(ctx context.Context, data, database string, p Plan, name string, of func(*hall) workload) (r Result, err error) {
	h, err := open(ctx, data, database, p)
	if err != nil {
		return Result{}, err
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	err = h.serve(ctx, func(ctx context.Context) error {
		r, err = h.measured(ctx, p, name, of(h))
		return err
	})
	return r, err
}

func (h *hall) measured(ctx context.Context, p Plan, name string, do workload) (Result, error) {
	if p.HTTP {
		if err := h.signIn(ctx, h.buyers); err != nil {
			return Result{}, err
		}
		if name == "order-life" {
			if err := h.signIn(ctx, h.sellers); err != nil {
				return Result{}, err
			}
		}
	}
	return run(ctx, p, name, h.Store().Engine(), do)
}

// live takes a paid order through the rest of its life by market calls.
func (h *hall) live(ctx context.Context, buyer, seller person, id ident.Order, question string) error {
	for _, step := range []struct {
		who  member.Actor
		move order.Move
	}{
		{buyer.Actor, order.Submit{Answers: []order.Answer{{Question: question, Text: "This one"}}}},
		{seller.Actor, order.Deliver{Text: "Measured."}},
		{buyer.Actor, order.Accept{}},
	} {
		if _, err := h.Market.Move(ctx, step.who, "", id, step.move); err != nil {
			return err
		}
	}
	return nil
}

// liveByForms does the same as two browsers do.
func (h *hall) liveByForms(ctx context.Context, buyer, seller person, question string, place func() (string, error)) error {
	at, err := place()
	if err != nil {
		return err
	}
	for _, step := range []struct {
		who  person
		path string
		form url.Values
	}{
		{buyer, "/submit_requirements", url.Values{"answers." + question: {"This one"}}},
		{seller, "/deliver", url.Values{"text": {"Measured."}}},
		{buyer, "/accept", url.Values{}},
	} {
		step.form.Set("idempotency_key", ident.Secret()[:24])
		if _, err := h.post(ctx, step.who, at+step.path, step.form); err != nil {
			return err
		}
	}
	return nil
}
