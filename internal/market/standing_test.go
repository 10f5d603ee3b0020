package market_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/money"
	"guildhall/internal/needs"
	"guildhall/internal/order"
	"guildhall/internal/policy"
	"guildhall/internal/resolution"
	"guildhall/internal/standing"
	"guildhall/internal/store"
	"guildhall/internal/store/storetest"
)

func (p *post) sheet(who member.Actor) market.Figures {
	p.t.Helper()
	f, err := p.MySheet(p.t.Context(), who)
	p.must(err)
	return f
}

// says is a sheet in one line: completion, on time, what is noted.
func (p *post) says(who member.Actor) string {
	p.t.Helper()
	s := p.sheet(who)
	line := func(r standing.Rate) string { return fmt.Sprintf("%d/%d (%d)", r.For, r.Counted(), r.Excluded()) }
	return line(s.Completion) + " " + line(s.OnTime) + " " + fmt.Sprintf("%d/%d", s.Record.Noted, len(s.Record.Lines))
}

func (p *post) figures(seller, buyer string) {
	p.t.Helper()
	if got := p.says(p.seller); got != seller {
		p.t.Errorf("the seller's figures are %s, want %s", got, seller)
	}
	if got := p.says(p.buyer); got != buyer {
		p.t.Errorf("the buyer's figures are %s, want %s", got, buyer)
	}
	p.auditStanding()
}

// auditStanding needs what is kept to be what the orders say.
func (p *post) auditStanding() {
	p.t.Helper()
	found, err := p.Audit(p.t.Context(), nil)
	p.must(err)
	for _, f := range found {
		if f.Rule == "standing" {
			p.t.Errorf("audit: %s: %s", f.Subject, f.What)
		}
	}
}

func (p *post) deliverAndAccept(id ident.Order) {
	p.t.Helper()
	p.move(p.seller, id, order.Deliver{Text: "here it is"})
	p.move(p.buyer, id, order.Accept{})
}

// ask lets a party ask to cancel and tells the number of the request.
func (p *post) ask(who member.Actor, id ident.Order, cause string) int {
	p.t.Helper()
	p.move(who, id, order.Ask{Proposal: resolution.Proposal{Kind: resolution.Cancel, Cause: cause, Reason: "so it is", Share: money.Whole}})
	return p.page(p.buyer, id).Order.Life.Request.No
}

func TestFiguresFollowOrders(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		p.figures("0/0 (0) 0/0 (0) 0/0", "0/0 (0) 0/0 (0) 0/0")

		id := p.started()
		p.figures("0/0 (0) 0/0 (0) 0/0", "0/0 (0) 0/0 (0) 0/0")
		p.move(p.seller, id, order.Deliver{Text: "here it is"})
		p.figures("0/0 (0) 1/1 (0) 0/0", "0/0 (0) 0/0 (0) 0/0")
		p.move(p.buyer, id, order.Accept{})
		p.figures("1/1 (0) 1/1 (0) 0/0", "0/0 (0) 0/0 (0) 0/0")

		undone := p.place()
		p.move(p.buyer, undone, order.Undo{})
		p.figures("1/1 (1) 1/1 (0) 0/0", "0/0 (0) 0/0 (0) 1/1")

		late := p.started()
		p.clock.move(5 * 24 * time.Hour)
		p.move(p.buyer, late, order.CancelLate{})
		p.figures("1/2 (1) 1/1 (0) 0/0", "0/0 (0) 0/0 (0) 1/2")

		mutual := p.started()
		p.move(p.buyer, mutual, order.Agree{No: p.ask(p.seller, mutual, "out_of_scope"), Cause: "budget"})
		p.figures("1/2 (2) 1/1 (0) 0/0", "0/0 (0) 0/0 (0) 1/3")
		if e := p.page(p.seller, mutual).Order.Life.Ending; e == nil || e.Cause != "out_of_scope" || e.OtherCause != "budget" || !e.Disputed {
			t.Errorf("both causes are kept: %+v", e)
		}

		silent := p.started()
		p.ask(p.seller, silent, "out_of_scope")
		p.clock.move(49 * time.Hour)
		p.must(p.SweepAll(t.Context()))
		p.figures("1/3 (2) 1/1 (0) 0/0", "0/0 (0) 0/0 (0) 2/4")

		behind, err := p.Behind(t.Context(), p.seller, standing.Completion, standing.Against, "", 1)
		p.must(err)
		if len(behind.Lines) != 1 || behind.Lines[0].Order != silent || behind.Lines[0].Rule != "unanswered/seller" || behind.Next == "" {
			t.Errorf("behind completion: %+v", behind.Lines)
		}
		behind, err = p.Behind(t.Context(), p.seller, standing.Completion, standing.Against, behind.Next, 1)
		p.must(err)
		if len(behind.Lines) != 1 || behind.Lines[0].Order != late || behind.Next != "" {
			t.Errorf("the next page behind completion: %+v %q", behind.Lines, behind.Next)
		}
		if _, err := p.Behind(t.Context(), p.seller, "charm", "", "", 1); fault.KindOf(err) != fault.KindNotFound {
			t.Errorf("a figure that there is not: %v", err)
		}
		if _, err := p.MySheet(t.Context(), member.Guest()); err == nil {
			t.Error("a guest has figures")
		}

		p.clock.move(61 * 24 * time.Hour) // everything leaves the window and is reached back for
		p.figures("1/3 (2) 1/1 (0) 0/0", "0/0 (0) 0/0 (0) 2/4")
		p.clock.move(120 * 24 * time.Hour)
		p.figures("0/0 (0) 0/0 (0) 0/0", "0/0 (0) 0/0 (0) 0/0")
	})
}

// TestFiguresFromScratch: what is kept along random histories is what the
// orders themselves say, and a house that is older than figures makes them once.
func TestFiguresFromScratch(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		rnd := rand.New(rand.NewPCG(7, 7))
		for range 12 {
			p.anyLife(rnd)
		}
		p.auditStanding()
		seller, buyer := p.says(p.seller), p.says(p.buyer)
		p.must(s.Update(t.Context(), func(tx *store.Tx) error {
			for _, who := range []ident.Member{p.seller.Member, p.buyer.Member} {
				for _, f := range standing.All() {
					cs, err := tx.Contributions(who, f, time.Unix(0, 0), p.Now().Add(time.Hour))
					if err == nil {
						err = tx.SaveContributions(nil, cs)
					}
					if err != nil {
						return err
					}
				}
			}
			return tx.SetMark("standing_kept_whole", "")
		}))
		if got := p.says(p.seller); got != "0/0 (0) 0/0 (0) 0/0" {
			t.Fatalf("the figures were not forgotten: %s", got)
		}
		found, err := p.Audit(t.Context(), nil)
		p.must(err)
		if !slices.ContainsFunc(found, func(f market.Finding) bool { return f.Rule == "standing" }) {
			t.Error("the audit does not miss what was forgotten")
		}
		p.must(p.Prepare(t.Context()))
		if p.says(p.seller) != seller || p.says(p.buyer) != buyer {
			t.Errorf("made anew: %s and %s, were %s and %s", p.says(p.seller), p.says(p.buyer), seller, buyer)
		}
		p.auditStanding()
	})
}

// anyLife leads one order along a random way; what is refused is not made.
func (p *post) anyLife(rnd *rand.Rand) {
	id := p.place()
	for range 8 {
		p.clock.move(time.Duration(rnd.IntN(40)) * time.Hour)
		o := p.page(p.buyer, id).Order
		no := 0
		if o.Life.Request != nil {
			no = o.Life.Request.No
		}
		cancel := order.Ask{Proposal: resolution.Proposal{Kind: resolution.Cancel, Cause: "other", Reason: "so it is", Share: money.Whole}}
		moves := []order.Move{
			order.Undo{}, order.Waive{}, order.Waive{}, order.Deliver{Text: "x"}, order.Deliver{Text: "x"}, order.Revise{Text: "x"}, order.Accept{},
			order.CancelLate{}, cancel, cancel, order.Agree{No: no}, order.Decline{No: no}, order.Withdraw{No: no}, order.SayCause{Cause: "budget"},
		}
		who := []member.Actor{p.buyer, p.seller}[rnd.IntN(2)]
		if _, err := p.Move(p.t.Context(), who, "", id, moves[rnd.IntN(len(moves))]); err != nil && fault.KindOf(err) == "" {
			p.t.Fatal(err)
		}
	}
	p.must(p.SweepAll(p.t.Context()))
}

// TestListsByClass: every class has its list, and its count is the list's length.
func TestListsByClass(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		for range 3 {
			p.move(p.buyer, p.place(), order.Undo{})
		}
		mutual := p.started()
		p.move(p.seller, mutual, order.Agree{No: p.ask(p.buyer, mutual, "mistake")})
		p.deliverAndAccept(p.started())
		for side, who := range map[order.Party]member.Actor{order.Seller: p.seller, order.Buyer: p.buyer} {
			all, err := p.OrderList(t.Context(), who, market.ListQuery{Side: side, Tab: "cancelled"})
			p.must(err)
			if len(all.Rows) != 4 || fmt.Sprint(all.Ways) != "[{before_start 3} {mutual 1}]" {
				t.Errorf("%s: %d rows, %v", side, len(all.Rows), all.Ways)
			}
			for _, way := range all.Ways {
				n := 0
				for after := market.Cursor(""); ; {
					page, err := p.OrderList(t.Context(), who, market.ListQuery{Side: side, Tab: "cancelled", Class: way.Class, After: after, Most: 2})
					p.must(err)
					for _, r := range page.Rows {
						if n++; r.Order.EndingClass() != way.Class {
							t.Errorf("%s stands in the list of %s", r.Order.Class, way.Class)
						}
					}
					if after = page.Next; after == "" {
						break
					}
				}
				if n != way.Count {
					t.Errorf("%s: %s counts %d, its list has %d", side, way.Class, way.Count, n)
				}
			}
			other, err := p.OrderList(t.Context(), who, market.ListQuery{Side: side, Tab: "completed", Class: policy.ClassMutual})
			p.must(err)
			if len(other.Rows) != 1 || other.Ways != nil {
				t.Errorf("a class means nothing among the completed: %d rows", len(other.Rows))
			}
		}
	})
}

// TestNeedsYou: what waits for whom, requests first, then by what is lost first.
func TestNeedsYou(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		needed := func(who member.Actor) string {
			t.Helper()
			n, err := p.NeedsYou(t.Context(), who, 0)
			p.must(err)
			var list []string
			for _, one := range n.List {
				list = append(list, string(one.Side)+" "+string(one.Kind))
				if one.Title == "" || one.Do == "" || one.Other == "" {
					t.Errorf("%+v lacks words", one)
				}
			}
			return strings.Join(list, ", ")
		}
		want := func(seller, buyer string) {
			t.Helper()
			if got := needed(p.seller); got != seller {
				t.Errorf("the seller is needed for %q, want %q", got, seller)
			}
			if got := needed(p.buyer); got != buyer {
				t.Errorf("the buyer is needed for %q, want %q", got, buyer)
			}
		}
		want("", "")
		p.place()
		want("", "buyer brief")
		id := p.started()
		want("seller deliver", "buyer brief")
		no := p.ask(p.buyer, id, "mistake")
		want("seller answer", "buyer brief")
		p.move(p.seller, id, order.Decline{No: no})
		p.clock.move(3*24*time.Hour + time.Hour)
		want("seller late", "buyer brief")
		p.clock.move(24 * time.Hour)
		want("seller late", "buyer brief, buyer late")
		p.clock.move(4 * 24 * time.Hour)
		want("seller late, seller stale", "buyer brief, buyer late")
		p.move(p.seller, id, order.Deliver{Text: "sorry"})
		want("seller stale", "buyer look, buyer brief")
		n, err := p.NeedsYou(t.Context(), p.operator, 0)
		p.must(err)
		if len(n.List) != 0 {
			t.Errorf("a stranger is needed: %v", n.List)
		}
		if _, err := p.NeedsYou(t.Context(), member.Guest(), 0); err == nil {
			t.Error("a guest is needed")
		}
		all, err := p.NeedsYou(t.Context(), p.buyer, 0)
		p.must(err)
		if part := all.Of(order.Seller); len(part.List) != 0 || all.List[0].Kind != needs.Look {
			t.Errorf("the buyer's part: %v", all.List)
		}
	})
}
