package front

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"

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
	status := Status(err)
	Note(r.Context(), err)
	body := map[string]any{"title": http.StatusText(status), "status": status, "detail": Words(err)}
	if id := Of(r).RequestID; id != "" {
		body["instance"] = "urn:request:" + id
	}
	var e *fault.Error
	if errors.As(err, &e) && len(e.Fields) > 0 {
		body["fields"] = e.Fields
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the caller may be gone
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
