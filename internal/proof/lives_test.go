package proof_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"testing"
	"time"

	"guildhall/client"
	"guildhall/internal/gig"
)

// cards that make a payment's fate.
var cards = map[string]string{
	"bank takes": "4000 0000 0000 2685", "bank takes after": "4000 0000 0000 2685", "bank leaves": "4000 0000 0000 2784",
}

// newPlayer founds a town and its house, with people to lead. An empty database
// is SQLite.
func newPlayer(t *testing.T, seed uint64, database string) *player {
	t.Helper()
	town := found(t, t.TempDir(), database, 11)
	p := &player{
		t: t, rnd: rand.New(rand.NewPCG(seed, 4)), done: map[string]int{}, operator: works(t, town, "Olga Operator", true),
		agents: [2]person{works(t, town, "Ada Agent", false), works(t, town, "Abel Agent", false)},
	}
	a := town.open(t)
	p.doomed = town.offer(t, a, "Draw a map that is somebody else's", price, 0, false)
	must(t, a.Close())
	last := len(town.buyers) - 1
	p.ghost, town.buyers = town.buyers[last], town.buyers[:last]
	p.house = town.house(t)
	p.start()
	p.quiet = slices.Clone(p.buyers)
	p.move(time.Now())
	return p
}

// gigs are all that the seller ever offered.
func (p *player) gigs() []gig.Gig { return []gig.Gig{p.gig, p.single, p.fortune, p.doomed} }

// odd leads orders that go an unusual way. It tells when the work is delivered,
// or that it never is.
func (l life) odd(fate string, end time.Duration) (time.Duration, bool) {
	mine := func(ctx context.Context, no int) error {
		_, err := l.b.Agree(ctx, l.id, no, client.Answering{})
		return err
	}
	switch fate {
	case "bank takes":
		return 0, true
	case "bank takes after":
		return l.hours(30, 50), false
	case "bank leaves":
		return 10*day + l.hours(1, 30), false
	case "swapped":
		into := l.gig
		if l.rnd.IntN(2) == 0 {
			into = l.single
		}
		l.ask(l.hours(1, 9), l.s, client.Proposal{Kind: "swap", Into: &client.SwapInto{Gig: string(into.ID), Pick: client.Pick{Tier: "basic", Quantity: 1}}}, mine)
		return 3*day + l.hours(-20, 40), false
	case "gift":
		l.ask(l.hours(1, 9), l.s, client.Proposal{Kind: "add_extra", Extra: "A frame", Days: l.rnd.IntN(3)}, mine)
		return 3*day + l.hours(1, 60), false
	case "silent buyer", "nearly silent buyer":
		for i := range 2 + l.rnd.IntN(2) - l.rnd.IntN(2) {
			l.after(time.Duration(26*(i+1))*time.Hour, "remind", func(ctx context.Context) error { _, err := l.s.Remind(ctx, l.id, "Are you there?"); return err })
		}
		asked := 79*time.Hour + l.hours(0, 9)
		l.ask(asked, l.s, client.Proposal{Kind: "cancel", Cause: "buyer_unresponsive"}, nil)
		if fate != "silent buyer" {
			l.after(asked+l.hours(-70, 50), "speak after all", func(ctx context.Context) error {
				_, err := l.b.WriteTo(ctx, string(l.seller.ID), client.Words{Text: "I am still here."})
				return err
			})
		}
		return 0, true
	}
	return end, false
}

// unwarn has a warning lifted that should not have been given.
func (l life) unwarn(ctx context.Context, id string) error {
	again, err := l.s.AppealCase(ctx, id, client.Words{Text: "I did nothing of the kind."})
	if err != nil {
		return err
	}
	l.in(l.hours(1, 40), "lift a warning", func(ctx context.Context) error {
		return l.rule(ctx, l.agents[1], again.ID, map[string]any{"lift": []string{"other"}})
	})
	return nil
}

// strike has the house remove a gig with what is ordered of it, and an account
// with what it ordered.
func (p *player) strike(began time.Time) {
	for i := range 3 {
		p.at(began.AddDate(0, 0, 38).Add(p.hours(0, 60)), "order what goes", func(ctx context.Context) error {
			return p.orderOf(ctx, p.buyers[i], p.doomed, []string{"fine", "late", "bank takes after"}[i])
		})
	}
	p.at(began.AddDate(0, 0, 41), "remove a gig", func(ctx context.Context) error {
		return p.raw(ctx, p.operator, http.MethodPost, "/gigs/"+string(p.doomed.ID)+"/remove", map[string]string{"why": "It is somebody else's map."}, nil)
	})
	for _, days := range []int{12, 60} {
		p.at(began.AddDate(0, 0, days).Add(p.hours(0, 20)), "order of a ghost", func(ctx context.Context) error { return p.orderOf(ctx, p.ghost, p.gig, "fine") })
	}
	p.at(began.AddDate(0, 0, 62), "remove an account", func(ctx context.Context) error {
		return p.raw(ctx, p.operator, http.MethodPost, "/members/"+string(p.ghost.ID)+"/remove", map[string]string{"why": "Nobody is behind it."}, nil)
	})
}

// govern puts another rulebook into force at an instant, or at once.
func (p *player) govern(l law, at time.Time) time.Time {
	p.t.Helper()
	v, err := p.operator.at(p.url).ApplyPolicy(p.t.Context(), rulebook(p.t, l), at)
	must(p.t, err)
	return v.Effective
}

// nod is a person's word about a level that waits for one.
func (p *player) nod(ctx context.Context) error {
	who, boss := string(p.seller.ID), p.agents[0].at(p.url)
	if p.rnd.IntN(3) == 0 {
		_, err := boss.DeclineLevel(ctx, who, "Let us look at it once more.")
		return err
	}
	_, err := boss.ApproveLevel(ctx, who, "Their work is very good.")
	return err
}

// leave is an announced absence, in which somebody asks.
func (p *player) leave(ctx context.Context) error {
	if _, err := p.seller.at(p.url).GoAway(ctx, p.clock.Add(p.hours(20, 50))); err != nil {
		return err
	}
	p.in(p.hours(1, 40), "ask somebody who is away", p.question)
	return nil
}

// wait lets a rehearsal come to its end.
func (p *player) wait(r client.PolicyRehearsal) client.PolicyRehearsal {
	p.t.Helper()
	for began := time.Now(); r.Ended.IsZero(); {
		var err error
		r, err = p.operator.at(p.url).Rehearsal(p.t.Context(), r.ID)
		must(p.t, err)
		if time.Since(began) > generous {
			p.t.Fatalf("the rehearsal does not end: %+v", r)
		}
		rest(p.t.Context(), 20*time.Millisecond)
	}
	if r.Failed != "" {
		p.t.Fatalf("the rehearsal came to nothing: %s", r.Failed)
	}
	return r
}

// turn is what a rehearsal says of a level, and what an export remembers of it.
type turn struct {
	Kind     string
	At       time.Time
	From, To string
}

func (t turn) String() string {
	return fmt.Sprintf("%s %s %s>%s", t.At.UTC().Format(time.RFC3339Nano), t.Kind, t.From, t.To)
}
