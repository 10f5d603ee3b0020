package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"guildhall/internal/app"
	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/reputation"
)

type reputationCmd struct {
	Verify reputationVerifyCmd `cmd:"" help:"Check a seller's signed record; fails unless it is to be believed."`
	Keys   reputationKeysCmd   `cmd:"" help:"Print the keys that sign records, as they are published."`
	Rotate reputationRotateCmd `cmd:"" help:"Let a new key sign records from now on."`
	Revoke reputationRevokeCmd `cmd:"" help:"Take a signed record back."`
}

type reputationVerifyCmd struct {
	File   string    `arg:"" help:"The record; - reads it from the standard input."`
	Keys   string    `help:"Keys of the house: a file, or an address such as https://guild.example. Default: asks the house that the record names, and says whose it is."`
	Issuer string    `help:"Address of the house that it has to be from. Default: that of the keys, where they have one."`
	Online bool      `help:"Ask the house too whether it was taken back."`
	At     time.Time `format:"2006-01-02T15:04:05Z07:00" help:"Check it as of this moment instead of now."`
	JSON   bool      `name:"json" help:"Print what it claims as JSON."`
}

// errRecord is a record that is not to be believed, after it was said why.
var errRecord = errors.New("this record is not to be believed")

// Run checks the record. Without --online and with --keys FILE nobody is asked.
func (c *reputationVerifyCmd) Run(ctx context.Context) error {
	text, err := readAll(c.File)
	if err != nil {
		return err
	}
	keys, issuer, err := c.keys(ctx, string(text))
	if err != nil {
		return err
	}
	if c.At.IsZero() {
		c.At = time.Now()
	}
	v := reputation.Verify(string(text), keys, issuer, c.At)
	if !v.OK() {
		fmt.Println(v.Why.Words())
		if v.Signed() {
			c.print(v.Record)
		}
		return errRecord
	}
	status := reputation.Status{ID: v.Record.ID}
	if c.Online {
		if status, err = askStatus(ctx, v.Record); err != nil {
			return err
		}
		if status.State == reputation.Valid || status.State == reputation.Superseded {
			if status.Digest != v.Digest {
				status = reputation.Status{ID: v.Record.ID, State: reputation.Unknown}
			}
		}
	}
	c.print(v.Record)
	switch status.State {
	case "":
		fmt.Fprintln(os.Stderr, "Whether it was taken back since was not asked; --online asks.")
	case reputation.Valid, reputation.Superseded:
		fmt.Fprintln(os.Stderr, status.Words())
	default:
		fmt.Fprintln(os.Stderr, status.Words())
		return errRecord
	}
	return nil
}

// keys finds the keys to check with, and whose they are.
func (c *reputationVerifyCmd) keys(ctx context.Context, text string) (reputation.Keys, string, error) {
	from, issuer := c.Keys, c.Issuer
	if from == "" {
		named, err := reputation.Issuer(text)
		if err != nil {
			return reputation.Keys{}, "", err
		}
		fmt.Fprintf(os.Stderr, "Asking %s for its keys. Is that the house you know?\n", named)
		from = named
	}
	if !web(from) {
		source, err := os.ReadFile(from)
		if err != nil {
			return reputation.Keys{}, "", err
		}
		keys, err := reputation.ParseKeys(source)
		return keys, issuer, err
	}
	house := strings.TrimSuffix(strings.TrimSuffix(from, reputation.KeysPath), "/")
	if issuer == "" {
		issuer = house
	}
	source, err := fetch(ctx, house+reputation.KeysPath)
	if err != nil {
		return reputation.Keys{}, "", err
	}
	keys, err := reputation.ParseKeys(source)
	return keys, issuer, err
}

func (c *reputationVerifyCmd) print(r reputation.Record) {
	if c.JSON {
		out := json.NewEncoder(os.Stdout)
		out.SetIndent("", "  ")
		_ = out.Encode(r) // to a terminal
		return
	}
	if r.Play {
		fmt.Println("Made in a rehearsal, where nothing is real.")
	}
	fmt.Printf("%s (@%s) at %s\n", r.Seller.Name, r.Seller.Handle, r.Issuer)
	if r.Level.Name != "" {
		fmt.Printf("%s\n", r.Level.Words)
	}
	fmt.Printf("made %s, good until %s, named %s\n\n", r.Issued.Format(time.RFC3339), r.Expires.Format(time.RFC3339), r.ID)
	t := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "figure\tsays\tabove the line\tbelow\tleft out\tof")
	for _, f := range r.Figures {
		below := "-"
		if f.Denominator != 0 {
			below = fmt.Sprint(f.Denominator)
		}
		fmt.Fprintf(t, "%s\t%s\t%d\t%s\t%d\t%s\n", f.Words, f.Value, f.Numerator, below, f.Excluded, f.Unit)
	}
	fmt.Fprintln(t, "\t\t\t\t\t")
	fmt.Fprintln(t, "cancelled\torders\tcount against the seller\t\t\t")
	for _, e := range r.Endings {
		fmt.Fprintf(t, "%s\t%d\t%d\t\t\t\n", e.Words, e.Orders, e.Counted)
	}
	_ = t.Flush() // to a terminal
}

// askStatus asks the house that made a record what has become of it.
func askStatus(ctx context.Context, r reputation.Record) (s reputation.Status, err error) {
	source, err := fetch(ctx, r.Issuer+reputation.StatusPath+string(r.ID))
	if err != nil {
		return s, err
	}
	return s, json.Unmarshal(source, &s)
}

// most is what is read of an answer.
const most = 1 << 20

func fetch(ctx context.Context, address string) ([]byte, error) {
	if !web(address) {
		return nil, fmt.Errorf("%q is no address of a house", address)
	}
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer func() { _ = response.Body.Close() }() // only read from
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answers %s", address, response.Status)
	}
	return io.ReadAll(io.LimitReader(response.Body, most))
}

func web(name string) bool {
	return strings.HasPrefix(name, "https://") || strings.HasPrefix(name, "http://")
}

func readAll(name string) ([]byte, error) {
	if name == "-" {
		return io.ReadAll(io.LimitReader(os.Stdin, most))
	}
	return os.ReadFile(name)
}

type reputationKeysCmd struct{ houseFlags }

// Run prints the published keys, for checking without a network.
func (c *reputationKeysCmd) Run(ctx context.Context) error {
	return withHouse(ctx, c.houseFlags, func(a *app.App) error {
		keys, err := a.Market.RecordKeys(ctx)
		return printKeys(keys, err)
	})
}

func printKeys(keys reputation.Keys, err error) error {
	if err != nil {
		return err
	}
	text, err := keys.JSON()
	fmt.Println(string(text))
	return err
}

type reputationRotateCmd struct {
	houseFlags
	Distrust bool `help:"The keys so far may be in other hands: nothing that they signed is believed any more."`
}

// Run makes a new key. A house that runs meanwhile uses it at once.
func (c *reputationRotateCmd) Run(ctx context.Context) error {
	return withHouse(ctx, c.houseFlags, func(a *app.App) error {
		keys, err := a.Market.RotateRecordKey(ctx, member.House(), c.Distrust)
		return printKeys(keys, err)
	})
}

type reputationRevokeCmd struct {
	houseFlags
	Record string `arg:"" help:"Name of the record: record_01k…"`
	Why    string `required:"" help:"Why, in words that its seller and whoever checks it will read."`
}

// Run takes a record back.
func (c *reputationRevokeCmd) Run(ctx context.Context) error {
	return withHouse(ctx, c.houseFlags, func(a *app.App) error {
		if err := a.Market.RevokeRecord(ctx, member.House(), "", ident.Record(c.Record), c.Why); err != nil {
			return err
		}
		fmt.Printf("%s is taken back.\n", c.Record)
		return nil
	})
}
