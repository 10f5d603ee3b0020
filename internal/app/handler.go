package app

import (
	"encoding/json"
	"net/http"
	"net/netip"
	"strings"

	"guildhall/internal/api"
	"guildhall/internal/fault"
	"guildhall/internal/front"
	"guildhall/internal/member"
	"guildhall/internal/web/static"
)

// Handler is everything that the house answers, in one place.
func (a *App) Handler() http.Handler {
	faces := http.NewServeMux()
	faces.Handle("/api/", a.programs())
	faces.HandleFunc("GET /metrics", a.metrics)
	faces.Handle("/", a.Web)

	root := http.NewServeMux()
	root.HandleFunc("GET /livez", func(w http.ResponseWriter, _ *http.Request) { answer(w, http.StatusOK, "alive") })
	root.HandleFunc("GET /readyz", a.readyz)
	files := static.Handler()
	root.HandleFunc("GET "+static.Prefix, func(w http.ResponseWriter, r *http.Request) {
		a.Front.Headers(w.Header())
		files.ServeHTTP(w, r)
	})
	root.Handle("/", a.Front.Wrap(faces, a.fail))
	return root
}

// programs is the API. Only a rehearsal's has a clock that can be moved.
func (a *App) programs() http.Handler {
	parts := api.Parts{Market: a.Market, Front: a.Front, Log: a.log}
	if a.Clock.Movable() {
		parts.MoveClock = a.MoveClock
	}
	return api.New(parts)
}

// fail answers an error in the manner of the face that the request was for.
func (a *App) fail(w http.ResponseWriter, r *http.Request, err error) {
	if strings.HasPrefix(r.URL.Path, "/api/") {
		front.Problem(w, r, err)
		return
	}
	a.Web.Fail(w, r, err)
}

// metrics are for the machine itself and for operators.
func (a *App) metrics(w http.ResponseWriter, r *http.Request) {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	here := err == nil && peer.Addr().Unmap().IsLoopback() && r.Header.Get("X-Forwarded-For") == ""
	if !here && front.Of(r).Actor.Role != member.RoleOperator {
		a.fail(w, r, fault.NotFound("There is nothing here."))
		return
	}
	a.Front.Metrics.Handler().ServeHTTP(w, r)
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the caller may be gone
}
