package house

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"guildhall/internal/order"
	"guildhall/internal/web"
)

var update = flag.Bool("update", false, "write docs/authz.tsv anew")

// kinds of visitor, the columns of the table.
var kinds = []string{"guest", "stranger", "buyer", "seller", "agent", "operator", "reader"}

// address is one route, its variables still in it.
type address struct{ method, pattern string }

// row is one address with one choice of what stands in its variables.
type row struct {
	address
	object string // "-" where there is no variable
}

func (r row) String() string { return r.method + "\t" + r.pattern + "\t" + r.object }

const aboutAuthz = `# Who gets what answer. A test asks the running program every cell and compares, both ways.
#
# object    there: it exists, and the buyer and the seller are its parties; draft: a gig of the seller's that is not
#           public; missing: it does not exist
# guest     nobody is signed in                stranger  a member, with a shop of their own, not a party
# agent     of the support desk                operator  runs the house
# reader    the buyer, by an API token that may only read
#
# in        the door opens; what then happens is for the rules (also 409, 410 and 402)
# input     the door opens, and the empty request is sent back to be filled in (400, 415, 422)
# shop      the door opens to sellers only, and shows the way to become one
# 401 403 404   it does not; a page answers 401 with the way to sign in
`

// TestAuthz holds docs/authz.tsv against the program.
// go test ./internal/house -run Authz -update writes it.
func TestAuthz(t *testing.T) {
	v := newVillage(t)
	var table strings.Builder
	table.WriteString(aboutAuthz + "method\tpath\tobject\t" + strings.Join(kinds, "\t") + "\n")
	answers := map[string][]string{}
	for _, r := range v.rows() {
		var cells []string
		for _, who := range kinds {
			cells = append(cells, v.ask(r, who))
		}
		answers[r.String()] = cells
		fmt.Fprintf(&table, "%s\t%s\n", r, strings.Join(cells, "\t"))
	}
	v.sameAsMissing(answers)
	path := filepath.Join(root, "docs", "authz.tsv")
	if *update {
		if err := os.WriteFile(path, []byte(table.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	differ(t, strings.Split(string(want), "\n"), strings.Split(table.String(), "\n"))
}

// differ names each line that only one side has.
func differ(t *testing.T, want, got []string) {
	t.Helper()
	for _, line := range got {
		if !slices.Contains(want, line) {
			t.Errorf("the program does this, docs/authz.tsv does not say it:\n%s", line)
		}
	}
	for _, line := range want {
		if !slices.Contains(got, line) {
			t.Errorf("docs/authz.tsv says this, the program does not do it:\n%s", line)
		}
	}
}

// sameAsMissing proves that whoever may not see a thing cannot tell it from one
// that does not exist. Public things may say that they are somebody else's.
func (v *village) sameAsMissing(answers map[string][]string) {
	pairs := 0
	for key, there := range answers {
		cut := strings.LastIndex(key, "\t") + 1
		public := there[0] == "in" || there[0] == "input" || strings.Contains(key, "/gigs/{") && key[cut:] == "there"
		missing, ok := answers[key[:cut]+"missing"]
		if !ok || key[cut:] == "missing" || public {
			continue
		}
		pairs++
		for _, who := range []int{0, 1} { // guest, stranger
			if there[who] != missing[who] {
				v.t.Errorf("%s: a %s is told %s, of a missing one %s", key, kinds[who], there[who], missing[who])
			}
		}
	}
	if pairs < 20 {
		v.t.Errorf("only %d private things were compared", pairs)
	}
}

// rows are all addresses of both faces, each variable filled in every way.
func (v *village) rows() []row {
	var list []row
	for _, a := range v.addresses() {
		if !strings.Contains(a.pattern, "{") {
			list = append(list, row{a, "-"})
			continue
		}
		patterns := []string{a.pattern}
		if strings.Contains(a.pattern, "{move}") {
			patterns = nil
			for _, move := range []order.Name{order.MoveUndo, order.MoveWaive, order.MoveSubmit, order.MoveDeliver, order.MoveAccept} {
				patterns = append(patterns, strings.Replace(a.pattern, "{move}", string(move), 1))
			}
		}
		for _, p := range patterns {
			if _, known := v.object(address{a.method, p}); known {
				list = append(list, row{address{a.method, p}, "there"})
			}
			if strings.Contains(p, "/gigs/{") {
				list = append(list, row{address{a.method, p}, "draft"})
			}
			list = append(list, row{address{a.method, p}, "missing"})
		}
	}
	return list
}

func (v *village) addresses() []address {
	var list []address
	for _, r := range web.Routes(true) {
		list = append(list, address{r.Method, strings.ReplaceAll(r.Pattern, "{$}", "")})
	}
	var described struct {
		Paths map[string]map[string]any `json:"paths"`
	}
	answer := v.send("guest", http.MethodGet, "/api/openapi.json")
	if err := json.Unmarshal(answer.Body.Bytes(), &described); err != nil {
		v.t.Fatal(err)
	}
	for path, methods := range described.Paths {
		for method := range methods {
			list = append(list, address{strings.ToUpper(method), path})
		}
	}
	if len(list) < 80 {
		v.t.Fatalf("found %d addresses", len(list))
	}
	slices.SortFunc(list, func(a, b address) int {
		return strings.Compare(a.pattern+" "+a.method, b.pattern+" "+b.method)
	})
	return list
}

// ask fills an address in, sends it as one kind of visitor and reads the answer.
func (v *village) ask(r row, who string) string {
	v.t.Helper()
	path := r.pattern
	if r.object != "-" {
		id := "nothing_here"
		switch {
		case r.object == "there":
			id, _ = v.object(r.address)
		case r.object == "draft":
			id = v.draft(path)
		case strings.Contains(path, "{id}"):
			id = v.missing(path)
		}
		path = fill(path, id)
	}
	answer := v.send(who, r.method, path)
	if strings.HasSuffix(r.pattern, "/logout") || strings.HasSuffix(r.pattern, "/session") {
		v.signIn(who)
	}
	if strings.HasSuffix(r.pattern, "/block") {
		v.unblock()
	}
	switch code := answer.Code; {
	case code >= 500:
		v.t.Errorf("%s as %s: %d %s", r, who, code, answer.Body)
		return "broken"
	case code == http.StatusSeeOther && strings.HasPrefix(answer.Header().Get("Location"), "/login"):
		return "401"
	case code == http.StatusSeeOther && strings.HasPrefix(answer.Header().Get("Location"), "/profile/seller") && !strings.HasPrefix(path, "/profile"):
		return "shop"
	case code < 400, code == http.StatusConflict, code == http.StatusGone, code == http.StatusPaymentRequired:
		return "in"
	case code == http.StatusBadRequest, code == http.StatusUnsupportedMediaType, code == http.StatusUnprocessableEntity:
		return "input"
	default:
		return fmt.Sprint(code)
	}
}

// fill puts a value into the first variable of a path, and what fits into others.
func fill(path, value string) string {
	path = strings.Replace(path, "{size}", "avatar", 1)
	path = strings.Replace(path, "{no}", "1", 1)
	path = strings.Replace(path, "{kind}", "cancel", 1)
	path = strings.Replace(path, "{act}", "report_demand", 1)
	path = strings.Replace(path, "{file}", "file_00000000000000000000000000", 1)
	before, rest, _ := strings.Cut(path, "{")
	_, after, _ := strings.Cut(rest, "}")
	return before + value + after
}

// send makes a request as one kind of visitor.
func (v *village) send(who, method, path string) *httptest.ResponseRecorder {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(v.t.Context(), time.Minute)
	defer cancel()
	if path == "/live" { // stays open
		ctx, cancel = context.WithTimeout(ctx, 20*time.Millisecond)
		defer cancel()
	}
	body, form := "", "application/x-www-form-urlencoded"
	if strings.HasPrefix(path, "/api/") {
		body, form = "{}", "application/json"
	}
	r := httptest.NewRequestWithContext(ctx, method, path, bytes.NewBufferString(body))
	if method != http.MethodGet {
		r.Header.Set("Content-Type", form)
	}
	r.RemoteAddr = v.elsewhere()
	if cookie := v.cookies[who]; cookie != nil {
		r.AddCookie(cookie)
	}
	if who == "reader" {
		r.Header.Set("Authorization", "Bearer "+v.token)
	}
	w := httptest.NewRecorder()
	v.door.ServeHTTP(w, r)
	return w
}
