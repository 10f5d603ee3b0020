package review_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"guildhall/internal/effect"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/order"
	"guildhall/internal/policy"
	"guildhall/internal/review"
)

var update = flag.Bool("update", false, "write what happened into the stories")

// dawn is when every story begins: a Monday.
var dawn = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

var (
	ben  = member.Actor{Member: "member_ben", Role: member.RoleMember}
	mara = member.Actor{Member: "member_mara", Role: member.RoleMember, Seller: true}
	ada  = member.Actor{Member: "member_ada", Role: member.RoleAgent}
	cast = map[string]member.Actor{
		"ben": ben, "mara": mara, "ada": ada, "clock": member.Clock(), "bank": member.Provider(),
		"eve": {Member: "member_eve", Role: member.RoleMember}, "guest": member.Guest(),
	}
)

func rulebook(t testing.TB, profile string) policy.Version {
	t.Helper()
	_, doc, err := policy.Profile(profile)
	if err != nil {
		t.Fatal(err)
	}
	return policy.Version{ID: "policy_test", Effective: dawn.Add(-time.Hour), Document: doc}
}

// ended is an order of ben's with mara that ended one way or another at an instant.
func ended(how string, at time.Time) order.Order {
	o := order.Order{
		ID: "order_1", Ref: "G7K2M4", Buyer: ben.Member, Seller: mara.Member, Gig: "gig_1", Policy: "policy_test",
		State: order.Cancelled, EndedAt: at, PaidAt: dawn.Add(-240 * time.Hour),
	}
	o.Life.StartedAt = dawn.Add(-239 * time.Hour)
	how, delivered := strings.CutSuffix(how, "_delivered")
	if delivered {
		o.Life.FirstDeliveredAt = dawn.Add(-24 * time.Hour)
	}
	switch how {
	case "running":
		o.State, o.EndedAt = order.InProgress, time.Time{}
	case "unpaid":
		o.State, o.EndedAt, o.PaidAt, o.Life.StartedAt = order.Unpaid, time.Time{}, time.Time{}, time.Time{}
	case "completed":
		o.State, o.Life.FirstDeliveredAt = order.Completed, dawn.Add(-24*time.Hour)
	case "refunded":
		o.State = order.Refunded
	default:
		o.Class = policy.Class(how)
		if strings.HasPrefix(how, "before_start") {
			o.Life.StartedAt = time.Time{}
		}
	}
	return o
}

// TestStories plays the lives of reviews told in testdata: each line of "story"
// is an instant since dawn, somebody and what they do; "told" is everything
// that came of it.
func TestStories(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) < 8 {
		t.Fatalf("stories: %v, %v", files, err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil || len(archive.Files) == 0 {
				t.Fatalf("%v: want story and told", err)
			}
			told := play(t, string(archive.Files[0].Data))
			if *update {
				archive.Files = append(archive.Files[:1], txtar.File{Name: "told", Data: []byte(told)})
				if err := os.WriteFile(file, txtar.Format(archive), 0o600); err != nil {
					t.Fatal(err)
				}
				return
			}
			if len(archive.Files) < 2 || told != string(archive.Files[1].Data) {
				t.Errorf("told:\n%s", told)
			}
		})
	}
}

// scene is a story being told.
type scene struct {
	t    *testing.T
	p    policy.Version
	o    order.Order
	pair review.Pair
	told strings.Builder
}

func play(t *testing.T, story string) string {
	t.Helper()
	s := &scene{t: t, p: rulebook(t, "classic")}
	for line := range strings.Lines(strings.TrimSpace(story)) {
		line, _, _ = strings.Cut(line, "#")
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		fmt.Fprintf(&s.told, "> %s\n", strings.TrimSpace(line))
		offset, err := policy.ParseDuration(words[0])
		if err != nil {
			t.Fatal(err)
		}
		now := dawn.Add(offset.D())
		if words[1] == "order" {
			s.o = ended(words[2], now)
			if s.pair.ID == "" {
				s.pair = review.New(s.o, []string{"design"}, s.p)
			}
			s.eligible()
			continue
		}
		who := cast[words[1]]
		if words[2] == "looks" {
			s.looks(now, who)
			continue
		}
		next, set, err := review.Decide(now, s.pair, s.o, who, s.move(now, words[2], words[3:]), s.p)
		if s.say(set, err) {
			s.pair = next
		}
	}
	return s.told.String()
}

func (s *scene) eligible() {
	end, why, ok := review.Eligible(s.o, s.p)
	fmt.Fprintf(&s.told, "  %q may be reviewed: %v. %s\n", review.OutcomeWords(end), ok, why)
}

// looks tells what somebody sees and may do.
func (s *scene) looks(now time.Time, who member.Actor) {
	p := s.pair.AsOf(now)
	seen := p.Seen(who.Member)
	for _, by := range review.Sides() {
		r := seen.Get(by)
		if r == nil {
			continue
		}
		line := fmt.Sprintf("  sees the %s’s: %s %q", by, r.Overall(), r.Text)
		if r.Removal != nil {
			line = fmt.Sprintf("  sees a tombstone of the %s’s: %s, by %s %q", by, r.Removal.Reason, r.Removal.Role, r.Text)
		}
		if r.Challenged() {
			line += " under challenge"
		}
		if r.Reply != nil {
			line += " reply " + strconv.Quote(r.Reply.Text)
		}
		if r.Sample != nil {
			line += " sample " + string(r.Sample.File)
		}
		if r.Amended() {
			line += " before: " + strconv.Quote(r.Earlier[0].Text)
		}
		s.told.WriteString(line + "\n")
	}
	if side, party := p.SideOf(who.Member); party {
		step := review.NextStep(now, p, s.o, side, s.p)
		fmt.Fprintf(&s.told, "  reads: %s\n", step.Says)
		var verbs []string
		for _, o := range review.Options(now, p, s.o, who, s.p) {
			verbs = append(verbs, string(o.Move))
		}
		fmt.Fprintf(&s.told, "  may: %s\n", strings.Join(verbs, ", "))
	}
}

func (s *scene) move(now time.Time, what string, args []string) review.Move {
	s.t.Helper()
	rest := strings.Join(args, " ")
	evidence := review.Evidence{Text: rest, Messages: []int{3}}
	switch what {
	case "rates", "amends":
		d := draft(args[0], strings.Join(args[1:], " "))
		if what == "amends" {
			return review.Amend{Draft: d}
		}
		return review.Write{Draft: d}
	case "replies":
		return review.Answer{Text: rest}
	case "offers":
		return review.Pick{File: ident.File(args[0]), Delivered: []ident.File{"file_1", "file_2"}}
	case "drops":
		return review.Drop{}
	case "agrees":
		return review.Consent{Yes: true}
	case "refuses":
		return review.Consent{}
	case "reports":
		return review.Report{Evidence: evidence, Case: "case_1"}
	case "challenges":
		evidence.Text = strings.Join(args[1:], " ")
		if args[0] == "privacy" {
			evidence.Messages, evidence.Passage = nil, "so rude"
		}
		return review.Object{Reason: args[0], Evidence: evidence, Case: "case_2", DecideBy: review.DecideBy(now, s.p.Reviews.DecisionDays)}
	case "objects_barely":
		return review.Object{Reason: "extortion", Evidence: review.Evidence{Text: "It is not fair at all."}}
	case "appeals":
		return review.Reopen{By: review.Side(args[0]), Case: "case_3", DecideBy: review.DecideBy(now, s.p.Reviews.DecisionDays)}
	case "withdraws":
		return review.Keep{By: review.Side(args[0]), Withdrawn: true}
	case "keeps":
		return review.Keep{By: review.Side(args[0])}
	case "removes":
		return review.Remove{By: review.Side(args[0]), Reason: args[1], Role: "a support agent", Case: "case_2"}
	case "restores":
		return review.Restore{By: review.Side(args[0]), Role: "a support agent", Case: "case_3"}
	case "ticks":
		return review.Tick{}
	}
	s.t.Fatalf("no such move: %q", what)
	return nil
}

// draft reads 5/4/5 or, of a seller, 5.
func draft(stars, text string) review.Draft {
	d := review.Draft{Stars: map[string]int{}, Text: text}
	parts := strings.Split(stars, "/")
	names := []string{"fulfilment", "start_time", "communication"}
	if len(parts) == 1 {
		names = []string{"overall"}
	}
	for i, part := range parts {
		d.Stars[names[i]], _ = strconv.Atoi(part)
	}
	return d
}

func (s *scene) say(set effect.Set, err error) bool {
	var f *fault.Error
	if err != nil && !errors.As(err, &f) {
		s.t.Fatalf("not a fault: %v", err)
	}
	if err != nil {
		fmt.Fprintf(&s.told, "  refused %s: %v\n", f.Kind, err)
		return false
	}
	for _, e := range set.Events {
		fmt.Fprintf(&s.told, "  %s %s %d %s %s", policy.Duration(e.At.Sub(dawn)), e.Stream, e.Seq, e.Role, strings.TrimPrefix(string(e.Kind), "review."))
		if e.From != e.To {
			fmt.Fprintf(&s.told, " → %s", e.To)
		}
		if !e.Detail.Until.IsZero() {
			fmt.Fprintf(&s.told, " until=%s", policy.Duration(e.Detail.Until.Sub(dawn)))
		}
		for _, name := range []string{review.FactBy, review.FactBlind, review.FactBoth, review.FactReason, review.FactVerdict, review.FactUnrated} {
			if v := e.Detail.Facts[name]; v != "" {
				fmt.Fprintf(&s.told, " %s=%s", name, v)
			}
		}
		s.told.WriteString("\n")
	}
	return true
}

func has(list []review.Option, m review.Name) bool {
	return slices.ContainsFunc(list, func(o review.Option) bool { return o.Move == m })
}
