package house

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// traces are what a stranger's machine must not find in the repository. They
// are written so that this file does not find itself.
var traces = []struct {
	what *regexp.Regexp
	why  string
	in   func(path string) bool
}{
	{regexp.MustCompile(`/wor[k]/`), "a path of somebody's machine", anywhere},
	{regexp.MustCompile(`/(hom[e]|Users)/[a-z]`), "a path of somebody's machine", anywhere},
	{regexp.MustCompile(`/tm[p]/`), "a path of somebody's machine", func(p string) bool { return strings.HasSuffix(p, ".md") }},
	{regexp.MustCompile(`"resolved": *"http[s]?:`), "a lock file tied to one registry", func(p string) bool { return strings.HasSuffix(p, "package-lock.json") }},
	{regexp.MustCompile(`BEGIN (RSA |EC |OPENSSH )?PRIVAT[E] KEY`), "a private key", anywhere},
	{regexp.MustCompile(`^(<{7}|>{7}) `), "a merge that was left half done", anywhere},
}

func anywhere(string) bool { return true }

// TestNoTraces reads every file that is, or is about to be, in the repository.
func TestNoTraces(t *testing.T) {
	top, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("git", "-c", "safe.directory=*", "-C", top, "ls-files", "--cached", "--others", "--exclude-standard", "-z").Output()
	if err != nil {
		t.Skipf("SKIPPED, NOT PASSED: no git here, or no repository: %v", err)
	}
	files := strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
	if len(files) < 100 {
		t.Fatalf("git knows %d files; is the test looking at the right tree?", len(files))
	}
	for _, path := range files {
		body, err := os.ReadFile(filepath.Join(top, path))
		if os.IsNotExist(err) {
			continue // removed and not yet committed
		}
		if err != nil {
			t.Fatal(err)
		}
		if bytes.IndexByte(body, 0) >= 0 {
			continue // pictures and fonts
		}
		for _, trace := range traces {
			if !trace.in(path) {
				continue
			}
			for n, line := range bytes.Split(body, []byte("\n")) {
				if trace.what.Match(line) {
					t.Errorf("%s:%d: %s: %.120s", path, n+1, trace.why, line)
				}
			}
		}
	}
}
