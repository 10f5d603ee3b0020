package client

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
)

// wire answers requests in turn; "" is a connection that broke.
type wire struct {
	answers []string // status and body
	keys    []string
	paths   []string
}

func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	w.keys = append(w.keys, r.Header.Get("Idempotency-Key"))
	w.paths = append(w.paths, r.URL.RequestURI())
	next := w.answers[0]
	w.answers = w.answers[1:]
	if next == "" {
		return nil, errors.New("connection reset")
	}
	status, body, _ := strings.Cut(next, " ")
	code := map[string]int{"200": 200, "422": 422, "503": 503, "502": 502}[status]
	return &http.Response{StatusCode: code, Status: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
}

func house(w *wire) *Client {
	return New("http://house.test/", "gh_x", WithHTTP(&http.Client{Transport: w}))
}

func TestALostAnswerIsAskedForAgainUnderTheSameKey(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &wire{answers: []string{"", `503 {"detail":"busy","status":503}`, `200 {"state":"completed"}`}}
		m, err := house(w).Accept(t.Context(), "order_1")
		if err != nil || m.State != "completed" {
			t.Fatalf("%+v %v", m, err)
		}
		if len(w.keys) != 3 || w.keys[0] == "" || w.keys[0] != w.keys[1] || w.keys[1] != w.keys[2] {
			t.Errorf("keys %q", w.keys)
		}
	})
}

func TestRefusalsAreProblems(t *testing.T) {
	for body, want := range map[string]string{
		`422 {"detail":"Look here.","status":422,"errors":[{"location":"body.text","message":"Too long."}]}`: "guildhall: Look here.; body.text: Too long.",
		"502 <html>": "guildhall: 502",
	} {
		_, err := house(&wire{answers: []string{body}}).Me(t.Context())
		var p *Problem
		if !errors.As(err, &p) || p.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

func TestAGivenUpCallEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		w := &wire{answers: []string{"", "", "", ""}}
		cancel()
		if _, err := house(w).Undo(ctx, "order_1"); err == nil || len(w.keys) > 1 {
			t.Errorf("%v after %d tries", err, len(w.keys))
		}
		w = &wire{answers: []string{"", "", "", ""}}
		if _, err := house(w).Undo(t.Context(), "order_1"); err == nil || len(w.keys) != tries {
			t.Errorf("%v after %d tries", err, len(w.keys))
		}
	})
}

func TestListsGoPageByPage(t *testing.T) {
	w := &wire{answers: []string{`200 {"items":[{"id":"a"},{"id":"b"}],"next":"n&1"}`, `200 {"items":[{"id":"c"}]}`}}
	var seen []string
	for row, err := range house(w).Sales(t.Context(), Filter{Tab: "active", Words: "a b"}) {
		if err != nil {
			t.Fatal(err)
		}
		seen = append(seen, row.ID)
	}
	if got := strings.Join(seen, ""); got != "abc" || w.paths[1] != "/api/v1/sales?cursor=n%261&q=a+b&tab=active" {
		t.Errorf("%s %q", got, w.paths)
	}
	w = &wire{answers: []string{`200 {"items":[{"id":"a"},{"id":"b"}],"next":"n"}`}}
	for _, err := range house(w).Sales(t.Context(), Filter{}) {
		if err != nil {
			t.Fatal(err)
		}
		break // nobody asks for the next page
	}
	if len(w.paths) != 1 {
		t.Errorf("%q", w.paths)
	}
}
