package api

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"guildhall/internal/fault"
	"guildhall/internal/front"
	"guildhall/internal/market"
	"guildhall/internal/member"
)

// base is where every resource stands.
const base = "/api/v1"

// Names of the two ways to say who one is.
const (
	bearer  = "token"
	session = "session"
)

// who may come in by a route. Whether they may do it to this order, gig or
// letter the market decides.
type who string

const (
	anyone   who = "anyone"
	signedIn who = "signed_in"
	browser  who = "browser"  // a person in a session, never a token
	operator who = "operator" // to others the route does not exist
	atDesk   who = "agent"    // works the support desk; operators too
)

// route is one address and what it does.
type route struct {
	method, path string
	id           string // names the operation in the description
	does         string // one line
	about        string // more, where it is needed
	tag          string
	who          who
	scopes       []member.Scope // any one of them lets a token in
	status       int            // of success; 0 is 200
	errors       []int          // beyond those that every route has
	places       places
	idle         bool              // does nothing: takes no key, though its request has a place for one
	body         *huma.RequestBody // where the types do not say it
	answers      map[string]*huma.Response
}

// serve registers a route with its handler.
func serve[I, O any](a *API, r route, do func(context.Context, *I) (*O, error)) {
	op := huma.Operation{
		OperationID: r.id, Method: r.method, Path: base + r.path, Summary: r.does, Description: r.about,
		Tags: []string{r.tag}, DefaultStatus: r.status, RequestBody: r.body, Responses: r.answers,
		Metadata: map[string]any{placesKey: r.places}, Errors: r.failures(),
		BodyReadTimeout: -1, // the server has its own
	}
	if r.who != anyone {
		op.Security = r.security()
	}
	op.Middlewares = huma.Middlewares{a.admit(r)}
	huma.Register(a.huma, op, do)
	if r.idle {
		said := a.huma.OpenAPI().Paths[op.Path].Post
		said.Parameters = slices.DeleteFunc(said.Parameters, func(p *huma.Param) bool { return p.Name == "Idempotency-Key" })
	}
}

func (r route) security() []map[string][]string {
	list := []map[string][]string{{session: {}}}
	if r.who != browser {
		needs := make([]string, len(r.scopes))
		for i, s := range r.scopes {
			needs[i] = string(s)
		}
		list = append([]map[string][]string{{bearer: needs}}, list...)
	}
	return list
}

func (r route) failures() []int {
	codes := map[int]bool{
		http.StatusBadRequest: true, http.StatusTooManyRequests: true, http.StatusServiceUnavailable: true,
		http.StatusUnauthorized: true, http.StatusForbidden: true, // a bad token, a form of another site
		http.StatusUnprocessableEntity: true, http.StatusInternalServerError: true,
	}
	if r.who == operator || r.who == atDesk || strings.Contains(r.path, "{") {
		codes[http.StatusNotFound] = true
	}
	if r.method != http.MethodGet {
		codes[http.StatusConflict], codes[http.StatusRequestEntityTooLarge], codes[http.StatusUnsupportedMediaType] = true, true, true
	}
	for _, c := range r.errors {
		codes[c] = true
	}
	return slices.Sorted(maps.Keys(codes))
}

// admit refuses those who may not come in, and guests who send too much, before
// anything of the request is read.
func (a *API) admit(r route) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		err := r.refuses(actor(ctx.Context()))
		if err == nil {
			err = a.Front.Pace(ctx.Context(), r.method)
		}
		if err != nil {
			p := &Problem{Details: front.Describe(ctx.Context(), err, front.InBody)}
			_ = huma.WriteErr(a.huma, ctx, p.Status, "", p) // the caller may be gone
			return
		}
		next(ctx)
	}
}

func (r route) refuses(who member.Actor) error {
	switch r.who {
	case anyone:
		return nil
	case browser:
		return who.NeedBrowser()
	case operator:
		return who.NeedOperator()
	case atDesk:
		return who.NeedAgent()
	}
	if !who.SignedIn() {
		return fault.SignIn("Say who you are: send a token in the Authorization header.")
	}
	for _, s := range r.scopes {
		if who.May(s) {
			return nil
		}
	}
	names := make([]string, len(r.scopes))
	for i, s := range r.scopes {
		names[i] = string(s)
	}
	return fault.Forbidden("This token does not carry the scope " + strings.Join(names, " or ") + ".")
}

// actor is who asks.
func actor(ctx context.Context) member.Actor { return front.In(ctx).Actor }

// Keyed is a request that is done once, however often it is sent.
type Keyed struct {
	Key market.Key `header:"Idempotency-Key" minLength:"1" maxLength:"100" pattern:"^[!-~]+$" doc:"Any word of your choice, new for each new request. The same key with the same request is done once and answered alike; with another request it is refused. After 30 days a key is forgotten and stands for a new request."`
}

// none is a request without anything.
type none struct{}

// answer is a response with a body.
type answer[T any] struct{ Body T }

func ok[T any](body T, err error) (*answer[T], error) {
	if err != nil {
		return nil, err
	}
	return &answer[T]{body}, nil
}

// List is one page of something.
type List[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty" doc:"The cursor of the next page; absent on the last one."`
}

func listOf[T, U any](items []T, next string, show func(T) U) List[U] {
	l := List[U]{Items: make([]U, len(items)), Next: next}
	for i, item := range items {
		l.Items[i] = show(item)
	}
	return l
}

// Page asks for one page of a list.
type Page struct {
	Cursor string `query:"cursor" maxLength:"200" doc:"The next of the page before; empty for the first page."`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"25" doc:"How many at most."`
}
