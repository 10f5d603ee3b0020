package market_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"guildhall/internal/desk"
	"guildhall/internal/effect"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/ledger"
	"guildhall/internal/market"
	"guildhall/internal/member"
	"guildhall/internal/money"
	"guildhall/internal/order"
	"guildhall/internal/pay"
	"guildhall/internal/store"
	"guildhall/internal/store/storetest"
	"guildhall/internal/withdrawal"
)

// owes looks at what the seller has and owes.
func (p *post) owes(wantAvailable, wantOwed int64) {
	p.t.Helper()
	s, err := p.Statement(p.t.Context(), p.seller, market.PotAvailable, "", 0)
	p.must(err)
	if s.Available.Minor != wantAvailable || s.Owed.Minor != wantOwed {
		p.t.Errorf("%s to withdraw and %s owed; want %d and %d", s.Available, s.Owed, wantAvailable, wantOwed)
	}
}

// takenOut lets the seller withdraw all of their first order, to an account.
func (c *counter) takenOut(account string) {
	c.t.Helper()
	c.move(c.buyer, c.order, order.Accept{})
	c.clock.move(14 * day)
	c.must(c.SweepAll(c.t.Context()))
	_, err := c.Withdraw(c.t.Context(), c.seller, "", money.Of(7200, "USD"), account)
	c.must(err)
}

// takesBack sends a share of an order back by decision.
func (c *counter) takesBack(id ident.Order, share money.BasisPoints) {
	c.t.Helper()
	_, err := c.decide(c.ada, c.ask(c.buyer, desk.Payment, market.CaseSubjectOrder(id)), refunding(share))
	c.must(err)
}

// TestWhatIsOwedIsSettled: money that was taken back after it had been withdrawn
// is owed, and the next money that clears pays it off, as a line of its own.
func TestWhatIsOwedIsSettled(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCounter(t, s)
		c.takenOut("DE0012345678")
		c.takesBack(c.order, 5000)
		c.owes(0, 3600)
		c.earn()
		c.owes(3600, 0)
		st, err := c.Statement(t.Context(), c.seller, market.PotAvailable, "", 0)
		c.must(err)
		if l := st.Lines[0]; l.Kind != ledger.KindSettle || l.Amount.Minor != -3600 || l.Balance.Minor != 3600 || l.Order.ID != "" {
			t.Errorf("the newest line is %+v", l)
		}
		if l := st.Lines[1]; l.Kind != ledger.KindClear || l.Amount.Minor != 7200 || l.Balance.Minor != 7200 {
			t.Errorf("the line before is %+v", l)
		}
		_, err = c.Withdraw(t.Context(), c.seller, "", money.Of(3601, "USD"), "DE0012345678")
		c.kind(err, fault.KindInvalid, "to withdraw what paid off a debt")
		_, err = c.Withdraw(t.Context(), c.seller, "", money.Of(3600, "USD"), "DE0012345678")
		c.must(err)
		c.drain()
		if told := c.post.told(c.seller); !slices.Contains(told, withdrawal.EventSettled) {
			t.Errorf("the seller was told %v", told)
		}
		if told := c.post.told(c.buyer); slices.Contains(told, withdrawal.EventSettled) {
			t.Error("the buyer was told what the seller owed")
		}
		c.sound()
	})
}

// TestADebtIsSettledBitByBit: where one order does not pay all of a debt off, the
// next goes on, and nothing is settled twice however often the house looks.
func TestADebtIsSettledBitByBit(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCounter(t, s)
		second := c.delivered()
		c.move(c.buyer, second, order.Accept{})
		c.move(c.buyer, c.order, order.Accept{})
		c.clock.move(14 * day)
		c.must(c.SweepAll(t.Context()))
		_, err := c.Withdraw(t.Context(), c.seller, "", money.Of(14400, "USD"), "DE0012345678")
		c.must(err)
		c.takesBack(c.order, money.Whole)
		c.takesBack(second, 5000)
		for _, want := range [][2]int64{{0, 3600}, {3600, 0}, {10800, 0}} {
			c.earn()
			c.must(c.SweepAll(t.Context()))
			c.owes(want[0], want[1])
		}
		c.sound()
	})
}

// TestAWithdrawalThatComesBackSettles: money whose way out failed is there again,
// and pays off first what was taken back meanwhile.
func TestAWithdrawalThatComesBackSettles(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCounter(t, s)
		c.takenOut(pay.PlayAccountThatFails)
		c.takesBack(c.order, 5000)
		c.owes(0, 3600)
		c.drain()
		c.hear()
		c.hear()
		c.owes(3600, 0)
		c.sound()
	})
}

// TestADecisionMeetsWhatClears: a decision takes an order's money back at the
// moment at which it clears, from a seller who owes already. What is owed and what
// can be withdrawn never stand side by side, and the desk is shown just that.
func TestADecisionMeetsWhatClears(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCounter(t, s)
		c.takenOut("DE0012345678")
		c.takesBack(c.order, 5000)
		next := c.delivered()
		c.move(c.buyer, next, order.Accept{})
		id := c.ask(c.buyer, desk.Payment, market.CaseSubjectOrder(next))
		c.clock.move(15 * day) // no sweep since it was to clear
		shown, err := c.PreviewDecision(t.Context(), c.ada, id, letter(refunding(2500)))
		c.must(err)
		if more, settled := shown.Moved[ledger.Available(c.seller.Member)], shown.Moved[ledger.Receivable(c.seller.Member)]; more != 1800 || settled != 3600 {
			t.Errorf("%d more to withdraw and %d of a debt settled are foretold", more, settled)
		}
		_, err = c.decide(c.ada, id, refunding(2500))
		c.must(err)
		c.owes(1800, 0)
		c.sound()
	})
}

// TestADebtIsForetold: a seller who owes is told what comes before their money,
// on the effect of a button and on the order; the buyer reads nothing of it.
func TestADebtIsForetold(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCounter(t, s)
		c.takenOut("DE0012345678")
		c.takesBack(c.order, 5000)
		says := func(who member.Actor, id ident.Order, mv order.Move) string {
			t.Helper()
			shown, err := c.Foresee(t.Context(), who, id, mv)
			c.must(err)
			flow, err := shown.Rows[0].Flow(shown.Policy)
			c.must(err)
			return flow.Says(shown.Party)
		}
		id := c.place()
		c.move(c.seller, id, order.Waive{})
		if got := says(c.seller, id, order.Deliver{Text: "here it is"}); got != "$72.00 for you once it is completed, up to $36.00 of it pays off what you owe the house." {
			t.Errorf("the seller reads %q", got)
		}
		c.move(c.seller, id, order.Deliver{Text: "here it is"})
		if got := says(c.buyer, id, order.Accept{}); strings.Contains(got, "owe") {
			t.Errorf("the buyer reads %q", got)
		}
		c.move(c.buyer, id, order.Accept{})
		if got := c.page(c.seller, id).Step.Says; !strings.HasSuffix(got, " Up to $36.00 of it pays off what you owe the house first.") {
			t.Errorf("the seller's step is %q", got)
		}
		if got := c.page(c.buyer, id).Step.Says; strings.Contains(got, "owe") {
			t.Errorf("the buyer's step is %q", got)
		}
		c.clock.move(14 * day)
		c.sound()
		c.owes(3600, 0)
		if got := c.page(c.seller, id).Step.Says; got != "This order is completed and your money has cleared." {
			t.Errorf("the seller's step is %q", got)
		}
	})
}

// TestAnOlderDebtIsSettled: a house that was opened before debts were settled may
// know somebody who has and owes at once. The first sweep puts that right.
func TestAnOlderDebtIsSettled(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCounter(t, s)
		c.takenOut("DE0012345678")
		c.must(s.Update(t.Context(), func(tx *store.Tx) error {
			purse, err := tx.Purse(c.seller.Member, "USD")
			if err != nil {
				return err
			}
			e, _, err := ledger.Next(purse.Head, ledger.Entry{
				Stream: string(c.seller.Member), Kind: ledger.KindTakeBack, At: c.clock.Now(), Currency: "USD",
				Postings: []ledger.Posting{{Account: ledger.Available(c.seller.Member), Minor: 5000}, {Account: ledger.Receivable(c.seller.Member), Minor: -5000}},
			})
			if err != nil {
				return err
			}
			return tx.Carry(effect.Set{Entries: []ledger.Entry{e}})
		}))
		c.owes(5000, 5000)
		found, err := c.Audit(t.Context(), nil)
		c.must(err)
		if len(found) != 1 || found[0].Rule != "balances" {
			t.Errorf("the audit finds %+v", found)
		}
		c.clock.move(time.Second)
		c.must(c.SweepAll(t.Context()))
		c.owes(0, 0)
		c.sound()
	})
}

// TestDebtsInACrowd: orders of one seller clear while decisions take others back
// and the seller takes out what is there. What is paid off is paid off once, and
// nobody ends up having and owing.
func TestDebtsInACrowd(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := newCounter(t, s)
		c.takenOut("DE0012345678")
		c.takesBack(c.order, money.Whole)
		for range 4 {
			cleared := []ident.Order{c.delivered(), c.delivered()}
			for _, id := range cleared {
				c.move(c.buyer, id, order.Accept{})
			}
			c.clock.move(14 * day)
			c.must(c.SweepAll(t.Context()))
			for range 3 {
				c.move(c.buyer, c.delivered(), order.Accept{})
			}
			c.clock.move(14*day - 10*time.Second)
			cases := []ident.Case{
				c.ask(c.buyer, desk.Payment, market.CaseSubjectOrder(cleared[0])), c.ask(c.buyer, desk.Payment, market.CaseSubjectOrder(cleared[1])),
			}
			c.clock.move(day)
			crowd(8, func(i int) (string, error) {
				switch {
				case i < 2:
					shown, err := c.PreviewDecision(t.Context(), c.ada, cases[i], letter(refunding(money.Whole)))
					if err != nil {
						return "", err
					}
					_, err = c.DecideCase(t.Context(), c.ada, "", cases[i], letter(refunding(money.Whole)), shown.Digest)
					return "decided", err
				case i < 4:
					_, err := c.Withdraw(t.Context(), c.seller, "", money.Of(7200, "USD"), "DE0012345678")
					return "withdrawn", err
				}
				_, err := c.Sweep(t.Context())
				return "swept", err
			})
			st, err := c.Statement(t.Context(), c.seller, market.PotAvailable, "", 0)
			c.must(err)
			if st.Available.Minor > 0 && st.Owed.Minor > 0 || st.Owed.Minor < 0 {
				t.Errorf("%s to withdraw and %s owed", st.Available, st.Owed)
			}
			c.sound()
		}
	})
}
