package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"guildhall/internal/app"
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/policy"
)

type policyCmd struct {
	Check    policyCheckCmd    `cmd:"" help:"Read a policy file and point at every fault."`
	Show     policyShowCmd     `cmd:"" help:"Print a version, or the list of all."`
	Diff     policyDiffCmd     `cmd:"" help:"Compare two policies: files, versions or profiles."`
	Rehearse policyRehearseCmd `cmd:"" help:"Tell what a file would do to every seller, and what it would have done to every order. Nothing is written."`
	Apply    policyApplyCmd    `cmd:"" help:"Make a file the next version."`
}

type policyCheckCmd struct {
	File string `arg:"" help:"The policy file." type:"existingfile"`
}

// Run reads the file; its faults are printed with line, column and caret.
func (c *policyCheckCmd) Run() error {
	doc, _, err := policyFile(c.File)
	if err != nil {
		return err
	}
	fmt.Printf("%s: no faults; profile %s, currency %s.\n", c.File, doc.Profile, doc.Currency)
	return nil
}

type policyShowCmd struct {
	houseFlags
	Version string `arg:"" optional:"" help:"Id of a version, or the name of a shipped profile. Default: the one in force."`
	List    bool   `help:"List the versions instead."`
}

// Run prints a version's text, or the list.
func (c *policyShowCmd) Run(ctx context.Context) error {
	if source, _, err := policy.Profile(c.Version); err == nil {
		fmt.Print(string(source))
		return nil
	}
	return withHouse(ctx, c.houseFlags, func(a *app.App) error {
		editions, err := a.Market.Editions(ctx)
		if err != nil {
			return err
		}
		now := a.Market.Policy().ID
		for _, e := range editions {
			mark := " "
			if e.ID == now {
				mark = "*"
			}
			switch {
			case c.List:
				fmt.Printf("%s %s  %-10s  from %s\n", mark, e.ID, e.Profile, e.Effective.UTC().Format(time.RFC3339))
			case c.Version == string(e.ID), c.Version == "" && e.ID == now:
				fmt.Print(e.Source)
				return nil
			}
		}
		if c.List {
			return nil
		}
		return fmt.Errorf("there is no version %q", c.Version)
	})
}

type policyDiffCmd struct {
	houseFlags
	A string `arg:"" help:"File, version id or profile."`
	B string `arg:"" help:"File, version id or profile."`
}

// Run prints every number that differs.
func (c *policyDiffCmd) Run(ctx context.Context) error {
	a, err := c.document(ctx, c.A)
	if err != nil {
		return err
	}
	b, err := c.document(ctx, c.B)
	if err != nil {
		return err
	}
	changes := policy.Diff(a, b)
	for _, change := range changes {
		fmt.Println(change)
	}
	if len(changes) == 0 {
		fmt.Println("Nothing differs.")
	}
	return nil
}

func (c *policyDiffCmd) document(ctx context.Context, name string) (policy.Document, error) {
	if _, doc, err := policy.Profile(name); err == nil {
		return doc, nil
	}
	if !ident.Valid(ident.Policy(name)) {
		doc, _, err := policyFile(name)
		return doc, err
	}
	var doc policy.Document
	err := withHouse(ctx, c.houseFlags, func(a *app.App) error {
		v, err := a.Market.PolicyVersion(ctx, ident.Policy(name))
		doc = v.Document
		return err
	})
	return doc, err
}

type policyApplyCmd struct {
	houseFlags
	File      string    `arg:"" help:"The policy file." type:"existingfile"`
	Effective time.Time `format:"2006-01-02T15:04:05Z07:00" help:"When it takes effect, like 2030-01-31T00:00:00Z. Default: in one minute."`
	DryRun    bool      `help:"Only say what would change."`
}

// Run makes the file the next version of the rulebook.
func (c *policyApplyCmd) Run(ctx context.Context) error {
	doc, source, err := policyFile(c.File)
	if err != nil {
		return err
	}
	return withHouse(ctx, c.houseFlags, func(a *app.App) error {
		for _, change := range policy.Diff(a.Market.Policy().Document, doc) {
			fmt.Println(change)
		}
		if c.DryRun {
			return nil
		}
		made, err := a.Market.ApplyPolicy(ctx, member.House(), market.Key(""), c.File, string(source), c.Effective)
		if err != nil {
			return err
		}
		fmt.Printf("%s takes effect at %s.\n", made.ID, made.Effective.UTC().Format(time.RFC3339))
		return nil
	})
}

func policyFile(name string) (policy.Document, []byte, error) {
	source, err := os.ReadFile(name)
	if err != nil {
		return policy.Document{}, nil, err
	}
	doc, err := policy.Parse(name, source)
	return doc, source, err
}

// withHouse opens the house for a tool and closes it again.
func withHouse(ctx context.Context, h houseFlags, do func(*app.App) error) error {
	a, err := h.open(ctx)
	if err != nil {
		return err
	}
	return errors.Join(do(a), a.Close())
}
