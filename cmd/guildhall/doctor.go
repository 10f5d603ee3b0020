package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"time"

	"guildhall/internal/app"
	"guildhall/internal/web/static"
)

type doctorCmd struct {
	houseFlags
	mailFlags
}

// Run looks at each thing once and says what is missing.
func (d *doctorCmd) Run(ctx context.Context) error {
	ok := true
	say := func(what string, err error) {
		if err != nil {
			ok = false
			fmt.Printf("  missing  %s: %v\n", what, err)
			return
		}
		fmt.Printf("  well     %s\n", what)
	}
	_, err := time.LoadLocation("Europe/Vienna")
	say("time zones", err)
	err = nil
	if !static.Built() {
		err = errors.New("this program was built without its style sheets; run make")
	}
	say("style sheets and scripts", err)
	if d.Host != "" {
		say("mail settings", d.smtp().Check())
	}
	say("data folder "+d.Data, folder(d.Data))
	a, err := d.open(ctx)
	say("database", err)
	if err == nil {
		d.house(ctx, a, say)
		say("closing", a.Close())
	}
	if !ok {
		return errors.New("something is missing; see above")
	}
	fmt.Println("All is well on " + runtime.GOOS + "/" + runtime.GOARCH + ".")
	return nil
}

func (d *doctorCmd) house(ctx context.Context, a *app.App, say func(string, error)) {
	v := a.Market.Policy()
	say("policy "+v.Profile+" in force since "+v.Effective.UTC().Format(time.DateOnly), nil)
	late, err := a.Market.Overdue(ctx)
	if err == nil && late > time.Minute {
		err = fmt.Errorf("the earliest is %s past; is the server running?", late.Round(time.Second))
	}
	say("deadlines", err)
	byBytes, err := a.Market.SortsByBytes(ctx)
	if err == nil && !byBytes {
		err = errors.New("the database sorts texts by a language's rules; create it with C collation, see docs/operating.md")
	}
	say("sorting of texts", err)
	rehearsal, err := a.Market.Rehearsal(ctx)
	if rehearsal {
		say("rehearsal: this database is for play, for ever", err)
	}
}

func folder(path string) error {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(path, "doctor-*")
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}
