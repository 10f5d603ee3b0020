package market_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"guildhall/internal/desk"
	"guildhall/internal/fault"
	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/money"
	"guildhall/internal/order"
	"guildhall/internal/store"
	"guildhall/internal/store/storetest"
)

// healthy reads the page of the whole life of the market.
func (p *post) healthy(from time.Time) market.Health {
	p.t.Helper()
	h, err := p.Health(p.t.Context(), p.operator, market.Range{From: from, To: p.clock.Now()})
	p.must(err)
	return h
}

// listed walks the list behind a number to its end, two rows at a time.
func (p *post) listed(what string, r market.Range) int {
	p.t.Helper()
	n, seen := 0, map[string]bool{}
	for after := market.Cursor(""); ; {
		list, err := p.HealthList(p.t.Context(), p.operator, market.HealthQuery{Range: r, What: what, After: after, Most: 2})
		p.must(err)
		for _, row := range list.Rows {
			key := fmt.Sprint(row.ID, row.Seq)
			if seen[key] || row.Ref == "" || row.Title == "" || row.At.Before(list.From) || !row.At.Before(list.To.AddDate(0, 0, 1)) {
				p.t.Errorf("%s: %+v stands twice, or outside", what, row)
			}
			seen[key] = true
			n++
		}
		if after = list.Next; after == "" {
			return n
		}
	}
}

// adds walks a list of money to its end, two rows at a time, and sums it.
func (p *post) adds(what string, r market.Range) int64 {
	p.t.Helper()
	var sum int64
	seen := map[string]bool{}
	for after := market.Cursor(""); ; {
		list, err := p.HealthList(p.t.Context(), p.operator, market.HealthQuery{Range: r, What: what, After: after, Most: 2})
		p.must(err)
		for _, row := range list.Rows {
			key := fmt.Sprint(row.ID, row.Seq)
			if seen[key] || row.Ref == "" || row.Part.IsZero() {
				p.t.Errorf("%s: %+v stands twice, or for nothing", what, row)
			}
			seen[key] = true
			sum += row.Part.Minor
		}
		if after = list.Next; after != "" {
			continue
		}
		if list.Sum == nil || list.Sum.Minor != sum {
			p.t.Errorf("%s: the rows add up to %d, the list says %v", what, sum, list.Sum)
		}
		return sum
	}
}

// lies sums what sellers had in one kind of account, one row at a time.
func (p *post) lies(pot string, r market.Range) int64 {
	p.t.Helper()
	var sum int64
	for after := market.Cursor(""); ; {
		list, err := p.HealthBalances(p.t.Context(), p.operator, pot, r, after, 1)
		p.must(err)
		for _, row := range list.Rows {
			sum += row.Minor
		}
		if after = list.Next; after != "" {
			continue
		}
		if list.Sum.Minor != sum {
			p.t.Errorf("%s: the rows add up to %d, the list says %s", pot, sum, list.Sum)
		}
		return sum
	}
}

// pays holds amounts of the page against the sums of the lists they open to:
// of the whole range, of its last span, and of some between.
func (p *post) pays(h market.Health) {
	p.t.Helper()
	for _, pot := range h.Held {
		for i, minor := range pot.Minor {
			if i%7 != 0 && i != len(pot.Minor)-1 {
				continue
			}
			list := p.lies
			if pot.Pot == market.ListedHeld {
				list = p.adds
			}
			if got := list(pot.Pot, h.Spans[i]); got != minor {
				p.t.Errorf("%s at the end of %s: %d on the page, %d in the list", pot.Pot, h.Spans[i].To.Format(time.DateOnly), minor, got)
			}
		}
	}
	for _, pot := range h.Earned {
		var sum int64
		for i, minor := range pot.Minor {
			sum += minor
			if i%7 != 0 {
				continue
			}
			if got := p.adds(pot.Pot, h.Spans[i]); got != minor {
				p.t.Errorf("%s on %s: %d on the page, %d in the list", pot.Pot, h.Spans[i].From.Format(time.DateOnly), minor, got)
			}
		}
		if got := p.adds(pot.Pot, h.Range); got != sum {
			p.t.Errorf("%s: %d on the page, %d in the list", pot.Pot, sum, got)
		}
	}
}

// casesListed does the same for cases.
func (p *post) casesListed(q market.CasesQuery) int {
	p.t.Helper()
	n := 0
	for q.Most = 2; ; {
		list, err := p.HealthCases(p.t.Context(), p.operator, q)
		p.must(err)
		n += len(list.Rows)
		if q.After = list.Next; q.After == "" {
			return n
		}
	}
}

// opens holds every number of the page against the list it opens to.
func (p *post) opens(h market.Health) {
	p.t.Helper()
	ended := 0
	for _, t := range slices.Concat(h.Placed, h.Endings, h.Requests, h.Disputes) {
		sum := 0
		for i, n := range t.N {
			sum += n
			if got := p.listed(t.What, h.Spans[i]); got != n {
				p.t.Errorf("%s from %s: %d on the page, %d in the list", t.What, h.Spans[i].From.Format(time.DateOnly), n, got)
			}
		}
		if got := p.listed(t.What, h.Range); got != t.Sum || sum != t.Sum {
			p.t.Errorf("%s: %d on the page, %d in its columns, %d in the list", t.What, t.Sum, sum, got)
		}
		if slices.Contains(market.Ways(), t.What) {
			ended += t.Sum
		}
	}
	if got := p.listed(market.ListedEnded, h.Range); got != ended {
		p.t.Errorf("%d ended in all, %d in the list", ended, got)
	}
	if got, want := p.listed("completed,mutual", h.Range), h.Endings[0].Sum+h.Endings[3].Sum; got != want || h.Endings[3].What != "mutual" {
		p.t.Errorf("%d completed or ended by agreement, %d in the list", want, got)
	}
	for _, t := range h.Opened {
		if got := p.casesListed(market.CasesQuery{Range: h.Range, Kind: desk.Kind(t.What)}); got != t.Sum {
			p.t.Errorf("cases about %s: %d on the page, %d in the list", t.What, t.Sum, got)
		}
	}
	for _, t := range h.Decided {
		if got := p.casesListed(market.CasesQuery{Range: h.Range, Kind: desk.Kind(t.What), Decided: true}); got != t.Sum {
			p.t.Errorf("decided about %s: %d on the page, %d in the list", t.What, t.Sum, got)
		}
	}
}

// TestHealthAfterRandomLives: after random lives every number equals its list,
// and the sums of the days equal a recount.
func TestHealthAfterRandomLives(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		from := p.clock.Now()
		rnd := rand.New(rand.NewPCG(4, 16))
		for range 12 {
			p.anyLife(rnd)
			if _, err := p.buy(p.buyer, "", declines); err != nil {
				t.Fatal(err)
			}
			p.clock.move(time.Duration(rnd.IntN(60)) * time.Hour)
		}
		running := p.healthy(from)
		p.pays(running)
		if n := len(running.Spans); running.Held[0].Minor[n-1] == 0 {
			t.Error("nothing is held while orders run")
		}
		p.clock.move(30 * 24 * time.Hour)
		p.must(p.SweepAll(t.Context()))
		h := p.healthy(from)
		p.opens(h)
		p.pays(h)
		if h.Placed[0].Sum != 12 || h.Placed[1].Sum != 12 {
			t.Errorf("placed: %+v", h.Placed)
		}
		v, err := p.Statement(t.Context(), p.seller, market.PotAvailable, "", 0)
		p.must(err)
		last := len(h.Spans) - 1
		if h.Held[1].Minor[last] != v.Pending.Minor || h.Held[2].Minor[last] != v.Available.Minor || h.Held[0].Minor[last] < 0 {
			t.Errorf("held: %+v; the seller has %s pending and %s available", h.Held, v.Pending, v.Available)
		}
		p.sound()
	})
}

func TestHealthOfAStory(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCounter(t, s)
		from := c.clock.Now()
		c.move(c.buyer, c.order, order.Accept{})
		second := c.place()
		first := c.ask(c.buyer, desk.Payment, market.CaseSubjectOrder(c.order))
		slow := c.ask(c.seller, desk.Other, desk.Subject{})
		c.ask(c.buyer, desk.Level, desk.Subject{})
		c.clock.move(2 * time.Hour)
		_, err := c.AnswerCase(t.Context(), c.ada, "", first, market.CaseWords{Text: "I look at it today.", To: desk.ToBoth})
		c.must(err)
		c.clock.move(10 * 24 * time.Hour)
		c.must(c.SweepAll(t.Context()))
		_, err = c.AnswerCase(t.Context(), c.ada, "", slow, market.CaseWords{Text: "Here is what happened, at last.", To: desk.ToOpener})
		c.must(err)
		c.move(c.buyer, second, order.Undo{})

		h := c.healthy(from)
		if h.Step != market.Daily || len(h.Spans) != 11 {
			t.Errorf("%d spans of a %s", len(h.Spans), h.Step)
		}
		a := h.Answers
		if a.Opened != 3 || a.Answered != 2 || a.Within != 1 || a.Late != 1 || a.Median.Round(time.Hour) != 2*time.Hour || a.Ninetieth < 10*24*time.Hour || h.Target.D() == 0 {
			t.Errorf("answers: %+v", a)
		}
		for answer, want := range map[string]int{"within": 1, "late": 2, "waiting": 0} {
			if got := c.casesListed(market.CasesQuery{Range: h.Range, Answer: answer}); got != want {
				t.Errorf("%d cases %s, want %d", got, answer, want)
			}
		}
		if got := fmt.Sprint(h.Earned[0].Pot, h.Earned[0].Minor[0], h.Held[0].Minor[0], h.Held[0].Minor[10], h.Held[1].Minor[0]); got != "commission800 8000 0 7200" {
			t.Errorf("money: %s", got)
		}
		c.opens(h)
		c.pays(h)
		c.clock.move(time.Second)
		list, err := c.HealthList(t.Context(), c.operator, market.HealthQuery{Range: h.Range, What: "completed"})
		c.must(err)
		if len(list.Looks) == 0 || list.Looks[0].By != "Olga Petrova" || list.Looks[0].Found != 1 || !strings.HasPrefix(list.Looks[0].What, "orders: completed, 2026-") {
			t.Errorf("the look was not written down: %+v", list.Looks)
		}
		if len(list.Rows) != 1 || list.Rows[0].Total != money.Of(8000, "USD") || list.Rows[0].Ended.IsZero() {
			t.Errorf("completed: %+v", list.Rows)
		}
	})
}

func TestHealthIsForOperators(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		for _, who := range []member.Actor{{}, p.buyer, p.seller, p.agent("Ada Byrd")} {
			want := fault.KindNotFound
			if !who.SignedIn() {
				want = fault.KindSignIn
			}
			_, err := p.Health(t.Context(), who, market.Range{})
			_, err2 := p.HealthList(t.Context(), who, market.HealthQuery{What: "paid"})
			_, err3 := p.HealthCases(t.Context(), who, market.CasesQuery{})
			_, _, err4 := p.SellersOn(t.Context(), who, "level_1", "", 0)
			_, err5 := p.HealthBalances(t.Context(), who, "available", market.Range{}, "", 0)
			for _, err := range []error{err, err2, err3, err4, err5} {
				if fault.KindOf(err) != want {
					t.Errorf("%s: %v, want %s", who.Role, err, want)
				}
			}
		}

		h, err := p.Health(t.Context(), p.operator, market.Range{})
		p.must(err)
		if len(h.Spans) != 30 || h.Placed[0].Sum != 0 || h.Answers.Opened != 0 {
			t.Errorf("an empty market: %+v", h)
		}
		p.opens(h)
		sellers := 0
		for _, l := range h.Levels {
			sellers += l.Sellers
			if list, _, err := p.SellersOn(t.Context(), p.operator, l.Level, "", 0); err != nil || len(list) != l.Sellers {
				t.Errorf("%s: %d in the list, %d on the page, %v", l.Level, len(list), l.Sellers, err)
			}
		}
		if last := h.Levels[len(h.Levels)-1]; sellers != 1 || last.Level != market.NoLevel || last.Sellers != 1 {
			t.Errorf("one seller without a level is counted as %+v", h.Levels)
		}
		if _, err := p.HealthBalances(t.Context(), p.operator, "escrow", market.Range{}, "", 0); fault.KindOf(err) != fault.KindInvalid {
			t.Errorf("balances of what no seller has: %v", err)
		}
		if _, _, err := p.SellersOn(t.Context(), p.operator, "Level 99", "", 0); fault.KindOf(err) != fault.KindInvalid {
			t.Errorf("a level that there is not: %v", err)
		}

		day := func(text string) time.Time {
			d, err := time.Parse(time.DateOnly, text)
			p.must(err)
			return d
		}
		for name, tt := range map[string]struct {
			from, to, field string
		}{
			"backwards": {"2026-02-20", "2026-02-01", "to"}, "to come": {"2026-02-20", "2026-03-03", "to"},
			"all to come": {"2026-04-20", "2026-04-21", "from"}, "too long": {"2023-02-20", "2026-03-02", "from"}, "before time": {"0004-01-01", "2026-03-02", "from"},
		} {
			_, err := p.Health(t.Context(), p.operator, market.Range{From: day(tt.from), To: day(tt.to)})
			if fault.KindOf(err) != fault.KindInvalid || !strings.Contains(err.Error(), tt.field+":") {
				t.Errorf("%s: %v", name, err)
			}
		}
		for _, q := range []market.HealthQuery{{What: "everything"}, {}, {What: "paid", After: "x"}, {What: "late,late"}, {What: "late,paid"}} {
			if _, err := p.HealthList(t.Context(), p.operator, q); fault.KindOf(err) != fault.KindInvalid {
				t.Errorf("%+v: %v", q, err)
			}
		}
		for _, q := range []market.CasesQuery{{Kind: "none"}, {Answer: "soon"}, {Answer: "late", Decided: true}, {After: "x"}} {
			if _, err := p.HealthCases(t.Context(), p.operator, q); fault.KindOf(err) != fault.KindInvalid {
				t.Errorf("%+v: %v", q, err)
			}
		}
	})
}

// TestHealthSpans: a range is cut into days, weeks from Mondays, or months,
// without a gap.
func TestHealthSpans(t *testing.T) {
	p := newPost(t, storetest.SQLite(t), nil)
	today := p.clock.Now() // Mon 2 Mar 2026
	for _, tt := range []struct {
		days, spans int
		step        market.Step
	}{{1, 1, market.Daily}, {31, 31, market.Daily}, {32, 6, market.Weekly}, {182, 27, market.Weekly}, {183, 7, market.Monthly}, {731, 25, market.Monthly}} {
		h, err := p.Health(t.Context(), p.operator, market.DaysBack(today, tt.days))
		p.must(err)
		if h.Step != tt.step || len(h.Spans) != tt.spans {
			t.Errorf("%d days: %d spans of a %s, want %d of a %s", tt.days, len(h.Spans), h.Step, tt.spans, tt.step)
		}
		at := h.From
		for i, s := range h.Spans {
			if !s.From.Equal(at) || s.To.Before(s.From) || h.Step == market.Weekly && i > 0 && s.From.Weekday() != time.Monday {
				t.Errorf("%d days: span %d is %s to %s", tt.days, i, s.From.Format(time.DateOnly), s.To.Format(time.DateOnly))
			}
			at = s.To.AddDate(0, 0, 1)
		}
		if !at.Equal(h.To.AddDate(0, 0, 1)) {
			t.Errorf("%d days: the spans end before %s", tt.days, at.Format(time.DateOnly))
		}
	}
}
