package market

import (
	"errors"
	"slices"
	"time"

	"guildhall/internal/ident"
	"guildhall/internal/policy"
	"guildhall/internal/standing"
	"guildhall/internal/store"
)

// aheap is from how many contributions of a seller on most are counted and not
// read one by one, busy from how many completed orders on that is taken for
// granted; newestRead is how many of each mark are read nevertheless.
const (
	aheap      = 500
	busy       = 150
	newestRead = 5
)

// reader reads what a seller's figures are folded from, as of an instant.
type reader struct {
	tx     *store.Tx
	seller store.Seller
	now    time.Time
	ahead  time.Duration // how far the past is to be looked ahead from
	lean   bool          // only what levels ask for
	public bool          // only what everybody is shown: no different buyers
	buyer  ident.Member  // whose orders a preview adds or takes away; empty for none
	p      policy.Version
	past   standing.Past
}

// farAhead is later than anything that is written down for the future.
const farAhead = 366 * 24 * time.Hour

// sellerOf is where somebody stands; empty for who never sold.
func sellerOf(tx *store.Tx, who ident.Member) (store.Seller, error) {
	s, err := tx.Seller(who)
	if errors.Is(err, store.ErrNotFound) {
		s, err = store.Seller{State: standing.State{Member: who}}, nil
	}
	return s, err
}

// read is everything there is, where that is little; of the others what can
// leave a window within the time ahead, the newest, and the rest in heaps.
func (r *reader) read() (standing.Past, error) {
	r.past.From = r.seller.From
	warnings, err := r.tx.Warnings(r.seller.Member, r.now.Add(-r.p.Standing.Window.D())) // a page looks back so far
	if err != nil {
		return r.past, err
	}
	for _, w := range warnings {
		r.past.Warnings = append(r.past.Warnings, standing.Warning{ID: w.ID, Given: w.Given, Until: w.Until, Lifted: w.Lifted})
	}
	if r.seller.Version == 0 {
		return r.past, nil
	}
	if r.seller.Completed <= busy {
		if done, err := r.whole(); err != nil || done {
			return r.past, err
		}
	}
	r.past.Firm = r.now.Add(r.ahead)
	for _, f := range []standing.Figure{standing.Completion, standing.OnTime, standing.Response} {
		if err := r.rate(f); err != nil {
			return r.past, err
		}
	}
	if err := r.rating(); err != nil {
		return r.past, err
	}
	if err := r.earned(); err != nil {
		return r.past, err
	}
	return r.past, r.buyers()
}

// whole reads everything that a window can look at now or later, one by one,
// where that is little. Of what is older there are the totals of a life.
func (r *reader) whole() (bool, error) {
	reach, rating := r.now.Add(-r.p.Standing.ReachBack.D()), r.now.Add(-r.p.Standing.RatingWindow.D())
	since := r.tx.ContributionsSince
	if r.lean {
		since = r.tx.ContributionsLean
	}
	lines, err := since(r.seller.Member, reach, rating, r.now, aheap+1)
	if err != nil || len(lines) > aheap {
		return false, err
	}
	r.past.Lines = lines
	rest := r.seller.Totals
	for _, c := range lines {
		rest = counted(rest, c, -1)
	}
	r.old(standing.Completion, standing.For, store.Sum{N: rest.Completed}, reach)
	r.old(standing.Rating, standing.For, store.Sum{N: rest.Rated, Value: rest.Stars}, rating)
	r.old(standing.Rating, standing.Excluded, store.Sum{N: rest.Removed}, rating)
	r.old(standing.Earned, standing.For, store.Sum{N: r.seller.Completed, Value: rest.Earned}, r.now)
	if rest.Completed == 0 && !r.lean {
		return true, nil // every buyer stands in the lines
	}
	return true, r.buyers()
}

// between reads lines one by one and keeps them, the oldest first: so they are
// folded, again and again for a page that looks ahead.
func (r *reader) between(f standing.Figure, after, until time.Time) ([]standing.Contribution, error) {
	lines, err := r.tx.Contributions(r.seller.Member, f, after, until)
	slices.Reverse(lines)
	r.past.Lines = append(r.past.Lines, lines...)
	return lines, err
}

// rate reads the window of a share. Where it alone might not do, the reach of
// the policy is read one by one.
func (r *reader) rate(f standing.Figure) error {
	since := r.now.Add(-r.p.Standing.Window.D())
	firm := earlier(since.Add(r.ahead), r.now)
	counts, err := r.tx.Marks(r.seller.Member, f, firm, r.now)
	if err != nil {
		return err
	}
	var lines []standing.Contribution
	if counts[standing.For].N+counts[standing.Against].N <= r.p.Standing.EnforceFrom+1 { // one more or less, as a preview tries it, is allowed for
		lines, err = r.between(f, r.now.Add(-r.p.Standing.ReachBack.D()), r.now.Add(farAhead))
	} else {
		lines, err = r.heap(f, since, firm, counts)
	}
	if err != nil || f != standing.Completion {
		return err
	}
	rest := r.seller.Completed - number(lines, standing.For)
	for _, h := range r.past.Heaps {
		if h.Figure == f && h.Mark == standing.For {
			rest -= h.N
		}
	}
	r.old(f, standing.For, store.Sum{N: rest}, since)
	return nil
}

// heap reads one by one what is about to leave the window, what is still to
// come and the newest of each mark, and puts the rest into heaps.
func (r *reader) heap(f standing.Figure, since, firm time.Time, counts map[standing.Mark]store.Sum) ([]standing.Contribution, error) {
	lines, err := r.between(f, since, firm)
	if err != nil {
		return nil, err
	}
	var newest []standing.Contribution
	for _, m := range []standing.Mark{standing.For, standing.Against, standing.Excluded} {
		if counts[m].N == 0 {
			continue
		}
		some, err := r.tx.Behind(store.BehindQuery{Member: r.seller.Member, Figure: f, Mark: m, Since: firm, Until: r.now, Most: newestRead})
		if err != nil {
			return nil, err
		}
		newest = append(newest, some...)
		rest := counts[m]
		for _, c := range some {
			rest.N, rest.Value = rest.N-1, rest.Value-c.Value
		}
		if rest.N > 0 {
			r.past.Heaps = append(r.past.Heaps, standing.Heap{Figure: f, Mark: m, N: rest.N, Sum: rest.Value, From: firm.Add(time.Microsecond), To: r.now})
		}
	}
	slices.SortFunc(newest, func(a, b standing.Contribution) int { return a.At.Compare(b.At) })
	r.past.Lines = append(r.past.Lines, newest...)
	coming, err := r.between(f, r.now, r.now.Add(farAhead))
	if err != nil {
		return nil, err
	}
	return slices.Concat(lines, newest, coming), nil
}

// old is a heap of what no window looks at any more.
func (r *reader) old(f standing.Figure, m standing.Mark, sum store.Sum, until time.Time) {
	if sum.N > 0 || sum.Value != 0 {
		r.past.Heaps = append(r.past.Heaps, standing.Heap{Figure: f, Mark: m, N: sum.N, Sum: sum.Value, From: epoch, To: until})
	}
}

var epoch = time.Unix(0, 0).UTC()

// rating reads the window of the rating. What lies in it is what there ever was
// less what is older, and little is.
func (r *reader) rating() error {
	since := r.now.Add(-r.p.Standing.RatingWindow.D())
	firm := earlier(since.Add(r.ahead), r.now)
	older, err := r.tx.Marks(r.seller.Member, standing.Rating, epoch, since)
	if err != nil {
		return err
	}
	counts := map[standing.Mark]store.Sum{
		standing.For:      {N: r.seller.Rated - older[standing.For].N, Value: r.seller.Stars - older[standing.For].Value},
		standing.Excluded: {N: r.seller.Removed - older[standing.Excluded].N},
	}
	for _, span := range [][2]time.Time{{since, firm}, {r.now, r.now.Add(farAhead)}} { // these lie outside of the heaps
		outside, err := r.tx.Marks(r.seller.Member, standing.Rating, span[0], span[1])
		if err != nil {
			return err
		}
		for mark, less := range outside {
			sum := counts[mark]
			sum.N -= less.N
			if mark == standing.For {
				sum.Value -= less.Value
			}
			counts[mark] = sum
		}
	}
	if _, err := r.heap(standing.Rating, since, firm, counts); err != nil {
		return err
	}
	r.old(standing.Rating, standing.For, older[standing.For], since)
	r.old(standing.Rating, standing.Excluded, older[standing.Excluded], since)
	return nil
}

func (r *reader) earned() error {
	coming, err := r.between(standing.Earned, r.now, r.now.Add(farAhead))
	sum := store.Sum{N: r.seller.Completed, Value: r.seller.Earned}
	for _, c := range coming {
		if c.Mark == standing.For {
			sum.Value -= c.Value
		}
	}
	r.old(standing.Earned, standing.For, sum, r.now)
	return err
}

// buyers counts the different ones, and how many of the orders of the one that
// a preview is about lie in heaps.
func (r *reader) buyers() error {
	if r.public || r.lean && !slices.ContainsFunc(r.p.Standing.Levels, func(l policy.Level) bool { return l.UniqueBuyers > 0 }) {
		r.past.Buyers = &standing.Buyers{}
		return nil
	}
	if r.lean {
		r.meet()
	}
	n, err := r.tx.DifferentBuyers(r.seller.Member, r.now)
	b := standing.Buyers{Others: n}
	r.past.Buyers = &b
	if err != nil || r.buyer == "" {
		return err
	}
	orders, err := r.tx.CompletedFor(r.seller.Member, r.buyer, r.now)
	if err != nil {
		return err
	}
	b.Known, b.Heaped = r.buyer, orders
	if orders > 0 {
		b.Others--
	}
	for _, c := range r.past.Lines {
		if c.Figure == standing.Completion && c.Mark == standing.For && c.Peer == r.buyer && !c.At.After(r.now) {
			b.Heaped--
		}
	}
	return nil
}

// meet has the past read again as of the next completed order after this
// instant: its buyer may be one more.
func (r *reader) meet() {
	for _, c := range r.past.Lines {
		if c.Figure == standing.Completion && c.Mark == standing.For && c.At.After(r.now) && (r.past.Firm.IsZero() || c.At.Before(r.past.Firm)) {
			r.past.Firm = c.At
		}
	}
}

func number(lines []standing.Contribution, m standing.Mark) int {
	return len(slices.DeleteFunc(slices.Clone(lines), func(c standing.Contribution) bool { return c.Mark != m }))
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// recordOf reads a buyer's side: the reach of the policy, one by one.
func recordOf(tx *store.Tx, who ident.Member, now time.Time, p policy.Version) ([]standing.Contribution, error) {
	return tx.Contributions(who, standing.BuyerRecord, now.Add(-p.Standing.ReachBack.D()), now)
}
