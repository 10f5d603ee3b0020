package market_test

import (
	"strings"
	"testing"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/market"
	"guildhall/internal/money"
	"guildhall/internal/order"
	"guildhall/internal/pay"
	"guildhall/internal/store"
	"guildhall/internal/store/storetest"
	"guildhall/internal/withdrawal"
)

// earn completes one order of $80.00 and lets its $72.00 clear.
func (p *post) earn() {
	p.t.Helper()
	id := p.place()
	p.move(p.seller, id, order.Waive{})
	p.move(p.seller, id, order.Deliver{Text: "done"})
	p.move(p.buyer, id, order.Accept{})
	p.clock.move(14 * 24 * time.Hour)
	p.must(p.SweepAll(p.t.Context()))
}

func TestWithdraw(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		p.earn()
		for name, test := range map[string]struct {
			minor   int64
			account string
			field   string
		}{
			"too little": {2499, "DE00 1234 5678", "amount"}, "too much": {7201, "DE00 1234 5678", "amount"},
			"no account": {5000, "12", "account"}, "script": {5000, "<script>alert(1)", "account"},
		} {
			_, err := p.Withdraw(t.Context(), p.seller, "", money.Of(test.minor, "USD"), test.account)
			if fault.KindOf(err) != fault.KindInvalid || !strings.Contains(err.Error(), test.field+":") {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := p.Withdraw(t.Context(), p.buyer, "", money.Of(5000, "USD"), "DE00 1234 5678"); fault.KindOf(err) != fault.KindForbidden {
			t.Errorf("a buyer withdraws: %v", err)
		}

		_, err := p.Withdraw(t.Context(), p.seller, "", money.Of(3000, "USD"), "DE00 1234 5678")
		p.must(err)
		p.clock.move(time.Second)
		_, err = p.Withdraw(t.Context(), p.seller, "", money.Of(3000, "USD"), pay.PlayAccountThatFails)
		p.must(err)
		p.pots(1200, 0)
		p.drain()
		p.hear()
		p.hear()
		p.pots(4200, 0)
		list, _, err := p.Withdrawals(t.Context(), p.seller, "", 0)
		p.must(err)
		if len(list) != 2 || list[0].State != withdrawal.Returned || list[0].Why == "" || list[1].State != withdrawal.Sent {
			t.Errorf("withdrawals: %+v", list)
		}
	})
}

// TestWithdrawTwiceAtOnce takes the same money out in a hundred windows: it is
// there once.
func TestWithdrawTwiceAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := newPost(t, s, nil)
		p.earn()
		done := crowd(100, func(int) (string, error) {
			_, err := p.Withdraw(t.Context(), p.seller, "", money.Of(5000, "USD"), "DE00 1234 5678")
			return "sent", err
		})
		if done["sent"] != 1 {
			t.Errorf("withdrawn %d times", done["sent"])
		}
		p.pots(2200, 0)
		st, err := p.Statement(t.Context(), p.seller, market.PotAvailable, "", 0)
		p.must(err)
		if len(st.Lines) != 2 || st.Lines[0].Balance.Minor != 2200 {
			t.Errorf("statement: %+v", st.Lines)
		}
	})
}
