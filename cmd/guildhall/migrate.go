package main

import (
	"context"
	"errors"
	"fmt"

	"guildhall/internal/app"
)

type migrateCmd struct {
	houseFlags
}

// Run brings the database up to date and seeds the first policy.
func (m *migrateCmd) Run(ctx context.Context) error {
	c := m.config()
	c.Migrate = true
	a, err := app.Open(ctx, c)
	if err != nil {
		return err
	}
	fmt.Println("The database is up to date.")
	return errors.Join(a.Close())
}
