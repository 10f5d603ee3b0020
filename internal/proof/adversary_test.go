package proof_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"guildhall/client"
	"guildhall/internal/app"
)

// crooked is a town that somebody tries to cheat.
type crooked struct {
	town
	app  *app.App
	addr string
	url  string
}

func crookedTown(t *testing.T) crooked {
	t.Helper()
	town := found(t, t.TempDir(), "", 3)
	a, err := app.Open(t.Context(), app.Config{Data: town.data, Listen: "127.0.0.1:0", Log: quiet})
	must(t, err)
	must(t, a.Listen(t.Context()))
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- a.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		must(t, <-done)
		must(t, a.Close())
	})
	return crooked{town, a, strings.TrimPrefix(a.URL(), "http://"), a.URL()}
}

// TestAdversaries does what no honest client does.
func TestAdversaries(t *testing.T) {
	t.Parallel()
	c := crookedTown(t)
	for name, try := range map[string]func(*testing.T){
		"an edited price": c.editedPrice, "a guessed id": c.guessedIDs, "a file by its bare address": c.bareFile,
		"a giant body": c.giantBody, "slow clients": c.slowClients, "a key of somebody else": c.othersKey,
		"a stored script": c.storedScript, "other money": c.otherMoney,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			try(t)
		})
	}
}

// send is a request as it stands; a problem's name is taken out of the answer,
// so that answers can be compared.
func (c crooked) send(t *testing.T, method, path, token string, body any, header ...string) (int, string, http.Header) {
	t.Helper()
	var src io.Reader = http.NoBody
	if body != nil {
		text, err := json.Marshal(body)
		must(t, err)
		src = bytes.NewReader(text)
	}
	req, err := http.NewRequestWithContext(t.Context(), method, c.url+path, src)
	must(t, err)
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	req.Header.Set("Content-Type", "application/json")
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := line.Transport.RoundTrip(req) // to be sent elsewhere is an answer, too
	must(t, err)
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	must(t, err)
	answer := string(text)
	var problem map[string]any
	if json.Unmarshal(text, &problem) == nil && problem["instance"] != nil {
		delete(problem, "instance")
		plain, err := json.Marshal(problem)
		must(t, err)
		answer = string(plain)
	}
	return res.StatusCode, answer, res.Header
}

// refused wants a problem of a status.
func refused(t *testing.T, what string, err error, status int) {
	t.Helper()
	p, ok := err.(*client.Problem) //nolint:errorlint // the client returns it bare
	if !ok || p.Status != status {
		t.Errorf("%s: %v, want %d", what, err, status)
	}
}

func (c crooked) editedPrice(t *testing.T) {
	buyer := c.buyers[0].at(c.url)
	before := length(t, buyer.Spendings(t.Context()))
	for what, edit := range map[string]func(*client.NewOrder){
		"a cent":           func(o *client.NewOrder) { o.Shown = usd(1) },
		"nothing":          func(o *client.NewOrder) { o.Shown = usd(0) },
		"less than that":   func(o *client.NewOrder) { o.Shown = usd(-price) },
		"other money":      func(o *client.NewOrder) { o.Shown.Currency = "JPY" },
		"one for two":      func(o *client.NewOrder) { o.Pick.Quantity = 2 },
		"none at all":      func(o *client.NewOrder) { o.Pick.Quantity = 0 },
		"minus one":        func(o *client.NewOrder) { o.Pick.Quantity = -1 },
		"more than exist":  func(o *client.NewOrder) { o.Pick.Quantity = 1 << 40; o.Shown = usd(1) },
		"no such package":  func(o *client.NewOrder) { o.Pick.Tier = "premium" },
		"no such extra":    func(o *client.NewOrder) { o.Pick.Extras = []string{"free"} },
		"a gig of nobody":  func(o *client.NewOrder) { o.Gig = "gig_" + strings.Repeat("0", 26) },
		"one's own answer": func(o *client.NewOrder) { o.Gig = string(c.fortune.ID) },
	} {
		in := mapOf(c.gig, visa)
		edit(&in)
		p, err := buyer.PlaceOrder(t.Context(), in)
		if problem, ok := err.(*client.Problem); !ok || problem.Status < 400 || problem.Status >= 500 { //nolint:errorlint // returned bare
			t.Errorf("%s: %+v %v", what, p, err)
		}
	}
	if after := length(t, buyer.Spendings(t.Context())); after != before {
		t.Errorf("%d payments were taken", after-before)
	}
}

func (c crooked) otherMoney(t *testing.T) {
	_, err := c.seller.at(c.url).Withdraw(t.Context(), client.Money{Minor: 2500, Currency: "KWD"}, account)
	refused(t, "a withdrawal in other money", err, http.StatusUnprocessableEntity)
	_, err = c.seller.at(c.url).Withdraw(t.Context(), usd(-2500), account)
	refused(t, "a negative withdrawal", err, http.StatusUnprocessableEntity)
	_, err = c.buyers[0].at(c.url).Withdraw(t.Context(), usd(2500), account)
	refused(t, "a buyer's withdrawal", err, http.StatusForbidden)
}

// guessedIDs: a thing of others and a thing that does not exist look alike.
func (c crooked) guessedIDs(t *testing.T) {
	buyer, thief := c.buyers[0].at(c.url), c.buyers[1]
	p, err := buyer.PlaceOrder(t.Context(), mapOf(c.gig, visa))
	must(t, err)
	f, err := buyer.Upload(t.Context(), client.ForOrder, "brief.txt", strings.NewReader("secret"))
	must(t, err)
	token, err := c.app.Market.Tokens(t.Context(), c.buyers[0].Actor())
	must(t, err)
	draft, err := c.seller.at(c.url).CreateGig(t.Context(), client.GigBody{Title: "A secret plan", Packages: []client.Package{}})
	must(t, err)
	nothing := strings.Repeat("0", 26)
	moves := map[string]any{
		"undo": nil, "waive": nil, "accept": nil, "cancel-late": nil, "cancel-stale": nil, "extend-review": nil,
		"requirements": map[string]any{"answers": []any{}}, "deliver": map[string]any{"text": "x"}, "progress": map[string]any{"text": "x"},
		"delay": map[string]any{"reason": "x"}, "comments": map[string]any{"on": 1, "text": "x"}, "revision": map[string]any{"text": "x"},
		"payments": map[string]any{"card": card(visa)},
	}
	type guess struct {
		method, path, own, none string
		body                    any
	}
	guesses := []guess{
		{"GET", "/api/v1/orders/%s", p.Order, "order_" + nothing, nil},
		{"GET", "/api/v1/payments/%s", p.Payment, "payment_" + nothing, nil},
		{"GET", "/api/v1/files/%s", f.ID, "file_" + nothing, nil},
		{"GET", "/api/v1/gigs/%s", draft.ID, "gig_" + nothing, nil},
		{"POST", "/api/v1/gigs/%s/publish", draft.ID, "gig_" + nothing, nil},
		{"DELETE", "/api/v1/tokens/%s", string(token[0].ID), "token_" + nothing, nil},
		{"GET", "/orders/%s", p.Order, "order_" + nothing, nil},
	}
	for move, body := range moves {
		guesses = append(guesses, guess{"POST", "/api/v1/orders/%s/" + move, p.Order, "order_" + nothing, body})
	}
	for _, g := range guesses {
		own, ownBody, _ := c.send(t, g.method, fmt.Sprintf(g.path, g.own), thief.token, g.body)
		none, noneBody, _ := c.send(t, g.method, fmt.Sprintf(g.path, g.none), thief.token, g.body)
		if strings.HasPrefix(g.path, "/orders/") { // a page prints its own address
			ownBody, noneBody = strings.ReplaceAll(ownBody, g.own, "…"), strings.ReplaceAll(noneBody, g.none, "…")
			ownBody, noneBody = nonces(ownBody), nonces(noneBody)
		}
		if own != none || own < 400 || ownBody != noneBody {
			t.Errorf("%s %s: of others %d %.200s, missing %d %.200s", g.method, g.path, own, ownBody, none, noneBody)
		}
	}
}

// nonces takes out of a page the name of the request, which is new each time.
func nonces(page string) string {
	at := strings.Index(page, "<main")
	if at < 0 {
		return page
	}
	end := strings.Index(page[at:], "</main>")
	if end < 0 {
		return page
	}
	return page[at : at+end]
}

func (c crooked) bareFile(t *testing.T) {
	owner := c.buyers[0].at(c.url)
	f, err := owner.Upload(t.Context(), client.ForOrder, "brief.html", strings.NewReader("<script>alert(1)</script>"))
	must(t, err)
	for who, token := range map[string]string{"a guest": "", "a stranger": c.buyers[2].token, "the seller, before it is sent": c.seller.token} {
		for _, path := range []string{"/api/v1/files/" + f.ID, "/files/" + f.ID, "/pictures/" + f.ID + "/card", "/files/" + f.SHA256} {
			if status, body, _ := c.send(t, http.MethodGet, path, token, nil); status != http.StatusNotFound && status != http.StatusUnauthorized && status != http.StatusSeeOther || strings.Contains(body, "alert") {
				t.Errorf("%s reads %s: %d", who, path, status)
			}
		}
	}
	status, body, header := c.send(t, http.MethodGet, "/api/v1/files/"+f.ID, c.buyers[0].token, nil)
	if status != http.StatusOK || !strings.Contains(body, "alert") {
		t.Errorf("the owner reads %d %s", status, body)
	}
	if !strings.HasPrefix(header.Get("Content-Disposition"), "attachment") || header.Get("X-Content-Type-Options") != "nosniff" || header.Get("Content-Type") != "application/octet-stream" {
		t.Errorf("it is served so that a browser may run it: %v", header)
	}
}

func (c crooked) giantBody(t *testing.T) {
	buyer := c.buyers[1]
	status, _, _ := c.send(t, http.MethodPost, "/api/v1/checkout", buyer.token, map[string]string{"gig": strings.Repeat("x", 20<<20)})
	if status != http.StatusRequestEntityTooLarge {
		t.Errorf("20 MB of JSON: %d", status)
	}
	_, err := buyer.at(c.url).Upload(t.Context(), client.ForOrder, "giant.bin", io.LimitReader(zeros{}, 11<<20))
	if p, ok := err.(*client.Problem); !ok || p.Status != http.StatusUnprocessableEntity && p.Status != http.StatusRequestEntityTooLarge { //nolint:errorlint // returned bare
		t.Errorf("a file of 11 MB: %v", err)
	}
	status, _, _ = c.send(t, http.MethodGet, "/api/v1/me", buyer.token, nil, "X-Long", strings.Repeat("x", 64<<10))
	if status != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("64 KB of headers: %d", status)
	}
	deep := strings.Repeat(`{"a":`, 5000) + "1" + strings.Repeat("}", 5000)
	status, _, _ = c.send(t, http.MethodPost, "/api/v1/checkout", buyer.token, json.RawMessage(deep))
	if status < 400 || status >= 500 {
		t.Errorf("JSON five thousand deep: %d", status)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// slowClients: many who never finish their first line keep nobody else waiting,
// and are sent away.
func (c crooked) slowClients(t *testing.T) {
	conns := make([]net.Conn, 300)
	for i := range conns {
		conn, err := net.Dial("tcp", c.addr)
		must(t, err)
		defer func() { _ = conn.Close() }()
		_, err = conn.Write([]byte("GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "))
		must(t, err)
		conns[i] = conn
	}
	began := time.Now()
	if status, _, _ := c.send(t, http.MethodGet, "/api/v1/me", c.buyers[0].token, nil); status != http.StatusOK {
		t.Errorf("an honest caller meanwhile: %d", status)
	}
	must(t, conns[0].SetReadDeadline(began.Add(time.Minute)))
	_, err := io.Copy(io.Discard, conns[0])
	if took := time.Since(began); err != nil || took < 5*time.Second || took > 30*time.Second {
		t.Errorf("a slow client is sent away after %s (%v)", took, err)
	}
}

// othersKey: a key belongs to an account and to one request.
func (c crooked) othersKey(t *testing.T) {
	ctx := client.WithKey(t.Context(), "a-popular-key")
	one, err := c.buyers[0].at(c.url).PlaceOrder(ctx, mapOf(c.gig, visa))
	must(t, err)
	two, err := c.buyers[1].at(c.url).PlaceOrder(ctx, mapOf(c.gig, visa))
	must(t, err)
	again, err := c.buyers[0].at(c.url).PlaceOrder(ctx, mapOf(c.gig, visa))
	must(t, err)
	if one.Order == two.Order || one.Order != again.Order {
		t.Errorf("orders %s, %s and %s", one.Order, two.Order, again.Order)
	}
	other := mapOf(c.gig, visa)
	other.Pick.Quantity, other.Shown = 2, usd(2*price)
	_, err = c.buyers[0].at(c.url).PlaceOrder(ctx, other)
	refused(t, "the key for another order", err, http.StatusConflict)
	_, err = c.buyers[0].at(c.url).Undo(ctx, one.Order)
	refused(t, "the key for another thing", err, http.StatusConflict)
	if o, err := c.buyers[0].at(c.url).Order(t.Context(), one.Order); err != nil || o.State != "awaiting_requirements" {
		t.Errorf("%s %v", o.State, err)
	}
}

// payloads are scripts in the ways that they are smuggled in.
var payloads = []string{
	`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `'-alert(1)-'`, `</title><svg onload=alert(1)>`, `{{7*7}}<b>`,
}

func (c crooked) storedScript(t *testing.T) {
	ctx := t.Context()
	for i, payload := range payloads {
		smith := settle(t, c.app, "Smith "+payload)
		seller, buyer := smith.at(c.url), c.buyers[2].at(c.url)
		_, err := seller.OpenShop(ctx, "I say "+payload, "maps "+payload)
		must(t, err)
		g, err := seller.CreateGig(ctx, client.GigBody{
			Title: fmt.Sprintf("Map no %d %s", i, payload), Description: "Drawn " + payload + " on paper by hand", Category: string(c.gig.Category),
			Packages:  []client.Package{{Tier: "basic", Name: "N " + payload, Description: "D " + payload, Price: usd(price), Days: 3, Revisions: 1}},
			Questions: []client.Question{{Kind: "text", Text: "Q " + payload, Required: true}}, FAQ: []client.FAQ{{Question: "F " + payload, Answer: "A " + payload}},
		})
		must(t, err)
		g, err = seller.PublishGig(ctx, g.ID)
		must(t, err)
		p, err := buyer.PlaceOrder(ctx, client.NewOrder{Gig: g.ID, Pick: client.Pick{Tier: "basic", Quantity: 1}, Shown: usd(price), Again: true, Card: card(visa)})
		must(t, err)
		o, err := buyer.Order(ctx, p.Order)
		must(t, err)
		_, err = buyer.Submit(ctx, p.Order, client.Answer{Question: o.Agreement.Questions[0].Key, Text: "T " + payload})
		must(t, err)
		f, err := seller.Upload(ctx, client.ForOrder, "file "+payload+".txt", strings.NewReader(payload))
		must(t, err)
		_, err = seller.Deliver(ctx, p.Order, client.Post{Text: "Done " + payload, Files: []string{f.ID}})
		must(t, err)
		me, err := seller.Me(ctx)
		must(t, err)
		for _, path := range []string{"/gigs/" + g.Slug, "/members/" + me.Handle, "/orders/" + p.Order, "/purchases", "/search?q=" + url.QueryEscape("Map "+payload)} {
			c.inert(t, path, payload, c.buyers[2].token)
		}
		for _, path := range []string{"/api/v1/orders/" + p.Order, "/api/v1/gigs/" + g.ID} {
			status, _, header := c.send(t, http.MethodGet, path, c.buyers[2].token, nil)
			if status != http.StatusOK || !strings.HasPrefix(header.Get("Content-Type"), "application/json") || header.Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("%s: %d %v", path, status, header)
			}
		}
	}
}

// inert wants a page that was shown and holds the payload only as text.
func (c crooked) inert(t *testing.T, path, payload, token string) {
	t.Helper()
	status, page, header := c.send(t, http.MethodGet, path, token, nil, "Accept", "text/html")
	if status != http.StatusOK || !strings.Contains(page, "</main>") {
		t.Errorf("%s: %d", path, status)
	}
	if strings.ContainsAny(payload, "<>") && strings.Contains(page, payload) {
		t.Errorf("%s carries %s as it was written", path, payload)
	}
	if policy := header.Get("Content-Security-Policy"); policy == "" || strings.Contains(policy, "unsafe-inline") {
		t.Errorf("%s has the policy %q", path, policy)
	}
}
