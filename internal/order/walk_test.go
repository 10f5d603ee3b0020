package order_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"guildhall/internal/effect"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/ledger"
	"guildhall/internal/member"
	"guildhall/internal/order"
	"guildhall/internal/policy"
	"guildhall/internal/resolution"
)

// TestWalk makes random legal and illegal moves and checks after each of them
// what must hold always. GUILDHALL_WALK sets the number of steps.
func TestWalk(t *testing.T) {
	steps := 1_000_000
	if testing.Short() {
		steps = 50_000
	}
	if n, err := strconv.Atoi(os.Getenv("GUILDHALL_WALK")); err == nil {
		steps = n
	}
	usual, odd := policy.Default("policy_test", dawn), oddPolicy()
	for seed := uint64(1); steps > 0; seed++ {
		p := usual
		if seed%4 == 0 {
			p = odd
		}
		w := &walker{t: t, seed: seed, rnd: rand.New(rand.NewPCG(seed, 7)), p: p, now: dawn, books: map[ledger.Account]int64{}}
		steps -= w.life()
	}
}

// oddPolicy is a policy of strange numbers: reminders longer than what they
// remind of, answers within hours, silence that agrees, a fee.
func oddPolicy() policy.Version {
	p := policy.Default("policy_odd", dawn)
	p.Clocks.BeforeDue, p.Clocks.BeforeCompletion, p.Clocks.BeforeRequestEnds = hours(100), hours(90), hours(12)
	p.Requests.Answer, p.Requests.SellerPause = hours(7), hours(9)
	p.Order.ReviewExtension, p.Order.ReviewExtensions, p.Order.LateCancel = hours(1), 3, hours(1)
	p.Money.BuyerFee = policy.Percent(550)
	for _, k := range []resolution.Kind{resolution.Extend, resolution.AddExtra, resolution.Discount, resolution.Swap} {
		p.Requests.Kinds[string(k)] = policy.RequestKind{OnAccept: policy.AnswerApply, OnDecline: policy.AnswerDeny, OnSilence: policy.AnswerApply}
	}
	p.Requests.Kinds["cancel"] = policy.RequestKind{OnAccept: policy.AnswerCancelMutual, OnDecline: policy.AnswerDeny, OnSilence: policy.AnswerDeny}
	return p
}

func hours(n int) policy.Duration { return policy.Duration(time.Duration(n) * time.Hour) }

type walker struct {
	t     *testing.T
	seed  uint64
	rnd   *rand.Rand
	p     policy.Version
	now   time.Time
	o     order.Order
	past  []effect.Event
	books map[ledger.Account]int64
	paid  int64 // captured
	chain ledger.Head
	taken map[ident.Payment]bool // by the bank; true once the order has heard of it
}

func (w *walker) life() int {
	words := []string{fmt.Sprintf("%dd", 1+w.rnd.IntN(30)), fmt.Sprintf("%drev", w.rnd.IntN(3))}
	if w.rnd.IntN(2) == 0 {
		words = append(words, "question")
	}
	w.o = newOrder(w.t, w.p, words...)
	w.past = []effect.Event{{Seq: 1, Kind: order.Ordered, At: dawn, To: string(order.Unpaid)}}
	steps := 0
	for calm := 0; calm < 12; steps++ {
		if w.o.State.Ended() {
			calm++
		}
		w.step()
	}
	w.now = w.now.Add(400 * 24 * time.Hour)
	if w.o.Held() {
		w.decide(member.Provider(), order.DisputeWon{})
		w.decide(cast["agent"], order.Release{})
		w.now = w.now.Add(400 * 24 * time.Hour)
	}
	for _, p := range slices.Sorted(maps.Keys(w.taken)) {
		if !w.taken[p] {
			w.decide(member.Provider(), w.informed(order.DisputeLost{Payment: p}))
		}
	}
	w.settleRefunds()
	w.decide(member.Clock(), order.Tick{})
	if w.o.State == order.InProgress || w.o.State == order.InRevision {
		return steps // late work waits for a person, it never ends by itself
	}
	w.check(w.o.State.Ended(), "after 400 days the order stands in %s", w.o.State)
	for account, minor := range w.books {
		if k := account.Kind(); k != "clearing" && k != "house" && k != "available" && k != "receivable" {
			w.check(minor == 0, "%s holds %d at the very end", account, minor)
		}
	}
	return steps
}

func (w *walker) step() {
	who, m, ok := w.idea()
	if ok {
		w.decide(who, m)
	}
}

// idea lets some time pass and thinks of somebody and a move.
func (w *walker) idea() (member.Actor, order.Move, bool) {
	w.now = w.now.Add([]time.Duration{0, time.Minute, 5 * time.Hour, 25 * time.Hour, 80 * time.Hour, 20 * 24 * time.Hour}[w.rnd.IntN(6)])
	who := cast[[]string{"ben", "ben", "ben", "mara", "mara", "mara", "clock", "bank", "agent", "stranger"}[w.rnd.IntN(10)]]
	pick := ideas[w.rnd.IntN(len(ideas))]
	if pick[0] == "pays" && len(pick) == 1 && !w.o.PaidAt.IsZero() {
		return who, nil, false // one payment is told to the order once; the market sees to that
	}
	return who, w.informed(moveOf(w.t, w.o, pick[0], pick[1:])), true
}

// informed adds what the market tells a move: what the seller could withdraw, and
// which of a refund and the bank the provider let have the money.
func (w *walker) informed(m order.Move) order.Move {
	switch v := m.(type) {
	case order.Place:
		v.Charge.Payment = w.another(v.Charge.Payment)
		return v
	case order.PayMore:
		v.Charge.Payment = w.another(v.Charge.Payment)
		return v
	case order.RefundSent:
		if _, gone := w.taken[v.Payment]; gone && !w.sent(v.Event, v.Payment) {
			return order.RefundOvertaken(v)
		}
	case order.RefundConfirmed:
		if _, gone := w.taken[v.Payment]; gone && !w.sent(v.Event, v.Payment) {
			return order.RefundOvertaken(v)
		}
	case order.RefundOvertaken:
		if w.sent(v.Event, v.Payment) {
			return order.RefundConfirmed(v)
		}
	case order.ForceRefund:
		v.Available = w.books[ledger.Available(w.o.Seller)]
		return v
	case order.DisputeLost:
		v.Available, v.Taken = w.books[ledger.Available(w.o.Seller)], 0
		if !w.taken[v.Payment] { // it takes a payment once
			v.Taken = leftOf(w.o, v.Payment)
		}
		return v
	}
	return m
}

// another is a payment under a name that no earlier one has.
func (w *walker) another(p ident.Payment) ident.Payment {
	kept := slices.ContainsFunc(w.o.Charges(), func(c order.Charge) bool { return c.Payment == p })
	back := slices.ContainsFunc(w.o.Life.Refunds, func(r order.Refund) bool { return r.Payment == p })
	if kept || back {
		return p + ident.Payment(fmt.Sprintf("_%d", w.o.Seq))
	}
	return p
}

func (w *walker) sent(event int, p ident.Payment) bool {
	r, _ := w.o.Refunding(event, p)
	return !r.Sent.IsZero()
}

// takes remembers what the bank has taken.
func (w *walker) takes(m order.Move) {
	if w.taken == nil {
		w.taken = map[ident.Payment]bool{}
	}
	switch v := m.(type) {
	case order.DisputeLost:
		w.taken[v.Payment] = true
	case order.RefundOvertaken:
		if _, known := w.taken[v.Payment]; !known {
			w.taken[v.Payment] = false
		}
	}
}

var ideas = [][]string{
	{"pays"}, {"pays"}, {"pays", "again"}, {"undoes"}, {"answers", "name=Rye"}, {"answers"}, {"waives"}, {"shows", "x"},
	{"comments", "2", "x"}, {"warns", "x"}, {"delivers", "x"}, {"delivers", "x"}, {"delivers"}, {"extends"}, {"revises", "x"},
	{"faults", "1", "x"}, {"accepts"}, {"cancels"}, {"holds", "x"}, {"releases"}, {"releases"}, {"ticks"},
	{"asks", "cancel", "mistake", "100%"}, {"asks", "cancel", "buyer_unresponsive", "40%"}, {"asks", "extend", "3"}, {"asks", "add_extra", "1501", "2"},
	{"asks", "add_extra", "0", "0"}, {"asks", "discount", "33%"}, {"asks", "swap", "10000", "7"}, {"asks", "swap", "1234", "2"},
	{"agrees"}, {"agrees"}, {"agrees", "quality"}, {"agrees"}, {"declines"}, {"declines", "no"}, {"withdraws"}, {"counters", "extend", "1"},
	{"counters", "cancel", "quality", "50%"}, {"paysmore"}, {"paysmore"}, {"paysmore", "700"}, {"reminds", "x"}, {"means", "quality"},
	{"forces", "seller", "quality", "100%"}, {"forces", "buyer", "other", "0%"}, {"finishes"}, {"takes", "seller", "100%", "2000"},
	{"takes", "nobody", "25%"}, {"takes", "nobody", "99.99%"}, {"takes", "buyer", "10%", "99999"}, {"moderates"}, {"disputes", "x"}, {"disputes", "again"}, {"wins"}, {"wins", "again"},
	{"loses"}, {"loses", "more"}, {"loses", "again"}, {"refunds"}, {"sends"}, {"waits"}, {"keeps"},
}

// settleRefunds lets the bank confirm what is on its way.
func (w *walker) settleRefunds() {
	for slices.ContainsFunc(w.o.Life.Refunds, order.Refund.Open) {
		w.decide(member.Provider(), w.informed(moveOf(w.t, w.o, "refunds", nil)))
	}
}

func (w *walker) decide(who member.Actor, m order.Move) {
	before := w.o
	next, set, err := order.Decide(w.now, w.o, who, m, w.p)
	if err != nil {
		w.check(fault.KindOf(err) != "", "%s: not a fault: %v", m.Name(), err)
		w.check(next.Seq == before.Seq && len(set.Events)+len(set.Entries) == 0, "%s was refused and changed something", m.Name())
		return
	}
	w.jumpEqualsSteps(before, next, who, m)
	w.o = next
	w.takes(m)
	w.past = append(w.past, set.Events...)
	state, err := order.Replay(w.past)
	w.check(err == nil && state == w.o.State, "history: %v; it leads to %s, the order is %s", err, state, w.o.State)
	w.check(w.past[len(w.past)-1].Seq == w.o.Seq, "last event %d, order says %d", w.past[len(w.past)-1].Seq, w.o.Seq)
	w.book(set.Entries)
	w.money()
	w.clocks(before)
	w.check((w.o.State == order.Cancelled) == (w.o.Class != ""), "%s with class %q", w.o.State, w.o.Class)
	w.check(w.o.State.Ended() == !w.o.EndedAt.IsZero(), "%s ended at %v", w.o.State, w.o.EndedAt)
	if d, ok := order.Next(w.o, w.p); ok {
		w.check(d.At.After(w.now), "deadline %s of %s is still open at %s", d.Name, d.At, w.now)
	}
}

// jumpEqualsSteps decides again after ticking through half of the time: the
// order must come out the same, however often a sweep looked at it.
func (w *walker) jumpEqualsSteps(before, jumped order.Order, who member.Actor, m order.Move) {
	last := w.past[len(w.past)-1].At
	half := last.Add(w.now.Sub(last) / 2)
	stepped, _, err := order.Decide(half, before, member.Clock(), order.Tick{}, w.p)
	w.check(err == nil, "tick: %v", err)
	stepped, _, err = order.Decide(w.now, stepped, who, m, w.p)
	w.check(err == nil && stepped.State == jumped.State && stepped.Seq == jumped.Seq && stepped.Books == jumped.Books,
		"jumping gives %s/%d, stepping %s/%d (%v)", jumped.State, jumped.Seq, stepped.State, stepped.Seq, err)
}

func (w *walker) book(entries []ledger.Entry) {
	for _, e := range entries {
		w.check(e.No == w.chain.No+1 && e.Prev == w.chain.Hash && e.Verify(), "entry %d breaks the chain", e.No)
		w.chain = ledger.Head{No: e.No, Hash: e.Hash}
		if e.Kind == ledger.KindHold {
			w.paid -= e.Postings[0].Minor
		}
		var sum int64
		for _, p := range e.Postings {
			sum += p.Minor
			w.books[p.Account] += p.Minor
		}
		w.check(sum == 0 && len(e.Postings) >= 2, "entry %d sums to %d", e.No, sum)
	}
}

func (w *walker) money() {
	escrow := w.books[ledger.Escrow(w.o.ID)]
	w.check(escrow >= 0 && escrow <= w.paid, "escrow %d of %d captured", escrow, w.paid)
	w.check(escrow == w.o.Resting().Minor, "%s with %d in escrow, the order says %s", w.o.State, escrow, w.o.Resting())
	for _, c := range w.o.Charges() {
		w.check(c.Back >= 0 && c.Back <= c.Amount.Minor, "%d of a payment of %s went back", c.Back, c.Amount)
	}
	w.check(w.o.PaidAt.IsZero() || w.o.Returned().Minor <= w.o.Total.Minor, "%s of %s went back", w.o.Returned(), w.o.Total)
	w.check(w.books[ledger.Losses] == 0, "the house pays %d", -w.books[ledger.Losses])
	for account, minor := range w.books {
		if account != ledger.Losses && account.Kind() != "clearing" && account.Kind() != "receivable" {
			w.check(minor >= 0, "%s is %d", account, minor)
		}
	}
}

// clocks checks the pauses that were added, and the open request.
func (w *walker) clocks(before order.Order) {
	life := w.o.Life
	w.check(!w.o.State.Ended() || life.Request == nil && life.PausedAt.IsZero(), "%s with an open request", w.o.State)
	w.check(time.Duration(life.SellerPaused)*time.Microsecond <= w.p.Requests.SellerPause.D(), "the seller paused %d µs", life.SellerPaused)
	w.check(life.PausedAt.IsZero() || life.Request != nil && !w.o.Held(), "a pause without its request, or under a hold")
	for i := len(before.Life.Pauses); i < len(life.Pauses); i++ {
		p := life.Pauses[i]
		w.check(p.Until.After(p.From) && !p.Until.After(w.now), "pause %d is from %s to %s", i, p.From, p.Until)
		w.check(i == 0 || !p.From.Before(life.Pauses[i-1].Until), "pause %d begins within the one before", i)
	}
}

func (w *walker) check(ok bool, format string, args ...any) {
	if !ok {
		w.t.Helper()
		w.t.Fatalf("seed %d at %s: %s", w.seed, policy.Duration(w.now.Sub(dawn)), fmt.Sprintf(format, args...))
	}
}
