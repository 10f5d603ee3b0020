package gig_test

import (
	"testing"
	"time"

	"guildhall/internal/gig"
	"guildhall/internal/policy"
)

// TestAdvise: rulebook section 5, the advice after repeated extensions.
func TestAdvise(t *testing.T) {
	t.Parallel()
	var p policy.Version
	p.Requests = policy.Requests{AdviseExtensions: 3, AdviseOrders: 10}
	days := func(n float64, extended int) gig.Past {
		return gig.Past{Took: time.Duration(n * 24 * float64(time.Hour)), Extended: extended}
	}
	quick := make([]gig.Past, 9)
	for i := range quick {
		quick[i] = days(2, 0)
	}
	for name, c := range map[string]struct {
		past []gig.Past
		want gig.Advice
		told bool
	}{
		"nothing yet":                  {nil, gig.Advice{}, false},
		"two extensions are no habit":  {[]gig.Past{days(6, 1), days(7, 1), days(3, 0)}, gig.Advice{}, false},
		"the third longest":            {[]gig.Past{days(6, 1), days(9, 1), days(4.1, 1), days(3, 0)}, gig.Advice{Orders: 4, Extensions: 3, Days: 5}, true},
		"three in one order":           {[]gig.Past{days(6.5, 3)}, gig.Advice{Orders: 1, Extensions: 3, Days: 7}, true},
		"only the newest orders count": {append(append([]gig.Past{days(2, 0)}, quick...), days(9, 3)), gig.Advice{}, false},
		"the tenth of them still does": {append(quick[:9:9], days(9, 3)), gig.Advice{Orders: 10, Extensions: 3, Days: 2}, true},
	} {
		if got, told := gig.Advise(c.past, p); got != c.want || told != c.told {
			t.Errorf("%s: %+v %t, want %+v %t", name, got, told, c.want, c.told)
		}
	}
}
