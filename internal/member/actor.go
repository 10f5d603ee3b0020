package member

import (
	"guildhall/internal/fault"
	"guildhall/internal/ident"
)

// Role is the capacity in which somebody acts. Whether they are the buyer or
// the seller of an order is a fact of the order, not of the person.
type Role string

// The closed list of roles.
const (
	RoleGuest    Role = "guest"    // nobody signed in
	RoleMember   Role = "member"   // a buyer, and perhaps a seller
	RoleAgent    Role = "agent"    // works the support desk
	RoleOperator Role = "operator" // runs the house
	RoleClock    Role = "clock"    // a deadline, acting by itself
	RoleProvider Role = "provider" // the payment provider, speaking through a signed message
)

// Actor is who asks for something. The zero Actor is a guest.
type Actor struct {
	Member ident.Member
	Role   Role
	Seller bool    // has opened a seller profile
	Scopes []Scope // what an API token may do; nil means a browser session, which may do all that its member may
}

// Guest is somebody unknown.
func Guest() Actor { return Actor{Role: RoleGuest} }

// Clock is time itself.
func Clock() Actor { return Actor{Role: RoleClock} }

// Provider is the payment provider.
func Provider() Actor { return Actor{Role: RoleProvider} }

// SignedIn tells whether a person stands behind the actor.
func (a Actor) SignedIn() bool { return a.Member != "" }

// Is tells whether the actor is that very person.
func (a Actor) Is(m ident.Member) bool { return m != "" && a.Member == m }

// Scope is one thing that an API token may do.
type Scope string

// The closed list of scopes.
const (
	ScopeRead   Scope = "read"   // see what its member sees
	ScopeBuy    Scope = "buy"    // order, pay and act as a buyer
	ScopeSell   Scope = "sell"   // manage gigs and act as a seller
	ScopeManage Scope = "manage" // change profile, tokens and settings
)

// Scopes lists every scope with its words, in the order forms show them.
func Scopes() []struct {
	Scope Scope
	Words string
} {
	return []struct {
		Scope Scope
		Words string
	}{
		{ScopeRead, "See your orders, gigs, notices and statement"},
		{ScopeBuy, "Order, pay and act on your purchases"},
		{ScopeSell, "Manage your gigs and act on your sales"},
		{ScopeManage, "Change your profile and settings"},
	}
}

// May tells whether the actor's token carries the scope; a session carries all.
func (a Actor) May(s Scope) bool {
	if a.Scopes == nil {
		return true
	}
	for _, have := range a.Scopes {
		if have == s {
			return true
		}
	}
	return false
}

// Need refuses a guest, and a token without the scope.
// Errors: fault.SignIn, fault.Forbidden.
func (a Actor) Need(s Scope) error {
	switch {
	case !a.SignedIn():
		return fault.SignIn("Please sign in first.")
	case !a.May(s):
		return fault.Forbidden("This token does not carry the permission \"" + string(s) + "\".")
	}
	return nil
}

// NeedBrowser refuses everybody but a person in a browser session: what could
// take an account over is never done by a token.
// Errors: fault.SignIn, fault.Forbidden.
func (a Actor) NeedBrowser() error {
	switch {
	case !a.SignedIn():
		return fault.SignIn("Please sign in first.")
	case a.Scopes != nil:
		return fault.Forbidden("This can only be done in a browser, not with a token.")
	}
	return nil
}

// NeedOperator refuses everybody who does not run the house. Errors:
// fault.SignIn, fault.NotFound: to others the house's own pages do not exist.
func (a Actor) NeedOperator() error {
	switch {
	case !a.SignedIn() && a.Role != RoleOperator:
		return fault.SignIn("Please sign in first.")
	case a.Role != RoleOperator || !a.May(ScopeManage):
		return fault.NotFound("There is nothing here.")
	}
	return nil
}

// House is the house itself, through a tool of its operator on its own machine.
func House() Actor { return Actor{Role: RoleOperator} }
