package api

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"guildhall/internal/fault"
	"guildhall/internal/front"
	"guildhall/internal/market"
	"guildhall/internal/policy"
)

// Problem is what every refused request is answered with.
type Problem struct {
	front.Details
	Preview *Preview `json:"preview,omitempty" doc:"Beside 409 where a digest was sent: what the action would do by now."`
}

// Error is the one sentence about it.
func (p *Problem) Error() string { return p.Detail }

// GetStatus is the HTTP status it goes out with.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType is that of RFC 9457, whatever was asked for.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// plain is a problem without particulars.
func plain(status int) *Problem {
	return &Problem{Details: front.Details{Title: http.StatusText(status), Status: status, Detail: wireWords(status)}}
}

// wireWords are about requests that never reached a handler.
func wireWords(status int) string {
	switch status {
	case http.StatusBadRequest:
		return "This request cannot be read."
	case http.StatusRequestTimeout:
		return "The request took too long to arrive."
	case http.StatusRequestEntityTooLarge:
		return "This is more than one request may carry. Nothing was saved."
	case http.StatusUnsupportedMediaType:
		return "Send JSON, with Content-Type: application/json."
	case http.StatusUnprocessableEntity:
		return "Please look at the named fields."
	case http.StatusInternalServerError:
		return "Something went wrong on our side. It has been noted."
	}
	return http.StatusText(status)
}

// problemOf turns whatever went wrong into a problem: what huma found in the
// request, and what a handler returned.
func problemOf(ctx huma.Context, status int, msg string, errs ...error) huma.StatusError {
	where := context.Background()
	locate := front.InBody
	if ctx != nil {
		where, locate = ctx.Context(), locateIn(ctx.Operation())
	}
	p := plain(status)
	p.Instance = front.Instance(where)
	for _, err := range errs {
		var found huma.ErrorDetailer
		if !errors.As(err, &found) {
			return handled(where, err, msg, locate)
		}
		if len(p.Errors) < mostErrors {
			p.Errors = append(p.Errors, fieldOf(found.ErrorDetail()))
		}
	}
	return refine(p)
}

// mostErrors bounds what one answer lists.
const mostErrors = 50

// handled is a problem that a handler met, or one of reading the body.
func handled(ctx context.Context, err error, msg string, locate func(string) string) *Problem {
	var already *Problem
	var faults policy.Faults
	switch {
	case errors.As(err, &already):
		return already
	case errors.As(err, &faults):
		err = policyFault(faults)
	case msg == "cannot read request body" && front.Status(err) == http.StatusInternalServerError:
		return plain(http.StatusBadRequest) // the sender broke off
	}
	p := &Problem{Details: front.Describe(ctx, err, locate)}
	var changed *market.Changed
	if errors.As(err, &changed) {
		now := effectsOf(changed.Now)
		p.Preview = &now
	}
	return p
}

// policyFault names each faulty line of a policy.
func policyFault(faults policy.Faults) error {
	fields := map[string]string{}
	for _, f := range faults {
		at := "source." + strconv.Itoa(f.Line) + "." + strconv.Itoa(f.Column)
		fields[at] = strings.TrimPrefix(f.Path+": "+f.Text, ": ")
	}
	return &fault.Error{Kind: fault.KindInvalid, Text: "This policy cannot be applied. The numbers behind its source are line and column.", Fields: fields}
}

// refine adapts the status to where the fault lies: an address that cannot
// exist is an address that does not exist.
func refine(p *Problem) *Problem {
	if p.Status != http.StatusUnprocessableEntity || len(p.Errors) == 0 {
		return p
	}
	for _, e := range p.Errors {
		if e.Message == tooLarge {
			return plain(http.StatusRequestEntityTooLarge)
		}
		if !strings.HasPrefix(e.Location, "path.") {
			return p
		}
	}
	instance := p.Instance
	p = plain(http.StatusNotFound)
	p.Detail, p.Instance = errNowhere.Text, instance
	return p
}

const (
	missingField = "expected required property "
	tooLarge     = "too large"
)

// fieldOf keeps the place and the reason of a fault in a request, and nothing
// of what was sent.
func fieldOf(d *huma.ErrorDetail) front.FieldError {
	place, message := d.Location, d.Message
	if at, why, ok := strings.Cut(message, separator); ok { // ours, from strictJSON
		place, message = strings.TrimSuffix(place+"."+at, "."), why
	}
	if rest, ok := strings.CutPrefix(message, missingField); ok {
		name, _, _ := strings.Cut(rest, " ")
		place, message = place+"."+name, "this is required"
	}
	if strings.Contains(message, "request body too large") {
		message = tooLarge
	}
	if strings.HasPrefix(message, "cannot read multipart form") {
		message = "this is no readable multipart/form-data"
	}
	return front.FieldError{Location: printable(place), Message: message}
}

// printable keeps a place readable: names that a sender made up may be anything.
func printable(place string) string {
	place = strings.Map(func(r rune) rune {
		if r > ' ' && r < 0x7f && !strings.ContainsRune("<>&\"'`\\", r) {
			return r
		}
		return '?'
	}, place)
	return place[:min(len(place), 120)]
}

// placesKey is under which a route keeps where its fields stand.
const placesKey = "places"

// places say where the fields that rules name stand in a request; a name ending
// in a dot stands for all that begin so.
type places map[string]string

// locateIn finds the place of a field in the requests of an operation.
func locateIn(op *huma.Operation) func(string) string {
	known, _ := op.Metadata[placesKey].(places)
	reading := op.Method == http.MethodGet
	return func(field string) string {
		if at, ok := known[field]; ok {
			field = at
		} else if head, rest, ok := strings.Cut(field, "."); ok && known[head+"."] != "" {
			field = known[head+"."] + rest
		}
		switch {
		case strings.HasPrefix(field, "query.") || strings.HasPrefix(field, "header."):
			return field
		case reading:
			return "query." + field
		}
		return front.InBody(field)
	}
}
