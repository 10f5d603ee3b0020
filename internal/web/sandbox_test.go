package web_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/front"
	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/money"
	"guildhall/internal/pay"
	"guildhall/internal/store/storetest"
	"guildhall/internal/web"
)

// bank is the pages of the play provider behind a real server.
type bank struct {
	t *testing.T
	*httptest.Server
	market  *market.Market
	sandbox *pay.Sandbox
	client  *http.Client
}

func openBank(t *testing.T, mine func(*web.Parts)) *bank {
	t.Helper()
	s := storetest.SQLite(t)
	b := &bank{t: t, sandbox: pay.NewSandbox(s, time.Now, []byte("a secret"), 0)}
	m := market.New(market.Parts{Store: s, Pay: b.sandbox})
	b.market = m
	if err := m.Prepare(t.Context()); err != nil {
		t.Fatal(err)
	}
	quiet := slog.New(slog.DiscardHandler)
	f := front.New(front.Parts{Market: m, Log: quiet})
	parts := web.Parts{Market: m, Front: f, Log: quiet, Sandbox: b.sandbox}
	if mine != nil {
		mine(&parts)
	}
	w := web.New(parts)
	b.Server = httptest.NewServer(f.Wrap(w, w.Fail))
	t.Cleanup(b.Close)
	b.client = b.Client()
	b.client.Jar, _ = cookiejar.New(nil)
	b.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return b
}

// signIn makes somebody and lets them in.
func (b *bank) signIn(email string, operator bool) {
	b.t.Helper()
	hash, err := b.market.HashPassword(b.t.Context(), "three plain words")
	if err == nil {
		_, err = b.market.SignUp(b.t.Context(), market.SignUp{
			Application: member.Application{Name: "Olga Petrova", Email: email, Zone: "UTC"}, Hash: hash, Operator: operator,
		})
	}
	if err != nil {
		b.t.Fatal(err)
	}
	b.want(303, send(b.t, "/logout", ""))
	b.want(303, send(b.t, "/login", url.Values{"email": {email}, "password": {"three plain words"}}.Encode()))
}

func (b *bank) charge(number string) pay.Outcome {
	b.t.Helper()
	out, err := b.sandbox.Charge(b.t.Context(), pay.Charge{
		Payment: "payment_1", Amount: money.Of(8050, "USD"), About: "Guildhall order G7K2M4", Back: "/orders/order_1",
		Card: pay.Card{Number: number, Expiry: time.Now().AddDate(1, 0, 0).Format("01/06"), CVC: "123"},
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return out
}

// want makes a request, checks its status and that words stand in the answer.
func (b *bank) want(status int, r *http.Request, words ...string) *http.Response {
	b.t.Helper()
	r.URL.Scheme, r.URL.Host = "http", b.Listener.Addr().String()
	answer, err := b.client.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != status {
		b.t.Errorf("%s %s: %s, want %d; %v\n%s", r.Method, r.URL.Path, answer.Status, status, err, body)
	}
	for _, w := range words {
		if !strings.Contains(string(body), w) {
			b.t.Errorf("%s %s: %q is missing in\n%s", r.Method, r.URL.Path, w, body)
		}
	}
	return answer
}

func ask(t *testing.T, path string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func send(t *testing.T, path, form string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, path, strings.NewReader(form))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

func TestSecondStep(t *testing.T) {
	for answer, test := range map[string]struct {
		state pay.State
		words string
	}{
		"approve": {pay.Succeeded, "You approved this payment already."},
		"refuse":  {pay.Declined, "This payment was not approved and nothing was charged."},
	} {
		t.Run(answer, func(t *testing.T) {
			b := openBank(t, nil)
			step := b.charge("4000 0025 0000 3155").Step
			b.want(200, ask(t, step), "Your bank asks", "Guildhall order G7K2M4", "$80.50", "Visa ending 3155", "Approve paying $80.50")
			b.want(422, send(t, step, ""))
			b.want(422, send(t, step, "answer=maybe"))
			for range 2 {
				if got := b.want(303, send(t, step, "answer="+answer)).Header.Get("Location"); got != "/orders/order_1" {
					t.Errorf("leads to %q", got)
				}
			}
			b.want(200, ask(t, step), test.words, `href="/orders/order_1"`)
			if out, err := b.sandbox.Lookup(t.Context(), "payment_1"); err != nil || out.State != test.state {
				t.Errorf("the payment is %s, %v", out.State, err)
			}
			b.want(404, ask(t, step+"0"))
			b.want(404, send(t, pay.StepPath+"payment_1.0", "answer=approve"))
		})
	}
}

func TestProviderTellsItsNews(t *testing.T) {
	b := openBank(t, nil)
	b.charge("4242 4242 4242 4242")
	b.client.Jar = nil
	heard := 0
	err := b.sandbox.Deliver(t.Context(), func(_ context.Context, h http.Header, body []byte) error {
		hear := func(status int, change func(*http.Request), body string) {
			r := send(t, "/webhooks/sandbox", body)
			r.Header = h.Clone()
			change(r)
			if cookie := b.want(status, r).Header.Get("Set-Cookie"); cookie != "" {
				t.Errorf("the provider got a cookie: %s", cookie)
			}
			heard++
		}
		honest := func(*http.Request) {}
		hear(404, honest, string(body)) // signed well, but the payment is nobody's here: it will be told again
		hear(403, honest, strings.Replace(string(body), "8050", "9050", 1))
		hear(403, honest, "")
		hear(403, func(r *http.Request) { r.Header.Del("webhook-signature") }, string(body))
		for range 130 { // news come as fast as payments do, and no measure of guests holds them up
			hear(403, honest, "")
		}
		heard -= 130
		hear(413, honest, strings.Repeat("x", 64<<10+1))
		return nil
	})
	if err != nil || heard != 5 {
		t.Errorf("heard %d, %v", heard, err)
	}
	b.want(405, ask(t, "/webhooks/sandbox"))
}

func TestSandboxStatementIsForOperators(t *testing.T) {
	b := openBank(t, nil)
	at := b.want(303, ask(t, "/operator/sandbox")).Header.Get("Location")
	if u, err := url.Parse(at); err != nil || u.Path != "/login" {
		t.Errorf("a guest is led to %q", at)
	}
	b.signIn("member@example.com", false)
	b.want(404, ask(t, "/operator/sandbox"))
	b.signIn("operator@example.com", true)
	b.want(200, ask(t, "/operator/sandbox"), "Nothing has moved yet", "4242 4242 4242 4242", "Pays at once.")
	ref := b.charge("4242 4242 4242 4242").Ref
	if _, err := b.sandbox.Refund(t.Context(), pay.Refund{Payment: "payment_1", Ref: ref, Amount: money.Of(1050, "USD")}); err != nil {
		t.Fatal(err)
	}
	b.want(200, ask(t, "/operator/sandbox"), "Charge", "$80.50", "Refund", "−$10.50", "$70.00", ref)
	b.want(422, ask(t, "/operator/sandbox?before=nonsense"))
}

func TestNoSandboxNoPages(t *testing.T) {
	b := openBank(t, func(p *web.Parts) { p.Sandbox = nil })
	step := b.charge("4000 0025 0000 3155").Step
	b.want(404, ask(t, step))
	b.want(404, send(t, step, "answer=approve"))
	if out, err := b.sandbox.Lookup(t.Context(), "payment_1"); err != nil || out.State != pay.NeedsStep {
		t.Errorf("the payment is %s, %v", out.State, fault.KindOf(err))
	}
}
