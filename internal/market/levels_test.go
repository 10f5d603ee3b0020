package market_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/order"
	"guildhall/internal/policy"
	"guildhall/internal/standing"
	"guildhall/internal/store"
	"guildhall/internal/store/storetest"
)

// short is a ladder that a test can climb.
const short = `  levels:
    - name: level_1
      words: Level 1
      completed: 1
      on_time: 90%
      response: 50%
      no_warnings: true
    - name: level_2
      words: Level 2
      completed: 3
      earned: 200.00
      on_time: 90%
      response: 50%
      no_warnings: true
    - name: top
      words: Top
      completed: 4
      earned: 200.00
      on_time: 90%
      response: 50%
      no_warnings: true
      approval: true
      clearance: 7d
`

// ladder puts the short ladder into force.
func (p *post) ladder() {
	p.t.Helper()
	source, _, err := policy.Profile("classic")
	p.must(err)
	text := string(source)
	from, to := strings.Index(text, "  levels:"), strings.Index(text, "# The support desk.")
	text = text[:from] + short + "\n" + text[to:]
	text = strings.Replace(text, "enforce_from: 10 ", "enforce_from: 2 ", 1)
	_, err = p.ApplyPolicy(p.t.Context(), p.operator, "", "short.yaml", text, time.Time{})
	p.must(err)
	p.clock.move(market.PolicyLead)
	p.must(p.SweepAll(p.t.Context()))
}

// my is the seller's own standing, before a sweep has been there and after it:
// a page that writes nothing says what the sweep will.
func (p *post) my() market.Standing {
	p.t.Helper()
	v, err := p.MyStanding(p.t.Context(), p.seller)
	p.must(err)
	p.must(p.SweepAll(p.t.Context()))
	swept, err := p.MyStanding(p.t.Context(), p.seller)
	p.must(err)
	if v.State.Level != swept.State.Level || !v.State.DemotesAt.Equal(swept.State.DemotesAt) || len(v.History) != len(swept.History) {
		p.t.Errorf("before the sweep %+v with %d events, after it %+v with %d", v.State, len(v.History), swept.State, len(swept.History))
	}
	return v
}

func (p *post) level(want string) market.Standing {
	p.t.Helper()
	v := p.my()
	if v.State.Level != want {
		p.t.Errorf("on %s the level is %q, want %q", p.Now(), v.State.Level, want)
	}
	return v
}

// lateOrder delivers after the due date and completes.
func (p *post) lateOrder() {
	p.t.Helper()
	id := p.started()
	p.clock.move(3*24*time.Hour + time.Hour)
	p.deliverAndAccept(id)
}

// story is what happened to the seller's level.
func (p *post) story() string {
	p.t.Helper()
	var list []string
	for _, e := range slices.Backward(p.my().History) {
		list = append(list, fmt.Sprintf("%s %s→%s", strings.TrimPrefix(string(e.Kind), "level."), e.From, e.To))
	}
	return strings.Join(list, ", ")
}

// TestLevelsRise: each level at once, the highest after a person's yes, and
// money clears as it says.
func TestLevelsRise(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		p.ladder()
		p.level("")
		p.deliverAndAccept(p.started())
		v := p.level("level_1")
		if r, ok := v.NextRung(); !ok || r.Name != "level_2" || r.Met || v.Completed != 1 || v.Earned != 7200 || v.UniqueBuyers != 1 {
			t.Errorf("after one order: %+v, %d completed, %d earned", r, v.Completed, v.Earned)
		}
		p.deliverAndAccept(p.started())
		p.deliverAndAccept(p.started())
		p.must(p.SweepAll(t.Context()))
		p.level("level_2")
		p.deliverAndAccept(p.started())
		if v := p.level("level_2"); v.State.Ready != "top" {
			t.Errorf("all but a yes, and waiting for %q", v.State.Ready)
		}
		p.approved()
		p.level("top")
		if got, want := p.story(), "promoted →level_1, promoted level_1→level_2, ready level_2→top, declined level_2→top, approved level_2→top, promoted level_2→top"; got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}

		id := p.started()
		p.move(p.seller, id, order.Deliver{Text: "here it is"})
		seen, err := p.Foresee(t.Context(), p.buyer, id, order.Accept{})
		p.must(err)
		if at := seen.Rows[0].After.Life.ClearsAt; !at.Equal(p.Now().Add(7 * 24 * time.Hour)) {
			t.Errorf("foretold to clear on %s", at)
		}
		p.move(p.buyer, id, order.Accept{})
		if o := p.page(p.seller, id).Order; o.Life.ClearsFor != "top" || !o.Life.ClearsAt.Equal(o.EndedAt.Add(7*24*time.Hour)) {
			t.Errorf("clears %s for %q", o.Life.ClearsAt, o.Life.ClearsFor)
		}
		p.clock.move(7 * 24 * time.Hour)
		p.must(p.SweepAll(t.Context()))
		if o := p.page(p.seller, id).Order; o.Life.ClearedAt.IsZero() {
			t.Error("it did not clear after seven days")
		}
		p.sound()
		p.drain()
		told := slices.DeleteFunc(p.told(p.seller), func(kind string) bool { return !strings.HasPrefix(kind, "level.") })
		if got := strings.Join(told, " "); got != "level.promoted level.promoted level.ready level.declined level.promoted" {
			t.Errorf("the seller was told %s", got)
		}
		p.seenByOthers()
	})
}

// approved lets the house decide about the level that waits, and the wrong
// people try it first.
func (p *post) approved() {
	p.t.Helper()
	ctx := p.t.Context()
	ada, tied := p.agent("Ada Agent"), p.agent("Tia Tied")
	p.must(p.LinkAccounts(ctx, p.operator, "", string(tied.Member), string(p.seller.Member), "sisters"))
	own := p.seller
	own.Role = member.RoleAgent
	for name, c := range map[string]struct {
		who  member.Actor
		want fault.Kind
	}{"a buyer": {p.buyer, fault.KindNotFound}, "the seller": {p.seller, fault.KindNotFound}, "oneself": {own, fault.KindForbidden}, "a tied account": {tied, fault.KindForbidden}} {
		if _, err := p.ApproveLevel(ctx, c.who, "", p.seller.Member, "because"); fault.KindOf(err) != c.want {
			p.t.Errorf("%s approves: %v", name, err)
		}
	}
	queue, _, err := p.LevelQueue(ctx, ada, "", 0)
	p.must(err)
	if len(queue) != 1 || queue[0].Member.ID != p.seller.Member || queue[0].Rung.Name != "top" || queue[0].Member.Email != "" {
		p.t.Errorf("the queue: %+v", queue)
	}
	if _, _, err := p.LevelQueue(ctx, p.seller, "", 0); fault.KindOf(err) != fault.KindNotFound {
		p.t.Errorf("a seller reads the queue: %v", err)
	}
	if _, err := p.DeclineLevel(ctx, ada, "", p.seller.Member, ""); fault.KindOf(err) != fault.KindInvalid {
		p.t.Errorf("a no without a reason: %v", err)
	}
	_, err = p.DeclineLevel(ctx, ada, "no", p.seller.Member, "Show more work first.")
	p.must(err)
	p.level("level_2")
	for range 2 { // sent twice
		st, err := p.ApproveLevel(ctx, ada, "yes", p.seller.Member, "Fine work.")
		p.must(err)
		if st.Level != "top" {
			p.t.Errorf("approved and %q", st.Level)
		}
	}
}

// seenByOthers: the badge and the short form, and neither while suspended.
func (p *post) seenByOthers() {
	p.t.Helper()
	ctx := p.t.Context()
	them, err := p.Member(ctx, p.seller.Member)
	p.must(err)
	look := func() (market.PublicStanding, string) {
		v, err := p.PublicStanding(ctx, them.Handle)
		p.must(err)
		badges, err := p.Levels(ctx, p.seller.Member, p.buyer.Member)
		p.must(err)
		return v, badges[p.seller.Member].Words
	}
	v, badge := look()
	if v.Words != "Top" || badge != "Top" || v.Completed != 5 || v.OnTime.String() != "100 %" || v.OnTime.Counted() != 5 || len(v.OnTime.Lines)+len(v.Completion.Lines) > 0 {
		p.t.Errorf("everybody sees %q %q %d %s", v.Words, badge, v.Completed, v.OnTime)
	}
	_, err = p.Suspend(ctx, p.operator, "", p.seller.Member, "for a test")
	p.must(err)
	if v, badge = look(); v.Level != "" || badge != "" || v.Completed != 5 {
		p.t.Errorf("suspended, everybody sees %q %q", v.Level, badge)
	}
	if p.my().State.Level != "top" {
		p.t.Error("the suspension took the level")
	}
	if _, err := p.PublicStanding(ctx, "nobody"); fault.KindOf(err) != fault.KindNotFound {
		p.t.Errorf("nobody's standing: %v", err)
	}
}

// TestLevelFalls: the notice, the day, and that a leap over a month tells the
// same story at the same instants as a walk through it.
func TestLevelFalls(t *testing.T) {
	tell := func(t *testing.T, s *store.Store, walk bool) string {
		p := newPost(t, s, nil)
		p.ladder()
		p.deliverAndAccept(p.started())
		p.deliverAndAccept(p.started())
		p.deliverAndAccept(p.started())
		p.must(p.SweepAll(t.Context()))
		p.level("level_2")
		p.lateOrder()
		warned := p.level("level_2").State
		if want := time.Date(2026, 4, 15, 0, 0, 0, 0, time.UTC); !warned.DemotesAt.Equal(want) {
			t.Errorf("warned on %s, falls on %s, want %s", warned.WarnedAt, warned.DemotesAt, want)
		}
		if v := p.my(); !v.Next.Equal(warned.DemotesAt) || len(v.Recovery) != 1 || v.Recovery[0].Figure != standing.OnTime || v.Recovery[0].Now() != 6 {
			t.Errorf("looked at again %s; the way back: %+v", v.Next, v.Recovery)
		}
		later := time.Date(2026, 6, 20, 12, 0, 0, 0, time.UTC)
		for walk && p.Now().Before(later.Add(-20*time.Hour)) {
			p.clock.move(20 * time.Hour)
			p.must(p.SweepAll(t.Context()))
		}
		p.clock.move(later.Sub(p.Now()))
		p.must(p.SweepAll(t.Context()))
		p.sound()
		story := ""
		for _, e := range slices.Backward(p.my().History) {
			story += fmt.Sprintf("%s %s %s→%s\n", e.At.Format(time.RFC3339), e.Kind, e.From, e.To)
		}
		return story
	}
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		t.Run("by a leap", func(t *testing.T) {
			got := tell(t, s, false)
			if !strings.Contains(got, "2026-04-15T00:00:00Z level.demoted level_2→\n") {
				t.Errorf("it did not fall on its day:\n%s", got)
			}
		})
	})
	if walked, leapt := tell(t, storetest.SQLite(t), true), tell(t, storetest.SQLite(t), false); walked != leapt {
		t.Errorf("walked:\n%s\nleapt:\n%s", walked, leapt)
	}
}

// TestWarningsAndLevels: a warning puts a level at risk, and its end saves it.
func TestWarningsAndLevels(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		p.ladder()
		p.deliverAndAccept(p.started())
		p.level("level_1")
		until := p.Now().Add(30 * 24 * time.Hour)
		p.must(s.Update(t.Context(), func(tx *store.Tx) error {
			if err := tx.AddWarning(store.Warning{ID: "warning_1", Member: p.seller.Member, Case: "case_1", Why: "x", Given: p.Now(), Until: until}); err != nil {
				return err
			}
			return tx.CreditSeller(p.seller.Member, store.Totals{}, p.Now(), 0)
		}))
		v := p.level("level_1")
		if v.State.DemotesAt.IsZero() || len(v.Active) != 1 || len(v.Sheet.Warnings) != 1 {
			t.Errorf("warned: %+v", v.State)
		}
		b, err := p.Behind(t.Context(), p.seller, standing.Warnings, "", "", 0)
		p.must(err)
		if len(b.Lines) != 1 || b.Lines[0].Mark != standing.Against {
			t.Errorf("behind the warnings: %+v", b.Lines)
		}
		p.must(s.Update(t.Context(), func(tx *store.Tx) error {
			if err := tx.LiftWarning("warning_1", p.Now()); err != nil {
				return err
			}
			return tx.CreditSeller(p.seller.Member, store.Totals{}, p.Now(), 0)
		}))
		p.must(p.SweepAll(t.Context()))
		if got, want := p.story(), "promoted →level_1, warned level_1→level_1, recovered level_1→level_1"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	})
}

// TestShares: a link shows the numbers and names nobody, until it ends.
func TestShares(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		p.ladder()
		for range 3 {
			p.deliverAndAccept(p.started())
		}
		p.write(p.buyer, p.seller, "One more?")
		p.clock.move(30 * time.Hour)
		share, err := p.ShareStanding(t.Context(), p.seller, "one")
		p.must(err)
		again, err := p.ShareStanding(t.Context(), p.seller, "one")
		p.must(err)
		if again.ID != share.ID || again.Secret != "" || share.Secret == "" {
			t.Errorf("made %+v, asked again %+v", share, again)
		}
		v, err := p.SharedStanding(t.Context(), share.Secret)
		p.must(err)
		if v.State.Level != "level_2" || v.Completed != 3 || len(v.Ladder) != 3 || !v.Expires.Equal(share.Until) {
			t.Errorf("the link shows %+v", v.State)
		}
		texts := fmt.Sprintf("%+v", v)
		lines, after := 0, market.Cursor("")
		for {
			b, err := p.SharedBehind(t.Context(), share.Secret, standing.Completion, "", after, 1)
			p.must(err)
			texts += fmt.Sprintf("%+v", b)
			lines += len(b.Lines)
			if after = b.Next; after == "" {
				break
			}
		}
		if lines != 3 {
			t.Errorf("behind it are %d lines", lines)
		}
		for _, private := range []string{string(p.buyer.Member), "order_", "thread_", "Ines", "example.com"} {
			if strings.Contains(texts, private) {
				t.Errorf("the link tells %q", private)
			}
		}
		if _, err := p.SharedBehind(t.Context(), share.Secret, standing.BuyerRecord, "", "", 0); fault.KindOf(err) != fault.KindNotFound {
			t.Errorf("the link shows the buyer's side: %v", err)
		}
		if err := p.RevokeShare(t.Context(), p.buyer, "", share.ID); fault.KindOf(err) != fault.KindNotFound {
			t.Errorf("somebody else closes it: %v", err)
		}
		p.must(p.RevokeShare(t.Context(), p.seller, "", share.ID))
		second, err := p.ShareStanding(t.Context(), p.seller, "two")
		p.must(err)
		p.clock.move(second.Until.Sub(p.Now()))
		for name, secret := range map[string]string{"revoked": share.Secret, "ended": second.Secret, "guessed": "nothing"} {
			if _, err := p.SharedStanding(t.Context(), secret); fault.KindOf(err) != fault.KindNotFound {
				t.Errorf("a %s link: %v", name, err)
			}
		}
	})
}

// TestBuyerRecord: who has to do with a buyer knows how their orders ended.
func TestBuyerRecord(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		stranger := p.join("Sam Stranger", false)
		_, err := p.OpenShop(t.Context(), stranger, "", member.Shop{Tagline: "Sells something else"})
		p.must(err)
		stranger.Seller = true
		p.deliverAndAccept(p.started())
		p.move(p.buyer, p.place(), order.Undo{})
		v, err := p.BuyerRecord(t.Context(), p.seller, p.buyer.Member)
		p.must(err)
		if v.Orders != 2 || v.Completed != 1 || v.Noted != 1 || len(v.Rows) != 1 || v.Rows[0].Class != policy.ClassBeforeStart || v.Buyer.Email != "" {
			t.Errorf("%+v", v)
		}
		for name, who := range map[string]member.Actor{"a stranger": stranger, "the buyer": p.buyer, "the house": p.operator} {
			if _, err := p.BuyerRecord(t.Context(), who, p.buyer.Member); fault.KindOf(err) != fault.KindNotFound {
				t.Errorf("%s: %v", name, err)
			}
		}
		p.write(p.buyer, stranger, "Hello")
		_, err = p.BuyerRecord(t.Context(), stranger, p.buyer.Member)
		p.must(err)
	})
}

// TestLevelsRace: sweeps and orders at the same moments, and nothing is lost.
func TestLevelsRace(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		p.ladder()
		var ids []ident.Order
		for range 8 {
			ids = append(ids, p.delivered())
		}
		var hands sync.WaitGroup
		for _, id := range ids {
			hands.Go(func() {
				if _, err := p.Move(t.Context(), p.buyer, "", id, order.Accept{}); err != nil {
					t.Error(err)
				}
			})
			hands.Go(func() {
				if _, err := p.Sweep(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		hands.Wait()
		p.must(p.SweepAll(t.Context()))
		if v := p.level("level_2"); v.Completed != 8 || v.Earned != 8*7200 || v.State.Ready != "top" {
			t.Errorf("%d completed, %d earned, waits for %q", v.Completed, v.Earned, v.State.Ready)
		}
		p.sound()
	})
}

// TestBusySeller: whoever has so many orders that most are only counted is told
// the same figures as if each had been read.
func TestBusySeller(t *testing.T) {
	for _, orders := range []int{160, 900} { // read one by one, but for what is old; most in heaps
		t.Run(fmt.Sprint(orders), func(t *testing.T) { busySeller(t, orders) })
	}
}

func busySeller(t *testing.T, orders int) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		p.ladder()
		all := p.busy(rand.New(rand.NewPCG(5, 5)), orders)
		for range 4 {
			now := p.Now()
			pol := p.PolicyAt(now)
			got, want := p.sheet(p.seller).Sheet, standing.Past{From: now, Lines: all}.Sheet(now, pol)
			for _, f := range standing.All() {
				if f != standing.Days && got.Text(f, pol) != want.Text(f, pol) {
					t.Errorf("on %s, %s is %s, one by one %s", now, f, got.Text(f, pol), want.Text(f, pol))
				}
			}
			if got.Rating.LifeSum != want.Rating.LifeSum || got.Rating.LifeN != want.Rating.LifeN || got.Rating.Removed != want.Rating.Removed {
				t.Errorf("lifetime rating %d/%d (%d), one by one %d/%d (%d)", got.Rating.LifeSum, got.Rating.LifeN, got.Rating.Removed, want.Rating.LifeSum, want.Rating.LifeN, want.Rating.Removed)
			}
			for _, f := range []standing.Figure{standing.Completed, standing.UniqueBuyers, standing.Completion, standing.Rating} {
				if n := p.behindAll(f); n != fmt.Sprint(behindOf(want, f)) {
					t.Errorf("behind %s stand %s lines, the figure has %d", f, n, behindOf(want, f))
				}
			}
			p.clock.move(17 * 24 * time.Hour)
		}
		p.my()
	})
}

func behindOf(s standing.Sheet, f standing.Figure) int {
	switch f {
	case standing.Completed:
		return s.Completed
	case standing.UniqueBuyers:
		return s.UniqueBuyers
	case standing.Rating:
		return s.Rating.N + s.Rating.Removed
	}
	return s.Completion.All()
}

func (p *post) behindAll(f standing.Figure) string {
	p.t.Helper()
	n, after := 0, market.Cursor("")
	for {
		b, err := p.Behind(p.t.Context(), p.seller, f, "", after, 100)
		p.must(err)
		n += len(b.Lines)
		if after = b.Next; after == "" {
			return fmt.Sprint(n)
		}
	}
}

// busy writes a long past of the seller's.
func (p *post) busy(rnd *rand.Rand, n int) []standing.Contribution {
	p.t.Helper()
	var all []standing.Contribution
	now := p.Now()
	for i := range n {
		c := standing.Contribution{
			Member: p.seller.Member, Subject: fmt.Sprintf("order_%05d", i), Order: ident.Order(fmt.Sprintf("order_%05d", i)), Ref: "X",
			Peer: p.buyer.Member, At: now.Add(-time.Duration(rnd.Int64N(int64(900 * 24 * time.Hour)))).Truncate(time.Microsecond), Mark: standing.For, Rule: "x",
		}
		if i%3 == 0 {
			c.Peer = p.operator.Member
		}
		if i%4 == 0 {
			c.At = now.Add(-time.Duration(rnd.Int64N(int64(70 * 24 * time.Hour)))).Truncate(time.Microsecond)
		}
		put := func(f standing.Figure, m standing.Mark, value int64) {
			c.Figure, c.Mark, c.Value = f, m, value
			all = append(all, c)
		}
		mark := []standing.Mark{standing.For, standing.For, standing.For, standing.Against, standing.Excluded}[rnd.IntN(5)]
		put(standing.Completion, mark, 0)
		put(standing.OnTime, []standing.Mark{standing.For, standing.For, standing.Against}[rnd.IntN(3)], 0)
		if mark == standing.For {
			put(standing.Earned, standing.For, rnd.Int64N(9000))
			put(standing.Rating, []standing.Mark{standing.For, standing.For, standing.For, standing.Excluded}[rnd.IntN(4)], int64(rnd.IntN(5)+1)*standing.Star)
		}
	}
	p.must(p.store.Update(p.t.Context(), func(tx *store.Tx) error {
		if err := tx.SaveContributions(all, nil); err != nil {
			return err
		}
		return tx.RecountSeller(p.seller.Member, now)
	}))
	return all
}
