package api_test

import (
	"encoding/json"
	"net/http"
	"net/http/cookiejar"
	"reflect"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"guildhall/client"
	"guildhall/internal/member"
)

// TestTheDescriptionIsServed: as OpenAPI 3.1 and as a page of its own assets.
func TestTheDescriptionIsServed(t *testing.T) {
	t.Parallel()
	h := sqliteHouse(t)
	w := h.send(http.MethodGet, "/api/openapi.json", "", nil)
	var spec struct {
		OpenAPI string                    `json:"openapi"`
		Paths   map[string]map[string]any `json:"paths"`
	}
	if err := json.Unmarshal(w.Body.Bytes(), &spec); err != nil || !strings.HasPrefix(spec.OpenAPI, "3.1") || len(spec.Paths) < 50 {
		t.Errorf("%d %v %s %d paths", w.Code, err, spec.OpenAPI, len(spec.Paths))
	}
	page := h.send(http.MethodGet, "/api/docs", "", nil)
	text := page.Body.String()
	for path := range spec.Paths {
		if !strings.Contains(text, "<code>"+path+"</code>") {
			t.Errorf("the page does not tell of %s", path)
		}
	}
	if policy := page.Header().Get("Content-Security-Policy"); strings.Contains(policy, "unsafe") || !strings.Contains(policy, "default-src 'none'") {
		t.Error(policy)
	}
	if strings.Contains(text, "<script") || strings.Contains(text, "style=") || strings.Contains(text, "//cdn") {
		t.Error("the page brings along what its policy forbids")
	}
	if css := h.send(http.MethodGet, "/api/docs/style.css", "", nil); css.Code != http.StatusOK || !strings.HasPrefix(css.Header().Get("Content-Type"), "text/css") {
		t.Errorf("%d %v", css.Code, css.Header())
	}
}

// TestTheClientKnowsEveryField holds the client's types against the description.
func TestTheClientKnowsEveryField(t *testing.T) {
	t.Parallel()
	h := sqliteHouse(t)
	for name, known := range map[string]any{
		"Order": client.Order{}, "OrderRow": client.OrderRow{}, "Placed": client.Placed{}, "Moved": client.Moved{}, "Quote": client.Quote{},
		"Checkout": client.Checkout{}, "Event": client.Event{}, "MoneyLine": client.MoneyLine{}, "Payment": client.Payment{}, "Gig": client.Gig{},
		"GigPage": client.GigPage{}, "GigCard": client.GigCard{}, "Person": client.Person{}, "Me": client.Me{}, "NewToken": client.Token{},
		"Notice": client.Notice{}, "StatementLine": client.StatementLine{}, "Spending": client.Spending{}, "File": client.File{},
		"Policy": client.Policy{}, "Letter": client.Letter{}, "Category": client.Category{}, "Problem": client.Problem{},
		"Option": client.OrderStep{}, "Withdrawal": client.Withdrawal{}, "Money": client.Money{}, "Card": client.Card{},
		"Request": client.Request{}, "Refund": client.Refund{}, "Added": client.Added{}, "Preview": client.Preview{}, "EffectRow": client.EffectRow{},
		"Thread": client.Thread{}, "ThreadRow": client.ThreadRow{}, "Message": client.Message{}, "TalkCard": client.TalkCard{}, "Written": client.Written{},
		"SwapChoice": client.SwapChoice{}, "Removal": client.Removal{},
		"Shut": client.Shut{}, "Flow": client.Flow{}, "FigureChange": client.FigureChange{},
	} {
		schema := h.spec.Components.Schemas.SchemaFromRef("#/components/schemas/" + name)
		if schema == nil {
			t.Errorf("%s is not described", name)
			continue
		}
		fields := map[string]bool{}
		jsonFields(reflect.TypeOf(known), fields)
		for field := range schema.Properties {
			if !fields[field] {
				t.Errorf("client lacks %s.%s", name, field)
			}
			delete(fields, field)
		}
		for field := range fields {
			t.Errorf("client invents %s.%s", name, field)
		}
	}
}

func jsonFields(t reflect.Type, into map[string]bool) {
	for f := range t.Fields() {
		if f.Anonymous {
			jsonFields(f.Type, into)
			continue
		}
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		into[name] = true
	}
}

// TestABrowserMaySignInByTheAPI, but no other site may act through it.
func TestABrowserMaySignInByTheAPI(t *testing.T) {
	t.Parallel()
	h := sqliteHouse(t)
	h.member("Bo Buyer", false)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar}
	ask := func(method, path, body string, header ...string) int {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), method, h.url+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i+1 < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		res, err := browser.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if err := res.Body.Close(); err != nil {
			t.Fatal(err)
		}
		return res.StatusCode
	}
	for _, step := range []struct {
		method, path, body, header string
		want                       int
	}{
		{"GET", "/api/v1/me", "", "", 401},
		{"POST", "/api/v1/session", `{"email":"bo@example.com","password":"wrong horse"}`, "", 422},
		{"POST", "/api/v1/session", `{"email":"bo@example.com","password":"` + password + `"}`, "", 200},
		{"GET", "/api/v1/me", "", "", 200},
		{"PUT", "/api/v1/me", `{"name":"Bo","zone":"UTC"}`, "cross-site", 403},
		{"PUT", "/api/v1/me", `{"name":"Bo","zone":"UTC"}`, "same-origin", 200},
		{"GET", "/api/v1/tokens", "", "", 200},
		{"PUT", "/api/v1/password", `{"old":"wrong","password":"another long password"}`, "", 422},
		{"PUT", "/api/v1/password", `{"old":"` + password + `","password":"another long password"}`, "", 204},
		{"GET", "/api/v1/me", "", "", 200},
		{"DELETE", "/api/v1/session", "", "", 204},
		{"GET", "/api/v1/me", "", "", 401},
	} {
		if got := ask(step.method, step.path, step.body, "Sec-Fetch-Site", step.header); got != step.want {
			t.Fatalf("%s %s: %d, want %d", step.method, step.path, got, step.want)
		}
	}
}

// TestTokensEndWithThePassword: a browser changes the password, and a program
// that had a token is told that it is no longer known.
func TestTokensEndWithThePassword(t *testing.T) {
	t.Parallel()
	h := sqliteHouse(t)
	bo := h.member("Bo Buyer", false)
	program := h.secret(bo, member.ScopeRead)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar}
	ask := func(method, path, body, token string) int {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), method, h.url+"/api/v1"+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		from := browser
		if token != "" {
			r.Header.Set("Authorization", "Bearer "+token)
			from = http.DefaultClient
		}
		res, err := from.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if err := res.Body.Close(); err != nil {
			t.Fatal(err)
		}
		return res.StatusCode
	}
	for _, step := range []struct {
		method, path, body, token string
		want                      int
	}{
		{"POST", "/session", `{"email":"bo@example.com","password":"` + password + `"}`, "", 200},
		{"GET", "/me", "", program, 200},
		{"PUT", "/password", `{"old":"` + password + `","password":"another long password"}`, "", 204},
		{"GET", "/me", "", program, 401},
		{"GET", "/me", "", "", 200},
		{"POST", "/tokens", `{"name":"again","scopes":["read"]}`, "", 201},
	} {
		if got := ask(step.method, step.path, step.body, step.token); got != step.want {
			t.Fatalf("%s %s: %d, want %d", step.method, step.path, got, step.want)
		}
	}
	for _, id := range []string{"change-password", "reset-password"} {
		if !strings.Contains(h.does(id), "API token") {
			t.Errorf("%s says %q, and nothing of the tokens", id, h.does(id))
		}
	}
}

// does is what the description says about an operation in one line.
func (h *testHouse) does(id string) string {
	for _, item := range h.spec.Paths {
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Delete} {
			if op != nil && op.OperationID == id {
				return op.Summary
			}
		}
	}
	return ""
}

// TestEveryPathIsDescribed: what stands in braces in a path is a parameter that
// the description knows, so that it reaches whoever answers.
func TestEveryPathIsDescribed(t *testing.T) {
	t.Parallel()
	h := sqliteHouse(t)
	for path, item := range h.spec.Paths {
		for _, method := range []string{"GET", "POST", "PUT", "DELETE"} {
			op := operationOf(item, method)
			if op == nil {
				continue
			}
			left := path
			for _, p := range op.Parameters {
				if p.In == "path" {
					left = strings.ReplaceAll(left, "{"+p.Name+"}", "")
				}
			}
			if strings.Contains(left, "{") {
				t.Errorf("%s %s: a part of the path reaches nobody", method, path)
			}
		}
	}
}
