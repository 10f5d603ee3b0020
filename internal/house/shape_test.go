package house

import (
	"go/ast"
	"path"
	"slices"
	"strings"
	"testing"

	"guildhall/internal/fault"
	"guildhall/internal/front"
)

// The walls: where a reader gives up. Most files and functions are half as long.
const (
	fileWall     = 600
	functionWall = 90
	testWall     = 120
)

func TestSizes(t *testing.T) {
	for _, r := range rooms(t) {
		for _, s := range r.sources(t, true) {
			if lines := s.line(s.file.FileEnd); lines > fileWall {
				t.Errorf("%s has %d lines; the wall is %d. Look for the second noun in it", s.path, lines, fileWall)
			}
			wall := functionWall
			if s.test {
				wall = testWall
			}
			for _, d := range s.file.Decls {
				if f, ok := d.(*ast.FuncDecl); ok {
					if lines := s.line(f.End()) - s.line(f.Pos()) + 1; lines > wall {
						t.Errorf("%s:%d: %s has %d lines; the wall is %d", s.path, s.line(f.Pos()), f.Name.Name, lines, wall)
					}
				}
			}
		}
	}
}

// TestEveryRoomSaysWhatItIs wants a package comment of more than a line.
func TestEveryRoomSaysWhatItIs(t *testing.T) {
	for _, r := range rooms(t) {
		if r.name() == "store/db" { // generated
			continue
		}
		var said []string
		for _, s := range r.sources(t, false) {
			if s.file.Doc != nil {
				said = append(said, s.file.Doc.Text())
			}
		}
		switch {
		case len(said) != 1:
			t.Errorf("%s has %d package comments; one says what it owns, its flow and its neighbours", r.name(), len(said))
		case strings.Count(said[0], " ") < 20:
			t.Errorf("%s: the package comment says too little: %q", r.name(), said[0])
		}
	}
}

// TestNames keeps out the rooms in which everything ends up.
func TestNames(t *testing.T) {
	drawers := []string{"util", "utils", "common", "models", "model", "types", "helpers", "helper", "pkg", "misc", "shared", "base", "lib", "core", "interfaces"}
	for _, r := range rooms(t) {
		if slices.Contains(drawers, path.Base(r.ImportPath)) {
			t.Errorf("%s: a room is named after what it is about", r.name())
		}
	}
}

// TestEveryFaultHasAStatus reads the kinds from their source, so that a new one
// cannot be forgotten in the map to HTTP.
func TestEveryFaultHasAStatus(t *testing.T) {
	var kinds int
	seen := map[int]fault.Kind{}
	for _, r := range rooms(t) {
		if r.name() != "fault" {
			continue
		}
		for _, s := range r.sources(t, false) {
			for _, kind := range s.constants("Kind") {
				kinds++
				status := front.Status(&fault.Error{Kind: fault.Kind(kind)})
				if status < 400 || status >= 500 {
					t.Errorf("fault %q answers with %d", kind, status)
				}
				if other, taken := seen[status]; taken {
					t.Errorf("faults %q and %q answer alike, with %d", kind, other, status)
				}
				seen[status] = fault.Kind(kind)
			}
		}
	}
	if kinds < 8 {
		t.Errorf("found %d kinds of fault; the test reads the wrong place", kinds)
	}
}

// constants are the values of a file's constants of a named string type.
func (s source) constants(of string) []string {
	var list []string
	ast.Inspect(s.file, func(n ast.Node) bool {
		v, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if typ, ok := v.Type.(*ast.Ident); !ok || typ.Name != of {
			return true
		}
		for _, value := range v.Values {
			if lit, ok := value.(*ast.BasicLit); ok {
				list = append(list, strings.Trim(lit.Value, "`\""))
			}
		}
		return true
	})
	return list
}
