package house

import (
	"bytes"
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

const (
	module = "guildhall"
	root   = "../.."
)

// room is one package as the go command knows it.
type room struct {
	ImportPath, Dir, Doc               string
	GoFiles, TestGoFiles, XTestGoFiles []string
	Imports, TestImports, XTestImports []string
}

// name is "store/db" for guildhall/internal/store/db, "cmd/guildhall", "client".
func (r room) name() string { return short(r.ImportPath) }

func short(path string) string {
	return strings.TrimPrefix(strings.TrimPrefix(path, module+"/"), "internal/")
}

// ours tells whether an import is one of the house's own packages.
func ours(path string) bool { return strings.HasPrefix(path, module+"/") }

// standard tells whether an import belongs to Go's own library.
func standard(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return !strings.Contains(first, ".") && !ours(path)
}

var load = sync.OnceValues(func() ([]room, error) {
	cmd := exec.Command("go", "list", "-e", "-json=ImportPath,Dir,Doc,GoFiles,TestGoFiles,XTestGoFiles,Imports,TestImports,XTestImports", "./...")
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		return nil, err
	}
	var list []room
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var r room
		if err := d.Decode(&r); errors.Is(err, io.EOF) {
			return list, nil
		} else if err != nil {
			return nil, err
		}
		list = append(list, r)
	}
})

// rooms are all packages of the module; never none.
func rooms(t *testing.T) []room {
	t.Helper()
	list, err := load()
	if err != nil {
		t.Fatal(err)
	}
	if len(list) < 20 {
		t.Fatalf("go list found %d packages; is the test looking at the right tree?", len(list))
	}
	return list
}

// source is one parsed file.
type source struct {
	path string // from the root of the repository
	test bool
	fset *token.FileSet
	file *ast.File
}

func (s source) line(p token.Pos) int { return s.fset.Position(p).Line }

// sources parses the hand-written files of a room.
func (r room) sources(t *testing.T, tests bool) []source {
	t.Helper()
	var list []source
	add := func(files []string, test bool) {
		for _, name := range files {
			fset := token.NewFileSet()
			path := filepath.Join(r.Dir, name)
			file, err := parser.ParseFile(fset, path, nil, parser.ParseComments|parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			if ast.IsGenerated(file) {
				continue
			}
			top, err := filepath.Abs(root)
			if err != nil {
				t.Fatal(err)
			}
			if path, err = filepath.Rel(top, path); err != nil {
				t.Fatal(err)
			}
			list = append(list, source{path, test, fset, file})
		}
	}
	add(r.GoFiles, false)
	if tests {
		add(r.TestGoFiles, true)
		add(r.XTestGoFiles, true)
	}
	return list
}
