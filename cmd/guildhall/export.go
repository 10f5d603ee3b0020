package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"guildhall/internal/app"
)

type exportCmd struct {
	houseFlags
	Out string `help:"File to write to. Default: the output." type:"path"`
}

// Run writes everything but secrets as JSON lines.
func (c *exportCmd) Run(ctx context.Context) error {
	return withHouse(ctx, c.houseFlags, func(a *app.App) error {
		var out io.Writer = os.Stdout
		if c.Out != "" {
			f, err := os.OpenFile(c.Out, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
			if err != nil {
				return err
			}
			defer func() { _ = f.Close() }()
			n, err := a.Market.Export(ctx, f)
			if err = errors.Join(err, f.Sync()); err == nil {
				fmt.Fprintf(os.Stderr, "%d lines in %s.\n", n, c.Out)
			}
			return err
		}
		_, err := a.Market.Export(ctx, out)
		return err
	})
}
