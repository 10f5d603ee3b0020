package api_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"image"
	"image/png"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"guildhall/client"
	"guildhall/internal/member"
)

// someone is a way to ask.
type someone struct{ name, token string }

// parties are everybody who may stand before a route, with an order between two
// of them.
type parties struct {
	*testHouse
	buyer, seller *client.Client
	everybody     []someone
	order, gig    string
	payment       string
}

func (h *testHouse) secret(who member.Member, scopes ...member.Scope) string {
	h.t.Helper()
	made := h.send(http.MethodPost, "/api/v1/tokens", "", map[string]any{
		"email": who.Email, "password": password, "name": "test", "scopes": scopes,
	})
	var t client.Token
	if err := json.Unmarshal(made.Body.Bytes(), &t); err != nil || t.Secret == "" {
		h.t.Fatal(made.Body.String())
	}
	return t.Secret
}

func meet(t *testing.T) parties {
	h := sqliteHouse(t)
	all := []member.Scope{member.ScopeRead, member.ScopeBuy, member.ScopeSell, member.ScopeManage}
	p := parties{testHouse: h, buyer: h.person("Bo Buyer"), seller: h.person("Sela Seller")}
	g := h.offer(p.seller, client.Question{Kind: "text", Text: "Which town?", Required: true})
	placed := h.place(p.buyer, g, goodCard)
	p.gig, p.order, p.payment = g.ID, placed.Order, placed.Payment
	stranger, house := h.member("Stan Stranger", false), h.member("Olga Operator", true)
	p.everybody = []someone{
		{"guest", ""},
		{"stranger", h.secret(stranger, all...)},
		{"reader", h.secret(stranger, member.ScopeRead)},
		{"operator", h.secret(house, all...)},
	}
	return p
}

// TestGuestsAreHeldToAPace: programs without a token share the measure of their
// network; one with a token is not held up by them.
func TestGuestsAreHeldToAPace(t *testing.T) {
	t.Parallel()
	h := sqliteHouse(t)
	known := h.secret(h.member("Bo Buyer", false), member.ScopeRead)
	check := func(token string) int {
		return h.send(http.MethodPost, "/api/v1/records/check", token, map[string]string{"record": "nonsense"}).Code
	}
	before, status := check(known), 0
	for n := 0; n < 400 && status != http.StatusTooManyRequests; n++ {
		status = check("")
	}
	if status != http.StatusTooManyRequests {
		t.Errorf("400 requests of a guest: %d", status)
	}
	if after := check(known); after != before {
		t.Errorf("with a token: %d, before that %d", after, before)
	}
}

// TestAPictureIsItsOwnersUntilItIsChosen: neither a program nor a page shows it
// to anybody else by its address.
func TestAPictureIsItsOwnersUntilItIsChosen(t *testing.T) {
	t.Parallel()
	h := sqliteHouse(t)
	owner, ctx := h.person("Ada Owner"), t.Context()
	var drawn bytes.Buffer
	if err := png.Encode(&drawn, image.NewRGBA(image.Rect(0, 0, 200, 200))); err != nil {
		t.Fatal(err)
	}
	f, err := owner.Upload(ctx, client.ForAvatar, "me.png", &drawn)
	if err != nil {
		t.Fatal(err)
	}
	stranger := h.secret(h.member("Stan Stranger", false), member.ScopeRead)
	for _, step := range []struct {
		chosen string
		want   int
	}{{"", 404}, {f.ID, 200}, {"", 404}} {
		if _, err := owner.SetPicture(ctx, step.chosen); err != nil {
			t.Fatal(err)
		}
		mine, err := owner.Download(ctx, f.ID, "avatar")
		if err != nil {
			t.Fatalf("the owner: %v", err)
		}
		if err := mine.Close(); err != nil {
			t.Error(err)
		}
		for _, path := range []string{"/api/v1/files/" + f.ID, "/api/v1/files/" + f.ID + "?size=avatar", "/pictures/" + f.ID + "/avatar"} {
			for _, token := range []string{"", stranger} {
				if w := h.send(http.MethodGet, path, token, nil); w.Code != step.want {
					t.Errorf("%s of somebody else (token: %v), chosen %q: %d, want %d", path, token != "", step.chosen, w.Code, step.want)
				}
			}
		}
	}
}

// TestNobodyElseSeesAnOrder: for everybody who is no party, an order that
// exists and one that does not are the same, whatever they try.
func TestNobodyElseSeesAnOrder(t *testing.T) {
	t.Parallel()
	p := meet(t)
	for pattern, item := range p.spec.Paths {
		if !strings.HasPrefix(pattern, "/api/v1/orders/{id}") && !strings.HasPrefix(pattern, "/api/v1/payments/{id}") {
			continue
		}
		id, missing := p.order, "order_"+strings.Repeat("0", 26)
		if strings.Contains(pattern, "payments/{id}") {
			id, missing = p.payment, "payment_"+strings.Repeat("0", 26)
		}
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			op := operationOf(item, method)
			if op == nil {
				continue
			}
			for _, who := range p.everybody {
				body := example(p.spec, op)
				pattern := strings.Replace(pattern, "{no}", "1", 1)
				own := p.send(method, strings.Replace(pattern, "{id}", id, 1), who.token, body)
				none := p.send(method, strings.Replace(pattern, "{id}", missing, 1), who.token, body)
				want := map[string][]int{"guest": {401}, "reader": {403, 404}}[who.name]
				if want == nil {
					want = []int{404}
				}
				if own.Code != none.Code || words(own.Body.Bytes()) != words(none.Body.Bytes()) || !slices.Contains(want, own.Code) {
					t.Errorf("%s %s as %s: %d, missing %d: %s", method, pattern, who.name, own.Code, none.Code, own.Body)
				}
			}
		}
	}
}

// words are those of a problem, without the name of the request.
func words(body []byte) string {
	var p client.Problem
	_ = json.Unmarshal(body, &p) // whatever it is is compared
	p.Instance = ""
	return p.Error()
}

// example is a request body that the description allows.
func example(spec *huma.OpenAPI, op *huma.Operation) any {
	if op.RequestBody == nil || op.RequestBody.Content["application/json"] == nil {
		return nil
	}
	return sample(spec, op.RequestBody.Content["application/json"].Schema)
}

func sample(spec *huma.OpenAPI, s *huma.Schema) any {
	for s.Ref != "" {
		s = spec.Components.Schemas.SchemaFromRef(s.Ref)
	}
	switch {
	case len(s.Enum) > 0:
		return s.Enum[0]
	case s.Pattern == "^[A-Z]{3}$":
		return "USD"
	case strings.HasSuffix(s.Pattern, "[0-9a-z]{26}$"):
		return strings.TrimSuffix(strings.TrimPrefix(s.Pattern, "^"), "[0-9a-z]{26}$") + strings.Repeat("0", 26)
	case s.Format == "date-time":
		return "2040-01-02T03:04:05Z"
	}
	switch s.Type {
	case huma.TypeObject:
		body := map[string]any{}
		for name, field := range s.Properties {
			switch {
			case name == "card": // checked before anything else is looked at
				body[name] = goodCard
			case slices.Contains(s.Required, name):
				body[name] = sample(spec, field)
			}
		}
		return body
	case huma.TypeArray:
		return []any{}
	case huma.TypeInteger, huma.TypeNumber:
		return 1
	case huma.TypeBoolean:
		return true
	}
	return "words"
}

// TestEveryRouteKnowsWhoMayComeIn asks every route as a guest, as a token
// without its scopes and as a member who does not run the house.
func TestEveryRouteKnowsWhoMayComeIn(t *testing.T) {
	t.Parallel()
	p := meet(t)
	stranger, manager := p.everybody[1], p.secret(p.member("Mo Manager", false), member.ScopeManage)
	for pattern, item := range p.spec.Paths {
		for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete} {
			op := operationOf(item, method)
			if op == nil || len(op.Security) == 0 {
				continue
			}
			path := strings.NewReplacer("{id}", "order_"+strings.Repeat("0", 26), "{handle}", "nobody").Replace(pattern)
			if w := p.send(method, path, "", "{}"); w.Code != http.StatusUnauthorized {
				t.Errorf("%s %s as guest: %d %s", method, pattern, w.Code, w.Body)
			}
			needs, byToken := op.Security[0]["token"]
			switch {
			case !byToken:
				if w := p.send(method, path, stranger.token, "{}"); w.Code != http.StatusForbidden {
					t.Errorf("%s %s with a token: %d %s", method, pattern, w.Code, w.Body)
				}
			case slices.Contains(op.Tags, "House"):
				if w := p.send(method, path, stranger.token, "{}"); w.Code != http.StatusNotFound {
					t.Errorf("%s %s as a stranger: %d %s", method, pattern, w.Code, w.Body)
				}
			case !slices.Contains(needs, "manage"):
				if w := p.send(method, path, manager, "{}"); w.Code != http.StatusForbidden {
					t.Errorf("%s %s without the scope: %d %s", method, pattern, w.Code, w.Body)
				}
			}
		}
	}
}

// TestProblemsNameTheField holds refusals to their shape.
func TestProblemsNameTheField(t *testing.T) {
	t.Parallel()
	p := meet(t)
	token := p.everybody[1].token
	canary := "c4n4ry"
	for name, c := range map[string]struct {
		method, path string
		body         any
		status       int
		place        string
	}{
		"unknown field":    {"POST", "/api/v1/checkout", `{"gig":"` + p.gig + `","pick":{"tier":"basic","quantity":1,"colour":"` + canary + `"}}`, 422, "body.pick.colour"},
		"other case":       {"POST", "/api/v1/checkout", `{"gig":"` + p.gig + `","pick":{"Tier":"basic","quantity":1}}`, 422, "body.pick.Tier"},
		"missing field":    {"POST", "/api/v1/checkout", `{"gig":"` + p.gig + `","pick":{"quantity":1}}`, 422, "body.pick.tier"},
		"no such tier":     {"POST", "/api/v1/checkout", `{"gig":"` + p.gig + `","pick":{"tier":"` + canary + `","quantity":1}}`, 422, "body.pick.tier"},
		"no such package":  {"POST", "/api/v1/checkout", `{"gig":"` + p.gig + `","pick":{"tier":"premium","quantity":1}}`, 422, "body.pick.tier"},
		"wrong kind":       {"POST", "/api/v1/checkout", `{"gig":"` + p.gig + `","pick":{"tier":"basic","quantity":"` + canary + `"}}`, 422, "body.pick.quantity"},
		"huge":             {"POST", "/api/v1/checkout", `{"gig":"` + p.gig + `","pick":{"tier":"basic","quantity":1e300}}`, 422, "body.pick.quantity"},
		"beyond floats":    {"POST", "/api/v1/checkout", `{"gig":"` + p.gig + `","pick":{"tier":"basic","quantity":1e999}}`, 400, "body"},
		"exponent":         {"POST", "/api/v1/checkout", `{"gig":"` + p.gig + `","pick":{"tier":"basic","quantity":1e1}}`, 422, "body.pick.quantity"},
		"no JSON":          {"POST", "/api/v1/checkout", canary, 400, "body"},
		"nothing":          {"POST", "/api/v1/checkout", nil, 400, ""},
		"null":             {"POST", "/api/v1/checkout", "null", 422, "body"},
		"not UTF-8":        {"POST", "/api/v1/checkout", "{\"gig\":\"\xff\"}", 400, "body"},
		"NUL":              {"PUT", "/api/v1/me", `{"name":"Stan\u0000","zone":"UTC"}`, 400, "body.name"},
		"deep":             {"PUT", "/api/v1/me", strings.Repeat(`{"a":`, 50) + "1" + strings.Repeat("}", 50), 400, ""},
		"very deep":        {"PUT", "/api/v1/me", strings.Repeat(`[`, 200_000), 400, "body"},
		"rule of a body":   {"PUT", "/api/v1/me", `{"name":"` + strings.Repeat("x", 100) + `","zone":"` + canary + `"}`, 422, "body.zone"},
		"card":             {"POST", "/api/v1/orders", `{"gig":"` + p.gig + `","pick":{"tier":"basic","quantity":1},"shown":{"minor":8000,"currency":"USD"},"card":{"number":"` + canary + `","expiry":"12/40","cvc":"123"}}`, 422, "body.card.number"},
		"another price":    {"POST", "/api/v1/orders", `{"gig":"` + p.gig + `","pick":{"tier":"basic","quantity":1},"shown":{"minor":1,"currency":"USD"},"card":{"number":"4242424242424242","expiry":"12/40","cvc":"123"}}`, 409, ""},
		"broken cursor":    {"GET", "/api/v1/sales?cursor=" + canary, nil, 422, "query.cursor"},
		"unknown query":    {"GET", "/api/v1/sales?colour=" + canary, nil, 422, "query.colour"},
		"limit":            {"GET", "/api/v1/sales?limit=101", nil, 422, "query.limit"},
		"unreadable query": {"GET", "/api/v1/sales?q=%zz", nil, 422, ""},
		"NUL in query":     {"GET", "/api/v1/sales?q=%00", nil, 422, ""},
		"gig cursor":       {"GET", "/api/v1/gigs?cursor=" + canary, nil, 422, "query.cursor"},
		"NUL in address":   {"GET", "/api/v1/sellers/%00", nil, 404, ""},
		"broken id":        {"GET", "/api/v1/orders/" + canary, nil, 404, ""},
		"nowhere":          {"GET", "/api/v1/" + canary, nil, 404, ""},
		"other method":     {"PATCH", "/api/v1/me", nil, 405, ""},
		"price in another currency": {"POST", "/api/v1/gigs", map[string]any{"title": "x", "description": "", "packages": []any{
			map[string]any{"tier": "basic", "name": "", "description": "", "price": map[string]any{"minor": 1, "currency": "EUR"}, "days": 1, "revisions": 0},
		}}, 422, "body.packages[0].price.currency"},
		"too large": {"PUT", "/api/v1/me", `{"name":"` + strings.Repeat("x", 2<<20) + `"}`, 413, ""},
		"no file":   {"POST", "/api/v1/files", canary, 422, "body"},
	} {
		t.Run(name, func(t *testing.T) {
			w := p.send(c.method, c.path, token, c.body)
			var problem client.Problem
			if err := json.Unmarshal(w.Body.Bytes(), &problem); err != nil {
				t.Fatalf("%d %q: %v", w.Code, w.Body, err)
			}
			if w.Code != c.status || problem.Status != c.status || problem.Detail == "" || problem.Title == "" || problem.Instance == "" {
				t.Errorf("%d %s", w.Code, w.Body)
			}
			if c.place != "" && problem.Field(c.place) == "" {
				t.Errorf("does not name %s: %s", c.place, w.Body)
			}
			if strings.Contains(w.Body.String(), canary) {
				t.Errorf("echoes what was sent: %s", w.Body)
			}
		})
	}
}

func TestOtherMediaTypesAreRefused(t *testing.T) {
	t.Parallel()
	p := meet(t)
	for _, kind := range []string{"text/plain", "application/x-www-form-urlencoded", "application/xml", "multipart/form-data; boundary=x"} {
		w := p.send(http.MethodPut, "/api/v1/me", p.everybody[1].token, `{"name":"Stan","zone":"UTC"}`, "Content-Type", kind)
		if w.Code != http.StatusUnsupportedMediaType {
			t.Errorf("%s: %d %s", kind, w.Code, w.Body)
		}
	}
}

// TestAKeyIsUsedOnce sends requests again under the same key.
func TestAKeyIsUsedOnce(t *testing.T) {
	t.Parallel()
	h := sqliteHouse(t)
	seller, buyer := h.person("Sela Seller"), h.person("Bo Buyer")
	g := h.offer(seller)
	ctx := client.WithKey(t.Context(), "once")
	in := client.NewOrder{Gig: g.ID, Pick: client.Pick{Tier: "basic", Quantity: 1}, Shown: usd(8000), Card: goodCard}
	first, err := buyer.PlaceOrder(ctx, in)
	if err != nil {
		t.Fatal(err)
	}
	again, err := buyer.PlaceOrder(ctx, in)
	if err != nil || again != first {
		t.Errorf("%+v %v, want %+v", again, err, first)
	}
	if rows := collect(t, buyer.Purchases(t.Context(), client.Filter{})); len(rows) != 1 {
		t.Errorf("%d orders", len(rows))
	}
	in.Pick.Quantity = 2
	_, err = buyer.PlaceOrder(ctx, in)
	var p *client.Problem
	if !errors.As(err, &p) || p.Status != http.StatusConflict {
		t.Errorf("another request under the same key: %v", err)
	}
	move := client.WithKey(t.Context(), "move")
	one, err1 := seller.Deliver(move, first.Order, client.Post{Text: "Done"})
	two, err2 := seller.Deliver(move, first.Order, client.Post{Text: "Done"})
	if err1 != nil || err2 != nil || one != two {
		t.Errorf("%+v %v, %+v %v", one, err1, two, err2)
	}
	if _, err := seller.Deliver(move, first.Order, client.Post{Text: "Done twice"}); !errors.As(err, &p) || p.Status != http.StatusConflict {
		t.Errorf("another delivery under the same key: %v", err)
	}
}
