package market_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/gig"
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/money"
	"guildhall/internal/order"
	"guildhall/internal/pay"
	"guildhall/internal/policy"
	"guildhall/internal/rehearsal"
	"guildhall/internal/standing"
	"guildhall/internal/store"
	"guildhall/internal/store/storetest"
)

// street is a house with some sellers whose orders are all over.
type street struct {
	*post
	sellers []member.Actor
	gigs    []ident.Gig
}

// young is the classic policy with a ladder that can be climbed in a test.
func young(change func(*policy.Document)) string {
	_, doc, err := policy.Profile("classic")
	if err != nil {
		panic(err)
	}
	doc.Standing.EnforceFrom = 4
	doc.Standing.Levels = []policy.Level{
		{Name: "level_1", Words: "Level 1", Completed: 2, Completion: 7_000, OnTime: 6_000},
		{Name: "level_2", Words: "Level 2", Completed: 4, Completion: 8_000, OnTime: 8_000, Clearance: policy.Duration(7 * 24 * time.Hour)},
		{Name: "top", Words: "Top", Completed: 6, Completion: 9_000, OnTime: 8_000, Approval: true},
	}
	if change != nil {
		change(&doc)
	}
	return string(doc.Marshal())
}

func newStreet(t *testing.T, s *store.Store, n int) *street {
	t.Helper()
	st := &street{post: newPost(t, s, nil)}
	_, err := st.ApplyPolicy(t.Context(), st.operator, "", "young.yaml", young(nil), time.Time{})
	st.must(err)
	st.clock.move(2 * time.Minute)
	for i := range n {
		who := st.join(fmt.Sprintf("Seller %c", 'A'+i), false)
		_, err := st.OpenShop(t.Context(), who, "", member.Shop{Tagline: "All kinds of work"})
		st.must(err)
		who.Seller = true
		g, err := st.CreateGig(t.Context(), who, "", market.GigInput{Category: st.gig.Category, Body: gig.Body{
			Title: fmt.Sprintf("Work of kind %c, well done", 'A'+i), Description: "Three sketches, one of them worked out.", Currency: "USD", Tags: []string{"brand"},
			Packages: []gig.Package{{Tier: gig.Basic, Name: "Sketch", Description: "One sketch", Price: 8000, Days: 3, Revisions: 1}},
		}})
		st.must(err)
		g, err = st.PublishGig(t.Context(), who, "", g.ID)
		st.must(err)
		st.sellers, st.gigs = append(st.sellers, who), append(st.gigs, g.ID)
	}
	return st
}

// live lets a seller work on one more order, to whatever end.
func (st *street) live(i int, rnd *rand.Rand) {
	st.t.Helper()
	st.clock.move(time.Duration(1+rnd.IntN(40)) * time.Hour)
	placed, err := st.PlaceOrder(st.t.Context(), st.buyer, "", market.NewOrder{
		Gig: st.gigs[i], Pick: gig.Pick{Tier: gig.Basic, Quantity: 1}, Shown: money.Of(8000, "USD"), Again: true,
	}, card(visa))
	st.must(err)
	id, seller := placed.Order, st.sellers[i]
	switch rnd.IntN(8) {
	case 0: // late, and cancelled for it
		st.clock.move(5 * 24 * time.Hour)
		st.move(st.buyer, id, order.CancelLate{})
	case 1: // by agreement
		no := st.ask(seller, id, "mistake")
		st.move(st.buyer, id, order.Agree{No: no})
	case 2: // late, but delivered
		st.clock.move(3*24*time.Hour + 2*time.Hour)
		st.deliver(id, seller)
		st.move(st.buyer, id, order.Accept{})
	case 3: // silence completes it
		st.deliver(id, seller)
		st.clock.move(4 * 24 * time.Hour)
		st.must(st.SweepAll(st.t.Context()))
	default:
		st.deliver(id, seller)
		st.move(st.buyer, id, order.Accept{})
	}
}

func (st *street) deliver(id ident.Order, seller member.Actor) {
	st.t.Helper()
	st.move(seller, id, order.Deliver{Text: "here it is"})
}

// copied is the house as of now on another disk.
func (st *street) copied() (*store.Store, *market.Market, *clock) {
	st.t.Helper()
	path := filepath.Join(st.t.TempDir(), "copy.db")
	st.must(st.store.CopyTo(st.t.Context(), path))
	s, c := storetest.Open(st.t, path), &clock{now: st.clock.Now()}
	m := market.New(market.Parts{
		Store: s, Now: c.Now, IDs: ident.NewSeeded(9), Site: "https://hall.example", Log: slog.New(slog.DiscardHandler),
		Pay: pay.NewSandbox(s, c.Now, []byte("a secret for tests, long enough"), time.Millisecond),
	})
	st.must(m.Prepare(st.t.Context()))
	return s, m, c
}

// candidates are policies to rehearse.
var candidates = map[string]func(*policy.Document){
	"a lower first level": func(d *policy.Document) { d.Standing.Levels[0].Completed, d.Standing.Levels[0].OnTime = 1, 4_000 },
	"a higher ladder":     func(d *policy.Document) { higher(d) },
	"a longer window":     func(d *policy.Document) { d.Standing.Window = policy.Duration(180 * 24 * time.Hour) },
	"a shorter window": func(d *policy.Document) {
		d.Standing.Window, d.Standing.ReachBack = policy.Duration(7*24*time.Hour), policy.Duration(14*24*time.Hour)
	},
	"enforced at once": func(d *policy.Document) { d.Standing.EnforceFrom = 1 },
	"another day": func(d *policy.Document) {
		d.Standing.DemotionDay, d.Standing.DemotionNotice = 3, policy.Duration(24*time.Hour)
		higher(d)
	},
	"no second level":       func(d *policy.Document) { d.Standing.Levels = slices.Delete(d.Standing.Levels, 1, 2) },
	"top without a yes":     func(d *policy.Document) { d.Standing.Levels[2].Approval = false },
	"top asks for less":     func(d *policy.Document) { d.Standing.Levels[2].Completed, d.Standing.Levels[2].Completion = 4, 8_000 },
	"one rung":              func(d *policy.Document) { d.Standing.Levels = d.Standing.Levels[:1] },
	"only money, no levels": func(d *policy.Document) { d.Money.Commission = 1_500 },
}

// higher asks more of every level.
func higher(d *policy.Document) {
	for i := range d.Standing.Levels {
		d.Standing.Levels[i].Completion = 9_500
	}
}

// TestRehearsalIsWhatHappens rehearses policies on random histories, applies
// each to a copy, moves its clock to the end of the rehearsal, and needs every
// level and every step of it to be what was told, and nothing written meanwhile.
func TestRehearsalIsWhatHappens(t *testing.T) {
	seeds := uint64(2)
	if testing.Short() {
		seeds = 1
	}
	told := map[rehearsal.Kind]int{}
	for seed := range seeds {
		path := storetest.SQLitePath(t)
		st := newStreet(t, storetest.Open(t, path), 5)
		rnd := rand.New(rand.NewPCG(seed, 5))
		for range 34 {
			st.live(rnd.IntN(len(st.sellers)), rnd)
		}
		st.must(st.SweepAll(t.Context()))
		st.must(st.DrainOutbox(t.Context()))
		usual := map[time.Time]*store.Store{} // as if nothing were changed, by where the clock was moved
		for name, change := range candidates {
			before := disk(t, path)
			r, err := st.RehearsePolicy(t.Context(), st.operator, market.Rehearsing{Name: name, Source: young(change)}, nil)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if !bytes.Equal(before, disk(t, path)) {
				t.Errorf("%s: something was written", name)
			}
			for k, n := range r.Turns {
				told[k] += n
			}
			st.compare(name, change, r, usual)
		}
	}
	for _, k := range []rehearsal.Kind{rehearsal.Promoted, rehearsal.Warned, rehearsal.Demoted, rehearsal.Asked} {
		if told[k] == 0 {
			t.Errorf("nobody %s in any rehearsal", k.Words())
		}
	}
}

func disk(t *testing.T, path string) []byte {
	t.Helper()
	sum := sha256.New()
	for _, part := range []string{path, path + "-wal"} {
		content, err := os.ReadFile(part)
		if err != nil {
			t.Fatal(err)
		}
		sum.Write(content)
	}
	return sum.Sum(nil)
}

// compare lets two copies run on to the end of a rehearsal: one under the new
// policy, one as if nothing were changed.
func (st *street) compare(name string, change func(*policy.Document), r market.PolicyRehearsal, asbefore map[time.Time]*store.Store) {
	st.t.Helper()
	ctx := st.t.Context()
	applied, m, c := st.copied()
	_, err := m.ApplyPolicy(ctx, st.operator, "", name, young(change), r.At)
	st.must(err)
	c.move(r.Until.Sub(c.Now()))
	st.must(m.SweepAll(ctx))
	if asbefore[r.Until] == nil {
		asbefore[r.Until], m, c = st.copied()
		c.move(r.Until.Sub(c.Now()))
		st.must(m.SweepAll(ctx))
	}
	for _, who := range append([]member.Actor{st.seller}, st.sellers...) {
		level, turns := ran(st.t, applied, who.Member, r.At)
		usual, _ := ran(st.t, asbefore[r.Until], who.Member, r.At)
		row, told := r.Row(who.Member)
		if !told || !row.Moves() {
			if level != usual {
				st.t.Errorf("%s: nothing was told of %s, who is at %q instead of %q", name, who.Member, level, usual)
			}
			continue
		}
		if row.New.Level != level || row.Old.Level != usual {
			st.t.Errorf("%s: %s was told %q instead of %q, and is at %q instead of %q", name, who.Member, row.New.Level, row.Old.Level, level, usual)
		}
		fresh := slices.DeleteFunc(slices.Clone(row.New.Turns), func(t rehearsal.Turn) bool { return t.At.Before(r.At) })
		if fmt.Sprint(outline(fresh)) != fmt.Sprint(outline(turns)) {
			st.t.Errorf("%s: of %s was told\n%v\nand it came\n%v", name, who.Member, outline(fresh), outline(turns))
		}
	}
}

func outline(turns []rehearsal.Turn) (list []string) {
	for _, t := range turns {
		list = append(list, fmt.Sprintf("%s %s %q→%q %s", t.At.Format(time.RFC3339), t.Kind, t.From, t.To, t.Falls.Format(time.DateOnly)))
	}
	return list
}

// ran reads where a seller's level came to, and by which steps since an instant.
func ran(t *testing.T, s *store.Store, who ident.Member, since time.Time) (level string, turns []rehearsal.Turn) {
	t.Helper()
	kinds := map[string]rehearsal.Kind{
		string(standing.LevelPromoted): rehearsal.Promoted, string(standing.LevelWarned): rehearsal.Warned,
		string(standing.LevelDemoted): rehearsal.Demoted, string(standing.LevelReady): rehearsal.Asked,
	}
	err := s.View(t.Context(), func(tx *store.Tx) error {
		now, err := tx.Seller(who)
		if err != nil {
			return err
		}
		level = now.Level
		events, err := tx.Events(standing.Stream(who))
		for _, e := range events {
			if k, is := kinds[string(e.Kind)]; is && !e.At.Before(since) {
				turns = append(turns, rehearsal.Turn{Kind: k, At: e.At, From: e.From, To: e.To, Falls: e.Detail.Until})
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return level, turns
}

// TestRehearsalIsOneOnBothEngines: the same history under the same rules is
// told alike, to the letter, whichever engine keeps it.
func TestRehearsalIsOneOnBothEngines(t *testing.T) {
	told := map[string][]byte{}
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		st := newStreet(t, s, 2)
		rnd := rand.New(rand.NewPCG(6, 5))
		for range 10 {
			st.live(rnd.IntN(len(st.sellers)), rnd)
		}
		st.must(st.SweepAll(t.Context()))
		for _, name := range []string{"another day", "a longer window", "only money, no levels"} {
			r, err := st.RehearsePolicy(t.Context(), st.operator, market.Rehearsing{Name: name, Source: young(candidates[name])}, nil)
			st.must(err)
			movers, _ := r.Rows("", "", 100)
			paid, _ := r.Rows(rehearsal.OfOrders, "", 100)
			text, err := json.Marshal([]any{r, movers, paid})
			st.must(err)
			if first, known := told[name]; known && !bytes.Equal(first, text) {
				t.Errorf("%s: one engine tells\n%s\nthe other\n%s", name, first, text)
			}
			told[name] = text
		}
	})
}

// TestRehearsedMoney: what orders would have paid, counted and cleared is said
// in sums that its sellers add up to.
func TestRehearsedMoney(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		st := newStreet(t, s, 2)
		rnd := rand.New(rand.NewPCG(4, 4))
		for range 12 {
			st.live(rnd.IntN(2), rnd)
		}
		st.must(st.SweepAll(t.Context()))
		r, err := st.RehearsePolicy(t.Context(), st.operator, market.Rehearsing{Name: "x", Source: young(func(d *policy.Document) {
			d.Money.Commission, d.Money.Clearance = 2_000, policy.Duration(10*24*time.Hour)
			d.Order.LateCancel = policy.Duration(90 * 24 * time.Hour)
			for i, e := range d.Cancellation.Effects {
				if e.Class == policy.ClassMutual {
					d.Cancellation.Effects[i].Seller = policy.EffectYes
				}
			}
		})}, nil)
		st.must(err)
		completed := 0
		for _, c := range r.Classes {
			switch c.Class {
			case "":
				completed = c.Orders
				if c.Commission != [2]int64{int64(800 * c.Orders), int64(1600 * c.Orders)} || c.Paid != [2]int64{int64(7200 * c.Orders), int64(6400 * c.Orders)} || c.Sooner == 0 {
					t.Errorf("completed: %+v", c)
				}
			case policy.ClassMutual:
				if c.Harder != c.Orders || c.Milder != 0 {
					t.Errorf("mutual: %+v", c)
				}
			case policy.ClassLate:
				if c.Unless != c.Orders || c.NotBack != int64(8000*c.Orders) {
					t.Errorf("late: %+v", c)
				}
			}
		}
		if completed == 0 || r.Totals.Orders != 12 || r.Sellers != 3 {
			t.Errorf("%+v", r.Totals)
		}
		var sum rehearsal.Totals
		rows, more := r.Rows(rehearsal.OfOrders, "", 100)
		for _, row := range rows {
			sum.Differ += row.Differ
			sum.Otherwise += row.Otherwise
			sum.Unless += row.Unless
			detail, err := st.RehearsedSeller(t.Context(), st.operator, market.Rehearsing{Name: "x", Source: young(func(d *policy.Document) { d.Money.Commission = 2_000 })}, row.Member, "", 100)
			st.must(err)
			if len(detail.Orders) == 0 || detail.Next != "" || !detail.Orders[0].Differs() {
				t.Errorf("the orders of %s: %+v", row.Member, detail.Orders)
			}
		}
		if more || sum.Differ != r.Totals.Differ || sum.Otherwise != r.Totals.Otherwise || sum.Unless != r.Totals.Unless {
			t.Errorf("its sellers add up to %+v, all to %+v", sum, r.Totals)
		}
	})
}

func TestRehearsalsRefused(t *testing.T) {
	st := newStreet(t, storetest.SQLite(t), 0)
	other := young(func(d *policy.Document) { d.Money.Commission = 2_000 })
	run := func(who member.Actor, in market.Rehearsing) error {
		_, err := st.RehearsePolicy(t.Context(), who, in, nil)
		return err
	}
	for name, c := range map[string]struct {
		err  error
		want fault.Kind
	}{
		"a guest":             {run(member.Guest(), market.Rehearsing{Source: other}), fault.KindSignIn},
		"a seller":            {run(st.seller, market.Rehearsing{Source: other}), fault.KindNotFound},
		"the same":            {run(st.operator, market.Rehearsing{Source: young(nil)}), fault.KindConflict},
		"backwards":           {run(st.operator, market.Rehearsing{Source: other, At: st.clock.Now().Add(-time.Hour)}), fault.KindInvalid},
		"in another currency": {run(st.operator, market.Rehearsing{Source: young(func(d *policy.Document) { d.Currency = "EUR" })}), fault.KindInvalid},
		"a seller who is nobody": {func() error {
			_, err := st.RehearsedSeller(t.Context(), st.operator, market.Rehearsing{Source: other}, "member_x", "", 0)
			return err
		}(), fault.KindNotFound},
	} {
		if got := fault.KindOf(c.err); got != c.want {
			t.Errorf("%s: %q (%v), want %q", name, got, c.err, c.want)
		}
	}
	if err := run(st.operator, market.Rehearsing{Name: "my.yaml", Source: "profile: [\n"}); !errors.As(err, new(policy.Faults)) {
		t.Errorf("a broken file: %v", err)
	}
}

// TestRehearsalJobs: one runs at a time, is found again with its sellers, and is
// nobody's but an operator's.
func TestRehearsalJobs(t *testing.T) {
	st := newStreet(t, storetest.SQLite(t), 2)
	rnd := rand.New(rand.NewPCG(4, 4))
	for range 8 {
		st.live(rnd.IntN(2), rnd)
	}
	in := market.Rehearsing{Name: "x", Source: young(func(d *policy.Document) { d.Money.Commission = 2_000; higher(d) })}
	if _, err := st.StartRehearsal(t.Context(), st.seller, in); fault.KindOf(err) != fault.KindNotFound {
		t.Errorf("a seller starts one: %v", err)
	}
	ctx, leave := context.WithCancel(t.Context())
	j, err := st.StartRehearsal(ctx, st.operator, in)
	st.must(err)
	leave() // whoever started it may go
	for j.Running() {
		if j, err = st.RehearsalJob(t.Context(), st.operator, j.ID); err != nil {
			t.Fatal(err)
		}
	}
	st.must(j.Failed)
	if j.Step.Share != 100 || j.Step.Sellers != 3 || j.Report.Totals.Orders != 8 {
		t.Errorf("%+v", j.Step)
	}
	var seen []ident.Member
	for after := market.Cursor(""); ; {
		rows, next, err := st.RehearsedSellers(t.Context(), st.operator, j.ID, rehearsal.OfOrders, after, 1)
		st.must(err)
		for _, r := range rows {
			seen = append(seen, r.Seller.ID)
		}
		if after = next; after == "" {
			break
		}
	}
	if len(seen) != 2 || seen[0] == seen[1] {
		t.Errorf("its sellers: %v", seen)
	}
	for _, who := range []member.Actor{st.seller, member.Guest()} {
		if _, err := st.RehearsalJob(t.Context(), who, j.ID); err == nil {
			t.Errorf("%q reads it", who.Member)
		}
		if _, _, err := st.RehearsedSellers(t.Context(), who, j.ID, "", "", 0); err == nil {
			t.Errorf("%q reads its sellers", who.Member)
		}
	}
	if _, _, err := st.RehearsedSellers(t.Context(), st.operator, j.ID, "nothing", "", 0); fault.KindOf(err) != fault.KindInvalid {
		t.Errorf("a list that there is not: %v", err)
	}
	if _, err := st.RehearsalJob(t.Context(), st.operator, "x"); fault.KindOf(err) != fault.KindNotFound {
		t.Errorf("one that there is not: %v", err)
	}
}
