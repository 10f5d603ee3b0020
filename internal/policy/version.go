package policy

import (
	"time"

	"guildhall/internal/fault"
)

// InForce finds the version that rules at the moment: the one that took effect
// last, and of two that took effect together the one made later. It is false
// before the first.
func InForce(versions []Version, at time.Time) (Version, bool) {
	var best Version
	found := false
	for _, v := range versions {
		switch {
		case v.Effective.After(at):
		case !found, v.Effective.After(best.Effective), v.Effective.Equal(best.Effective) && v.ID > best.ID:
			best, found = v, true
		}
	}
	return best, found
}

// CheckSuccessor tells whether next may follow current. A change never works
// backwards: it takes effect at now or later, and not before the version it
// follows. Errors: fault.KindInvalid on "effective", fault.KindConflict when
// next changes nothing.
func CheckSuccessor(now time.Time, current, next Version) error {
	switch {
	case next.Effective.Before(now):
		return fault.Invalid("effective", "A change never works backwards: choose a moment that is not past.")
	case next.Effective.Before(current.Effective):
		return fault.Invalid("effective", "A version takes effect at "+current.Effective.UTC().Format("2 Jan 2006 15:04 MST")+
			": this one cannot come before it.")
	case len(Diff(current.Document, next.Document)) == 0:
		return fault.Conflict("This is the policy already: nothing differs.")
	}
	return nil
}
