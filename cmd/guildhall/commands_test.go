package main

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

var update = flag.Bool("update", false, "write docs/commands.md anew")

// TestCommandsDocument keeps docs/commands.md what the program says of itself.
// go test ./cmd/guildhall -run CommandsDocument -update writes it.
func TestCommandsDocument(t *testing.T) {
	const path = "../../docs/commands.md"
	parser, err := kong.New(&cli, kong.Name("guildhall"), kong.DefaultEnvars("GUILDHALL"))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("# Commands\n\nPrinted from the program (`guildhall --help` says the same); a test compares them. " +
		"Every flag can be given in the environment too, under the name beside it, or as a line `flag = value` in `/etc/guildhall.conf` or `guildhall.conf`.\n")
	for _, c := range parser.Model.Leaves(true) {
		describe(&b, c)
	}
	if *update {
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != b.String() {
		t.Errorf("%s is not what the program says; run this test with -update", path)
	}
}

func describe(b *strings.Builder, c *kong.Node) {
	fmt.Fprintf(b, "\n## guildhall %s\n\n%s\n", strings.TrimPrefix(c.FullPath(), "guildhall "), c.Help)
	if len(c.Positional) > 0 {
		b.WriteString("\n")
		for _, p := range c.Positional {
			fmt.Fprintf(b, "- `%s`: %s\n", p.Summary(), p.Help)
		}
	}
	if len(c.Flags) == 0 {
		return
	}
	b.WriteString("\n| flag | environment | default | |\n| --- | --- | --- | --- |\n")
	for _, f := range c.Flags {
		if f.Hidden || f.Name == "help" {
			continue
		}
		def := f.Default
		if def != "" {
			def = "`" + def + "`"
		}
		if f.Required {
			def = "must be given"
		}
		fmt.Fprintf(b, "| `--%s` | %s | %s | %s |\n", f.Name, strings.Join(f.Envs, ", "), def, strings.ReplaceAll(f.Help, "|", "\\|"))
	}
}
