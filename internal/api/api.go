// Package api is the house as programs see it: JSON under /api/v1.
//
// It owns the resources (one file each), the words on the wire (ids as strings,
// money as minor units with its currency and text, instants in UTC), what a
// problem looks like (RFC 9457, naming the field and never repeating what was
// sent), and the description of itself: /api/openapi.json is made from the very
// registrations that serve, and /api/docs is made from that description.
//
// The flow of a request: front finds the visitor, a route says who may come in
// and with which scope, the body is read strictly, the handler asks the market
// once and answers. Every route that changes state takes an Idempotency-Key
// where the market keeps one. What somebody may not see is answered exactly as
// what does not exist.
//
// Beside it stands web, which it never imports; below it front and the market.
package api

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"guildhall/internal/fault"
	"guildhall/internal/front"
	"guildhall/internal/market"
)

// Parts is what the API is put together from.
type Parts struct {
	Market *market.Market
	Front  *front.Front
	Log    *slog.Logger

	// MoveClock advances the clock of a rehearsal and lets everything happen
	// that is due by then. It is nil on a real house, which has no such routes.
	MoveClock func(ctx context.Context, by time.Duration) error
}

// API answers programs. It is safe for concurrent use.
type API struct {
	Parts
	mux  *http.ServeMux
	huma huma.API
}

const version = "1"

var settings sync.Once

// New puts the API together. Mount it at /api/.
func New(p Parts) *API {
	settings.Do(func() { // huma keeps these for the whole program
		huma.NewErrorWithContext = problemOf
		huma.NewError = func(status int, _ string, _ ...error) huma.StatusError { return plain(status) }
		huma.DefaultArrayNullable = false
		huma.ValidateStrictCasing = true
	})
	a := &API{Parts: p, mux: http.NewServeMux()}
	config := huma.DefaultConfig("Guildhall", version)
	config.CreateHooks = nil // no $schema links in answers
	config.DocsPath, config.SchemasPath, config.OpenAPIPath = "", "", ""
	config.Formats = map[string]huma.Format{"application/json": strictJSON, "json": strictJSON}
	config.RejectUnknownQueryParameters = true
	config.Info.Description = about
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		bearer:  {Type: "http", Scheme: "bearer", Description: "A personal API token with scopes, made with POST /api/v1/tokens."},
		session: {Type: "apiKey", In: "cookie", Name: p.Front.CookieName(), Description: "The session of a signed-in browser."},
	}
	a.huma = humago.New(a.mux, config)
	for _, resource := range a.resources() {
		resource()
	}
	a.describe()
	a.describeForPeople()
	a.mux.HandleFunc("/", a.nowhere)
	return a
}

// resources registers everything, in the order of the documentation.
func (a *API) resources() []func() {
	list := []func(){
		a.accounts, a.profile, a.tokens, a.catalogue, a.gigs, a.files, a.checkout, a.offers, a.orders, a.moves, a.requests, a.lists, a.reviews, a.figures,
		a.money, a.withdrawals, a.notices, a.talks, a.policies, a.rehearsals, a.records, a.house, a.health, a.jobs, a.cases, a.desk, a.links,
	}
	if a.MoveClock != nil {
		list = append(list, a.rehearsal)
	}
	return list
}

// Description is the OpenAPI description of what is served.
func (a *API) Description() *huma.OpenAPI { return a.huma.OpenAPI() }

// ServeHTTP answers one request that came through front.Wrap.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !front.Readable(r.URL.Path) {
		front.Problem(w, r, errNowhere)
		return
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	for key, values := range query {
		if err == nil && !front.Readable(key+strings.Join(values, "")) {
			err = errQuery
		}
	}
	if err != nil {
		front.Problem(w, r, errQuery)
		return
	}
	a.mux.ServeHTTP(w, r)
}

var (
	errNowhere = fault.NotFound("There is nothing at this address of the API.")
	errQuery   = &fault.Error{Kind: fault.KindInvalid, Text: "The part of the address after the question mark cannot be read."}
)

// nowhere answers for addresses that are no route, or not with this method.
func (a *API) nowhere(w http.ResponseWriter, r *http.Request) {
	var allowed []string
	for _, method := range []string{
		http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodDelete,
	} {
		other := &http.Request{Method: method, URL: r.URL, Host: r.Host}
		if _, pattern := a.mux.Handler(other); pattern != "/" && pattern != "" {
			allowed = append(allowed, method)
		}
	}
	if len(allowed) == 0 {
		front.Problem(w, r, errNowhere)
		return
	}
	w.Header().Set("Allow", strings.Join(allowed, ", "))
	front.Problem(w, r, front.MethodNotAllowed())
}

const about = `Everything that a page of this marketplace can do.

Sign in with a personal token in the Authorization header, or with the session of a browser. Money is counted in
minor units of its currency. Instants are in UTC. Lists are read page by page: hand the "next" of a page back as
"cursor". Send an Idempotency-Key with whatever changes something: the same key with the same request is done once and
answered alike, the same key with another request is refused. Problems are application/problem+json and name the field.`
