package offer_test

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

	"golang.org/x/tools/txtar"
	"pgregory.net/rapid"

	"guildhall/internal/effect"
	"guildhall/internal/fault"
	"guildhall/internal/gig"
	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/money"
	"guildhall/internal/offer"
	"guildhall/internal/policy"
)

var update = flag.Bool("update", false, "write what happened into the stories")

// dawn is when every story begins.
var dawn = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

var (
	mara = member.Actor{Member: "member_mara", Role: member.RoleMember, Seller: true}
	ben  = member.Actor{Member: "member_ben", Role: member.RoleMember}
	cast = map[string]member.Actor{
		"ben": ben, "mara": mara, "clock": member.Clock(), "bank": member.Provider(), "house": member.House(),
		"agent": {Member: "member_ada", Role: member.RoleAgent}, "eve": {Member: "member_eve", Role: member.RoleMember, Seller: true},
	}
	logo = gig.Gig{ID: "gig_1", Seller: mara.Member, State: gig.StateActive}
)

func rulebook() policy.Version { return policy.Default("policy_test", dawn.Add(-time.Hour)) }

func terms() offer.Terms {
	return offer.Terms{Title: "Logo and a door sign", Scope: "Two colours, one metre wide.", Price: money.Of(12000, "USD"), Days: 7, Revisions: 2}
}

// TestStories plays the lives of offers told in testdata: each line of "story"
// is an instant since dawn, somebody and what they do; "told" is everything
// that came of it.
func TestStories(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) < 6 {
		t.Fatalf("stories: %v, %v", files, err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil || len(archive.Files) != 2 {
				t.Fatalf("%v: want story and told", err)
			}
			told := play(t, string(archive.Files[0].Data))
			if *update {
				archive.Files[1].Data = []byte(told)
				if err := os.WriteFile(file, txtar.Format(archive), 0o600); err != nil {
					t.Fatal(err)
				}
				return
			}
			if told != string(archive.Files[1].Data) {
				t.Errorf("told:\n%s\nwant:\n%s", told, archive.Files[1].Data)
			}
		})
	}
}

// scene is a story being told: offers by the order of their making.
type scene struct {
	t    *testing.T
	p    policy.Version
	all  []offer.Offer
	told strings.Builder
}

func play(t *testing.T, story string) string {
	t.Helper()
	s := &scene{t: t, p: rulebook()}
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
		if words[2] == "offers" {
			s.make(now, cast[words[1]], words[3:])
			continue
		}
		i := len(s.all) - 1
		next, set, err := offer.Decide(now, s.all[i], cast[words[1]], s.move(now, words[2], words[3:]), s.p)
		if s.say(set, err) {
			s.all[i] = next
		}
		step := offer.NextStep(now, s.all[i], offer.Buyer)
		fmt.Fprintf(&s.told, "  it is %s, and the buyer has %d buttons\n", s.all[i].State, len(offer.Options(now, s.all[i], offer.Buyer)))
		if step.Whose == offer.Buyer != s.all[i].Payable(now) {
			t.Errorf("%s: it is the %s's move", line, step.Whose)
		}
	}
	return s.told.String()
}

func (s *scene) make(now time.Time, who member.Actor, words []string) {
	d := offer.Draft{ID: ident.Offer(fmt.Sprint("offer_", len(s.all)+1)), Buyer: ben.Member, Gig: logo, Terms: terms()}
	for _, o := range s.all {
		if o.State == offer.Open {
			d.Open = append(d.Open, o)
		}
	}
	d.Beside = slices.Contains(words, "beside")
	if slices.Contains(words, "instead") {
		d.Supersedes = s.all[len(s.all)-1].ID
	}
	o, set, err := offer.New(now, d, who, s.p)
	if err == nil && d.Supersedes != "" {
		i := len(s.all) - 1
		old, more, wrong := offer.Decide(now, s.all[i], who, offer.Supersede{By: o.ID}, s.p)
		if s.say(more, wrong) {
			s.all[i] = old
		}
	}
	if s.say(set, err) {
		s.all = append(s.all, o)
	}
}

func (s *scene) move(now time.Time, what string, args []string) offer.Move {
	s.t.Helper()
	switch what {
	case "pays":
		order := ident.Order("order_1")
		if len(args) > 0 {
			order = ident.Order(args[0])
		}
		return offer.Pay{Order: order}
	case "refuses":
		return offer.Fail{Payment: "payment_1"}
	case "says_yes":
		began := now
		if len(args) > 0 {
			ago, err := policy.ParseDuration(args[0])
			if err != nil {
				s.t.Fatal(err)
			}
			began = now.Add(-ago.D())
		}
		return offer.Accept{Order: "order_1", Payment: "payment_1", Began: began}
	case "swaps":
		return offer.Take{Order: "order_7"}
	case "declines":
		return offer.Decline{Text: strings.Join(args, " ")}
	case "withdraws":
		return offer.Withdraw{}
	case "removes":
		return offer.Remove{Why: strings.Join(args, " ")}
	case "ticks":
		return offer.Tick{}
	}
	s.t.Fatalf("no such move: %q", what)
	return nil
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
		fmt.Fprintf(&s.told, "  %s %s %d %s %s", policy.Duration(e.At.Sub(dawn)), e.Stream, e.Seq, e.Role, strings.TrimPrefix(string(e.Kind), "offer."))
		if e.From != e.To {
			fmt.Fprintf(&s.told, " → %s", e.To)
		}
		if !e.Detail.Until.IsZero() {
			fmt.Fprintf(&s.told, " until=%s", policy.Duration(e.Detail.Until.Sub(dawn)))
		}
		s.told.WriteString("\n")
	}
	return true
}

// TestWalk makes random moves at random moments and checks after each of them
// what must hold always.
func TestWalk(t *testing.T) {
	p := rulebook()
	rapid.Check(t, func(t *rapid.T) {
		o, _, err := offer.New(dawn, offer.Draft{ID: "offer_1", Buyer: ben.Member, Gig: logo, Terms: terms()}, mara, p)
		if err != nil {
			t.Fatal(err)
		}
		now, last := dawn, dawn
		ends := 0
		for range rapid.IntRange(1, 20).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.SampledFrom([]int{0, 1, 600, 3600, 23 * 3600}).Draw(t, "passes")) * time.Second)
			began := now.Add(-time.Duration(rapid.IntRange(0, 5400).Draw(t, "ago")) * time.Second)
			mv := rapid.SampledFrom([]offer.Move{
				offer.Pay{Order: "order_1"}, offer.Pay{Order: "order_2"}, offer.Fail{}, offer.Accept{Order: "order_1", Began: began},
				offer.Accept{Order: "order_2", Began: began}, offer.Take{Order: "order_3"}, offer.Decline{}, offer.Withdraw{}, offer.Remove{Why: "x"},
				offer.Supersede{By: "offer_2"}, offer.Tick{},
			}).Draw(t, "move")
			who := cast[rapid.SampledFrom([]string{"ben", "mara", "clock", "bank", "house", "eve", "agent"}).Draw(t, "who")]
			next, set, err := offer.Decide(now, o, who, mv, p)
			if err != nil {
				if fault.KindOf(err) == "" || len(set.Events) > 0 {
					t.Fatalf("refused with %v and %d events", err, len(set.Events))
				}
				continue
			}
			for _, e := range set.Events {
				if o.Seq++; e.Seq != o.Seq || e.At.Before(last) || e.At.After(now) {
					t.Fatalf("event %d at %v after %v", e.Seq, e.At, last)
				}
				last = e.At
				if offer.State(e.To).Ended() {
					ends++
				}
				if e.Kind == offer.RanOut && e.At.Before(o.ExpiresAt) {
					t.Fatalf("expired early, at %v", e.At)
				}
				if e.Kind == offer.AcceptedOffer && (!began.Before(o.ExpiresAt) || !now.Before(o.HonouredUntil)) {
					t.Fatalf("accepted at %v a payment begun %v", now, began)
				}
			}
			if o.Order != "" && next.Order != o.Order && next.Order != "order_3" {
				t.Fatalf("its order was %s and is %s", o.Order, next.Order)
			}
			o = next
			if ends > 1 || (ends == 1) != o.State.Ended() || o.EndedAt.IsZero() != (o.State == offer.Open) {
				t.Fatalf("it ended %d times and is %s", ends, o.State)
			}
			if at, open := o.Next(); open && mv.Name() == offer.MoveTick && !at.After(now) {
				t.Fatalf("due %v and not fired at %v", at, now)
			}
		}
		if o, _, err = offer.Decide(now.Add(48*time.Hour), o, member.Clock(), offer.Tick{}, p); err != nil || !o.State.Ended() {
			t.Fatalf("after its time it is %s, %v", o.State, err)
		}
	})
}

func TestQuote(t *testing.T) {
	p := rulebook()
	p.Money.BuyerFee = 500
	made := terms()
	made.Questions = []gig.Question{{Kind: gig.QuestionText, Text: "Which colours? ", Required: true}}
	o, _, err := offer.New(dawn, offer.Draft{ID: "offer_1", Buyer: ben.Member, Gig: logo, Terms: made}, mara, p)
	if err != nil {
		t.Fatal(err)
	}
	q, err := offer.Quote(o, p)
	if err != nil {
		t.Fatal(err)
	}
	if q.Price.Minor != 12000 || q.Fee.Minor != 600 || q.Total.Minor != 12600 || q.Days != 7 || q.Revisions != 2 ||
		q.Offer != "offer_1" || q.Scope != made.Scope || !q.PayBy.Equal(o.HonouredUntil) || len(q.Lines) != 1 {
		t.Errorf("the quote is %+v", q)
	}
	if len(q.Questions) != 1 || q.Questions[0].Key == "" || q.Questions[0].Text != "Which colours?" {
		t.Errorf("it asks %+v", q.Questions)
	}
}
