package order_test

import (
	"encoding/json"
	"maps"
	"math/rand/v2"
	"testing"
	"time"

	"guildhall/internal/effect"
	"guildhall/internal/ledger"
	"guildhall/internal/member"
	"guildhall/internal/money"
	"guildhall/internal/order"
	"guildhall/internal/policy"
	"guildhall/internal/resolution"
)

// TestPreviewIsWhatHappens looks ahead at random points of random lives and then
// lets every reply really happen, later than it was foreseen: what was shown
// must be what came.
func TestPreviewIsWhatHappens(t *testing.T) {
	lives := 2_500
	if testing.Short() {
		lives = 400
	}
	usual, odd := policy.Default("policy_test", dawn), oddPolicy()
	seen := map[order.Reply]int{}
	for seed := range uint64(lives) {
		p := usual
		if seed%4 == 0 {
			p = odd
		}
		w := &walker{t: t, seed: seed, rnd: rand.New(rand.NewPCG(seed, 11)), p: p, now: dawn, books: map[ledger.Account]int64{}}
		w.o = newOrder(t, p, "5d", "2rev")
		w.past = []effect.Event{{Seq: 1, Kind: order.Ordered, At: dawn, To: string(order.Unpaid)}}
		w.decide(member.Provider(), moveOf(t, w.o, "pays", nil))
		for range 25 {
			who, m, ok := w.idea()
			if !ok {
				continue
			}
			for _, r := range w.preview(who, m) {
				seen[r]++
			}
			w.decide(who, m)
		}
	}
	for _, r := range []order.Reply{order.Now, order.WhenAccepted, order.WhenDeclined, order.WhenSilent} {
		if seen[r] < lives/10 {
			t.Errorf("%s was foreseen only %d times", r, seen[r])
		}
	}
}

// preview looks ahead and lets every reply happen; it tells which there were.
func (w *walker) preview(who member.Actor, m order.Move) []order.Reply {
	f, err := order.Foresee(w.now, w.o, who, m, w.p)
	next, set, refused := order.Decide(w.now, w.o, who, m, w.p)
	w.check((err == nil) == (refused == nil), "%s: foreseen %v, decided %v", m.Name(), err, refused)
	if err != nil {
		w.check(err.Error() == refused.Error(), "%s: foreseen %v, decided %v", m.Name(), err, refused)
		return nil
	}
	w.digest(f, who, m)
	var replies []order.Reply
	for _, row := range f.Rows {
		replies = append(replies, row.Reply)
		switch {
		case row.Reply == order.WhenSilent && answered(m):
			w.silent(row, w.o, effect.Set{})
		case row.Reply == order.WhenSilent:
			w.silent(row, next, set)
		default:
			w.replied(row, next, set)
		}
	}
	return replies
}

// answered tells whether a move answers a request, so that silence is that to
// the order as it stood.
func answered(m order.Move) bool {
	switch m.(type) {
	case order.Agree, order.Decline:
		return true
	}
	return false
}

// replied lets the other side reply at some instant before the request ends.
func (w *walker) replied(row order.Foreseen, o order.Order, set effect.Set) {
	at := w.now
	if r := o.Life.Request; r != nil && row.Reply != order.Now {
		at = w.within(at, r.Ends)
		var answer order.Move = order.Agree{No: r.No}
		if row.Reply == order.WhenDeclined {
			answer = order.Decline{No: r.No}
		}
		o, set = w.on(at, o, set, w.side(r.Waits()), answer)
	}
	if r := o.Life.Request; r != nil && r.Agreed() && w.paysInRow(row) {
		charge := order.Charge{Payment: "payment_9", Provider: "sandbox", Ref: "ch_9", Method: "Visa", Amount: money.Of(r.Owed, o.Total.Currency)}
		o, set = w.on(w.within(at, r.Ends), o, set, member.Provider(), order.PayMore{Charge: charge, No: r.No})
	}
	w.same(row, o, set)
}

// paysInRow tells whether the row was foreseen with its payment.
func (w *walker) paysInRow(row order.Foreseen) bool {
	return row.After.Life.Request == nil
}

// silent lets nobody answer: the clock looks in now and then, or only long after.
func (w *walker) silent(row order.Foreseen, o order.Order, set effect.Set) {
	ends := o.Life.Request.Ends
	w.check(row.At.Equal(ends), "silence was foreseen for %s, the request ends %s", row.At, ends)
	stepped, all := o, set
	for at := w.within(w.now, ends); at.Before(ends); at = w.within(at, ends.Add(time.Hour)) {
		stepped, all = w.on(at, stepped, all, member.Clock(), order.Tick{})
	}
	stepped, all = w.on(ends, stepped, all, member.Clock(), order.Tick{})
	w.same(row, stepped, all)
	late := ends.Add(time.Duration(w.rnd.IntN(30*24)) * time.Hour)
	jumped, all := w.on(late, o, set, member.Clock(), order.Tick{})
	state := row.After.State
	for _, e := range all.Events {
		if !e.At.After(ends) {
			state = order.State(e.To)
		}
	}
	w.check(state == row.After.State, "silence leads to %s, foreseen was %s", state, row.After.State)
	w.check(maps.Equal(moved(all, ends), row.Moved()), "silence moves %v, foreseen was %v", moved(all, ends), row.Moved())
	if row.After.State.Ended() {
		w.check(jumped.Class == row.After.Class && sameEnding(jumped, row.After), "silence ends as %s %+v, foreseen was %s %+v",
			jumped.Class, jumped.Life.Ending, row.After.Class, row.After.Life.Ending)
	}
}

// on decides a later move that must be possible.
func (w *walker) on(at time.Time, o order.Order, set effect.Set, who member.Actor, m order.Move) (order.Order, effect.Set) {
	next, more, err := order.Decide(at, o, who, m, w.p)
	w.check(err == nil, "%s: %v", m.Name(), err)
	all := effect.Set{}
	all.Add(set)
	all.Add(more)
	return next, all
}

// same compares what came with what was foreseen.
func (w *walker) same(row order.Foreseen, o order.Order, set effect.Set) {
	a := row.After
	w.check(o.State == a.State && o.Class == a.Class && o.Title == a.Title, "%s: %s %s, foreseen was %s %s", row.Reply, o.State, o.Class, a.State, a.Class)
	w.check(sameEnding(o, a), "%s: ending %+v, foreseen was %+v", row.Reply, o.Life.Ending, a.Life.Ending)
	w.check(o.Total == a.Total && o.Life.Rest == a.Life.Rest && o.Resting() == a.Resting(), "%s: rests %v of %s, foreseen was %v of %s", row.Reply, o.Life.Rest, o.Total, a.Life.Rest, a.Total)
	sums := moved(set, time.Time{})
	w.check(maps.Equal(sums, row.Moved()), "%s: moved %v, foreseen was %v", row.Reply, sums, row.Moved())
}

// digest looks ahead again seconds later: the digest is the same as long as the
// effect is, and another one when it is not.
func (w *walker) digest(f order.Foresight, who member.Actor, m order.Move) {
	later := w.now.Add(time.Duration(1+w.rnd.IntN(90)) * time.Second)
	again, err := order.Foresee(later, w.o, who, m, w.p)
	if d, ok := order.Next(w.o, w.p); err != nil || ok && !d.At.After(later) {
		return // something happened meanwhile
	}
	w.check((f.Digest() == again.Digest()) == (w.effect(f) == w.effect(again)), "%s: digests %s and %s of\n%s\n%s", m.Name(), f.Digest(), again.Digest(), w.effect(f), w.effect(again))
	if ask, ok := m.(order.Ask); ok && ask.Proposal.Kind != resolution.Swap {
		ask.Proposal.Days++
		ask.Proposal.Share++
		ask.Proposal.Price++
		if other, err := order.Foresee(w.now, w.o, who, ask, w.p); err == nil {
			w.check(other.Digest() != f.Digest(), "another proposal has the same digest: %+v", ask.Proposal)
		}
	}
}

// effect is what a digest stands for, spelled out.
func (w *walker) effect(f order.Foresight) string {
	var all []any
	for _, r := range f.Rows {
		var e order.Ending
		if r.After.Life.Ending != nil {
			e = *r.After.Life.Ending
			e.Why = ""
		}
		all = append(all, r.Reply, r.After.State, r.After.Class, e, r.Moved(), r.After.Life.Rest, r.After.Total, r.After.Life.OnTime, r.After.Held(), r.After.Late(r.At))
	}
	text, err := json.Marshal(all)
	w.check(err == nil, "%v", err)
	return string(text)
}

func sameEnding(a, b order.Order) bool {
	x, y := a.Life.Ending, b.Life.Ending
	if x == nil || y == nil {
		return x == y
	}
	return *x == *y
}

// moved sums the money of a set by account, up to an instant if there is one.
func moved(set effect.Set, until time.Time) map[ledger.Account]int64 {
	sums := map[ledger.Account]int64{}
	for _, e := range set.Entries {
		if !until.IsZero() && e.At.After(until) {
			continue
		}
		for _, p := range e.Postings {
			sums[p.Account] += p.Minor
		}
	}
	return sums
}

func (w *walker) side(p policy.Party) member.Actor {
	if p == policy.PartyBuyer {
		return ben
	}
	return mara
}

// within is a random instant after one and before another.
func (w *walker) within(from, to time.Time) time.Time {
	span := int64(to.Sub(from) / time.Second)
	if span < 2 {
		return to.Add(-time.Nanosecond)
	}
	return from.Add(time.Duration(1+w.rnd.Int64N(span-1)) * time.Second)
}
