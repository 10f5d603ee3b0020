package front

import (
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"guildhall/internal/ident"
	"guildhall/internal/member"
)

// policyCSP is for answers that are no pages; the faces widen it for theirs.
const policyCSP = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// Headers sets the security headers that every answer of the house carries.
func (f *Front) Headers(h http.Header) {
	h.Set("Content-Security-Policy", policyCSP)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()")
	if f.Secure() {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
}

func (f *Front) withHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f.Headers(w.Header())
		w.Header().Set("Cache-Control", "private, no-cache")
		next.ServeHTTP(w, r)
	})
}

// withBounds keeps a flood from drowning everybody: so many at once, so many
// waiting, the rest is told to come back; and no body beyond its measure.
func (f *Front) withBounds(next http.Handler, fail Fail) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		limit := f.MaxBody
		if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
			limit = f.MaxUpload
		}
		r.Body = http.MaxBytesReader(w, r.Body, limit)
		if r.URL.Path == LivePath { // lives for hours; the hub has its own bound
			next.ServeHTTP(w, r)
			return
		}
		network := In(r.Context()).Network()
		if err := f.arrivals.full(network); err != nil && sends(r) {
			f.turnAway(w, r, fail, err)
			return
		}
		p, ok := f.enter(r)
		if !ok {
			f.turnAway(w, r, fail, errOverload)
			return
		}
		defer p.end()
		r.Body = &arriving{r.Body, p, network}
		next.ServeHTTP(sending{w, p}, r)
	})
}

// sends tells whether a request has a body, of a length that is known or not.
func sends(r *http.Request) bool { return r.ContentLength != 0 }

// turnAway answers who may come back in a moment, at once: net/http would wait
// for the body first.
func (f *Front) turnAway(w http.ResponseWriter, r *http.Request, fail Fail, err error) {
	f.Metrics.shed.Inc()
	w.Header().Set("Retry-After", "5")
	if sends(r) {
		w.Header().Set("Connection", "close")
	}
	fail(w, r, err)
}

// LivePath is where live updates are read.
const LivePath = "/live"

// withOrigin refuses forms that another site makes a browser send. A bearer
// token is nothing that a browser sends by itself.
func (f *Front) withOrigin(next http.Handler, fail Fail) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := f.origin.Check(r); err != nil && r.Header.Get("Authorization") == "" {
			fail(w, r, errOrigin)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// withLog names the request, writes one line about it, and turns a panic into
// an error page that shows nothing of it.
func (f *Front) withLog(next http.Handler, fail Fail) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := &Visitor{Actor: member.Guest(), Address: address(r, f.Proxies), RequestID: ident.Secret()[:16], Arrived: f.Market.Now()}
		r = r.WithContext(withVisit(r.Context(), v))
		w.Header().Set("X-Request-Id", v.RequestID)
		out := &recorder{ResponseWriter: w}
		begin := time.Now()
		defer func() {
			if p := recover(); p != nil && p != http.ErrAbortHandler { //nolint:errorlint // net/http compares so too
				v.err = fmt.Errorf("panic: %v", p)
				f.log(r.Context()).Error("a handler panicked", "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
				if out.status == 0 {
					fail(out, r, v.err)
				}
			}
			f.report(r, v, out, time.Since(begin))
		}()
		next.ServeHTTP(out, r)
	})
}

// report writes the access line. It names the pattern, not the query: links of
// one use and search words are nobody's business.
func (f *Front) report(r *http.Request, v *Visitor, out *recorder, took time.Duration) {
	if out.status == 0 {
		out.status = http.StatusOK
	}
	f.Metrics.seen(r.Method, out.status, took)
	level := slog.LevelInfo
	attrs := []slog.Attr{
		slog.String("method", r.Method), slog.String("path", r.URL.Path), slog.Int("status", out.status),
		slog.Int64("bytes", out.bytes), slog.Duration("took", took.Round(time.Microsecond)),
		slog.String("request", v.RequestID), slog.String("from", v.Address.String()),
	}
	if v.Actor.SignedIn() {
		attrs = append(attrs, slog.String("member", string(v.Actor.Member)))
	}
	if v.err != nil {
		level = slog.LevelError
		attrs = append(attrs, slog.String("error", v.err.Error()))
	}
	f.Log.LogAttrs(r.Context(), level, "request", attrs...)
}

// recorder remembers what was answered.
type recorder struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (w *recorder) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *recorder) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(b)
	w.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }
