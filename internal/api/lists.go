package api

import (
	"context"
	"net/http"
	"time"

	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/order"
	"guildhall/internal/policy"
	"guildhall/internal/standing"
)

// OrderRow is one order in a list, with the other party.
type OrderRow struct {
	OrderHead
	Other Person `json:"other"`
}

// OrderList is one page of orders with the counts of every tab.
type OrderList struct {
	Tab   string     `json:"tab"`
	Tabs  []TabCount `json:"tabs" doc:"Each count is the length of its tab's list under the same search."`
	Ways  []WayCount `json:"ways,omitempty" doc:"On the cancelled tab: how they ended, each count the length of its list."`
	Items []OrderRow `json:"items"`
	Next  string     `json:"next,omitempty" doc:"The cursor of the next page; absent on the last one."`
}

// TabCount is a tab with the length of its list.
type TabCount struct {
	Name  string `json:"name"`
	Label string `json:"label"`
	Count int    `json:"count"`
}

// WayCount is one way for an order to end, with the length of its list.
type WayCount struct {
	Class policy.Class `json:"class"`
	Label string       `json:"label"`
	Count int          `json:"count"`
}

// ListIn is a search in a list of orders.
type ListIn struct {
	Page
	Class policy.Class `query:"class" enum:"before_start,before_start_stale,mutual,unanswered,late,forced,chargeback,moderated,refunded" doc:"On the cancelled tab: only those that ended so."`
	Q     string       `query:"q" maxLength:"200" doc:"Words to search for."`
	From  time.Time    `query:"from" doc:"Ordered at or after."`
	To    time.Time    `query:"to" doc:"Ordered before."`
}

type salesIn struct {
	Tab string `query:"tab" enum:"active,pending,delivered,completed,cancelled" default:"active"`
	ListIn
}

type purchasesIn struct {
	Tab string `query:"tab" enum:"active,pending,delivered,completed,cancelled,unpaid" default:"active"`
	ListIn
}

func (a *API) lists() {
	serve(a, route{
		method: http.MethodGet, path: "/sales", id: "list-sales", tag: "Orders", who: signedIn, scopes: reading,
		does: "Orders of your gigs", about: "Tabs are filters and overlap: what is pending is active too.",
	}, func(ctx context.Context, in *salesIn) (*answer[OrderList], error) {
		return a.orderList(ctx, order.Seller, in.Tab, in.ListIn)
	})
	serve(a, route{
		method: http.MethodGet, path: "/purchases", id: "list-purchases", tag: "Orders", who: signedIn, scopes: reading,
		does: "Orders you placed", about: "The mirror of your sellers' sales, with a tab for what is not paid.",
	}, func(ctx context.Context, in *purchasesIn) (*answer[OrderList], error) {
		return a.orderList(ctx, order.Buyer, in.Tab, in.ListIn)
	})
}

var reading = []member.Scope{member.ScopeRead}

func (a *API) orderList(ctx context.Context, side order.Party, tab string, in ListIn) (*answer[OrderList], error) {
	list, err := a.Market.OrderList(ctx, actor(ctx), market.ListQuery{
		Side: side, Tab: tab, Class: in.Class, Words: in.Q, From: in.From, To: in.To, After: market.Cursor(in.Cursor), Most: in.Limit,
	})
	if err != nil {
		return nil, err
	}
	w := OrderList{Tab: list.Tab.Name, Next: string(list.Next), Tabs: make([]TabCount, len(list.Tabs)), Items: make([]OrderRow, len(list.Rows))}
	for i, t := range list.Tabs {
		w.Tabs[i] = TabCount{t.Name, t.Label, t.Count}
	}
	for _, c := range list.Ways {
		w.Ways = append(w.Ways, WayCount{c.Class, standing.Label(c.Class), c.Count})
	}
	now := a.Market.Now()
	for i, r := range list.Rows {
		w.Items[i] = OrderRow{headOf(r.Order, now), personOf(r.Other, now)}
	}
	return ok(w, nil)
}
