package client

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
)

// Problem is a refusal in the words of the house.
type Problem struct {
	Status   int          `json:"status"`
	Title    string       `json:"title"`
	Detail   string       `json:"detail"`   // what happened and what to do
	Instance string       `json:"instance"` // names the request in the log of the house
	Errors   []FieldError `json:"errors"`
	Preview  *Preview     `json:"preview"` // where an effect has changed: what it would be now
}

// FieldError is one field that needs mending.
type FieldError struct {
	Location string `json:"location"` // like body.pick.tier
	Message  string `json:"message"`
}

// Error is the sentence followed by the fields at fault.
func (p *Problem) Error() string {
	var b strings.Builder
	b.WriteString("guildhall: " + p.Detail)
	for _, e := range p.Errors {
		b.WriteString("; " + e.Location + ": " + e.Message)
	}
	return b.String()
}

// Field is what is wrong with a field such as body.pick.tier, "" when nothing is.
func (p *Problem) Field(location string) string {
	for _, e := range p.Errors {
		if e.Location == location {
			return e.Message
		}
	}
	return ""
}

// maxProblem is how much of a refusal is read.
const maxProblem = 1 << 20

func problemOf(res *http.Response) error {
	p := &Problem{}
	err := json.NewDecoder(io.LimitReader(res.Body, maxProblem)).Decode(p)
	if err != nil || p.Detail == "" { // a proxy between us and the house
		p = &Problem{Title: http.StatusText(res.StatusCode), Detail: res.Status}
	}
	p.Status = res.StatusCode
	return p
}
