package web_test

import (
	"strings"
	"testing"

	"guildhall/internal/market"
	"guildhall/internal/member"
)

func TestNoticesPage(t *testing.T) {
	h := newHouse(t, "http://hall.example")
	ida := h.browser().join("Ida Brandt", "ida@example.com")
	ida.wants(ida.get("/notices"), 200, "What concerns you is told here")
	if err := h.market.DrainOutbox(t.Context()); err != nil {
		t.Fatal(err)
	}
	list := ida.get("/notices")
	ida.wants(list, 200, "Welcome, Ida Brandt")
	ida.wants(list, 200, "Notices, 1 unread")
	_, rest, found := strings.Cut(list.body, `href="/notices/notice_`)
	if !found {
		t.Fatalf("the notice leads nowhere:\n%s", list.body)
	}
	id, _, _ := strings.Cut(rest, `"`)
	path := "/notices/notice_" + id

	ben := h.browser().join("Ben Okafor", "ben@example.com")
	ben.wants(ben.get(path), 404, "")
	ben.wants(ben.get("/notices/notice_nonsense"), 404, "")
	ben.wants(ben.get("/notices?after=nonsense"), 422, "")

	ida.wants(ida.get(path), 303, "/browse")
	ida.wants(ida.get("/notices"), 200, "You have read everything")
	ida.wants(ida.post("/notices/read"), 303, "/notices")
}

func TestJobsPageIsForOperators(t *testing.T) {
	h := newHouse(t, "http://hall.example")
	ida := h.browser().join("Ida Brandt", "ida@example.com")
	ida.wants(ida.get("/operator/jobs"), 404, "")
	ida.wants(ida.post("/operator/jobs/job_x/retry"), 404, "")
	_, err := h.market.SignUp(t.Context(), market.SignUp{Operator: true, Application: member.Application{
		Name: "Olga Petrova", Email: "olga@example.com", Password: password, Zone: "UTC",
	}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.market.Courier(t.Context()); err != nil {
		t.Fatal(err)
	}
	olga := h.browser()
	olga.wants(olga.post("/login", "email", "olga@example.com", "password", password), 303, "")
	olga.wants(olga.get("/operator/jobs"), 200, "Send a letter")
	olga.wants(olga.post("/operator/jobs/job_x/retry"), 409, "")
	if err := h.market.DrainOutbox(t.Context()); err != nil {
		t.Fatal(err)
	}
	olga.wants(olga.get("/operator/jobs"), 200, "Nothing waits")
}
