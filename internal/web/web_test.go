package web_test

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"guildhall/internal/front"
	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/store"
	"guildhall/internal/store/storetest"
	"guildhall/internal/web"
)

const password = "four plain words here"

// house is a real web face over a real market, with a log to read.
type house struct {
	t      *testing.T
	store  *store.Store
	market *market.Market
	front  *front.Front
	server *httptest.Server
	log    *bytes.Buffer
}

func newHouse(t *testing.T, public string) *house {
	t.Helper()
	return newHouseOn(t, public, storetest.SQLite(t))
}

func newHouseOn(t *testing.T, public string, s *store.Store) *house {
	t.Helper()
	h := &house{t: t, store: s, log: &bytes.Buffer{}}
	log := slog.New(slog.NewJSONHandler(h.log, nil))
	h.market = market.New(market.Parts{Store: s, Site: public, Log: log})
	if err := h.market.Prepare(t.Context()); err != nil {
		t.Fatal(err)
	}
	at, err := url.Parse(public)
	if err != nil {
		t.Fatal(err)
	}
	h.front = front.New(front.Parts{Market: h.market, Log: log, PublicURL: at})
	site := web.New(web.Parts{Market: h.market, Front: h.front, Log: log})
	h.server = httptest.NewServer(h.front.Wrap(site, site.Fail))
	t.Cleanup(h.server.Close)
	return h
}

// logged is all that the house wrote, after it has answered everybody: the line of
// a request comes after its answer.
func (h *house) logged() string {
	h.server.Close()
	return h.log.String()
}

// browser keeps cookies and follows nothing by itself.
type browser struct {
	*http.Client
	h *house
}

func (h *house) browser() *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		h.t.Fatal(err)
	}
	return &browser{h: h, Client: &http.Client{
		Jar:           jar,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// answer is what came back, read to its end.
type answer struct {
	*http.Response
	body string
}

func (b *browser) do(r *http.Request) answer {
	b.h.t.Helper()
	resp, err := b.Do(r)
	if err != nil {
		b.h.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		b.h.t.Fatal(err)
	}
	return answer{resp, string(body)}
}

func (b *browser) get(path string) answer {
	b.h.t.Helper()
	r, err := http.NewRequestWithContext(b.h.t.Context(), http.MethodGet, b.h.server.URL+path, nil)
	if err != nil {
		b.h.t.Fatal(err)
	}
	return b.do(r)
}

func (b *browser) post(path string, pairs ...string) answer {
	b.h.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	r, err := http.NewRequestWithContext(b.h.t.Context(), http.MethodPost, b.h.server.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		b.h.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.do(r)
}

func (b *browser) join(name, email string) *browser {
	b.h.t.Helper()
	b.wants(b.post("/signup", "name", name, "email", email, "password", password, "zone", "Europe/Vienna"), 303, "")
	return b
}

// wants holds an answer to its status and to words on its page or in its address.
func (b *browser) wants(a answer, status int, words string) {
	b.h.t.Helper()
	if a.StatusCode != status || !strings.Contains(a.body+" "+a.Header.Get("Location"), words) {
		b.h.t.Fatalf("%s %s: %d, want %d with %q; to %q\n%s", a.Request.Method, a.Request.URL.Path,
			a.StatusCode, status, words, a.Header.Get("Location"), mainOf(a.body))
	}
}

func mainOf(body string) string {
	_, main, _ := strings.Cut(body, "<main")
	main, _, _ = strings.Cut(main, "</main>")
	return main
}

func TestSignUpKeepsWhatWasTyped(t *testing.T) {
	h := newHouse(t, "http://guild.example")
	b := h.browser()
	a := b.post("/signup", "name", "Ada <i>", "email", "ada at example", "password", "short", "zone", "Europe/Vienna")
	b.wants(a, 422, `value="Ada &lt;i&gt;"`)
	b.wants(a, 422, `value="ada at example"`)
	b.wants(a, 422, "at least 10 characters")
	b.wants(a, 422, `value="Europe/Vienna" selected`)
	if strings.Contains(a.body, "short") {
		t.Error("the page shows the password")
	}
	b.join("Ada", "ada@example.com")
	b.wants(b.get("/profile"), 200, "ada@example.com")
}

func TestGuestsAreLedToSignInAndBack(t *testing.T) {
	h := newHouse(t, "http://guild.example")
	h.browser().join("Ada", "ada@example.com")
	b := h.browser()
	b.wants(b.get("/profile/tokens?x=1"), 303, "/login?next=%2Fprofile%2Ftokens%3Fx%3D1")
	b.wants(b.post("/login", "email", "ada@example.com", "password", password, "next", "/profile/tokens?x=1"), 303, "/profile/tokens?x=1")
	for _, bad := range []string{"//evil.example", "https://evil.example/", `/\evil.example`, "evil", "/%09/evil"} {
		a := h.browser().post("/login", "email", "ada@example.com", "password", password, "next", bad)
		if to := a.Header.Get("Location"); strings.Contains(to, "evil.example") || a.StatusCode != 303 {
			t.Errorf("next=%q leads to %q (%d)", bad, to, a.StatusCode)
		}
	}
}

// TestANewcomerComesBackToo: what they had chosen is not lost by joining.
func TestANewcomerComesBackToo(t *testing.T) {
	h := newHouse(t, "http://guild.example")
	b := h.browser()
	const to = "?next=%2Fcheckout%3Fgig%3Dg%26tier%3Dbasic"
	b.wants(b.get("/checkout?gig=g&tier=basic"), 303, "/login"+to)
	b.wants(b.get("/login"+to), 200, "page you want opens")
	b.wants(b.get("/login"+to), 200, `Join</a>.`)
	if a := b.get("/login" + to); strings.Count(a.body, `href="/signup`+to) != strings.Count(a.body, `href="/signup`) {
		t.Errorf("a way to join forgets what was chosen:\n%s", mainOf(a.body))
	}
	if a := b.get("/signup" + to); strings.Count(a.body, `href="/login`+to) != strings.Count(a.body, `href="/login`) {
		t.Errorf("a way to sign in forgets what was chosen:\n%s", mainOf(a.body))
	}
	b.wants(b.get("/signup"+to), 200, `value="/checkout?gig=g&amp;tier=basic"`)
	b.wants(b.get("/help/tokens"), 200, `href="/login?next=%2Fhelp%2Ftokens"`)
	b.wants(b.get("/"), 200, `href="/login"`)
	b.wants(b.get("/login?next=//evil.example"), 200, `href="/signup"`)
	b.wants(b.get("/reset?token=x"), 410, `href="/login"`)
	b.wants(b.get("/reset?token=x"), 410, `href="/forgot">Ask for a new link`)
}

var hidden = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)"`)

func TestAFormOutlivesItsSession(t *testing.T) {
	h := newHouse(t, "http://guild.example")
	b := h.browser().join("Ada", "ada@example.com")
	m, err := h.market.SignIn(t.Context(), "ada@example.com", password)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.market.ChangePassword(t.Context(), m.Actor(), password, "another plain password"); err != nil {
		t.Fatal(err)
	}
	a := b.post("/profile", "name", "Ada", "about", "A long & careful text", "zone", "UTC", "theme", "", "idempotency_key", "k1")
	b.wants(a, 401, "A long &amp; careful text")
	pairs := []string{"email", "ada@example.com", "password", "another plain password"}
	for _, f := range hidden.FindAllStringSubmatch(mainOf(a.body), -1) {
		pairs = append(pairs, f[1], strings.ReplaceAll(f[2], "&amp;", "&"))
	}
	a = b.post("/login", pairs...)
	b.wants(a, 200, `action="/profile"`)
	var resumed []string
	for _, f := range hidden.FindAllStringSubmatch(mainOf(a.body), -1) {
		resumed = append(resumed, f[1], strings.ReplaceAll(f[2], "&amp;", "&"))
	}
	b.wants(b.post("/profile", resumed...), 303, "/profile")
	b.wants(b.get("/profile"), 200, "A long &amp; careful text")
}

func TestPasswordsDoNotTravelThroughTheSignInPage(t *testing.T) {
	h := newHouse(t, "http://guild.example")
	b := h.browser()
	a := b.post("/profile/password", "old", "my old secret", "password", "my new secret")
	b.wants(a, 401, "Sign in to go on")
	if strings.Contains(a.body, "secret") {
		t.Error("a password stands in the page")
	}
}

func TestOtherSitesCannotSendForms(t *testing.T) {
	h := newHouse(t, "http://guild.example")
	b := h.browser().join("Ada", "ada@example.com")
	for header, value := range map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, h.server.URL+"/profile", strings.NewReader("name=Eve&zone=UTC"))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set(header, value)
		b.wants(b.do(r), 403, "another site")
	}
	b.wants(b.get("/profile"), 200, `value="Ada"`)
}

func TestHeadersAndCookies(t *testing.T) {
	h := newHouse(t, "https://guild.example")
	b := h.browser()
	a := b.post("/signup", "name", "Ada", "email", "ada@example.com", "password", password)
	cookies := a.Cookies()
	if len(cookies) != 1 {
		t.Fatalf("cookies: %v", cookies)
	}
	c := cookies[0]
	if c.Name != "__Host-guildhall" || !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" {
		t.Errorf("cookie: %v", c)
	}
	for _, path := range []string{"/login", "/nowhere"} {
		a := b.get(path)
		csp := a.Header.Get("Content-Security-Policy")
		if strings.Contains(csp, "unsafe") || !strings.Contains(csp, "default-src 'none'") || !strings.Contains(csp, "frame-ancestors 'none'") {
			t.Errorf("%s: policy %q", path, csp)
		}
		for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Strict-Transport-Security": "max-age", "Cache-Control": "private", "Referrer-Policy": "same-origin"} {
			if !strings.Contains(a.Header.Get(name), want) {
				t.Errorf("%s: %s is %q", path, name, a.Header.Get(name))
			}
		}
		if strings.Contains(a.body, " style=") || strings.Contains(a.body, "<script>") {
			t.Errorf("%s has inline code", path)
		}
	}
}

func TestSessionsEnd(t *testing.T) {
	h := newHouse(t, "http://guild.example")
	one, two := h.browser().join("Ada", "ada@example.com"), h.browser()
	two.wants(two.post("/login", "email", "ada@example.com", "password", password), 303, "/")
	two.wants(two.post("/profile/password", "old", "wrong wrong", "password", "an entirely new one"), 422, "not your present password")
	two.wants(two.post("/profile/password", "old", password, "password", "an entirely new one"), 303, "/profile")
	two.wants(two.get("/profile"), 200, "Your password is changed")
	one.wants(one.get("/profile"), 303, "/login")
	two.wants(two.post("/logout"), 303, "/")
	two.wants(two.get("/profile"), 303, "/login")
}

// slowly sends a form of which the first half has arrived when do runs.
func (b *browser) slowly(path, form string, do func()) answer {
	b.h.t.Helper()
	body, write := io.Pipe()
	go func() {
		_, err := io.WriteString(write, form[:len(form)/2]) // read: the house knows by now who asks
		do()
		if err == nil {
			_, err = io.WriteString(write, form[len(form)/2:])
		}
		write.CloseWithError(err)
	}()
	r, err := http.NewRequestWithContext(b.h.t.Context(), http.MethodPost, b.h.server.URL+path, body)
	if err != nil {
		b.h.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Expect", "100-continue") // nothing is sent before the house has begun to read
	return b.do(r)
}

// TestAnEndedSessionStaysEnded: a request that was on its way while the session
// ended does not bring it back, however late it comes to its own end.
func TestAnEndedSessionStaysEnded(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		h := newHouseOn(t, "http://guild.example", s)
		thief, owner := h.browser().join("Ada", "ada@example.com"), h.browser()
		owner.wants(owner.post("/login", "email", "ada@example.com", "password", password), 303, "/")
		form := "name=Ada&zone=UTC&about=" + strings.Repeat("x", 40)
		thief.slowly("/profile", form, func() {
			owner.wants(owner.post("/profile/password", "old", password, "password", "an entirely new one"), 303, "/profile")
		})
		thief.wants(thief.get("/profile"), 303, "/login")
		owner.slowly("/profile", form, func() { owner.wants(owner.post("/logout"), 303, "/") })
		owner.wants(owner.get("/profile"), 303, "/login")
	})
}

func TestGuessingIsSlowedForTheGuesserOnly(t *testing.T) {
	h := newHouse(t, "http://guild.example")
	h.browser().join("Ada", "ada@example.com")
	b := h.browser()
	status := 0
	for range 12 {
		status = b.post("/login", "email", "ada@example.com", "password", "a wrong password").StatusCode
		if status == 429 {
			break
		}
	}
	if status != 429 {
		t.Fatalf("12 wrong passwords, and still %d", status)
	}
	// The owner sits in another network and comes in.
	who := front.Visitor{Actor: member.Guest()}
	if err := h.front.Limits.Attempt("signin", who, "ada@example.com"); err != nil {
		t.Errorf("the owner is locked out: %v", err)
	}
}

func TestAHouseOfOthersDoesNotExist(t *testing.T) {
	h := newHouse(t, "http://guild.example")
	b := h.browser().join("Ada", "ada@example.com")
	missing := b.get("/no/such/page")
	for _, path := range []string{"/house", "/house/policy", "/operator/outbox", "/operator/outbox/x", "/rehearsal/outbox"} {
		a := b.get(path)
		if a.StatusCode != missing.StatusCode || !strings.Contains(a.body, "This page is not here") {
			t.Errorf("%s: %d", path, a.StatusCode)
		}
	}
	b.wants(b.post("/rehearsal/clock", "advance", "1h"), 404, "")
	b.wants(b.post("/house"), 405, "does not answer to that kind")
	b.wants(b.get("/live?topic=member_somebodyelse"), 404, "")
}

func TestOneTokenPage(t *testing.T) {
	h := newHouse(t, "http://guild.example")
	b := h.browser().join("Ada", "ada@example.com")
	b.wants(b.post("/profile/tokens", "name", "script"), 422, "Choose what it may do")
	a := b.post("/profile/tokens", "name", "script", "scopes", "read")
	b.wants(a, 201, "gh_")
	secret := regexp.MustCompile(`gh_[0-9a-f]{64}`).FindString(a.body)
	if page := b.get("/profile/tokens"); strings.Contains(page.body, secret) || !strings.Contains(page.body, "script") {
		t.Error("the secret is shown twice, or the token not at all")
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, h.server.URL+"/profile", strings.NewReader("name=Eve&zone=UTC"))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+secret)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	b.wants(h.browser().do(r), 403, "API")
	if logged := h.logged(); strings.Contains(logged, secret) || strings.Contains(logged, password) {
		t.Error("the log holds a secret")
	}
}

func TestAccessLogIsOneLineARequest(t *testing.T) {
	h := newHouse(t, "http://guild.example")
	h.browser().get("/reset?token=canary")
	line := map[string]any{}
	if err := json.Unmarshal([]byte(h.logged()), &line); err != nil {
		t.Fatal(err)
	}
	if line["path"] != "/reset" || line["status"] != 410.0 || line["request"] == "" || strings.Contains(h.logged(), "canary") {
		t.Errorf("log: %s", h.log)
	}
}

func TestEveryRouteSaysWhoMayComeIn(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range web.Routes(true) {
		key := r.Method + " " + r.Pattern
		if seen[key] || r.Who == "" {
			t.Errorf("%s: twice, or nobody said who", key)
		}
		seen[key] = true
	}
}

// TestASentenceIsForItsPage: another page of the same browser leaves it alone.
func TestASentenceIsForItsPage(t *testing.T) {
	b := newHouse(t, "http://guild.example").browser().join("Ada", "ada@guild.example")
	b.wants(b.post("/profile", "name", "Ada", "zone", "Europe/Vienna"), 303, "/profile")
	if a := b.get("/purchases"); strings.Contains(a.body, "Your profile is saved.") {
		t.Error("another tab said what was done in this one")
	}
	b.wants(b.get("/profile"), 200, "Your profile is saved.")
	if a := b.get("/profile"); strings.Contains(a.body, "Your profile is saved.") {
		t.Error("it was said twice")
	}
}

// TestADayWithoutMidnight: where the clocks are put forward at midnight, a day
// begins an hour later, and not on the evening before.
func TestADayWithoutMidnight(t *testing.T) {
	zone, err := time.LoadLocation("America/Havana")
	if err != nil {
		t.Fatal(err)
	}
	day := time.Now().In(zone)
	for range 366 {
		day = day.AddDate(0, 0, 1)
		if midnight := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, zone); midnight.Day() != day.Day() {
			break
		}
	}
	h := newHouse(t, "http://localhost")
	b := h.browser()
	b.wants(b.post("/signup", "name", "Yara Mena", "email", "yara@example.com", "password", password, "zone", "America/Havana"), 303, "")
	b.wants(b.post("/profile/seller", "tagline", "I letter shop fronts"), 303, "")
	b.wants(b.post("/profile/away", "until", day.Format(time.DateOnly)), 303, "")
	b.wants(b.get("/profile/seller"), 200, "away until "+day.Format("Mon 2 Jan"))
}

// TestSentencesDoNotPileUp: what a browser never fetches is forgotten, the newest
// stays.
func TestSentencesDoNotPileUp(t *testing.T) {
	h := newHouse(t, "http://guild.example")
	h.server.Config.Handler = h.front.Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Has("keep") {
			h.front.SetFlash(r.Context(), r.URL.Path+"?of=it#all", "done at "+r.URL.Path)
			return
		}
		_, _ = io.WriteString(w, h.front.Flash(r.Context(), r.URL.Path)) // the reader is there
	}), func(w http.ResponseWriter, _ *http.Request, err error) {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	})
	b := h.browser()
	for i := range 40 {
		b.get("/page" + strconv.Itoa(i) + "?keep")
	}
	kept := 0
	for i := range 40 {
		if b.get("/page"+strconv.Itoa(i)).body != "" {
			kept++
		}
	}
	if kept == 0 || kept > 8 {
		t.Errorf("%d of 40 sentences are kept", kept)
	}
	b.get("/last?keep")
	b.wants(b.get("/last"), 200, "done at /last")
}
