package web_test

import (
	"net/http"
	"strings"
	"testing"

	"guildhall/internal/gig"
	"guildhall/internal/member"
)

// shop is a browser of somebody who sells.
func (h *house) shop(name, email string) *browser {
	h.t.Helper()
	b := h.browser().join(name, email)
	b.wants(b.post("/profile/seller", "tagline", "Signs in ink"), http.StatusSeeOther, "")
	return b
}

// aGig is what the editor sends, with changes as name, value.
func (h *house) aGig(change ...string) []string {
	h.t.Helper()
	c, err := h.market.AddCategory(h.t.Context(), member.House(), "", "", "Signs")
	if err != nil {
		h.t.Fatal(err)
	}
	form := map[string]string{
		"title": "paint a sign", "category": string(c.ID), "description": "In ink and gold leaf.", "do": "save",
		"packages.0.tier": "basic", "packages.0.name": "Small", "packages.0.description": "One sign",
		"packages.0.price": "80", "packages.0.days": "5", "packages.0.revisions": "2",
	}
	for i := 0; i+1 < len(change); i += 2 {
		form[change[i]] = change[i+1]
	}
	var pairs []string
	for name, value := range form {
		pairs = append(pairs, name, value)
	}
	return pairs
}

func TestEditorKeepsWhatWasTyped(t *testing.T) {
	h := newHouse(t, "http://localhost")
	b := h.shop("Mara Holm", "mara@example.com")
	b.wants(b.post("/gigs", h.aGig("do", "publish", "packages.0.price", "eighty", "title", `a "sign" <b>`)...),
		http.StatusUnprocessableEntity, "Type an amount like 80.00.")
	again := b.post("/gigs", h.aGig("do", "add-extras", "packages.0.price", "eighty", "title", `a "sign" <b>`)...)
	b.wants(again, http.StatusOK, "extras.0.name")
	for _, want := range []string{`value="eighty"`, `value="a &#34;sign&#34; &lt;b&gt;"`, "In ink and gold leaf."} {
		if !strings.Contains(again.body, want) {
			t.Errorf("%s is gone", want)
		}
	}
	gone := b.post("/gigs", h.aGig("do", "remove-packages.0")...)
	b.wants(gone, http.StatusOK, "add-packages")
	if strings.Contains(gone.body, "packages.0.price") {
		t.Error("the removed package is still there")
	}
	b.wants(b.post("/gigs", h.aGig("do", "remove-packages.99")...), http.StatusSeeOther, "") // no such row: the form is just saved
}

func TestPublishingAndTheWrongPerson(t *testing.T) {
	h := newHouse(t, "http://localhost")
	mara, other, buyer, guest := h.shop("Mara Holm", "mara@example.com"), h.shop("Ivo Lind", "ivo@example.com"), h.browser().join("Ben Okafor", "ben@example.com"), h.browser()
	draft := mara.post("/gigs", h.aGig()...)
	edit := draft.Header.Get("Location")
	at := strings.TrimSuffix(edit, "/edit")
	for who, b := range map[string]*browser{"another seller": other, "guest": guest, "buyer": buyer} {
		if page := b.get(at); page.StatusCode != http.StatusNotFound {
			t.Errorf("%s sees the draft: %d", who, page.StatusCode)
		}
	}
	for _, path := range []string{edit, at + "/delete", "/gigs/gig_00000000000000000000000000/edit"} {
		other.wants(other.get(path), http.StatusNotFound, "")
	}
	other.wants(other.post(at, h.aGig("title", "mine now")...), http.StatusNotFound, "")
	other.wants(other.post(at+"/move", "move", "delete"), http.StatusNotFound, "")
	if to := buyer.get("/gigs/new"); to.StatusCode != http.StatusSeeOther || to.Header.Get("Location") != "/profile/seller" {
		t.Errorf("a buyer is led to %s", to.Header.Get("Location"))
	}
	buyer.wants(buyer.get("/profile/seller"), http.StatusOK, "Selling asks for a seller profile.")
	public := mara.post(at, h.aGig("do", "publish")...)
	page := public.Header.Get("Location")
	guest.wants(guest.get(page), http.StatusOK, "See the price and the terms")
	other.wants(other.post(at+"/move", "move", "pause"), http.StatusForbidden, "")
	guest.wants(guest.get("/search?q=paint+si"), http.StatusOK, page)
	guest.wants(guest.get("/browse/signs"), http.StatusOK, page)
	guest.wants(guest.get("/members/mara-holm"), http.StatusOK, page)
	mara.wants(mara.post(at+"/move", "move", string(gig.MoveDelete)), http.StatusSeeOther, "")
	guest.wants(guest.get(page), http.StatusNotFound, "")
}

// values are what the editor's page would send again.
func values(t *testing.T, body, name string) string {
	t.Helper()
	_, after, found := strings.Cut(body, `name="`+name+`"`)
	tag, _, closed := strings.Cut(after, ">")
	_, value, valued := strings.Cut(tag, `value="`)
	if !found || !closed || !valued {
		t.Fatalf("no field %s", name)
	}
	value, _, _ = strings.Cut(value, `"`)
	return value
}

func TestRefusedPublishingMakesOneDraft(t *testing.T) {
	h := newHouse(t, "http://localhost")
	mara := h.shop("Mara Holm", "mara@example.com")
	refused := mara.post("/gigs", h.aGig("do", "publish", "description", "Ink.")...)
	mara.wants(refused, http.StatusUnprocessableEntity, "Describe your service")
	_, action, _ := strings.Cut(mainOf(refused.body), `action="`)
	action, _, _ = strings.Cut(action, `"`)
	if !strings.HasPrefix(action, "/gigs/gig_") {
		t.Fatalf("the form of the draft that was made goes to %s", action)
	}
	mara.wants(mara.post(action, h.aGig("do", "publish", "version", values(t, refused.body, "version"))...), http.StatusSeeOther, "/gigs/paint-a-sign")
	mara.wants(mara.get("/gigs?state=draft"), http.StatusOK, "Gigs that you have saved and not published")
}

func TestTwoWindowsLoseNothing(t *testing.T) {
	h := newHouse(t, "http://localhost")
	mara := h.shop("Mara Holm", "mara@example.com")
	edit := mara.post("/gigs", h.aGig()...).Header.Get("Location")
	at := strings.TrimSuffix(edit, "/edit")
	mara.wants(mara.post(at, h.aGig("version", "1", "title", "paint a big sign")...), http.StatusSeeOther, edit)
	late := mara.post(at, h.aGig("version", "1", "description", "What took an hour to write.")...)
	mara.wants(late, http.StatusConflict, "What took an hour to write.")
	mara.wants(late, http.StatusConflict, "changed in another window")
	mara.wants(mara.get(edit), http.StatusOK, "paint a big sign")
	mara.wants(mara.post(at, h.aGig("version", values(t, late.body, "version"), "description", "What took an hour to write.")...), http.StatusSeeOther, edit)
	mara.wants(mara.get(edit), http.StatusOK, "What took an hour to write.")

	first := h.aGig("idempotency_key", "the-key-of-one-form", "title", "carve a sign")
	mara.wants(mara.post("/gigs", first...), http.StatusSeeOther, "")
	back := mara.post("/gigs", h.aGig("idempotency_key", "the-key-of-one-form", "title", "carve a sign", "description", "Gone back to, and on.")...)
	mara.wants(back, http.StatusConflict, "Gone back to, and on.")
}

func TestEditorKeepsChoicesWithCommas(t *testing.T) {
	h := newHouse(t, "http://localhost")
	mara := h.shop("Mara Holm", "mara@example.com")
	asks := []string{"questions.0.kind", "choice", "questions.0.text", "Framed?", "questions.0.choices", "Yes, in oak\r\nNo, thanks\r\n"}
	page := mara.post("/gigs", h.aGig(append(asks, "do", "publish")...)...).Header.Get("Location")
	mara.wants(mara.get(page), http.StatusOK, "Yes, in oak")
	g, err := h.market.GigPage(t.Context(), member.Guest(), strings.TrimPrefix(page, "/gigs/"))
	if err != nil || len(g.Gig.Questions[0].Choices) != 2 {
		t.Fatalf("choices %+v, %v", g.Gig.Questions, err)
	}
	mara.wants(mara.get("/gigs/"+string(g.Gig.ID)+"/edit"), http.StatusOK, "Yes, in oak\nNo, thanks")
	mara.wants(mara.post("/gigs/"+string(g.Gig.ID), h.aGig("tags", "signs, "+strings.Repeat("a", 31))...), http.StatusUnprocessableEntity, "f-tags-error")
}

// TestQuestionsThatNobodyMustAnswer: an order starts without them, and the pages
// before it do not say otherwise.
func TestQuestionsThatNobodyMustAnswer(t *testing.T) {
	h := newHouse(t, "http://localhost")
	mara, ben := h.shop("Mara Holm", "mara@example.com"), h.browser().join("Ben Okafor", "ben@example.com")
	for _, c := range []struct{ required, gig, checkout string }{
		{"on", "The clock starts when you have answered", "before work starts"},
		{"", "Work starts as soon as you have paid", "work starts at once"},
	} {
		page := mara.post("/gigs", h.aGig("do", "publish", "questions.0.kind", "text", "questions.0.text", "Which wood?", "questions.0.required", c.required)...).Header.Get("Location")
		ben.wants(ben.get(page), http.StatusOK, c.gig)
		g, err := h.market.GigPage(t.Context(), member.Guest(), strings.TrimPrefix(page, "/gigs/"))
		if err != nil {
			t.Fatal(err)
		}
		checkout := ben.get("/checkout?gig=" + string(g.Gig.ID) + "&tier=basic&quantity=1")
		ben.wants(checkout, http.StatusOK, c.checkout)
		if asks := strings.Contains(checkout.body, "asks you"); asks != (c.required != "") {
			t.Errorf("required %q: the checkout says that it asks: %t", c.required, asks)
		}
	}
}
