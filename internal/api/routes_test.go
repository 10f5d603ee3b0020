package api_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
)

var update = flag.Bool("update", false, "print the routes into docs/api.md")

// TestTheRoutesArePrinted keeps the table in docs/api.md equal to what serves.
func TestTheRoutesArePrinted(t *testing.T) {
	t.Parallel()
	const marker = "<!-- routes -->\n"
	file := filepath.Join("..", "..", "docs", "api.md")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	head, kept, found := strings.Cut(string(text), marker)
	if !found {
		t.Fatalf("%s has no marker", file)
	}
	now := routesTable(sqliteHouse(t).spec)
	if *update {
		if err := os.WriteFile(file, []byte(head+marker+now), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if kept != now {
		t.Errorf("docs/api.md is out of date; run the test with -update")
	}
}

func routesTable(spec *huma.OpenAPI) string {
	var b strings.Builder
	b.WriteString("\n| route | does | who | |\n| --- | --- | --- | --- |\n")
	for _, path := range slices.Sorted(maps.Keys(spec.Paths)) {
		for _, method := range []string{"GET", "POST", "PUT", "DELETE"} {
			op := operationOf(spec.Paths[path], method)
			if op == nil {
				continue
			}
			key := ""
			if slices.ContainsFunc(op.Parameters, func(p *huma.Param) bool { return p.Name == "Idempotency-Key" }) {
				key = "key"
			}
			fmt.Fprintf(&b, "| `%s %s` | %s | %s | %s |\n", method, path, op.Summary, admitted(op), key)
		}
	}
	return b.String()
}

func admitted(op *huma.Operation) string {
	if len(op.Security) == 0 {
		return "anybody"
	}
	scopes, byToken := op.Security[0]["token"]
	switch {
	case !byToken:
		return "browser"
	case slices.Contains(op.Tags, "House"):
		return "operator"
	case slices.Contains(op.Tags, "Desk"):
		return "agent"
	}
	return strings.Join(scopes, ", ")
}

// keyless are the routes other than previews that take no Idempotency-Key, each
// with the reason why sending it twice does no harm.
var keyless = map[string]string{
	"move-clock":             "a rehearsal's clock only goes forward",
	"checkout":               "changes nothing",
	"check-record":           "changes nothing",
	"upload-file":            "an unused file is thrown away",
	"retry-job":              "a job that runs is not tried again",
	"read-all-notices":       "read is read",
	"read-notice":            "read is read",
	"read-thread":            "read is read",
	"reset-password":         "the link opens once",
	"change-password":        "asks for the old password",
	"request-password-reset": "asks for a letter; the newest link counts",
	"rehearse-policy":        "nothing is written",
	"stop-rehearsal":         "stopped is stopped",
	"sign-in":                "a second session does no harm",
	"sign-out":               "gone is gone",
	"set-up":                 "the link opens once",
	"suspension":             "changes nothing: the password does not stand in an address",
	"sign-up":                "an address joins once",
	"make-token":             "a token's words stand in one answer only",
	"revoke-token":           "gone is gone",
}

func TestWhatChangesTakesAKey(t *testing.T) {
	left := maps.Clone(keyless)
	for path, item := range sqliteHouse(t).spec.Paths {
		for _, method := range []string{"POST", "PUT", "DELETE"} {
			op := operationOf(item, method)
			if op == nil {
				continue
			}
			takes := slices.ContainsFunc(op.Parameters, func(p *huma.Param) bool { return p.Name == "Idempotency-Key" })
			if strings.HasSuffix(path, "/preview") {
				if takes {
					t.Errorf("%s does nothing and takes an Idempotency-Key", path)
				}
				continue
			}
			if takes {
				continue
			}
			if left[op.OperationID] == "" {
				t.Errorf("%s %s (%s) takes no Idempotency-Key", method, path, op.OperationID)
			}
			delete(left, op.OperationID)
		}
	}
	for id := range left {
		t.Errorf("%s takes a key or is gone", id)
	}
}
