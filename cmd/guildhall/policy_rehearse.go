package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"guildhall/internal/app"
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/money"
	"guildhall/internal/policy"
	"guildhall/internal/rehearsal"
)

type policyRehearseCmd struct {
	houseFlags
	File      string    `arg:"" help:"The policy file." type:"existingfile"`
	Effective time.Time `format:"2006-01-02T15:04:05Z07:00" help:"When it would take effect, like 2030-01-31T00:00:00Z. Default: in one minute."`
	From      time.Time `format:"2006-01-02" help:"Look at orders placed from this day on. Default: all."`
	To        time.Time `format:"2006-01-02" help:"Look at orders placed before this day. Default: all."`
	Most      int       `default:"20" help:"How many sellers to print of each kind; 0 prints all."`
	Seller    string    `help:"Show one seller instead, with every order that would have been otherwise: a handle or an id."`
	JSON      bool      `name:"json" help:"Print everything as JSON, every seller included."`
}

// Run replays the house under the file. Nothing is written.
func (c *policyRehearseCmd) Run(ctx context.Context) error {
	_, source, err := policyFile(c.File)
	if err != nil {
		return err
	}
	in := market.Rehearsing{Name: c.File, Source: string(source), At: c.Effective, From: c.From, To: c.To}
	return withHouse(ctx, c.houseFlags, func(a *app.App) error {
		if c.Seller != "" {
			return c.one(ctx, a.Market, in)
		}
		r, err := a.Market.RehearsePolicy(ctx, member.House(), in, soFar(os.Stderr))
		fmt.Fprintln(os.Stderr)
		if err != nil {
			return err
		}
		if c.JSON {
			return json.NewEncoder(os.Stdout).Encode(wireRehearsal(r))
		}
		return c.print(ctx, a.Market, r)
	})
}

// soFar writes how far a rehearsal is: one line that moves, and where the output
// is no screen a line every ten seconds.
func soFar(w *os.File) func(market.RehearsalStep) {
	every, begin, end := 10*time.Second, "", "\n"
	if info, err := w.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
		every, begin, end = 200*time.Millisecond, "\r", "\x1b[K"
	}
	last := time.Now()
	return func(s market.RehearsalStep) {
		if now := time.Now(); now.Sub(last) > every {
			last = now
			fmt.Fprintf(w, "%s%3d %%  %d sellers, %d orders%s", begin, s.Share, s.Sellers, s.Orders, end)
		}
	}
}

func (c *policyRehearseCmd) print(ctx context.Context, m *market.Market, r market.PolicyRehearsal) error {
	fmt.Printf("What differs from %s (profile %s):\n", r.Old.ID, r.Old.Profile)
	for _, change := range r.Changes {
		fmt.Println("  " + change.String())
	}
	fmt.Printf("\nWhat would happen if it took effect at %s and nothing else happened until %s\n", stamp(r.At), stamp(r.Until))
	fmt.Println("(figures and levels go by the policy in force when they are looked at):")
	fmt.Printf("  %6d sellers were looked at\n", r.Sellers)
	for _, k := range rehearsal.Kinds() {
		fmt.Printf("  %6d %s\n", r.Turns[k], k.Words())
	}
	for _, k := range rehearsal.Kinds() {
		if err := c.sellers(ctx, m, r, k); err != nil {
			return err
		}
	}
	fmt.Println("\nWhat would have been, had it been in force when each order was placed")
	fmt.Println("(it will not be: an order keeps the policy it was placed under):")
	return printClasses(os.Stdout, r)
}

// sellers prints those of one kind, each with its day.
func (c *policyRehearseCmd) sellers(ctx context.Context, m *market.Market, r market.PolicyRehearsal, k rehearsal.Kind) error {
	if r.Turns[k] == 0 {
		return nil
	}
	fmt.Printf("\nWho %s:\n", k.Words())
	most := c.Most
	if most <= 0 {
		most = r.Turns[k]
	}
	rows, more := r.Rows(rehearsal.Only(k), "", most)
	for _, row := range rows {
		them, err := m.Member(ctx, row.Member)
		if err != nil {
			return err
		}
		for _, t := range row.Turns {
			if t.Kind == k {
				fmt.Printf("  @%-24s %s\n", them.Handle, turnWords(t, r))
			}
		}
	}
	if more {
		fmt.Printf("  … and %d more; --most 0 prints all.\n", r.Turns[k]-len(rows))
	}
	return nil
}

func turnWords(t rehearsal.Turn, r market.PolicyRehearsal) string {
	from, to := levelWords(r.Old, t.From), levelWords(r.New, t.To)
	if t.Kind == rehearsal.Spared || t.Kind == rehearsal.Missed {
		to = levelWords(r.Old, t.To)
	}
	switch {
	case t.Kind == rehearsal.Warned:
		text := stamp(t.At) + "  " + from + ", and would fall on " + t.Falls.UTC().Format("2 January 2006")
		if t.Missing != "" {
			text += ": " + t.Missing
		}
		return text
	case t.From == t.To:
		return stamp(t.At) + "  " + from
	}
	return stamp(t.At) + "  " + from + " → " + to
}

func levelWords(v policy.Version, name string) string {
	if name == "" {
		return "no level"
	}
	for _, l := range v.Standing.Levels {
		if l.Name == name {
			return l.Words
		}
	}
	return name
}

func printClasses(w io.Writer, r market.PolicyRehearsal) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "ended\torders\tpaid otherwise\tto sellers\tcommission\tbuyers’ fees\tcount anew\tcount no more\tsooner\tlater\tnot so\tnot gone back\t")
	line := func(name string, s rehearsal.Totals) {
		fmt.Fprintf(t, "%s\t%d\t%d\t%s\t%s\t%s\t%d\t%d\t%d\t%d\t%d\t%s\t\n", name, s.Orders, s.Otherwise,
			change(s.Paid, r), change(s.Commission, r), change(s.Fee, r), s.Harder, s.Milder, s.Sooner, s.Later, s.Unless, amount(s.NotBack, r))
	}
	for _, c := range r.Classes {
		name := string(c.Class)
		if name == "" {
			name = "completed"
		}
		line(name, c.Totals)
	}
	line("all", r.Totals)
	return t.Flush()
}

func change(pair [2]int64, r market.PolicyRehearsal) string {
	if pair[0] == pair[1] {
		return "same"
	}
	sign := "+"
	if pair[1] < pair[0] {
		sign = ""
	}
	return sign + amount(pair[1]-pair[0], r)
}

func amount(minor int64, r market.PolicyRehearsal) string {
	return money.Of(minor, r.New.Currency).String()
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02 15:04") }

// one prints what the file would do to one seller.
func (c *policyRehearseCmd) one(ctx context.Context, m *market.Market, in market.Rehearsing) error {
	id := ident.Member(c.Seller)
	if !ident.Valid(id) {
		them, err := m.SellerPage(ctx, strings.TrimPrefix(c.Seller, "@"), "")
		if err != nil {
			return err
		}
		id = them.Member.ID
	}
	after := market.Cursor("")
	for page := 0; ; page++ {
		v, err := m.RehearsedSeller(ctx, member.House(), in, id, after, 100)
		if err != nil {
			return err
		}
		if page == 0 {
			printFate(v)
		}
		for _, l := range v.Orders {
			fmt.Println("  " + lookWords(l, v.PolicyRehearsal))
		}
		if after = v.Next; after == "" {
			return nil
		}
	}
}

func printFate(v market.RehearsedSeller) {
	fmt.Printf("%s (@%s), %s now.\n", v.Member.Name, v.Member.Handle, levelWords(v.Old, v.Held))
	if !v.Fate.Moves() {
		fmt.Println("Nothing would happen to this seller’s level.")
	}
	for _, t := range v.Fate.Turns {
		fmt.Printf("  %s: %s\n", t.Kind.Words(), turnWords(t, v.PolicyRehearsal))
	}
	for _, rung := range v.Rungs {
		met := "not met"
		if rung.Met {
			met = "met"
		}
		fmt.Printf("\n%s of the new ladder: %s\n", rung.Words, met)
		for _, q := range rung.Requirements {
			fmt.Printf("  %-16s %-20s has %s\n", q.Figure, q.Required, q.Mine)
		}
	}
	fmt.Println("\nOrders that would have been otherwise, had it been in force when they were placed:")
}

func lookWords(l rehearsal.Look, r market.PolicyRehearsal) string {
	parts := []string{"#" + l.Ref}
	if l.Paid[0] != l.Paid[1] {
		parts = append(parts, "to the seller "+amount(l.Paid[0], r)+" → "+amount(l.Paid[1], r))
	}
	if l.Commission[0] != l.Commission[1] {
		parts = append(parts, "commission "+amount(l.Commission[0], r)+" → "+amount(l.Commission[1], r))
	}
	if l.Fee[0] != l.Fee[1] {
		parts = append(parts, "fee "+amount(l.Fee[0], r)+" → "+amount(l.Fee[1], r))
	}
	if l.Counts[0] != l.Counts[1] {
		parts = append(parts, "counts against the seller: "+strconv.FormatBool(l.Counts[0])+" → "+strconv.FormatBool(l.Counts[1]))
	}
	if l.Noted[0] != l.Noted[1] {
		parts = append(parts, "noted for the buyer: "+strconv.FormatBool(l.Noted[0])+" → "+strconv.FormatBool(l.Noted[1]))
	}
	if !l.Ends[0].Equal(l.Ends[1]) {
		parts = append(parts, "ends "+stamp(l.Ends[0])+" → "+stamp(l.Ends[1]))
	}
	if !l.Clears[0].Equal(l.Clears[1]) {
		parts = append(parts, "clears "+stamp(l.Clears[0])+" → "+stamp(l.Clears[1]))
	}
	if l.Unless != "" {
		parts = append(parts, l.Unless)
	}
	return strings.Join(parts, "; ")
}
