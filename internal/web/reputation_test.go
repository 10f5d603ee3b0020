package web_test

import (
	"regexp"
	"strings"
	"testing"

	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/policy"
)

// operator signs somebody in who runs the house.
func (h *house) operator() *browser {
	_, err := h.market.SignUp(h.t.Context(), market.SignUp{Operator: true, Application: member.Application{
		Name: "Olga Petrova", Email: "olga@example.com", Password: password, Zone: "UTC",
	}})
	if err != nil {
		h.t.Fatal(err)
	}
	olga := h.browser()
	olga.wants(olga.post("/login", "email", "olga@example.com", "password", password), 303, "")
	return olga
}

// spoiled is a record whose signature begins with another letter.
func spoiled(text string) string {
	i := strings.LastIndexByte(text, '.') + 1
	if text[i] == 'A' {
		return text[:i] + "B" + text[i+1:]
	}
	return text[:i] + "A" + text[i+1:]
}

// TestRecordPages: a seller downloads a record, anybody checks it, an operator
// takes it back, and the check says so.
func TestRecordPages(t *testing.T) {
	h := newHouse(t, "http://hall.example")
	mara, guest := h.shop("Mara Lindqvist", "mara@example.com"), h.browser()
	mara.wants(mara.get("/standing/record"), 200, "Download the signed record")
	text := mara.post("/standing/record").body
	if strings.Count(text, ".") != 2 || len(text) < 500 {
		t.Fatalf("the file is %q", text)
	}
	mara.wants(mara.get("/standing/record"), 200, "Made so far")
	guest.wants(guest.get("/verify"), 200, "Check it")
	guest.wants(guest.post("/verify", "record", text), 200, "This record is ours, unchanged, and stands.")
	guest.wants(guest.post("/verify", "record", spoiled(text)), 200, "Do not rely on this.")
	guest.wants(guest.post("/verify", "record", "hello"), 200, "Do not rely on this.")
	guest.wants(guest.post("/verify", "record", " "), 422, "Paste a record")
	if keys := guest.get("/.well-known/jwks.json").body; !strings.Contains(keys, "Ed25519") || strings.Contains(keys, `"d"`) {
		t.Errorf("the keys: %s", keys)
	}

	id := regexp.MustCompile(`record_[0-9a-z]{26}`).FindString(guest.post("/verify", "record", text).body)
	if status := guest.get("/.well-known/reputation-status/" + id).body; !strings.Contains(status, `"valid"`) {
		t.Errorf("its status: %s", status)
	}
	mara.wants(mara.post("/house/records", "record", id, "why", "x"), 404, "")
	olga := h.operator()
	olga.wants(olga.post("/house/records", "record", id, "why", " "), 422, "Say why")
	olga.wants(olga.post("/house/records", "record", id, "why", "Made with a <stolen> password."), 303, "/house/records")
	guest.wants(guest.post("/verify", "record", text), 200, "Made with a &lt;stolen&gt; password.")
	if list := guest.get("/.well-known/reputation-status").body; !strings.Contains(list, id) {
		t.Errorf("the list: %s", list)
	}
}

// TestRehearsePages: faults stand with their line and caret, and a good file
// leads to a report that opens to a seller.
func TestRehearsePages(t *testing.T) {
	h := newHouse(t, "http://hall.example")
	mara := h.shop("Mara Lindqvist", "mara@example.com")
	mara.wants(mara.get("/house/policy/rehearse"), 404, "")
	olga := h.operator()
	olga.wants(olga.get("/house/policy/rehearse"), 200, "Rehearse it")
	source, _, err := policy.Profile("classic")
	if err != nil {
		t.Fatal(err)
	}
	olga.wants(olga.post("/house/policy/rehearse", "source", strings.Replace(string(source), "commission: 10%", "commission: 10", 1)), 422, "^")
	olga.wants(olga.post("/house/policy/rehearse", "source", string(source)), 422, "nothing differs")
	started := olga.post("/house/policy/rehearse", "source", strings.Replace(string(source), "commission: 10%", "commission: 15%", 1))
	olga.wants(started, 303, "/house/policy/rehearse/")
	address := started.Header.Get("Location")
	page := olga.get(address)
	for strings.Contains(page.body, "under way") {
		page = olga.get(address)
	}
	olga.wants(page, 200, "What would have been")
	olga.wants(page, 200, "money.commission")
	olga.wants(olga.get("/house/policy/rehearse"), 200, "1 setting differs")
	mara.wants(mara.get(address), 404, "")
}

// TestHelpForRoles: the index can be looked at by role, and the operator sees
// each article, voted on or not.
func TestHelpForRoles(t *testing.T) {
	h := newHouse(t, "http://hall.example")
	guest := h.browser()
	guest.wants(guest.get("/help?for=staff"), 200, "Changing the rules of the house")
	if body := guest.get("/help?for=buyers").body; strings.Contains(body, "Changing the rules of the house") {
		t.Error("buyers are shown what only the house does")
	}
	guest.wants(guest.post("/help/policies", "answered", "no"), 303, "/help/policies")
	olga := h.operator()
	body := olga.get("/house/help").body
	missed, silent := strings.Index(body, "Changing the rules of the house"), strings.Index(body, "Where your money is")
	if missed < 0 || silent < missed {
		t.Error("what was missed does not stand before what nobody voted on")
	}
}
