package web_test

import (
	"strings"
	"testing"

	"guildhall/internal/market"
	"guildhall/internal/member"
)

// TestRemove: an operator sees what a removal ends before it is done, and
// nobody else finds the page.
func TestRemove(t *testing.T) {
	h := newHouse(t, "http://hall.example")
	mara := h.shop("Mara Lindqvist", "mara@example.com")
	mara.wants(mara.get("/house/remove"), 404, "")
	mara.wants(mara.post("/house/remove", "kind", "account", "address", "mara", "why", "x"), 404, "")
	_, err := h.market.SignUp(t.Context(), market.SignUp{Operator: true, Application: member.Application{
		Name: "Olga Petrova", Email: "olga@example.com", Password: password, Zone: "UTC",
	}})
	if err != nil {
		t.Fatal(err)
	}
	olga := h.browser()
	olga.wants(olga.post("/login", "email", "olga@example.com", "password", password), 303, "")
	olga.wants(olga.get("/house/remove"), 200, "Show what would end")
	olga.wants(olga.get("/house/remove?kind=gig&address=nowhere"), 422, "There is nothing at this address")
	olga.wants(olga.get("/house/remove?kind=gig&address=nowhere"), 422, `value="nowhere"`) // what was typed is kept
	page := olga.get("/house/remove?kind=account&address=mara-lindqvist")
	olga.wants(page, 200, "No running order ends with it")
	olga.wants(olga.post("/house/remove", "kind", "account", "address", "mara-lindqvist", "why", " "), 422, "Say why")
	olga.wants(olga.post("/house/remove", "kind", "account", "address", "mara-lindqvist", "why", "A stolen account."), 303, "/house")
	if body := mara.get("/sales").body; strings.Contains(body, "Mara Lindqvist") {
		t.Error("a closed account is still signed in")
	}
}
