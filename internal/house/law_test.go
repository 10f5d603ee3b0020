package house

import (
	"go/ast"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Floors of the house, from the ground up.
const (
	ground = iota // words: no I/O, no clock, no chance
	rule          // pure decisions
	memory        // the store
	edge          // the world outside: files, letters, payments
	door          // the market
	world         // a market that lives by itself
	face          // pages and JSON
	roof          // puts it all together
	aside         // tools beside the house
)

// place is where a room stands and which rooms it may know. Every import that
// is not listed is forbidden; a listed one that is gone is said, too.
type place struct {
	floor  int
	knows  string // our rooms, by name
	beyond string // what it may import although its floor forbids it, with the reason in house
}

var house = map[string]place{
	"money": {ground, "", ""},
	// Ids are made of chance in one place, which can be seeded.
	"ident": {ground, "", "crypto/rand math/rand/v2"},
	"fault": {ground, "", ""},
	// The rulebook is a file that ships inside the program.
	"policy": {ground, "fault ident money", ""},

	"ledger":     {rule, "ident money", ""},
	"member":     {rule, "fault ident", ""},
	"effect":     {rule, "ident ledger member", ""},
	"gig":        {rule, "effect fault ident member money policy", ""},
	"resolution": {rule, "fault gig ident money policy", ""},
	"order":      {rule, "effect fault gig ident ledger member money policy resolution", ""},
	"review":     {rule, "effect fault ident member order policy resolution", ""},
	"desk":       {rule, "effect fault ident member money order policy resolution", ""},
	"offer":      {rule, "effect fault gig ident member money policy", ""},
	"withdrawal": {rule, "effect fault ident ledger member money policy", ""},
	"needs":      {rule, "desk offer order policy", ""},
	"standing":   {rule, "effect fault ident member order policy resolution review talk", ""},
	"rehearsal":  {rule, "effect ident money order policy standing", ""},
	"reputation": {rule, "ident policy standing", ""},
	"talk":       {rule, "effect fault ident member policy", ""},
	"notice":     {rule, "desk effect gig ident member money offer order policy resolution review standing talk withdrawal", ""},
	"job":        {rule, "ident", ""},
	"intake":     {rule, "money", ""},
	"picture":    {rule, "fault", ""},

	"store":              {memory, "desk effect fault gig ident job ledger member money notice offer order policy review standing store/db talk withdrawal", ""},
	"store/db":           {memory, "", ""},
	"store/storetest":    {aside, "store", ""},
	"store/storetest/pg": {aside, "store/storetest", ""},

	"blob": {edge, "", ""},
	"mail": {edge, "", ""},
	// The play provider keeps books of its own, in tables of its own.
	"pay": {edge, "fault ident money store", ""},

	"market": {door, "blob desk effect fault gig ident intake job ledger mail member money needs notice offer order pay picture policy rehearsal reputation resolution review standing store talk withdrawal", ""},
	"sim":    {world, "desk fault gig ident market member money offer order pay policy resolution review standing talk", ""},

	"front":      {face, "fault ident market member", ""},
	"web":        {face, "desk effect fault front gig ident job ledger market member money notice offer order pay policy rehearsal reputation resolution review standing talk web/help web/kit web/page web/static withdrawal", ""},
	"web/help":   {face, "desk effect gig ident ledger member money notice offer order pay policy resolution review standing talk web/kit", ""},
	"web/kit":    {face, "web/static", ""},
	"web/page":   {face, "desk effect gig ident job ledger market member money needs notice offer order pay policy rehearsal reputation resolution review standing talk web/help web/kit withdrawal", ""},
	"web/static": {face, "", ""},
	"api":        {face, "desk effect fault front gig ident job ledger market member money needs notice offer order pay policy rehearsal reputation resolution review standing talk withdrawal", ""},
	// Other people's programs import it, so it knows nothing of the house.
	"client": {face, "", ""},

	"app": {roof, "api blob fault front ident mail market member money pay policy sim store web web/static", ""},
	// Measuring opens a house of its own and is its crowd as well.
	"bench": {roof, "app fault gig ident market member money order pay policy resolution review standing store", ""},
	// The demo makes its market before there is an app to serve it.
	"cmd/guildhall": {roof, "app bench blob client front ident intake mail market member money order pay policy rehearsal reputation sim store web/static withdrawal", ""},
	"house":         {aside, "", ""},
	// Tests of the whole program from outside: killed, starved, raced.
	"proof": {aside, "", ""},
}

// TestArrows holds every import of the house against the table.
func TestArrows(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range rooms(t) {
		p, ok := house[r.name()]
		if !ok {
			t.Errorf("%s is no room of the house: give it a line in the table, or another place", r.name())
			continue
		}
		seen[r.name()] = true
		knows := strings.Fields(p.knows)
		for _, i := range r.Imports {
			if ours(i) && !slices.Contains(knows, short(i)) {
				t.Errorf("%s imports %s: no such arrow is allowed", r.name(), short(i))
			}
		}
	}
	for name, p := range house {
		if !seen[name] && name != "client" {
			t.Errorf("the table has a room %s that is not built", name)
		}
		for _, below := range strings.Fields(p.knows) {
			b, ok := house[below]
			if !ok {
				t.Errorf("the table lets %s know %s, which is no room", name, below)
			}
			if b.floor > p.floor {
				t.Errorf("the table lets %s know %s, which stands above it", name, below)
			}
		}
	}
}

// TestFloors says of whole floors what no line of the table may allow.
func TestFloors(t *testing.T) {
	for name, p := range house {
		for _, below := range strings.Fields(p.knows) {
			bad := ""
			switch {
			case p.floor == face && (below == "store" || strings.HasPrefix(below, "store/")):
				bad = "a face asks the market, never the store"
			case name == "web" && below == "api", name == "api" && strings.HasPrefix(below, "web"), strings.HasPrefix(name, "web/") && below == "api":
				bad = "the faces do not know each other"
			case p.floor == memory && name != "store" && ours(module+"/"+below) && below != "store/db":
				bad = "generated code knows nothing"
			case below == "app" && name != "cmd/guildhall" && name != "bench":
				bad = "only cmd opens the house"
			case below == "house":
				bad = "nothing imports the law"
			}
			if bad != "" {
				t.Errorf("%s → %s: %s", name, below, bad)
			}
		}
	}
}

// impure is what a decision must not know: it could not be replayed, retried,
// previewed or simulated any more.
var impure = []string{"context", "database/sql", "os", "os/exec", "os/signal", "log", "log/slog", "math/rand", "math/rand/v2", "crypto/rand", "net", "syscall", "flag", "testing"}

// TestRulesArePure keeps clocks, chance and I/O out of the ground and the rules.
func TestRulesArePure(t *testing.T) {
	for _, r := range rooms(t) {
		p, ok := house[r.name()]
		if !ok || p.floor > rule {
			continue
		}
		for _, i := range r.Imports {
			if (slices.Contains(impure, i) || strings.HasPrefix(i, "net/") || strings.HasPrefix(i, "database/")) && !slices.Contains(strings.Fields(p.beyond), i) {
				t.Errorf("%s imports %s: a rule gets what it needs as arguments", r.name(), i)
			}
		}
		for _, s := range r.sources(t, false) {
			for _, call := range []string{"time.Now", "time.Since", "time.Until", "time.Sleep", "time.After", "time.NewTimer", "time.NewTicker"} {
				for _, line := range s.mentions(call) {
					t.Errorf("%s:%d: %s in a rule: instants come in as arguments", s.path, line, call)
				}
			}
		}
	}
}

// mentions are the lines in which a file names an exported thing of a package.
func (s source) mentions(qualified string) []int {
	pkg, name, _ := strings.Cut(qualified, ".")
	imported := false
	for _, i := range s.file.Imports {
		p, err := strconv.Unquote(i.Path.Value)
		imported = imported || err == nil && path.Base(p) == pkg && standard(p) && i.Name == nil
	}
	if !imported {
		return nil
	}
	var lines []int
	ast.Inspect(s.file, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok || sel.Sel.Name != name {
			return true
		}
		if x, ok := sel.X.(*ast.Ident); ok && x.Name == pkg {
			lines = append(lines, s.line(sel.Pos()))
		}
		return true
	})
	return lines
}

// TestOneRoomEach names what only one room may do.
func TestOneRoomEach(t *testing.T) {
	only := []struct{ what, by, why string }{
		{"database/sql", "store", "speaks SQL"},
		{"github.com/jackc/pgx/", "store store/db store/storetest", "speaks SQL"},
		{"modernc.org/", "store", "speaks SQL"},
		{"zombiezen.com/", "store", "speaks SQL"},
		{"github.com/pressly/goose/", "store", "changes the schema"},
		{"github.com/alecthomas/kong", "cmd/guildhall", "reads flags"},
		{"flag", "", "reads flags"},
		{"github.com/danielgtaylor/huma/", "api", "speaks JSON to programs"},
		{"github.com/a-h/templ", "web web/kit web/page web/help", "writes pages"},
		{"github.com/alexedwards/scs/", "front", "keeps sessions"},
		{"github.com/wneessen/go-mail", "mail", "sends letters"},
		{"golang.org/x/image/", "picture sim", "touches pictures"},
		{"github.com/brianvoe/gofakeit/", "sim", "makes people up"},
	}
	for _, r := range rooms(t) {
		for _, o := range only {
			for _, i := range r.Imports {
				if (i == o.what || strings.HasSuffix(o.what, "/") && strings.HasPrefix(i, o.what) || strings.HasPrefix(i, o.what+"/")) && !slices.Contains(strings.Fields(o.by), r.name()) {
					t.Errorf("%s imports %s: only %q %s", r.name(), i, o.by, o.why)
				}
			}
		}
		for _, s := range r.sources(t, false) {
			r.only(t, s, "os.Exit", "cmd/guildhall", "store/storetest/pg")
			r.only(t, s, "os.Getenv", "cmd/guildhall", "app", "store/storetest", "store/storetest/pg")
			r.only(t, s, "os.LookupEnv", "cmd/guildhall", "app")
			r.only(t, s, "log.Fatal")
			r.only(t, s, "log.Fatalf")
		}
	}
}

func (r room) only(t *testing.T, s source, call string, by ...string) {
	t.Helper()
	if slices.Contains(by, r.name()) {
		return
	}
	for _, line := range s.mentions(call) {
		t.Errorf("%s:%d: %s: only %v may", s.path, line, call, by)
	}
}

// TestStandardGround keeps the lowest floor free of other people's code.
func TestStandardGround(t *testing.T) {
	allowed := map[string]string{
		"money":   "golang.org/x/text/currency", // the world's currencies and their digits
		"policy":  "github.com/goccy/go-yaml",   // faults with line, column and caret
		"gig":     "golang.org/x/text",          // words compared without their accents
		"intake":  "golang.org/x/text",          // other people's encodings
		"picture": "golang.org/x/image",         // formats that Go's own library lacks
		// Signed the way that everybody can check.
		"reputation": "github.com/go-jose/go-jose",
	}
	for _, r := range rooms(t) {
		p, ok := house[r.name()]
		if !ok || p.floor > rule {
			continue
		}
		for _, i := range r.Imports {
			if ours(i) || standard(i) {
				continue
			}
			if a := allowed[r.name()]; a == "" || !strings.HasPrefix(i, a) {
				t.Errorf("%s imports %s: ground and rules stand on Go's own library", r.name(), i)
			}
		}
	}
}
