package pay_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"guildhall/internal/ident"
	"guildhall/internal/pay"
	"guildhall/internal/store/storetest"
)

func TestMessagesTravelOverHTTP(t *testing.T) {
	p, clock := open(storetest.SQLite(t))
	status, heard := http.StatusServiceUnavailable, ""
	house := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		m, err := p.Verify(r.Header, body)
		if err != nil || r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s %v: %v", r.Method, r.Header, err)
		}
		heard += string(m.Kind) + " "
		w.WriteHeader(status)
	}))
	post := pay.PostTo(house.Client(), house.URL+"/webhooks/sandbox")

	_, err := p.Charge(t.Context(), charge("a", visa, 100))
	must(t, err)
	must(t, p.Deliver(t.Context(), post))
	status = http.StatusNoContent
	clock.advance(5 * time.Second)
	must(t, p.Deliver(t.Context(), post))
	clock.advance(time.Hour)
	must(t, p.Deliver(t.Context(), post))
	if heard != "charge_succeeded charge_succeeded " {
		t.Errorf("heard %q", heard)
	}

	_, err = p.Charge(t.Context(), charge("b", visa, 100))
	must(t, err)
	house.Close()
	must(t, p.Deliver(t.Context(), post))
	if at, err := p.Due(t.Context()); err != nil || !at.After(clock.now()) {
		t.Errorf("after a closed door the next attempt is at %v, %v", at, err)
	}
}

func BenchmarkCharge(b *testing.B) {
	p := pay.NewSandbox(storetest.SQLite(b), nil, []byte(secret), 0)
	in := charge("", visa, 8000)
	in.Card.Expiry = time.Now().AddDate(2, 0, 0).Format("01/06")
	ids := ident.NewSource()
	b.SetParallelism(32)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			mine := in
			mine.Payment = ident.New[ident.Payment](ids, time.Now())
			if _, err := p.Charge(b.Context(), mine); err != nil {
				b.Error(err)
			}
		}
	})
}
