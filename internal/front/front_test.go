package front

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/market"
)

func TestAddressBehindProxies(t *testing.T) {
	trusted := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	for _, c := range []struct {
		peer, forwarded, want string
	}{
		{"203.0.113.7:99", "", "203.0.113.7"},
		{"203.0.113.7:99", "1.1.1.1", "203.0.113.7"}, // not a proxy of ours: it may say what it likes
		{"10.0.0.1:99", "1.1.1.1", "1.1.1.1"},
		{"10.0.0.1:99", "6.6.6.6, 1.1.1.1", "1.1.1.1"}, // what the person wrote before is not believed
		{"10.0.0.1:99", "6.6.6.6, 1.1.1.1, 10.2.3.4", "1.1.1.1"},
		{"10.0.0.1:99", "nonsense", "10.0.0.1"},
		{"[::1]:99", "2001:db8::5", "2001:db8::5"},
		{"[::ffff:10.0.0.1]:99", "1.1.1.1", "1.1.1.1"},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr = c.peer
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		if got := address(r, trusted).String(); got != c.want {
			t.Errorf("%s for %q: %s, want %s", c.peer, c.forwarded, got, c.want)
		}
	}
}

func at(addr string) Visitor { return Visitor{Address: netip.MustParseAddr(addr)} }

func TestLimitsNeverLockTheOwnerOut(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	l := NewLimits(func() time.Time { return now })
	attacker, owner := at("203.0.113.7"), at("198.51.100.1")
	for i := range 8 {
		if err := l.Attempt("signin", attacker, "ada@example.com"); err != nil {
			t.Fatalf("attempt %d: %v", i, err)
		}
	}
	if err := l.Attempt("signin", attacker, "ada@example.com"); fault.KindOf(err) != fault.KindBusy {
		t.Errorf("the ninth guess: %v", err)
	}
	if err := l.Attempt("signin", owner, "ada@example.com"); err != nil {
		t.Errorf("the owner: %v", err)
	}
	for i := range 40 {
		_ = l.Attempt("signin", attacker, strings.Repeat("x", i))
	}
	if err := l.Attempt("signin", attacker, "somebody@else.com"); err == nil {
		t.Error("one network may try endless accounts")
	}
	now = now.Add(10 * time.Minute)
	if err := l.Attempt("signin", attacker, "ada@example.com"); err != nil {
		t.Errorf("after a while: %v", err)
	}
}

// TestHowLongToWaitIsTrue: who waits as long as they are told is let in, and in a
// minute where that is enough.
func TestHowLongToWaitIsTrue(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	for kind, want := range map[string]string{"signin": "wait a minute and", "signup": "wait a minute and", "reset": "wait 10 minutes and"} {
		l := NewLimits(func() time.Time { return now })
		var err error
		for range 50 {
			if err = l.Attempt(kind, at("203.0.113.7"), "ada@example.com"); err != nil {
				break
			}
		}
		if fault.KindOf(err) != fault.KindBusy || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want it to %s", kind, err, want)
		}
		span := time.Minute
		if kind == "reset" {
			now = now.Add(4*time.Minute + 30*time.Second)
			if err := l.Attempt(kind, at("203.0.113.7"), "ada@example.com"); err == nil || !strings.Contains(err.Error(), "wait 6 minutes and") {
				t.Errorf("%s, some minutes later: %v", kind, err)
			}
			span = 6 * time.Minute
		}
		now = now.Add(span)
		if err := l.Attempt(kind, at("203.0.113.7"), "ada@example.com"); err != nil {
			t.Errorf("%s, after %s: %v", kind, span, err)
		}
	}
}

// TestGuestsAreHeldToAPace: what guests send is counted for their network, what
// members send is not, and nobody pays for another's haste.
func TestGuestsAreHeldToAPace(t *testing.T) {
	f, _ := plainFront()
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	f.Limits = NewLimits(func() time.Time { return now })
	guest, neighbour, known := at("203.0.113.7"), at("203.0.113.8"), at("203.0.113.7")
	known.Actor.Member = "member_1"
	sends := func(v Visitor, method string) error { return f.Pace(withVisit(t.Context(), &v), method) }
	for i := range 120 {
		if err := sends(guest, http.MethodPost); err != nil {
			t.Fatalf("request %d: %v", i+1, err)
		}
	}
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete} {
		if err := sends(guest, method); Status(err) != http.StatusTooManyRequests {
			t.Errorf("%s after 120 of them: %v", method, err)
		}
	}
	for _, ok := range []error{
		sends(guest, http.MethodGet), sends(guest, http.MethodHead), sends(neighbour, http.MethodPost), sends(known, http.MethodPost),
	} {
		if ok != nil {
			t.Errorf("held back for what a guest sent: %v", ok)
		}
	}
	now = now.Add(time.Second)
	for range 4 {
		if err := sends(guest, http.MethodPost); err != nil {
			t.Errorf("a second later: %v", err)
		}
	}
}

// TestEveryLimitIsKeptSomewhere: a measure that nothing is held to is a promise
// that is not kept.
func TestEveryLimitIsKeptSomewhere(t *testing.T) {
	var sources strings.Builder
	for _, glob := range []string{"*.go", "../web/*.go", "../api/*.go"} {
		files, err := filepath.Glob(glob)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			sources.Write(text)
		}
	}
	for kind := range limits {
		kept, _ := strings.CutSuffix(kind, "-account") // taken with that of the network
		if !strings.Contains(sources.String(), `Attempt("`+kept+`"`) && !strings.Contains(sources.String(), `take("`+kept+`"`) {
			t.Errorf("nobody is held to the limit %q", kind)
		}
	}
}

func TestOneSubscriberIsOneNetwork(t *testing.T) {
	if a, b := at("2001:db8::1").Network(), at("2001:db8::ffff").Network(); a != b {
		t.Errorf("%s and %s are one line", a, b)
	}
	if a, b := at("192.0.2.1").Network(), at("192.0.2.2").Network(); a == b {
		t.Error("two IPv4 addresses are one")
	}
}

func TestLimitsForgetInsteadOfGrowing(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	l := NewLimits(func() time.Time { now = now.Add(time.Microsecond); return now })
	var who [4]byte
	for i := range 2*maxBuckets + 10 {
		who = [4]byte{1, byte(i >> 16), byte(i >> 8), byte(i)}
		l.take("signup", netip.AddrFrom4(who).String())
	}
	if len(l.buckets) > maxBuckets {
		t.Errorf("%d buckets", len(l.buckets))
	}
}

func TestStatusOfEachFault(t *testing.T) {
	for err, want := range map[error]int{
		fault.Invalid("a", "b"): 422, fault.SignIn(""): 401, fault.Forbidden(""): 403, fault.NotFound(""): 404,
		fault.Conflict(""): 409, fault.Expired(""): 410, fault.Declined(""): 402, fault.Busy(""): 429,
		errOverload: 503, errMethod: 405, errOrigin: 403, &http.MaxBytesError{}: 413,
		context.DeadlineExceeded: 503, errors.New("disk full"): 500,
	} {
		if got := Status(err); got != want {
			t.Errorf("%v: %d, want %d", err, got, want)
		}
		if words := Words(err); strings.Contains(words, "disk") {
			t.Errorf("an internal error is told: %q", words)
		}
	}
}

// plainFront is a front without a market, for what needs no visitor.
func plainFront() (*Front, *strings.Builder) {
	var log strings.Builder
	f := New(Parts{Market: market.New(market.Parts{}), Log: slog.New(slog.NewTextHandler(&log, nil)), MaxAtOnce: 1, MaxWaiting: 1, MaxBody: 10})
	return f, &log
}

func TestAPanicShowsNothing(t *testing.T) {
	f, log := plainFront()
	h := f.withLog(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("the secret is xyzzy") }), Problem)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	if w.Code != 500 || strings.Contains(w.Body.String(), "xyzzy") || strings.Contains(w.Body.String(), ".go") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if !strings.Contains(log.String(), "the secret is xyzzy") || !strings.Contains(log.String(), "status=500") {
		t.Errorf("log: %s", log)
	}
}

func TestAFloodIsTurnedAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, _ := plainFront()
		open := make(chan struct{})
		h := f.withBounds(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-open }), Problem)
		codes := make(chan int, 4)
		for range 4 {
			go func() {
				w := httptest.NewRecorder()
				h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
				codes <- w.Code
			}()
			synctest.Wait()
		}
		if a, b := <-codes, <-codes; a != 503 || b != 503 {
			t.Errorf("the third and fourth got %d and %d", a, b)
		}
		close(open)
		if a, b := <-codes, <-codes; a != 200 || b != 200 {
			t.Errorf("the first and second got %d and %d", a, b)
		}
	})
}

func TestAGiantBodyIsCut(t *testing.T) {
	f, _ := plainFront()
	h := f.withBounds(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.ReadAll(r.Body); err != nil {
			Problem(w, r, err)
		}
	}), Problem)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/", strings.NewReader("eleven bytes")))
	if w.Code != 413 {
		t.Errorf("%d", w.Code)
	}
}

func TestTheHubTellsEachPageOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := NewHub()
		ctx, cancel := context.WithCancel(t.Context())
		pages := make([]*httptest.ResponseRecorder, 3)
		for i, topics := range [][]string{{"order_1"}, {"order_1", "member_1"}, {"order_2"}} {
			pages[i] = httptest.NewRecorder()
			r := httptest.NewRequest(http.MethodGet, "/live", nil).WithContext(ctx)
			go func() { _ = h.Serve(pages[i], r, topics) }()
		}
		synctest.Wait()
		if h.Open() != 3 {
			t.Fatalf("%d pages listen", h.Open())
		}
		h.Publish("order_1")
		synctest.Wait()
		h.Publish("member_1")
		h.Publish("order_9")
		synctest.Wait()
		cancel()
		synctest.Wait()
		for i, want := range []int{1, 2, 0} {
			if got := strings.Count(pages[i].Body.String(), "event: changed"); got != want {
				t.Errorf("page %d heard %d times, want %d:\n%s", i, got, want, pages[i].Body)
			}
		}
		if h.Open() != 0 || len(h.topics) != 0 {
			t.Errorf("%d lines, %d topics left", h.Open(), len(h.topics))
		}
	})
}

// TestOneVisitorHoldsOnlySoManyLines: however many somebody opens, they neither
// take the place of others nor their own for ever.
func TestOneVisitorHoldsOnlySoManyLines(t *testing.T) {
	member1, member2 := at("203.0.113.7"), at("203.0.113.7")
	member1.Actor.Member, member2.Actor.Member = "member_1", "member_2"
	for name, greedy := range map[string]Visitor{"a member": member1, "a network": at("198.51.100.1")} {
		synctest.Test(t, func(t *testing.T) {
			h := NewHub()
			open := func(v Visitor) (done <-chan error, leave func()) {
				ctx, cancel := context.WithCancel(withVisit(t.Context(), &v))
				r := httptest.NewRequest(http.MethodGet, "/live", nil).WithContext(ctx)
				ended := make(chan error, 1)
				go func() { ended <- h.Serve(httptest.NewRecorder(), r, []string{"order_1"}) }()
				synctest.Wait()
				return ended, cancel
			}
			var leave []func()
			for range maxEach {
				_, cancel := open(greedy)
				leave = append(leave, cancel)
			}
			if h.Open() != maxEach {
				t.Fatalf("%s holds %d of %d lines", name, h.Open(), maxEach)
			}
			ended, _ := open(greedy)
			select {
			case err := <-ended:
				if Status(err) != http.StatusTooManyRequests || !strings.Contains(Words(err), "windows") {
					t.Errorf("%s, one too many: %v", name, err)
				}
			default:
				t.Errorf("%s holds one line more than %d", name, maxEach)
			}
			_, cancel := open(member2)
			leave = append(leave, cancel)
			if h.Open() != maxEach+1 {
				t.Errorf("%s keeps somebody else out", name)
			}
			leave[0]()
			synctest.Wait()
			_, cancel = open(greedy)
			leave = append(leave, cancel)
			if h.Open() != maxEach+1 {
				t.Errorf("%s closed a window and cannot open another", name)
			}
			for _, cancel := range leave {
				cancel()
			}
			synctest.Wait()
			if h.Open() != 0 || len(h.each) != 0 {
				t.Errorf("%d lines of %d visitors are left", h.Open(), len(h.each))
			}
		})
	}
}

func TestTheHubRefusesTooManyTopics(t *testing.T) {
	h := NewHub()
	err := h.Serve(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/live", nil), make([]string, maxTopics+1))
	if fault.KindOf(err) != fault.KindInvalid {
		t.Errorf("%v", err)
	}
}
