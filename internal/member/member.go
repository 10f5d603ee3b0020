// Package member is who someone is and what they may do.
//
// It owns the Member with its two profiles (everybody is a buyer, a seller
// profile is opened on purpose), the Actor that every use case asks about, the
// scopes of API tokens and the rules for names, addresses and passwords. Moves
// return the changed member; the market writes them down together with an event
// of the kinds listed here.
//
// It is a rules room above ident and fault: plain functions, no clock, no
// store. Room effect stands above it, because every event names an actor.
package member

import (
	"time"

	"guildhall/internal/ident"
)

// The kinds of events in the stream of a member.
const (
	SignedUp        = "signed_up"
	ResetRequested  = "reset_requested" // asks for a letter with a link
	PasswordChanged = "password_changed"
	ProfileChanged  = "profile_changed"
	SellerOpened    = "seller_opened"
	SellerAway      = "seller_away"
	SellerBack      = "seller_back"
	TokenMade       = "token_made"
	TokenRevoked    = "token_revoked"
	RolesChanged    = "roles_changed"
	Suspended       = "suspended"
	Restored        = "restored"
	Warned          = "warned"         // by a decision of the desk
	WarningLifted   = "warning_lifted" // taken back on appeal
	RecordMade      = "record_made"    // a signed record of the figures
	RecordRevoked   = "record_revoked"
)

// Kinds lists every kind of event of a member.
func Kinds() []string {
	return []string{
		SignedUp, ResetRequested, PasswordChanged, ProfileChanged, SellerOpened, SellerAway, SellerBack,
		TokenMade, TokenRevoked, RolesChanged, Suspended, Restored, Warned, WarningLifted,
		RecordMade, RecordRevoked,
	}
}

// Theme is the light that somebody reads by.
type Theme string

// The closed list of themes.
const (
	ThemeSystem Theme = ""
	ThemeLight  Theme = "light"
	ThemeDark   Theme = "dark"
)

// Member is a person with a login. Buying and selling are two separate
// profiles of it (rulebook section 1).
type Member struct {
	ID       ident.Member
	Email    string // lower case; where letters go and what one signs in with
	Name     string // what others call them
	Handle   string // in the address of their page; never changes
	Zone     string // IANA name; every time is shown in it
	About    string
	Picture  ident.File
	Theme    Theme
	Seller   *Seller // nil until opened
	Agent    bool    // works the support desk
	Operator bool    // runs the house
	Barred   Bar
	Created  time.Time
	Seq      int // events in their stream so far
	Version  int
}

// Seller is the profile of somebody who sells.
type Seller struct {
	Since     time.Time
	Tagline   string
	Skills    []string
	AwayUntil time.Time // not taking orders until then; zero is here
}

// Bar is a suspension; the zero Bar is none.
type Bar struct {
	Since time.Time
	Why   string
}

// Suspended tells whether the house has closed this login.
func (m Member) Suspended() bool { return !m.Barred.Since.IsZero() }

// Away tells whether the seller takes no orders at that moment.
func (m Member) Away(now time.Time) bool {
	return m.Seller != nil && now.Before(m.Seller.AwayUntil)
}

// Location is the zone that times are shown in, UTC when it is not known.
func (m Member) Location() *time.Location {
	loc, err := time.LoadLocation(m.Zone)
	if err != nil {
		return time.UTC
	}
	return loc
}

// Actor is the member acting with all that they may do.
func (m Member) Actor() Actor {
	role := RoleMember
	switch {
	case m.Operator:
		role = RoleOperator
	case m.Agent:
		role = RoleAgent
	}
	return Actor{Member: m.ID, Role: role, Seller: m.Seller != nil}
}

// ActorWith is the member acting through a token of some scopes.
func (m Member) ActorWith(scopes []Scope) Actor {
	a := m.Actor()
	a.Scopes = append([]Scope{}, scopes...)
	return a
}
