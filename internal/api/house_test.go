package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"guildhall/client"
	"guildhall/internal/api"
	"guildhall/internal/app"
	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/store/storetest"
)

// testHouse is a rehearsal behind the real handler. Every answer that it gives
// under /api/ is held against the description.
type testHouse struct {
	*app.App
	t       testing.TB
	handler http.Handler
	url     string
	spec    *huma.OpenAPI
}

func openHouse(t testing.TB, database string) *testHouse {
	t.Helper()
	a, err := app.Open(t.Context(), app.Config{
		Data: t.TempDir(), Database: database, Rehearse: true, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	parts := api.Parts{Market: a.Market, Front: a.Front, MoveClock: a.MoveClock}
	h := &testHouse{App: a, t: t, spec: api.New(parts).Description()}
	handler := a.Handler()
	h.handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		method, path := r.Method, r.URL.Path
		rec := httptest.NewRecorder()
		handler.ServeHTTP(rec, r)
		h.check(method, path, rec)
		for k, v := range rec.Header() {
			w.Header()[k] = v
		}
		w.WriteHeader(rec.Code)
		_, _ = w.Write(rec.Body.Bytes())
	})
	server := httptest.NewServer(h.handler)
	h.url = server.URL
	t.Cleanup(func() {
		server.Close()
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	return h
}

func sqliteHouse(t testing.TB) *testHouse { return openHouse(t, storetest.SQLitePath(t)) }

// operation finds what the description says about a request.
func (h *testHouse) operation(method, path string) *huma.Operation {
	parts := strings.Split(path, "/")
	var best *huma.Operation
	wild := 99
	for pattern, item := range h.spec.Paths {
		want := strings.Split(pattern, "/")
		if len(want) != len(parts) {
			continue
		}
		fits, n := true, 0
		for i, w := range want {
			if strings.HasPrefix(w, "{") {
				n++
				fits = fits && parts[i] != ""
			} else {
				fits = fits && w == parts[i]
			}
		}
		if op := operationOf(item, method); fits && op != nil && n < wild {
			best, wild = op, n
		}
	}
	return best
}

func operationOf(item *huma.PathItem, method string) *huma.Operation {
	return map[string]*huma.Operation{"GET": item.Get, "POST": item.Post, "PUT": item.Put, "DELETE": item.Delete}[method]
}

// check holds an answer against the description.
func (h *testHouse) check(method, path string, rec *httptest.ResponseRecorder) {
	if !strings.HasPrefix(path, "/api/") || path == "/api/openapi.json" || strings.HasPrefix(path, "/api/docs") {
		return
	}
	bad := func(format string, args ...any) {
		h.t.Errorf("%s %s: %d %s: %s", method, path, rec.Code, rec.Body.String(), fmt.Sprintf(format, args...))
	}
	if rec.Code >= 500 {
		bad("the house failed")
	}
	kind := rec.Header().Get("Content-Type")
	if rec.Code >= 400 && kind != "application/problem+json" {
		bad("a problem of type %q", kind)
	}
	op := h.operation(method, path)
	if op == nil {
		if rec.Code < 400 {
			bad("an answer that is not described")
		}
		return
	}
	described := op.Responses[strconv.Itoa(rec.Code)]
	if described == nil {
		bad("a status that is not described")
		return
	}
	if described.Content == nil {
		if rec.Body.Len() > 0 {
			bad("a body that is not described")
		}
		return
	}
	media := described.Content[kind]
	if media == nil {
		bad("a type that is not described: %q", kind)
		return
	}
	if media.Schema.Format == "binary" {
		return
	}
	var body any
	if err := json.Unmarshal(rec.Body.Bytes(), &body); err != nil {
		bad("%v", err)
		return
	}
	res := &huma.ValidateResult{}
	huma.Validate(h.spec.Components.Schemas, media.Schema, huma.NewPathBuffer([]byte{}, 0), huma.ModeReadFromServer, body, res)
	for _, err := range res.Errors {
		bad("%v", err)
	}
}

const password = "correct horse battery staple"

// hash is made once: a member of a test is not worth 20 ms of hashing.
var hash = sync.OnceValues(func() (string, error) {
	return market.New(market.Parts{}).HashPassword(context.Background(), password)
})

// person makes a member with a token of some scopes; all when none are given.
func (h *testHouse) person(name string, scopes ...member.Scope) *client.Client {
	h.t.Helper()
	who := h.member(name, false)
	if scopes == nil {
		scopes = []member.Scope{member.ScopeRead, member.ScopeBuy, member.ScopeSell, member.ScopeManage}
	}
	return h.token(who, scopes...)
}

func (h *testHouse) member(name string, operator bool) member.Member {
	h.t.Helper()
	hashed, err := hash()
	if err != nil {
		h.t.Fatal(err)
	}
	who, err := h.Market.SignUp(h.t.Context(), market.SignUp{
		Application: member.Application{Name: name, Email: strings.ToLower(strings.Fields(name)[0]) + "@example.com", Password: password},
		Hash:        hashed, Operator: operator,
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return who.Member
}

func (h *testHouse) token(who member.Member, scopes ...member.Scope) *client.Client {
	h.t.Helper()
	_, secret, err := h.Market.MakeToken(h.t.Context(), who.Actor(), market.NewToken{Name: "test", Scopes: scopes})
	if err != nil {
		h.t.Fatal(err)
	}
	return client.New(h.url, secret)
}

// send is a request as it stands; body is JSON, or a reader.
func (h *testHouse) send(method, path, token string, body any, header ...string) *httptest.ResponseRecorder {
	h.t.Helper()
	var src io.Reader = http.NoBody
	switch b := body.(type) {
	case nil:
	case string:
		src = strings.NewReader(b)
	case []byte:
		src = bytes.NewReader(b)
	default:
		text, err := json.Marshal(b)
		if err != nil {
			h.t.Fatal(err)
		}
		src = bytes.NewReader(text)
	}
	r := httptest.NewRequest(method, path, src)
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.handler.ServeHTTP(w, r)
	return w
}

func usd(minor int64) client.Money { return client.Money{Minor: minor, Currency: "USD"} }

var goodCard = client.Card{Number: "4242 4242 4242 4242", Expiry: "12/40", CVC: "123"}

// offer makes a seller with a gig for sale.
func (h *testHouse) offer(seller *client.Client, questions ...client.Question) client.Gig {
	h.t.Helper()
	ctx := h.t.Context()
	must := func(err error) {
		h.t.Helper()
		if err != nil {
			h.t.Fatal(err)
		}
	}
	_, err := seller.OpenShop(ctx, "I draw maps of towns", "maps")
	must(err)
	g, err := seller.CreateGig(ctx, client.GigBody{
		Category: h.category(), Title: "Draw a map of your town", Description: "A hand-drawn map of your town on paper.",
		Packages: []client.Package{{Tier: "basic", Name: "Small", Description: "A small map", Price: usd(8000), Days: 3, Revisions: 1}},
		Extras:   []client.Extra{{Name: "A frame", Price: usd(1500), Days: 1}}, Questions: questions, Tags: []string{"map"},
		FAQ: []client.FAQ{{Question: "Which paper?", Answer: "Any paper that you like."}},
	})
	must(err)
	g, err = seller.PublishGig(ctx, g.ID)
	must(err)
	return g
}

func (h *testHouse) category() string {
	h.t.Helper()
	c, err := h.Market.AddCategory(h.t.Context(), member.House(), "", "", "Drawing")
	if err != nil {
		h.t.Fatal(err)
	}
	return string(c.ID)
}

// place orders one small map.
func (h *testHouse) place(buyer *client.Client, g client.Gig, card client.Card) client.Placed {
	h.t.Helper()
	p, err := buyer.PlaceOrder(h.t.Context(), client.NewOrder{
		Gig: g.ID, Pick: client.Pick{Tier: "basic", Quantity: 1}, Shown: usd(8000), Again: true, Card: card,
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return p
}

func (h *testHouse) advance(span string) {
	h.t.Helper()
	if _, err := client.New(h.url, "").Advance(h.t.Context(), span); err != nil {
		h.t.Fatal(err)
	}
}

func collect[T any](t testing.TB, list func(func(T, error) bool)) []T {
	t.Helper()
	var all []T
	for item, err := range list {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, item)
	}
	return all
}

func near(t testing.TB, got, want time.Time) {
	t.Helper()
	if d := got.Sub(want).Abs(); d > time.Minute {
		t.Errorf("%s, want about %s", got, want)
	}
}
