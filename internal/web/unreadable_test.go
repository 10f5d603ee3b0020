package web_test

import (
	"encoding/base64"
	"net/http"
	"testing"

	"guildhall/internal/store"
	"guildhall/internal/store/storetest"
)

// TestUnreadableTextIsNobodysFault: what neither engine can keep is refused
// before it reaches one, wherever it stands in a request.
func TestUnreadableTextIsNobodysFault(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newHouseOn(t, "http://localhost", s)
		b := h.browser().join("Mara Holm", "mara@example.com")
		b.wants(b.post("/profile/seller", "tagline", "I letter shop fronts"), 303, "")
		for _, spoilt := range []string{"%00", "%FF"} {
			for _, path := range []string{
				"/orders/a" + spoilt, "/orders/a" + spoilt + "/accept", "/offers/a" + spoilt, "/files/a" + spoilt, "/messages/a" + spoilt, "/desk/a" + spoilt,
				"/sales?q=a" + spoilt, "/purchases?q=a" + spoilt, "/search?q=a" + spoilt, "/checkout?gig=a" + spoilt, "/sales?tab=cancelled&q=" + spoilt,
				"/statement?after=" + base64.RawURLEncoding.EncodeToString([]byte("1\nmember"+map[string]string{"%00": "\x00", "%FF": "\xff"}[spoilt]+"\n1")),
				"/withdraw?after=" + base64.RawURLEncoding.EncodeToString([]byte("a"+map[string]string{"%00": "\x00", "%FF": "\xff"}[spoilt])),
			} {
				if a := b.get(path); a.StatusCode >= http.StatusInternalServerError {
					t.Errorf("GET %s: %d", path, a.StatusCode)
				}
			}
			raw := map[string]string{"%00": "a\x00b", "%FF": "a\xffb"}[spoilt]
			for path, fields := range map[string][]string{
				"/withdraw":       {"amount", raw, "account", raw, "idempotency_key", raw},
				"/profile":        {"name", raw, "about", raw, "zone", "UTC"},
				"/login":          {"email", raw + "@example.com", "password", raw},
				"/cases":          {"kind", "other", "text", raw + " and more words", "about", raw, "id", raw, "idempotency_key", raw},
				"/messages":       {"to", raw, "text", raw},
				"/forgot":         {"email", raw + "@example.com"},
				"/reset":          {"token", raw, "password", "four plain words"},
				"/profile/seller": {"tagline", raw, "skills", raw},
				"/profile/tokens": {"name", raw, "scopes", raw, "password", raw},
				"/help/money":     {"answer", raw},
				"/verify":         {"record", raw},
				"/standing/share": {"for", raw},
				"/gigs":           {"title", raw, "description", raw, "category", raw},
				"/offers":         {"to", raw, "gig", raw, "title", raw},
				"/orders/order_00000000000000000000000000/accept": {"digest", raw, "idempotency_key", raw},
			} {
				if a := b.post(path, fields...); a.StatusCode >= http.StatusInternalServerError {
					t.Errorf("POST %s with %q: %d", path, raw, a.StatusCode)
				}
			}
		}
		if t.Failed() {
			t.Log(h.logged())
		}
	})
}
