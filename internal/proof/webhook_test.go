package proof_test

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"guildhall/internal/fault"
	"guildhall/internal/gig"
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/money"
	"guildhall/internal/order"
	"guildhall/internal/pay"
	"guildhall/internal/store"
)

// message is one thing that the provider says, as it comes over the wire.
type message struct {
	id     string
	header http.Header
	body   []byte
}

// shelf is a market at one standing moment with a provider that has much to
// say, and a copy of its database from before anything was said.
type shelf struct {
	image    []byte
	now      time.Time
	secret   string
	messages []message
}

// fill makes orders in every state that a message may meet: paid already, paid
// later, declined later, lapsed before the payment came, taken back, and two
// withdrawals of which one fails.
func fillShelf(t *testing.T) shelf {
	t.Helper()
	town := found(t, t.TempDir(), "", 2)
	s := shelf{}
	a := town.open(t)
	var err error
	s.secret, err = a.Market.HouseSecret(t.Context(), "payments")
	must(t, err)
	s.now = a.Market.Now()
	must(t, a.Close())

	st := s.store(t, town.database)
	m, till := s.market(st, &s.now)
	must(t, m.Prepare(t.Context()))
	must(t, till.Deliver(t.Context(), m.ProviderSays)) // what the past has left
	buyer, seller := town.buyers[1].Actor(), town.seller.Actor()
	buy := func(number string) market.Placed {
		p, err := m.PlaceOrder(t.Context(), buyer, "", market.NewOrder{
			Gig: town.gig.ID, Pick: gig.Pick{Tier: gig.Basic, Quantity: 1}, Shown: money.Of(price, "USD"), Again: true,
		}, pay.Card{Number: number, Expiry: "12/40", CVC: "123", Name: "A Buyer"})
		must(t, err)
		return p
	}
	buy(slow)
	s.now = s.now.Add(25 * time.Hour) // its money comes after it has lapsed
	must(t, m.SweepAll(t.Context()))
	for range 2 {
		buy(visa)
		buy(slow)
		undone := buy(visa)
		_, err := m.Move(t.Context(), buyer, "", undone.Order, order.Undo{})
		must(t, err)
	}
	buy("4000 0000 0000 0259") // times out, then is declined
	buy(noMoney)
	for _, to := range []string{account, pay.PlayAccountThatFails, account} {
		_, err := m.Withdraw(t.Context(), seller, "", money.Of(5000, "USD"), to)
		must(t, err)
	}
	must(t, m.DrainOutbox(t.Context()))
	s.now = s.now.Add(time.Minute) // everything slow is decided
	must(t, till.Deliver(t.Context(), func(_ context.Context, h http.Header, body []byte) error {
		s.messages = append(s.messages, message{h.Get("webhook-id"), h.Clone(), slices.Clone(body)})
		return fmt.Errorf("nobody is listening")
	}))
	must(t, st.Close())
	s.image, err = os.ReadFile(town.database)
	must(t, err)
	return s
}

func (s shelf) store(t testing.TB, path string) *store.Store {
	t.Helper()
	st, err := store.Open(t.Context(), path, store.Options{Logger: quiet})
	must(t, err)
	return st
}

func (s shelf) market(st *store.Store, now *time.Time) (*market.Market, *pay.Sandbox) {
	clock := func() time.Time { return *now }
	till := pay.NewSandbox(st, clock, []byte(s.secret), time.Nanosecond)
	m := market.New(market.Parts{Store: st, Now: clock, IDs: ident.NewSource(), Pay: till, Log: quiet})
	return m, till
}

// TestMessagesInAnyOrder tells the house the provider's news shuffled, repeated,
// spoilt and late, and wants the same end each time.
func TestMessagesInAnyOrder(t *testing.T) {
	t.Parallel()
	s := fillShelf(t)
	if len(s.messages) < 10 {
		t.Fatalf("the provider says only %d things", len(s.messages))
	}
	want := s.told(t, t.TempDir(), s.messages)
	if !strings.Contains(want, "refunded") || !strings.Contains(want, "returned") {
		t.Fatalf("too little happened: %s", want)
	}
	dir, n := t.TempDir(), 0
	must(t, flag.Set("rapid.checks", fmt.Sprint(cycles(t, 50))))
	rapid.Check(t, func(rt *rapid.T) {
		n++
		shuffled := rapid.Permutation(s.messages).Draw(rt, "first told")
		again := rapid.SliceOfN(rapid.SampledFrom(s.messages), 0, len(s.messages)).Draw(rt, "told again")
		spoilt := rapid.SliceOfN(rapid.SampledFrom(s.messages), 0, 5).Draw(rt, "told by somebody else")
		news := slices.Clone(again)
		for i, m := range shuffled { // the repetitions stand anywhere among the others
			at := rapid.IntRange(0, len(news)).Draw(rt, fmt.Sprint("place ", i))
			news = slices.Insert(news, at, m)
		}
		for _, m := range spoilt {
			m.body = []byte(strings.Replace(string(m.body), `"minor":`, `"minor":1`, 1))
			news = append(news, m)
		}
		got := s.told(t, filepath.Join(dir, fmt.Sprint(n)), news)
		if got != want {
			rt.Fatalf("another end:\n got %s\nwant %s", got, want)
		}
	})
	t.Logf("%d messages, %d orders of telling them, one end", len(s.messages), n)
}

// told opens a fresh copy, tells it the news, each until it is heard, and says
// how everything stands in the end.
func (s shelf) told(t *testing.T, dir string, news []message) string {
	t.Helper()
	must(t, os.MkdirAll(dir, 0o700))
	path := filepath.Join(dir, "guildhall.db")
	must(t, os.WriteFile(path, s.image, 0o600))
	st := s.store(t, path)
	defer func() { must(t, st.Close()) }()
	now := s.now
	m, till := s.market(st, &now)
	must(t, m.Prepare(t.Context()))
	for _, n := range news {
		err := m.ProviderSays(t.Context(), n.header, n.body)
		genuine := slices.ContainsFunc(s.messages, func(o message) bool { return string(o.body) == string(n.body) })
		switch {
		case !genuine && fault.KindOf(err) != fault.KindForbidden:
			t.Errorf("a spoilt message was not refused: %v", err)
		case genuine && err != nil && fault.KindOf(err) != fault.KindConflict:
			t.Errorf("%s: %v", n.id, err)
		}
	}
	late := s.messages[0]
	now = now.Add(6 * time.Minute)
	if err := m.ProviderSays(t.Context(), late.header, late.body); fault.KindOf(err) != fault.KindForbidden {
		t.Errorf("a message six minutes old was heard: %v", err)
	}
	for range 3 { // the provider repeats itself, and refunds are answered
		must(t, m.DrainOutbox(t.Context()))
		now = now.Add(time.Hour)
		must(t, till.Deliver(t.Context(), m.ProviderSays))
	}
	return s.end(t, m)
}

// end is how everything stands, without when and in which order it came.
func (s shelf) end(t *testing.T, m *market.Market) string {
	t.Helper()
	sound(t.Context(), t, m)
	var out strings.Builder
	_, err := m.Export(t.Context(), &out)
	must(t, err)
	all := tables(t, strings.NewReader(out.String()))
	var lines []string
	for table, columns := range map[string][]string{
		"orders": {"id", "state", "class", "bucket"}, "payments": {"id", "state", "reason", "ref"}, "withdrawals": {"id", "state", "why"},
		"balances": {"account"}, "postings": {"stream", "account"}, "sandbox_moves": {"ref", "kind"},
	} {
		for _, r := range all[table] {
			line := table
			for _, c := range columns {
				line += " " + r.text(c)
			}
			lines = append(lines, fmt.Sprint(line, " ", r.number("minor")))
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}
