// Command guildhall is the whole marketplace in one program: it serves it, and
// it looks after it. One file per subcommand; everything they do is done by
// package app and the rooms below it.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // people's zones, also where the system has none

	"github.com/alecthomas/kong"
)

// version is said by the linker; make build takes it from git.
var version = "unknown"

var cli struct {
	Serve      serveCmd         `cmd:"" help:"Serve the marketplace."`
	Demo       demoCmd          `cmd:"" help:"Make a living market for play and serve it on this machine."`
	Migrate    migrateCmd       `cmd:"" help:"Bring the database up to this program's version."`
	Admin      adminCmd         `cmd:"" help:"Make the people who run the house."`
	Policy     policyCmd        `cmd:"" help:"Check, show, compare and apply the rulebook."`
	Import     importCmd        `cmd:"" help:"Bring in what other sites export."`
	Bench      benchCmd         `cmd:"" help:"Measure the house."`
	Audit      auditCmd         `cmd:"" help:"Look at every invariant of the database; fails on any finding."`
	Export     exportCmd        `cmd:"" help:"Write everything but secrets as JSON lines."`
	Rehearse   rehearseCmd      `cmd:"" help:"Copy a real database into one to play with."`
	Doctor     doctorCmd        `cmd:"" help:"Look whether everything that a house needs is there."`
	Version    kong.VersionFlag `env:"-" help:"Print the version."`
	Reputation reputationCmd    `cmd:"" help:"Check what sellers show elsewhere, and look after the keys that sign it."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	parsed := kong.Parse(&cli,
		kong.Name("guildhall"),
		kong.Description("A marketplace for freelance work, in one program. Flags can be given as GUILDHALL_… in the environment too."),
		kong.UsageOnError(),
		kong.Vars{"version": version},
		kong.DefaultEnvars("GUILDHALL"),
		kong.Configuration(settings, "/etc/guildhall.conf", "guildhall.conf"),
		kong.BindTo(ctx, (*context.Context)(nil)),
	)
	if err := parsed.Run(); err != nil && !errors.Is(err, context.Canceled) {
		fmt.Fprintln(os.Stderr, "guildhall: "+err.Error())
		stop()
		os.Exit(1) // stop was called
	}
}
