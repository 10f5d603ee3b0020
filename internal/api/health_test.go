package api_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"guildhall/client"
	"guildhall/internal/member"
)

// TestMarketHealth reads the market's health as a program of an operator's, and
// follows its numbers; nobody else finds it.
func TestMarketHealth(t *testing.T) {
	t.Parallel()
	h := sqliteHouse(t)
	buyer, seller := h.person("Bo Buyer"), h.person("Sela Seller")
	g := h.offer(seller)
	placed := h.place(buyer, g, goodCard)
	olga := h.token(h.member("Olga Operator", true), member.ScopeRead, member.ScopeManage)
	ctx, today := t.Context(), h.Market.Now().Format(time.DateOnly)

	m, err := olga.MarketHealth(ctx, today, today)
	if err != nil || m.Step != "day" || len(m.Spans) != 1 || m.From != today {
		t.Fatalf("%+v %v", m, err)
	}
	if m.Placed[0].What != "paid" || m.Placed[0].Sum != 1 || m.Placed[0].N[0] != 1 || len(m.Held) != 3 || len(m.Levels) == 0 {
		t.Errorf("%+v", m)
	}
	rows := collect(t, olga.HealthOrders(ctx, "paid", "", ""))
	if len(rows) != 1 || rows[0].ID != placed.Order || rows[0].Total.Minor == 0 || rows[0].Created == nil {
		t.Errorf("%+v", rows)
	}
	if cases := collect(t, olga.HealthCases(ctx, true, "", "")); len(cases) != 0 {
		t.Errorf("%+v", cases)
	}
	held := collect(t, olga.HealthOrders(ctx, "escrow", "", ""))
	if len(held) != 1 || held[0].ID != placed.Order || held[0].Part == nil || *held[0].Part != m.Held[0].Amounts[0] {
		t.Errorf("held: %+v, on the page %+v", held, m.Held[0])
	}
	if sellers := collect(t, olga.HealthSellers(ctx, m.Levels[0].Level)); len(sellers) != 0 {
		t.Errorf("%+v", sellers)
	}
	none := m.Levels[len(m.Levels)-1]
	if sellers := collect(t, olga.HealthSellers(ctx, none.Level)); none.Level != "none" || none.Sellers != 1 || len(sellers) != 1 || sellers[0].Name != "Sela Seller" {
		t.Errorf("%+v: %+v", none, sellers)
	}
	if _, err := seller.Deliver(ctx, placed.Order, client.Post{Text: "Here it is"}); err != nil {
		t.Fatal(err)
	}
	if _, err := buyer.Accept(ctx, placed.Order); err != nil {
		t.Fatal(err)
	}
	kept := collect(t, olga.HealthOrders(ctx, "commission", "", ""))
	lies := collect(t, olga.HealthBalances(ctx, "pending", "", ""))
	m, err = olga.MarketHealth(ctx, today, today)
	if err != nil || len(kept) != 1 || kept[0].Entry != "release" || *kept[0].Part != m.Earned[0].Amounts[0] {
		t.Errorf("kept: %+v, on the page %+v, %v", kept, m.Earned[0], err)
	}
	if len(lies) != 1 || lies[0].Name != "Sela Seller" || lies[0].Amount != m.Held[1].Amounts[0] {
		t.Errorf("earned: %+v, on the page %+v", lies, m.Held[1])
	}

	for name, tt := range map[string]struct {
		who      *client.Client
		from, to string
		status   int
	}{
		"a seller": {seller, "", "", http.StatusNotFound}, "backwards": {olga, today, "2020-01-01", http.StatusUnprocessableEntity},
		"no day": {olga, "soon", "", http.StatusUnprocessableEntity}, "no such day": {olga, "2026-02-31", "", http.StatusUnprocessableEntity},
	} {
		var p *client.Problem
		if _, err := tt.who.MarketHealth(ctx, tt.from, tt.to); !errors.As(err, &p) || p.Status != tt.status {
			t.Errorf("%s: %v, want %d", name, err, tt.status)
		}
	}
}
