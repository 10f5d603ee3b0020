package front

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/market"
	"guildhall/internal/member"
)

// Visitor is who asks.
type Visitor struct {
	Actor     member.Actor
	Member    *member.Member // nil for a guest
	Token     bool           // came with a bearer token, not with a browser
	Address   netip.Addr     // of the person, not of the proxy
	RequestID string
	Arrived   time.Time      // by the house clock, before anything of the body was read
	Session   string         // hash of the token of the browser; empty without one that is known
	err       error          // internal, for the access log
	entrant   market.Entrant // who came in by this very request
}

type visitKey struct{}

func withVisit(ctx context.Context, v *Visitor) context.Context {
	return context.WithValue(ctx, visitKey{}, v)
}

func visit(ctx context.Context) *Visitor {
	v, _ := ctx.Value(visitKey{}).(*Visitor)
	return v
}

// Of returns the visitor of a request that came through Wrap, a guest otherwise.
func Of(r *http.Request) Visitor { return In(r.Context()) }

// In is Of for those who only have the context.
func In(ctx context.Context) Visitor {
	if v := visit(ctx); v != nil {
		return *v
	}
	return Visitor{Actor: member.Guest()}
}

// Network is the part of the address that one subscriber shares: the whole of
// an IPv4 address, the first 64 bits of an IPv6 one.
func (v Visitor) Network() string {
	if v.Address.Is6() {
		prefix, err := v.Address.Prefix(64)
		if err == nil {
			return prefix.String()
		}
	}
	return v.Address.String()
}

// name is whom a bound is kept for: a member wherever they sit, of guests the
// network.
func (v Visitor) name() string {
	if v.Actor.SignedIn() {
		return string(v.Actor.Member)
	}
	return v.Network()
}

// withVisitor finds out who asks: a bearer token, else a session cookie.
func (f *Front) withVisitor(next http.Handler, fail Fail) http.Handler {
	browser := f.withSession(next, fail)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		secret, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		if !ok {
			browser.ServeHTTP(w, r)
			return
		}
		v := visit(r.Context())
		if !f.Limits.peek("token", v.Network()) {
			fail(w, r, fault.Busy("Too many unknown tokens from this network. Wait a minute."))
			return
		}
		m, actor, err := f.Market.ActorForToken(r.Context(), strings.TrimSpace(secret))
		if err != nil {
			if fault.KindOf(err) == fault.KindSignIn {
				f.Limits.take("token", v.Network())
				w.Header().Set("WWW-Authenticate", `Bearer error="invalid_token"`)
			}
			fail(w, r, err)
			return
		}
		v.Actor, v.Member, v.Token = actor, &m, true
		next.ServeHTTP(w, r)
	})
}

// address is where the person sits: the last hop that is not a trusted proxy.
func address(r *http.Request, trusted []netip.Prefix) netip.Addr {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	at, err := netip.ParseAddr(host)
	if err != nil {
		return netip.IPv4Unspecified()
	}
	at = at.Unmap()
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && within(at, trusted); i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		at = hop.Unmap()
	}
	return at
}

func within(at netip.Addr, prefixes []netip.Prefix) bool {
	for _, p := range prefixes {
		if p.Contains(at) {
			return true
		}
	}
	return false
}
