// Package fault is the one list of things that can go wrong in a way that a
// person can understand and mend.
//
// It owns the kinds of failure, the words beside form fields and the hint that
// says what to do next. Rules and the market return these values; the faces
// turn each kind into one HTTP status in one place. An error that is not a
// *fault.Error is internal: it is logged in full and shown as nothing.
//
// It is ground: it imports only the standard library.
package fault

import (
	"errors"
	"maps"
	"slices"
	"strings"
)

// Kind sorts failures by what the caller can do about them.
type Kind string

// The closed list of kinds.
const (
	KindInvalid   Kind = "invalid"   // the input is wrong; Fields says where and why
	KindSignIn    Kind = "sign_in"   // nobody is signed in, or the token is unknown
	KindForbidden Kind = "forbidden" // signed in, but this may not be done by them
	KindNotFound  Kind = "not_found" // no such thing, or none that this person may see
	KindConflict  Kind = "conflict"  // the world moved on; look again
	KindExpired   Kind = "expired"   // it was possible until a moment that is past
	KindDeclined  Kind = "declined"  // the payment provider said no; the money did not move
	KindBusy      Kind = "busy"      // too many at once; try again after a while
)

// Error is a failure in words for the person who caused or met it.
type Error struct {
	Kind   Kind
	Text   string            // one sentence: what happened and what to do
	Fields map[string]string // field path → why; only for KindInvalid
}

// Error renders the sentence followed by the faulty fields in a stable order.
func (e *Error) Error() string {
	if len(e.Fields) == 0 {
		return e.Text
	}
	var b strings.Builder
	b.WriteString(e.Text)
	for _, name := range slices.Sorted(maps.Keys(e.Fields)) {
		b.WriteString("; " + name + ": " + e.Fields[name])
	}
	return b.String()
}

// Is makes errors.Is(err, fault.NotFound("")) compare kinds.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Kind == e.Kind
}

// Invalid reports one faulty field.
func Invalid(field, why string) *Error {
	return &Error{Kind: KindInvalid, Text: "Please look at the marked fields.", Fields: map[string]string{field: why}}
}

// SignIn reports that a signed-in person is needed.
func SignIn(text string) *Error { return &Error{Kind: KindSignIn, Text: text} }

// Forbidden reports that this person may not do this.
func Forbidden(text string) *Error { return &Error{Kind: KindForbidden, Text: text} }

// NotFound reports that there is no such thing for this person.
func NotFound(text string) *Error { return &Error{Kind: KindNotFound, Text: text} }

// Conflict reports that the state no longer allows it.
func Conflict(text string) *Error { return &Error{Kind: KindConflict, Text: text} }

// Expired reports that a deadline is past.
func Expired(text string) *Error { return &Error{Kind: KindExpired, Text: text} }

// Declined reports that the payment provider refused.
func Declined(text string) *Error { return &Error{Kind: KindDeclined, Text: text} }

// Busy reports that the caller should come back later.
func Busy(text string) *Error { return &Error{Kind: KindBusy, Text: text} }

// KindOf returns the kind of err, or "" when err is nil or internal.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return ""
}

// Fields gathers the faults of one form, so that a person sees them all at once.
type Fields map[string]string

// Need records why under field unless ok holds; the first reason for a field wins.
func (f Fields) Need(ok bool, field, why string) {
	if _, seen := f[field]; !ok && !seen {
		f[field] = why
	}
}

// Err returns nil when nothing was recorded.
func (f Fields) Err() error {
	if len(f) == 0 {
		return nil
	}
	return &Error{Kind: KindInvalid, Text: "Please look at the marked fields.", Fields: f}
}
