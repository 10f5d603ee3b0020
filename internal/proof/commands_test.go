package proof_test

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestCommands plays the scripts of testdata/commands with the real program:
// what a newcomer types, rightly and wrongly, and what they read.
func TestCommands(t *testing.T) {
	path, err := program()
	must(t, err)
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join("testdata", "commands"),
		Setup: func(env *testscript.Env) error {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				return err
			}
			env.Setenv("ADDR", l.Addr().String())
			env.Setenv("PATH", filepath.Dir(path)+string(os.PathListSeparator)+env.Getenv("PATH"))
			return l.Close()
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"ready": ready, "sound": audited},
	})
}

// ready waits until the house at $ADDR says that it is ready.
func ready(ts *testscript.TestScript, _ bool, _ []string) {
	h := &house{url: "http://" + ts.Getenv("ADDR")}
	ts.Check(h.await(200, generous))
}

// audited wants the last output to be an audit that found nothing.
func audited(ts *testscript.TestScript, _ bool, _ []string) {
	if out := ts.ReadFile("stdout"); !strings.Contains(out, `"findings":[]`) {
		ts.Fatalf("not sound: %s", out)
	}
}
