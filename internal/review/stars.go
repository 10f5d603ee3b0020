package review

import (
	"fmt"
)

// Unit is how many parts a star is counted in: divisible by any number of
// criteria that a policy may ask (1..10), so that a mean of them is a whole
// number of parts and nothing is ever rounded.
const Unit = 2520

// MostStars is the best that a criterion can get.
const MostStars = 5

// Overall is the mean of one review's criteria, in parts of a star.
type Overall int64

// Overall is the mean of the criteria; 0 without any.
func (w Words) Overall() Overall {
	if len(w.Stars) == 0 {
		return 0
	}
	sum := 0
	for _, s := range w.Stars {
		sum += s.Stars
	}
	return Overall(int64(sum) * Unit / int64(len(w.Stars)))
}

// Whole is the full stars of it: the row of a distribution it stands in.
func (o Overall) Whole() int { return int(o / Unit) }

// String prints it with one digit, cut and never rounded up: 4.6 for 4.66….
func (o Overall) String() string { return Mean{int64(o), 1}.String() }

// Mean is a mean of overalls, exact.
type Mean struct {
	Sum int64 // of overalls
	N   int64
}

// None tells whether there is nothing to take a mean of.
func (m Mean) None() bool { return m.N == 0 }

// String prints it with one digit, cut and never rounded up; "–" for none.
func (m Mean) String() string {
	if m.None() {
		return "–"
	}
	tenths := m.Sum * 10 / (m.N * Unit)
	return fmt.Sprintf("%d.%d", tenths/10, tenths%10)
}

// Sums is what a gig, a seller or a buyer has received. Shown and Tombs
// together are the count that every view prints.
type Sums struct {
	Shown int            // reviews that everybody reads
	Tombs int            // removed ones
	Total int64          // overalls of the shown ones
	Rows  [MostStars]int // shown ones by their full stars, one star first
}

// Count is every review ever revealed.
func (s Sums) Count() int { return s.Shown + s.Tombs }

// Mean is the mean overall of the shown ones.
func (s Sums) Mean() Mean { return Mean{s.Total, int64(s.Shown)} }

// Add counts a revealed review in, or out with n = -1.
func (s *Sums) Add(r Review, n int) {
	if r.Removal != nil {
		s.Tombs += n
		return
	}
	o := r.Overall()
	s.Shown += n
	s.Total += int64(n) * int64(o)
	if row := o.Whole(); row >= 1 && row <= MostStars {
		s.Rows[row-1] += n
	}
}

// Zero tells whether nothing is counted.
func (s Sums) Zero() bool { return s == Sums{} }
