package pay_test

import (
	"testing"
	"time"

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
		if _, err := p.Refund(t.Context(), pay.Refund{Payment: "lost.8", Ref: lost.Ref, Amount: usd(1)}); err == nil {
			t.Error("refunded what the bank has taken back")
		}
		lines, _, err := p.Statement(t.Context(), "")
		must(t, err)
		if lines[0].Kind != pay.LineChargeback || lines[0].Amount != usd(-5000) {
			t.Errorf("newest line of the statement: %+v", lines[0])
		}
	})
}
