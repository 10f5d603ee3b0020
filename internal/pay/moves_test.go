package pay_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/money"
	"guildhall/internal/pay"
	"guildhall/internal/store"
	"guildhall/internal/store/storetest"
)

func refund(id, of string, minor int64) pay.Refund {
	return pay.Refund{Payment: ident.Payment("payment_" + id), Ref: "ch_payment_" + of, Amount: usd(minor)}
}

func TestRefundIsSentOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p, _ := open(s)
		out, err := p.Charge(t.Context(), charge("a", visa, 8000))
		must(t, err)
		box := &inbox{t: t, p: p}
		box.take()
		r := pay.Refund{Payment: out.Payment, Ref: out.Ref, Amount: out.Amount}
		refs := make([]string, 50)
		var all sync.WaitGroup
		for i := range refs {
			all.Go(func() {
				var err error
				if refs[i], err = p.Refund(t.Context(), r); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		for _, ref := range refs {
			if ref != refs[0] || ref == "" || ref == out.Ref {
				t.Fatalf("refs %q and %q", ref, refs[0])
			}
		}
		told := box.take()
		if kinds(told) != "refund_sent payment_a" || told[0].Outcome.Ref != refs[0] || told[0].Outcome.Amount != usd(8000) {
			t.Errorf("told %+v", told)
		}
		lines, _, err := p.Statement(t.Context(), "")
		if err != nil || len(lines) != 2 || lines[0].Kind+lines[1].Kind != pay.LineCharge+pay.LineRefund && lines[0].Kind+lines[1].Kind != pay.LineRefund+pay.LineCharge || lines[0].Total != usd(0) {
			t.Errorf("statement %+v, %v", lines, err)
		}
	})
}

func TestRefundBounds(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p, _ := open(s)
		_, err := p.Charge(t.Context(), charge("a", visa, 8000))
		must(t, err)
		_, err = p.Charge(t.Context(), charge("no", noMoney, 8000))
		must(t, err)
		for _, test := range []struct {
			name string
			in   pay.Refund
			kind fault.Kind
		}{
			{"too much", refund("r1", "a", 8001), fault.KindConflict},
			{"a part", refund("r1", "a", 5000), ""},
			{"the part again", refund("r1", "a", 5000), ""},
			{"the part, larger", refund("r1", "a", 5001), fault.KindConflict},
			{"the part, of another charge", refund("r1", "no", 5000), fault.KindConflict},
			{"more than is left", refund("r2", "a", 3001), fault.KindConflict},
			{"another currency", pay.Refund{Payment: "payment_r2", Ref: "ch_payment_a", Amount: money.Of(5, "EUR")}, fault.KindConflict},
			{"the rest", refund("r2", "a", 3000), ""},
			{"a cent more", refund("r3", "a", 1), fault.KindConflict},
			{"of a declined charge", refund("r4", "no", 1), fault.KindConflict},
			{"of no charge", refund("r5", "nobody", 1), fault.KindNotFound},
			{"of no reference", pay.Refund{Payment: "payment_r6", Amount: usd(1)}, fault.KindNotFound},
		} {
			_, err := p.Refund(t.Context(), test.in)
			if fault.KindOf(err) != test.kind || (err == nil) != (test.kind == "") {
				t.Errorf("%s: got %v, want kind %q", test.name, err, test.kind)
			}
		}
		for _, minor := range []int64{0, -5, money.Limit + 1} {
			if _, err := p.Refund(t.Context(), refund("r7", "a", minor)); err == nil {
				t.Errorf("refunded %d", minor)
			}
		}
		lines, _, err := p.Statement(t.Context(), "")
		if err != nil || len(lines) != 3 || lines[0].Total != usd(0) {
			t.Errorf("statement %+v, %v", lines, err)
		}
	})
}

func TestManyRefundsNeverExceedTheCharge(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p, _ := open(s)
		_, err := p.Charge(t.Context(), charge("a", visa, 5500))
		must(t, err)
		var done atomic.Int64
		var all sync.WaitGroup
		for i := range 20 {
			all.Go(func() {
				if _, err := p.Refund(t.Context(), refund(fmt.Sprint("r", i), "a", 1000)); err == nil {
					done.Add(1)
				} else if fault.KindOf(err) != fault.KindConflict {
					t.Error(err)
				}
			})
		}
		all.Wait()
		lines, _, err := p.Statement(t.Context(), "")
		if done.Load() != 5 || err != nil || lines[0].Total != usd(500) {
			t.Errorf("%d refunds of 10.00 out of 55.00, left %v, %v", done.Load(), lines[0].Total, err)
		}
	})
}

func TestPayout(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p, _ := open(s)
		good := pay.Payout{ID: "payout_1", Member: "member_1", Amount: usd(2500), To: "1234 5678"}
		bad := pay.Payout{ID: "payout_2", Member: "member_1", Amount: usd(100), To: pay.PlayAccountThatFails}
		refs := map[string]bool{}
		for range 3 {
			ref, err := p.Payout(t.Context(), good)
			must(t, err)
			refs[ref] = true
		}
		if len(refs) != 1 {
			t.Errorf("one payout has references %v", refs)
		}
		_, err := p.Payout(t.Context(), bad)
		must(t, err)
		other := good
		other.Amount = usd(2600)
		_, err = p.Payout(t.Context(), other)
		wantKind(t, err, fault.KindConflict)
		for _, spoil := range []func(*pay.Payout){
			func(p *pay.Payout) { p.ID = "" }, func(p *pay.Payout) { p.Member = "" },
			func(p *pay.Payout) { p.Amount = usd(0) }, func(p *pay.Payout) { p.Amount.Currency = "" },
		} {
			in := good
			spoil(&in)
			if _, err := p.Payout(t.Context(), in); err == nil {
				t.Errorf("paid out %+v", in)
			}
		}
		told := (&inbox{t: t, p: p}).take()
		if got := kinds(told); got != "payout_failed payout_2, payout_sent payout_1" && got != "payout_sent payout_1, payout_failed payout_2" {
			t.Errorf("told %q", got)
		}
		lines, _, err := p.Statement(t.Context(), "")
		if err != nil || len(lines) != 3 || lines[0].Total != usd(-2500) {
			t.Errorf("statement %+v, %v", lines, err)
		}
	})
}

func TestStatementAddsUpOverPages(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p, clock := open(s)
		for i := range 130 {
			_, err := p.Charge(t.Context(), charge(fmt.Sprint(i), visa, int64(100+i)))
			must(t, err)
			if i%3 == 0 {
				_, err = p.Refund(t.Context(), refund(fmt.Sprint(i), fmt.Sprint(i), int64(i+1)))
				must(t, err)
			}
			clock.advance(time.Duration(i%2) * time.Second) // many lines of one moment
		}
		in := charge("euro", visa, 1)
		in.Amount = money.Of(7, "EUR")
		_, err := p.Charge(t.Context(), in)
		must(t, err)

		var all []pay.Line
		pages := 0
		for cursor := ""; ; pages++ {
			lines, next, err := p.Statement(t.Context(), cursor)
			must(t, err)
			all = append(all, lines...)
			if cursor = next; next == "" {
				break
			}
		}
		if len(all) != 130+44+1 || pages != 1 {
			t.Errorf("%d lines, %d further pages", len(all), pages)
		}
		sums, seen := map[money.Currency]int64{}, map[string]bool{}
		for i := len(all) - 1; i >= 0; i-- {
			l := all[i]
			sums[l.Amount.Currency] += l.Amount.Minor
			if l.Total != money.Of(sums[l.Amount.Currency], l.Amount.Currency) || seen[l.Ref] {
				t.Fatalf("line %d %+v: the sum is %d, seen before: %v", i, l, sums[l.Amount.Currency], seen[l.Ref])
			}
			seen[l.Ref] = true
		}
		for _, cursor := range []string{"x", "12", "-ch_1", "1e9-ch_1"} {
			_, _, err := p.Statement(t.Context(), cursor)
			wantKind(t, err, fault.KindInvalid)
		}
	})
}

// Whatever is asked in whatever order, the provider holds what the successful
// charges brought less what went back, and never less than nothing.
func TestAnyHistoryAddsUp(t *testing.T) {
	numbers := []string{visa, noMoney, late, step}
	rapid.Check(t, func(r *rapid.T) {
		p, clock := open(storetest.SQLite(t))
		ctx, want := t.Context(), int64(0)
		took, gave := map[string]int64{}, map[string]int64{}
		for i := range rapid.IntRange(1, 12).Draw(r, "steps") {
			id := rapid.SampledFrom([]string{"a", "b", "c"}).Draw(r, "payment")
			minor := rapid.Int64Range(1, 50).Draw(r, "minor")
			switch rapid.IntRange(0, 2).Draw(r, "what") {
			case 0:
				_, _ = p.Charge(ctx, charge(id, rapid.SampledFrom(numbers).Draw(r, "card"), minor))
				if out, err := p.Lookup(ctx, ident.Payment("payment_"+id)); err == nil && out.State == pay.Succeeded {
					took[id] = out.Amount.Minor
				}
			case 1:
				_, err := p.Refund(ctx, refund(fmt.Sprint("r", i), id, minor))
				if ok := gave[id]+minor <= took[id]; ok != (err == nil) {
					r.Fatalf("refund of %d, took %d, gave %d: %v", minor, took[id], gave[id], err)
				} else if ok {
					gave[id] += minor
				}
			case 2:
				clock.advance(time.Duration(minor) * time.Second)
				must(t, p.Deliver(ctx, (&inbox{t: t, p: p}).post))
				for _, id := range []string{"a", "b", "c"} {
					if out, err := p.Lookup(ctx, ident.Payment("payment_"+id)); err == nil && out.State == pay.Succeeded {
						took[id] = out.Amount.Minor
					}
				}
			}
		}
		for id := range took {
			want += took[id] - gave[id]
		}
		lines, _, err := p.Statement(ctx, "")
		must(t, err)
		if len(lines) > 0 && lines[0].Total.Minor != want || len(lines) == 0 && want != 0 {
			r.Fatalf("statement %+v, want %d", lines, want)
		}
	})
}
