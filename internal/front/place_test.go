package front

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
)

// TestASlowBodyTakesNobodysPlace: there is a place for one. Who sends a form byte
// by byte leaves it to others, until the form is there and is worked at.
func TestASlowBodyTakesNobodysPlace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, _ := plainFront()
		work := make(chan struct{})
		h := f.withBounds(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if body, err := io.ReadAll(r.Body); err != nil || len(body) > 0 {
				<-work
			}
		}), Problem)
		body, line := io.Pipe()
		slow := httptest.NewRecorder()
		done := make(chan struct{})
		go func() {
			h.ServeHTTP(slow, httptest.NewRequest(http.MethodPost, "/", body))
			close(done)
		}()
		for range 3 {
			synctest.Wait()
			if code := get(h); code != http.StatusOK {
				t.Fatalf("somebody else got %d while the body was on its way", code)
			}
			if _, err := line.Write([]byte("x")); err != nil {
				t.Fatal(err)
			}
		}
		_ = line.Close() // it never fails
		synctest.Wait()
		if code := get(h); code != http.StatusServiceUnavailable {
			t.Errorf("somebody else got %d while the form was worked at", code)
		}
		close(work)
		<-done
		if slow.Code != http.StatusOK || len(f.places) != 0 || f.arrivals.all != 0 || len(f.arrivals.each) != 0 {
			t.Errorf("%d; %d places and %d bodies are left", slow.Code, len(f.places), f.arrivals.all)
		}
	})
}

// TestASlowReaderTakesNobodysPlace: nor does who takes the answer byte by byte.
func TestASlowReaderTakesNobodysPlace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, _ := plainFront()
		h := f.withBounds(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, "the answer") // whoever asked may be gone
		}), Problem)
		slow := slowReader{httptest.NewRecorder(), make(chan struct{})}
		done := make(chan struct{})
		go func() {
			h.ServeHTTP(slow, httptest.NewRequest(http.MethodGet, "/", nil))
			close(done)
		}()
		synctest.Wait()
		if code := get(h); code != http.StatusOK {
			t.Errorf("somebody else got %d", code)
		}
		close(slow.takes)
		<-done
		if slow.Body.String() != "the answer" || len(f.places) != 0 {
			t.Errorf("%q; %d places are left", slow.Body, len(f.places))
		}
	})
}

type slowReader struct {
	*httptest.ResponseRecorder
	takes chan struct{}
}

func (s slowReader) Write(part []byte) (int, error) {
	<-s.takes
	return s.ResponseRecorder.Write(part)
}

// TestOneNetworkSendsOnlySoMuchAtOnce: however many bodies somebody has on the
// way, those of others arrive.
func TestOneNetworkSendsOnlySoMuchAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, _ := plainFront()
		h := f.withBounds(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if _, err := io.ReadAll(r.Body); err != nil {
				Problem(w, r, err)
			}
		}), Problem)
		send := func(v Visitor, body io.Reader) *httptest.ResponseRecorder {
			w := httptest.NewRecorder()
			r := httptest.NewRequest(http.MethodPost, "/", body)
			h.ServeHTTP(w, r.WithContext(withVisit(r.Context(), &v)))
			return w
		}
		greedy, other := at("203.0.113.7"), at("198.51.100.1")
		var lines []*io.PipeWriter
		codes := make(chan int, maxArrivingEach)
		for range maxArrivingEach {
			body, line := io.Pipe()
			lines = append(lines, line)
			go func() { codes <- send(greedy, body).Code }()
			synctest.Wait()
		}
		if w := send(greedy, strings.NewReader("x")); w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") == "" || w.Header().Get("Connection") != "close" {
			t.Errorf("one too many got %d, %v", w.Code, w.Header())
		}
		if code := get(h); code != http.StatusOK {
			t.Errorf("who sends nothing got %d", code)
		}
		if w := send(other, strings.NewReader("x")); w.Code != http.StatusOK {
			t.Errorf("somebody else got %d", w.Code)
		}
		_ = lines[0].Close()
		synctest.Wait()
		if w := send(greedy, strings.NewReader("x")); w.Code != http.StatusOK {
			t.Errorf("after one had arrived, the next got %d", w.Code)
		}
		for _, line := range lines[1:] {
			_ = line.CloseWithError(io.ErrUnexpectedEOF) // they hang up
		}
		for range lines {
			<-codes
		}
		if len(f.places) != 0 || f.arrivals.all != 0 || len(f.arrivals.each) != 0 {
			t.Errorf("%d places and %d bodies are left", len(f.places), f.arrivals.all)
		}
	})
}

func get(h http.Handler) int {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	return w.Code
}
