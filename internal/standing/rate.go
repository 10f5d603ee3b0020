package standing

import (
	"strconv"
	"time"

	"guildhall/internal/policy"
)

// Rate is one figure with everything that is behind it.
//
// What counts is what happened in the window of the policy that ends now:
// something of the instant t counts until t plus the window, and no longer at
// that instant. While fewer than standing.enforce_from things count in it, the
// window reaches further back, just as far as the newest enforce_from of them
// need and at most standing.reach_back. Excluded orders never widen or narrow
// it; they are listed beside.
type Rate struct {
	Figure       Figure
	For, Against int
	Since        time.Time      // what happened after this instant is looked at
	Reached      bool           // further back than the window
	Enforced     bool           // enough to be held against a threshold
	Left         int            // excluded: of the window, and without a say in the rate
	Lines        []Contribution // newest first: for, against, excluded; without those in heaps
}

// Counted is the denominator.
func (r Rate) Counted() int { return r.For + r.Against }

// Excluded is how many orders of the window do not count.
func (r Rate) Excluded() int { return r.Left }

// All is how many orders stand behind the rate, excluded ones among them.
func (r Rate) All() int { return r.Counted() + r.Left }

// Meets compares the exact fraction with a threshold. With nothing counted
// there is no rate, and it meets only a threshold of nothing.
func (r Rate) Meets(least policy.Percent) bool {
	const whole = 10_000 // hundredths of a percent
	if r.Counted() == 0 {
		return least == 0
	}
	return int64(r.For)*whole >= int64(least)*int64(r.Counted())
}

// String prints the rate in percent with one decimal, cut and never rounded up:
// 89.96 % is "89.9 %", and only a rate that is whole prints "100 %". It is
// "none yet" while nothing counts.
func (r Rate) String() string {
	n := r.Counted()
	switch {
	case n == 0:
		return "none yet"
	case r.Against == 0:
		return "100 %"
	}
	tenths := r.For * 1000 / n
	return strconv.Itoa(tenths/10) + "." + strconv.Itoa(tenths%10) + " %"
}

// Same tells whether two rates say the same.
func (r Rate) Same(other Rate) bool {
	return r.For == other.For && r.Against == other.Against && r.Enforced == other.Enforced
}

// Mean is the rating: the mean of the reviews that are shown, of those revealed
// in the window of the policy, with the lifetime beside it. A review that was
// taken away leaves a tombstone, which is counted and adds no stars.
type Mean struct {
	Sum      int64 // parts of a star
	N        int
	Removed  int // tombstones of the window
	Since    time.Time
	LifeSum  int64
	LifeN    int
	LifeGone int            // tombstones ever
	Lines    []Contribution // newest first; without those in heaps
}

// Meets compares the exact mean with a threshold. Without a review there is no
// rating, and it meets only a threshold of nothing.
func (m Mean) Meets(least policy.Rating) bool {
	const whole = 100 // hundredths of a star
	if m.N == 0 {
		return least == 0
	}
	return m.Sum*whole >= int64(least)*Star*int64(m.N)
}

// String prints the mean with one decimal, cut and never rounded up.
func (m Mean) String() string { return stars(m.Sum, m.N) }

// Lifetime prints the mean of all reviews ever.
func (m Mean) Lifetime() string { return stars(m.LifeSum, m.LifeN) }

func stars(sum int64, n int) string {
	if n == 0 {
		return "none yet"
	}
	tenths := sum * 10 / (Star * int64(n))
	return strconv.FormatInt(tenths/10, 10) + "." + strconv.FormatInt(tenths%10, 10)
}

// Record is what of a buyer's endings is on record.
type Record struct {
	Noted int
	Since time.Time
	Lines []Contribution // newest first: noted and not noted
}
