package api

import (
	"bytes"
	"cmp"
	_ "embed"
	"html/template"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

//go:embed docs.html
var docsPage string

//go:embed docs.css
var docsStyle []byte

const docsPolicy = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// docView is the description as its page shows it.
type docView struct {
	Title, About string
	Groups       []docGroup
}

type docGroup struct {
	Anchor     string
	Name       string
	Operations []docOperation
}

type docOperation struct {
	ID, Method, Path, Summary, About string
	Who                              string
	Params                           []docField
	Sends                            string // type of the body
	Body                             []docField
	Answers                          []docAnswer
}

type docAnswer struct {
	Status, Words, Kind string
	Fields              []docField
}

// docField is one line of a request or an answer; Depth is how far it is nested.
type docField struct {
	Name, Kind, About string
	Required          bool
	Depth             int
}

// describeForPeople makes the page of the description, once: it holds nothing
// but what was registered.
func (a *API) describeForPeople() {
	var page bytes.Buffer
	if err := template.Must(template.New("docs").Parse(docsPage)).Execute(&page, docOf(a.huma.OpenAPI())); err != nil {
		panic("api: the page of the description cannot be written: " + err.Error())
	}
	serve := func(path, kind string, body []byte) {
		a.mux.HandleFunc("GET "+path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind+"; charset=utf-8")
			w.Header().Set("Content-Security-Policy", docsPolicy)
			_, _ = w.Write(body) // the reader may be gone
		})
	}
	serve("/api/docs", "text/html", page.Bytes())
	serve("/api/docs/style.css", "text/css", docsStyle)
}

// docOf groups operations as they were registered.
func docOf(spec *huma.OpenAPI) docView {
	v := docView{Title: spec.Info.Title, About: spec.Info.Description}
	for _, path := range slices.Sorted(maps.Keys(spec.Paths)) {
		item := spec.Paths[path]
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Delete} {
			if op == nil {
				continue
			}
			i := slices.IndexFunc(v.Groups, func(g docGroup) bool { return g.Name == op.Tags[0] })
			if i < 0 {
				i = len(v.Groups)
				v.Groups = append(v.Groups, docGroup{Name: op.Tags[0], Anchor: strings.ReplaceAll(strings.ToLower(op.Tags[0]), " ", "-")})
			}
			v.Groups[i].Operations = append(v.Groups[i].Operations, operationDoc(spec, op))
		}
	}
	slices.SortFunc(v.Groups, func(a, b docGroup) int { return cmp.Compare(groupRank(a.Name), groupRank(b.Name)) })
	return v
}

var groups = []string{"Account", "Catalogue", "Gigs", "Files", "Orders", "Order moves", "Money", "Notices", "Policy", "House", "Rehearsal"}

func groupRank(name string) int { return slices.Index(groups, name) }

func operationDoc(spec *huma.OpenAPI, op *huma.Operation) docOperation {
	d := docOperation{ID: op.OperationID, Method: op.Method, Path: op.Path, Summary: op.Summary, About: op.Description, Who: whoDoc(op)}
	for _, p := range op.Parameters {
		kind, about := kindOf(p.Schema), p.Description
		d.Params = append(d.Params, docField{Name: p.Name, Kind: kind + " in " + p.In, About: about, Required: p.Required})
	}
	if op.RequestBody != nil {
		for kind, media := range op.RequestBody.Content {
			d.Sends, d.Body = kind, fieldsOf(spec, media.Schema, 0)
		}
	}
	for _, status := range slices.Sorted(maps.Keys(op.Responses)) {
		r := op.Responses[status]
		answer := docAnswer{Status: status, Words: r.Description}
		for kind, media := range r.Content {
			answer.Kind = kind
			if status < "400" {
				answer.Fields = fieldsOf(spec, media.Schema, 0)
			}
		}
		d.Answers = append(d.Answers, answer)
	}
	return d
}

func whoDoc(op *huma.Operation) string {
	if len(op.Security) == 0 {
		return "Anybody."
	}
	scopes, byToken := op.Security[0][bearer]
	switch {
	case !byToken:
		return "A signed-in browser only, never a token."
	case len(scopes) == 0:
		return "Operators, with a token that may manage, or in a browser."
	}
	return "A signed-in browser, or a token with the scope " + strings.Join(scopes, " or ") + "."
}

// maxDepth is how far an answer is unfolded.
const maxDepth = 3

func fieldsOf(spec *huma.OpenAPI, s *huma.Schema, depth int) []docField {
	s = resolved(spec, s)
	if s.Type == huma.TypeArray {
		s = resolved(spec, s.Items)
	}
	if depth > maxDepth {
		return nil
	}
	var list []docField
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		field := s.Properties[name]
		list = append(list, docField{
			Name: name, Kind: kindOf(field), About: field.Description, Required: slices.Contains(s.Required, name), Depth: depth,
		})
		list = append(list, fieldsOf(spec, field, depth+1)...)
	}
	return list
}

func resolved(spec *huma.OpenAPI, s *huma.Schema) *huma.Schema {
	for s.Ref != "" {
		s = spec.Components.Schemas.SchemaFromRef(s.Ref)
	}
	return s
}

// kindOf says in a few words what a value is.
func kindOf(s *huma.Schema) string {
	if s.Ref != "" {
		return s.Ref[strings.LastIndex(s.Ref, "/")+1:]
	}
	switch {
	case s.Type == huma.TypeArray:
		return "list of " + kindOf(s.Items)
	case s.Format == "date-time":
		return "instant"
	case s.Format == "binary":
		return "bytes"
	case len(s.Enum) > 0:
		return "one of " + enumDoc(s.Enum)
	}
	return s.Type
}

func enumDoc(values []any) string {
	words := make([]string, len(values))
	for i, v := range values {
		if text, ok := v.(string); ok && text != "" {
			words[i] = text
		} else {
			words[i] = "empty"
		}
	}
	return strings.Join(words, ", ")
}
