package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"guildhall/internal/app"
	"guildhall/internal/market"
)

type auditCmd struct {
	houseFlags
	JSON bool `help:"Print the findings as JSON."`
}

// errUnsound is the answer of an audit that found something.
var errUnsound = errors.New("the audit found what must never be; see above")

// Run looks at every invariant and fails on any finding.
func (c *auditCmd) Run(ctx context.Context) error {
	return withHouse(ctx, c.houseFlags, func(a *app.App) error {
		began, orders := time.Now(), 0
		findings, err := a.Market.Audit(ctx, func(n int) {
			if orders = n; watched() {
				fmt.Fprintf(os.Stderr, "\r\033[K%d orders looked at", n)
			}
		})
		wipe()
		if err != nil {
			return err
		}
		if err := c.print(findings, orders, time.Since(began)); err != nil {
			return err
		}
		if len(findings) > 0 {
			return errUnsound
		}
		return nil
	})
}

func (c *auditCmd) print(findings []market.Finding, orders int, took time.Duration) error {
	if c.JSON {
		if findings == nil {
			findings = []market.Finding{}
		}
		return json.NewEncoder(os.Stdout).Encode(struct {
			Orders   int              `json:"orders"`
			Seconds  float64          `json:"seconds"`
			Findings []market.Finding `json:"findings"`
		}{orders, took.Seconds(), findings})
	}
	for _, f := range findings {
		fmt.Printf("%-9s %s: %s\n", f.Rule, f.Subject, f.What)
	}
	fmt.Printf("%d orders, %d findings, %.1f s.\n", orders, len(findings), took.Seconds())
	return nil
}
