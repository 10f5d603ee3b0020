package member

import (
	"slices"
	"time"
	"unicode/utf8"

	"guildhall/internal/fault"
	"guildhall/internal/ident"
)

// Token is a personal key for programs. Its secret is shown once and kept only
// as a hash.
type Token struct {
	ID      ident.Token
	Member  ident.Member
	Name    string
	Scopes  []Scope
	Created time.Time
	Expires time.Time // zero is never
	Used    time.Time // zero is never; kept to some minutes
	Revoked time.Time
}

// Alive tells whether the token still opens the door.
func (t Token) Alive(now time.Time) bool {
	return t.Revoked.IsZero() && (t.Expires.IsZero() || now.Before(t.Expires))
}

// NewToken checks what somebody asked a token to be.
// Errors: fault.Invalid beside name, scopes or expires.
func NewToken(now time.Time, name string, scopes []Scope, expires time.Time) (Token, error) {
	name = Line(name)
	bad := fault.Fields{}
	bad.Need(name != "", "name", "Name it after the program that will use it.")
	bad.Need(utf8.RuneCountInString(name) <= MaxName, "name", "At most 60 characters, please.")
	bad.Need(len(scopes) > 0, "scopes", "Choose what it may do.")
	var clean []Scope
	for _, known := range Scopes() {
		if slices.Contains(scopes, known.Scope) {
			clean = append(clean, known.Scope)
		}
	}
	for _, s := range scopes {
		bad.Need(slices.Contains(clean, s), "scopes", "There is no such permission.")
	}
	bad.Need(expires.IsZero() || expires.After(now), "expires", "Choose a day that is still to come.")
	return Token{Name: name, Scopes: clean, Created: now, Expires: expires}, bad.Err()
}
