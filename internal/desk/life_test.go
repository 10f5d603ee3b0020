package desk_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"guildhall/internal/desk"
	"guildhall/internal/effect"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/policy"
)

// TestLifeOfACase drives cases at random, by everybody, and checks after each
// step what must always hold.
func TestLifeOfACase(t *testing.T) {
	p := policy.Default("policy_test", dawn.Add(-time.Hour))
	names := []string{"buyer", "seller", "stranger", "ada", "ben", "cleo"}
	rapid.Check(t, func(t *rapid.T) {
		now := dawn
		kind := rapid.SampledFrom(desk.Kinds()).Draw(t, "kind")
		words := desk.Words{Text: "Something that is long enough."}
		d := desk.Draft{ID: ident.Derived[ident.Case](now, 1, "life"), Kind: kind, Order: "order_x", Other: "member_seller"}
		if kind == desk.Challenge {
			d.Subject, d.Filed = desk.Subject{About: desk.AboutReview, ID: "review_x/seller"}, "member_buyer"
			d.DecideBy = now.Add(time.Duration(rapid.IntRange(1, 200).Draw(t, "target")) * time.Hour)
		}
		c, set, err := desk.Open(now, d, words, people["buyer"], p)
		if err != nil {
			t.Fatal(err)
		}
		events := set.Events
		for range rapid.IntRange(1, 30).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(0, 200).Draw(t, "hours")) * time.Hour)
			who := people[rapid.SampledFrom(names).Draw(t, "who")]
			was := c
			next, more, err := step(t, now, c, who, p)
			if err != nil {
				if fault.KindOf(err) == "" {
					t.Fatalf("not a fault: %v", err)
				}
				if len(more.Events) > 0 {
					t.Fatal("a refusal left events")
				}
				continue
			}
			for _, e := range more.Events {
				if e.Stream == string(c.ID) {
					events = append(events, e)
				}
			}
			c = next
			lives(t, was, c, events, now)
		}
	})
}

func step(t *rapid.T, now time.Time, c desk.Case, who member.Actor, p policy.Version) (desk.Case, effect.Set, error) {
	by, words := desk.Worker{Actor: who}, desk.Words{Text: "Something that is long enough."}
	if who.Role == member.RoleMember {
		switch rapid.SampledFrom([]string{"say", "withdraw", "appeal"}).Draw(t, "verb") {
		case "say":
			return desk.Say(now, c, words, who, p)
		case "withdraw":
			return desk.Withdraw(now, c, who, p)
		}
		was, _, set, err := desk.Appeal(now, c, desk.Draft{ID: ident.Derived[ident.Case](now, 2, "life")}, words, who, p)
		return was, set, err
	}
	switch rapid.SampledFrom([]string{"take", "put_back", "answer", "note", "decide", "second", "tick"}).Draw(t, "verb") {
	case "take":
		return desk.Take(now, c, by, p)
	case "put_back":
		return desk.PutBack(now, c, by, p)
	case "answer":
		return desk.Answer(now, c, rapid.SampledFrom([]string{desk.ToBoth, desk.ToOpener, desk.ToOther}).Draw(t, "to"), words, by, p)
	case "note":
		return desk.Note(now, c, words.Text, by, p)
	case "decide":
		s := desk.Shown{Rules: p.ID}
		s.Amount.Minor = rapid.SampledFrom([]int64{0, 50_000, 50_001}).Draw(t, "amount")
		d := rapid.SampledFrom([][]string{{"complete"}, {"dismiss"}, {"warn=other"}, {"complete", "dismiss"}}).Draw(t, "parts")
		return desk.Decide(now, c, decisionOf(d), s, by, p)
	case "second":
		return desk.Second(now, c, rapid.Bool().Draw(t, "yes"), words.Text, desk.Shown{Rules: p.ID}, by, p)
	}
	next, set := desk.Tick(now, c, p)
	return next, set, nil
}

func lives(t *rapid.T, was, c desk.Case, events []effect.Event, now time.Time) {
	decided := 0
	for i, e := range events {
		if e.Seq != i+1 || i > 0 && (e.At.Before(events[i-1].At) || e.From != events[i-1].To) {
			t.Fatalf("event %d: %+v after %+v", i+1, e, events[max(0, i-1)])
		}
		if e.Kind == desk.DecidedCase {
			decided++
		}
	}
	r := c.Matter.Ruling
	switch {
	case c.Seq != len(events) || string(c.State) != events[len(events)-1].To:
		t.Fatalf("the case stands at %d %s, its events say %+v", c.Seq, c.State, events[len(events)-1])
	case was.Told && !c.Told:
		t.Fatal("somebody was untold")
	case decided > 1 || (decided == 1) != !c.DecidedAt.IsZero():
		t.Fatalf("decided %d times, at %s", decided, c.DecidedAt)
	case c.State == desk.Closed && c.ClosedAt.IsZero():
		t.Fatal("closed at no time")
	case !c.DecidedAt.IsZero() && r.Amount.Minor > 50_000 && (r.Second == "" || r.Second == r.By):
		t.Fatalf("one person moved %d", r.Amount.Minor)
	case !c.Next().IsZero() && c.Next().Before(now) && was.Seq != c.Seq && !c.State.Settled() && c.State != desk.Seconding && was.Agent == c.Agent && now.After(c.AnswerBy) && !c.Overdue && c.AnsweredAt.IsZero():
		t.Fatalf("a deadline of %s did not fire by %s", c.Next(), now)
	}
}
