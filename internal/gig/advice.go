package gig

import (
	"slices"
	"time"

	"guildhall/internal/policy"
)

// Past is one order of a gig as far as its delivery time goes.
type Past struct {
	Took     time.Duration // from the start to the first delivery, or to the due date of now
	Extended int           // extensions that were agreed on
}

// Advice is to promise more days.
type Advice struct {
	Orders     int // that were looked at, the newest
	Extensions int // agreed on in them
	Days       int // so few of them took longer that there would have been nothing to advise
}

// Advise tells whether the newest orders of a gig needed so many extensions
// that its seller should promise more days, and how many (rulebook section 5).
// past holds started orders, the newest first.
func Advise(past []Past, p policy.Version) (Advice, bool) {
	past = past[:min(len(past), p.Requests.AdviseOrders)]
	a := Advice{Orders: len(past)}
	took := make([]time.Duration, len(past))
	for i, o := range past {
		a.Extensions += o.Extended
		took[i] = o.Took
	}
	if a.Extensions < p.Requests.AdviseExtensions || len(past) == 0 {
		return Advice{}, false
	}
	slices.Sort(took)
	slices.Reverse(took)
	enough := took[0]
	if p.Requests.AdviseExtensions <= len(took) {
		enough = took[p.Requests.AdviseExtensions-1]
	}
	const day = 24 * time.Hour
	a.Days = int((enough + day - 1) / day)
	return a, true
}

// Short lists the packages that promise fewer days than advised.
func (a Advice) Short(b Body) []Package {
	return slices.DeleteFunc(slices.Clone(b.Packages), func(p Package) bool { return p.Days >= a.Days })
}
