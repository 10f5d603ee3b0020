// Package web is the house as browsers see it: pages and forms.
//
// It owns the list of routes (routes.go), one small handler per page action,
// the call that every handler works with, and what an error looks like. A
// handler reads the form, asks the market once, and answers: a page, a redirect
// after a change (303), or the same form again with the words beside its fields
// and everything that was typed still in it (422).
//
// The flow of a request: front finds the visitor, the route says who may come
// in, the handler runs, [Web.Fail] turns whatever went wrong into a page. Pages
// themselves are in package page, their pieces in package kit, files for the
// browser in package static.
package web

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/front"
	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/pay"
	"guildhall/internal/web/help"
)

// Parts is what the web face is put together from.
type Parts struct {
	Market *market.Market
	Front  *front.Front
	Log    *slog.Logger

	// Sandbox is the play provider, whose pages live here; nil where real
	// money is taken.
	Sandbox *pay.Sandbox

	// MoveClock advances the clock of a rehearsal and lets everything happen
	// that is due by then. It is nil on a real house, which has no such routes.
	MoveClock func(ctx context.Context, by time.Duration) error
}

// Web answers browsers. It is safe for concurrent use.
type Web struct {
	Parts
	mux     *http.ServeMux
	helpNow atomic.Pointer[help.Book] // of the policy in force; see helpBook
}

// New puts the web face together.
func New(p Parts) *Web {
	w := &Web{Parts: p, mux: http.NewServeMux()}
	for _, r := range w.routes() {
		w.mux.HandleFunc(r.Method+" "+r.Pattern, w.serve(r))
	}
	w.mux.HandleFunc("/", w.nowhere)
	return w
}

// ServeHTTP answers one request that came through front.Wrap.
func (w *Web) ServeHTTP(rw http.ResponseWriter, r *http.Request) { w.mux.ServeHTTP(rw, r) }

// serve runs a route's handler for those who may come in.
func (w *Web) serve(route Route) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		c := w.newCall(rw, r)
		err := c.pace(route)
		if err == nil {
			err = c.parse()
		}
		if err == nil {
			err = c.readable()
		}
		if err == nil {
			err = c.admit(route)
		}
		if err == nil {
			err = route.do(w, c)
		}
		if err != nil {
			w.fail(c, err)
		}
	}
}

// pace holds guests back who send too much, before any of it is read.
func (c *call) pace(route Route) error {
	if route.Who == Provider {
		return nil
	}
	return c.web.Front.Pace(c.ctx(), c.r.Method)
}

// admit tells whether the visitor may come in by this route. To those who may
// not, a private place does not exist.
func (c *call) admit(route Route) error {
	if c.token && c.r.Method != http.MethodGet && c.r.Method != http.MethodHead {
		return fault.Forbidden("Tokens act through the API, under /api/.")
	}
	if route.Who == Anyone || route.Who == Provider {
		return nil
	}
	if err := c.actor.Need(member.ScopeRead); err != nil {
		return err
	}
	ok := true
	switch route.Who {
	case Seller:
		if !c.actor.Seller {
			return errNoShop
		}
	case Agent:
		ok = c.actor.Role == member.RoleAgent || c.actor.Role == member.RoleOperator
	case Operator:
		ok = c.actor.Role == member.RoleOperator
	}
	if !ok {
		return fault.NotFound("There is nothing here.")
	}
	return nil
}

// errNoShop sends somebody without a seller profile to where one is opened.
var errNoShop = errors.New("web: no seller profile")

// nowhere answers for addresses that are no route, or not with this method.
func (w *Web) nowhere(rw http.ResponseWriter, r *http.Request) {
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		other := r.Clone(r.Context())
		other.Method = method
		if _, pattern := w.mux.Handler(other); pattern != "/" && pattern != "" && method != r.Method {
			rw.Header().Set("Allow", method)
			w.Fail(rw, r, front.MethodNotAllowed())
			return
		}
	}
	w.Fail(rw, r, fault.NotFound("There is no page at this address."))
}
