package api

import (
	"context"
	"net/http"

	"guildhall/internal/market"
	"guildhall/internal/order"
)

// Statement is a member's money: what stands in each pot and where it came from.
type Statement struct {
	Pot       market.Pot      `json:"pot" enum:"available,pending"`
	Available Money           `json:"available" doc:"Can be withdrawn."`
	Pending   Money           `json:"pending" doc:"Earned, not cleared yet."`
	Owed      Money           `json:"owed" doc:"To the house, for what was taken back after it had been withdrawn; the next money that becomes available pays it off, as a line of kind settle."`
	Items     []StatementLine `json:"items"`
	Next      string          `json:"next,omitempty" doc:"The cursor of the next page; absent on the last one."`
}

// Spending is one payment that took money, and where the money is now.
type Spending struct {
	Payment  Payment     `json:"payment"`
	OrderRef string      `json:"order_ref"`
	Title    string      `json:"title"`
	State    order.State `json:"state" doc:"Of the order."`
}

type statementIn struct {
	Page
	Pot market.Pot `query:"pot" enum:"available,pending" default:"available"`
}

func (a *API) money() {
	serve(a, route{
		method: http.MethodGet, path: "/statement", id: "get-statement", tag: "Money", who: signedIn, scopes: reading,
		does: "What you earned, line by line",
	}, a.statement)
	serve(a, route{
		method: http.MethodGet, path: "/spendings", id: "list-spendings", tag: "Money", who: signedIn, scopes: reading,
		does: "What you paid, newest first",
	}, a.spendings)
}

func (a *API) statement(ctx context.Context, in *statementIn) (*answer[Statement], error) {
	s, err := a.Market.Statement(ctx, actor(ctx), in.Pot, market.Cursor(in.Cursor), in.Limit)
	if err != nil {
		return nil, err
	}
	w := Statement{
		Pot: in.Pot, Available: moneyOf(s.Available), Pending: moneyOf(s.Pending), Owed: moneyOf(s.Owed), Next: string(s.Next),
		Items: make([]StatementLine, len(s.Lines)),
	}
	for i, l := range s.Lines {
		w.Items[i] = StatementLine{
			At: l.At.UTC(), Kind: l.Kind, Amount: moneyOf(l.Amount), Balance: moneyOf(l.Balance),
			Order: l.Order.ID, OrderRef: l.Order.Ref, Title: l.Order.Title,
		}
		if in.Pot == market.PotPending {
			w.Items[i].Clears = instant(l.Clears)
		}
	}
	return ok(w, nil)
}

func (a *API) spendings(ctx context.Context, in *Page) (*answer[List[Spending]], error) {
	list, next, err := a.Market.Spendings(ctx, actor(ctx), market.Cursor(in.Cursor), in.Limit)
	if err != nil {
		return nil, err
	}
	return ok(listOf(list, string(next), func(s market.Spending) Spending {
		return Spending{paymentOf(s.Payment), s.Order.Ref, s.Order.Title, s.Order.State}
	}), nil)
}
