package house

import (
	"encoding/json"
	"os"
	"os/exec"
	"regexp"
	"testing"
)

// TestSQLiteStandsOnItsOwnLibrary holds modernc.org/libc to exactly the version
// that modernc.org/sqlite was made with: another one compiles and corrupts.
func TestSQLiteStandsOnItsOwnLibrary(t *testing.T) {
	var sqlite, libc struct{ Version, GoMod string }
	module := func(path string, into any) {
		cmd := exec.Command("go", "list", "-m", "-json", path)
		cmd.Dir = root
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(out, into); err != nil {
			t.Fatal(err)
		}
	}
	module("modernc.org/sqlite", &sqlite)
	module("modernc.org/libc", &libc)
	text, err := os.ReadFile(sqlite.GoMod)
	if err != nil {
		t.Fatal(err)
	}
	want := regexp.MustCompile(`modernc\.org/libc (v\S+)`).FindSubmatch(text)
	if want == nil {
		t.Fatalf("%s names no libc", sqlite.GoMod)
	}
	if string(want[1]) != libc.Version {
		t.Errorf("modernc.org/sqlite %s wants libc %s, go.mod has %s", sqlite.Version, want[1], libc.Version)
	}
}
