package web_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"guildhall/internal/mail"
	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/store"
	"guildhall/internal/store/storetest"
)

// TestANewPasswordEndsTokens: both pages say so before it is done and after it.
func TestANewPasswordEndsTokens(t *testing.T) {
	h := newHouse(t, "http://guild.example")
	b := h.browser().join("Ada", "ada@example.com")
	b.wants(b.get("/profile/password"), 200, "every API token ends")
	b.wants(b.post("/profile/tokens", "name", "script", "scopes", "read"), 201, "gh_")
	b.wants(b.post("/profile/password", "old", password, "password", "an entirely new one"), 303, "/profile")
	b.wants(b.get("/profile"), 200, "every API token has ended")
	b.wants(b.get("/profile/tokens"), 200, "Revoked ")
	who, err := h.market.SignIn(t.Context(), "ada@example.com", "an entirely new one")
	if err != nil {
		t.Fatal(err)
	}
	letters := make(chan mail.Message, 1)
	keep := mail.NewOutbox(func(_ context.Context, m mail.Message) error { letters <- m; return nil })
	post := market.New(market.Parts{Store: h.store, Mail: keep})
	if err := errors.Join(post.Prepare(t.Context()), post.SendReset(t.Context(), who.ID)); err != nil {
		t.Fatal(err)
	}
	link := regexp.MustCompile(`/reset\?token=([0-9a-f]{64})`).FindStringSubmatch((<-letters).Text)
	guest := h.browser()
	guest.wants(guest.get(link[0]), 200, "every API token ends")
	guest.wants(guest.post("/reset", "token", link[1], "password", "and another new one"), 303, "/")
	guest.wants(guest.get("/"), 200, "every API token has ended")
}

// TestAnEndedSessionMakesNoToken: whoever holds a form back until the owner has
// chosen another password gets no token for it.
func TestAnEndedSessionMakesNoToken(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newHouseOn(t, "http://guild.example", s)
		thief, owner := h.browser().join("Ada", "ada@example.com"), h.browser()
		owner.wants(owner.post("/login", "email", "ada@example.com", "password", password), 303, "/")
		a := thief.slowly("/profile/tokens", "scopes=read&name="+strings.Repeat("x", 40), func() {
			owner.wants(owner.post("/profile/password", "old", password, "password", "an entirely new one"), 303, "/profile")
		})
		thief.wants(a, 401, "Sign in")
		owner.wants(owner.get("/profile/tokens"), 200, "No tokens yet")
	})
}

// TestALineAsksForFewTopics: too many are refused before the first is looked at.
func TestALineAsksForFewTopics(t *testing.T) {
	h := newHouse(t, "http://guild.example")
	b := h.browser().join("Ada", "ada@example.com")
	b.wants(b.get("/live?topic=order_x"+strings.Repeat("&topic=order_x", 20)), 422, "")
	b.wants(b.get("/live?topic=order_x"), 404, "")
}

// TestGuestsCannotFloodTheHouse: what guests send is bounded for their network
// before it is read; members are not held up by it, and pages are shown all the
// same.
func TestGuestsCannotFloodTheHouse(t *testing.T) {
	h := newHouse(t, "http://guild.example")
	guest, ada := h.browser(), h.browser().join("Ada", "ada@example.com")
	status := 0
	for n := 0; n < 400 && status != http.StatusTooManyRequests; n++ {
		guest.Jar = nil // each time as somebody who has not voted
		status = guest.post("/help/tokens", "answered", "no").StatusCode
	}
	if status != http.StatusTooManyRequests {
		t.Fatalf("a guest voted 400 times: %d", status)
	}
	guest.wants(guest.post("/help/tokens", "answered", "yes"), 429, "too often")
	guest.wants(guest.get("/help/tokens"), 200, "API tokens")
	ada.wants(ada.post("/help/tokens", "answered", "yes"), 303, "/help/tokens")
}

// TestComingInWhileThePasswordChanges: the refusal is the answer, and nothing
// else is in it, since a session is written before anything else.
func TestComingInWhileThePasswordChanges(t *testing.T) {
	h := newHouse(t, "http://guild.example")
	h.browser().join("Ada", "ada@example.com")
	stranger, err := h.market.SignIn(t.Context(), "ada@example.com", password)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.market.ChangePassword(t.Context(), stranger.Actor(), password, "another plain password"); err != nil {
		t.Fatal(err)
	}
	fail := func(w http.ResponseWriter, _ *http.Request, err error) {
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = io.WriteString(w, err.Error()) // read below
	}
	door := h.front.Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := h.front.SignIn(r.Context(), stranger); err != nil {
			fail(w, r, err)
			return
		}
		_, _ = io.WriteString(w, "Welcome") // must not be
	}), fail)
	w := httptest.NewRecorder()
	door.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil))
	if w.Code != http.StatusUnauthorized || strings.Count(w.Body.String(), "password was changed") != 1 || strings.Contains(w.Body.String(), "Welcome") {
		t.Errorf("answered %d %q", w.Code, w.Body)
	}
	for _, c := range w.Result().Cookies() {
		if c.Value != "" {
			t.Errorf("a session was given: %v", c)
		}
	}
}

// TestTheDoorHearsTheSuspended: whom the house suspends outside a case is told so
// at the door, asks support there, and keeps what they wrote when it is refused.
func TestTheDoorHearsTheSuspended(t *testing.T) {
	h := newHouse(t, "http://guild.example")
	b := h.browser().join("Ada", "ada@example.com")
	ada, err := h.market.SignIn(t.Context(), "ada@example.com", password)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.market.Suspend(t.Context(), member.House(), "", ada.ID, "Three people said so"); err != nil {
		t.Fatal(err)
	}
	const key, door = "idempotency_key", "/login/appeal"
	login := func() answer {
		return b.post("/login", "email", "ada@example.com", "password", password)
	}
	a := login()
	b.wants(a, 403, "Three people said so")
	b.wants(a, 403, "Ask support to look at it")
	a = b.post(door, key, "k1", "email", "ada@example.com", "password", password, "text", "No & no")
	b.wants(a, 422, "Write at least")
	b.wants(a, 422, "No &amp; no")
	b.wants(b.post(door, key, "k1", "email", "ada@example.com", "password", "a guess at it", "text", "I know none of the three."), 422, "do not belong together")
	b.wants(b.post(door, key, "k2", "email", "ada@example.com", "password", password, "text", "I know none of the three."), 303, "/login")
	a = login()
	b.wants(a, 403, "Support looks at it in case #")
	b.wants(a, 403, "Send this to support")
}

// TestRefusedHolidaysKeepTheShop: the form beside it still says what stands there,
// so that saving it next loses nothing.
func TestRefusedHolidaysKeepTheShop(t *testing.T) {
	h := newHouse(t, "http://localhost")
	b := h.browser().join("Mara Holm", "mara@example.com")
	b.wants(b.post("/profile/seller", "tagline", "Signs in ink", "skills", "ink, gold leaf"), http.StatusSeeOther, "")
	refused := b.post("/profile/away", "until", "2020-01-01")
	for _, words := range []string{"Choose a day that is still to come.", `value="2020-01-01"`, `value="Signs in ink"`, `value="ink, gold leaf"`} {
		b.wants(refused, http.StatusUnprocessableEntity, words)
	}
}

// TestAnyZoneStaysChosen: what a browser calls its zone may be none of the list,
// and changing one's name does not move one to another part of the world.
func TestAnyZoneStaysChosen(t *testing.T) {
	h := newHouse(t, "http://localhost")
	b := h.browser()
	refused := b.post("/signup", "name", "Asha Rao", "email", "asha@example", "password", "short", "zone", "Asia/Calcutta")
	b.wants(refused, http.StatusUnprocessableEntity, `value="Asia/Calcutta" selected`)
	b.wants(b.post("/signup", "name", "Asha Rao", "email", "asha@example.com", "password", password, "zone", "Asia/Calcutta"), http.StatusSeeOther, "")
	b.wants(b.get("/profile"), http.StatusOK, `value="Asia/Calcutta" selected`)
}
