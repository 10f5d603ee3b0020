package app_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"guildhall/internal/app"
	"guildhall/internal/mail"
)

// start opens a house on port 0 and runs it until the test ends.
func start(t *testing.T, c app.Config) *app.App {
	t.Helper()
	c.Listen, c.Migrate, c.Log = "127.0.0.1:0", true, slog.New(slog.DiscardHandler)
	if c.Data == "" {
		c.Data = t.TempDir()
	}
	a, err := app.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Listen(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- a.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Errorf("running: %v", err)
		}
		if err := a.Close(); err != nil {
			t.Errorf("closing: %v", err)
		}
	})
	return a
}

func ask(t *testing.T, method, url, body string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(text)
}

// TestAProbeThatHangsUp: what one probe did not wait for is not told to the next.
func TestAProbeThatHangsUp(t *testing.T) {
	a := start(t, app.Config{})
	gone, hangUp := context.WithCancel(t.Context())
	hangUp()
	r := httptest.NewRequest(http.MethodGet, "/readyz", nil)
	a.Handler().ServeHTTP(httptest.NewRecorder(), r.WithContext(gone))
	second := httptest.NewRecorder()
	a.Handler().ServeHTTP(second, r)
	if second.Code != 200 {
		t.Errorf("the next one is told %d %s", second.Code, second.Body)
	}
}

func TestAHouseOpensAnswersAndCloses(t *testing.T) {
	a := start(t, app.Config{})
	for path, words := range map[string]string{
		"/livez": "alive", "/readyz": `"ready":"yes"`, "/login": "Sign in", "/metrics": "go_goroutines",
	} {
		if status, body := ask(t, http.MethodGet, a.URL()+path, ""); status != 200 || !strings.Contains(body, words) {
			t.Errorf("%s: %d %.80s", path, status, body)
		}
	}
	status, body := ask(t, http.MethodGet, a.URL()+"/api/nothing", "")
	if status != 404 || !strings.Contains(body, `"status":404`) {
		t.Errorf("/api/nothing: %d %s", status, body)
	}
	for _, path := range []string{"/api/rehearsal/clock", "/rehearsal/outbox"} {
		if status, _ := ask(t, http.MethodGet, a.URL()+path, ""); status != 404 {
			t.Errorf("a real house answers %s with %d", path, status)
		}
	}
	if err := a.MoveClock(t.Context(), time.Hour); err == nil {
		t.Error("the clock of a real house was moved")
	}
}

// TestAFormTakesAllItsFiles: as many as may be chosen in it, each as large as one may be.
func TestAFormTakesAllItsFiles(t *testing.T) {
	a := start(t, app.Config{})
	limits := a.Market.Policy().Limits
	for what, n := range map[string]int{"pictures of a gig": limits.GigPictures, "files of a post": limits.FilesPerPost} {
		if most := int64(n) * limits.UploadBytes; a.Front.MaxUpload <= most {
			t.Errorf("%d %s are %d MB, and a form may be %d", n, what, most>>20, a.Front.MaxUpload>>20)
		}
	}
}

// TestHowFarARehearsalMoves: pages and programs are told the same bounds, and
// however often the clock is moved on, it never goes back or out of the years
// that it can count.
func TestHowFarARehearsalMoves(t *testing.T) {
	a := start(t, app.Config{Rehearse: true})
	page := func(by string) (int, string) {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, a.URL()+"/rehearsal/clock", strings.NewReader("advance="+by))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		a.Handler().ServeHTTP(w, r)
		return w.Code, w.Body.String()
	}
	api := func(by string) (int, string) {
		return ask(t, http.MethodPost, a.URL()+"/api/rehearsal/clock", `{"advance":"`+by+`"}`)
	}
	const bound = "20 years at most at once and no further than the year 2200"
	for name, move := range map[string]func(string) (int, string){"page": page, "API": api} {
		for _, by := range []string{"-1h", "200000h"} {
			if status, body := move(by); status != 422 || !strings.Contains(body, bound) {
				t.Errorf("%s, %s: %d %s", name, by, status, body)
			}
		}
		if status, _ := move("12000h"); status >= 400 { // 500 days
			t.Errorf("%s: 500 days are refused with %d", name, status)
		}
	}
	for range 15 {
		before := a.Clock.Now()
		status, body := api("175000h")
		if a.Clock.Now().Before(before) {
			t.Fatalf("moved forward from %s, the clock shows %s", before, a.Clock.Now())
		}
		if status != 200 {
			if status != 422 || !strings.Contains(body, bound) {
				t.Errorf("%d %s", status, body)
			}
			return
		}
	}
	t.Errorf("the clock goes on for ever: %s", a.Clock.Now())
}

func TestARehearsalRemembersItsClock(t *testing.T) {
	c := app.Config{Data: t.TempDir(), Rehearse: true}
	t.Run("moved", func(t *testing.T) {
		a := start(t, c)
		if status, body := ask(t, http.MethodPost, a.URL()+"/api/rehearsal/clock", `{"advance":"48h"}`); status != 200 {
			t.Fatalf("%d %s", status, body)
		}
		for _, bad := range []string{`{"advance":"-1h"}`, `{"set":"2001-01-01T00:00:00Z"}`, `{}`, `nonsense`, `{"advance":"999999h"}`} {
			if status, _ := ask(t, http.MethodPost, a.URL()+"/api/rehearsal/clock", bad); status != 422 && status != 400 {
				t.Errorf("%s: %d", bad, status)
			}
		}
		if _, body := ask(t, http.MethodGet, a.URL()+"/login", ""); !strings.Contains(body, "Rehearsal.") {
			t.Error("no banner")
		}
	})
	c.Rehearse = false // the database knows
	t.Run("again", func(t *testing.T) {
		a := start(t, c)
		_, body := ask(t, http.MethodGet, a.URL()+"/api/rehearsal/clock", "")
		var face struct{ Now time.Time }
		if err := json.Unmarshal([]byte(body), &face); err != nil {
			t.Fatal(err)
		}
		if ahead := time.Until(face.Now); ahead < 47*time.Hour || ahead > 49*time.Hour {
			t.Errorf("the clock is %s ahead", ahead)
		}
	})
}

func TestWhereAHouseRefusesToOpen(t *testing.T) {
	for _, c := range []struct {
		what string
		with app.Config
		want string
	}{
		{"all the world, play money", app.Config{Listen: ":8080"}, "play money"},
		{"a network, play money", app.Config{Listen: "192.0.2.1:8080"}, "play money"},
		{"behind a public proxy, play money", app.Config{PublicURL: "https://guild.example"}, "play money"},
		{"all the world, said so", app.Config{Listen: ":8080", AllowPlayMoney: true}, ""},
		{"this machine", app.Config{Listen: "[::1]:8080"}, ""},
		{"this machine by name", app.Config{Listen: "localhost:8080"}, ""},
		{"a path in the address", app.Config{PublicURL: "http://guild.example/hall"}, "without a path"},
		{"a mail server without a sender", app.Config{Mail: mail.SMTP{Host: "mail.example"}}, "mail"},
		{"behind a plain proxy, play money", app.Config{PublicURL: "http://guild.example"}, "play money"},
		{"this machine, as browsers name it", app.Config{Listen: "127.0.0.1:8080", PublicURL: "http://localhost:8080"}, ""},
		{"a rehearsal on this machine", app.Config{Rehearse: true}, ""},
		{"a rehearsal for all the world", app.Config{Listen: ":8080", Rehearse: true}, "rehearsal"},
		{"a rehearsal for all the world, play money or not", app.Config{Listen: ":8080", Rehearse: true, AllowPlayMoney: true}, "rehearsal"},
		{"a rehearsal behind a proxy", app.Config{PublicURL: "https://guild.example", Rehearse: true, AllowPlayMoney: true}, "--public-url"},
	} {
		c.with.Data, c.with.Migrate, c.with.Log = t.TempDir(), true, slog.New(slog.DiscardHandler)
		a, err := app.Open(t.Context(), c.with)
		switch {
		case err == nil && c.want != "":
			t.Errorf("%s: it opened", c.what)
		case err != nil && (c.want == "" || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s: %v", c.what, err)
		}
		if err == nil {
			_ = a.Close()
		}
	}
}

func TestAnOlderDatabaseIsNotServed(t *testing.T) {
	c := app.Config{Data: t.TempDir(), Log: slog.New(slog.DiscardHandler)}
	if _, err := app.Open(t.Context(), c); err == nil || !strings.Contains(err.Error(), "guildhall migrate") {
		t.Errorf("%v", err)
	}
}

func TestMetricsAreNotForStrangers(t *testing.T) {
	a := start(t, app.Config{Proxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, a.URL()+"/metrics", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-Forwarded-For", "203.0.113.7")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != 404 {
		t.Errorf("a stranger behind a proxy reads the metrics: %d", resp.StatusCode)
	}
}

func TestSecretsDifferFromHouseToHouse(t *testing.T) {
	seen := map[string]bool{}
	for range 2 {
		a := start(t, app.Config{Database: filepath.Join(t.TempDir(), "x.db")})
		one, err := a.Market.HouseSecret(t.Context(), "payments")
		if err != nil {
			t.Fatal(err)
		}
		if again, _ := a.Market.HouseSecret(t.Context(), "payments"); again != one || seen[one] {
			t.Error("a secret changed, or two houses share one")
		}
		seen[one] = true
	}
}
