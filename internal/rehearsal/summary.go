package rehearsal

import (
	"cmp"
	"slices"

	"guildhall/internal/ident"
	"guildhall/internal/order"
	"guildhall/internal/policy"
)

// Totals add up what would have been otherwise about some orders. Pairs are
// before and after, in minor units.
type Totals struct {
	Orders     int      `json:"orders"`    // that ended
	Differ     int      `json:"differ"`    // of them, in anything
	Otherwise  int      `json:"otherwise"` // paid otherwise
	Paid       [2]int64 `json:"paid"`      // to sellers
	Commission [2]int64 `json:"commission"`
	Fee        [2]int64 `json:"fee"`
	Harder     int      `json:"harder"` // would count against their seller, and did not
	Milder     int      `json:"milder"` // counted, and would not
	Noted      [2]int   `json:"noted"`
	Sooner     int      `json:"sooner"` // would have ended, or cleared, sooner
	Later      int      `json:"later"`
	Unless     int      `json:"unless"`   // would not have ended so, or not then
	NotBack    int64    `json:"not_back"` // what went back to buyers with those
}

// Add counts one order.
func (t *Totals) Add(l Look) {
	t.Orders++
	for i := range 2 {
		t.Paid[i] += l.Paid[i]
		t.Commission[i] += l.Commission[i]
		t.Fee[i] += l.Fee[i]
		if l.Noted[i] {
			t.Noted[i]++
		}
	}
	if !l.Differs() {
		return
	}
	t.Differ++
	if l.Money() {
		t.Otherwise++
	}
	switch {
	case l.Counts[1] && !l.Counts[0]:
		t.Harder++
	case l.Counts[0] && !l.Counts[1]:
		t.Milder++
	}
	if l.Dates() {
		if l.Ends[1].Before(l.Ends[0]) || l.Ends[1].Equal(l.Ends[0]) && l.Clears[1].Before(l.Clears[0]) {
			t.Sooner++
		} else {
			t.Later++
		}
	}
	if l.Unless != "" {
		t.Unless++
		t.NotBack += l.Back
	}
}

// Class is what would have been otherwise about the orders that ended in one
// way; the empty class is those that were completed.
type Class struct {
	Class policy.Class `json:"class,omitempty"`
	Totals
}

// Row is one seller of whom anything would be, or would have been, otherwise.
type Row struct {
	Fate
	Totals
}

// Summary adds up a rehearsal while it runs.
type Summary struct {
	Sellers int
	Turns   map[Kind]int
	Totals  Totals
	Classes []Class // completed first, then in the order of the rulebook

	classes map[policy.Class]*Totals
	rows    map[ident.Member]*Row
}

// NewSummary is an empty one.
func NewSummary() *Summary {
	return &Summary{Turns: map[Kind]int{}, classes: map[policy.Class]*Totals{}, rows: map[ident.Member]*Row{}}
}

func (s *Summary) row(m ident.Member) *Row {
	r := s.rows[m]
	if r == nil {
		r = &Row{Fate: Fate{Member: m}}
		s.rows[m] = r
	}
	return r
}

// Seller counts what would happen to one.
func (s *Summary) Seller(f Fate) {
	s.Sellers++
	if !f.Moves() {
		return
	}
	counted := map[Kind]bool{}
	for _, t := range f.Turns {
		if !counted[t.Kind] {
			counted[t.Kind] = true
			s.Turns[t.Kind]++
		}
	}
	s.row(f.Member).Fate = f
}

// Order counts what would have been about one.
func (s *Summary) Order(l Look) {
	s.Totals.Add(l)
	class := l.Class
	if l.State == order.Completed {
		class = ""
	}
	if s.classes[class] == nil {
		s.classes[class] = &Totals{}
	}
	s.classes[class].Add(l)
	if l.Differs() {
		s.row(l.Seller).Totals.Add(l)
	}
}

// Done puts the classes in order.
func (s *Summary) Done() {
	s.Classes = nil
	for _, c := range append([]policy.Class{""}, policy.Classes()...) {
		if t := s.classes[c]; t != nil {
			s.Classes = append(s.Classes, Class{c, *t})
		}
	}
}

// Only tells of which sellers a list is: those of one kind of turn, or those of
// whose orders anything would have been otherwise; everybody where it is empty.
type Only string

// OfOrders is everybody of whose orders anything would have been otherwise.
const OfOrders Only = "orders"

// Rows lists sellers behind one, in the order of their ids.
func (s *Summary) Rows(only Only, after ident.Member, most int) (list []Row, more bool) {
	for _, r := range s.rows {
		if r.Member > after && r.fits(only) {
			list = append(list, *r)
		}
	}
	slices.SortFunc(list, func(a, b Row) int { return cmp.Compare(a.Member, b.Member) })
	if len(list) > most {
		return list[:most], true
	}
	return list, false
}

// Row is one seller; one of whom nothing would be otherwise is not there.
func (s *Summary) Row(m ident.Member) (Row, bool) {
	r, there := s.rows[m]
	if !there {
		return Row{}, false
	}
	return *r, true
}

func (r Row) fits(only Only) bool {
	switch only {
	case "":
		return true
	case OfOrders:
		return r.Differ > 0
	}
	return slices.ContainsFunc(r.Turns, func(t Turn) bool { return string(t.Kind) == string(only) })
}

// Known tells whether there is such a list.
func (o Only) Known() bool {
	return o == "" || o == OfOrders || slices.Contains(Kinds(), Kind(o))
}
