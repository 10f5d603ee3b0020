package desk_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"guildhall/internal/desk"
	"guildhall/internal/effect"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/money"
	"guildhall/internal/order"
	"guildhall/internal/policy"
)

var update = flag.Bool("update", false, "write what happened into the stories")

var dawn = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// TestStories plays the lives of cases told in testdata, each named after a
// sentence of section 11: a line of "story" is a span since dawn, somebody and
// what they do; "told" is everything that came of it, and who reads it.
func TestStories(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) < 9 {
		t.Fatalf("stories: %v, %v", files, err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil || len(archive.Files) != 2 {
				t.Fatalf("%v, %d sections", err, len(archive.Files))
			}
			told := play(t, string(archive.Files[0].Data))
			if *update {
				archive.Files[1].Data = []byte(told)
				if err := os.WriteFile(file, txtar.Format(archive), 0o600); err != nil {
					t.Fatal(err)
				}
				return
			}
			if want := string(archive.Files[1].Data); told != want {
				t.Errorf("told:\n%s\nwant:\n%s", told, want)
			}
		})
	}
}

// people of the stories. Ben is tied to the seller where a story says so.
var people = map[string]member.Actor{
	"buyer":    {Member: "member_buyer", Role: member.RoleMember},
	"seller":   {Member: "member_seller", Role: member.RoleMember, Seller: true},
	"stranger": {Member: "member_stranger", Role: member.RoleMember},
	"ada":      {Member: "member_ada", Role: member.RoleAgent},
	"ben":      {Member: "member_ben", Role: member.RoleAgent},
	"cleo":     {Member: "member_cleo", Role: member.RoleOperator},
}

type scene struct {
	t      *testing.T
	c      desk.Case // the newest
	before desk.Case // the one that an appeal follows
	p      policy.Version
	tied   map[string][]ident.Member
	n      int
	told   strings.Builder
}

func play(t *testing.T, story string) string {
	t.Helper()
	s := &scene{t: t, p: policy.Default("policy_test", dawn.Add(-time.Hour)), tied: map[string][]ident.Member{}}
	for line := range strings.Lines(story) {
		words := strings.Fields(line)
		if len(words) < 3 {
			continue
		}
		span, err := policy.ParseDuration(words[0])
		if err != nil {
			t.Fatal(err)
		}
		next, set, err := s.do(dawn.Add(span.D()), words[1], words[2], words[3:])
		fmt.Fprintf(&s.told, "%s %s\n", words[1], strings.Join(words[2:], " "))
		if err != nil {
			var f *fault.Error
			if !errors.As(err, &f) {
				t.Fatalf("%s: %v", line, err)
			}
			fmt.Fprintf(&s.told, "\t%s: %s\n", f.Kind, err)
			continue
		}
		s.c = next
		for _, e := range set.Events {
			s.tell(e)
		}
	}
	return s.told.String()
}

func (s *scene) tell(e effect.Event) {
	c := s.c
	if e.Stream != string(c.ID) {
		c = s.before
	}
	var reads []string
	for side, who := range map[desk.Side]ident.Member{desk.Opener: c.Opener, desk.Across: c.Other} {
		if who != "" && desk.Reads(e, side, e.Actor == who) && (side == desk.Opener || c.Told) {
			reads = append(reads, string(side))
		}
	}
	slices.Sort(reads)
	fmt.Fprintf(&s.told, "\t%s %s by %s", e.At.Sub(dawn), e.Kind, e.Role)
	if e.From != e.To {
		fmt.Fprintf(&s.told, " %s→%s", e.From, e.To)
	}
	if !e.Detail.Until.IsZero() {
		fmt.Fprintf(&s.told, " until %s", e.Detail.Until.Sub(dawn))
	}
	if does := e.Detail.Facts[desk.FactDoes]; does != "" {
		fmt.Fprintf(&s.told, " [%s; by %s]", does, e.Detail.Facts[desk.FactRole])
	}
	fmt.Fprintf(&s.told, " read by %s\n", strings.Join(append(reads, "desk"), ", "))
}

func (s *scene) do(now time.Time, name, verb string, args []string) (desk.Case, effect.Set, error) {
	who, known := people[name]
	if name == "clock" {
		next, set := desk.Tick(now, s.c, s.p)
		return next, set, nil
	}
	if !known {
		s.t.Fatalf("who is %q?", name)
	}
	by := desk.Worker{Actor: who, Tied: s.tied[name]}
	arg := func(i int, otherwise string) string {
		if i < len(args) {
			return args[i]
		}
		return otherwise
	}
	words := desk.Words{Text: "Something that is long enough."}
	switch verb {
	case "tied":
		s.tied[name] = append(s.tied[name], people[args[0]].Member)
		return s.c, effect.Set{}, nil
	case "open":
		s.n++
		d := desk.Draft{ID: ident.Derived[ident.Case](now, s.n, "story"), Kind: desk.Kind(args[0]), Order: "order_x", Other: people[arg(1, "seller")].Member}
		return desk.Open(now, d, words, who, s.p)
	case "say":
		return desk.Say(now, s.c, words, who, s.p)
	case "answer":
		return desk.Answer(now, s.c, arg(0, desk.ToBoth), words, by, s.p)
	case "note":
		return desk.Note(now, s.c, words.Text, by, s.p)
	case "take":
		return desk.Take(now, s.c, by, s.p)
	case "put_back":
		return desk.PutBack(now, s.c, by, s.p)
	case "withdraw":
		return desk.Withdraw(now, s.c, who, s.p)
	case "decide":
		return desk.Decide(now, s.c, decisionOf(args[1:]), s.shown(args[0]), by, s.p)
	case "second":
		text := words.Text
		if arg(1, "") == "silently" {
			text = ""
		}
		return desk.Second(now, s.c, args[0] == "yes", text, s.shown("80"), by, s.p)
	case "appeal":
		s.n++
		was, made, set, err := desk.Appeal(now, s.c, desk.Draft{ID: ident.Derived[ident.Case](now, s.n, "story")}, words, who, s.p)
		if err != nil {
			return s.c, set, err
		}
		s.before = was
		return made, set, nil
	}
	s.t.Fatalf("what is %q?", verb)
	return s.c, effect.Set{}, nil
}

func (s *scene) shown(amount string) desk.Shown {
	a, err := money.Parse(amount, "USD")
	if err != nil {
		s.t.Fatal(err)
	}
	return desk.Shown{Digest: "seen", Amount: a, Rules: s.p.ID, Names: map[desk.Side]string{desk.Opener: "Ines", desk.Across: "Mara"}}
}

func decisionOf(parts []string) desk.Decision {
	d := desk.Decision{Rule: "Section 6", Facts: "What was found is this."}
	for _, part := range parts {
		name, arg, _ := strings.Cut(part, "=")
		switch name {
		case "cancel":
			d.Cancel = &desk.Ending{Fault: order.Fault(arg), Cause: "quality", Share: money.Whole}
		case "complete":
			d.Complete = true
		case "hold":
			d.Hold = "we look into it"
		case "release":
			d.Release = true
		case "warn":
			d.Warn = append(d.Warn, desk.Side(arg))
		case "suspend":
			d.Suspend = append(d.Suspend, desk.Side(arg))
		case "lift":
			d.Lift = append(d.Lift, desk.Side(arg))
		case "dismiss":
			d.Dismiss = true
		}
	}
	return d
}
