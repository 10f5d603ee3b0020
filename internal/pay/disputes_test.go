package pay_test

import (
	"errors"
	"fmt"
	"maps"
	"sync"
	"testing"
	"time"

	"guildhall/internal/ident"
	"guildhall/internal/pay"
	"guildhall/internal/store"
	"guildhall/internal/store/storetest"
)

const (
	takenBack = "4000 0000 0000 2685"
	leftAlone = "4000 0000 0000 2784"
)

// TestDisputes: the owner of a card objects after three days and the bank
// decides a week later, each told once; what it takes back is what was not
// refunded by then.
func TestDisputes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		const day = 24 * time.Hour
		p, clock := open(s)
		box := &inbox{t: t, p: p}
		lost, err := p.Charge(t.Context(), charge("lost", takenBack, 8000))
		must(t, err)
		_, err = p.Charge(t.Context(), charge("won", leftAlone, 500))
		must(t, err)
		_, err = p.Refund(t.Context(), pay.Refund{Payment: "lost.7", Ref: lost.Ref, Amount: usd(3000)})
		must(t, err)
		box.take()

		clock.advance(3*day - time.Second)
		if told := box.take(); len(told) != 0 {
			t.Errorf("told too early: %s", kinds(told))
		}
		clock.advance(time.Second)
		told := box.take()
		if got := kinds(told); got != "dispute_opened payment_lost, dispute_opened payment_won" {
			t.Errorf("told %q", got)
		}
		for _, m := range told {
			if !m.Decides.Equal(m.At.Add(7*day)) || m.Outcome.Reason == "" {
				t.Errorf("%s decides %v, says %q", m.ID, m.Decides, m.Outcome.Reason)
			}
		}
		clock.advance(7 * day)
		told = box.take()
		if got := kinds(told); got != "dispute_lost payment_lost, dispute_won payment_won" {
			t.Errorf("told %q", got)
		}
		if len(told) > 0 && told[0].Outcome.Amount != usd(5000) {
			t.Errorf("taken back: %v", told[0].Outcome.Amount)
		}
		clock.advance(400 * day)
		if told := box.take(); len(told) != 0 {
			t.Errorf("told again: %s", kinds(told))
		}
		if _, err := p.Refund(t.Context(), pay.Refund{Payment: "lost.8", Ref: lost.Ref, Amount: usd(1)}); !errors.Is(err, pay.ErrTakenBack) {
			t.Errorf("refunded what the bank has taken back: %v", err)
		}
		lines, _, err := p.Statement(t.Context(), "")
		must(t, err)
		if lines[0].Kind != pay.LineChargeback || lines[0].Amount != usd(-5000) {
			t.Errorf("newest line of the statement: %+v", lines[0])
		}
	})
}

// TestManyComeWhenADisputeIsDue: whoever comes while a step is due, and
// however many do, it is taken and told once, and nobody hears of an error.
func TestManyComeWhenADisputeIsDue(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		const day = 24 * time.Hour
		p, clock := open(s)
		box := &inbox{t: t, p: p}
		for i := range 5 {
			_, err := p.Charge(t.Context(), charge(fmt.Sprint("lost", i), takenBack, 8000))
			must(t, err)
			_, err = p.Charge(t.Context(), charge(fmt.Sprint("won", i), leftAlone, 8000))
			must(t, err)
		}
		box.take()
		for _, want := range []struct {
			after time.Duration
			told  map[pay.Kind]int
		}{
			{3 * day, map[pay.Kind]int{pay.DisputeOpened: 10}},
			{7 * day, map[pay.Kind]int{pay.DisputeLost: 5, pay.DisputeWon: 5}},
		} {
			clock.advance(want.after)
			var all sync.WaitGroup
			for range 20 {
				all.Go(func() {
					if err := p.Deliver(t.Context(), box.post); err != nil {
						t.Error(err)
					}
				})
			}
			all.Wait()
			told := map[pay.Kind]int{}
			for _, m := range box.take() {
				told[m.Kind]++
			}
			if !maps.Equal(told, want.told) {
				t.Errorf("after %s told %v, want %v", want.after, told, want.told)
			}
		}
		lines, _, err := p.Statement(t.Context(), "")
		if err != nil || len(lines) != 15 || lines[0].Total != usd(5*8000) {
			t.Errorf("%d lines, %v", len(lines), err)
		}
	})
}

// TestRefundsBesideADispute: while the bank looks into a charge nothing of it is
// refunded, since the bank may be about to give the same money back. What it
// lets stand can be refunded afterwards; what was refunded before is not taken
// again, and asked for again it was sent once.
func TestRefundsBesideADispute(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		const day = 24 * time.Hour
		p, clock := open(s)
		box := &inbox{t: t, p: p}
		lost, err := p.Charge(t.Context(), charge("lost", takenBack, 8000))
		must(t, err)
		won, err := p.Charge(t.Context(), charge("won", leftAlone, 500))
		must(t, err)
		refund := func(of pay.Outcome, no string, minor int64) error {
			_, err := p.Refund(t.Context(), pay.Refund{Payment: of.Payment + ident.Payment("."+no), Ref: of.Ref, Amount: usd(minor)})
			return err
		}
		must(t, refund(lost, "1", 3000))
		clock.advance(3 * day) // nobody has been told yet, and the bank looks into both all the same
		for range 2 {
			must(t, refund(lost, "1", 3000))
			for _, of := range []pay.Outcome{lost, won} {
				if err := refund(of, "2", 100); !errors.Is(err, pay.ErrDisputed) {
					t.Errorf("%s: refunded while the bank looks into it: %v", of.Payment, err)
				}
			}
			box.take()
		}
		clock.advance(7 * day)
		box.take()
		must(t, refund(won, "2", 100))
		must(t, refund(lost, "1", 3000))
		if err := refund(lost, "2", 100); !errors.Is(err, pay.ErrTakenBack) {
			t.Errorf("refunded what the bank has taken back: %v", err)
		}
		lines, _, err := p.Statement(t.Context(), "")
		must(t, err)
		if len(lines) != 5 || lines[0].Total != usd(400) {
			t.Errorf("the statement has %d lines and ends with %s", len(lines), lines[0].Total)
		}
	})
}
