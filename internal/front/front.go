// Package front is what both faces share between the wire and a handler.
//
// It owns everything that must hold for every request, whatever answers it:
// who asks (a session cookie or a bearer token becomes a member.Actor), from
// which address (behind trusted proxies), how large and how fast a request may
// be, the security headers, the access log, what a panic becomes, which fault
// is which HTTP status, rate limits, and the hub of live updates.
//
// The flow of a request: [Front.Wrap] names it, counts it, bounds it, finds the
// visitor, and hands it to the faces (web, api), which read the visitor with
// [Of]. Below it stands the market; it never sees the store.
package front

import (
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"github.com/alexedwards/scs/v2"

	"guildhall/internal/market"
)

// Parts is what a front is put together from.
type Parts struct {
	Market      *market.Market
	Log         *slog.Logger
	PublicURL   *url.URL       // as browsers see the house; https makes cookies secure
	Proxies     []netip.Prefix // whose X-Forwarded-For is believed
	SessionLife time.Duration
	MaxAtOnce   int   // requests worked at together; 0: 256
	MaxWaiting  int   // requests that may wait beyond these; 0: 512
	MaxBody     int64 // bytes of a request without files; 0: 1 MiB
	MaxUpload   int64 // bytes of a multipart request; 0: 64 MiB
}

// Front stands between the wire and the faces. It is safe for concurrent use.
type Front struct {
	Parts
	Hub      *Hub
	Limits   *Limits
	Metrics  *Metrics
	sessions *scs.SessionManager
	origin   *http.CrossOriginProtection
	places   chan struct{}
	waiting  chan struct{}
	arrivals arrivals
}

// New puts a front together.
func New(p Parts) *Front {
	if p.MaxAtOnce == 0 {
		p.MaxAtOnce = 256
	}
	if p.MaxWaiting == 0 {
		p.MaxWaiting = 512
	}
	if p.MaxBody == 0 {
		p.MaxBody = 1 << 20
	}
	if p.MaxUpload == 0 {
		p.MaxUpload = 64 << 20
	}
	return &Front{
		Parts:    p,
		Hub:      NewHub(),
		Limits:   NewLimits(time.Now),
		Metrics:  newMetrics(),
		sessions: newSessions(p),
		origin:   http.NewCrossOriginProtection(),
		places:   make(chan struct{}, p.MaxAtOnce),
		waiting:  make(chan struct{}, p.MaxWaiting),
		arrivals: arrivals{each: map[string]int{}},
	}
}

// Secure tells whether browsers reach the house over TLS.
func (f *Front) Secure() bool { return f.PublicURL != nil && f.PublicURL.Scheme == "https" }

// Fail answers a request with an error, in the manner of the face it was meant for.
type Fail func(http.ResponseWriter, *http.Request, error)

// Wrap puts everything that holds for every request around h. Static files and
// health probes belong outside of it.
func (f *Front) Wrap(h http.Handler, fail Fail) http.Handler {
	h = f.withVisitor(h, fail)
	h = f.withOrigin(h, fail)
	h = f.withBounds(h, fail)
	h = f.withHeaders(h)
	return f.withLog(h, fail)
}
