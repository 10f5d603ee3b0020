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
	if sellers := collect(t, olga.HealthSellers(ctx, m.Levels[0].Level)); len(sellers) != 0 {
		t.Errorf("%+v", sellers)
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
