package web

import (
	"net/http"
	"slices"
)

// Who may come in by a route. Whether they may do it to this order, gig or
// letter the market decides.
type Who string

// The closed list.
const (
	Anyone   Who = "anyone"
	Provider Who = "provider" // whose messages are signed, and come as fast as payments do
	SignedIn Who = "signed_in"
	Seller   Who = "seller"   // has opened a seller profile
	Agent    Who = "agent"    // works the desk; operators too
	Operator Who = "operator" // runs the house
)

// Route is one address and what it does.
type Route struct {
	Method, Pattern string
	Who             Who
	do              func(*Web, *call) error
}

const (
	get  = http.MethodGet
	post = http.MethodPost
)

// Routes lists every page and form of the house, as data, so that a test can
// hold docs/authz.tsv against it. Those of a rehearsal are listed with rehearsal.
func Routes(rehearsal bool) []Route {
	list := slices.Concat(account, catalogue, offering, figures, helping, notices, resolving, reviewing, sandboxes, talks, trade, support, atDesk, keeping, removals, health, records, rehearsing)
	if rehearsal {
		list = append(list, rehearsals...)
	}
	return list
}

func (w *Web) routes() []Route { return Routes(w.MoveClock != nil) }

// account is coming in, going out, and what one says about oneself.
var account = []Route{
	{get, "/signup", Anyone, (*Web).signUpPage},
	{post, "/signup", Anyone, (*Web).signUp},
	{get, "/login", Anyone, (*Web).loginPage},
	{post, "/login", Anyone, (*Web).login},
	{post, "/login/appeal", Anyone, (*Web).hearShutOut},
	{post, "/logout", Anyone, (*Web).logout},
	{get, "/forgot", Anyone, (*Web).forgotPage},
	{post, "/forgot", Anyone, (*Web).forgot},
	{get, "/reset", Anyone, (*Web).resetPage},
	{post, "/reset", Anyone, (*Web).reset},
	{get, "/setup", Anyone, (*Web).setUpPage},
	{post, "/setup", Anyone, (*Web).setUp},
	{post, "/theme", Anyone, (*Web).setTheme},

	{get, "/profile", SignedIn, (*Web).profilePage},
	{post, "/profile", SignedIn, (*Web).profile},
	{post, "/profile/picture", SignedIn, (*Web).setPicture},
	{post, "/profile/picture/remove", SignedIn, (*Web).dropPicture},
	{get, "/pictures/{id}/{size}", Anyone, (*Web).picture},
	{get, "/profile/password", SignedIn, (*Web).passwordPage},
	{post, "/profile/password", SignedIn, (*Web).password},
	{get, "/profile/seller", SignedIn, (*Web).shopPage},
	{post, "/profile/seller", SignedIn, (*Web).shop},
	{post, "/profile/away", SignedIn, (*Web).away},
	{post, "/profile/back", SignedIn, (*Web).back},
	{get, "/profile/tokens", SignedIn, (*Web).tokensPage},
	{post, "/profile/tokens", SignedIn, (*Web).makeToken},
	{post, "/profile/tokens/{id}/revoke", SignedIn, (*Web).revokeToken},

	{get, "/live", SignedIn, (*Web).live},

	{get, "/house", Operator, (*Web).housePage},
	{get, "/house/policy", Operator, (*Web).policyPage},
	{get, "/operator/outbox", Operator, (*Web).outboxPage},
	{get, "/operator/outbox/{id}", Operator, (*Web).letterPage},
}

// rehearsals exist only where the clock may be moved.
var rehearsals = []Route{
	{post, "/rehearsal/clock", Anyone, (*Web).moveClock},
	{get, "/rehearsal/outbox", Anyone, (*Web).outboxPage},
	{get, "/rehearsal/outbox/{id}", Anyone, (*Web).letterPage},
}
