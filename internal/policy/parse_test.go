package policy

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", false, "write what the tests got as what they want")

// Each file in testdata/faults edits the classic profile (old → new, one or more
// times) or, without an old, replaces it, and holds the faults that must come out.
func TestFaults(t *testing.T) {
	files, err := filepath.Glob("testdata/faults/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			story, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			source, want := editClassic(t, story)
			_, err = Parse("house.yaml", source)
			var faults Faults
			if !errors.As(err, &faults) {
				t.Fatalf("Parse = %v, want Faults", err)
			}
			got := faults.Error() + "\n"
			if *update {
				want.Data = []byte(got)
				if err := os.WriteFile(file, txtar.Format(story), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if got != string(want.Data) {
				t.Errorf("got\n%s\nwant\n%s", got, want.Data)
			}
		})
	}
}

func editClassic(t *testing.T, story *txtar.Archive) (source []byte, want *txtar.File) {
	t.Helper()
	profile, _, err := Profile("classic")
	if err != nil {
		t.Fatal(err)
	}
	text, old := string(profile), ""
	for i := range story.Files {
		f := &story.Files[i]
		switch f.Name {
		case "old":
			if old = strings.TrimSuffix(string(f.Data), "\n"); strings.Count(text, old) != 1 {
				t.Fatalf("%q stands %d times in the profile", old, strings.Count(text, old))
			}
		case "new":
			if old == "" {
				text = string(f.Data)
			} else {
				text = strings.Replace(text, old, strings.TrimSuffix(string(f.Data), "\n"), 1)
			}
		case "want":
			want = f
		default:
			t.Fatalf("what is %q?", f.Name)
		}
	}
	if want == nil {
		t.Fatal("no want")
	}
	return []byte(text), want
}

// What txtar cannot hold.
func TestFaultsOfBytes(t *testing.T) {
	profile, doc, err := Profile("classic")
	if err != nil {
		t.Fatal(err)
	}
	t.Run("bytes that are no text", func(t *testing.T) {
		broken := strings.Replace(string(profile), "profile: classic", "profile: cl\xffssic", 1)
		_, err := Parse("house.yaml", []byte(broken))
		place := strings.Count(broken[:strings.Index(broken, "\xff")], "\n") + 1
		var faults Faults
		if !errors.As(err, &faults) || len(faults) != 1 || faults[0].Line != place || faults[0].Column != 12 {
			t.Errorf("got %v, want one fault at %d:12", err, place)
		}
	})
	t.Run("too large", func(t *testing.T) {
		if _, err := Parse("house.yaml", make([]byte, maxSource+1)); err == nil {
			t.Error("a huge file was read")
		}
	})
	for name, same := range map[string]string{
		"line ends of another system": strings.ReplaceAll(string(profile), "\n", "\r\n"),
		"byte order mark":             "\ufeff" + string(profile),
		"document marks":              "---\n" + string(profile) + "...\n",
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Parse("house.yaml", []byte(same))
			if err != nil {
				t.Fatal(err)
			}
			if changes := Diff(doc, got); len(changes) > 0 {
				t.Errorf("read differently: %v", changes)
			}
		})
	}
}

func TestLineEndsMoveNoFault(t *testing.T) {
	profile, _, err := Profile("classic")
	if err != nil {
		t.Fatal(err)
	}
	broken := strings.Replace(string(profile), "\nrequests:", "\nrequets:", 1)
	_, want := Parse("house.yaml", []byte(broken))
	_, got := Parse("house.yaml", []byte(strings.ReplaceAll(broken, "\n", "\r\n")))
	if want == nil || got == nil || got.Error() != want.Error() {
		t.Errorf("got\n%v\nwant\n%v", got, want)
	}
}

func TestCaretStandsUnderTheColumn(t *testing.T) {
	for _, c := range []struct {
		source string
		column int
		want   string
	}{
		{"a: b", 1, "    a: b\n    ^"},
		{"a: b", 4, "    a: b\n       ^"},
		{"\ta: b", 5, "    \ta: b\n    \t   ^"},
		{"é: b", 4, "    é: b\n       ^"},
		{"a:", 6, "    a:\n         ^"},
	} {
		got := Fault{File: "f", Line: 1, Column: c.column, Text: "t", Source: c.source}.String()
		if want := "f:1:" + strconv.Itoa(c.column) + ": t\n" + c.want; got != want {
			t.Errorf("%q: got\n%s\nwant\n%s", c.source, got, want)
		}
	}
}
