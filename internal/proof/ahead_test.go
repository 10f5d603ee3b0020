package proof_test

import (
	"fmt"
	"net/http"
	"os"
	"slices"

	"time"

	"guildhall/client"
)

// rehearsed rehearses harder rules, puts them into force, lets time alone pass,
// and holds what was said would happen to the level against what did.
func (p *player) rehearsed(laws []law) {
	p.t.Helper()
	ctx, house := p.t.Context(), p.operator.at(p.url)
	at := p.clock.Add(3 * day)
	r, err := house.RehearsePolicy(ctx, rulebook(p.t, laws[3]), at, time.Time{}, time.Time{})
	must(p.t, err)
	r = p.wait(r)
	var said []turn
	var mine struct {
		Then struct {
			Level string
			Turns []turn
		}
	}
	if err := p.raw(ctx, p.operator, http.MethodGet, "/rehearsals/"+r.ID+"/sellers/"+string(p.seller.ID), nil, &mine); err != nil {
		p.t.Fatal(err)
	}
	for _, x := range mine.Then.Turns {
		if !x.At.Before(at) {
			said = append(said, x)
		}
	}
	if is := p.govern(laws[3], at); !is.Equal(at) || !r.At.Equal(at) {
		p.t.Fatalf("the rules take effect at %s, rehearsed for %s, asked for %s", is, r.At, at)
	}
	p.move(r.Until)
	is := p.standing(p.seller)
	if is.Level.Name != mine.Then.Level {
		p.t.Errorf("rehearsed: %q at %s; it is %q", mine.Then.Level, r.Until, is.Level.Name)
	}
	kinds := map[string]string{"level.promoted": "promoted", "level.warned": "warned", "level.demoted": "demoted", "level.ready": "asked"}
	var did []turn
	p.check(laws)
	for _, e := range p.known.streams[ladderOf(string(p.seller.ID))] {
		if kind, counts := kinds[e.kind]; counts && !e.at.Before(at) && !e.at.After(r.Until) {
			did = append(did, turn{kind, e.at, e.from, e.to})
		}
	}
	if fmt.Sprint(said) != fmt.Sprint(did) {
		p.t.Errorf("rehearsed: %v\nit became   %v", said, did)
	}
	p.done["turns rehearsed"] = len(said)
}

// recovered does what the house says is enough, one at a time, and looks at each
// step whether it is: neither sooner nor later.
func (p *player) recovered(laws []law) {
	p.t.Helper()
	const most = 9
	now := p.standing(p.seller)
	long := 0
	for _, r := range now.Recovery {
		if len(r.Need) > 0 && r.Need[0].N <= most && r.Figure != "response" {
			long = max(long, r.Need[0].N)
		}
	}
	p.done["recoveries foretold"] = len(now.Recovery)
	for k := range long + 1 {
		if k > 0 {
			p.sell(k)
		}
		for _, r := range now.Recovery {
			if r.Figure == "response" || len(r.Need) == 0 || !r.Need[0].From.Before(p.clock.Add(time.Minute)) {
				continue
			}
			why, err := p.seller.at(p.url).WhyLevel(p.t.Context(), r.Level)
			must(p.t, err)
			i := slices.IndexFunc(why.Requirements, func(q client.Requirement) bool { return q.Figure == r.Figure })
			if need := r.Need[0].N; why.Requirements[i].Met != (need >= 0 && k >= need) {
				p.t.Errorf("%s for %s: %d more were said to be needed; after %d it is %s, met: %t", r.Figure, r.Level, need, k, why.Requirements[i].Mine, why.Requirements[i].Met)
			}
		}
	}
	p.check(laws)
}

// sell is one order that goes as well as it can.
func (p *player) sell(k int) {
	p.t.Helper()
	ctx, b, s := p.t.Context(), p.buyers[k%len(p.buyers)].at(p.url), p.seller.at(p.url)
	placed, err := b.PlaceOrder(ctx, mapOf(p.single, visa))
	must(p.t, err)
	_, err = s.Deliver(ctx, placed.Order, client.Post{Text: "Here it is"})
	must(p.t, err)
	_, err = b.Accept(ctx, placed.Order)
	must(p.t, err)
	_, err = b.WriteReview(ctx, placed.Order, client.NewReview{Stars: map[string]int{"fulfilment": 5, "start_time": 5, "communication": 5}})
	must(p.t, err)
	_, err = s.WriteReview(ctx, placed.Order, client.NewReview{Stars: map[string]int{"overall": 5}})
	must(p.t, err)
}

// foretold moves the clock to what was forecast, and looks.
func (p *player) foretold(laws []law) {
	p.t.Helper()
	p.govern(laws[4], p.clock.Add(25*day)) // what is known to come is foretold too
	now := p.standing(p.seller)
	var apart []step // so far from the next that one can look between them
	for i, s := range now.Forecast {
		if i+1 == len(now.Forecast) || now.Forecast[i+1].At.Sub(s.At) > time.Minute {
			apart = append(apart, s)
		}
	}
	if len(apart) < 3 {
		p.t.Fatalf("hardly anything is forecast: %d steps", len(now.Forecast))
	}
	for i, s := range apart {
		if every := max(1, len(apart)/12); i%every > 0 && os.Getenv("GUILDHALL_NIGHTLY") == "" {
			continue
		}
		p.move(s.At)
		is := p.standing(p.seller)
		if is.sheet().foretold() != s.sheet() || is.Level.Name != s.Level || (is.Level.Ends == nil) != (s.Ends == nil) || s.Ends != nil && !s.Ends.Equal(*is.Level.Ends) {
			p.t.Errorf("forecast for %s: %v, %q until %v\nit became  %v, %q until %v", s.At, s.sheet(), s.Level, s.Ends, is.sheet().foretold(), is.Level.Name, is.Level.Ends)
		}
	}
	p.check(laws)
}

// guarded counts once more when the house had to look at how orders ended: as
// of each ending without fault, more than a fifth of at least five in sixty
// days, and once in that time.
func (p *player) guarded(c *chronicle, kept []row, known time.Time) {
	p.t.Helper()
	who := string(p.seller.ID)
	var want, is []string
	var last time.Time
	for _, e := range c.entries(who, known) {
		if e.figure != "completion" || e.mark != "excluded" || !last.IsZero() && last.After(e.at.Add(-window)) {
			continue
		}
		ended, without := 0, 0
		for _, x := range c.entries(who, e.at) {
			if x.figure == "completion" && x.at.After(e.at.Add(-window)) && !x.at.After(e.at) {
				if ended++; x.mark == "excluded" {
					without++
				}
			}
		}
		if ended >= 5 && without*5 > ended {
			last = e.at
			want = append(want, fmt.Sprintf("%s: %d of %d", e.at.Format(time.RFC3339Nano), without, ended))
		}
	}
	for _, r := range kept {
		if r.text("member_id") == who {
			is = append(is, fmt.Sprintf("%s: %d of %d", micro(r, "opened_at").Format(time.RFC3339Nano), r.number("no_fault"), r.number("ended")))
		}
	}
	if !slices.Equal(is, want) {
		p.t.Errorf("the house was asked to look at endings: %v\nby the export %v", is, want)
	}
}
