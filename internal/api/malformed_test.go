package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"guildhall/client"
)

// malformed is how many requests are made up from the description.
const malformed = 20_000

// TestMalformedRequestsNeverBreakAnything sends requests made from the
// description with something wrong in most of them: nothing may fail on our
// side, tell of anybody else's affairs, or show the inside of the house.
func TestMalformedRequestsNeverBreakAnything(t *testing.T) {
	t.Parallel()
	p := meet(t)
	const canary = "the harbour at Enkhuizen"
	o, err := p.buyer.Order(t.Context(), p.order)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.buyer.Submit(t.Context(), p.order, client.Answer{Question: o.Agreement.Questions[0].Key, Text: canary}); err != nil {
		t.Fatal(err)
	}
	forge := &forger{p: p, rand: rand.New(rand.NewPCG(7, 11)), ids: []string{p.order, p.gig, p.payment}}
	for _, path := range slices.Sorted(maps.Keys(p.spec.Paths)) {
		for _, method := range []string{"GET", "POST", "PUT", "DELETE"} {
			op := operationOf(p.spec.Paths[path], method)
			if op != nil && !strings.HasPrefix(path, "/api/rehearsal/") && path != "/api/v1/members/{id}/suspend" {
				forge.operations = append(forge.operations, op)
			}
		}
	}
	private := []string{canary, "bo@example.com", "sela@example.com", "goroutine", "runtime error", ".go:", "SQLSTATE", "sqlite"}
	seen := map[int]int{}
	for range malformed {
		r, sent := forge.request()
		w := httptest.NewRecorder()
		p.handler.ServeHTTP(w, r)
		seen[w.Code]++
		for _, word := range private {
			if strings.Contains(w.Body.String(), word) && !strings.Contains(r.URL.Path, "/letters") {
				t.Fatalf("%s %s tells %q: %s\nsent: %s", r.Method, r.URL, word, w.Body, sent)
			}
		}
		if t.Failed() {
			t.Fatalf("sent: %s %s %s", r.Method, r.URL, sent)
		}
	}
	if seen[200]+seen[201] < malformed/100 || seen[422] < malformed/10 {
		t.Errorf("the requests are too dull: %v", seen)
	}
	t.Logf("answers by status: %v", seen)
}

// forger makes requests up.
type forger struct {
	p          parties
	rand       *rand.Rand
	operations []*huma.Operation
	ids        []string
}

func (f *forger) one(list ...string) string { return list[f.rand.IntN(len(list))] }

func (f *forger) chance(percent int) bool { return f.rand.IntN(100) < percent }

func (f *forger) request() (*http.Request, string) {
	op := f.operations[f.rand.IntN(len(f.operations))]
	path := op.Path
	query := url.Values{}
	for _, p := range op.Parameters {
		switch {
		case p.In == "path":
			path = strings.ReplaceAll(path, "{"+p.Name+"}", url.PathEscape(f.address(p)))
		case p.In == "query" && f.chance(50):
			query.Set(p.Name, f.one(f.word(), "1", "100", "-1", "active", "draft", "2040-01-02T03:04:05Z"))
		}
	}
	if f.chance(5) {
		query.Set(f.word(), f.word())
	}
	raw := query.Encode()
	if f.chance(2) {
		raw += "&%zz=%ff"
	}
	body := f.body(op)
	target := path
	if raw != "" {
		target += "?" + raw
	}
	u, err := url.Parse(target)
	if err != nil {
		panic(err) // everything was escaped
	}
	r := httptest.NewRequest(op.Method, "/", bytes.NewReader(body))
	r.URL = u
	r.RemoteAddr = fmt.Sprintf("10.%d.%d.%d:4000", f.rand.IntN(256), f.rand.IntN(256), f.rand.IntN(256)) // nobody is told to slow down
	f.headers(r, op)
	return r, string(body[:min(len(body), 500)])
}

func (f *forger) headers(r *http.Request, op *huma.Operation) {
	if who := f.p.everybody[f.rand.IntN(len(f.p.everybody))]; who.token != "" {
		r.Header.Set("Authorization", "Bearer "+who.token)
	}
	if f.chance(30) {
		r.Header.Set("Idempotency-Key", f.one("k", "again", "é", strings.Repeat("k", 200), f.word()))
	}
	if f.chance(10) {
		r.Header.Set("Accept", f.one("text/html", "*/*;q=0", "application/cbor", ";;;"))
	}
	switch {
	case f.chance(5):
		r.Header.Set("Content-Type", f.one("text/plain", "application/json; charset=latin1", "application/x+json", "multipart/form-data", ";", f.word()))
	case op.OperationID == "upload-file":
		r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
	}
}

// address is what stands in a path: mostly an id of the right kind.
func (f *forger) address(p *huma.Param) string {
	prefix, _, _ := strings.Cut(strings.TrimPrefix(p.Schema.Pattern, "^"), "[")
	switch f.rand.IntN(4) {
	case 0:
		return prefix + strings.Repeat("0", 26)
	case 1:
		return f.word() + "x"
	}
	for _, id := range f.ids {
		if prefix != "" && strings.HasPrefix(id, prefix) {
			return id
		}
	}
	return f.one(f.ids...)
}

func (f *forger) body(op *huma.Operation) []byte {
	if op.OperationID == "upload-file" {
		return f.form()
	}
	made := example(f.p.spec, op)
	if made == nil {
		return []byte(f.one("", "{}", "null", f.word()))
	}
	var tree any
	text, err := json.Marshal(made)
	if err != nil {
		panic(err) // it was made of plain values
	}
	if err := json.Unmarshal(text, &tree); err != nil {
		panic(err)
	}
	for range f.rand.IntN(3) {
		tree = f.spoil(tree)
	}
	if text, err = json.Marshal(tree); err != nil {
		panic(err)
	}
	if f.chance(10) {
		return f.scratch(text)
	}
	return text
}

// spoil changes one thing somewhere in a tree.
func (f *forger) spoil(node any) any {
	if f.chance(30) {
		return f.anything()
	}
	switch v := node.(type) {
	case map[string]any:
		if len(v) == 0 || f.chance(20) {
			v[f.word()] = f.anything()
			return v
		}
		names := slices.Sorted(maps.Keys(v))
		name := f.one(names...)
		if f.chance(20) {
			delete(v, name)
		} else {
			v[name] = f.spoil(v[name])
		}
		return v
	case []any:
		return append(v, f.anything())
	}
	return f.anything()
}

func (f *forger) anything() any {
	switch f.rand.IntN(10) {
	case 0:
		return nil
	case 1:
		return json.RawMessage(f.one("1e400", "-1e308", "9223372036854775808", "-9223372036854775808", "0.1", "1e2", "1000000000000001", "12345678901234567890"))
	case 2:
		return json.RawMessage(f.one(`"\u0000"`, `"\ud800"`, `"a\u0000b"`, `""`))
	case 3:
		return strings.Repeat(f.one("x", "é", "\u202e"), f.rand.IntN(3000))
	case 4:
		return json.RawMessage(strings.Repeat("[", 60) + strings.Repeat("]", 60))
	case 5:
		return f.one("2040-13-45T99:99:99Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999999Z", "2040-01-02T03:04:05+23:59")
	case 6:
		return []any{f.word(), 1, nil, map[string]any{}}
	case 7:
		return f.one(f.ids...)
	case 8:
		return f.chance(50)
	}
	return f.word()
}

func (f *forger) word() string {
	return f.one("", "x", "a b", "'; DROP TABLE members; --", "<script>alert(1)</script>", "../../etc/passwd", "%00", "\u0000", "é", "\xff", "🧵",
		`"quoted"`, "*", "NEAR(", "{{.}}", "Infinity", fmt.Sprint(f.rand.Int64()))
}

// scratch damages the text itself.
func (f *forger) scratch(text []byte) []byte {
	switch at := f.rand.IntN(len(text) + 1); f.rand.IntN(4) {
	case 0:
		return text[:at]
	case 1:
		return slices.Concat(text[:at], []byte{0xff, 0xfe}, text[at:])
	case 2:
		return slices.Concat(text, text)
	default:
		return []byte(strings.Repeat("[", 20_000))
	}
}

func (f *forger) form() []byte {
	part := func(name, rest, value string) string {
		return "--x\r\nContent-Disposition: form-data; name=\"" + name + "\"" + rest + "\r\n\r\n" + value + "\r\n"
	}
	text := part("purpose", "", f.one("order", "avatar", "gig_picture", "other", "")) +
		part(f.one("file", "other"), `; filename="`+f.one("a.txt", "../../a", "a\x00b", "\xff", "")+`"`, f.one("bytes", "", "GIF89a", "\x89PNG\r\n\x1a\n")) + "--x--\r\n"
	return []byte(text[:len(text)-f.rand.IntN(2)*f.rand.IntN(len(text))])
}
