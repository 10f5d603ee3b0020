package front

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"guildhall/internal/fault"
)

// Status is the one map from what went wrong to an HTTP status.
func Status(err error) int {
	var tooLarge *http.MaxBytesError
	switch fault.KindOf(err) {
	case fault.KindInvalid:
		return http.StatusUnprocessableEntity
	case fault.KindSignIn:
		return http.StatusUnauthorized
	case fault.KindForbidden:
		return http.StatusForbidden
	case fault.KindNotFound:
		return http.StatusNotFound
	case fault.KindConflict:
		return http.StatusConflict
	case fault.KindExpired:
		return http.StatusGone
	case fault.KindDeclined:
		return http.StatusPaymentRequired
	case fault.KindBusy:
		return http.StatusTooManyRequests
	}
	switch {
	case errors.Is(err, errOverload), errors.Is(err, context.DeadlineExceeded):
		return http.StatusServiceUnavailable
	case errors.As(err, &tooLarge):
		return http.StatusRequestEntityTooLarge
	case errors.Is(err, errMethod):
		return http.StatusMethodNotAllowed
	case errors.Is(err, errOrigin):
		return http.StatusForbidden
	}
	return http.StatusInternalServerError
}

// Errors of the wire itself.
var (
	errOverload = errors.New("front: too many requests at once")
	errMethod   = errors.New("front: no such method here")
	errOrigin   = errors.New("front: a form of another site")
)

// MethodNotAllowed is the error for an address that does not know the method.
func MethodNotAllowed() error { return errMethod }

// Words is the one sentence that a person may read about err.
func Words(err error) string {
	var e *fault.Error
	if errors.As(err, &e) {
		return e.Text
	}
	switch Status(err) {
	case http.StatusServiceUnavailable:
		return "The house is very busy right now. Nothing was changed. Please try again in a minute."
	case http.StatusRequestEntityTooLarge:
		return "This is more than one request may carry. Nothing was saved. Try smaller files, or fewer at once."
	case http.StatusMethodNotAllowed:
		return "This address does not answer to that kind of request."
	case http.StatusForbidden:
		return "This form was sent from another site, so it was not accepted. Open the page here and send it again."
	}
	return "Something went wrong on our side. It has been noted. Nothing that was not confirmed has been changed."
}

// Problem answers with problem+json (RFC 9457). It echoes nothing that was sent.
func Problem(w http.ResponseWriter, r *http.Request, err error) {
	d := Describe(r.Context(), err, InBody)
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(d.Status)
	_ = json.NewEncoder(w).Encode(d) // the caller may be gone
}

// Details is a problem as RFC 9457 has it, with the faulty fields beside it.
type Details struct {
	Title    string       `json:"title" doc:"What kind of problem it is; the same words for every problem of its status."`
	Status   int          `json:"status" minimum:"400" maximum:"599" doc:"The HTTP status."`
	Detail   string       `json:"detail" doc:"What happened this time and what to do, for a person to read."`
	Instance string       `json:"instance,omitempty" doc:"The name of this request in the log of the house."`
	Errors   []FieldError `json:"errors,omitempty" doc:"Every field that needs mending."`
}

// FieldError is one field that needs mending.
type FieldError struct {
	Location string `json:"location" doc:"Where it stands, like body.pick.tier or query.cursor."`
	Message  string `json:"message" doc:"What is wrong with it, for a person to read."`
}

// Describe says what may be said about err to whoever sent the request, and
// notes the rest for the log. locate turns the path of a field into its place
// in the request.
func Describe(ctx context.Context, err error, locate func(field string) string) Details {
	Note(ctx, err)
	status := Status(err)
	d := Details{Title: http.StatusText(status), Status: status, Detail: Words(err), Instance: Instance(ctx)}
	var e *fault.Error
	if errors.As(err, &e) {
		for _, field := range slices.Sorted(maps.Keys(e.Fields)) {
			d.Errors = append(d.Errors, FieldError{locate(field), e.Fields[field]})
		}
	}
	return d
}

// Instance is the name of the request in the log, "" outside of one.
func Instance(ctx context.Context) string {
	if id := In(ctx).RequestID; id != "" {
		return "urn:request:" + id
	}
	return ""
}

// InBody places a field in the body of the request: packages.0.price becomes
// body.packages[0].price.
func InBody(field string) string {
	var b strings.Builder
	b.WriteString("body")
	for part := range strings.SplitSeq(field, ".") {
		if _, err := strconv.Atoi(part); err == nil {
			b.WriteString("[" + part + "]")
		} else {
			b.WriteString("." + part)
		}
	}
	return b.String()
}

// Note remembers err for the access log of the request when it is internal, so
// that the cause stands in the log and nowhere else.
func Note(ctx context.Context, err error) {
	if v := visit(ctx); v != nil && fault.KindOf(err) == "" {
		v.err = err
	}
}

// Log is the house's log with the request's name on it.
func (f *Front) log(ctx context.Context) *slog.Logger {
	if v := visit(ctx); v != nil {
		return f.Log.With("request", v.RequestID)
	}
	return f.Log
}
