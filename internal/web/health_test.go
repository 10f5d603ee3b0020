package web_test

import (
	"regexp"
	"strings"
	"testing"

	"guildhall/internal/market"
	"guildhall/internal/member"
)

// TestHealthPages: an operator sees how the market does and follows its numbers
// to their lists; nobody else finds the pages.
func TestHealthPages(t *testing.T) {
	h := newHouse(t, "http://hall.example")
	mara := h.shop("Mara Lindqvist", "mara@example.com")
	pages := []string{"/house/health", "/house/orders", "/house/cases", "/house/sellers", "/house/balances"}
	for _, path := range pages {
		mara.wants(mara.get(path), 404, "")
	}
	_, err := h.market.SignUp(t.Context(), market.SignUp{Operator: true, Application: member.Application{
		Name: "Olga Petrova", Email: "olga@example.com", Password: password, Zone: "UTC",
	}})
	if err != nil {
		t.Fatal(err)
	}
	olga := h.browser()
	olga.wants(olga.post("/login", "email", "olga@example.com", "password", password), 303, "")
	for _, path := range pages {
		olga.wants(olga.get(path), 200, "Market health")
	}
	olga.wants(olga.get("/house"), 200, `href="/house/health"`)
	olga.wants(olga.get("/house/health"), 200, "No order ended in these days")
	olga.wants(olga.get("/house/orders?what=late,mutual"), 200, "No order of these days stands here")
	olga.wants(olga.get("/house/orders?what=completed"), 200, "That you opened this list is written down")
	olga.wants(olga.get("/house/cases?by=decided"), 200, "Cases decided")
	for address, why := range map[string]string{
		"/house/health?from=soon": "Write a day as", "/house/health?to=2999-01-01": "Choose today or an earlier day", "/house/health?from=2020-05-02&to=2020-05-01": "The last day is before the first",
		"/house/health?from=2010-05-02": "Choose two years at most", "/house/orders?what=everything": "Choose from the list", "/house/cases?kind=x": "Choose from the list",
		"/house/orders?from=x": "Write a day as", "/house/cases?answer=soon": "Choose from the list",
		"/house/balances?pot=escrow": "Choose from the list",
	} {
		got := olga.get(address)
		olga.wants(got, 422, why)
		if !regexp.MustCompile(`aria-invalid="true"`).MatchString(got.body) {
			t.Errorf("%s: no field is marked", address)
		}
	}
	olga.wants(olga.get("/house/sellers?level=never"), 404, "")
	olga.wants(olga.get("/house/sellers"), 200, "Mara Lindqvist")
	olga.wants(olga.get("/house/orders?what=escrow"), 200, "$0.00 in all")
	olga.wants(olga.get("/house/balances?pot=available"), 200, "No seller had such money then")
	body := olga.get("/house/health?from=2020-05-02&to=2020-05-01").body
	if !strings.Contains(body, `value="2020-05-02"`) {
		t.Error("what was typed is gone")
	}
}
