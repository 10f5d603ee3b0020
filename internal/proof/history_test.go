package proof_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"testing"
	"time"

	"guildhall/client"
	"guildhall/internal/gig"
	"guildhall/internal/market"
	"guildhall/internal/member"
)

// player leads people through random lives, over the API of a real process
// whose clock it moves.
type player struct {
	*house
	t        *testing.T
	rnd      *rand.Rand
	clock    time.Time // moved to
	agenda   []errand
	agents   [2]person
	operator person
	quiet    []person // who never wrote to the seller
	ghost    person   // whose account is removed
	doomed   gig.Gig  // which is removed
	known    *chronicle
	done     map[string]int
}

// errand is something that somebody does at an instant.
type errand struct {
	at   time.Time
	name string
	do   func(context.Context) error
}

func (p *player) at(when time.Time, name string, do func(context.Context) error) {
	i, _ := slices.BinarySearchFunc(p.agenda, when, func(e errand, at time.Time) int {
		if e.at.After(at) {
			return 1
		}
		return -1
	})
	p.agenda = slices.Insert(p.agenda, i, errand{when, name, do})
}

func (p *player) in(d time.Duration, name string, do func(context.Context) error) {
	p.at(p.clock.Add(d), name, do)
}

// live does what is on the agenda before an instant. What the house refuses is
// not done; the history is what was.
func (p *player) live(until time.Time) {
	p.t.Helper()
	for len(p.agenda) > 0 && p.agenda[0].at.Before(until) {
		next := p.agenda[0]
		p.agenda = p.agenda[1:]
		p.move(next.at)
		err := next.do(p.t.Context())
		var refused *client.Problem
		switch {
		case err == nil:
			p.done[next.name]++
		case errors.As(err, &refused) && refused.Status < http.StatusInternalServerError:
			p.done["refused: "+next.name]++
		default:
			p.t.Fatalf("%s at %s: %v\n%s", next.name, next.at, err, p.said())
		}
	}
	p.move(until)
}

// move sets the clock of the house, and lets what is due by then happen.
func (p *player) move(at time.Time) {
	p.t.Helper()
	now, err := p.seller.at(p.url).Clock(p.t.Context())
	must(p.t, err)
	if at.After(now) {
		status, err := p.set(p.t.Context(), at)
		if err != nil || status != http.StatusOK {
			p.t.Fatalf("the clock cannot be set to %s: %d %v\n%s", at, status, err, p.said())
		}
		now = at
	}
	p.clock = now
}

func (p *player) hours(from, to float64) time.Duration {
	return time.Duration((from + (to-from)*p.rnd.Float64()) * float64(time.Hour))
}

// raw calls what the client has no name for.
func (p *player) raw(ctx context.Context, who person, method, path string, in, out any) error {
	body, err := json.Marshal(in)
	must(p.t, err)
	var src io.Reader = bytes.NewReader(body)
	if in == nil {
		src = http.NoBody
	}
	req, err := http.NewRequestWithContext(ctx, method, p.url+"/api/v1"+path, src)
	must(p.t, err)
	if who.token != "" {
		req.Header.Set("Authorization", "Bearer "+who.token)
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := line.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	switch {
	case err != nil:
		return err
	case res.StatusCode >= http.StatusBadRequest:
		return &client.Problem{Status: res.StatusCode, Detail: string(text)}
	case out == nil:
		return nil
	}
	return json.Unmarshal(text, out)
}

// works makes somebody who works for the house.
func works(t *testing.T, town town, name string, operator bool) person {
	t.Helper()
	a := town.open(t)
	defer func() { must(t, a.Close()) }()
	who, err := a.Market.SignUp(t.Context(), market.SignUp{
		Application: member.Application{Name: name, Email: fmt.Sprintf("%d@example.com", time.Now().UnixNano()), Zone: "UTC"},
		Hash:        "never matches", Agent: true, Operator: operator,
	})
	must(t, err)
	_, token, err := a.Market.MakeToken(t.Context(), who.Actor(), market.NewToken{
		Name: "proof", Scopes: []member.Scope{member.ScopeRead, member.ScopeBuy, member.ScopeSell, member.ScopeManage},
	})
	must(t, err)
	return person{who.Member, token}
}

// fates are what becomes of orders, the usual ones more often.
var fates = []string{
	"fine", "fine", "fine", "fine", "fine", "fine", "fine", "fine", "silence", "silence", "late", "late", "extended", "declined",
	"mutual", "mutual after", "unanswered buyer", "unanswered seller", "cancel late", "undone",
	"forced seller", "forced buyer", "forced nobody", "refunded seller", "refunded nobody", "part", "warned",
	"bank takes", "bank takes after", "bank leaves", "swapped", "gift", "silent buyer", "nearly silent buyer", "warned wrongly",
}

// order leads one order along a random way.
func (p *player) order(ctx context.Context) error {
	buyer := p.buyers[p.rnd.IntN(len(p.buyers))]
	g, fate := p.gig, fates[p.rnd.IntN(len(fates))]
	if p.rnd.IntN(3) == 0 {
		g = p.single
	}
	return p.orderOf(ctx, buyer, g, fate)
}

func (p *player) orderOf(ctx context.Context, buyer person, g gig.Gig, fate string) error {
	b, s := buyer.at(p.url), p.seller.at(p.url)
	placed, err := b.PlaceOrder(ctx, mapOf(g, cmp.Or(cards[fate], visa)))
	if err != nil {
		return err
	}
	id := placed.Order
	p.done[fate]++
	asks := len(g.Questions) > 0
	if fate == "undone" {
		p.in(p.hours(1, 20), fate, func(ctx context.Context) error { _, err := b.Undo(ctx, id); return err })
		return nil
	}
	start := p.clock
	if asks {
		start = start.Add(p.hours(0.1, 10))
		p.at(start, "submit", func(ctx context.Context) error { _, err := b.Submit(ctx, id, p.answer()); return err })
	}
	l := life{p, buyer, b, s, id, start, fate}
	l.lead(fate)
	l.review()
	return nil
}

// life is one order with its people.
type life struct {
	*player
	buyer person
	b, s  *client.Client
	id    string
	start time.Time
	fate  string
}

func (l life) after(d time.Duration, name string, do func(context.Context) error) {
	l.at(l.start.Add(d), name, do)
}

func (l life) deliver(after time.Duration) {
	l.after(after, "deliver", func(ctx context.Context) error {
		_, err := l.s.Deliver(ctx, l.id, client.Post{Text: "Here it is"})
		return err
	})
}

func (l life) accept(after time.Duration) {
	l.after(after, "accept", func(ctx context.Context) error { _, err := l.b.Accept(ctx, l.id); return err })
}

func (l life) ask(after time.Duration, by *client.Client, in client.Proposal, then func(context.Context, int) error) {
	in.Reason = "It is better for both of us."
	l.after(after, "ask to "+in.Kind, func(ctx context.Context) error {
		asked, err := by.Ask(ctx, l.id, in)
		if err != nil || then == nil {
			return err
		}
		l.in(l.hours(2, 30), "answer", func(ctx context.Context) error { return then(ctx, asked.Event) })
		return nil
	})
}

func (l life) lead(fate string) {
	sides := []*client.Client{l.b, l.s}
	one := l.rnd.IntN(2)
	agree := func(ctx context.Context, no int) error {
		_, err := sides[1-one].Agree(ctx, l.id, no, client.Answering{})
		return err
	}
	cancel := client.Proposal{Kind: "cancel", Cause: "mistake"}
	end := l.hours(50, 70)
	switch fate {
	case "late":
		end = 3*day + l.hours(1, 23)
	case "mutual":
		l.ask(l.hours(1, 9), sides[one], cancel, agree)
		return
	case "unanswered buyer":
		l.ask(l.hours(1, 9), l.b, cancel, nil)
		return
	case "unanswered seller":
		cancel.Cause = "seller_unavailable"
		l.ask(l.hours(1, 9), l.s, cancel, nil)
		return
	case "cancel late":
		l.after(4*day+l.hours(0.1, 9), fate, func(ctx context.Context) error { _, err := l.b.CancelLate(ctx, l.id); return err })
		return
	case "extended":
		one = 1
		l.ask(l.hours(1, 9), l.s, client.Proposal{Kind: "extend", Days: 1 + l.rnd.IntN(2)}, agree)
		end = 3*day + l.hours(1, 30)
	case "declined":
		l.ask(l.hours(1, 9), sides[one], cancel, func(ctx context.Context, no int) error {
			_, err := sides[1-one].Decline(ctx, l.id, no, client.Answering{})
			return err
		})
		end = 3*day + l.hours(-1, 30)
	case "forced seller", "forced buyer", "forced nobody":
		l.decided(l.hours(5, 30), "cancel", l.b, map[string]any{"cancel": map[string]any{"fault": fate[7:], "cause": "other", "share": 10000}})
		return
	default:
		var over bool
		if end, over = l.odd(fate, end); over {
			return
		}
	}
	l.deliver(end)
	if fate == "mutual after" {
		l.ask(end+l.hours(1, 9), sides[one], cancel, agree)
	} else if fate != "silence" {
		l.accept(end + l.hours(1, 60))
	}
	switch late := end + 4*day + l.hours(1, 60); fate {
	case "refunded seller", "refunded nobody":
		l.decided(late, "payment", l.b, map[string]any{"refund": map[string]any{"fault": fate[9:], "share": 10000}})
	case "part":
		l.decided(late, "payment", l.b, map[string]any{"refund": map[string]any{"fault": "nobody", "share": 3000}})
	case "warned", "warned wrongly":
		l.decided(late, "breach", l.b, map[string]any{"warn": []string{"other"}})
	}
}

// decided brings the order before the desk, and decides.
func (l life) decided(after time.Duration, kind string, by *client.Client, ruling map[string]any) {
	l.after(after, "open a case", func(ctx context.Context) error {
		head, err := by.OpenCase(ctx, client.NewCase{Kind: kind, About: "order", Subject: l.id, Text: "Please look at this order, we do not find a way."})
		if err != nil {
			return err
		}
		l.in(l.hours(1, 20), "decide", func(ctx context.Context) error { return l.rule(ctx, l.agents[0], head.ID, ruling) })
		if l.fate == "warned wrongly" {
			l.in(l.hours(30, 200), "appeal against a warning", func(ctx context.Context) error { return l.unwarn(ctx, head.ID) })
		}
		return nil
	})
}

// rule decides a case as it was previewed.
func (p *player) rule(ctx context.Context, agent person, id string, ruling map[string]any) error {
	in := map[string]any{"rule": "Section 11, the support desk", "facts": "We read the order and what was said about it."}
	for part, what := range ruling {
		in[part] = what
	}
	var seen struct{ Digest string }
	if err := p.raw(ctx, agent, http.MethodPost, "/desk/"+id+"/preview", in, &seen); err != nil {
		return err
	}
	in["digest"] = seen.Digest
	return p.raw(ctx, agent, http.MethodPost, "/desk/"+id+"/decide", in, nil)
}

// review has both parties rate each other, as many do; some of what buyers say
// is challenged, removed, appealed for and restored.
func (l life) review() {
	text := fmt.Sprintf("What I think of it, number %d.", len(l.agenda))
	three := func() client.NewReview {
		stars := map[string]int{}
		for _, name := range []string{"fulfilment", "start_time", "communication"} {
			stars[name] = min(5, 1+l.rnd.IntN(10))
		}
		return client.NewReview{Stars: stars, Text: text}
	}
	if first := three(); l.rnd.IntN(10) < 8 {
		l.after(9*day+l.hours(0, 30), "review", func(ctx context.Context) error { _, err := l.b.WriteReview(ctx, l.id, first); return err })
	}
	if l.rnd.IntN(10) < 6 {
		score := client.NewReview{Stars: map[string]int{"overall": 1 + l.rnd.IntN(5)}}
		l.after(9*day+l.hours(0, 30), "review back", func(ctx context.Context) error { _, err := l.s.WriteReview(ctx, l.id, score); return err })
	}
	if second := three(); l.rnd.IntN(10) < 2 {
		l.after(12*day+l.hours(0, 200), "amend", func(ctx context.Context) error { _, err := l.b.AmendReview(ctx, l.id, second); return err })
	}
	if l.rnd.IntN(10) < 4 {
		l.after(21*day+l.hours(0, 100), "challenge", func(ctx context.Context) error { return l.challenge(ctx, text) })
	}
}

func (l life) challenge(ctx context.Context, text string) error {
	moved, err := l.s.ChallengeReview(ctx, l.id, client.Evidence{Reason: "unrelated", Text: "It is about something else.", Passage: text})
	if err != nil {
		return err
	}
	rulings := []map[string]any{{"remove_review": "unrelated"}, {"remove_review": "legal"}, {"dismiss": true}}
	first := rulings[l.rnd.IntN(len(rulings))]
	l.in(l.hours(1, 70), "decide about a review", func(ctx context.Context) error {
		if err := l.rule(ctx, l.agents[0], moved.Case, first); err != nil || first["dismiss"] != nil || l.rnd.IntN(2) == 0 {
			return err
		}
		l.in(l.hours(1, 70), "appeal", func(ctx context.Context) error {
			again, err := l.b.AppealCase(ctx, moved.Case, client.Words{Text: "It is about this very order."})
			if err != nil {
				return err
			}
			second := []map[string]any{{"restore_review": true}, {"dismiss": true}}[l.rnd.IntN(2)]
			l.in(l.hours(1, 40), "decide an appeal", func(ctx context.Context) error { return l.rule(ctx, l.agents[1], again.ID, second) })
			return nil
		})
		return nil
	})
	return nil
}

// question is a first message: answered, answered late or not at all.
func (p *player) question(ctx context.Context) error {
	if len(p.quiet) == 0 {
		return nil
	}
	asker := p.quiet[0]
	p.quiet = p.quiet[1:]
	said, err := asker.at(p.url).WriteTo(ctx, string(p.seller.ID), client.Words{Text: "Could you draw a map of my garden?"})
	if err != nil {
		return err
	}
	wait := []time.Duration{p.hours(0.1, 23), p.hours(0.1, 23), p.hours(0.1, 23), p.hours(25, 60), 0}[p.rnd.IntN(5)]
	s := p.seller.at(p.url)
	switch {
	case wait > 0:
		p.in(wait, "answer a question", func(ctx context.Context) error {
			_, err := s.Write(ctx, said.Thread, client.Words{Text: "Yes, gladly."})
			return err
		})
	case p.rnd.IntN(3) == 0:
		p.in(p.hours(1, 40), "listen no more", func(ctx context.Context) error {
			_, err := asker.at(p.url).Block(ctx, said.Thread)
			return err
		})
	case p.rnd.IntN(2) == 0:
		p.in(p.hours(1, 40), "report spam", func(ctx context.Context) error {
			if err := s.ReportMessage(ctx, said.Thread, said.No, "spam", ""); err != nil {
				return err
			}
			return p.reported(ctx, said.Thread+"/1")
		})
	}
	return nil
}

// reported is a report as spam that the desk looks at, or that is taken back, or
// that waits; some of what the desk finds is turned on appeal.
func (p *player) reported(ctx context.Context, message string) error {
	s, id := p.seller.at(p.url), ""
	for c, err := range s.Cases(ctx) {
		if err != nil {
			return err
		}
		if c.Subject == message {
			id = c.ID
			break
		}
	}
	first, second := []string{"spam", "no_spam"}[p.rnd.IntN(2)], []string{"spam", "no_spam"}[p.rnd.IntN(2)]
	switch p.rnd.IntN(5) {
	case 0:
	case 1:
		p.in(p.hours(1, 40), "take a report back", func(ctx context.Context) error { _, err := s.WithdrawCase(ctx, id); return err })
	default:
		p.in(p.hours(1, 60), "find spam or none", func(ctx context.Context) error {
			if err := p.rule(ctx, p.agents[0], id, map[string]any{"spam": first}); err != nil || p.rnd.IntN(2) == 0 {
				return err
			}
			again, err := s.AppealCase(ctx, id, client.Words{Text: "Please look at it once more."})
			if err != nil {
				return err
			}
			p.in(p.hours(1, 40), "find it anew", func(ctx context.Context) error {
				return p.rule(ctx, p.agents[1], again.ID, map[string]any{"spam": second})
			})
			return nil
		})
	}
	return nil
}
