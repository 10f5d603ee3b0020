package market_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"guildhall/internal/desk"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/money"
	"guildhall/internal/order"
	"guildhall/internal/resolution"
	"guildhall/internal/standing"
	"guildhall/internal/store"
	"guildhall/internal/store/storetest"
)

// TestPreviewIsWhatHappens makes random moves on random histories. Before each
// it asks for the preview, then does what one of its rows foretells, and holds
// both parties' figures against that row.
func TestPreviewIsWhatHappens(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		p.ladder()
		rnd := rand.New(rand.NewPCG(11, 4))
		foretold := 0
		for range 30 {
			id := p.place()
			for range 7 {
				p.clock.move(time.Duration(1+rnd.IntN(30)) * time.Hour)
				p.must(p.SweepAll(t.Context()))
				foretold += p.foretell(rnd, id)
			}
		}
		if foretold < 25 {
			t.Errorf("only %d moves were foretold", foretold)
		}
		p.auditStanding()
	})
}

// foretell previews a random move, makes it, and lets one reply come true.
func (p *post) foretell(rnd *rand.Rand, id ident.Order) int {
	p.t.Helper()
	o := p.page(p.buyer, id).Order
	no := 0
	if o.Life.Request != nil {
		no = o.Life.Request.No
	}
	ask := order.Ask{Proposal: resolution.Proposal{Kind: resolution.Cancel, Cause: "other", Reason: "so it is", Share: money.Whole}}
	moves := []order.Move{
		order.Undo{}, order.Waive{}, order.Waive{}, order.Deliver{Text: "x"}, order.Revise{Text: "x"}, order.Accept{},
		order.CancelLate{}, ask, ask, order.Agree{No: no}, order.Decline{No: no},
	}
	who := []member.Actor{p.buyer, p.seller}[rnd.IntN(2)]
	other := p.seller
	if who.Is(p.seller.Member) {
		other = p.buyer
	}
	mv := moves[rnd.IntN(len(moves))]
	before := map[ident.Member]market.Figures{p.buyer.Member: p.sheet(p.buyer), p.seller.Member: p.sheet(p.seller)}
	_ = p.my() // the level is of now
	view, err := p.Foresee(p.t.Context(), who, id, mv)
	if err != nil {
		if fault.KindOf(err) == "" {
			p.t.Fatal(err)
		}
		return 0
	}
	p.move(who, id, mv)
	row := rnd.IntN(len(view.Rows))
	no = p.page(p.buyer, id).Order.Seq
	switch r := view.Rows[row]; {
	case r.Reply == order.WhenAccepted:
		p.move(other, id, order.Agree{No: no})
	case r.Reply == order.WhenDeclined:
		p.move(other, id, order.Decline{No: no})
	case r.Reply == order.WhenSilent && mv.Name() != order.MoveAsk:
		return 0 // the answer was given
	case r.Reply == order.WhenSilent:
		p.clock.move(r.At.Sub(p.Now()))
		p.must(p.SweepAll(p.t.Context()))
		before = nil // what left the window meanwhile is not the move's doing
	}
	what := fmt.Sprintf("%s, %s", mv.Name(), view.Rows[row].Reply)
	p.held(what, view.Figures[row], before)
	if before == nil {
		return 1 // a notice may have ended meanwhile
	}
	if level, is := view.Levels[row], p.my().State; level.After != is.Level || !level.Demotes[1].Equal(is.DemotesAt) {
		p.t.Errorf("%s: the level was foretold as %q falling %s, it is %q falling %s", what, level.After, level.Demotes[1], is.Level, is.DemotesAt)
	}
	return 1
}

// held compares both parties' figures with what one row had foretold. Figures
// that it does not name must be as they were before, where that is known.
func (p *post) held(what string, row []standing.Change, before map[ident.Member]market.Figures) {
	p.t.Helper()
	for _, who := range []member.Actor{p.seller, p.buyer} {
		now, was := p.sheet(who), before[who.Member]
		want := map[standing.Figure]string{}
		if before != nil {
			want = spelt(was)
		}
		for _, c := range row {
			if c.Member == who.Member {
				want[c.Figure] = c.Says[1]
			}
		}
		for figure, is := range spelt(now) {
			if w, told := want[figure]; told && w != is {
				p.t.Errorf("%s: %s was foretold as %s, it is %s", what, figure, w, is)
			}
		}
	}
}

func spelt(f market.Figures) map[standing.Figure]string {
	said := map[standing.Figure]string{}
	for _, figure := range standing.All() {
		if figure != standing.Days {
			said[figure] = f.Text(figure, f.Policy)
		}
	}
	return said
}

// TestTooManyWithoutFault: the house is asked to look, once, and no figure
// hears of it.
func TestTooManyWithoutFault(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		agent := p.join("Ada Agent", true)
		queue := func() int {
			t.Helper()
			p.must(p.SweepAll(t.Context()))
			rows, _, err := p.Queue(t.Context(), agent, market.QueueFilter{Kind: desk.Blameless}, "", 0)
			p.must(err)
			return len(rows)
		}
		mutual := func() {
			t.Helper()
			id := p.started()
			p.move(p.buyer, id, order.Agree{No: p.ask(p.seller, id, "mistake")})
		}
		for range 3 {
			p.deliverAndAccept(p.started())
		}
		mutual()
		if queue() != 0 {
			t.Fatal("the house looks at one of four")
		}
		mutual()
		if queue() != 1 {
			t.Fatalf("two of five without fault: %d cases", queue())
		}
		mutual()
		if queue() != 1 {
			t.Errorf("the next one opens another case")
		}
		p.figures("3/3 (3) 3/3 (0) 0/0", "0/0 (0) 0/0 (0) 0/3")
		cases, _, err := p.Cases(t.Context(), p.seller, "", 0)
		p.must(err)
		if len(cases) != 0 {
			t.Errorf("the seller is shown the look as a case of theirs: %v", cases)
		}
	})
}
