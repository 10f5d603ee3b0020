package standing

import (
	"strconv"
	"time"

	"guildhall/internal/ident"
	"guildhall/internal/policy"
)

// Sheet is a person's figures as of an instant.
type Sheet struct {
	At           time.Time
	Completed    int
	UniqueBuyers int
	Earned       int64     // minor units of the house's currency
	From         time.Time // the shop was opened; zero for somebody who never sold
	Days         int       // whole days since then
	Completion   Rate
	OnTime       Rate
	Response     Rate
	Rating       Mean
	Warnings     []Warning // that stand
	Record       Record

	fold *fold // what it was folded from; nil for one that was put together by hand
}

// Rates are the shares among the figures of the seller's side, in the order in
// which they are shown.
func (s Sheet) Rates() []Rate { return []Rate{s.Completion, s.OnTime, s.Response} }

// Rate is one of them.
func (s Sheet) Rate(f Figure) (Rate, bool) {
	for _, r := range s.Rates() {
		if r.Figure == f {
			return r, true
		}
	}
	return Rate{}, false
}

// rate is Rate for the table of demands, which asks often and copies nothing.
func (s *Sheet) rate(f Figure) *Rate {
	switch f {
	case Completion:
		return &s.Completion
	case OnTime:
		return &s.OnTime
	default:
		return &s.Response
	}
}

// Since is the instant after which a figure looks at what happened; zero for
// one that looks at everything.
func (s Sheet) Since(f Figure) time.Time {
	if r, ok := s.Rate(f); ok {
		return r.Since
	}
	switch f {
	case Rating:
		return s.Rating.Since
	case BuyerRecord:
		return s.Record.Since
	}
	return time.Time{}
}

// Text is one figure as a page prints it, a share with its fraction.
func (s Sheet) Text(f Figure, p policy.Version) string {
	if r, ok := s.Rate(f); ok {
		return r.fraction()
	}
	switch f {
	case Completed:
		return strconv.Itoa(s.Completed)
	case UniqueBuyers:
		return strconv.Itoa(s.UniqueBuyers)
	case Earned:
		return policy.Price(s.Earned).In(p.Currency).String()
	case Days:
		return strconv.Itoa(s.Days)
	case Rating:
		if s.Rating.N == 0 {
			return s.Rating.String()
		}
		return s.Rating.String() + " (" + count(s.Rating.N, "review") + ")"
	case Warnings:
		return strconv.Itoa(len(s.Warnings))
	}
	return strconv.Itoa(s.Record.Noted)
}

func (r Rate) fraction() string {
	if r.Counted() == 0 {
		return r.String()
	}
	return r.String() + " (" + strconv.Itoa(r.For) + " of " + strconv.Itoa(r.Counted()) + ")"
}

// Past is everything that a person's figures are folded from. Of a seller it
// is all that they ever did; of somebody with very many orders most of it lies
// in heaps.
type Past struct {
	From     time.Time // the shop was opened; zero for somebody who never sold
	Warnings []Warning
	Lines    []Contribution // in any order; those that are still to come stand among them
	Heaps    []Heap
	Buyers   *Buyers   // of the heaps; nil where there are none
	Firm     time.Time // until when every heap stays in or out of its window; zero for ever
}

// Heap is many contributions of one figure and mark that are only counted:
// somebody with ten thousand orders is not read one by one. All of them lie
// between two instants, both included.
type Heap struct {
	Figure Figure
	Mark   Mark
	N      int
	Sum    int64 // of their values
	From   time.Time
	To     time.Time
}

// Buyers counts the different buyers of completed orders where most of those
// lie in heaps: one of them by name, and how many others there are.
type Buyers struct {
	Others int
	Known  ident.Member
	Heaped int // completed orders of the one in heaps
}

// Add puts two pasts of one person together.
func (h *Past) Add(more Past) {
	h.Lines = append(h.Lines, more.Lines...)
	h.Heaps = append(h.Heaps, more.Heaps...)
}

// Figures folds contributions into the sheet of one person as of an instant,
// under the policy in force then. It looks at none that are later.
func Figures(cs []Contribution, now time.Time, p policy.Version, heaps ...Heap) Sheet {
	return Past{Lines: cs, Heaps: heaps}.Sheet(now, p)
}

// Sheet folds the past as of an instant, under the policy in force then.
func (h Past) Sheet(now time.Time, p policy.Version) Sheet {
	f := foldOf(h, p)
	return f.sheet(now, true)
}
